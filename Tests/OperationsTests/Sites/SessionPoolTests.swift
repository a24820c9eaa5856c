// SPDX-License-Identifier: Apache-2.0
import Foundation
import Operations
import SecureShell
import TestSupport
import Testing

@Suite("A pool of sessions", .tags(.integration), .needsServer, .mayQueue)
struct SessionPoolTests {
    private func process(_ session: PooledSession) throws -> String {
        try session.session.capture("echo $PPID").outputText
    }

    @Test func `lends the same session again, and another while it is in use`() throws {
        try SSHServer.with { server in
            let pool = try connector([BenchSite("berlin", server)]).pool(of: "berlin")
            let first = try pool.with { try process($0) }
            #expect(try pool.with { try process($0) } == first)
            let (outer, inner) = try pool.with { outer in
                (try process(outer), try pool.with { try process($0) })
            }
            #expect(outer == first)
            #expect(inner != first)
        }
    }

    @Test func `serves many threads at once`() throws {
        try SSHServer.with { server in
            let pool = try connector([BenchSite("berlin", server)]).pool(of: "berlin")
            let group = DispatchGroup()
            let answers = Answers()
            for number in 0..<8 {
                group.enter()
                Thread {
                    for round in 0..<5 {
                        let text = try? pool.with {
                            try $0.shell().capture("echo \(number).\(round)").outputText
                        }
                        answers.add(text == "\(number).\(round)\n")
                    }
                    group.leave()
                }.start()
            }
            group.wait()
            #expect(answers.all == [Bool](repeating: true, count: 40))
        }
    }

    @Test func `asks again on a fresh session when a resting one was lost`() throws {
        try SSHServer.with { server in
            try TCPProxy.with(to: server.port) { proxy in
                let site = BenchSite("berlin", server, port: proxy.port)
                let pool = try connector([site]).pool(of: "berlin")
                _ = try pool.with { try $0.files().realPath(".") }
                proxy.cut()
                #expect(try pool.ask { try $0.files().realPath("/") } == "/")
            }
        }
    }

    @Test func `replaces a session that was lost in use`() throws {
        try SSHServer.with { server in
            let pool = try connector([BenchSite("berlin", server)]).pool(of: "berlin")
            let error = try remoteFailure {
                try pool.with { session in
                    server.killConnections()
                    _ = try session.files().realPath("/")
                }
            }
            #expect(error.code == .connectionLost)
            #expect(try pool.with { try $0.files().realPath("/") } == "/")
        }
    }

    @Test func `refuses after it was closed`() throws {
        try SSHServer.with { server in
            let connector = try connector([BenchSite("berlin", server)])
            let pool = try connector.pool(of: "berlin")
            _ = try pool.with { try process($0) }
            connector.close()
            #expect(try operationFailure { _ = try pool.with { try process($0) } }.code == .cancelled)
        }
    }
}

/// What several threads have found.
private final class Answers: @unchecked Sendable {
    // Unchecked: the array is only touched under the lock.
    private let lock = NSLock()
    private var values: [Bool] = []

    func add(_ value: Bool) {
        lock.withLock { values.append(value) }
    }

    var all: [Bool] { lock.withLock { values } }
}
