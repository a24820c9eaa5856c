// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("The register on the command line")
struct RegisterTests {
    private func lifeboat(_ root: String, _ arguments: String...) throws -> Command.Result {
        try Command([Program.path] + arguments + ["-w", root]).run()
    }

    private func workspace(_ work: (Scratch) throws -> Void) throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            try work(scratch)
        }
    }

    private static let file = """
        lifeboat_register: 1
        entries:
          fire-plan: {document: {kind: contingency_plan, title: Fire, approved_at: 2026-01-02}}
          drill-1: {action: {source: drill, title: fix the runbook, opened_at: 2026-02-01, due: 2026-03-01}}

        """

    @Test func `takes a file in once, and what has changed anew`() throws {
        try workspace { scratch in
            let file = try scratch.write(Self.file, to: "register.yaml")
            #expect(
                try lifeboat(scratch.path, "register", "add", file).text.contains(
                    "2 added, 0 replaced, 0 known"))
            #expect(
                try lifeboat(scratch.path, "register", "add", file).text.contains(
                    "0 added, 0 replaced, 2 known"))
            _ = try scratch.write(
                Self.file.replacingOccurrences(of: "title: Fire", with: "title: Fire and smoke"),
                to: "register.yaml")
            #expect(
                try lifeboat(scratch.path, "register", "add", file).text.contains(
                    "0 added, 1 replaced, 1 known"))
            #expect(try lifeboat(scratch.path, "register", "withdraw", "fire-plan").status == 0)
            #expect(try lifeboat(scratch.path, "register", "withdraw", "fire-plan").status == 4)
            let list = try lifeboat(scratch.path, "register", "list")
            #expect(list.text.contains("Fire and smoke") && list.text.contains("withdrawn"))
        }
    }

    @Test func `refuses a file with a mistake as a whole`() throws {
        try workspace { scratch in
            let file = try scratch.write(
                Self.file.replacingOccurrences(of: "due:", with: "dew:"), to: "register.yaml")
            let result = try lifeboat(scratch.path, "register", "add", file)
            #expect(
                result.status == 65 && result.error.contains("register.yaml:4: entries.drill-1.action.dew"))
            #expect(try lifeboat(scratch.path, "register", "list").text.contains("empty"))
        }
    }

    @Test func `takes a person's word that it is complete, for a time that is over`() throws {
        try workspace { scratch in
            let made = try lifeboat(
                scratch.path, "register", "complete", "drills", "--from", "2020-01-01", "--as", "petra")
            #expect(made.status == 0, "\(made.error)")
            let odd = try lifeboat(
                scratch.path, "register", "complete", "drills", "--from", "2020-01-01", "--to", "2199-01-01",
                "--as", "petra")
            #expect(odd.status == 4)
            let grade = try lifeboat(scratch.path, "grade", "--table", "14")
            #expect(grade.text.contains("0 drills"), "\(grade.text)")
        }
    }

    @Test func `announces maintenance only where the plan has a rule for it`() throws {
        try workspace { scratch in
            let made = try lifeboat(
                scratch.path, "register", "maintenance", "files", "--from", "2099-01-04T02:00:00Z", "--to",
                "2099-01-04T03:00:00Z", "--as", "petra")
            #expect(made.status == 0, "\(made.error)")
            let odd = try lifeboat(
                scratch.path, "register", "maintenance", "nothing", "--from", "2099-01-04T02:00:00Z", "--to",
                "2099-01-04T03:00:00Z", "--as", "petra")
            #expect(odd.status == 64)
        }
    }

    @Test func `waives a criterion and leaves a dimension out, each with a reason`() throws {
        try workspace { scratch in
            let waived = try lifeboat(
                scratch.path, "register", "waive", "t14-plans-process", "--reason", "being written", "--as",
                "petra",
                "--role", "owner", "--until", "2099-01-01")
            #expect(waived.status == 0, "\(waived.error)")
            let scoped = try lifeboat(
                scratch.path, "register", "scope", "t14-culture", "--reason", "a company of two", "--as",
                "petra",
                "--role", "owner", "--until", "2099-01-01")
            #expect(scoped.status == 0, "\(scoped.error)")
            #expect(try lifeboat(scratch.path, "grade", "--table", "14").text.contains("a company of two"))
            let odd = try lifeboat(
                scratch.path, "register", "waive", "t14-plans-proces", "--reason", "r", "--as", "petra",
                "--role",
                "owner", "--until", "2099-01-01")
            #expect(odd.status == 64 && odd.error.contains("did you mean 't14-plans-process'?"))
        }
    }
}
