// SPDX-License-Identifier: Apache-2.0
import SecureShell
import TestSupport
import Testing

@Suite("A bad network", .tags(.integration), .needsServer, .mayQueue)
struct BadNetworkTests {
    @Test func `that breaks off an upload is a lost connection`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let session = try server.session(port: proxy.port)
                let files = try session.files()
                let file = try files.open(server.folder.path("part"), for: .creating(mode: 0o600))
                proxy.cut(afterUpstream: 3_000_000)
                let error = try failure {
                    try file.write(all: noise(20 << 20), by: 1 << 20)
                    try file.close()
                }
                #expect(error.code == .connectionLost)
                #expect(error.isTransient)
                #expect(try failure { try file.close() }.code == .connectionLost)
                #expect(try failure { _ = try session.capture("true") }.code == .connectionLost)
            }
        }
    }

    @Test func `that breaks off a download is a lost connection`() throws {
        try SSHServer.with { server in
            let path = try server.folder.write(noise(20 << 20), to: "part")
            let file = try server.session().files().open(path, for: .reading)
            _ = try file.read(all: 1 << 20, by: 1 << 20)
            server.killConnections()
            let error = try failure { _ = try file.read(all: 20 << 20, by: 1 << 20) }
            #expect(error.code == .connectionLost)
        }
    }

    @Test func `that breaks off a command is not success`() throws {
        try SSHServer.with { server in
            let session = try server.session()
            let error = try failure {
                _ = try session.run("echo on; sleep 60", onOutput: { _ in server.killConnections() })
            }
            #expect(error.code == .connectionLost)
        }
    }

    @Test func `that falls silent is noticed after the idle deadline`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let session = try server.session(port: proxy.port, idle: .seconds(1))
                let files = try session.files()
                proxy.freeze()
                let error = try failure { _ = try files.list("/") }
                #expect(error.code == .timedOut(after: .seconds(1)))
                let later = try failure { _ = try files.list("/") }
                #expect(later.code == error.code)
            }
        }
    }

    @Test func `that falls silent ends a silent command too`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let session = try server.session(port: proxy.port, idle: .seconds(1))
                let error = try failure {
                    _ = try session.run("echo on; sleep 60", onOutput: { _ in proxy.freeze() })
                }
                #expect(error.code == .timedOut(after: .seconds(1)))
            }
        }
    }

    @Test func `that is slow for longer than the idle deadline only costs time`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port, delay: .milliseconds(100)) { proxy in
                let session = try server.session(port: proxy.port, idle: .seconds(2))
                let files = try session.files()
                let bytes = noise(24 << 20)
                let file = try files.open(server.folder.path("part"), for: .creating(mode: 0o600))
                try file.write(all: bytes, by: 1 << 20)
                try file.close()
                #expect(try server.folder.read("part") == bytes)
            }
        }
    }

    @Test func `survives that the server changes its keys under way`() throws {
        var options = SSHServer.Options()
        options.lines = ["RekeyLimit 4M"]
        try SSHServer.with(options) { server in
            let files = try server.session().files()
            let bytes = noise(24 << 20)
            let path = server.folder.path("part")
            let file = try files.open(path, for: .creating(mode: 0o600))
            try file.write(all: bytes, by: 1 << 20)
            try file.close()
            let reading = try files.open(path, for: .reading)
            #expect(try reading.read(all: bytes.count, by: 1 << 20) == bytes)
        }
    }
}
