// SPDX-License-Identifier: Apache-2.0
import CSSH2
import Foundation
import Glibc
import Synchronization

/// A way to a host through another host, which a thread of its own keeps moving.
///
/// The jump host's session lives and dies inside that thread. Our end is an ordinary socket, so
/// the session that goes through cannot tell the difference. The thread ends when either end closes.
final class Tunnel: Sendable {
    /// Our end, already non-blocking; whoever takes it closes it.
    let descriptor: Int32

    /// Connects to the jump host and has it connect to the target.
    init(to target: Endpoint, through jump: Endpoint, by deadline: Deadline, idle: Duration)
        throws(RemoteError)
    {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let status = unsafe ends.withUnsafeMutableBufferPointer {
            unsafe socketpair(AF_UNIX, kind, 0, $0.baseAddress)
        }
        guard status == 0 else {
            throw RemoteError(
                .unreachable, operation: "connect", host: target.label,
                detail: SystemError(number: errno).text)
        }
        let (near, far) = (ends[0], ends[1])
        let outcome = Outcome()
        let patience = deadline.remaining
        let thread = Thread {
            defer { close(far) }
            do {
                let session = try Session(connecting: jump, deadline: patience, idle: idle)
                let channel = try session.openTunnel(host: target.host, port: target.port)
                outcome.settle(nil)
                try session.pump(channel, far)
            } catch {
                // After the beginning the closed socket tells the session that goes through.
                outcome.settle(error as? RemoteError)
            }
        }
        thread.name = "jump \(jump.host)"
        thread.start()
        if let error = outcome.wait() {
            close(near)
            throw error
        }
        descriptor = near
    }

    /// Whether the thread could open the way; settled once.
    private final class Outcome: Sendable {
        private let error = Mutex<RemoteError?>(nil)
        private let settled = DispatchSemaphore(value: 0)

        func settle(_ result: RemoteError?) {
            error.withLock { $0 = result }
            settled.signal()
        }

        func wait() -> RemoteError? {
            settled.wait()
            return error.withLock { $0 }
        }
    }
}

extension Session {
    /// Has the server connect to a port and opens a channel to it.
    func openTunnel(host: String, port: Int) throws(RemoteError) -> Channel {
        try Channel(
            self, type: "direct-tcpip",
            message: wire(host) + wire(port) + wire("127.0.0.1") + wire(0),
            operation: "reach \(host):\(port)")
    }

    /// Moves bytes between a channel and a socket until either ends.
    fileprivate func pump(_ channel: Channel, _ socket: Int32) throws(RemoteError) {
        let operation = "forward a connection"
        let inward = Buffer(capacity: 128 << 10)
        let outward = Buffer(capacity: 128 << 10)
        while true {
            var hasMoved = false
            if inward.isEmpty {
                let count = unsafe read(socket, inward.space.baseAddress, inward.capacity)
                if count == 0 { return }
                if count > 0 { inward.fill(count) }
            }
            if !inward.isEmpty, let count = unsafe try channel.send(inward.bytes, operation) {
                inward.drop(count)
                hasMoved = true
            }
            if outward.isEmpty,
                let count = unsafe try channel.receive(.output, into: outward.space, operation)
            {
                outward.fill(count)
                hasMoved = true
            }
            if !outward.isEmpty {
                let count = unsafe Glibc.send(
                    socket, outward.bytes.baseAddress, outward.count, Int32(MSG_NOSIGNAL))
                if count > 0 {
                    outward.drop(count)
                    hasMoved = true
                } else if errno != EAGAIN, errno != EINTR {
                    return
                }
            }
            if hasMoved { continue }
            if channel.hasEnded, outward.isEmpty { return }
            if !inward.isEmpty, channel.hasRoom { continue }
            waitForEither(socket, events: (inward.isEmpty ? POLLIN : 0) | (outward.isEmpty ? 0 : POLLOUT))
            lastHeard = .now
        }
    }

    /// Sleeps until the server or the socket has something to do; the session that goes through has the deadlines.
    private func waitForEither(_ socket: Int32, events: Int32) {
        var entries = [
            pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(events), revents: 0),
        ]
        _ = unsafe entries.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, 2, 1000) }
    }
}
