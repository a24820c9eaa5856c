// SPDX-License-Identifier: Apache-2.0
import Foundation
package import SecureShell

/// Sessions to one host that threads borrow, one thread each at a time.
///
/// Sessions are opened when they are needed, outside the lock, so several are opened in parallel. One that was lost
/// is replaced by the next borrower. A borrower waits when all of `limit` are in use.
package final class SessionPool: @unchecked Sendable {
    // Unchecked: all state is only touched while `condition` is held.

    /// The host's name in the plan.
    package let host: String
    private let limit: Int
    private let open: @Sendable (_ greeted: (Duration) -> Void) throws -> Session
    private let condition = NSCondition()
    private var resting: [PooledSession] = []
    /// Those that rest, those in use and those being opened.
    private var count = 0
    private var isClosed = false
    private var measuredRoundTrip: Duration?

    /// A limit far above what is used at once keeps a mistake from drowning a host.
    package init(
        host: String, limit: Int = 16,
        open: @escaping @Sendable (_ greeted: (Duration) -> Void) throws -> Session
    ) {
        self.host = host
        self.limit = limit
        self.open = open
    }

    deinit {
        resting.forEach { $0.session.disconnect() }
    }

    /// About how long a round trip to the host takes; `nil` before the first session has said so.
    package var roundTrip: Duration? {
        condition.lock()
        defer { condition.unlock() }
        return measuredRoundTrip
    }

    /// Remembers the shortest round trip that was measured.
    func note(roundTrip: Duration) {
        condition.lock()
        measuredRoundTrip = min(measuredRoundTrip ?? roundTrip, roundTrip)
        condition.unlock()
    }

    /// Lends a session for as long as the closure runs.
    ///
    /// The preferred session, on which the same files are open already, is taken if nobody uses it; `equipped`
    /// takes rather one on which a shell or a pipeline has been begun.
    package func with<Value>(
        preferring preferred: PooledSession? = nil, equipped: Bool = false,
        _ body: (PooledSession) throws -> Value
    ) throws -> Value {
        let session = try take(preferring: preferred, equipped: equipped)
        defer { give(session) }
        return try body(session)
    }

    /// Lends a session for something that may be asked twice, such as reading.
    ///
    /// When a connection that had been resting turns out to be lost, a fresh one is opened and asked again.
    package func ask<Value>(
        preferring preferred: PooledSession? = nil, equipped: Bool = false,
        _ body: (PooledSession) throws -> Value
    ) throws -> Value {
        let session = try take(preferring: preferred, equipped: equipped)
        let wasReused = session.isReused
        do {
            defer { give(session) }
            return try body(session)
        } catch let error as RemoteError where wasReused && error.code == .connectionLost {
            // What ended this connection has most likely ended the others that rest.
            dropResting()
            return try with(body)
        }
    }

    /// Lends this very session if nobody uses it; does nothing otherwise.
    func withResting(_ session: PooledSession, _ body: (PooledSession) -> Void) {
        condition.lock()
        let place = resting.firstIndex { $0 === session }
        if let place { resting.remove(at: place) }
        condition.unlock()
        guard place != nil else { return }
        body(session)
        give(session)
    }

    /// Closes what rests and refuses new borrowers.
    package func close() {
        condition.lock()
        isClosed = true
        condition.unlock()
        dropResting()
    }

    // MARK: - Taking and giving

    /// Borrows a session for longer than a closure; ``give(_:)`` is the borrower's duty.
    func take(preferring preferred: PooledSession? = nil, equipped: Bool = false) throws -> PooledSession {
        while let session = try takeResting(preferring: preferred, equipped: equipped) {
            if session.session.isUsable {
                session.isReused = true
                return session
            }
            drop(session)
        }
        do {
            return PooledSession(try open { self.note(roundTrip: $0) })
        } catch {
            forget(1)
            throw error
        }
    }

    /// A resting session, or `nil` when the caller is to open one, for which a place is reserved.
    private func takeResting(preferring preferred: PooledSession?, equipped: Bool) throws -> PooledSession? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            guard !isClosed else {
                throw OperationError(.cancelled, "the sessions to \(host) are being closed")
            }
            if let preferred, let place = resting.firstIndex(where: { $0 === preferred }) {
                return resting.remove(at: place)
            }
            if equipped, let place = resting.lastIndex(where: \.isEquipped) {
                return resting.remove(at: place)
            }
            if let session = resting.popLast() { return session }
            if count < limit {
                count += 1
                return nil
            }
            condition.wait()
        }
    }

    /// Takes a session back; one that is over, or comes after ``close()``, is let go.
    func give(_ session: PooledSession) {
        condition.lock()
        let isKept = !isClosed && session.session.isUsable
        if isKept {
            resting.append(session)
            condition.broadcast()
        }
        condition.unlock()
        if !isKept { drop(session) }
    }

    private func drop(_ session: PooledSession) {
        session.session.disconnect()
        forget(1)
    }

    private func dropResting() {
        condition.lock()
        let dropped = resting
        resting = []
        condition.unlock()
        dropped.forEach { $0.session.disconnect() }
        forget(dropped.count)
    }

    private func forget(_ number: Int) {
        condition.lock()
        count -= number
        condition.broadcast()
        condition.unlock()
    }
}
