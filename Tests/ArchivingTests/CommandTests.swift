// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A command run by a test")
struct CommandTests {
    @Test func `gives back its status and both outputs`() throws {
        let result = try Command.run("sh", "-c", "cat; echo oops >&2; exit 3", input: Array("in".utf8))
        #expect(result.status == 3)
        #expect(result.text == "in")
        #expect(result.error == "oops\n")
    }

    @Test func `that a signal ends has 128 and its number as status`() throws {
        #expect(try Command.run("sh", "-c", "kill -9 $$").status == 137)
    }

    @Test func `runs in the folder and with the variables it is given`() throws {
        try Scratch.with { folder in
            let result = try Command.run(
                "sh", "-c", "pwd; echo $LIFEBOAT_TEST", environment: ["LIFEBOAT_TEST": "a b"],
                folder: folder.path)
            #expect(result.text == "\(folder.path)\na b\n")
        }
    }

    @Test func `may take and give more than a pipe holds`() throws {
        let bytes = [UInt8](repeating: 7, count: 2_000_000)
        #expect(try Command.output("cat", input: bytes) == bytes)
    }

    @Test func `that must succeed throws with its own words`() throws {
        let error = try #require(throws: (any Error).self) {
            try Command.output("sh", "-c", "echo oops >&2; exit 3")
        }
        #expect("\(error)".contains("status 3: oops"))
        #expect(throws: (any Error).self) { try Command.run("no-such-program-here") }
        #expect(!Command.isInstalled("no-such-program-here"))
        #expect(Command.isInstalled("sh"))
    }
}
