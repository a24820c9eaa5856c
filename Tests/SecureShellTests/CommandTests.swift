// SPDX-License-Identifier: Apache-2.0
import Foundation
import SecureShell
import TestSupport
import Testing

@Suite("A command on another host", .tags(.integration), .needsServer, .mayQueue)
struct CommandTests {
    @Test func `brings back status, output and errors, each by itself`() throws {
        try SSHServer.with { server in
            let result = try server.session().capture("echo out; echo err >&2; exit 7")
            #expect(result.status == .exited(7))
            #expect(result.outputText == "out\n")
            #expect(result.errorText == "err\n")
        }
    }

    @Test func `reports death by a signal`() throws {
        try SSHServer.with { server in
            let result = try server.session().capture("kill -KILL $$")
            #expect(result.status == .signalled("KILL"))
            #expect(!result.status.isSuccess)
        }
    }

    @Test func `hears a signal that can be refused`() throws {
        try SSHServer.with { server in
            let session = try server.session()
            #expect(try session.capture("kill -TERM $$; echo deaf").status == .signalled("TERM"))
        }
    }

    @Test func `takes and gives ten megabytes at once`() throws {
        try SSHServer.with { server in
            let bytes = noise(10 << 20)
            let result = try server.session().capture("cat", input: bytes)
            #expect(result.status == .exited(0))
            #expect(result.output == bytes)
        }
    }

    @Test func `drains errors while only output is wanted`() throws {
        try SSHServer.with { server in
            let script = "head -c 8388608 /dev/zero >&2; echo done"
            var output = 0
            let status = try server.session().run(script, onOutput: { output += $0.count })
            #expect(status == .exited(0))
            #expect(output == 5)
        }
    }

    @Test func `ends with the error of the caller's closure, and the session goes on`() throws {
        struct Full: Error {}
        try SSHServer.with { server in
            let session = try server.session()
            #expect(throws: Full.self) {
                try session.run("cat /dev/zero", onOutput: { _ in throw Full() })
            }
            #expect(try session.capture("echo next").outputText == "next\n")
        }
    }

    @Test func `keeps no more than the limit`() throws {
        try SSHServer.with { server in
            let session = try server.session()
            let error = try failure { _ = try session.capture("cat /dev/zero", limit: 100_000) }
            #expect(error.code == .outputTooLarge(limit: 100_000))
            #expect(try session.capture("echo next").outputText == "next\n")
        }
    }

    @Test func `lives longer than the idle deadline while the server answers`() throws {
        try SSHServer.with { server in
            let session = try server.session(idle: .seconds(3))
            #expect(try session.capture("sleep 4; echo awake").outputText == "awake\n")
        }
    }

    @Test func `is ended by its own deadline`() throws {
        try SSHServer.with { server in
            let session = try server.session()
            let error = try failure { _ = try session.capture("sleep 60", deadline: .milliseconds(200)) }
            #expect(error.code == .timedOut(after: .milliseconds(200)))
            let later = try failure { _ = try session.capture("true") }
            #expect(later.code == error.code)
        }
    }

    @Test func `can be fed and read step by step`() throws {
        try SSHServer.with { server in
            let command = try server.session().begin("tr a-z A-Z; echo end >&2; exit 3")
            let bytes = [UInt8]("hello".utf8)
            try bytes.withUnsafeBytes { try command.write($0) }
            try command.closeInput()
            var answer = [UInt8](repeating: 0, count: 100)
            var count = 0
            while case let more = try answer.withUnsafeMutableBytes({
                try command.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
            }), more > 0 {
                count += more
            }
            #expect(String(decoding: answer[..<count], as: UTF8.self) == "HELLO")
            #expect(try command.finish() == .exited(3))
            #expect(String(decoding: command.errorOutput, as: UTF8.self) == "end\n")
        }
    }

    @Test func `gets its words unharmed`() throws {
        let words = [
            "plain", "", "two words", "it's", "$HOME `id` \\ \"x\"", "line\nbreak", "*", "-n", "ünï",
        ]
        try SSHServer.with { server in
            let result = try server.session().capture(shellQuoted(["printf", "%s\\0"] + words))
            #expect(result.outputText == words.map { $0 + "\0" }.joined())
        }
    }

    @Test func `is cut from another thread`() throws {
        try SSHServer.with { server in
            let session = try server.session()
            let cutter = session.cutter
            // A thread and no task: all of the pool's may be inside of other tests for a minute.
            let error = try failure {
                _ = try session.run(
                    "echo on; sleep 60", onOutput: { _ in Thread.detachNewThread { cutter.cut() } })
            }
            #expect(error.code == .cut)
        }
    }
}
