// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

/// Steps that wait for nothing of each other run side by side, and the journal stays one story.
@Suite("Steps side by side")
struct DrillParallelTests {
    /// Leaves its name when it begins, and ends only when another has begun: never, if they take turns.
    static func meeting(
        _ bench: DrillBench, _ id: String, with other: String, needs: [String]? = nil, phase: Phase = .prepare
    ) -> Step {
        var step = bench.logging(id, phase: phase, needs: needs)
        let script = #"""
            echo "$1" >>"$3"
            turn=0
            until grep -qx "$2" "$3"; do
                turn=$((turn + 1))
                [ "$turn" -lt 400 ] || exit 1
                sleep 0.05
            done
            """#
        step.verb = .run(["sh", "-c", script, "meet", id, other, bench.scratch.path("log")])
        return step
    }

    /// One step, two behind it that need nothing of each other, and one that needs both.
    private static func diamond(
        _ bench: DrillBench, _ side: (_ id: String, _ other: String) -> Step
    ) throws -> DrillRunner.End {
        let end = try bench.runner.start(
            try bench.prepared(
                bench.scenario([
                    bench.logging("one"), side("left", "right"), side("right", "left"),
                    bench.logging("last", needs: ["left", "right"]),
                ])))
        #expect(end.run.outcome == .passed, "\(end.run.findings)")
        return end
    }

    @Test("begin in written order, meet, and are undone in the reverse of it", arguments: 0..<3)
    func together(round: Int) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let end = try Self.diamond(bench) { Self.meeting(bench, $0, with: $1, needs: ["one"]) }
            let intents = end.records.filter { $0.fact.kind == .intent }.compactMap(\.step)
            #expect(intents == ["one", "left", "right", "last"])
            let undone = end.records.filter { $0.fact.kind == .undoIntent }.compactMap(\.step)
            #expect(undone == ["last", "right", "left", "one"])
            // What its command says may be on record before the word that it has begun.
            let begun = try #require(end.first { $0.step == "right" && $0.fact.kind == .intent })
            let ended = try #require(end.first { $0.step == "left" && $0.fact.kind == .finished })
            #expect(begun < ended)
            #expect(end.records.map(\.monotonic) == end.records.map(\.monotonic).sorted())
        }
    }

    /// Undoes itself only when the undo of another has begun: never, if they take turns.
    static func meetingUndo(
        _ bench: DrillBench, _ id: String, with other: String, needs: [String]? = nil
    ) -> Step {
        var step = bench.logging(id, needs: needs)
        guard case .run(let words) = meeting(bench, "undo-\(id)", with: "undo-\(other)").verb else {
            return step
        }
        step.undo = .run(words, host: nil, timeout: nil)
        return step
    }

    @Test func `are undone side by side, between what needed them and what they needed`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let end = try Self.diamond(bench) { Self.meetingUndo(bench, $0, with: $1, needs: ["one"]) }
            let undone = try bench.log().filter { $0.hasPrefix("undo") }
            #expect(undone.first == "undo-last" && undone.last == "undo-one", "\(undone)")
            #expect(undone.count == 4)
            func at(_ step: String, _ kind: DrillFact.Kind) -> Int? {
                end.first { $0.step == step && $0.fact.kind == kind }
            }
            let met = try #require(at("left", .undoIntent))
            #expect(met < (try #require(at("right", .undoDone))))
            // What was built on others is gone before they are touched.
            #expect(try #require(at("last", .undoDone)) < (try #require(at("right", .undoIntent))))
            for id in ["left", "right"] {
                #expect(try #require(at(id, .undoDone)) < (try #require(at("one", .undoIntent))))
            }
        }
    }

    @Test func `are undone although an undo beside them fails, and what they needed as well`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var broken = bench.logging("broken", needs: ["one"])
            broken.undo = .run(["sh", "-c", "echo no >&2; exit 3"], host: nil, timeout: nil)
            let end = try bench.runner.start(
                try bench.prepared(
                    bench.scenario([
                        bench.logging("one"), broken, bench.logging("good", needs: ["one"]),
                    ])))
            #expect(end.run.aftermath == .leftovers)
            #expect(end.run.findings.contains { $0.hasPrefix("undo_failed: broken: exit status 3: no") })
            #expect(try bench.log().filter { $0.hasPrefix("undo") }.sorted() == ["undo-good", "undo-one"])
        }
    }

    @Test func `begin at once where they need nothing, wherever they are written`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let steps = [
                Self.meeting(bench, "first", with: "late"), bench.logging("second"),
                Self.meeting(bench, "late", with: "first", needs: []),
            ]
            let end = try bench.runner.start(try bench.prepared(bench.scenario(steps)))
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(Array(try bench.log().prefix(3)).last == "second")
        }
    }

    @Test func `come to their own end when another fails, and nothing new begins`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var broken = bench.logging("broken", needs: ["one"])
            broken.verb = .run(
                ["sh", "-c", "until grep -qx slow \"$1\"; do sleep 0.05; done; exit 3", "x"]
                    + [scratch.path("log")])
            // Its last word comes a while after the other has failed.
            var slow = bench.logging("slow", needs: ["one"])
            slow.verb = .run(
                [
                    "sh", "-c", "echo slow >>\"$1\"; sleep 2; echo slow-ended >>\"$1\"", "x",
                    scratch.path("log"),
                ])
            var endless = DrillPeopleTests.question
            endless.giveUp = .hours(10)
            var ask = DrillPeopleTests.ask(endless)
            ask.needs = ["one"]
            let steps = [bench.logging("one"), broken, slow, ask, bench.logging("behind", needs: ["slow"])]
            let end = try bench.runner.start(try bench.prepared(bench.scenario(steps)))
            #expect(end.run.outcome == .failed)
            #expect(
                try bench.log() == ["one", "slow", "slow-ended", "undo-slow", "undo-broken", "undo-one"])
            let state = RunState(folding: end.records)
            #expect(state.result(of: "slow") == .passed && state.result(of: "behind") == nil)
            #expect(
                state.steps["declare"]?.finished?.actual == "nobody had answered when the run was stopped")
            #expect(state.stopped?.text == "step broken: failed")
        }
    }

    @Test func `are all ended by an abort`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let steps = ["left", "right"].map { id -> Step in
                var step = bench.logging(id, needs: [])
                step.verb = .run([
                    "sh", "-c", "echo \"$1\" >>\"$2\"; sleep 600", "x", id, scratch.path("log"),
                ])
                return step
            }
            let runner = bench.runner
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                guard case .started = record.fact, record.step == "right" else { return }
                try? runner.abort(run: record.run, because: "enough", person: "dana")
            }
            #expect(end.run.outcome == .aborted && end.run.aftermath == .clean)
            let state = RunState(folding: end.records)
            for id in ["left", "right"] { #expect(state.result(of: id) == .failed) }
            #expect(Array(try bench.log().suffix(2)) == ["undo-right", "undo-left"])
        }
    }

    @Test func `go on while the run is held, and what is new waits`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let steps = [
                Self.meeting(bench, "left", with: "right", needs: []),
                Self.meeting(bench, "right", with: "left", needs: []),
                bench.logging("last", needs: ["left", "right"]),
            ]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                switch record.fact {
                case .intent where record.step == "left":
                    try? runner.hold(run: record.run, because: "lunch", person: "dana")
                case .hold: try? runner.note(run: record.run, "held")
                case .note(let note) where note.text == "held":
                    // The other one could not begin any more: the hold came first, so it is let go.
                    try? runner.release(run: record.run, because: "back", person: "dana")
                default: break
                }
            }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            let held = try #require(end.first { $0.fact.kind == .hold })
            let released = try #require(end.first { $0.fact.kind == .release })
            let between = end.records.filter { ($0.sequence > held) && ($0.sequence < released) }
            #expect(!between.contains { $0.fact.kind == .intent })
        }
    }

    @Test func `ask several people at once, who answer in any order`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var tell = DrillPeopleTests.ask(DrillPeopleTests.question, id: "tell")
            tell.needs = []
            tell.save = [:]
            var declare = DrillPeopleTests.ask(DrillPeopleTests.question)
            declare.needs = []
            let steps = [declare, tell, bench.logging("one", needs: ["declare", "tell"])]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                switch record.fact {
                case .started where record.step == "tell":
                    try? runner.answer(run: record.run, step: "tell", answer: "go", person: "petra")
                case .finished where record.step == "tell":
                    try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
                default: break
                }
            }
            let ends = end.records.filter { $0.fact.kind == .finished }.compactMap(\.step)
            #expect(ends == ["tell", "declare", "one"])
            #expect(end.run.outcome == .passed)
        }
    }

    @Test func `behind a failed step wait until people have said whether it may go on`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            var fence = bench.logging("fence", needs: [])
            fence.verb = .run(["false"])
            fence.onFail = Approval(need: 1, from: ["owner"], ask: "Go on?", giveUp: .minutes(5))
            let beside = bench.logging("beside", needs: [])
            let steps = [fence, beside, bench.logging("behind", needs: ["fence"])]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                // Only when the one beside it has ended is the question answered.
                guard case .finished = record.fact, record.step == "beside" else { return }
                try? runner.answer(run: record.run, step: "fence", answer: "approve", person: "petra")
            }
            #expect(end.run.outcome == .incomplete, "\(end.run.findings)")
            #expect(Array(try bench.log().prefix(2)) == ["beside", "behind"])
        }
    }

    @Test func `can be told from the plan`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let plan = try bench.runner.plan(
                try bench.prepared(
                    bench.scenario([
                        bench.logging("one"), bench.logging("left", needs: ["one"]),
                        bench.logging("right", needs: ["one"]),
                        Step(id: "seen", phase: .detect, verb: .mark("seen"), needs: ["one"]),
                        bench.logging("last", needs: ["left", "right"]),
                    ])))
            #expect(
                plan.steps.map(\.beside) == [[], ["right"], ["left"], [], []], "a mark takes no time")
            #expect(plan.steps.map(\.needs) == [[], ["one"], ["one"], ["one"], ["left", "right"]])
            #expect(plan.text.contains("side by side with right"))
        }
    }

    @Test func `share what is left of the time`() throws {
        let steps = ["cut", "fetch", "check", "tell"].map { id in
            Step(
                id: id, phase: .prepare, verb: .run(["true"]), hosts: ["north"],
                needs: id == "cut" ? [] : id == "check" ? ["fetch"] : ["cut"],
                expect: ["cut": .minutes(1), "fetch": .minutes(30), "check": .minutes(20)][id] ?? .minutes(10)
            )
        }
        let line = DrillTimeline(
            Scenario(id: "t", title: "t", exercise: .simulation, mode: .sandbox, services: [], steps: steps))
        #expect(line.length == .minutes(51))
        #expect(line.slotsByBegin.map(\.step) == ["cut", "fetch", "tell", "check"])
        #expect(line.left(ended: ["cut"]).length == .minutes(50))
        #expect(line.left(ended: ["cut"], elapsed: ["fetch": .minutes(25)]).length == .minutes(25))
        let late = line.left(ended: ["cut", "fetch", "check"], elapsed: ["tell": .minutes(3)])
        #expect(late.length == .minutes(7) && late.path == ["tell"])
        // What takes longer than expected is expected to end now, and no earlier.
        #expect(line.left(ended: ["cut", "tell"], elapsed: ["fetch": .hours(2)]).length == .minutes(20))
    }
}

/// The same when the controller is killed; each record in a lab of its own.
@Suite("Steps side by side whose controller dies")
struct DrillParallelCrashTests {
    /// As many as the story has when nobody disturbs it.
    static let records = 31
    static let log = [
        "one", "left", "right", "last", "undo-last", "undo-right", "undo-left", "undo-one",
    ]

    /// Both meet, whichever controller has begun them, while a person is asked.
    static func story(_ bench: DrillBench) -> Scenario {
        var ask = DrillPeopleTests.ask(DrillPeopleTests.question)
        ask.needs = ["one"]
        return bench.scenario([
            bench.logging("one"),
            DrillParallelTests.meeting(bench, "left", with: "right", needs: ["one"]),
            DrillParallelTests.meeting(bench, "right", with: "left", needs: ["one"]),
            ask,
            bench.logging("last", needs: ["left", "right", "declare"]),
        ])
    }

    @Test func `are a story of so many records`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let end = try await onThread {
                try bench.runner.start(try bench.prepared(Self.story(bench), answers: ["declare": "go"]))
            }
            #expect(end.records.count == Self.records)
            #expect(try bench.log().sorted() == Self.log.sorted())
        }
    }

    @Test("are found again: nothing twice, no undo lost, the same verdict", arguments: 0..<4)
    func killed(lane: Int) async throws {
        for record in stride(from: lane + 1, through: Self.records, by: 4) {
            try await Scratch.with { scratch in
                let bench = try DrillBench(scratch)
                let path = scratch.path
                await #expect(processExitsWith: .signal(SIGKILL)) {
                    [path = path as String, record = record as Int] in
                    let bench = try DrillBench(existing: path)
                    let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
                    _ = try bench.runner.start(drill) { if $0.sequence == record { kill(getpid(), SIGKILL) } }
                    kill(getpid(), SIGKILL)
                }
                let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
                let run = try #require(bench.runner.runs().first?.run)
                let end = try await onThread { try bench.comeBack(run, drill) }
                #expect(end.run.outcome == .passed, "killed at record \(record): \(end.run.findings)")
                #expect(end.run.aftermath == .clean)
                #expect(try bench.log().sorted() == Self.log.sorted(), "killed at record \(record)")
                let intents = end.records.filter { $0.fact.kind == .intent }.compactMap(\.step)
                #expect(intents == ["one", "left", "right", "last"], "killed at record \(record)")
                // The two that ran side by side are undone so: either may be the first to end.
                let undone = end.records.filter { $0.fact.kind == .undoDone }.compactMap(\.step)
                #expect(undone.first == "last" && undone.last == "one", "killed at record \(record)")
                #expect(undone.sorted() == ["last", "left", "one", "right"], "killed at record \(record)")
            }
        }
    }

    private static func broken(_ bench: DrillBench) -> Scenario {
        var broken = bench.logging("broken")
        broken.verb = .run(["false"])
        return bench.scenario([broken, bench.logging("two"), bench.logging("three")])
    }

    @Test func `end with a critical step that had failed before the crash`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                _ = try bench.runner.start(try bench.prepared(Self.broken(bench))) { record in
                    if case .finished = record.fact { kill(getpid(), SIGKILL) }
                }
            }
            let run = try #require(bench.runner.runs().first?.run)
            let drill = try bench.prepared(Self.broken(bench))
            let end = try await onThread { try bench.runner.resume(run, drill) }
            #expect(end.run.outcome == .failed)
            #expect(try bench.log() == ["undo-broken"], "nothing behind it was begun")
        }
    }
}
