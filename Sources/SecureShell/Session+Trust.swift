// SPDX-License-Identifier: Apache-2.0
import CSSH2
import FoundationEssentials
import Glibc

/// What the two sides agree on, and whether the host is the one we mean.
extension Session {
    /// Offers only what we would accept; libssh2 1.10 would offer MD5 and SHA-1 as well.
    ///
    /// Encrypt-then-MAC is named first and skipped by libraries that lack it (1.10 does).
    func negotiate(_ types: [String]) throws(RemoteError) {
        let ciphers = "aes256-ctr,aes192-ctr,aes128-ctr"
        let codes =
            "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha2-256,hmac-sha2-512"
        let exchanges =
            "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
            + "ecdh-sha2-nistp521,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
            + "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256"
        let wanted = [
            (LIBSSH2_METHOD_KEX, exchanges), (LIBSSH2_METHOD_HOSTKEY, types.joined(separator: ",")),
            (LIBSSH2_METHOD_CRYPT_CS, ciphers), (LIBSSH2_METHOD_CRYPT_SC, ciphers),
            (LIBSSH2_METHOD_MAC_CS, codes), (LIBSSH2_METHOD_MAC_SC, codes),
            (LIBSSH2_METHOD_COMP_CS, "none"), (LIBSSH2_METHOD_COMP_SC, "none"),
        ]
        for (method, names) in wanted {
            let status = unsafe libssh2_session_method_pref(handle, method, names)
            guard status == 0 else { throw failure("choose algorithms", Int(status)) }
        }
    }

    /// Why the key exchange failed; a missing host key type is the usual reason.
    func handshakeFailure(_ status: Int) -> RemoteError {
        switch Int32(status) {
        case LIBSSH2_ERROR_SOCKET_NONE, LIBSSH2_ERROR_KEY_EXCHANGE_FAILURE:
            // So it calls a connection that ends in the middle of the exchange, too.
            isUsable
                ? ended(.negotiationFailed, "exchange keys", lastMessage)
                : ended(.connectionLost, "exchange keys", lastMessage)
        case LIBSSH2_ERROR_KEX_FAILURE, LIBSSH2_ERROR_METHOD_NONE:
            ended(
                .negotiationFailed, "exchange keys", lastMessage,
                hint: endpoint.hostKey.map {
                    "the server may no longer have a \($0.type) key; compare 'ssh-keyscan' with the plan"
                })
        default: failure("exchange keys", status)
        }
    }

    /// The key the host has just proven to hold.
    func shownHostKey() -> (pin: HostKeyPin?, line: String?) {
        var length = 0
        var kind: Int32 = 0
        guard let blob = unsafe libssh2_session_hostkey(handle, &length, &kind),
            let hash = unsafe libssh2_hostkey_hash(handle, LIBSSH2_HOSTKEY_HASH_SHA256)
        else { return (nil, nil) }
        let key = unsafe [UInt8](UnsafeRawBufferPointer(start: blob, count: length))
        guard let type = wireString(key) else { return (nil, nil) }
        let sha256 = unsafe [UInt8](UnsafeRawBufferPointer(start: hash, count: 32))
        return (HostKeyPin(type: type, sha256: sha256), "\(type) \(Data(key).base64EncodedString())")
    }

    /// Refuses a host that is not the pinned one.
    func checkHostKey() throws(RemoteError) {
        guard let found = hostKey else {
            throw ended(.protocolFailure, "check the host key", "the server showed no key")
        }
        guard let expected = endpoint.hostKey else {
            throw ended(
                .hostKeyUnknown(found), "trust the host", "no host key is pinned; it showed \(found.text)",
                hint: "compare the fingerprint with the machine's own, then pin it as its host key")
        }
        guard expected == found else {
            throw ended(
                .hostKeyChanged(expected: expected, found: found), "trust the host",
                "host key has changed: expected \(expected.text), found \(found.text)",
                hint: "if the machine was rebuilt, compare the fingerprint and pin the new one")
        }
    }
}

/// The first string in an SSH wire format blob, which names the key's type.
func wireString(_ blob: [UInt8]) -> String? {
    guard blob.count >= 4 else { return nil }
    let length = blob[..<4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= blob.count - 4 else { return nil }
    return String(decoding: blob[4..<4 + length], as: UTF8.self)
}

/// What hosts show to anybody who asks.
package enum HostKey {
    /// Asks a host for its key of each type that can be pinned, the preferred type first.
    ///
    /// Trusts nothing and logs in nowhere: a person compares the answer with
    /// the machine's own fingerprints. Types that the host lacks are left out.
    package static func scan(
        _ host: String, port: Int = 22, jump: Endpoint? = nil, deadline: Duration = .seconds(15)
    ) throws(RemoteError) -> [HostKeyPin] {
        let limit = Deadline(in: deadline)
        let endpoint = Endpoint(
            host: host, port: port, user: "", identity: .agent, hostKey: nil, jump: jump)
        var found: [HostKeyPin] = []
        for type in HostKeyPin.types {
            do {
                let session = try Session(
                    greeting: endpoint, types: [type], deadline: limit, idle: deadline)
                if let pin = session.hostKey { found.append(pin) }
                session.disconnect()
            } catch  where error.code == .negotiationFailed {
                continue
            }
        }
        guard !found.isEmpty else {
            throw RemoteError(
                .negotiationFailed, operation: "ask for host keys", host: endpoint.label,
                detail: "the host has no key of a type that can be pinned",
                hint: "give it an ed25519 key: ssh-keygen -A")
        }
        return found
    }
}
