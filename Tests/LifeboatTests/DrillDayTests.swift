// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// A drill day at three terminals: one runs the drill, one shows the board, one speaks.
@Suite("A drill day")
struct DrillDayTests {
    static let scenario = """
        drill: 1
        id: table
        title: A table in three terminals
        exercise: tabletop
        mode: talk
        services: [files]
        objectives: [{id: O1, text: Declared in time, target: 15m}]
        roles:
          conductor: {people: [dana]}
          owner: {people: [petra]}
        steps:
          - {id: sign, phase: disrupt, mark: first_sign}
          - id: declare
            phase: decide
            decision:
              role: owner
              objective: O1
              ask: "Declare a disaster?"
              options: [{id: declare}, {id: observe}]
              expect: 15m
              give_up: 40m
            save: {declared: answer}
          - id: hotwash
            phase: return
            human: {role: conductor, ask: "One strength, one gap.", answers: list, expect: 20m, give_up: 1h}
        after:
          observations: {roles: [conductor], scale: PSMU, deadline: 2d}
        """

    @Test func `is run, watched in 80 columns and 24 lines, and spoken to from a second terminal`() throws {
        try Self.withWorkspace { day in
            let drill = try day.begin(["drill", "start", day.file, "-w", day.root])
            defer { day.end(drill) }
            try day.waitUntil("the question") {
                try day.say("note", "all are here", "--as", "dana").status == 0
            }
            // A terminal of 80 by 24; what it shows is what the program drew last.
            let board = try day.begin(
                ["drill", "board", "-w", day.root], terminal: day.scratch.path("board"))
            defer { day.end(board) }
            try day.waitUntil("the board") {
                try day.screen().contains { $0.contains("BALL: owner (petra)") }
            }
            let asked = try day.drill("next")
            let page = day.scratch.path("open.html")
            #expect(try day.drill("board", "--once", "--html", page).status == 0)
            let shown = try String(contentsOfFile: page, encoding: .utf8)
            #expect(shown.contains("<meta http-equiv=\"refresh\" content=\"2\">"), "\(shown)")
            #expect(shown.contains("declare: owner: Declare a disaster?") && !shown.contains("<script"))
            #expect(asked.text.contains("owner is asked by declare: Declare a disaster?"), "\(asked)")
            #expect(asked.text.contains("lifeboat drill answer declare declare|observe --as …"))
            let first = try day.screen()
            #expect(first.count <= 23, "the last line must stay free")
            #expect(first.allSatisfy { $0.count <= 80 }, "\(first)")
            #expect(first.first?.hasPrefix("TALK  RUNNING  00:00:") == true)
            #expect(first.contains { $0.contains("Declare a disaster?") })
            #expect(first.contains("undo: 0 owed"))

            // Whoever answers is told what became of it.
            let unknown = try day.say("answer", "declar", "declare", "--as", "petra")
            #expect(unknown.status == 64 && unknown.error.contains("did you mean 'declare'?"), "\(unknown)")
            let wrong = try day.say("answer", "declare", "declare", "--as", "dana")
            #expect(
                wrong.status == 4 && wrong.error.contains("dana does not hold the role owner"), "\(wrong)")
            let early = try day.say("answer", "sign", "x", "--as", "dana")
            #expect(
                early.status == 0 && early.error.contains("kept, since sign asks nothing now"), "\(early)")

