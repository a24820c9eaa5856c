// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization

/// A bad network: a port on loopback that passes bytes on late, or no longer, or not at all.
///
/// Delays are per direction, so 25 ms each make a round trip of 50 ms. Bandwidth is not limited.
package final class TCPProxy: Sendable {
    private struct State {
        var delay: Duration
        var isFrozen = false
        var isStopped = false
        var mustCut = false
        var cutAfter: Int?
        var upstream = 0
        var rounds = 0
        var hasAnswered = true
    }

    package let port: Int
    private let target: Int
    private let listener: Int32
    /// Wakes the thread when a test changes something.
    private let bell: (hear: Int32, ring: Int32)
    private let state: Mutex<State>
    private let ended = DispatchSemaphore(value: 0)

    /// Runs `body` beside a proxy to a port on loopback.
    package static func with<Result>(
        to target: Int, delay: Duration = .zero, _ body: (TCPProxy) throws -> Result
    ) throws -> Result {
        let proxy = try TCPProxy(to: target, delay: delay)
        defer { proxy.stop() }
        return try body(proxy)
    }

    /// Begins passing on; ``stop()`` is the caller's duty.
    package init(to target: Int, delay: Duration = .zero) throws {
        self.target = target
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var ends: [Int32] = [-1, -1]
        guard
            socketpair(
                AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0,
                &ends) == 0
        else { throw POSIXError(.EMFILE) }
        bell = (ends[0], ends[1])
        state = Mutex(State(delay: delay))
        var address = loopback(0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = asSocketAddress(&address) { [listener] in bind(listener, $0, size) }
        var length = size
        let hasName = asSocketAddress(&address) { [listener] in getsockname(listener, $0, &length) } == 0
        guard status == 0, listen(listener, 64) == 0, hasName else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = Thread { [self] in
            serve()
            ended.signal()
        }
        thread.name = "proxy"
        thread.start()
    }

    /// Breaks every connection at once, as a dying router does.
    package func cut() { change { $0.mustCut = true } }

    /// Breaks every connection once this many more bytes have come from the clients.
    package func cut(afterUpstream bytes: Int) { change { $0.cutAfter = $0.upstream + bytes } }

    /// Keeps every connection, but passes nothing on.
    package func freeze() { change { $0.isFrozen = true } }

    /// Passes on again what was kept back.
    package func thaw() { change { $0.isFrozen = false } }

    /// How often a client spoke after a server had answered: the round trips, where no two connections are busy
    /// at once.
    package var rounds: Int { state.withLock { $0.rounds } }

    /// Sets the delay of each direction for what comes from now on.
    package func setDelay(_ delay: Duration) { change { $0.delay = delay } }

    /// Breaks every connection and ends the thread.
    package func stop() {
        change { $0.isStopped = true }
        ended.wait()
        close(listener)
        close(bell.hear)
        close(bell.ring)
    }

    private func change(_ edit: (inout State) -> Void) {
        state.withLock { edit(&$0) }
        // A full pipe rings already.
        _ = write(bell.ring, "!", 1)
    }
}

// MARK: - The thread

extension TCPProxy {
    private func serve() {
        var links: [ProxyLeg] = []
        defer { links.forEach { $0.reset() } }
        while true {
            let now = state.withLock { state in
                defer { state.mustCut = false }
                return state
            }
            if now.isStopped { return }
            if now.mustCut {
                links.forEach { $0.reset() }
                links = []
            }
            if wait(links, now.isFrozen) { links += ProxyLeg.accept(from: listener, to: target) }
            for leg in links where !now.isFrozen {
                let count = leg.take(delay: now.delay)
                if leg.isUpstream { countUpstream(count) }
                if leg.deliver(), !leg.isUpstream { state.withLock { $0.hasAnswered = true } }
            }
            for leg in links where leg.isDone && leg.other?.isDone == true { leg.close() }
            links.removeAll { $0.isClosed }
        }
    }

    private func countUpstream(_ count: Int) {
        state.withLock { state in
            state.upstream += count
            if count > 0, state.hasAnswered { (state.hasAnswered, state.rounds) = (false, state.rounds + 1) }
            guard let limit = state.cutAfter, state.upstream >= limit else { return }
            state.cutAfter = nil
            state.mustCut = true
        }
    }

    /// Sleeps until a byte can be taken or is due; returns whether somebody knocks.
    private func wait(_ links: [ProxyLeg], _ isFrozen: Bool) -> Bool {
        var entries = [
            pollfd(fd: bell.hear, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
        ]
        var patience: Duration?
        if !isFrozen {
            for leg in links {
                if leg.wantsMore { entries.append(pollfd(fd: leg.source, events: Int16(POLLIN), revents: 0)) }
                guard let due = leg.nextDue else { continue }
                let left = max(.zero, ContinuousClock.now.duration(to: due))
                if left == .zero {
                    entries.append(pollfd(fd: leg.target, events: Int16(POLLOUT), revents: 0))
                } else {
                    patience = min(patience ?? left, left)
                }
            }
        }
        // Rounded up to poll's milliseconds: a delay may be a little longer, never shorter.
        let limit = patience.map { Int32(($0 / .milliseconds(1)).rounded(.up)) } ?? -1
        poll(&entries, nfds_t(entries.count), limit)
        var rings = [UInt8](repeating: 0, count: 64)
        if entries[0].revents != 0 { _ = read(bell.hear, &rings, rings.count) }
        return entries[1].revents != 0
    }
}
