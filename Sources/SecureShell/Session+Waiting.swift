// SPDX-License-Identifier: Apache-2.0
import CSSH2
import Glibc

/// How libssh2's non-blocking calls become blocking ones with deadlines.
extension Session {
    /// Repeats a call until it no longer says "try again", and returns its status.
    func complete(
        _ operation: String, keepingAlive: Bool = false, _ call: () -> Int
    ) throws(RemoteError) -> Int {
        try checkUsable(operation)
        lastHeard = .now
        while true {
            let status = call()
            guard status == Int(LIBSSH2_ERROR_EAGAIN) else { return status }
            try wait(operation, keepingAlive: keepingAlive)
        }
    }

    /// Repeats a call that makes something until it has done so.
    func make(_ operation: String, _ call: () -> OpaquePointer?) throws(RemoteError) -> OpaquePointer {
        try checkUsable(operation)
        lastHeard = .now
        while true {
            if let made = unsafe call() { return unsafe made }
            let status = unsafe libssh2_session_last_errno(handle)
            guard status == LIBSSH2_ERROR_EAGAIN else { throw failure(operation, Int(status)) }
            try wait(operation, keepingAlive: false)
        }
    }

    /// Makes a call once; returns `nil` if it has nothing to do now.
    ///
    /// Never leaves half a packet behind: libssh2 refuses any other call until that packet
    /// is out, so the same call is repeated while the socket is full.
    func attempt(_ operation: String, _ call: () -> Int) throws(RemoteError) -> Int? {
        try checkUsable(operation)
        while true {
            let status = call()
            guard status == Int(LIBSSH2_ERROR_EAGAIN) else { return status }
            guard isBlockedOutbound else { return nil }
            try wait(operation, keepingAlive: false)
        }
    }

    /// Waits until the socket is ready for what libssh2 wants to do next.
    ///
    /// With `keepingAlive` a silent server is asked whether it is still there, and its answer counts: a
    /// program may compute for hours. Without it, the silence itself is what the deadline limits.
    func wait(_ operation: String, keepingAlive: Bool) throws(RemoteError) {
        let outbound = isBlockedOutbound
        let events = wantedEvents
        var asked = lastHeard
        while true {
            let now = ContinuousClock.now
            let silence = lastHeard.duration(to: now)
            if let deadline, deadline.hasPassed {
                throw ended(.timedOut(after: deadline.length), operation, "it took too long")
            }
            guard silence < idle else {
                throw ended(.timedOut(after: idle), operation, "the other side has gone silent")
            }
            if keepingAlive, !outbound, asked.duration(to: now) >= idle / 3 {
                sendKeepAlive()
                asked = now
            }
            var patience = idle - silence
            if let deadline { patience = min(patience, deadline.remaining) }
            if keepingAlive { patience = min(patience, idle / 3) }
            if ready(descriptor, for: events, patience: patience) != 0 {
                lastHeard = .now
                return
            }
        }
    }

    /// What libssh2 waits for, as poll(2) names it.
    var wantedEvents: Int32 {
        let directions = unsafe libssh2_session_block_directions(handle)
        let outbound = directions & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0
        let inbound = directions & LIBSSH2_SESSION_BLOCK_INBOUND != 0 || !outbound
        return (inbound ? POLLIN : 0) | (outbound ? POLLOUT : 0)
    }

    /// Whether the socket took less than was to be sent.
    var isBlockedOutbound: Bool {
        unsafe libssh2_session_block_directions(handle) & LIBSSH2_SESSION_BLOCK_OUTBOUND != 0
    }

    private func checkUsable(_ operation: String) throws(RemoteError) {
        guard let fault else { return }
        throw RemoteError(
            fault.code, operation: operation, host: fault.host, detail: fault.detail, hint: fault.hint)
    }

    /// Asks for an answer every few seconds of silence, on top of TCP's own probes.
    func configureKeepAlive() {
        // When to send is decided in `wait`; two seconds is the shortest interval the library does not refuse.
        unsafe libssh2_keepalive_config(handle, 1, 2)
    }

    /// Sends one small packet; the socket is not full here, so it leaves whole.
    private func sendKeepAlive() {
        var seconds: Int32 = 0
        guard ready(descriptor, for: POLLOUT, patience: .zero) & POLLOUT != 0 else { return }
        // A failure shows in the call that is being waited for.
        _ = unsafe libssh2_keepalive_send(handle, &seconds)
    }
}

/// How statuses become errors, while libssh2 still remembers why.
extension Session {
    /// Turns a status into an error, and ends the session when it cannot go on.
    func failure(_ operation: String, _ status: Int, hint: String? = nil) -> RemoteError {
        let detail = lastMessage
        if cutter.hasCut { return ended(.cut, operation, "the session was cut") }
        switch Int32(status) {
        case LIBSSH2_ERROR_SOCKET_SEND, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_DISCONNECT,
            LIBSSH2_ERROR_SOCKET_TIMEOUT, LIBSSH2_ERROR_TIMEOUT, LIBSSH2_ERROR_BAD_SOCKET,
            LIBSSH2_ERROR_BANNER_RECV, LIBSSH2_ERROR_BANNER_SEND:
            return ended(.connectionLost, operation, detail)
        case LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED, LIBSSH2_ERROR_REQUEST_DENIED,
            LIBSSH2_ERROR_CHANNEL_FAILURE:
            // libssh2 calls it a refusal too when the connection ends under a request for a channel.
            guard isUsable else { return ended(.connectionLost, operation, detail) }
            return RemoteError(
                .refused, operation: operation, host: endpoint.label, detail: detail, hint: hint)
        case LIBSSH2_ERROR_CHANNEL_CLOSED, LIBSSH2_ERROR_CHANNEL_EOF_SENT:
            return RemoteError(
                .remoteFailure, operation: operation, host: endpoint.label, detail: detail, hint: hint)
        default:
            return ended(.protocolFailure, operation, "\(detail) (\(status))", hint: hint)
        }
    }

    /// Ends the session and returns the reason.
    func ended(
        _ code: RemoteError.Code, _ operation: String, _ detail: String, hint: String? = nil
    ) -> RemoteError {
        let error = RemoteError(
            cutter.hasCut ? .cut : code, operation: operation, host: endpoint.label, detail: detail,
            hint: hint)
        end(error)
        return error
    }

    /// The library's own words about the last failure.
    var lastMessage: String {
        var text: UnsafeMutablePointer<CChar>?
        var length: Int32 = 0
        _ = unsafe libssh2_session_last_error(handle, &text, &length, 0)
        return unsafe text.map { unsafe String(cString: $0) } ?? "no detail"
    }
}
