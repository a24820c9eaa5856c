// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("A workspace")
struct WorkspaceTests {
    @Test func `is made with a plan that is good`() throws {
        try Scratch.with { scratch in
            let root = scratch.path + "/new"
            let made = try Command.run(Program.path, "init", root)
            #expect(made.status == 0, "\(made.error)")
            let check = try Command.run(Program.path, "plan", "check", "--workspace", root)
            #expect(check.status == 0, "\(check.text)\(check.error)")
            let mode = try FileManager.default.attributesOfItem(atPath: root + "/.lifeboat")[
                .posixPermissions]
            #expect(mode as? Int == 0o700)
        }
    }

    @Test func `keeps what is there when it is made again`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let plan = scratch.path + "/Plans/example.yaml"
            let mine = Data("lifeboat: 1\n".utf8)
            try mine.write(to: URL(fileURLWithPath: plan))
            _ = try Command.output(Program.path, "init", scratch.path)
            #expect(FileManager.default.contents(atPath: plan) == mine)
        }
    }

    @Test func `is found upwards, by name and by the environment`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let below = try Command.run(Program.path, "plan", "show", folder: scratch.path + "/Drills")
            let named = try Command.run(Program.path, "plan", "show", "-w", scratch.path, folder: "/")
            let set = try Command.run(
                Program.path, "plan", "show", environment: ["LIFEBOAT_WORKSPACE": scratch.path], folder: "/")
            #expect(below.status == 0 && named.status == 0 && set.status == 0)
            let none = try Command.run(Program.path, "plan", "show", folder: "/")
            #expect(none.status == 64)
            #expect(none.error.contains("hint: make one with 'lifeboat init'"))
        }
    }

    @Test func `shows a plan that names no organisation by its workspace`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            try Command.output("sed", "-i", "/^organisation:/d", scratch.path + "/Plans/example.yaml")
            let shown = try Command.run(Program.path, "plan", "show", "-w", scratch.path)
            #expect(shown.text.hasPrefix("workspace example-shop, times in"), "\(shown.text)\(shown.error)")
        }
    }

    @Test func `names a typo in the plan with file, line, key and a guess`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let plan = scratch.path + "/Plans/example.yaml"
            let text = try String(contentsOfFile: plan, encoding: .utf8)
            let wrong = text.replacingOccurrences(of: "offsite: 1", with: "ofsite: 1")
            try wrong.write(toFile: plan, atomically: true, encoding: .utf8)
            let line = wrong.split(separator: "\n", omittingEmptySubsequences: false)
                .firstIndex { $0.contains("ofsite") }.map { $0 + 1 }
            let result = try Command.run(Program.path, "plan", "check", "--workspace", scratch.path)
            #expect(result.status == 65)
            #expect(
                result.text.contains(
                    "\(plan):\(try #require(line)): error: datasets.documents.copies.ofsite: unknown key "
                        + "(did you mean 'offsite'?)"), "\(result.text)")
            let refused = try Command.run(Program.path, "plan", "show", "--workspace", scratch.path, "--json")
            #expect(refused.status == 65)
            #expect(refused.text.contains("\"exit_status\" : 65"))
        }
    }

    @Test func `says that its ledger is whole, and where it is not`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let check = try Command.run(Program.path, "ledger", "check", "--offline", "-w", scratch.path)
            #expect(check.status == 0)
            let ledger = scratch.path + "/.lifeboat/ledger.sqlite"
            try Data("this is no ledger, whatever its name says, and long enough".utf8)
                .write(to: URL(fileURLWithPath: ledger))
            let broken = try Command.run(Program.path, "ledger", "check", "-w", scratch.path)
            #expect(broken.status == 3)
            #expect(broken.error.contains("hint: keep the file"))
        }
    }
}
