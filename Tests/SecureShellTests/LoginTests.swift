// SPDX-License-Identifier: Apache-2.0
import Foundation
import SecureShell
import TestSupport
import Testing

@Suite("Logging in", .tags(.integration), .needsServer, .mayQueue)
struct LoginTests {
    @Test func `works with the right key and the pinned host`() throws {
        try SSHServer.with { server in
            let session = try server.session()
            #expect(session.hostKey?.text == server.hostKey)
            #expect(session.serverBanner.hasPrefix("SSH-2.0-OpenSSH"))
        }
    }

    @Test(arguments: ["ed25519", "ecdsa"])
    func `works with keys of type`(type: String) throws {
        var options = SSHServer.Options()
        options.userKeyType = type
        options.hostKeyTypes = [type]
        try SSHServer.with(options) { server in
            let session = try server.session()
            #expect(try session.capture("echo in").outputText == "in\n")
        }
    }

    @Test func `offers only what we accept`() throws {
        var options = SSHServer.Options()
        options.lines = ["LogLevel DEBUG2"]
        try SSHServer.with(options) { server in
            try server.session().disconnect()
            let lines = server.log.split(whereSeparator: \.isNewline).map(String.init)
            let start = try #require(lines.firstIndex { $0.contains("peer client KEXINIT proposal") })
            // Ten lines: exchanges, host keys, then ciphers, codes, compression and languages of each direction.
            let offer = lines[start...].prefix(11).joined(separator: "\n")
            #expect(offer.contains("host key algorithms: ssh-ed25519"))
            #expect(offer.contains("aes256-ctr") && offer.contains("hmac-sha2-256"))
            for weak in ["sha1", "md5", "cbc", "ripemd", "ecdsa", "ssh-rsa"] {
                #expect(!offer.contains(weak), "\(weak) in \(offer)")
            }
        }
    }

    @Test func `refuses a server with only weak ciphers`() throws {
        var options = SSHServer.Options()
        options.lines = ["Ciphers aes128-cbc"]
        try SSHServer.with(options) { server in
            let error = try failure { _ = try server.session() }
            #expect(error.code == .negotiationFailed)
        }
    }

    @Test func `refuses a host without a pin, before the account is named`() throws {
        try SSHServer.with { server in
            var endpoint = try server.endpoint()
            endpoint.hostKey = nil
            let error = try failure { _ = try Session(connecting: endpoint) }
            #expect(error.code == .hostKeyUnknown(try HostKeyPin(parsing: server.hostKey)))
            #expect(!server.named(server.user))
        }
    }

    @Test func `refuses a host whose key has changed, before the account is named`() throws {
        try SSHServer.with { server in
            let endpoint = try server.endpoint()
            let expected = try HostKeyPin(parsing: server.hostKey)
            try server.replaceHostKey()
            let found = try HostKeyPin(parsing: server.hostKey)
            let error = try failure { _ = try Session(connecting: endpoint) }
            #expect(error.code == .hostKeyChanged(expected: expected, found: found))
            #expect(!error.isTransient)
            #expect(!server.named(server.user))
        }
    }

    @Test func `is refused with a key that opens nothing`() throws {
        try SSHServer.with { server in
            let error = try failure {
                _ = try Session(connecting: server.endpoint(key: server.strangerKeyPath))
            }
            #expect(error.code == .authenticationFailed)
            #expect(error.operation.contains(server.user))
            // Proves that the check used for hosts that are refused can fail.
            #expect(server.named(server.user))
        }
    }

    @Test func `refuses a key file that others can read`() throws {
        try SSHServer.with { server in
            let key = try server.folder.write(
                try server.folder.read("user_key"), to: "open_key", mode: 0o640)
            let error = try failure { _ = try Session(connecting: server.endpoint(key: key)) }
            #expect(error.code == .identityUnusable)
            #expect(error.hint == "chmod 600 \(key)")
        }
    }

    @Test func `refuses a file that is no key`() throws {
        try SSHServer.with { server in
            let key = try server.folder.write("not a key\n", to: "no_key", mode: 0o600)
            let error = try failure { _ = try Session(connecting: server.endpoint(key: key)) }
            #expect(error.code == .identityUnusable)
        }
    }

    @Test func `says that a port is unreachable`() throws {
        try SSHServer.with { server in
            let error = try failure { _ = try server.session(port: freePort()) }
            #expect(error.code == .unreachable)
            #expect(error.isTransient)
            #expect(error.detail == "Connection refused")
        }
    }

    @Test func `gives up on a server that says nothing`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                proxy.freeze()
                let error = try failure {
                    _ = try Session(
                        connecting: server.endpoint(port: proxy.port), deadline: .milliseconds(300))
                }
                #expect(error.code == .timedOut(after: .milliseconds(300)))
            }
        }
    }

    @Test func `goes through a jump host`() throws {
        try SSHServer.with { jump in
            try SSHServer.with { server in
                var endpoint = try server.endpoint()
                endpoint.jump = try jump.endpoint()
                let session = try Session(connecting: endpoint)
                let megabytes = noise(3 << 20)
                #expect(try session.capture("cat", input: megabytes).output == megabytes)
                session.disconnect()
            }
        }
    }

    @Test func `says which host of the way failed`() throws {
        try SSHServer.with { jump in
            try SSHServer.with { server in
                var endpoint = try server.endpoint()
                endpoint.jump = try jump.endpoint(key: jump.strangerKeyPath)
                let error = try failure { _ = try Session(connecting: endpoint) }
                #expect(error.code == .authenticationFailed)
                #expect(error.host == "127.0.0.1:\(jump.port)")
            }
        }
    }
}

extension SSHServer {
    /// Whether a client has told the server this account's name.
    fileprivate func named(_ user: String) -> Bool {
        log.contains("for \(user)") || log.contains("user \(user)")
    }
}

@Suite("Scanning host keys", .tags(.integration), .needsServer, .mayQueue)
struct HostKeyScanTests {
    @Test func `finds each type the host has, the preferred one first`() throws {
        var options = SSHServer.Options()
        options.hostKeyTypes = ["ecdsa", "ed25519"]
        try SSHServer.with(options) { server in
            let found = try HostKey.scan(server.host, port: server.port)
            #expect(found.map(\.type) == ["ssh-ed25519", "ecdsa-sha2-nistp256"])
            #expect(found.last?.text == server.hostKey)
        }
    }
}

@Suite("The agent", .tags(.integration), .needsServer, .serialized, .mayQueue)
struct AgentTests {
    @Test func `opens the account with a key it holds`() throws {
        try SSHServer.with { server in
            let socket = server.folder.path("agent")
            let said = try Command.output("ssh-agent", "-s", "-a", socket)
            let process = try agentProcess(said)
            defer { kill(process, SIGKILL) }
            try Command.output("ssh-add", server.strangerKeyPath, environment: ["SSH_AUTH_SOCK": socket])
            setenv("SSH_AUTH_SOCK", socket, 1)
            var endpoint = try server.endpoint()
            endpoint.identity = .agent
            let error = try failure { _ = try Session(connecting: endpoint) }
            #expect(error.code == .authenticationFailed)

            try Command.output("ssh-add", server.keyPath, environment: ["SSH_AUTH_SOCK": socket])
            let session = try Session(connecting: endpoint)
            #expect(try session.capture("echo in").outputText == "in\n")

            unsetenv("SSH_AUTH_SOCK")
            let silent = try failure { _ = try Session(connecting: endpoint) }
            #expect(silent.code == .identityUnusable)
        }
    }
}
