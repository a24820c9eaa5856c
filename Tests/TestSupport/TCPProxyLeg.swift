// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One direction of one connection through a ``TCPProxy``; used by its thread alone.
final class ProxyLeg {
    let source: Int32
    let target: Int32
    let isUpstream: Bool
    /// The opposite direction of the same connection.
    private(set) weak var other: ProxyLeg?
    private(set) var isClosed = false
    private var waiting: [(due: ContinuousClock.Instant, bytes: ArraySlice<UInt8>)] = []
    private var first = 0
    private var held = 0
    private var hasEnded = false
    private var hasPassedEnd = false

    private init(from source: Int32, to target: Int32, isUpstream: Bool) {
        self.source = source
        self.target = target
        self.isUpstream = isUpstream
    }

    /// Takes a new connection and makes one to the target.
    static func accept(from listener: Int32, to port: Int) -> [ProxyLeg] {
        let client = Glibc.accept(listener, nil, nil)
        guard client >= 0 else { return [] }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = loopback(port)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard asSocketAddress(&address, { connect(server, $0, size) }) == 0 else {
            Glibc.close(client)
            Glibc.close(server)
            return []
        }
        for descriptor in [client, server] {
            var isOn: Int32 = 1
            setsockopt(
                descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        }
        let up = ProxyLeg(from: client, to: server, isUpstream: true)
        let down = ProxyLeg(from: server, to: client, isUpstream: false)
        up.other = down
        down.other = up
        return [up, down]
    }

    /// A bound, so that a fast sender meets a full pipe at last.
    var wantsMore: Bool { !hasEnded && held < 64 << 20 }
    var nextDue: ContinuousClock.Instant? { first < waiting.count ? waiting[first].due : nil }
    var isDone: Bool { hasPassedEnd }

    /// Takes what has come, up to 256 KiB, and returns how much.
    func take(delay: Duration) -> Int {
        guard wantsMore else { return 0 }
        var ended = false
        let bytes = [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
            let got = recv(source, buffer.baseAddress, buffer.count, 0)
            count = max(0, got)
            ended = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)
        }
        if !bytes.isEmpty { waiting.append((.now + delay, bytes[...])) }
        held += bytes.count
        hasEnded = ended
        return bytes.count
    }

    /// Passes on what is due, and the end behind it; returns whether bytes went.
    func deliver() -> Bool {
        let now = ContinuousClock.now
        var hasPassed = false
        while first < waiting.count, waiting[first].due <= now {
            let count = waiting[first].bytes.withUnsafeBytes {
                send(target, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno != EAGAIN, errno != EINTR { drop() }
                return hasPassed
            }
            hasPassed = true
            held -= count
            waiting[first].bytes = waiting[first].bytes.dropFirst(count)
            if waiting[first].bytes.isEmpty { first += 1 }
        }
        if first > 64 {
            waiting.removeFirst(first)
            first = 0
        }
        if hasEnded, first == waiting.count, !hasPassedEnd {
            shutdown(target, Int32(SHUT_WR))
            hasPassedEnd = true
        }
        return hasPassed
    }

    /// Closes the connection of both directions.
    func close() {
        guard !isClosed else { return }
        Glibc.close(source)
        Glibc.close(target)
        isClosed = true
        other?.isClosed = true
    }

    /// Closes without a farewell: both sides see a reset.
    func reset() {
        guard !isClosed else { return }
        for descriptor in [source, target] {
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        close()
    }

    /// The receiver has gone: nothing that waits can arrive any more.
    private func drop() {
        waiting = []
        (first, held) = (0, 0)
        hasEnded = true
        hasPassedEnd = true
    }
}

/// 127.0.0.1 and a port.
func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
    return address
}

/// Passes an address as the kernel's calls want it.
func asSocketAddress<Result>(
    _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
) -> Result {
    withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
    }
}
