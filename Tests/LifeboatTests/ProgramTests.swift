// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("The program")
struct ProgramTests {
    @Test func `says its version`() throws {
        let result = try Command.run(Program.path, "--version")
        #expect(result.status == 0)
        #expect(result.text.split(separator: ".").count == 3)
    }

    @Test func `shows its exit statuses`() throws {
        let result = try Command.run(Program.path, "--help")
        #expect(result.status == 0)
        for number in [0, 1, 2, 3, 4, 5, 64, 65, 69, 74, 77, 130] {
            #expect(result.text.contains("\n  \(number) "), "status \(number) is not explained")
        }
    }

    @Test(
        "refuses a wrong use with status 64",
        arguments: [["bogus"], ["plan", "check", "--no-such"], ["plan", "show", "--workspace"]])
    func usage(arguments: [String]) throws {
        let result = try Command([Program.path] + arguments).run()
        #expect(result.status == 64)
        #expect(result.error.contains("Usage: lifeboat"))
        #expect(result.output.isEmpty)
    }

    @Test func `makes completions for three shells`() throws {
        for shell in ["bash", "zsh", "fish"] {
            let result = try Command.run(Program.path, "--generate-completion-script", shell)
            #expect(result.status == 0)
            #expect(result.text.contains("lifeboat"))
        }
    }

    @Test func `ends quietly when its reader goes away`() throws {
        let result = try Command.run(
            "bash", "-c", "set -o pipefail; \"$0\" ledger export --workspace \"$1\" | true", Program.path,
            "/tmp")
        // Without a ledger there is nothing to print; what counts is that no signal ended it.
        #expect(result.status < 128, "\(result.error)")
    }

    @Test func `says when the disk will not take its result`() throws {
        let result = try Command.run(
            "bash", "-c", "\"$0\" plan check \"$1\" >/dev/full", Program.path, example)
        #expect(result.status == 74)
        #expect(result.error.contains("cannot write to standard output"))
    }

    /// The plan that is shipped, seen from this file.
    private var example: String {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return root.path + "/Plans/example.yaml"
    }
}
