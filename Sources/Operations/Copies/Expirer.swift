// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// What expiry did, or would do, in one store.
package struct ExpiryReport: Hashable, Sendable, Codable {
    package var dataset: String
    package var store: String
    package var decision: RetentionDecision
    package var marked: [String]
    package var removed: [String]
    /// Marks that were taken back because the rules keep the point after all.
    package var spared: [String]
    package var detail: String?

    package init(
        dataset: String, store: String, decision: RetentionDecision, marked: [String] = [],
        removed: [String] = [], spared: [String] = [], detail: String? = nil
    ) {
        self.dataset = dataset
        self.store = store
        self.decision = decision
        self.marked = marked
        self.removed = removed
        self.spared = spared
        self.detail = detail
    }
}

/// Removes what the keep rules let go: marked first, removed when the quarantine is over.
package struct Expirer: Sendable {
    let workspace: Workspace
    let plan: Plan
    let ledger: Ledger
    let time: TimeSource
    let quarantine: Duration

    package init(
        workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system,
        quarantine: Duration = .days(7)
    ) {
        self.workspace = workspace
        self.plan = plan
        self.ledger = ledger
        self.time = time
        self.quarantine = quarantine
    }

    package func expire(
        dataset: String? = nil, dryRun: Bool = false, supervision: Supervision = Supervision()
    ) throws -> [ExpiryReport] {
        throw OperationError(.failed, "expiry is not built yet")
    }
}
