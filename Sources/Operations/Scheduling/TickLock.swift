// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Keeps two passes over one workspace apart; goes with the process, so a crash frees it.
package final class TickLock: Sendable {
    private let lock: FileLock

    private init(_ lock: FileLock) {
        self.lock = lock
    }

    /// - Throws: `OperationError` with `.refused` when another process has it.
    package static func take(_ workspace: Workspace) throws -> TickLock {
        guard let lock = try FileLock.take("\(workspace.privateFolder)/tick.lock") else {
            throw OperationError(
                .refused, "another lifeboat is doing what is due in this workspace",
                hint: "a pass that takes long is no fault; the next one catches up")
        }
        return TickLock(lock)
    }
}
