// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("A rehearsal")
struct DrillRehearsalTests {
    @Test func `runs the whole story in no time: expected length, recovery time and critical path`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try bench.prepared(Self.story(bench))
            let begun = ContinuousClock.now
            let rehearsal = try bench.runner.rehearse(drill)
            #expect(ContinuousClock.now - begun < .seconds(20))
            // The long arm decides; the short one lies beside it.
            #expect(rehearsal.criticalPath == ["cut", "fetch", "check"])
            #expect(rehearsal.expectedRecoveryTime == ["files": .minutes(51)])
            let slots = rehearsal.timeline.slots
            #expect(slots.map(\.step) == ["cut", "fetch", "check", "tell"])
            #expect(rehearsal.timeline.length == .minutes(51) && rehearsal.length == .minutes(51))
            #expect(slots.map(\.begin) == [.zero, .minutes(1), .minutes(31), .minutes(1)])
            let ends = rehearsal.records.filter { $0.fact.kind == .finished }.compactMap(\.step)
            #expect(ends == ["cut", "tell", "fetch", "check"])
            // Nothing was carried out, and nothing was left.
            #expect(try bench.log().isEmpty)
            #expect(bench.runner.runs().isEmpty)
            #expect(!FileManager.default.fileExists(atPath: bench.reach.home(of: "north")))
            let state = RunState(folding: rehearsal.records)
            #expect(state.owedUndos.isEmpty && state.intended == ["cut", "fetch", "tell"])
            #expect(rehearsal.text.contains("decided by cut > fetch > check"))
        }
    }

    @Test func `ends where the day would end, and asks nobody`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var broken = bench.logging("broken", needs: [])
            broken.verb = .run(["echo", "{{nobody}}"])
            broken.onFail = Approval(need: 1, from: ["owner"], ask: "Go on?", giveUp: .minutes(5))
            let steps = [
                broken, bench.logging("beside", needs: []), bench.logging("behind", needs: ["broken"]),
            ]
            let rehearsal = try bench.runner.rehearse(try bench.prepared(bench.scenario(steps)))
            let state = RunState(folding: rehearsal.records)
            #expect(state.stopped?.text == "step broken: failed")
            #expect(state.result(of: "behind") == nil)
        }
    }

    @Test func `knows from earlier runs how long a step takes`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var one = bench.logging("one")
            one.expect = .hours(1)
            let drill = try bench.prepared(bench.scenario([one]))
            #expect(try bench.runner.rehearse(drill).length == .hours(1))
            _ = try bench.runner.start(drill)
            let learnt = try bench.runner.rehearse(drill)
            #expect(learnt.length < .minutes(5) && learnt.length > .zero)
        }
    }

    @Test func `names a text that nothing fills before the day`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var one = bench.logging("one")
            one.verb = .run(["echo", "{{nobody}}"])
            let rehearsal = try bench.runner.rehearse(try bench.prepared(bench.scenario([one])))
            let end = RunState(folding: rehearsal.records).steps["one"]?.finished
            #expect(end?.result == .failed && end?.actual.contains("nobody") == true)
        }
    }

    @Test func `can be compared with the day: what two runs differ in, and a runbook of it`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let good = try bench.prepared(bench.scenario([bench.logging("one"), bench.logging("two")]))
            let before = try bench.runner.start(good)
            var broken = bench.logging("two")
            broken.verb = .run(["false"])
            let bad = try bench.prepared(bench.scenario([bench.logging("one"), broken]))
            let after = try bench.runner.start(bad)
            let diff = DrillDiff((before.run, before.records), (after.run, after.records))
            #expect(
                diff.changes.contains {
                    $0.what == "outcome" && $0.before == "passed" && $0.after == "failed"
                })
            #expect(
                diff.changes.contains { $0.what == "step two" && $0.after.hasPrefix("failed") },
                "\(diff.changes)")
            #expect(diff.newFindings.contains { $0.hasPrefix("failed: two") })
            let same = DrillDiff((before.run, before.records), (before.run, before.records))
            #expect(same.changes.isEmpty && same.newFindings.isEmpty && same.goneFindings.isEmpty)

            let book = Runbook(good.scenario, plan: try bench.runner.plan(good)).markdown
            for words in ["one", "two", "north", "undo-one"] { #expect(book.contains(words), "\(words)") }
        }
    }

    /// Two arms behind a cut, one of them long.
    private static func story(_ bench: DrillBench) -> Scenario {
        var cut = bench.logging("cut", phase: .disrupt)
        cut.expect = .minutes(1)
        var fetch = bench.logging("fetch", phase: .recover, needs: ["cut"])
        fetch.expect = .minutes(30)
        var check = Step(
            id: "check", phase: .validate,
            verb: .check(Expectation(host: "north", arguments: ["true"])), needs: ["fetch"])
        check.expect = .minutes(20)
        var tell = bench.logging("tell", phase: .work, needs: ["cut"])
        tell.expect = .minutes(10)
        var scenario = bench.scenario([cut, fetch, check, tell], services: ["files"])
        scenario.restoredWhen = ["files": .step("check")]
        return scenario
    }
}
