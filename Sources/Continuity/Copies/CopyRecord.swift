// SPDX-License-Identifier: Apache-2.0

/// What receipts and verifications say about one point in one store.
package struct CopyRecord: Hashable, Sendable {
    /// A stretch of time that begins with a proof.
    struct Proof: Hashable, Sendable {
        /// When it became known.
        var knownAt: Moment
        /// The oldest proof among the copy's files.
        var provenAt: Moment
    }

    package internal(set) var receipt: CopyReceipt
    /// When the store first had a proven copy, on the orchestrator's clock.
    package private(set) var arrivedAt: Moment
    /// The strongest method among the proofs of the whole copy.
    package internal(set) var method: ProofMethod
    /// What was found wrong and not yet healed.
    package internal(set) var fault: CopyVerification?
    /// The mark of an expiry that was not taken back.
    package internal(set) var mark: CopyExpiry?
    var proofs: [Proof] = []
    /// When it ceased to count: marked, or found faulty.
    var endedAt: Moment?
    /// New recipients of the point that no key drill has tried: until then it is claimed, whatever was proven.
    package private(set) var untriedRecipients: Set<String> = []
    private var wholeProof: Moment?
    private var partProofs: [Int: Moment] = [:]
    private var faultyParts: Set<Int> = []

    init(_ receipt: CopyReceipt) {
        self.receipt = receipt
        arrivedAt = receipt.provenAt
        method = receipt.method
        if receipt.method != .none {
            wholeProof = receipt.provenAt
            proofs = [Proof(knownAt: receipt.provenAt, provenAt: receipt.provenAt)]
        }
    }

    /// The oldest of the newest proofs of its files; `nil` when some were never proven.
    package var verifiedAt: Moment? {
        guard receipt.parts > 0 else { return wholeProof }
        var oldest: Moment?
        for part in 1...receipt.parts {
            guard let proven = proof(ofPart: part) else { return nil }
            oldest = min(oldest ?? proven, proven)
        }
        return oldest
    }

    /// ``verifiedAt``, but `nil` while a key drill is waited for.
    package var countsFrom: Moment? { untriedRecipients.isEmpty ? verifiedAt : nil }

    /// When a part was last proven.
    package func proof(ofPart part: Int) -> Moment? {
        guard let single = partProofs[part] else { return wholeProof }
        return max(wholeProof ?? single, single)
    }

    /// What the copy is worth at an instant.
    package func state(at now: Moment, within: Duration) -> Copy.State {
        if let fault { return fault.result == .lost ? .lost : .corrupt }
        guard let verifiedAt = countsFrom else { return .claimed }
        return now - verifiedAt > within ? .stale : .verified
    }

    func copy(at now: Moment, within: Duration) -> Copy {
        Copy(
            receipt: receipt, state: state(at: now, within: within), verifiedAt: verifiedAt, method: method)
    }

    // MARK: - Folding

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

    /// A new receipt: the copy was written or healed, and everything in it proven.
    mutating func take(_ newer: CopyReceipt) {
        let old = self
        self = CopyRecord(newer)
        wait(for: old.untriedRecipients)
        if old.mark?.step != .removed { arrivedAt = min(arrivedAt, old.arrivedAt) }
        proofs = old.ended(at: old.endedAt).proofs + proofs
        endedAt = nil
    }

    mutating func take(_ check: CopyVerification) {
        switch check.result {
        case .unreachable: return
        case .passed: pass(check)
        case .corrupt, .lost:
            // Since when it was wrong nobody knows, so the time since the last proof does not count.
            endedAt = proofs.last?.provenAt ?? receipt.provenAt
            self = ended(at: endedAt)
            fault = check
            faultyParts.formUnion(check.checkedParts ?? [])
        }
    }

    private mutating func pass(_ check: CopyVerification) {
        if let parts = check.checkedParts {
            for part in parts { partProofs[part] = check.checkedAt }
            faultyParts.subtract(parts)
        } else {
            wholeProof = check.checkedAt
            faultyParts = []
            method = check.method
        }
        if fault != nil, faultyParts.isEmpty, check.checkedParts == nil || fault?.checkedParts != nil {
            fault = nil
            endedAt = mark?.happenedAt
        }
        guard fault == nil, let verifiedAt = countsFrom, verifiedAt != proofs.last?.provenAt else { return }
        if method == .none { method = check.method }
        proofs.append(Proof(knownAt: check.checkedAt, provenAt: verifiedAt))
    }

    mutating func take(_ expiry: CopyExpiry) {
        switch expiry.step {
        case .marked:
            mark = expiry
            endedAt = min(endedAt ?? expiry.happenedAt, expiry.happenedAt)
        case .spared:
            mark = nil
            guard fault == nil else { return }
            endedAt = nil
        case .removed:
            mark = expiry
            endedAt = min(endedAt ?? expiry.happenedAt, expiry.happenedAt)
        }
    }

    /// The same without the proofs' time after an instant.
    private func ended(at end: Moment?) -> CopyRecord {
        guard let end else { return self }
        var result = self
        result.proofs = proofs.filter { $0.knownAt < end }
        return result
    }

    /// The stretches of time in which the copy counted: proven, not too long ago, not marked.
    func presence(within: Duration) -> [(from: Moment, to: Moment)] {
        var spans: [(from: Moment, to: Moment)] = []
        for proof in proofs {
            var end = proof.provenAt + within
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
}
