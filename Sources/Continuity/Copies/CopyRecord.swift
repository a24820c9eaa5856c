// SPDX-License-Identifier: Apache-2.0

/// What receipts and verifications say about one point in one store.
package struct CopyRecord: Hashable, Sendable {
    package private(set) var receipt: CopyReceipt
    /// What was found wrong and not yet healed.
    package private(set) var fault: CopyVerification?
    /// The mark of an expiry that was not taken back.
    package private(set) var mark: CopyExpiry?
    /// When it counted.
    private(set) var standing: CopyStanding

    init(_ receipt: CopyReceipt) {
        self.receipt = receipt
        standing = CopyStanding(provenAt: receipt.provenAt, method: receipt.method, parts: receipt.parts)
    }

    /// When the store first had a proven copy, on the orchestrator's clock.
    package var arrivedAt: Moment { standing.arrivedAt }

    /// The strongest method among the proofs of the whole copy.
    package var method: ProofMethod { standing.method }

    /// New recipients of the point that no key drill has tried: until then it is claimed, whatever was proven.
    package var untriedRecipients: Set<String> { standing.untriedRecipients }

    /// The oldest of the newest proofs of its files; `nil` when some were never proven.
    package var verifiedAt: Moment? { standing.verifiedAt }

    /// ``verifiedAt``, but `nil` while a key drill is waited for.
    package var countsFrom: Moment? { standing.countsFrom }

    /// When it first counted for anything; `nil` = never.
    var firstProvenAt: Moment? { standing.proofs.first?.knownAt }

    /// When a part was last proven.
    package func proof(ofPart part: Int) -> Moment? { standing.proof(ofPart: part) }

    /// What the copy is worth at an instant.
    package func state(at now: Moment, within: Duration) -> Copy.State {
        standing.state(at: now, within: within)
    }

    func copy(at now: Moment, within: Duration) -> Copy {
        Copy(
            receipt: receipt, state: state(at: now, within: within), verifiedAt: verifiedAt, method: method)
    }

    // MARK: - Folding

    /// Says which recipients are to be tried before it counts.
    mutating func wait(for recipients: Set<String>) { standing.wait(for: recipients) }

    /// A key drill has tried a recipient; with the last of them the copy counts.
    mutating func tried(_ recipient: String, at instant: Moment) { standing.tried(recipient, at: instant) }

    /// A new receipt: the copy was written or healed, and everything in it proven.
    mutating func take(_ newer: CopyReceipt) {
        receipt = newer
        fault = nil
        mark = nil
        standing.receive(provenAt: newer.provenAt, method: newer.method, parts: newer.parts)
    }

    mutating func take(_ check: CopyVerification) {
        standing.take(check.result, of: check.checkedParts, at: check.checkedAt, by: check.method)
        switch check.result {
        case .unreachable: return
        case .passed: if standing.fault == nil { fault = nil }
        case .corrupt, .lost: fault = check
        }
    }

    mutating func take(_ expiry: CopyExpiry) {
        standing.take(expiry.step, at: expiry.happenedAt)
        mark = expiry.step == .spared ? nil : expiry
    }
}
