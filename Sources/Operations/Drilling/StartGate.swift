// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// Lets one drill at a time pass from its guards to its open journal.
///
/// The lock goes with the process, so a controller that dies here leaves nothing behind.
final class StartGate {
    private var descriptor: Int32

    /// - Throws: `OperationError` with `.refused` when another drill is being started.
    init(_ runsFolder: String) throws {
        // Beside the runs and not among them: everything in there is a run.
        let path = runsFolder + ".starting"
        descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw OperationError(.ioFailed, "cannot open \(path): \(String(cString: strerror(errno)))")
        }
        // Two seconds: a program that this process is just starting holds the file as well until it runs.
        let end = ContinuousClock.now + .seconds(2)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard ContinuousClock.now >= end else {
                Thread.sleep(forTimeInterval: 0.05)
                continue
            }
            close(descriptor)
            descriptor = -1
            throw OperationError(.refused, "another drill is being started here at this moment")
        }
    }

    /// Lets the next one in; nothing when it was opened already.
    func open() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
    }

    deinit { open() }
}
