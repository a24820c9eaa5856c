// SPDX-License-Identifier: Apache-2.0

/// When one copy counted: folded from when it was proven, found faulty, marked and removed.
///
/// It knows nothing of what the copy is or where; `CopyRecord` and `CopyHistory` both fold by it.
struct CopyStanding: Hashable, Sendable {
    /// A stretch of time that begins with a proof.
    struct Proof: Hashable, Sendable {
        /// When it became known.
        var knownAt: Moment
        /// The oldest proof among the copy's files.
        var provenAt: Moment
    }

    /// What was found wrong and not yet healed.
    struct Fault: Hashable, Sendable {
        var isLost: Bool
        /// Whether only some parts were looked at when it was found.
        var isOfParts: Bool
    }

    /// The mark of an expiry that was not taken back.
    struct Mark: Hashable, Sendable {
        var step: CopyExpiry.Step
        var happenedAt: Moment
    }

    /// When the store first had a proven copy, on the orchestrator's clock.
    private(set) var arrivedAt: Moment
    /// The strongest method among the proofs of the whole copy.
    private(set) var method: ProofMethod
    private(set) var fault: Fault?
    private(set) var mark: Mark?
    private(set) var proofs: [Proof] = []
    /// When it ceased to count: marked, or found faulty.
    private(set) var endedAt: Moment?
    /// New recipients of the point that no key drill has tried: until then it is claimed, whatever was proven.
    private(set) var untriedRecipients: Set<String> = []
    private var receivedAt: Moment
    private var parts: Int
    private var wholeProof: Moment?
    private var partProofs: [Int: Moment] = [:]
    private var faultyParts: Set<Int> = []

    /// From a receipt.
    init(provenAt: Moment, method: ProofMethod, parts: Int) {
        arrivedAt = provenAt
        receivedAt = provenAt
        self.method = method
        self.parts = parts
        if method != .none {
            wholeProof = provenAt
            proofs = [Proof(knownAt: provenAt, provenAt: provenAt)]
        }
    }

    /// The oldest of the newest proofs of its files; `nil` when some were never proven.
    var verifiedAt: Moment? {
        guard parts > 0, !partProofs.isEmpty else { return wholeProof }
        var oldest: Moment?
        for part in 1...parts {
            guard let proven = proof(ofPart: part) else { return nil }
            oldest = min(oldest ?? proven, proven)
        }
        return oldest
    }

    /// ``verifiedAt``, but `nil` while a key drill is waited for.
    var countsFrom: Moment? { untriedRecipients.isEmpty ? verifiedAt : nil }

    /// When a part was last proven.
    func proof(ofPart part: Int) -> Moment? {
        guard let single = partProofs[part] else { return wholeProof }
        return max(wholeProof ?? single, single)
    }

    /// What the copy is worth at an instant.
    func state(at now: Moment, within: Duration) -> Copy.State {
        if let fault { return fault.isLost ? .lost : .corrupt }
        guard let verifiedAt = countsFrom else { return .claimed }
        return now - verifiedAt > within ? .stale : .verified
    }

    /// Whether it may stand for a copy at an instant: verified and not marked.
    func counts(at now: Moment, within: Duration) -> Bool {
        mark == nil && state(at: now, within: within) == .verified
    }

    /// The stretches of time in which the copy counted: proven, not too long ago, not marked.
    func presence(within: Duration) -> [(from: Moment, to: Moment)] {
        var spans: [(from: Moment, to: Moment)] = []
        let within = within.wholeNanoseconds
        for proof in proofs {
            var end = Moment(nanoseconds: proof.provenAt.nanoseconds + within)
            if let endedAt { end = min(end, endedAt) }
            guard proof.knownAt < end else { continue }
            if let last = spans.last, last.to >= proof.knownAt {
                spans[spans.count - 1].to = max(last.to, end)
            } else {
                spans.append((proof.knownAt, end))
            }
        }
        return spans
    }

    // MARK: - Folding

    /// A new receipt: the copy was written or healed, and everything in it proven.
    mutating func receive(provenAt: Moment, method: ProofMethod, parts: Int) {
        let old = self
        self = CopyStanding(provenAt: provenAt, method: method, parts: parts)
        wait(for: old.untriedRecipients)
        if old.mark?.step != .removed { arrivedAt = min(arrivedAt, old.arrivedAt) }
        proofs = old.proofs(until: old.endedAt) + proofs
    }

    /// Says which recipients are to be tried before it counts.
    mutating func wait(for recipients: Set<String>) {
        untriedRecipients = recipients
        if !recipients.isEmpty { proofs = [] }
    }

    /// A key drill has tried a recipient; with the last of them the copy counts.
    mutating func tried(_ recipient: String, at instant: Moment) {
        guard untriedRecipients.remove(recipient) != nil, untriedRecipients.isEmpty, fault == nil,
            let verifiedAt
        else { return }
        proofs.append(Proof(knownAt: instant, provenAt: verifiedAt))
    }

    /// A check of every file, or of the parts that are given.
    mutating func take(
        _ result: CopyVerification.Result, of checked: [Int]?, at instant: Moment, by method: ProofMethod
    ) {
        switch result {
        case .unreachable: return
        case .passed: pass(checked, at: instant, by: method)
        case .corrupt, .lost:
            // Since when it was wrong nobody knows, so the time since the last proof does not count.
            endedAt = proofs.last?.provenAt ?? receivedAt
            proofs = proofs(until: endedAt)
            fault = Fault(isLost: result == .lost, isOfParts: checked != nil)
            faultyParts.formUnion(checked ?? [])
        }
    }

    private mutating func pass(_ checked: [Int]?, at instant: Moment, by method: ProofMethod) {
        if let checked {
            for part in checked { partProofs[part] = instant }
            faultyParts.subtract(checked)
        } else {
            wholeProof = instant
            faultyParts = []
            self.method = method
        }
        if let found = fault, faultyParts.isEmpty, checked == nil || found.isOfParts {
            fault = nil
            endedAt = mark?.happenedAt
        }
        guard fault == nil, let verifiedAt = countsFrom, verifiedAt != proofs.last?.provenAt else { return }
        if self.method == .none { self.method = method }
        proofs.append(Proof(knownAt: instant, provenAt: verifiedAt))
    }

    mutating func take(_ step: CopyExpiry.Step, at instant: Moment) {
        switch step {
        case .marked, .removed:
            mark = Mark(step: step, happenedAt: instant)
            endedAt = min(endedAt ?? instant, instant)
        case .spared:
            mark = nil
            guard fault == nil else { return }
            endedAt = nil
        }
    }

    /// The proofs without those of after an instant.
    private func proofs(until end: Moment?) -> [Proof] {
        guard let end else { return proofs }
        return proofs.filter { $0.knownAt < end }
    }
}
