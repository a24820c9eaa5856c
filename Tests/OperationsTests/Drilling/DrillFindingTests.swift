// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// What is left to do when a drill is over, and who has to do it.
@Suite("What a drill leaves to people")
struct DrillFindingTests {
    @Test(
        "is an unproven recovery wherever something was disturbed or brought back, whatever it is called",
        arguments: [
            (exercise: Exercise.tabletop, acts: false, clock: false, isMeasured: false),
            (exercise: .tabletop, acts: false, clock: true, isMeasured: true),
            (exercise: .walkthrough, acts: false, clock: false, isMeasured: false),
            (exercise: .walkthrough, acts: true, clock: false, isMeasured: true),
            (exercise: .deskCheck, acts: true, clock: false, isMeasured: true),
            (exercise: .simulation, acts: false, clock: false, isMeasured: true),
        ])
    func measured(exercise: Exercise, acts: Bool, clock: Bool, isMeasured: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path("srv/tree")
            var steps = [bench.logging("one")]
            if acts {
                steps.append(
                    Step(
                        id: "extract", phase: .recover,
                        verb: .restore(Restore(dataset: "documents", host: "north", path: path)),
                        undo: .run(["rm", "-rf", path], host: nil, timeout: nil)))
            }
            var scenario = bench.scenario(steps, services: ["files"])
            scenario.exercise = exercise
            if clock { scenario.clocks = [ServiceClock(service: "files", outageBegins: .mark("never"))] }
            let end = try bench.runner.start(try bench.prepared(scenario))
            #expect(end.run.outcome == (isMeasured ? .incomplete : .passed), "\(end.run.findings)")
            #expect(end.run.findings.contains { $0.hasPrefix("unproven: ") } == isMeasured)
            // What history keeps of the service is the same in any case: nothing was met.
            #expect(end.run.services.map(\.recoveryTimeVerdict) == [.unproven])
        }
    }

    @Test func `is said of hints, late answers and waivers, step by step`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var question = DrillPeopleTests.question
            question.hint = .init(after: .minutes(2), text: "see page 4")
            var fence = bench.logging("fence")
            fence.verb = .run(["false"])
            fence.onFail = Approval(need: 1, from: ["owner"], ask: "Go on?", giveUp: .minutes(5))
            let steps = [DrillPeopleTests.ask(question), fence]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                switch record.fact {
                case .started where record.step == "declare": jump.length = .minutes(6)
                case .note(let note) where note.text.hasPrefix("hint: "):
                    try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
                case .finished where record.step == "fence":
                    try? runner.answer(run: record.run, step: "fence", answer: "approve", person: "petra")
                default: break
                }
            }
            let findings = end.run.findings
            #expect(findings.contains("hint_used: declare"), "\(findings)")
            #expect(findings.contains { $0.hasPrefix("late_decision: declare took 6m") }, "\(findings)")
            #expect(findings.contains("manual_override: fence: waived by petra"), "\(findings)")
        }
    }

    @Test(
        "has the owner and the day that the scenario names, else the owner of its service",
        arguments: [("kai", "kai"), (nil, "lin")] as [(String?, String)])
    func owners(named: String?, owner: String) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let after = named.map { "after: {findings: {owner: \($0), due: 9d}}" } ?? ""
            let drill = try Self.prepared(
                bench,
                """
                drill: 1
                id: broken
                title: A broken one
                exercise: walkthrough
                mode: sandbox
                services: [files]
                steps:
                  - {id: step_1, phase: prepare, run: ["false"], host: north, undo: none, because: a test, critical: false}
                  - {id: step_2, phase: prepare, needs: [], run: ["false"], host: north, undo: none, because: a test, critical: false}
                \(after)
                """)
            let end = try bench.runner.start(drill)
            let now = TimeSource.system.now()
            let findings = DrillFindings([end.run], rules: bench.runner.findingRules()).all(at: now)
            // Two steps whose names differ by a digit are two findings.
            #expect(findings.map(\.kind) == ["failed", "failed"], "\(findings)")
            #expect(Set(findings.map(\.owner)) == [owner])
            #expect(findings.first?.dueAt == end.run.endedAt + .days(named == nil ? 30 : 9))
            #expect(findings.map(\.times) == [1, 1])
            let later = DrillFindings([end.run], rules: bench.runner.findingRules()).all(at: now + .days(40))
            #expect(later.map(\.state) == [.overdue, .overdue])
        }
    }

    @Test func `is a rating of those who watched: they are reminded before its day, and then they are late`()
        throws
    {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try Self.watched(
                bench, objectives: "[{id: O1, text: in time}]",
                roles: "evaluator: {people: [ines, kai], may_act: false}, owner: {people: [lin]}",
                observations: "{roles: [evaluator], deadline: 2d}")
            let runner = bench.runner
            let end = try runner.start(drill)
            let ended = end.run.endedAt
            func owed(_ after: Duration) throws -> [String] {
                try runner.owedRatings(at: ended + after).map { "\($0.person) \($0.state.rawValue)" }
            }
            #expect(try owed(.hours(1)) == ["ines waiting", "kai waiting"])
            // A quarter of two days before the deadline.
            #expect(try owed(.hours(36)) == ["ines waiting", "kai waiting"])
            #expect(try owed(.hours(36) + .seconds(1)) == ["ines soon", "kai soon"])
            _ = try runner.observe(
                run: end.run.run, drill,
                DrillRunner.Remark(objective: "O1", rating: .performed, text: "well done", person: "ines"))
            #expect(try owed(.hours(47)) == ["kai soon"])
            #expect(try owed(.hours(49)) == ["kai late"])
            let reminder = try #require(try runner.owedRatings(at: ended + .hours(49)).first)
            #expect(reminder.dueAt == ended + .days(2) && reminder.role == "evaluator")
            #expect(reminder.text.hasPrefix("kai is late with a rating of \(end.run.run) as evaluator"))
        }
    }

    @Test func `is each objective's rating where the scenario says so`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try Self.watched(
                bench, objectives: "[{id: O1, text: in time}, {id: O2, text: in order}]",
                roles: "evaluator: {people: [ines]}",
                observations: "{roles: [evaluator], per: objective, deadline: 2d}")
            let runner = bench.runner
            let end = try runner.start(drill)
            func owed() throws -> [[String]] {
                try runner.owedRatings(at: end.run.endedAt).map(\.objectives)
            }
            func rate(_ objective: String) throws {
                _ = try runner.observe(
                    run: end.run.run, drill,
                    DrillRunner.Remark(objective: objective, rating: .performed, text: "x", person: "ines"))
            }
            #expect(try owed() == [["O1", "O2"]])
            try rate("O2")
            #expect(try owed() == [["O1"]])
            let text = try #require(try runner.owedRatings(at: end.run.endedAt).first).text
            #expect(text.hasPrefix("ines owes a rating of O1 in \(end.run.run) as evaluator"))
            // A rating of the service is none of an objective.
            try rate("files/recovery_time")
            #expect(try owed() == [["O1"]])
            try rate("O1")
            #expect(try owed().isEmpty)
        }
    }

    @Test(
        "is opened as the scenario chooses, but never less than what keeps it from passing",
        arguments: [
            (auto: "", kinds: ["given_up", "hint_used", "late_step", "skipped_step"]),
            (auto: "auto: [missed_target]", kinds: ["given_up"]),
            (auto: "auto: [late_step, no_evidence]", kinds: ["given_up", "late_step", "no_evidence"]),
            (auto: "auto: [hint_used, skipped_step]", kinds: ["given_up", "hint_used", "skipped_step"]),
        ])
    func chosen(auto: String, kinds: [String]) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try Self.prepared(
                bench,
                """
                drill: 1
                id: chosen
                title: One with everything
                exercise: tabletop
                mode: sandbox
                services: [files]
                roles: {owner: {people: [lin]}}
                steps:
                  - {id: slow, phase: prepare, run: ["true"], host: north, undo: none, because: a test, expect: 1ms}
                  - {id: looked, phase: prepare, check: {host: north, run: ["true"]}, expect: 1ms}
                  - {id: left, phase: prepare, mark: m, modes: [live]}
                  - {id: ask, phase: decide, human: {role: owner, ask: "Why?", answers: text, attach: optional, hint: {after: 1ms, text: page 4}, expect: 1h, give_up: 2h}}
                  - {id: none, phase: decide, critical: false, human: {role: owner, ask: "Who?", answers: text, expect: 1ms, give_up: 2ms}}
                after: {findings: {\(auto)}}
                """)
            let runner = bench.runner
            let end = try runner.start(drill) { record in
                guard case .note(let note) = record.fact, note.text.hasPrefix("hint: ") else { return }
                try? runner.answer(run: record.run, step: "ask", answer: "so", person: "lin")
            }
            let found = Set(end.run.findings.map { String($0.prefix { $0 != ":" }) })
            #expect(found.subtracting(["unproven"]).sorted() == kinds, "\(end.run.findings)")
            // A step that only looks is late like any other.
            let late = end.run.findings.filter { $0.hasPrefix("late_step") }.map { $0.prefix(17) }
            #expect(late == (kinds.contains("late_step") ? ["late_step: slow t", "late_step: looked"] : []))
        }
    }

    @Test(
        "is to be drilled again by the day that the scenario or the plan's calendar names",
        arguments: [
            (retest: "retest: 9d", due: "2026-02-24T00:00:00Z", overdue: "2026-02-24T00:00:01Z"),
            // Found in the first quarter, to be drilled again in the second.
            (
                retest: "retest: within_next_cycle", due: "2026-07-01T00:00:00Z",
                overdue: "2026-07-01T00:00:01Z"
            ),
            (retest: "", due: nil, overdue: nil),
        ] as [(retest: String, due: String?, overdue: String?)])
    func retest(retest: String, due: String?, overdue: String?) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try Self.prepared(
                bench,
                """
                drill: 1
                id: again
                title: One that fails
                exercise: walkthrough
                mode: sandbox
                services: [files]
                steps:
                  - {id: one, phase: prepare, run: ["false"], host: north, undo: none, because: a test}
                after: {findings: {due: 999d, \(retest)}}
                """, calendar: "calendar: [{scenario: again, every: quarter}]")
            var run = try bench.runner.start(drill).run
            run.endedAt = try #require(Moment("2026-02-15T00:00:00Z"))
            let rules = bench.runner.findingRules()
            func findings(at now: Moment) -> [DrillFinding] {
                DrillFindings([run], rules: rules, plan: drill.plan).all(at: now)
            }
            let early = findings(at: run.endedAt + .days(1)).filter { $0.kind == "failed" }
            #expect(early.map(\.state) == [.open])
            #expect(early.map(\.retestBy) == [due.flatMap { Moment($0) }])
            guard let late = try overdue.map({ try #require(Moment($0)) }) else {
                return #expect(OwedRedrill.all(of: early, at: run.endedAt + .days(900)).isEmpty)
            }
            #expect(findings(at: late - .seconds(2)).allSatisfy { $0.state == .open })
            #expect(findings(at: late).allSatisfy { $0.state == .overdue })
            let owed = OwedRedrill.all(of: findings(at: late), at: late)
            #expect(owed.map(\.scenario) == ["again"] && owed.map(\.isLate) == [true])
            let calendar = [DrillDue]().iCalendar(organisation: "o", madeAt: late, redrills: owed)
            #expect(calendar.contains("SUMMARY:Re-drill: again (late)"))
        }
    }

    @Test("is an objective's time, counted from its mark where one is named", arguments: [nil, "sign"])
    func objectives(mark: String?) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var question = DrillPeopleTests.question
            question.objective = "O1"
            question.clockFrom = mark
            var scenario = bench.scenario([
                Step(id: "sign", phase: .disrupt, verb: .mark("sign")), bench.logging("between"),
                DrillPeopleTests.ask(question),
            ])
            let objective = DrillObjective(id: "O1", text: "in time", target: .minutes(15))
            scenario.objectives = [objective]
            let drill = try bench.prepared(scenario)
            let end = try runner.start(drill) { record in
                if case .finished = record.fact, record.step == "between" { jump.length = .minutes(20) }
                guard case .started = record.fact, record.step == "declare" else { return }
                try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
            }
            let took = try runner.evidence(of: end.run.run, drill).time(over: objective)
            #expect((try #require(took) > .minutes(20)) == (mark != nil), "\(took?.text ?? "")")
        }
    }

    @Test("cannot be shown by a document that a fault has taken away", arguments: ["runbook", "runbook.pdf"])
    func documentAbsent(name: String) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            try scratch.write("page 4", to: name)
            try scratch.write("page 5", to: "other.pdf")
            let gone = Step(
                id: "gone", phase: .disrupt,
                verb: .fault(
                    Fault(kind: .documentAbsent("runbook"), host: nil, ttl: nil, heal: .auto)))
            var question = DrillPeopleTests.question
            question.attachment = .required
            let steps = [gone, DrillPeopleTests.ask(question)]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                guard case .started = record.fact else { return }
                for file in [name, "other.pdf"] {
                    try? runner.answer(
                        run: record.run, step: "declare", answer: "go", person: "petra",
                        attachment: scratch.path(file))
                }
            }
            #expect(end.notes == ["\(name) cannot be read in this drill"])
            let answers = end.records.compactMap {
                if case .answer(let answer) = $0.fact { answer.attachment?.name } else { nil }
            }
            #expect(answers == ["other.pdf"])
            #expect(end.run.outcome == .passed)
        }
    }

    /// A drill of one step whose evaluators owe a rating.
    private static func watched(
        _ bench: DrillBench, objectives: String, roles: String, observations: String
    ) throws -> PreparedDrill {
        try prepared(
            bench,
            """
            drill: 1
            id: watched
            title: A watched one
            exercise: walkthrough
            mode: sandbox
            services: [files]
            objectives: \(objectives)
            roles: {\(roles)}
            steps:
              - {id: one, phase: prepare, run: ["true"], host: north, undo: none, because: a test}
            after: {observations: \(observations)}
            """)
    }

    static func prepared(
        _ bench: DrillBench, _ text: String, calendar: String = ""
    ) throws -> PreparedDrill {
        let plan = (bench.planText() + "\n" + calendar).replacingOccurrences(
            of: "people: {dana", with: "people: {ines: {}, kai: {}, lin: {}, dana"
        ).replacingOccurrences(of: "{tier: core,", with: "{tier: core, owner: lin,")
        try bench.scratch.write(plan, to: "plan.yaml", mode: 0o600)
        try bench.scratch.write(text, to: "drill.yaml", mode: 0o600)
        let loaded = try #require(try LoadedPlan.read(bench.scratch.path("plan.yaml")).loaded)
        let (file, problems) = try DrillFile.read(bench.scratch.path("drill.yaml"), plan: loaded.plan)
        return try #require(file, "\(problems)").prepared(plan: loaded, toolVersion: "test")
    }
}
