// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A drill that waits for the company's own monitoring")
struct AlertConditionTests {
    private static func alert(_ id: String, firedAt: Moment?, at moment: Moment) -> EventBody {
        .alert(Alert(id: id, rule: "db-down", firedAt: firedAt, deliveredAt: moment))
    }

    /// Something is disturbed, and the monitoring is to see it.
    private static func scenario(_ bench: DrillBench, deadline: Duration) -> Scenario {
        let wait = Step(
            id: "seen", phase: .detect,
            verb: .waitFor(
                .any([
                    .probe(ProbeCondition(probe: "new", state: .up, window: .seconds(600))),
                    .alert("db-down"),
                ]), deadline: deadline), isCritical: false)
        return bench.scenario([bench.logging("hurt", phase: .disrupt), wait])
    }

    private static func isWaiting(_ record: DrillRecord) -> Bool {
        if case .started = record.fact { record.step == "seen" } else { false }
    }

    private static func raised(_ records: [DrillRecord]) -> [DrillFact.AlertRaised] {
        records.compactMap { if case .alert(let raised) = $0.fact { raised } else { nil } }
    }

    @Test func `goes on with the alert, and its journal says which`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let before = Moment(seconds: 1_700_000_000)
            try bench.ledger.append([Self.alert("old", firedAt: nil, at: before)], at: before)
            let other = try Ledger(path: bench.ledger.path)
            let drill = try bench.prepared(Self.scenario(bench, deadline: .seconds(120)))
            let end = try bench.runner.start(drill) { record in
                guard Self.isWaiting(record) else { return }
                let now = TimeSource.system.now()
                _ = try? other.append(
                    [Self.alert("old", firedAt: nil, at: now), Self.alert("new", firedAt: now, at: now)],
                    at: now)
            }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            let raised = Self.raised(end.records)
            #expect(raised.map(\.id) == ["new"] && raised.first?.event == 3 && raised.first?.firedAt != nil)
            let said = RunState(folding: end.records).steps["seen"]?.finished?.actual ?? ""
            #expect(said.hasPrefix("so after ") && said.contains("alert db-down, event 3, fired "), "\(said)")
        }
    }

    @Test("does not take an alert from before, told again or not", arguments: [true, false])
    func before(isToldAgain: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let begun = TimeSource.system.now() - .seconds(1)
            try bench.ledger.append([Self.alert("old", firedAt: begun, at: begun)], at: begun)
            let drill = try bench.prepared(Self.scenario(bench, deadline: .seconds(2)))
            let end = try bench.runner.start(drill) { record in
                guard isToldAgain, Self.isWaiting(record) else { return }
                let now = TimeSource.system.now()
                _ = try? bench.ledger.append([Self.alert("old", firedAt: begun, at: now)], at: now)
            }
            #expect(Self.raised(end.records).isEmpty)
            #expect(RunState(folding: end.records).result(of: "seen") == .timedOut)
        }
    }

    @Test func `is taken up with what its journal holds, whatever the ledger says then`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                let drill = try bench.prepared(Self.scenario(bench, deadline: .seconds(120)))
                _ = try bench.runner.start(drill) { record in
                    if case .alert = record.fact { kill(getpid(), SIGKILL) }
                    guard Self.isWaiting(record) else { return }
                    let now = TimeSource.system.now()
                    _ = try? bench.ledger.append([Self.alert("new", firedAt: now, at: now)], at: now)
                }
            }
            let run = try #require(bench.runner.runs().first?.run)
            let runner = DrillRunner(
                runsFolder: scratch.path("runs"), reach: bench.reach, restorer: bench.runner.restorer,
                ledger: try Ledger(path: scratch.path("empty.sqlite")))
            let drill = try bench.prepared(Self.scenario(bench, deadline: .seconds(120)))
            let end = try await onThread { try runner.resume(run, drill) }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(Self.raised(end.records).map(\.id) == ["new"])
        }
    }

    /// Takes the events away, or brings them back, behind the back of whoever has the ledger open.
    private static func hide(_ bench: DrillBench, _ isHidden: Bool) throws {
        let names = isHidden ? ["event", "gone"] : ["gone", "event"]
        let script = """
            import sqlite3, sys
            sqlite3.connect(sys.argv[1], timeout=10).execute(f"ALTER TABLE {sys.argv[2]} RENAME TO {sys.argv[3]}")
            """
        _ = try Command.output("python3", "-c", script, bench.ledger.path, names[0], names[1])
    }

    @Test func `has not seen it while the ledger cannot be read, and says why`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try bench.prepared(Self.scenario(bench, deadline: .seconds(2)))
            let end = try bench.runner.start(drill) { record in
                if Self.isWaiting(record) { try? Self.hide(bench, true) }
                if case .finished = record.fact, record.step == "seen" { try? Self.hide(bench, false) }
            }
            let step = RunState(folding: end.records).steps["seen"]?.finished
            #expect(step?.result == .timedOut)
            #expect(
                step?.actual.contains("the ledger's alerts cannot be read: ") == true,
                "\(String(describing: step))")
        }
    }

    @Test(
        "is stopped by an alert that guards it, and by a ledger that nobody can read",
        arguments: [true, false])
    func guarded(isReadable: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var endless = bench.logging("endless")
            endless.verb = .run(["sleep", "600"])
            var scenario = bench.scenario([endless])
            scenario.safety.stopIf = [
                .init(.condition(.alert("db-down")), because: "somebody has a real one")
            ]
            let begun = TimeSource.system.now() - .seconds(1)
            try bench.ledger.append([Self.alert("old", firedAt: begun, at: begun)], at: begun)
            let end = try bench.runner.start(try bench.prepared(scenario)) { record in
                if case .started = record.fact, record.step == "endless" {
                    let now = TimeSource.system.now()
                    if isReadable {
                        _ = try? bench.ledger.append([Self.alert("new", firedAt: now, at: now)], at: now)
                    } else {
                        try? Self.hide(bench, true)
                    }
                }
                if case .stop = record.fact, !isReadable { try? Self.hide(bench, false) }
            }
            let stop = RunState(folding: end.records).stopped
            #expect(stop?.cause == .guarded && end.run.aftermath == .clean)
            let words =
                isReadable
                ? "somebody has a real one: alert db-down, event 2"
                : "the ledger, whose alerts guard this drill, cannot be read"
            #expect(stop?.text.hasPrefix(words) == true, "\(stop?.text ?? "")")
            #expect(try bench.log() == ["undo-endless"])
        }
    }

    @Test func `is rehearsed as if the alert had come when expected`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var scenario = Self.scenario(bench, deadline: .minutes(5))
            scenario.steps[1].expect = .seconds(40)
            var after = bench.logging("after")
            after.when = .alert("db-down")
            var never = bench.logging("never")
            never.when = .alert("other")
            scenario.steps += [after, never]
            let rehearsal = try bench.runner.rehearse(try bench.prepared(scenario))
            let state = RunState(folding: rehearsal.records)
            #expect(state.result(of: "seen") == .passed && rehearsal.length >= .seconds(40))
            #expect(state.result(of: "after") == .passed && state.result(of: "never") == .skipped)
            #expect(Self.raised(rehearsal.records).isEmpty)
        }
    }

    @Test(
        "is refused where it says nothing, with line, key and a guess",
        arguments: [
            ("    wait_for: {alrt: db-down, deadline: 5m}", 19, "steps[2].wait_for.alrt", "unknown key"),
            (
                "    wait_for: {any: [{step: one}, {not: {alert: x}}], deadline: 5m}", 19,
                "steps[2].wait_for.any.not.alert", "nobody can say that no alert was raised"
            ),
            (
                "    wait_for: {alert: \"{{name}}\", deadline: 5m}", 19, "steps[2].wait_for.alert",
                "nothing is filled in"
            ),
            (
                "    mark: n\nrestored_when: {files: {alert: x}}", 20, "restored_when.files.alert",
                "not that a service is back"
            ),
        ])
    func refused(verb: String, line: Int, key: String, message: String) throws {
        let text = ScenarioFileTests.small.replacingOccurrences(
            of: "vars: {name: x}", with: "  - id: three\n    phase: detect\n\(verb)\nvars: {name: x}")
        let (scenario, problems) = try ScenarioFileTests.decode(text)
        #expect(scenario == nil)
        #expect(problems.errors.contains { $0.message.contains(message) }, "\(problems)")
        #expect(problems.errors.contains { $0.key == key && $0.place.line == line }, "\(problems.errors)")
    }

    @Test func `is written as an alert among other conditions`() throws {
        let text = ScenarioFileTests.small.replacingOccurrences(
            of: "    mark: m",
            with: "    wait_for: {any: [{probe: slow, down_for: 2s}, {alert: orders-db-down}], deadline: 5m}")
        let (scenario, problems) = try ScenarioFileTests.decode(text)
        guard case .waitFor(let condition, _)? = scenario?.steps.last?.verb else {
            Issue.record("\(problems)")
            return
        }
        #expect(condition.alerts == ["orders-db-down"])
        #expect(condition.text == "any of: probe slow down for 2s, alert orders-db-down raised")
    }
}
