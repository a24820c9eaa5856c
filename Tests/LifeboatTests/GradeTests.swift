// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

@Suite("The grade on the command line")
struct GradeTests {
    private func grade(_ root: String, _ arguments: String...) throws -> Command.Result {
        try Command([Program.path, "grade", "-w", root] + arguments).run()
    }

    private func json(_ result: Command.Result) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
    }

    @Test func `says what would be different, and that it is supposed`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let result = try grade(
                scratch.path, "--what-if", "attest=t14-plans-process", "--what-if", "attest=t14-plans-it-drp",
                "--what-if", "drill=tabletop", "--what-if", "drill=simulation:files:rto=20m")
            #expect(result.text.contains("SUPPOSED, not so: attest=t14-plans-process"))
            #expect(
                result.text.contains("t14-plans: no evidence, up to level 5 possible -> level 1 confirmed"))
            #expect(result.text.contains("t14-drills: "), "\(result.text)")
            let output = try json(try grade(scratch.path, "--json", "--what-if", "drill=tabletop"))
            #expect(output["supposed"] as? [String] == ["drill=tabletop"])
            #expect(output["difference"] != nil && output["ways_up"] != nil && output["tables"] != nil)
            let plain = try json(try grade(scratch.path, "--json"))
            #expect(plain["difference"] == nil)
        }
    }

    @Test func `supposes another plan`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let text = try scratch.text("Plans/example.yaml")
                .replacingOccurrences(of: "standby: cold", with: "standby: hot")
            let file = try scratch.write(text, to: "hot.yaml")
            let result = try grade(scratch.path, "--what-if", "plan=\(file)")
            #expect(result.text.contains("t14-dr-hot"), "\(result.text)")
        }
    }

    @Test func `compares with an earlier time`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let made = try Command([
                Program.path, "register", "complete", "drills", "--from", "2020-01-01", "--as", "petra", "-w",
                scratch.path,
            ]).run()
            #expect(made.status == 0, "\(made.error)")
            let result = try grade(scratch.path, "--since", "2020-01-01")
            #expect(result.text.contains("different since 2020-01-01"))
            #expect(result.text.contains("worse t14-drills-q-full"), "\(result.text)")
            #expect(try grade(scratch.path, "--since", "2199-01-01").status == 64)
        }
    }

    @Test func `grades tables of one's own, and prints every parameter that is not the default`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let levels = (2...5).map { "          \($0): [{inherits: own-book}]" }.joined(separator: "\n")
            _ = try scratch.write(
                """
                lifeboat_model: 1
                id: our-own
                tables:
                - table: 101
                  id: cash
                  name: {en: Cash desks, zh: 收银}
                  attested_by: [owner]
                  evidence: minutes
                  dimensions:
                  - id: own-cash
                    name: {en: Cash, zh: 现金}
                    mode: additive
                    floor: 0
                    levels:
                      1: [{id: own-book, en: A book is kept., zh: 有账本。, kind: attested}]
                \(levels.replacingOccurrences(of: "          ", with: "      "))

                """, to: "Models/cash.yaml")
            let before = try grade(scratch.path, "--set", "window=90d")
            #expect(
                before.text.contains("table 101, Cash desks") && before.text.contains("Cash: no evidence"))
            #expect(before.text.contains("parameter window is 90d, by default 365d"))
            let attested = try Command([
                Program.path, "attest", "own-book", "--as", "petra", "--role", "owner", "--evidence",
                "https://wiki.example/book", "--until", AttestTests.soon, "-w", scratch.path,
            ]).run()
            #expect(attested.status == 0, "\(attested.error)")
            #expect(try grade(scratch.path, "--table", "101").text.contains("Cash: level 5"))
        }
    }

    @Test func `says in words what a waiver lifts, and what it does not`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let none = try grade(scratch.path, "--table", "14")
            #expect(!none.text.contains("with waivers"))
            for criterion in ["t14-plans-process", "t14-plans-it-drp"] {
                let made = try Command([
                    Program.path, "register", "waive", criterion, "--reason", "merger", "--as", "petra",
                    "--role", "owner", "--until", AttestTests.soon, "-w", scratch.path,
                ]).run()
                #expect(made.status == 0, "\(made.error)")
            }
            let waived = try grade(scratch.path, "--table", "14")
            let line = waived.text.split(separator: "\n").first { $0.contains("with waivers level 1") }
            #expect(line?.contains("no evidence") == true, "\(waived.text)")
            #expect(try grade(scratch.path, "--table", "14", "--lang", "zh").text.contains("计入豁免为1级"))
        }
    }

    @Test func `gives the cross-reference the same parameters, and only the tables that it needs`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let plain = try Command([Program.path, "crossref", "-w", scratch.path, "--json"]).run()
            #expect((try json(plain)["changed_parameters"] as? [Any])?.isEmpty == true)
            let set = try Command([
                Program.path, "crossref", "-w", scratch.path, "--set", "window=90d", "--framework", "dora",
            ]).run()
            #expect(set.status == 0 && set.text.contains("parameter window is 90d, by default 365d"))
            #expect(set.text.contains("DORA") && !set.text.contains("ISO 22301"), "\(set.text)")
            let wrong = try Command([
                Program.path, "crossref", "-w", scratch.path, "--set", "windo=90d",
            ]).run()
            #expect(wrong.status == 64 && wrong.error.contains("did you mean"), "\(wrong.error)")
        }
    }
}

