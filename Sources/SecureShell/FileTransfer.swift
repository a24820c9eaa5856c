// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// The files of another host, over SFTP.
///
/// Paths are absolute, or relative to where the account begins. Several files may be open,
/// but only one of them moves bytes at a time: use several sessions for speed.
@safe package final class FileTransfer {
    package let session: Session
    let handle: OpaquePointer
    private let channel: OpaquePointer
    /// The file with writes that nobody has waited for yet.
    private weak var unsettled: RemoteFile?

    init(_ session: Session, deadline: Duration) throws(RemoteError) {
        self.session = session
        session.deadline = Deadline(in: deadline)
        defer { session.deadline = nil }
        let sessionHandle = unsafe session.handle
        let made = unsafe try session.make("begin file transfer") { unsafe libssh2_sftp_init(sessionHandle) }
        guard let channel = unsafe libssh2_sftp_get_channel(made) else {
            throw session.ended(.protocolFailure, "begin file transfer", "there is no channel")
        }
        unsafe handle = unsafe made
        unsafe self.channel = unsafe channel
    }

    deinit {
        session.release { [handle = unsafe handle] in unsafe libssh2_sftp_shutdown(handle) }
    }
}

extension Session {
    /// Begins file transfer, on a channel of its own.
    package func files(deadline: Duration = .seconds(30)) throws(RemoteError) -> FileTransfer {
        try FileTransfer(self, deadline: deadline)
    }
}

// MARK: - Looking

extension FileTransfer {
    /// What stands at a path; a symbolic link is not followed.
    package func lstat(_ path: String) throws(RemoteError) -> FileAttributes {
        try attributes("look at", path, LIBSSH2_SFTP_LSTAT)
    }

    /// What a path leads to.
    package func stat(_ path: String) throws(RemoteError) -> FileAttributes {
        try attributes("look at", path, LIBSSH2_SFTP_STAT)
    }

    /// Whether anything stands at a path, a broken link included.
    package func exists(_ path: String) throws(RemoteError) -> Bool {
        do {
            _ = try lstat(path)
            return true
        } catch  where error.code == .noSuchFile {
            return false
        }
    }

    /// What lies in a folder, in the server's order.
    package func list(_ path: String) throws(RemoteError) -> [FolderEntry] {
        let folder = unsafe try openHandle("list", path, flags: 0, mode: 0, LIBSSH2_SFTP_OPENDIR)
        defer { session.release { unsafe libssh2_sftp_close_handle(folder) } }
        // Names are at most 255 bytes on the file systems we know; longer ones are an error, not cut.
        let name = Buffer(capacity: 4096)
        var entries: [FolderEntry] = []
        while true {
            var raw = LIBSSH2_SFTP_ATTRIBUTES()
            let count = try complete("list \(path)") {
                unsafe Int(
                    libssh2_sftp_readdir_ex(
                        folder, name.space.baseAddress?.assumingMemoryBound(to: CChar.self),
                        name.capacity, nil, 0, &raw))
            }
            guard count >= 0 else { throw failure("list", path, count) }
            guard count > 0 else { return entries }
            name.fill(count)
            let text = unsafe String(decoding: name.bytes, as: UTF8.self)
            if text == "." || text == ".." { continue }
            entries.append(FolderEntry(name: text, attributes: FileAttributes(raw)))
        }
    }

    /// How much room the file system under a path has left.
    package func freeSpace(_ path: String) throws(RemoteError) -> FreeSpace {
        var raw = LIBSSH2_SFTP_STATVFS()
        let status = try complete("measure the room at \(path)") {
            unsafe Int(libssh2_sftp_statvfs(handle, path, path.utf8.count, &raw))
        }
        guard status == 0 else { throw failure("measure the room at", path, status) }
        return FreeSpace(raw)
    }

    /// The absolute path, with all links followed.
    package func realPath(_ path: String) throws(RemoteError) -> String {
        try follow("resolve", path, LIBSSH2_SFTP_REALPATH)
    }

