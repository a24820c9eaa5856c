// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// How much a run is asked to read.
package enum BackupRequest: String, Hashable, Sendable, Codable, CaseIterable {
    case full
    case incremental
    /// Full when there is nothing to build on, or the schedule says so; else incremental.
    case automatic
}

/// Runs one backup: gates, hooks, reading once, writing to every store, proofs, manifest last, receipts.
package struct BackupRunner: Sendable {
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

    /// Backs a dataset up now.
    ///
    /// - Returns: the run as it stands in the ledger, whatever its outcome; a failed or refused run is a
    ///   result and not an error.
    /// - Throws: `OperationError` when the run could not even be begun (no such dataset, another run of it
    ///   under way), `LedgerError` when its end could not be written down.
    package func run(
        _ dataset: String, _ request: BackupRequest = .automatic, supervision: Supervision = Supervision()
    ) throws -> BackupRun {
        throw OperationError(.failed, "backup is not built yet")
    }
}
