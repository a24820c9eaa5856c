// SPDX-License-Identifier: Apache-2.0
import CSSH2

/// How the server's statuses become errors.
extension FileTransfer {
    /// Below this much room a write that failed without a reason is taken for a full disk.
    private static let fullBelow = 128 << 10

    /// Turns a status into an error, while libssh2 still remembers why.
    ///
    /// SFTP version 3 has one "failure" for a full disk, a name that exists and much else.
    /// The server is asked again to tell them apart.
    func failure(_ verb: String, _ path: String, _ status: Int, target: String? = nil) -> RemoteError {
        guard status == Int(LIBSSH2_ERROR_SFTP_PROTOCOL) else {
            return session.failure("\(verb) \(path)", status)
        }
        let reason = Int32(truncatingIfNeeded: unsafe libssh2_sftp_last_error(handle))
        func error(_ code: RemoteError.Code, _ detail: String, hint: String? = nil) -> RemoteError {
            RemoteError(
                code, operation: "\(verb) \(path)", host: session.endpoint.label, detail: detail, hint: hint)
        }
        switch reason {
        case 2, 10: return error(.noSuchFile, "no such file")
        case 3, 12: return error(.permissionDenied, "permission denied")
        case 4: return unexplained(verb, target ?? path, error)
        case 6, 7: return session.ended(.connectionLost, "\(verb) \(path)", "the server lost its connection")
        case 8: return error(.notSupported, "the server does not know this request")
        case 11: return error(.exists, "it exists already")
        case 14: return error(.diskFull, "no space left on the file system")
        case 15: return error(.quotaExceeded, "the quota is used up")
        case 18: return error(.remoteFailure, "the folder is not empty")
        default: return error(.remoteFailure, "the server answered with SFTP status \(reason)")
        }
    }

    /// Finds the reason for a write that another channel saw fail without one; other failures stay as they are.
    package func explained(_ failure: RemoteError, writing path: String) -> RemoteError {
        guard failure.code == .remoteFailure else { return failure }
        return unexplained("write", path) { code, detail, hint in
            RemoteError(
                code, operation: failure.operation, host: session.endpoint.label, detail: detail, hint: hint)
        }
    }

    /// Finds the reason for a failure without one.
    private func unexplained(
        _ verb: String, _ path: String,
        _ error: (RemoteError.Code, String, String?) -> RemoteError
    ) -> RemoteError {
        let makesName = verb == "create" || verb.hasPrefix("make") || verb == "rename"
        // What cannot be asked leaves the plain failure as it is.
        if makesName, let isThere = try? exists(path), isThere {
            return error(.exists, "it exists already", nil)
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        if makesName || verb == "write" || verb == "sync" || verb == "close",
            let room = try? freeSpace(folder.isEmpty ? "/" : folder)
        {
            if room.available < Self.fullBelow || room.availableFiles == 0 {
                return error(.diskFull, "no space left on the file system", nil)
            }
            return error(
                .remoteFailure, "the server failed without a reason",
                "the file system has room, so a quota or a read-only mount may be the cause")
        }
        return error(.remoteFailure, "the server failed without a reason", nil)
    }
}
