// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// People in a running drill; each test answers from a second terminal, which is a file.
@Suite("The people of a drill")
struct DrillPeopleTests {
    static let question = Question(
        role: "owner", ask: "Go?", choices: [.init(id: "go"), .init(id: "wait", passes: false)],
        expect: .minutes(5), giveUp: .minutes(30))

    static func ask(_ question: Question, id: String = "declare") -> Step {
        Step(id: id, phase: .decide, verb: .decision(question), save: ["declared": "answer"])
    }

    @Test func `hold it and let it go; meanwhile no step begins, and both are on record`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let steps = [bench.logging("one"), bench.logging("two")]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                switch record.fact {
                case .finished where record.step == "one":
                    try? runner.hold(run: record.run, because: "lunch", person: "dana")
                case .hold: try? runner.note(run: record.run, "still held")
                case .note(let note) where note.text == "still held":
                    try? runner.release(run: record.run, because: "back", person: "dana")
                default: break
                }
            }
            let held = try #require(end.first { $0.fact.kind == .hold })
            let released = try #require(end.first { $0.fact.kind == .release })
            let second = try #require(end.first { $0.fact.kind == .intent && $0.step == "two" })
            #expect(held < released && released < second)
            #expect(end.run.outcome == .passed)
        }
    }

    @Test func `may speak and hold it while they only watch, but not move it on`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var scenario = bench.scenario([bench.logging("one"), bench.logging("two")])
            scenario.roles = [
                Role(id: "owner", people: ["petra"]), Role(id: "observer", people: ["ines"], mayAct: false),
            ]
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .finished where record.step == "one":
                    try? runner.mark(run: record.run, "noticed", person: "ines")
                    try? runner.hold(run: record.run, because: "unsafe", person: "ines")
                    try? runner.release(run: record.run, because: "well", person: "ines")
                    try? runner.release(run: record.run, because: "well", person: "petra")
                default: break
                }
            }
            #expect(
                end.notes == [
                    "ines only watches: the mark noticed was not set",
                    "ines only watches: the run was not released",
                ])
            #expect(RunState(folding: end.records).marks.isEmpty)
            let people = end.records.compactMap { record -> String? in
                switch record.fact {
                case .hold(let reason): "hold \(reason.person ?? "")"
                case .release(let reason): "release \(reason.person ?? "")"
                default: nil
                }
            }
            #expect(people == ["hold ines", "release petra"])
            #expect(end.run.outcome == .passed)
        }
    }

    @Test func `say that it is real: it ends at once and faults are healed before anything is cleaned`()
        throws
    {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            let runner = bench.runner
            let fault = try #require(DrillAftercareTests.story(bench, ttl: 300).step("stop"))
            var endless = bench.logging("endless")
            endless.verb = .run(["sleep", "600"])
            let steps = [fault, bench.logging("one"), endless]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                guard case .started = record.fact, record.step == "endless" else { return }
                try? runner.real(run: record.run, because: "the hall burns", person: "dana")
            }
            #expect(end.run.outcome == .aborted)
            let undone = end.records.filter { $0.fact.kind == .undoDone }.compactMap(\.step)
            #expect(undone == ["stop", "endless", "one"])
            #expect(scratch.contains("srv/service"))
            let stop = end.records.compactMap { if case .stop(let stop) = $0.fact { stop } else { nil } }
            #expect(stop.map(\.cause) == [.real])
            #expect(stop.map(\.text) == ["the hall burns (dana)"])
        }
    }

    @Test func `must be there: without a sign of life it is held, with one it goes on`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var scenario = bench.scenario([Self.ask(Self.question), bench.logging("one")])
            scenario.roles.append(Role(id: "conductor", people: ["dana"], heartbeat: .minutes(10)))
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started where record.step == "declare": jump.length = .minutes(11)
                case .hold: try? runner.present(run: record.run, person: "dana")
                case .release:
                    try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
                default: break
                }
            }
            let words = end.records.compactMap { record -> String? in
                switch record.fact {
                case .hold(let reason), .release(let reason): reason.text
                default: nil
                }
            }
            #expect(words == ["no sign of life from the conductor", "the conductor is back"])
            #expect(end.run.outcome == .passed)
        }
    }

    @Test func `must be there: when nobody comes back it is stopped and undone`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var scenario = bench.scenario([bench.logging("one"), Self.ask(Self.question)])
            scenario.roles.append(Role(id: "conductor", people: ["dana"], heartbeat: .minutes(10)))
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started where record.step == "declare": jump.length = .minutes(11)
                case .hold: jump.length = .minutes(21)
                default: break
                }
            }
            #expect(end.run.outcome == .aborted)
            #expect(end.first { $0.fact.kind == .hold } != nil)
            #expect(try bench.log() == ["one", "undo-one"])
        }
    }

    @Test func `are hinted at and escalated to, and only then may the other role answer`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var question = Self.question
            question.hint = .init(after: .minutes(2), text: "see page 4")
            question.escalation = .init(after: .minutes(5), to: "conductor")
            var scenario = bench.scenario([Self.ask(question)])
            scenario.roles.append(Role(id: "conductor", people: ["dana"]))
            let answer: @Sendable (String) -> Void = { run in
                try? runner.answer(run: run, step: "declare", answer: "go", person: "dana")
            }
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started: answer(record.run)
                case .note(let note) where note.text.hasPrefix("dana does not hold"):
                    jump.length = .minutes(3)
                case .note(let note) where note.text == "hint: see page 4": jump.length = .minutes(6)
                case .note(let note) where note.text.hasPrefix("escalated to conductor"):
                    answer(record.run)
                default: break
                }
            }
            #expect(end.run.outcome == .passed)
            #expect(end.run.participants.map(\.person) == ["dana"])
            let reminders = end.notes.filter { $0.hasPrefix("reminder to the owner: ") }
            #expect(reminders.count == 2 && end.notes.count == 5, "\(end.notes)")
        }
    }

    @Test func `are reminded before the next is asked, when they are late, and before it is given up`() throws
    {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var question = Self.question
            question.escalation = .init(after: .minutes(12), to: "conductor")
            var scenario = bench.scenario([Self.ask(question)])
            scenario.roles.append(Role(id: "conductor", people: ["dana"]))
            // The clock stands at each instant until what is due there has been said.
            let story: [(after: Duration, text: String)] = [
                (.minutes(5), "reminder to the owner: an answer was expected within 5m"),
                (.minutes(9), "reminder to the owner: in 3m the conductor is asked"),
                (.minutes(12), "escalated to conductor after 12m"),
                (.minutes(25), "reminder to the owner: given up in 5m"),
            ]
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started: jump.length = story[0].after
                case .note(let note):
                    let index = story.firstIndex { $0.text == note.text } ?? story.count
                    jump.length = index + 1 < story.count ? story[index + 1].after : .minutes(30)
                default: break
                }
            }
            #expect(end.notes == story.map(\.text))
            #expect(RunState(folding: end.records).result(of: "declare") == .gaveUp)
        }
    }

    @Test(
        "are reminded by the texts of the question alone, the same in every run",
        arguments: [
            (expect: 5, giveUp: 5, hint: nil, texts: ["reminder to the owner: given up in 1m 15s"]),
            (
                expect: 15, giveUp: 45, hint: 20,
                texts: [
                    "reminder to the owner: an answer was expected within 15m", "hint: page 4",
                    "reminder to the owner: given up in 5m",
                ]
            ),
        ] as [(expect: Int, giveUp: Int, hint: Int?, texts: [String])])
    func reminders(expect: Int, giveUp: Int, hint: Int?, texts: [String]) {
        var question = Self.question
        question.expect = .minutes(expect)
        question.giveUp = .minutes(giveUp)
        question.hint = hint.map { .init(after: .minutes($0), text: "page 4") }
        #expect(question.reminders.map(\.text) == texts)
    }

    @Test func `cannot be answered for by just anybody when all of a role are away`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            let gone = Step(
                id: "gone", phase: .disrupt,
                verb: .fault(Fault(kind: .personAbsent(person: "petra"), host: nil, ttl: nil, heal: .auto)))
            var question = Self.question
            question.escalation = .init(after: .minutes(8), to: "conductor")
            var scenario = bench.scenario([gone, Self.ask(question)])
            scenario.roles.append(Role(id: "conductor", people: ["dana"]))
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started:
                    try? runner.answer(run: record.run, step: "declare", answer: "go", person: "kai")
                case .note(let note) where note.text.hasPrefix("nobody who holds"): jump.length = .minutes(8)
                case .note(let note) where note.text.hasPrefix("escalated"):
                    try? runner.answer(run: record.run, step: "declare", answer: "go", person: "dana")
                default: break
                }
            }
            #expect(end.run.participants.map(\.person) == ["dana"])
            #expect(
                end.notes.first == "nobody who holds the role owner can be reached in this drill",
                "\(end.notes)")
            #expect(end.run.outcome == .passed)
        }
    }

    @Test("find the next best store when a vault is away", arguments: [["north"], ["north", "metro"]])
    func vaultAbsent(stores: [String]) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let faults = stores.map { store in
                Step(
                    id: "no_\(store)", phase: .disrupt,
                    verb: .fault(Fault(kind: .vaultAbsent(store: store), host: nil, ttl: nil, heal: .auto)))
            }
            let path = scratch.path("srv/tree")
            let extract = Step(
                id: "extract", phase: .recover,
                verb: .restore(Restore(dataset: "documents", host: "north", path: path)),
                undo: .run(["rm", "-rf", path], host: nil, timeout: nil))
            let end = try bench.runner.start(try bench.prepared(bench.scenario(faults + [extract])))
            let step = try #require(RunState(folding: end.records).steps["extract"])
            guard stores.count == 1 else {
                #expect(end.run.outcome == .failed && step.intent == nil, "nothing was begun")
                return #expect(step.finished?.actual.contains("no whole point") == true)
            }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            guard case .restored(let restored)? = step.finished?.proof else {
                return #expect(Bool(false), "nothing was restored")
            }
            #expect(restored.store == "metro")
            #expect(step.intent?.commands.first?.contains("from metro") == true)
        }
    }

    @Test func `that are away are answered for by their deputies alone`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let gone = Step(
                id: "gone", phase: .disrupt,
                verb: .fault(Fault(kind: .personAbsent(person: "petra"), host: nil, ttl: nil, heal: .auto)))
            var scenario = bench.scenario([gone, Self.ask(Self.question)])
            scenario.roles = [Role(id: "owner", people: ["petra"], deputies: ["lin"])]
            let end = try runner.start(try bench.prepared(scenario)) { record in
                guard case .started = record.fact else { return }
                try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
                try? runner.answer(run: record.run, step: "declare", answer: "go", person: "lin")
            }
            #expect(end.run.participants.map(\.person) == ["lin"])
            #expect(end.notes == ["petra does not hold the role owner"])
            #expect(end.run.outcome == .passed)
        }
    }

    @Test func `prove an answer by a document, which is kept with the run`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var question = Self.question
            question.attachment = .required
            let page = try scratch.write("page 4", to: "page.txt")
            _ = page
            let end = try runner.start(try bench.prepared(bench.scenario([Self.ask(question)]))) { record in
                guard case .started = record.fact else { return }
                try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
                try? runner.answer(
                    run: record.run, step: "declare", answer: "go", person: "petra",
                    attachment: scratch.path("page.txt"))
            }
            #expect(end.notes == ["an answer to declare needs a document: drill answer … --attach FILE"])
            let hash = sha256(Array("page 4".utf8))
            #expect(try scratch.text("runs/\(end.run.run)/output/\(hash.prefix(12))-page.txt") == "page 4")
            let answer = end.records.compactMap {
                if case .answer(let answer) = $0.fact { answer } else { nil }
            }
            #expect(answer.first?.attachment?.sha256 == hash)
        }
    }

    @Test func `must be two where two are asked for`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var question = Self.question
            question.second = "conductor"
            var scenario = bench.scenario([Self.ask(question)])
            scenario.roles.append(Role(id: "conductor", people: ["petra", "dana"]))
            let end = try runner.start(try bench.prepared(scenario)) { record in
                switch record.fact {
                case .started:
                    for person in ["petra", "petra", "dana"] {
                        try? runner.answer(run: record.run, step: "declare", answer: "go", person: person)
                    }
                default: break
                }
            }
            #expect(end.run.outcome == .passed)
            #expect(end.run.participants.map(\.person) == ["petra", "dana"])
            #expect(end.notes == ["petra has answered declare already"])
        }
    }

    @Test("may let it go on after a failure, which never counts as passed", arguments: [true, false])
    func waived(isApproved: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var fence = bench.logging("fence")
            fence.verb = .run(["false"])
            fence.onFail = Approval(
                need: 2, from: ["owner", "conductor"], ask: "Go on?", giveUp: .minutes(5))
            var scenario = bench.scenario([fence, bench.logging("two")])
            scenario.roles.append(Role(id: "conductor", people: ["dana"]))
            let end = try runner.start(try bench.prepared(scenario)) { record in
                guard case .finished(let end) = record.fact, end.result == .failed else { return }
                let word = isApproved ? "approve" : "refuse"
                try? runner.answer(run: record.run, step: "fence", answer: "approve", person: "petra")
                try? runner.answer(run: record.run, step: "fence", answer: word, person: "dana")
            }
            #expect(try bench.log().contains("two") == isApproved)
            #expect(end.run.outcome == (isApproved ? .incomplete : .failed))
            let waiver = end.records.compactMap {
                if case .correction(let waiver) = $0.fact { waiver } else { nil }
            }
            #expect(waiver.map(\.person) == (isApproved ? ["petra, dana"] : []))
        }
    }

    @Test func `rate a closed run, each with name, role and what they saw`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var scenario = bench.scenario([bench.logging("one")])
            scenario.objectives = [DrillObjective(id: "O1", text: "in time")]
            scenario.roles.append(Role(id: "evaluator", people: ["ines"], mayAct: false))
            scenario.after = After(observers: ["evaluator"], observationsWithin: .days(2))
            let drill = try bench.prepared(scenario)
            @Sendable func remark(_ objective: String, _ person: String) -> DrillRunner.Remark {
                DrillRunner.Remark(
                    objective: objective, rating: .majorChallenges, text: "slow", person: person)
            }
            let end = try runner.start(drill) { record in
                guard case .finished = record.fact else { return }
                #expect(throws: OperationError.self) {
                    try runner.observe(run: record.run, drill, remark("O1", "ines"))
                }
            }
            let run = end.run.run
            #expect(throws: OperationError.self) { try runner.observe(run: run, drill, remark("O9", "ines")) }
            #expect(throws: OperationError.self) {
                try runner.observe(run: run, drill, remark("O1", "petra"))
            }
            let said = try runner.observe(run: run, drill, remark("O1", "ines"))
            #expect(said.role == "evaluator" && said.lateSeconds == nil)
            let jump = Jump()
            jump.length = .days(3)
            let late = try bench.runner(jump).observe(run: run, drill, remark("O1", "ines"))
            #expect(try #require(late.lateSeconds) > 86_000)
            #expect(try runner.observations() == [said, late])
        }
    }

    @Test func `must sign in a live drill: an answer, and the approval that lets it begin`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            for name in ["dana", "other"] {
                _ = try Command.output(
                    "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch.path(name))
            }
            var question = Self.question
            question.role = "conductor"
            var scenario = bench.scenario([Self.ask(question), bench.logging("one")])
            scenario.mode = .live
            scenario.roles = [Role(id: "conductor", people: ["dana"], heartbeat: .minutes(10))]
            scenario.safety.hosts = ["north"]
            scenario.safety.approvals = ApprovalRule(need: 1, from: ["conductor"])
            let key = try scratch.text("dana.pub").trimmingCharacters(in: .whitespacesAndNewlines)
            let drill = try bench.prepared(scenario) { plan in
                plan.people[0].key = key
                plan.hosts[0].drills = [.live]
            }
            let runner = bench.runner
            #expect(throws: OperationError.self) { try runner.start(drill) }
            try runner.approvals.approve(
                drill, as: "dana", role: "conductor", key: scratch.path("dana"), at: TimeSource.system.now())
            let end = try runner.start(drill) { record in
                guard case .started = record.fact, record.step == "declare" else { return }
                for name in [nil, "other", "dana"] {
                    try? runner.answer(
                        run: record.run, step: "declare", answer: "go", person: "dana",
                        key: name.map { scratch.path($0) })
                }
            }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(
                end.notes == [
                    "live, dana must sign: drill answer … --key FILE",
                    "the signature is not by the key of dana",
                ])
            let answers = end.records.compactMap {
                if case .answer(let answer) = $0.fact { answer } else { nil }
            }
            #expect(answers.map(\.isAuthenticated) == [true])
        }
    }
}
