// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger

/// What is on the disk about a backup while it runs, so that one that is killed is not forgotten.
///
/// A lock on the dataset ends with the process; a marker without its process is a run that was interrupted,
/// and the next run, or `tick`, settles it.
struct RunMarker: Hashable, Sendable, Codable {
    var run: String
    var dataset: String
    var kind: PointKind
    /// The point's name once it is known; from then on something may lie in the stores.
    var point: String?
    var begunAt: Moment

    /// A dataset's lock and the marker of the run that holds it.
    final class Holder: Sendable {
        private let path: String
        private let lock: FileLock

        fileprivate init(path: String, lock: FileLock) {
            self.path = path
            self.lock = lock
        }

        /// Puts the marker on the disk.
        func write(_ marker: RunMarker) throws {
            let text = String(decoding: try CanonicalJSON.encode(marker), as: UTF8.self)
            try PrivateFile.replace(path, text, mode: 0o600)
        }

        /// Takes the marker away: the run stands in the ledger.
        func remove() {
            // One that stays is settled again by the next run, which finds the run in the ledger.
            unlink(path)
        }

        /// The marker of a run that was interrupted, if there is one.
        func leftover() -> RunMarker? {
            guard let data = FileManager.default.contents(atPath: path) else { return nil }
            return try? CanonicalJSON.decode(RunMarker.self, from: data)
        }
    }

    /// Takes a dataset for one run.
    ///
    /// - Throws: `OperationError` with `.refused` when another run of it is under way.
    static func hold(_ dataset: String, in workspace: Workspace) throws -> Holder {
        try Workspace.makeFolder(workspace.privateFolder, mode: 0o700)
        try Workspace.makeFolder(workspace.runsFolder, mode: 0o700)
        guard let lock = try FileLock.take("\(workspace.runsFolder)/backup-\(dataset).lock") else {
            throw OperationError(
                .refused, "another backup of \(dataset) is under way",
                hint: "wait for it, or look for a lifeboat that hangs")
        }
        return Holder(path: "\(workspace.runsFolder)/backup-\(dataset).json", lock: lock)
    }
}
