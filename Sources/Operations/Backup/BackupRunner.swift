// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
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
    let desk: CopyDesk
    let toolVersion: String
    let upload: UploadSettings

    package init(
        _ desk: CopyDesk, toolVersion: String = Version.text, upload: UploadSettings = UploadSettings()
    ) {
        self.desk = desk
        self.toolVersion = toolVersion
        self.upload = upload
    }

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.init(CopyDesk(workspace: workspace, plan: plan, ledger: ledger, time: time))
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
        let dataset = try desk.dataset(dataset)
        let holder = try RunMarker.hold(dataset.id, in: desk.workspace)
        defer { withExtendedLifetime(holder) {} }
        try RunSettler(desk: desk, dataset: dataset).settle(holder)
        let attempt = BackupAttempt(
            desk: desk, dataset: dataset, request: request, holder: holder, toolVersion: toolVersion,
            upload: upload, supervision: supervision)
        let run = attempt.perform()
        try desk.ledger.append(
            attempt.recipientEvents + attempt.receipts.map { .copyReceipt($0) } + [.backupRun(run)],
            at: desk.time.now())
        holder.remove()
        attempt.keepIndex()
        guard run.point != nil else { return run }
        LedgerImages(desk: desk).put(
            into: run.stores.filter { $0.state != .behind }.map(\.store), known: attempt.images)
        return run
    }

    /// Settles the runs that were interrupted, so that none is forgotten; done by `tick` and by each new run.
    ///
    /// - Returns: what they came to, as it now stands in the ledger.
    package func settle() throws -> [BackupRun] {
        try desk.plan.ownDatasets.compactMap { dataset in
            // A dataset that is held is being backed up, and its own run will settle it.
            guard let holder = try? RunMarker.hold(dataset.id, in: desk.workspace) else { return nil }
            return try RunSettler(desk: desk, dataset: dataset).settle(holder)
        }
    }
}