            #expect(try day.say("hold", "lunch", "--as", "dana").status == 0)
            try day.waitUntil("the hold") { try day.screen().contains("HELD: lunch") }
            #expect(try day.screen().first?.hasPrefix("TALK  ON HOLD") == true)
            #expect(try day.say("release", "back", "--as", "dana").status == 0)
            let right = try day.say("answer", "declare", "declare", "--as", "petra")
            #expect(right.status == 0 && right.error.contains(": taken"), "\(right)")
            try day.waitUntil("the next question") {
                try day.screen().contains { $0.contains("BALL: conductor (dana)") }
            }
            #expect(try day.say("answer", "hotwash", "quick, no page", "--as", "dana").status == 0)
            try day.waitUntil("the end") { try day.screen().first?.contains("ENDED: ") == true }
            drill.waitUntilExit()
            // At a table nothing is measured, so nothing is proven.
            #expect(drill.terminationStatus == 5)
            try Self.expectAfter(day)
        }
    }

    @Test func `is live only for somebody who names it once more`() throws {
        try Self.withWorkspace { day in
            let live = try day.drill("start", day.file, "--mode", "live")
            #expect(live.status == 4 && live.error.contains("table is live: real services are disturbed"))
            #expect(live.error.contains("'--live table' begins it"))
            let other = try day.drill("start", day.file, "--mode", "live", "--live", "tabel")
            #expect(other.status == 4)
            let talk = try day.drill("start", day.file, "--live", "table")
            #expect(talk.status == 4 && talk.error.contains("table is not live: its mode is talk"))
        }
    }

    /// Observation, report, and the same event in both.
    private static func expectAfter(_ day: Day) throws {
        let rated = try day.drill("observe", "O1", "M", "--text", "slow to decide", "--as", "dana")
        #expect(rated.status == 0, "\(rated.error)")
        #expect(try day.drill("observe", "O1", "M", "--text", "x", "--as", "petra").status == 4)
        let made = try day.drill("report")
        #expect(made.text.contains("/report.html"), "\(made.error)")
        let folder = try #require(
            made.text.split(separator: "\n").first { $0.hasPrefix("bundle") }?.split(separator: " ").last)
        for name in ["report.json", "report.md", "report.html", "junit.xml", "report.json.sig", "SHA256SUMS"]
        {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
        }
        let sums = try Command.run(
            "sh", "-c", "cd \"$0\" && sha256sum --check --quiet --strict SHA256SUMS", String(folder))
        #expect(sums.status == 0, "\(sums.text)")
        let verified = try day.drill("verify", String(folder))
        #expect(verified.status == 0 && verified.text.contains(": good, "), "\(verified)")
        let page = day.scratch.path("board.html")
        #expect(try day.drill("board", "--html", page).status == 0)
        let board = try String(contentsOfFile: page, encoding: .utf8)
        #expect(
            board.contains("ENDED: ") && board.contains("hotwash")
                && !board.contains("http-equiv=\"refresh\""))
        #expect(try day.drill("board", "--html", day.scratch.path("none/board.html")).status == 74)
        let report = try String(contentsOfFile: "\(folder)/report.md", encoding: .utf8)
        #expect(report.contains("O1: Declared in time"))
        #expect(report.contains("slow to decide - dana (conductor, unsigned)"))
        let json = try String(contentsOfFile: "\(folder)/report.json", encoding: .utf8)
        #expect(json.contains("\"ledger_event\""))
    }

    @Test(
        "ends with the report that its scenario asks for, here and where it is sent",
        arguments: [true, false])
    func reported(isMounted: Bool) throws {
        try Self.withWorkspace { day in
            let share = day.scratch.path("share")
            if isMounted { try day.scratch.makeFolder("share") }
            let text = Self.scenario.replacingOccurrences(
                of: "after:",
                with: "after:\n  report: {formats: [md], sign: ssh_key, template: aar-ip, to: [\"\(share)\"]}"
            )
            try day.scratch.write(text, to: "w/Drills/table.yaml")
            try day.scratch.write("declare: declare\nhotwash: quick\n", to: "w/answers.yaml")
            let ended = try day.drill("start", day.file, "--answers", day.root + "/answers.yaml")
            #expect(ended.text.contains("/report.md"), "\(ended)")
            let reports = try FileManager.default.contentsOfDirectory(atPath: day.root + "/Reports")
                .filter { $0.hasPrefix("drill-") }
            let name = try #require(reports.first)
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(day.root)/Reports/\(name)")
                .sorted()
            #expect(
                files == [
                    "README.txt", "SHA256SUMS", "allowed_signers", "journals", "report.json",
                    "report.json.sig", "report.md",
                ])
            guard isMounted else {
                #expect(ended.error.contains("the report was NOT copied to \(share): there is no folder"))
                // What the drill itself came to is not made better by it.
                #expect(ended.status == 5)
                return
            }
            #expect(ended.text.contains("copy    \(share)"))
            // A run may be reported again in the same second, and is found by the id that the calendar knows.
            for _ in 0..<3 { #expect(try day.drill("report").status == 5) }
            #expect(try day.drill("check", "ransomware_friday_talk").status <= 1)
            #expect(try day.drill("check", "tabel").status == 64)
            let sums = try Command.run(
                "sh", "-c", "cd \"$0\" && sha256sum --check --quiet --strict SHA256SUMS", "\(share)/\(name)")
            #expect(sums.status == 0, "\(sums.text)")
        }
    }

    @Test("is ended at once from a second terminal", arguments: ["abort", "real"])
    func ended(word: String) throws {
        try Self.withWorkspace { day in
            let drill = try day.begin(["drill", "start", day.file, "-w", day.root])
            defer { day.end(drill) }
            try day.waitUntil("the question") { try day.drill("next").text.contains("asked by declare") }
            #expect(try day.say(word, "the hall burns", "--as", "dana").status == 0)
            drill.waitUntilExit()
            #expect(drill.terminationStatus == 3)
            let board = try day.drill("board", "--once")
            #expect(board.text.contains("the hall burns (dana)"))
            #expect(board.text.contains("ENDED: ABORTED"))
            #expect(board.text.contains("nobody had answered when the run was stopped"))
        }
    }

    @Test func `has a calendar that names who waived what, and forgets it when it is taken back`() throws {
        try Self.withWorkspace { day in
            let refused = try day.drill(
                "waive", "table", "--because", "x", "--until", "2099-01-01", "--as", "dana")
            #expect(refused.status == 64 && refused.error.contains("calendar has no drill 'table'"))
            let plan = day.root + "/Plans/example.yaml"
            try String(contentsOfFile: plan, encoding: .utf8)
                .replacingOccurrences(of: "scenario: files_at_north, every", with: "scenario: table, every")
                .split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("  - {scenario: ") || $0.contains("scenario: table,") }
                .joined(separator: "\n")
                .write(toFile: plan, atomically: true, encoding: .utf8)
            #expect(try day.drill("calendar").text.contains("due"))
            let made = try day.drill(
                "waive", "table", "--because", "year-end close", "--until", "2099-01-01", "--as", "dana")
            #expect(made.status == 0, "\(made.error)")
            let calendar = try day.drill("calendar", "--json").text
            #expect(calendar.contains("\"waived\"") && calendar.contains("year-end close (unsigned)"))
            #expect(!(try day.drill("calendar", "--ics").text.contains("BEGIN:VEVENT")))
            let id = try #require(made.text.split(separator: " ").first.map(String.init))
            #expect(try day.drill("waive", "--revoke", id).status == 0)
            #expect(try day.drill("calendar", "--ics").text.contains("BEGIN:VEVENT"))
        }
    }

    @Test func `may not begin in a blackout of the plan`() throws {
        try Self.withWorkspace { day in
            let plan = day.root + "/Plans/example.yaml"
            let text = try String(contentsOfFile: plan, encoding: .utf8)
            try (text + "\nblackout: [{from: 2020-01-01, to: 2099-12-31, because: a test}]\n")
                .write(toFile: plan, atomically: true, encoding: .utf8)
            #expect(try Command.run(Program.path, "plan", "check", "-w", day.root).status <= 1)
            let planned = try day.drill("plan", day.file, "--mode", "sandbox")
            #expect(planned.status == 4)
            #expect(planned.text.contains("a test"), "\(planned.text) \(planned.error)")
        }
    }
}

