// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Makes a new ledger from what the stores know, when the old one was lost with its site.
package struct LedgerRebuilder: Sendable {
    let workspace: Workspace
    let plan: Plan
    let time: TimeSource

    package init(workspace: Workspace, plan: Plan, time: TimeSource = .system) {
        self.workspace = workspace
        self.plan = plan
        self.time = time
    }

    /// Takes the newest verified image, adds what the manifests show, and opens a new chain that names the old head.
    ///
    /// - Throws: `OperationError` with `.refused` when there is a ledger already.
    package func rebuild(supervision: Supervision = Supervision()) throws -> LedgerRebuild {
        throw OperationError(.failed, "rebuilding is not built yet")
    }
}
