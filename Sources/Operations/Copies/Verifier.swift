// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// How deeply a copy is looked at.
package enum VerificationLevel: String, Hashable, Sendable, Codable, CaseIterable {
    /// SHA-256 of every file, by the store's own way of proof.
    case hashes
    /// Every byte read back, decrypted, and every member compared with the index.
    case fullRead = "full_read"
}

/// How much one pass of verification may take; `nil` = no bound.
package struct VerificationBudget: Hashable, Sendable {
    package var bytes: Int?
    package var time: Duration?

    package init(bytes: Int? = nil, time: Duration? = nil) {
        self.bytes = bytes
        self.time = time
    }
}

/// Looks at copies again, those with the oldest proof first.
package struct Verifier: Sendable {
    let workspace: Workspace
    let plan: Plan
    let ledger: Ledger
    let time: TimeSource

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.workspace = workspace
        self.plan = plan
        self.ledger = ledger
        self.time = time
    }

    /// Verifies copies within a budget; each result is in the ledger when it is returned.
    package func verify(
        dataset: String? = nil, store: String? = nil, point: String? = nil,
        level: VerificationLevel = .hashes, budget: VerificationBudget = VerificationBudget(),
        supervision: Supervision = Supervision()
    ) throws -> [CopyVerification] {
        throw OperationError(.failed, "verification is not built yet")
    }
}