extension DrillDayTests {
    /// A workspace with the table in it.
    struct Day {
        let scratch: Scratch
        var root: String { scratch.path("w") }
        var file: String { root + "/Drills/table.yaml" }

        func drill(_ arguments: String...) throws -> Command.Result {
            try Command([Program.path, "drill"] + arguments + ["-w", root]).run()
        }

        func say(_ word: String, _ arguments: String...) throws -> Command.Result {
            try Command([Program.path, "drill", word] + arguments + ["-w", root]).run()
        }

        /// Begins the program, in a terminal of its own when asked to.
        func begin(_ arguments: [String], terminal: String? = nil) throws -> Process {
            let process = Process()
            process.standardInput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            process.standardOutput = FileHandle.nullDevice
            if let terminal {
                _ = FileManager.default.createFile(atPath: terminal, contents: nil)
                process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
                let command = ([Program.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
                process.arguments = ["-qefc", "stty rows 24 cols 80; exec \(command)", terminal]
            } else {
                process.executableURL = URL(fileURLWithPath: Program.path)
                process.arguments = arguments
            }
            try process.run()
            return process
        }

        func end(_ process: Process) {
            if process.isRunning { process.terminate() }
            process.waitUntilExit()
        }

        /// What the board's terminal shows: all that was drawn since the cursor last went home.
        func screen() throws -> [String] {
            let drawn = String(decoding: try scratch.read("board"), as: UTF8.self)
            // The newest picture may be half drawn.
            let pictures = drawn.components(separatedBy: "\u{1b}[H").filter { $0.contains("\u{1b}[J") }
            let last = pictures.last?.components(separatedBy: "\u{1b}[J").first ?? ""
            return last.replacingOccurrences(of: "\u{1b}[K", with: "").components(separatedBy: "\r\n")
        }

        func waitUntil(_ what: String, _ isSo: () throws -> Bool) throws {
            if try eventually(isSo) { return }
            Issue.record("waited for \(what) for too long: \((try? screen()) ?? [])")
        }
    }

    static func withWorkspace(_ body: (Day) throws -> Void) throws {
        try Scratch.with { scratch in
            let day = Day(scratch: scratch)
            _ = try Command.output(Program.path, "init", day.root)
            _ = try Command.run(Program.path, "key", "new", "-w", day.root)
            try scratch.write(scenario, to: "w/Drills/table.yaml")
            try body(day)
        }
    }
}
