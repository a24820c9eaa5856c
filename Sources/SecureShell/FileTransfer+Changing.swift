// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// What a file is opened for.
package enum OpenPurpose: Hashable, Sendable {
    case reading
    /// A new file with this mode (the server's umask applies); one that exists is refused.
    case creating(mode: Int)
    /// An existing file, from its beginning, its length kept.
    case overwriting
    /// An existing file, cut to nothing first.
    case truncating
    /// An existing file, at its end. OpenSSH's server honours this.
    case appending

    fileprivate var flags: Int32 {
        switch self {
        case .reading: LIBSSH2_FXF_READ
        case .creating: LIBSSH2_FXF_WRITE | LIBSSH2_FXF_CREAT | LIBSSH2_FXF_EXCL
        case .overwriting: LIBSSH2_FXF_WRITE
        case .truncating: LIBSSH2_FXF_WRITE | LIBSSH2_FXF_TRUNC
        case .appending: LIBSSH2_FXF_WRITE | LIBSSH2_FXF_APPEND
        }
    }
}

/// Changing what lies on the other host.
///
/// A vault refuses all of this but new files and folders; `site check` proves it with these same calls.
extension FileTransfer {
    /// Opens a file; close it with ``RemoteFile/close()``, which reports the last writes' fate.
    package func open(_ path: String, for purpose: OpenPurpose) throws(RemoteError) -> RemoteFile {
        var mode = 0
        var verb = purpose == .reading ? "open" : "write"
        if case .creating(let wanted) = purpose { (mode, verb) = (wanted, "create") }
        let made = unsafe try openHandle(
            verb, path, flags: purpose.flags, mode: mode, LIBSSH2_SFTP_OPENFILE)
        return unsafe RemoteFile(self, path: path, handle: made)
    }

    package func makeFolder(_ path: String, mode: Int = 0o700) throws(RemoteError) {
        try change("make the folder", path) {
            unsafe libssh2_sftp_mkdir_ex(handle, path, UInt32(path.utf8.count), mode)
        }
    }

    /// Makes a folder and those above it that are missing; existing folders are fine.
    package func makeFolders(_ path: String, mode: Int = 0o700) throws(RemoteError) {
        if let found = try? stat(path), found.kind == .folder { return }
        if let end = path.dropLast().lastIndex(of: "/"), end != path.startIndex {
            try makeFolders(String(path[..<end]), mode: mode)
        }
        do {
            try makeFolder(path, mode: mode)
        } catch  where error.code == .exists {
            // Another session may have made it meanwhile; a file in its place is an error.
            guard try stat(path).kind == .folder else { throw error }
        }
    }

    package func remove(_ path: String) throws(RemoteError) {
        try change("remove", path) {
            unsafe libssh2_sftp_unlink_ex(handle, path, UInt32(path.utf8.count))
        }
    }

    package func removeFolder(_ path: String) throws(RemoteError) {
        try change("remove the folder", path) {
            unsafe libssh2_sftp_rmdir_ex(handle, path, UInt32(path.utf8.count))
        }
    }

    /// Renames; OpenSSH refuses when the new name exists.
    package func rename(_ path: String, to new: String) throws(RemoteError) {
        try change("rename", path, target: new) {
            unsafe libssh2_sftp_rename_ex(
                handle, path, UInt32(path.utf8.count), new, UInt32(new.utf8.count), 0)
        }
    }

    /// Makes a symbolic link at `path` with these contents.
    ///
    /// libssh2 1.10 takes the request's number for the answer's status here, so the link itself is looked
    /// at; when it is missing nobody can say why.
    package func makeLink(_ path: String, to target: String) throws(RemoteError) {
        // OpenSSH takes the two names in the other order than the protocol says.
        var name = Array(path.utf8CString)
        let status = try complete("make the link \(path)") {
            unsafe name.withUnsafeMutableBufferPointer { text in
                unsafe Int(
                    libssh2_sftp_symlink_ex(
                        handle, target, UInt32(target.utf8.count), text.baseAddress, UInt32(text.count - 1),
                        LIBSSH2_SFTP_SYMLINK))
            }
        }
        guard status >= 0 || status == Int(LIBSSH2_ERROR_SFTP_PROTOCOL) else {
            throw failure("make the link", path, status)
        }
        guard try exists(path), try readLink(path) == target else {
            throw RemoteError(
                .remoteFailure, operation: "make the link \(path)", host: session.endpoint.label,
                detail: "the server made no link")
        }
    }

    package func setMode(_ path: String, _ mode: Int) throws(RemoteError) {
        try setAttributes("change the mode of", path) { raw in
            raw.flags = UInt(LIBSSH2_SFTP_ATTR_PERMISSIONS)
            raw.permissions = UInt(mode)
        }
    }

    package func truncate(_ path: String, to size: Int) throws(RemoteError) {
        try setAttributes("truncate", path) { raw in
            raw.flags = UInt(LIBSSH2_SFTP_ATTR_SIZE)
            raw.filesize = UInt64(size)
        }
    }

    /// Sets both times, in seconds since 1970.
    package func setTimes(_ path: String, accessed: Int, modified: Int) throws(RemoteError) {
        try setAttributes("set the times of", path) { raw in
            raw.flags = UInt(LIBSSH2_SFTP_ATTR_ACMODTIME)
            raw.atime = UInt(accessed)
            raw.mtime = UInt(modified)
        }
    }

    private func setAttributes(
        _ verb: String, _ path: String, _ set: (inout LIBSSH2_SFTP_ATTRIBUTES) -> Void
    ) throws(RemoteError) {
        var raw = LIBSSH2_SFTP_ATTRIBUTES()
        set(&raw)
        try change(verb, path) {
            unsafe libssh2_sftp_stat_ex(handle, path, UInt32(path.utf8.count), LIBSSH2_SFTP_SETSTAT, &raw)
        }
    }

    private func change(
        _ verb: String, _ path: String, target: String? = nil, _ call: () -> Int32
    ) throws(RemoteError) {
        let status = try complete("\(verb) \(path)") { Int(call()) }
        guard status == 0 else { throw failure(verb, path, status, target: target) }
    }
}
