// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import Synchronization
import TestSupport
import Testing

/// Pictures of a running drill, each drawn from the journal alone, as another terminal does it.
@Suite("The board of a drill")
struct DrillBoardTests {
    @Test func `shows outage, ball, probes, undos and what comes next, in 80 columns and 24 lines`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/old")
            try bench.acknowledgeCanaries(at: TimeSource.system.now() - .minutes(30))
            let runner = bench.runner
            let pictures = Mutex<[String: [String]]>([:])
            // A board reads the copies that a run keeps, so its scenario must be a file.
            let drill = try Self.drill(bench)
            let end = try runner.start(drill) { record in
                guard record.fact.kind == .started || record.fact.kind == .runClosed else { return }
                let lines = try? runner.board(of: record.run, exposure: ["files": "41min"]).lines()
                pictures.withLock { $0[record.step ?? "end"] = lines }
            }
            // It restores no data, so what came back of it is not proven.
            #expect(end.run.outcome == .incomplete, "\(end.run.findings)")
            let seen = pictures.withLock { $0 }
            for (step, lines) in seen {
                #expect(lines.count <= 24 && lines.allSatisfy { $0.count <= 80 }, "\(step)")
            }
            let before = try #require(seen["declare"])
            #expect(before[0].hasPrefix("SANDBOX  RUNNING  00:00:"))
            #expect(before[2] == "point of no return not reached")
            #expect(before[3].hasPrefix("files: AWAY 00:00:") && before[3].contains("left 00:09:"))
            #expect(before[3].hasSuffix("if lost now: 41min"))
            let ball = try #require(before.first { $0.hasPrefix("BALL: owner (petra) declare 00:00:") })
            #expect(ball.hasSuffix("[old: down at metro] Go?"), "\(ball)")
            #expect(before.contains { $0.hasPrefix("steps: 1 of 4, next switch") })
            #expect(before.contains { $0.hasPrefix("ETA ") && $0.contains("declare") })
            #expect(before.contains("undo: 1 owed (stop)"))
            #expect(before.contains { $0.hasPrefix("old@metro  ") && $0.contains("#") && $0.contains("x") })
            let behind = try #require(seen["serve"])
            #expect(behind[2] == "POINT OF NO RETURN PASSED")
            let last = try #require(seen["end"])
            #expect(last[0].contains("ENDED: INCOMPLETE, clean"))
            #expect(last[3].hasPrefix("files: RESTORED in "))
        }
    }

    @Test func `shows every question at once, and names who can answer it and not who is away`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let drill = try Self.prepared(bench, Self.questions, answers: "")
            let pictures = Mutex<[String: [String]]>([:])
            let asked = Mutex<[String]>([])
            let end = try runner.start(drill) { record in
                let run = record.run
                switch record.fact {
                case .started where record.step == "tell":
                    let lines = try? runner.board(of: run).lines()
                    pictures.withLock { $0["tell"] = lines }
                    let open = try? runner.openQuestions(of: run)
                    asked.withLock { $0 = open?.map { "\($0.step.id) \($0.question.role)" } ?? [] }
                    for (step, person) in [("tell", "kai"), ("declare", "lin")] {
                        try? runner.answer(run: run, step: step, answer: "go", person: person)
                    }
                case .note(let note) where note.text.hasPrefix("escalated to conductor"):
                    let lines = try? runner.board(of: run).lines()
                    pictures.withLock { $0["escalated"] = lines }
                    try? runner.answer(run: run, step: "lead", answer: "go", person: "dana")
                default: break
                }
            }
            #expect(end.run.outcome == .passed, "\(end.run.findings) \(end.notes)")
            #expect(asked.withLock { $0 } == ["declare owner", "lead incident_lead", "tell comms"])
            let lines = try #require(pictures.withLock { $0["tell"] })
            #expect(lines.count <= 24 && lines.allSatisfy { $0.count <= 80 })
            let balls = lines.filter { $0.hasPrefix("BALL: ") }
            #expect(balls.count == 3, "\(lines)")
            // Petra is away: Lin stands in. Nobody stands in for Omar: the next is asked after a while.
            #expect(balls[0].hasPrefix("BALL: owner (lin) declare 00:00:"))
            #expect(
                balls[1].hasPrefix("BALL: incident_lead (nobody can be reached; conductor (dana) in 00:0"))
            #expect(balls[2].hasPrefix("BALL: comms (kai) tell 00:00:"))
            let later = try #require(pictures.withLock { $0["escalated"] })
            #expect(later.contains { $0.hasPrefix("BALL: conductor (dana) lead 00:00:0") }, "\(later)")
        }
    }

    private static let questions = """
        drill: 1
        id: board
        title: A board
        exercise: tabletop
        mode: talk
        services: [files]
        roles:
          conductor: {people: [dana]}
          owner: {people: [petra], deputy: [lin]}
          incident_lead: {people: [omar]}
          comms: {people: [kai]}
        steps:
          - {id: petra_away, phase: disrupt, fault: {kind: person_absent, person: petra}, confirm: {auto: role}, heal: {auto: role, at: end}}
          - {id: omar_away, phase: disrupt, fault: {kind: person_absent, person: omar}, confirm: {auto: role}, heal: {auto: role, at: end}}
          - id: declare
            phase: decide
            decision: {role: owner, ask: "Go?", options: [{id: go}], expect: 1m, give_up: 1m}
          - id: lead
            phase: decide
            needs: [omar_away]
            decision: {role: incident_lead, ask: "Who leads?", options: [{id: go}], expect: 1m, give_up: 1m, escalate: {after: 2s, to: conductor}}
          - id: tell
            phase: decide
            needs: [omar_away]
            decision: {role: comms, ask: "Tell whom?", options: [{id: go}], expect: 1m, give_up: 1m}
        """

    private static func drill(_ bench: DrillBench) throws -> PreparedDrill {
        let (old, new) = (bench.scratch.path("srv/old"), bench.scratch.path("srv/new"))
        let text = """
            drill: 1
            id: board
            title: A board
            exercise: simulation
            mode: sandbox
            services: [files]
            clock: {files: {outage_begins: {probe: old, first: down}}}
            roles: {owner: {people: [petra]}}
            restored_when: {files: {all: [{probe: new, up_for: 300ms}]}}
            steps:
              - id: stop
                phase: disrupt
                fault: {kind: service_stop, host: north, stop: [rm, "\(old)"], start: [touch, "\(old)"], ttl: 5m}
                confirm: {probe: old, down_for: 300ms}
                heal: {auto: start, at: end}
              - id: declare
                phase: decide
                decision: {role: owner, ask: "Go?", show: [old], options: [{id: go}], expect: 1m, give_up: 1m}
              - id: switch
                phase: recover
                pivot: true
                run: ["true"]
                host: north
                undo: none
                because: a test
              - id: serve
                phase: recover
                run: [touch, "\(new)"]
                host: north
                undo: {run: [rm, "-f", "\(new)"]}
            """
        return try prepared(bench, text, answers: "declare: go\n")
    }

    private static func prepared(_ bench: DrillBench, _ text: String, answers: String) throws -> PreparedDrill
    {
        let others = ["petra", "lin", "omar", "kai"].map { "\($0): {roles: [owner]}, " }.joined()
        let plan = bench.planText().replacingOccurrences(
            of: "people: {dana", with: "people: {\(others)dana")
        try bench.scratch.write(plan, to: "plan.yaml", mode: 0o600)
        try bench.scratch.write(text, to: "drill.yaml", mode: 0o600)
        try bench.scratch.write(answers, to: "answers.yaml", mode: 0o600)
        let loaded = try #require(try LoadedPlan.read(bench.scratch.path("plan.yaml")).loaded)
        let (file, problems) = try DrillFile.read(bench.scratch.path("drill.yaml"), plan: loaded.plan)
        return try #require(file, "\(problems)").prepared(
            plan: loaded, answersPath: answers.isEmpty ? nil : bench.scratch.path("answers.yaml"),
            toolVersion: "test")
    }
}
