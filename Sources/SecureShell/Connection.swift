// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A moment on the monotonic clock, and how long it was away when it was set.
struct Deadline {
    let length: Duration
    private let instant: ContinuousClock.Instant

    init(in length: Duration) {
        self.length = length
        instant = .now + length
    }

    var remaining: Duration { max(.zero, ContinuousClock.now.duration(to: instant)) }
    var hasPassed: Bool { remaining == .zero }
}

extension Duration {
    /// Milliseconds for poll(2), rounded up so that a wait never spins.
    var pollMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds < 86_400 else { return 86_400_000 }
        return Int32(seconds) * 1000 + Int32((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

/// Waits for one descriptor; returns what is ready, 0 after `patience`.
///
/// A signal ends the wait early and counts as not ready: callers loop on a deadline of their own.
func ready(_ descriptor: Int32, for events: Int32, patience: Duration) -> Int32 {
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    let count = unsafe poll(&entry, 1, patience.pollMilliseconds)
    return count > 0 ? Int32(entry.revents) : 0
}

/// Opens a non-blocking TCP connection and returns its descriptor.
///
/// Tries each address of the name in turn and shares the time between them.
/// Name resolution itself follows resolv.conf, not the deadline.
func connectTCP(to endpoint: Endpoint, by deadline: Deadline) throws(RemoteError) -> Int32 {
    func failure(_ detail: String) -> RemoteError {
        RemoteError(.unreachable, operation: "connect", host: endpoint.label, detail: detail)
    }
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = unsafe getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
    guard status == 0, unsafe list != nil else {
        throw failure(unsafe String(cString: gai_strerror(status)))
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [UnsafeMutablePointer<addrinfo>] = unsafe []
    var next = unsafe list
    while let address = unsafe next {
        unsafe addresses.append(address)
        unsafe next = address.pointee.ai_next
    }
    var detail = "no address"
    for unsafe(position, address) in unsafe addresses.enumerated() {
        let left = unsafe addresses.count - position
        let share = deadline.remaining / left
        switch unsafe connectOnce(address.pointee, patience: share) {
        case .success(let descriptor): return descriptor
        case .failure(let reason) where reason.number == ETIMEDOUT && deadline.hasPassed:
            throw RemoteError(
                .timedOut(after: deadline.length), operation: "connect", host: endpoint.label,
                detail: "no answer")
        case .failure(let reason): detail = reason.text
        }
    }
    throw failure(detail)
}

/// A value of errno with its text.
struct SystemError: Error {
    let number: Int32
    var text: String { unsafe String(cString: strerror(number)) }
}

private func connectOnce(_ address: addrinfo, patience: Duration) -> Result<Int32, SystemError> {
    let kind = unsafe address.ai_socktype | Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = unsafe socket(address.ai_family, kind, address.ai_protocol)
    guard descriptor >= 0 else { return .failure(SystemError(number: errno)) }
    func give(up number: Int32) -> Result<Int32, SystemError> {
        close(descriptor)
        return .failure(SystemError(number: number))
    }
    if unsafe connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
        guard errno == EINPROGRESS else { return give(up: errno) }
        let limit = Deadline(in: patience)
        while ready(descriptor, for: POLLOUT, patience: limit.remaining) == 0 {
            if limit.hasPassed { return give(up: ETIMEDOUT) }
        }
        var number: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size)
        guard number == 0 else { return give(up: number) }
    }
    tune(descriptor)
    return .success(descriptor)
}

/// Small requests leave at once, and a host that vanished is noticed also while nothing is asked of it.
private func tune(_ descriptor: Int32) {
    func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        // Failing is harmless: the session's own idle deadline stays.
        unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
    let tcp = Int32(IPPROTO_TCP)
    set(tcp, TCP_NODELAY, 1)
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
    set(tcp, TCP_KEEPIDLE, 30)
    set(tcp, TCP_KEEPINTVL, 10)
    set(tcp, TCP_KEEPCNT, 6)
}
