// SPDX-License-Identifier: Apache-2.0
import Continuity
import Glibc
import Operations
import SecureShell
import TestSupport
import Testing

@Suite("Connecting by the plan", .tags(.integration), .needsServer, .mayQueue)
struct ConnectingTests {
    private func open(_ connector: SiteConnector, _ host: String) throws -> Session {
        try connector.open(try #require(connector.plan.host(host)))
    }

    @Test func `opens a session with the key and the pin of the plan`() throws {
        try SSHServer.with { server in
            let session = try open(connector([BenchSite("berlin", server)]), "berlin")
            #expect(session.hostKey?.text == server.hostKey)
            #expect(try session.capture("echo here").outputText == "here\n")
        }
    }

    @Test func `takes a key below .lifeboat by its short name`() throws {
        try SSHServer.with { server in
            try Scratch.with { workspace in
                try workspace.write(
                    server.folder.read("user_key"), to: ".lifeboat/keys/berlin", mode: 0o600)
                var site = BenchSite("berlin", server)
                site.key = "keys/berlin"
                _ = try open(connector([site], workspace: workspace.path), "berlin")
            }
        }
    }

    @Test func `refuses a key that others may read, and says how to mend it`() throws {
        try SSHServer.with { server in
            chmod(server.keyPath, 0o644)
            let error = try remoteFailure { _ = try open(connector([BenchSite("berlin", server)]), "berlin") }
            #expect(error.code == .identityUnusable)
            #expect(error.hint == "chmod 600 \(server.keyPath)")
        }
    }

    @Test func `refuses a host without a pin, names its key and the command`() throws {
        try SSHServer.with { server in
            var site = BenchSite("berlin", server)
            site.pin = ""
            let error = try remoteFailure { _ = try open(connector([site]), "berlin") }
            let shown = try HostKeyPin(parsing: server.hostKey)
            #expect(error.code == .hostKeyUnknown(shown))
            #expect(error.detail.contains(server.hostKey))
            #expect(error.hint?.contains("lifeboat site trust berlin") == true)
        }
    }

    @Test func `refuses a changed key, names both and the command`() throws {
        try SSHServer.with { server in
            let site = BenchSite("berlin", server)
            let old = server.hostKey
            let connector = try connector([site])
            try server.replaceHostKey()
            let error = try remoteFailure { _ = try open(connector, "berlin") }
            let (expected, found) = (
                try HostKeyPin(parsing: old), try HostKeyPin(parsing: server.hostKey)
            )
            #expect(error.code == .hostKeyChanged(expected: expected, found: found))
            #expect(error.detail.contains(old) && error.detail.contains(server.hostKey))
            #expect(error.hint?.contains("lifeboat site trust berlin") == true)
            #expect(OperationError(describing: error).code == .refused)
        }
    }

    @Test func `says that the login key is wrong`() throws {
        try SSHServer.with { server in
            var site = BenchSite("berlin", server)
            site.key = server.strangerKeyPath
            let error = try remoteFailure { _ = try open(connector([site]), "berlin") }
            #expect(error.code == .authenticationFailed)
            #expect(error.host.hasPrefix("berlin (127.0.0.1:"))
        }
    }

    @Test func `says that a host cannot be reached, and where it was looked for`() throws {
        try SSHServer.with { server in
            let error = try remoteFailure {
                _ = try open(connector([BenchSite("berlin", server, port: freePort())]), "berlin")
            }
            #expect(error.code == .unreachable)
            #expect(error.isTransient)
            #expect(OperationError(describing: error).code == .unreachable)
        }
    }

    @Test func `gives up on a host that accepts and says nothing`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                proxy.freeze()
                let site = BenchSite("berlin", server, port: proxy.port)
                let error = try remoteFailure {
                    _ = try open(connector([site], patience: .seconds(1)), "berlin")
                }
                #expect(error.code == .timedOut(after: .seconds(1)))
            }
        }
    }

    @Test func `goes through a jump host, and names the one that is wrong`() throws {
        try SSHServer.with { inner in
            try SSHServer.with { outer in
                var far = BenchSite("far", inner)
                far.jump = "near"
                let near = BenchSite("near", outer)
                let session = try open(connector([far, near]), "far")
                #expect(try session.capture("echo through").outputText == "through\n")

                var wrong = near
                wrong.key = outer.strangerKeyPath
                let error = try remoteFailure { _ = try open(connector([far, wrong]), "far") }
                #expect(error.code == .authenticationFailed)
                #expect(error.host.hasPrefix("near "))
            }
        }
    }

    @Test func `refuses hosts that jump through each other`() throws {
        try SSHServer.with { server in
            var (one, two) = (BenchSite("one", server), BenchSite("two", server))
            (one.jump, two.jump) = ("two", "one")
            let error = try operationFailure { _ = try open(connector([one, two]), "one") }
            #expect(error.code == .badInput)
            #expect(error.detail.contains("one -> two -> one"))
        }
    }
}
