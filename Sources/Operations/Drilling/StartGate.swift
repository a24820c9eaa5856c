// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Lets one drill at a time pass from its guards to its open journal.
///
/// The lock goes with the process, so a controller that dies here leaves nothing behind.
final class StartGate {
    private let lock: FileLock

    /// - Throws: `OperationError` with `.refused` when another drill is being started.
    init(_ runsFolder: String) throws {
        // Beside the runs and not among them: everything in there is a run.
        guard let lock = try FileLock.take(runsFolder + ".starting", patience: .seconds(2)) else {
            throw OperationError(.refused, "another drill is being started here at this moment")
        }
        self.lock = lock
    }

    /// Lets the next one in; nothing when it was opened already.
    func open() {
        lock.release()
    }
}
