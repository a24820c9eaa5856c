// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A lock on a file that ends with its process, however that ends.
///
/// A child that is just being forked shares the descriptor until its exec. So the lock is given back by name
/// and not by closing the file, and whoever asks for it looks again for a moment: a holder that was killed
/// could not give it back.
package final class FileLock: @unchecked Sendable {
    // Unchecked: `descriptor` is only touched while `guarding` is held.
    private var descriptor: Int32
    private let guarding = NSLock()
    package let path: String

    private init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { release() }

    /// Gives the lock back; nothing when that was done already.
    package func release() {
        guarding.withLock {
            guard descriptor >= 0 else { return }
            flock(descriptor, LOCK_UN)
            close(descriptor)
            descriptor = -1
        }
    }

    /// Takes the lock; `nil` when another process or thread holds it for longer than `patience`.
    ///
    /// - Throws: `LedgerError` when the file cannot be opened or locked.
    package static func take(
        _ path: String, patience: Duration = .milliseconds(200)
    ) throws(LedgerError) -> FileLock? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw JournalFile.failure("open the lock", path) }
        let end = ContinuousClock.now + patience
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                let failure = JournalFile.failure("lock the file", path)
                close(descriptor)
                throw failure
            }
            guard ContinuousClock.now < end else {
                close(descriptor)
                return nil
            }
            usleep(10_000)
        }
        return FileLock(descriptor: descriptor, path: path)
    }

    /// Whether somebody holds the lock now; a file that is not there is held by nobody.
    package static func isHeld(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer {
            flock(descriptor, LOCK_UN)
            close(descriptor)
        }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }
}