    /// Where a symbolic link points.
    package func readLink(_ path: String) throws(RemoteError) -> String {
        try follow("read the link", path, LIBSSH2_SFTP_READLINK)
    }

    private func follow(_ verb: String, _ path: String, _ kind: Int32) throws(RemoteError) -> String {
        let target = Buffer(capacity: 8192)
        let count = try complete("\(verb) \(path)") {
            unsafe Int(
                libssh2_sftp_symlink_ex(
                    handle, path, UInt32(path.utf8.count),
                    target.space.baseAddress?.assumingMemoryBound(to: CChar.self), UInt32(target.capacity),
                    kind))
        }
        guard count >= 0 else { throw failure(verb, path, count) }
        target.fill(count)
        return unsafe String(decoding: target.bytes, as: UTF8.self)
    }

    private func attributes(
        _ verb: String, _ path: String, _ kind: Int32
    ) throws(RemoteError) -> FileAttributes {
        var raw = LIBSSH2_SFTP_ATTRIBUTES()
        let status = try complete("\(verb) \(path)") {
            unsafe Int(libssh2_sftp_stat_ex(handle, path, UInt32(path.utf8.count), kind, &raw))
        }
        guard status == 0 else { throw failure(verb, path, status) }
        return FileAttributes(raw)
    }
}

// MARK: - Calls

extension FileTransfer {
    /// Finishes what is under way on this channel, then repeats a call until it is done.
    ///
    /// Half a write request may be out when the server's window is full; anything else sent then
    /// would land in its middle.
    func complete(_ operation: String, _ call: () -> Int) throws(RemoteError) -> Int {
        try settle()
        session.lastHeard = .now
        while true {
            if let status = try session.attempt(operation, call) { return status }
            try waitForAnswer(operation)
        }
    }

    /// Waits for the server; silence counts, since a file request is answered at once or never.
    func waitForAnswer(_ operation: String) throws(RemoteError) {
        guard unsafe libssh2_channel_eof(channel) == 0 else {
            throw session.ended(.connectionLost, operation, "the server's file service has ended")
        }
        try session.wait(operation, keepingAlive: false)
    }

    /// Opens a file or folder and returns libssh2's handle.
    func openHandle(
        _ verb: String, _ path: String, flags: Int32, mode: Int, _ kind: Int32
    ) throws(RemoteError) -> OpaquePointer {
        var made: OpaquePointer?
        let sessionHandle = unsafe session.handle
        let status = try complete("\(verb) \(path)") {
            unsafe made = unsafe libssh2_sftp_open_ex(
                handle, path, UInt32(path.utf8.count), UInt(flags), mode, kind)
            return unsafe made == nil ? Int(libssh2_session_last_errno(sessionHandle)) : 0
        }
        guard let result = unsafe made else { throw failure(verb, path, status) }
        return unsafe result
    }

    /// How many bytes of write requests the server's window takes whole now.
    ///
    /// libssh2 forgets the rest of a half-sent request when an earlier one fails (a full disk), and
    /// everything after it would be misread; so it gets only whole ones of its 30,000 bytes plus head. At
    /// least one when nothing else is under way, for servers with a tiny window.
    func room(idle: Bool) -> Int {
        let window = Int(unsafe libssh2_channel_window_write_ex(channel, nil))
        return max(window / 30_400, idle ? 1 : 0) * 30_000
    }

    /// Remembers that this file has writes under way.
    func leaveUnsettled(_ file: RemoteFile) {
        unsettled = file
    }

    /// Waits for the writes of another file; its own next call reports what went wrong.
    func settle(unless file: RemoteFile? = nil) throws(RemoteError) {
        guard let other = unsettled, other !== file else { return }
        unsettled = nil
        other.settle()
        guard let fault = session.fault else { return }
        throw fault
    }
}
