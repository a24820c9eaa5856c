// SPDX-License-Identifier: Apache-2.0
import CSSH2
import Glibc

/// How we prove that the account is ours.
extension Session {
    func authenticate() throws(RemoteError) {
        switch endpoint.identity {
        case .file(let path): try authenticate(withKeyAt: path)
        case .agent: try authenticateWithAgent()
        }
    }

    private func authenticate(withKeyAt path: String) throws(RemoteError) {
        var key = try privateKey(at: path)
        defer { wipe(&key) }
        let user = endpoint.user
        let handle = unsafe self.handle
        let status = try complete("log in as \(user)") {
            unsafe key.withUnsafeBufferPointer { bytes in
                unsafe bytes.withMemoryRebound(to: CChar.self) { text in
                    unsafe Int(
                        libssh2_userauth_publickey_frommemory(
                            handle, user, user.utf8.count, nil, 0, text.baseAddress, text.count, nil))
                }
            }
        }
        switch Int32(status) {
        case 0: return
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED, LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED:
            throw ended(.authenticationFailed, "log in as \(user) with \(path)", lastMessage)
        case LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_SEND,
            LIBSSH2_ERROR_BAD_SOCKET:
            throw failure("log in as \(user)", status)
        default:
            throw ended(
                .identityUnusable, "use the key \(path)", lastMessage,
                hint: "give an ed25519 or ECDSA key in OpenSSH's form without a passphrase, or use an agent")
        }
    }

    /// Reads a key file that nobody else can read.
    ///
    /// The check is made on the opened file, so that nobody can swap it in between.
    private func privateKey(at path: String) throws(RemoteError) -> [UInt8] {
        func unusable(_ detail: String, hint: String? = nil) -> RemoteError {
            ended(.identityUnusable, "read the key \(path)", detail, hint: hint)
        }
        let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw unusable(SystemError(number: errno).text) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0 else { throw unusable(SystemError(number: errno).text) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw unusable("not a regular file") }
        guard status.st_mode & 0o077 == 0 else {
            throw unusable(
                "others may read or write it (mode \(String(status.st_mode & 0o777, radix: 8)))",
                hint: "chmod 600 \(shellQuoted(path))")
        }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw unusable("it belongs to another user (uid \(status.st_uid))")
        }
        // Far above any real key; keeps a wrong path from filling the memory.
        guard (1...65_536).contains(status.st_size) else { throw unusable("it is empty or too large") }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(file, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw unusable("it could not be read whole") }
        return bytes
    }

    private func wipe(_ secret: inout [UInt8]) {
        unsafe secret.withUnsafeMutableBytes { _ = unsafe $0.initializeMemory(as: UInt8.self, repeating: 0) }
    }

    private func authenticateWithAgent() throws(RemoteError) {
        func unusable(_ detail: String) -> RemoteError {
            ended(
                .identityUnusable, "use the agent", detail,
                hint: "is SSH_AUTH_SOCK set, and does 'ssh-add -l' list an ed25519 or ECDSA key?")
        }
        guard let agent = unsafe libssh2_agent_init(handle) else { throw unusable(lastMessage) }
        defer {
            _ = unsafe libssh2_agent_disconnect(agent)
            unsafe libssh2_agent_free(agent)
        }
        guard unsafe libssh2_agent_connect(agent) == 0, unsafe libssh2_agent_list_identities(agent) == 0
        else { throw unusable(lastMessage) }
        var previous: UnsafeMutablePointer<libssh2_agent_publickey>?
        var tried = 0
        while true {
            var key: UnsafeMutablePointer<libssh2_agent_publickey>?
            guard unsafe libssh2_agent_get_identity(agent, &key, previous) == 0, let found = unsafe key
            else { break }
            unsafe previous = unsafe found
            // Other types would only use up the server's patience: libssh2 signs RSA with SHA-1.
            let blob = unsafe [UInt8](
                UnsafeRawBufferPointer(start: found.pointee.blob, count: found.pointee.blob_len))
            guard let type = wireString(blob), HostKeyPin.types.contains(type) else { continue }
            tried += 1
            let user = endpoint.user
            let status = try complete("log in as \(user) with the agent") {
                unsafe Int(libssh2_agent_userauth(agent, user, found))
            }
            if status == 0 { return }
            guard
                status == Int(LIBSSH2_ERROR_AUTHENTICATION_FAILED)
                    || status == Int(LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
            else { throw failure("log in as \(user) with the agent", status) }
        }
        guard tried > 0 else { throw unusable("it holds no ed25519 or ECDSA key") }
        throw ended(
            .authenticationFailed, "log in as \(endpoint.user)",
            "none of the agent's \(tried) keys was accepted")
    }
}
