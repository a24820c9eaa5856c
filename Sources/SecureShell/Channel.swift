// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// One stream of an SSH session, with its three directions: in, out and errors.
@safe final class Channel {
    /// Where a program's bytes come from.
    enum Stream: Int32 {
        case output = 0
        case errors = 1
    }

    let session: Session
    private let handle: OpaquePointer

    /// Opens a channel of an SSH type; `message` is what that type wants to know, in wire format.
    ///
    /// The window is 4 MiB, twice libssh2's own: at 50 ms round trip that is 80 MB/s.
    init(
        _ session: Session, type: String = "session", message: [UInt8] = [], operation: String
    ) throws(RemoteError) {
        let sessionHandle = unsafe session.handle
        unsafe handle = unsafe try session.make(operation) {
            unsafe message.withUnsafeBytes { bytes in
                unsafe libssh2_channel_open_ex(
                    sessionHandle, type, UInt32(type.utf8.count), 4 << 20,
                    UInt32(LIBSSH2_CHANNEL_PACKET_DEFAULT),
                    bytes.count > 0 ? bytes.baseAddress?.assumingMemoryBound(to: CChar.self) : nil,
                    UInt32(bytes.count))
            }
        }
        self.session = session
    }

    deinit {
        session.release { [handle = unsafe handle] in unsafe libssh2_channel_free(handle) }
    }

    /// Has the server begin a command.
    func exec(_ command: String, operation: String) throws(RemoteError) {
        let status = try session.complete(operation) {
            unsafe Int(
                libssh2_channel_process_startup(
                    handle, "exec", 4, command, UInt32(command.utf8.count)))
        }
        guard status == 0 else { throw session.failure(operation, status) }
    }

    /// Has the server begin a subsystem, such as `sftp`.
    func begin(subsystem name: String, operation: String) throws(RemoteError) {
        let status = try session.complete(operation) {
            unsafe Int(
                libssh2_channel_process_startup(handle, "subsystem", 9, name, UInt32(name.utf8.count)))
        }
        guard status == 0 else { throw session.failure(operation, status) }
    }

    /// Sends as much as the server takes now; `nil` if nothing.
    func send(_ bytes: UnsafeRawBufferPointer, _ operation: String) throws(RemoteError) -> Int? {
        let text = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        let status = try session.attempt(operation) {
            unsafe libssh2_channel_write_ex(handle, 0, text, bytes.count)
        }
        guard let status else { return nil }
        guard status >= 0 else { throw session.failure(operation, status) }
        return status == 0 ? nil : status
    }

    /// Takes what has arrived; `nil` if nothing has.
    func receive(
        _ stream: Stream, into buffer: UnsafeMutableRawBufferPointer, _ operation: String
    ) throws(RemoteError) -> Int? {
        let text = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        let status = try session.attempt(operation) {
            unsafe libssh2_channel_read_ex(handle, stream.rawValue, text, buffer.count)
        }
        guard let status else { return nil }
        guard status >= 0 else { throw session.failure(operation, status) }
        return status == 0 ? nil : status
    }

    /// Whether the other side has said that nothing more comes, and all of it was taken.
    var hasEnded: Bool { unsafe libssh2_channel_eof(handle) == 1 }

    /// Whether output has arrived that was not taken yet.
    ///
    /// Every call on a session takes in whatever has come, also what belongs to another stream or channel. The
    /// socket then says nothing more about it, so who has made such a call asks here before it waits.
    var hasOutput: Bool { unsafe libssh2_poll_channel_read(handle, 0) != 0 }

    /// Whether the server takes more bytes and the socket does, too.
    ///
    /// The word that there is room may have come in with a call that looked for something else.
    var hasRoom: Bool {
        unsafe libssh2_channel_window_write_ex(handle, nil) > 0 && !session.isBlockedOutbound
    }

    /// Says that nothing more will be sent.
    func endInput(_ operation: String) throws(RemoteError) {
        let status = try session.complete(operation) { unsafe Int(libssh2_channel_send_eof(handle)) }
        guard status == 0 else { throw session.failure(operation, status) }
    }

    /// Waits until the program has ended and returns how; call it after ``hasEnded``.
    ///
    /// libssh2 1.10 reports 0 for a server that closes without naming a status; OpenSSH names one.
    func exitStatus(_ operation: String) throws(RemoteError) -> ExitStatus {
        let status = try session.complete(operation, keepingAlive: true) {
            unsafe Int(libssh2_channel_wait_closed(handle))
        }
        guard status == 0 else { throw session.failure(operation, status) }
        var signal: UnsafeMutablePointer<CChar>?
        var length = 0
        unsafe libssh2_channel_get_exit_signal(handle, &signal, &length, nil, nil, nil, nil)
        if let name = unsafe signal {
            defer { unsafe libssh2_free(session.handle, name) }
            return .signalled(unsafe String(cString: name))
        }
        return .exited(Int(unsafe libssh2_channel_get_exit_status(handle)))
    }
}

extension Session {
    /// Frees something of libssh2's that wants to say good-bye first.
    ///
    /// The farewell gets two seconds; then the whole session ends, since half a packet may be out.
    func release(_ free: () -> Int32) {
        let limit = Deadline(in: .seconds(2))
        var rounds = 0
        while free() == LIBSSH2_ERROR_EAGAIN, rounds < 10_000 {
            if fault == nil, limit.hasPassed {
                _ = ended(.timedOut(after: limit.length), "close a channel", "the other side has gone silent")
            }
            if fault != nil {
                rounds += 1
            } else {
                _ = ready(descriptor, for: wantedEvents, patience: limit.remaining)
            }
        }
    }
}