/// What a new user may type.
@Suite("A wrong use of grade, measure, audit and crossref")
struct EvidenceUseTests {
    @Test(
        "is told with what would be right",
        arguments: [
            (["grade", "--set", "x"], "--set x: not NAME=VALUE, such as window=180d"),
            (["grade", "--what-if", "foo=1"], "nothing called 'foo' can be supposed; one of attest, drill"),
            (["grade", "--what-if", "drill"], "not one of attest=, drill=, complete= and plan="),
            (["grade", "--what-if", "drill=ful"], "no kind of drill 'ful'; did you mean 'full'?"),
            (["grade", "--what-if", "drill=full:rto=soon"], "'rto=soon' is not a length of time"),
            (["grade", "--what-if", "complete=drill"], "no register 'drill'; did you mean 'drills'?"),
            (["measure", "--period", "2026-13"], "'2026-13' is not a period such as 2026, 2026-11"),
            (["measure", "--service", "nope"], "the services are files, orders, continuity"),
            (["audit", "--period", "then"], "'then' is not a period"),
            (["crossref", "--framework", "x"], "one of gbt20988, share, iso22301"),
        ])
    func misuse(words: [String], hint: String) throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let result = try Command([Program.path] + words + ["-w", scratch.path]).run()
            #expect(result.status == 64, "\(result.error)")
            #expect(result.error.contains(hint), "\(result.error)")
        }
    }

    @Test func `says in the system's words why a drawing cannot be written`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let file = scratch.path("no/such/x.svg")
            let result = try Command([Program.path, "measure", "--plot", file, "-w", scratch.path]).run()
            #expect(result.status == 74)
            #expect(
                result.error.contains("cannot write \(file): No such file or directory"), "\(result.error)")
        }
    }

    @Test func `speaks Chinese in everything that is not a name or a command`() throws {
        try Scratch.with { scratch in
            _ = try Command.output(Program.path, "init", scratch.path)
            let result = try Command([
                Program.path, "grade", "--lang", "zh", "--table", "14", "--what-if", "drill=tabletop", "-w",
                scratch.path,
            ]).run()
            for english in [
                "settled by", "cheapest", "asked", "at least", "SUPPOSED", "different", "level ", "no run of",
                "in the window", "of kind", "the plan",
            ] {
                #expect(!result.text.contains(english), "\(english): \(result.text)")
            }
            #expect(result.text.contains("由下列角色之一声明：连续性经理（continuity manager）、"))
            #expect(result.text.contains("要求不超过 31d，另宽限 1d"), "\(result.text)")
            #expect(result.text.contains("仅为假设：drill=tabletop"))
            #expect(result.text.contains("files：窗口内没有恢复过 files；"), "\(result.text)")
        }
    }
}
