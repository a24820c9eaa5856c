// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("A called file of steps")
struct CallTests {
    static let part = """
        part: 1
        id: room
        title: A place, and a word in it
        vars: {text: nothing, place: "{{base}}"}
        steps:
          - id: make
            phase: prepare
            run: [mkdir, "{{place}}"]
            host: north
            undo: {clean: {path: "{{place}}"}}
          - id: fill
            phase: prepare
            script: fill.sh
            args: ["{{place}}/word", "{{text}}"]
            host: north
            undo: none
            because: the room is cleaned
            save: {said: stdout}
          - {id: there, phase: prepare, check: {host: north, run: [cat, "{{place}}/word"], stdout_is: "{{said}}"}}
        """

    static let caller = """
        drill: 1
        id: caller
        title: T
        exercise: simulation
        mode: sandbox
        services: []
        vars: {base: BASE}
        steps:
          - id: left
            phase: prepare
            call: {file: parts/room.yaml, with: {text: "to the left", place: "{{base}}/left"}}
          - id: right
            phase: prepare
            call: {file: parts/room.yaml, with: {text: "to the right", place: "{{base}}/right"}}
          - {id: both, phase: validate, check: {host: north, run: [echo, "{{left-said}}, {{right-said}}"], stdout_is: "to the left, to the right"}}
        """

    @Test func `runs twice under two names, and what it did is undone`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let file = try #require(try Self.file(scratch).file)
            #expect(
                file.scenario.steps.map(\.id) == [
                    "left-make", "left-fill", "left-there", "left", "right-make", "right-fill", "right-there",
                    "right", "both",
                ])
            #expect(file.scenario.step("left")?.verb.name == "call")
            #expect(file.scripts.keys.sorted() == ["parts/fill.sh", "parts/room.yaml"])
            var drill = try bench.prepared(file.scenario)
            drill.scripts = file.scripts
            let end = try bench.runner.start(drill)
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            #expect(!scratch.contains("base/left"))
            #expect(!scratch.contains("base/right"))
        }
    }

    @Test func `makes the run fail when one of its steps does`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let text = Self.caller.replacingOccurrences(of: "{{base}}/left", with: "/nowhere/at/all")
            let file = try #require(try Self.file(scratch, caller: text).file)
            var drill = try bench.prepared(file.scenario)
            drill.scripts = file.scripts
            let end = try bench.runner.start(drill)
            #expect(end.run.outcome == .failed)
            #expect(end.run.findings.contains { $0.hasPrefix("failed: left-make") }, "\(end.run.findings)")
            #expect(!end.run.findings.contains { $0.contains("right-make: exit") })
        }
    }

    static let mistakes: [(caller: (String, String), part: (String, String), message: String)] = [
        (
            ("parts/room.yaml, with: {text: \"to the left\"", "parts/rom.yaml, with: {text: \"to the left\""),
            ("", ""), "there is no file 'parts/rom.yaml'"
        ),
        (("text: \"to the left\"", "txt: \"to the left\""), ("", ""), "has no variable 'txt'"),
        (("", ""), ("part: 1", "part: 2"), "reads parts of version 1"),
        (("", ""), ("    host: north\n    undo: none", "    host: nort\n    undo: none"), "no host 'nort'"),
        (("", ""), ("title: A", "titel: A"), "unknown key"),
    ]

    @Test("names its mistakes", arguments: mistakes)
    func mistake(caller: (String, String), part: (String, String), message: String) throws {
        try Scratch.with { scratch in
            let (file, problems) = try Self.file(
                scratch, caller: Self.change(Self.caller, caller), part: Self.change(Self.part, part))
            #expect(file == nil)
            #expect(problems.errors.contains { $0.message.contains(message) }, "\(problems)")
        }
    }

    @Test func `may not call itself`() throws {
        try Scratch.with { scratch in
            let part = Self.part + "\n  - {id: again, phase: prepare, call: {file: room.yaml}}"
            #expect { _ = try Self.file(scratch, part: part) } throws: { "\($0)".contains("calls itself") }
        }
    }

    private static func change(_ text: String, _ change: (String, String)) -> String {
        change.0.isEmpty ? text : text.replacingOccurrences(of: change.0, with: change.1)
    }

    private static func file(_ scratch: Scratch, caller: String = caller, part: String = part) throws -> (
        file: DrillFile?, problems: [Problem]
    ) {
        try scratch.makeFolder("base")
        let text = caller.replacingOccurrences(of: "BASE", with: scratch.path("base"))
        try scratch.write(text, to: "caller.yaml")
        try scratch.write(part, to: "parts/room.yaml")
        try scratch.write("#!/bin/sh\nprintf '%s' \"$2\" >\"$1\" && cat \"$1\"\n", to: "parts/fill.sh")
        return try DrillFile.read(scratch.path("caller.yaml"), plan: ScenarioFileTests.plan())
    }
}

@Suite("A group of steps")
struct GroupTests {
    private func steps(_ group: String) throws -> Scenario {
        let text = """
            drill: 1
            id: groups
            title: T
            exercise: simulation
            mode: sandbox
            services: []
            roles: {owner: {people: [petra]}}
            steps:
              - {id: first, phase: prepare, mark: begun}
            \(group)
            """
        let (scenario, problems) = try ScenarioFileTests.decode(text)
        return try #require(scenario, "\(problems)")
    }

    @Test func `begins its members together, or one after the other`() throws {
        let members = "steps: [{id: a, mark: a}, {id: b, mark: b}]"
        let together = try steps("  - {id: g, phase: prepare, group: {order: together, \(members)}}")
        #expect(together.steps.map(\.needs) == [nil, ["first"], ["first"], ["a", "b"]])
        let inTurn = try steps("  - {id: g, phase: prepare, group: {order: in_turn, \(members)}}")
        #expect(inTurn.steps.map(\.needs) == [nil, ["first"], ["a", "first"], ["a", "b"]])
    }

    @Test func `whose 'when' does not hold carries no member out`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let log = bench.logCommand("member").map {
                "\"\($0.replacingOccurrences(of: "\"", with: "\\\""))\""
            }
            let scenario = try steps(
                """
                  - id: ask
                    phase: decide
                    decision: {role: owner, ask: "?", options: [{id: go}, {id: stay}], give_up: 1m}
                    save: {said: answer}
                  - id: g
                    phase: recover
                    when: {answer: said, is: go}
                    group:
                      steps: [{id: member, run: [\(log.joined(separator: ", "))], host: north, undo: none, because: x}]
                """)
            let stayed = try bench.runner.start(try bench.prepared(scenario, answers: ["ask": "stay"]))
            #expect(stayed.run.outcome == .passed, "\(stayed.run.findings)")
            #expect(try bench.log().isEmpty)
            let went = try bench.runner.start(try bench.prepared(scenario, answers: ["ask": "go"]))
            #expect(went.run.outcome == .passed, "\(went.run.findings)")
            #expect(try bench.log() == ["member"])
        }
    }
}
