// SPDX-License-Identifier: Apache-2.0
import Continuity
import Glibc

/// Whether somebody accepts a connection; nothing is sent.
enum TCPQuestion {
    /// Tries the addresses of a name in their order until one answers or the time is over.
    ///
    /// The name's look-up is the system's and counts, but cannot be cut short.
    static func ask(_ host: String, port: String, timeout: Duration) -> ProbeAnswer {
        let end = ContinuousClock.now + timeout
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, port, &hints, &list) == 0, let first = list else {
            return ProbeAnswer(.down, "no_address")
        }
        defer { freeaddrinfo(list) }
        var answer = ProbeAnswer(.down, "no_address")
        var next: UnsafeMutablePointer<addrinfo>? = first
        while let address = next {
            answer = connect(to: address.pointee, until: end)
            if answer.state != .down || ContinuousClock.now >= end { return answer }
            next = address.pointee.ai_next
        }
        return answer
    }

    private static func connect(to address: addrinfo, until end: ContinuousClock.Instant) -> ProbeAnswer {
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.ai_family, flags, 0)
        guard descriptor >= 0 else { return ProbeAnswer(.unknown, "no_socket") }
        defer { close(descriptor) }
        if Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
            return ProbeAnswer(.up, "0")
        }
        guard errno == EINPROGRESS else { return ProbeAnswer(.down, "errno_\(errno)") }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while true {
            let left = (end - ContinuousClock.now).inSeconds
            guard left > 0 else { return ProbeAnswer(.down, "timeout") }
            let ready = poll(&waiting, 1, Int32((left * 1_000).rounded(.up)))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return ProbeAnswer(.down, "timeout") }
            break
        }
        var problem: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
        return problem == 0 ? ProbeAnswer(.up, "0") : ProbeAnswer(.down, word(problem))
    }

    private static func word(_ problem: Int32) -> String {
        switch problem {
        case ECONNREFUSED: "refused"
        case ETIMEDOUT: "timeout"
        case EHOSTUNREACH, ENETUNREACH: "unreachable"
        default: "errno_\(problem)"
        }
    }
}
