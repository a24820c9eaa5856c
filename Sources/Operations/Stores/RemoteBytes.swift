// SPDX-License-Identifier: Apache-2.0
import Archiving
import SecureShell
import Synchronization

/// A file in a store that is read in ranges, from any thread.
///
/// Each read borrows a session of the host, the same as before if nobody else uses it, so that the open file and what
/// was read ahead serve again. A lost connection costs one reconnect: reading may always be asked twice.
package final class RemoteBytes: RangedBytes, Sendable {
    package let size: Int
    package let path: String
    private let pool: SessionPool
    private let last = Mutex<PooledSession?>(nil)

    init(pool: SessionPool, path: String, size: Int) {
        self.pool = pool
        self.path = path
        self.size = size
    }

    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset >= 0, offset < size else { return 0 }
        let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, size - offset)])
        return try pool.ask(preferring: last.withLock { $0 }) { session in
            last.withLock { $0 = session }
            return try session.reader(path).read(at: offset, into: wanted)
        }
    }

    /// Closes the file where it is open and free; reading again would open it again.
    package func close() {
        guard let session = last.withLock({ $0 }) else { return }
        last.withLock { $0 = nil }
        // A courtesy to the server: while others use the session the file stays open until the session ends.
        pool.withResting(session) { $0.closeReader(path) }
    }
}
