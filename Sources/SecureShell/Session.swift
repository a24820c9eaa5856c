// SPDX-License-Identifier: Apache-2.0
import CSSH2
import Glibc
import Synchronization

/// One authenticated connection to one host.
///
/// All calls block; none waits longer than the idle deadline without hearing
/// from the other side. Not `Sendable`: libssh2 keeps the state of the current call, the last
/// error and the socket in one handle. Use one session per thread, and several for speed.
///
/// A call that could not be finished ends the session, because libssh2 would
/// send half a packet twice; every later call then fails with the same error.
@safe package final class Session {
    package let endpoint: Endpoint
    /// The key the host has shown; it is the pinned one.
    package private(set) var hostKey: HostKeyPin?
    /// The same key as it stands in a known_hosts file: type and base64.
    package private(set) var hostKeyLine: String?
    /// What the server calls itself, such as `SSH-2.0-OpenSSH_9.2`; up to the server, so escape it.
    package private(set) var serverBanner = ""
    /// Ends this session from another thread.
    package let cutter: SessionCutter

    let handle: OpaquePointer
    let descriptor: Int32
    /// The longest silence of the other side within one call.
    let idle: Duration
    /// The end of the connection phase, or of a command that has a deadline.
    var deadline: Deadline?
    var lastHeard = ContinuousClock.now
    /// Why this session can no longer be used.
    var fault: RemoteError?
    /// Keeps the jump host's connection for as long as this session needs it.
    private let tunnel: Tunnel?

    /// Connects, checks the host key, then authenticates, all before `deadline`.
    ///
    /// A host without a pin, or with another key, is refused before anything about the
    /// account is sent. `idle` is the longest silence to bear afterwards; below three seconds
    /// libssh2 cannot ask often enough to keep a silent command alive. `greeted` is told, before the login,
    /// about how long a round trip takes.
    package convenience init(
        connecting endpoint: Endpoint, deadline: Duration = .seconds(15), idle: Duration = .seconds(60),
        greeted: (Duration) -> Void = { _ in }
    ) throws(RemoteError) {
        let begun = ContinuousClock.now
        try self.init(
            greeting: endpoint, types: endpoint.hostKey.map { [$0.type] } ?? HostKeyPin.types,
            deadline: Deadline(in: deadline), idle: idle)
        // Connecting, banners, proposals and keys: about three and a half, one less where a relay answers for
        // the host; four allows for the arithmetic.
        greeted(begun.duration(to: .now) / 4)
        try checkHostKey()
        try authenticate()
        self.deadline = nil
        configureKeepAlive()
    }

    /// Connects and exchanges keys, but trusts nobody yet.
    init(
        greeting endpoint: Endpoint, types: [String], deadline: Deadline, idle: Duration
    ) throws(RemoteError) {
        guard libraryStatus == 0, let handle = unsafe libssh2_session_init_ex(nil, nil, nil, nil) else {
            throw RemoteError(
                .protocolFailure, operation: "begin a session", host: endpoint.label,
                detail: "libssh2 could not be initialised")
        }
        do {
            if let jump = endpoint.jump {
                let tunnel = try Tunnel(to: endpoint, through: jump, by: deadline, idle: idle)
                self.tunnel = tunnel
                descriptor = tunnel.descriptor
            } else {
                tunnel = nil
                descriptor = try connectTCP(to: endpoint, by: deadline)
            }
        } catch {
            unsafe libssh2_session_free(handle)
            throw error
        }
        unsafe self.handle = unsafe handle
        self.endpoint = endpoint
        self.deadline = deadline
        self.idle = idle
        cutter = SessionCutter(descriptor)
        unsafe libssh2_session_set_blocking(handle, 0)
        try negotiate(types)
        let socket = descriptor
        let status = try complete("exchange keys") { unsafe Int(libssh2_session_handshake(handle, socket)) }
        guard status == 0 else { throw handshakeFailure(status) }
        (hostKey, hostKeyLine) = shownHostKey()
        serverBanner = unsafe libssh2_session_banner_get(handle).map { unsafe String(cString: $0) } ?? ""
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        // The socket is shut, so each round frees something and none waits; the bound is for a broken library.
        for _ in 0..<10_000 {
            guard unsafe libssh2_session_free(handle) == LIBSSH2_ERROR_EAGAIN else { break }
        }
        cutter.forget()
        close(descriptor)
    }

    /// Whether calls may still succeed, as far as can be seen without asking the other side.
    ///
    /// A connection that the server has closed while nobody used it is noticed here.
    package var isUsable: Bool {
        // 0x2000 is POLLRDHUP, which Glibc's module map hides behind _GNU_SOURCE.
        fault == nil && ready(descriptor, for: 0x2000, patience: .zero) == 0
    }

    /// Says good-bye, then closes the connection; later calls fail.
    package func disconnect() {
        guard fault == nil else { return }
        // The farewell is a courtesy: if it does not leave at once, the closing socket says the same.
        _ = unsafe libssh2_session_disconnect_ex(handle, SSH_DISCONNECT_BY_APPLICATION, "done", "")
        end(
            RemoteError(
                .connectionLost, operation: "use a session", host: endpoint.label, detail: "disconnected"))
    }

    /// Makes the session unusable; open files and channels can still be released.
    func end(_ error: RemoteError) {
        guard fault == nil else { return }
        fault = error
        shutdown(descriptor, Int32(SHUT_RDWR))
    }
}

/// Sets libssh2 up, once for the whole process; the language makes a global's first use thread-safe.
private let libraryStatus: Int32 = libssh2_init(0)

/// Cuts one session from any thread, for cancellation.
///
/// The thread inside the session wakes up with ``RemoteError/Code/cut``.
package final class SessionCutter: Sendable {
    private struct State {
        var descriptor: Int32?
        var isCut = false
    }
    private let state: Mutex<State>

    init(_ descriptor: Int32) {
        state = Mutex(State(descriptor: descriptor))
    }

    /// Cuts the connection; a session that is already over stays as it is.
    package func cut() {
        state.withLock { state in
            guard let descriptor = state.descriptor else { return }
            state.isCut = true
            shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    var hasCut: Bool { state.withLock { $0.isCut } }

    /// Lets go of the descriptor before its number is used again.
    func forget() {
        state.withLock { $0.descriptor = nil }
    }
}
