// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

@Suite("The safety of a running drill")
struct DrillSafetyTests {
    @Test(
        "is watched all the time: a rule of stop_if ends a step that would not end", arguments: [true, false])
    func stopIf(isProbe: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/old")
            var endless = bench.logging("endless")
            endless.verb = .run(["sh", "-c", "rm \"$1\"; sleep 600", "x", scratch.path("srv/old")])
            var scenario = bench.scenario([endless])
            scenario.safety.stopIf = [
                isProbe
                    ? Safety.StopRule(
                        .condition(
                            .probe(ProbeCondition(probe: "old", state: .down, window: .milliseconds(200)))),
                        because: "the real service suffers")
                    : Safety.StopRule(
                        .diskFree(host: "north", path: "/", below: .share(1)),
                        because: "the real service suffers")
            ]
            let end = try bench.runner.start(try bench.prepared(scenario))
            #expect(end.run.outcome == .aborted)
            let stops = end.records.compactMap { if case .stop(let stop) = $0.fact { stop } else { nil } }
            #expect(stops.map(\.cause) == [.guarded])
            #expect(stops.first?.text.hasPrefix("the real service suffers") == true)
            #expect(end.run.aftermath == .clean)
            if isProbe { #expect(try bench.log() == ["undo-endless"]) }
        }
    }

    @Test func `ends a drill that takes longer than it may`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            var endless = bench.logging("endless")
            endless.verb = .run(["sleep", "600"])
            let end = try bench.runner(jump).start(try bench.prepared(bench.scenario([endless]))) { record in
                if case .started = record.fact { jump.length = .hours(5) }
            }
            #expect(end.run.outcome == .aborted)
            #expect(try bench.log() == ["undo-endless"])
        }
    }

    @Test func `goes forward behind the point of no return, and leaves a fence where it is`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            let control = DrillControl()
            let end = try bench.runner.start(
                try bench.prepared(Self.pivoting(bench)), control: control
            ) { record in
                guard case .finished = record.fact, record.step == "promote" else { return }
                control.abort("enough")
            }
            #expect(end.run.outcome == .aborted)
            #expect(try bench.log() == ["promote", "rebuild", "undo-rebuild"])
            // Healing it by itself would have made two writers.
            #expect(!scratch.contains("srv/service"))
            let fence = end.records.compactMap { record -> String? in
                if case .undoDone(let undo) = record.fact, record.step == "stop" { undo.detail } else { nil }
            }
            #expect(fence == ["left as it is: behind the point of no return this heal is forbidden"])
        }
    }

    @Test func `goes back before the point of no return`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            let control = DrillControl()
            let end = try bench.runner.start(
                try bench.prepared(Self.pivoting(bench)), control: control
            ) { record in
                guard case .finished = record.fact, record.step == "stop" else { return }
                control.abort("enough")
            }
            #expect(end.run.outcome == .aborted)
            #expect(try bench.log().isEmpty)
            #expect(scratch.contains("srv/service"))
        }
    }

    private static func pivoting(_ bench: DrillBench) -> Scenario {
        let service = bench.scratch.path("srv/service")
        return bench.scenario([
            Step(
                id: "stop", phase: .disrupt,
                verb: .fault(
                    Fault(
                        kind: .serviceStop(stop: ["rm", service], start: ["touch", service]), host: "north",
                        ttl: nil, heal: .auto, isForbiddenAfterPivot: true))),
            Step(
                id: "promote", phase: .recover, verb: .run(bench.logCommand("promote")), hosts: ["north"],
                undo: Undo.none, because: "cannot be undone", isPivot: true),
            bench.logging("works", phase: .work),
            bench.logging("rebuild", phase: .protect, needs: ["promote"]),
        ])
    }

    @Test func `gives an undo a time of its own, and goes on with the others`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var stubborn = bench.logging("two")
            stubborn.undo = .run(["sleep", "600"], host: nil, timeout: .seconds(1))
            let end = try bench.runner.start(
                try bench.prepared(bench.scenario([bench.logging("one"), stubborn])))
            #expect(try bench.log() == ["one", "two", "undo-one"])
            #expect(end.run.aftermath == .leftovers)
            #expect(
                end.run.findings.contains {
                    $0.hasPrefix("undo_failed: two: ") && $0.contains("killed after")
                })
        }
    }

    @Test("gives an undo its time after a crash too", arguments: [false, true])
    func afterCrash(isOtherMachine: Bool) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                _ = try bench.runner.start(try bench.prepared(Self.stubborn(bench))) { record in
                    if case .finished = record.fact, record.step == "two" { kill(getpid(), SIGKILL) }
                }
            }
            let run = try #require(bench.runner.runs().first?.run)
            let drill = try bench.prepared(Self.stubborn(bench)) { plan in
                if isOtherMachine { plan.hosts[0].machineID = "0123456789abcdef0123456789abcdef" }
            }
            let end = try await onThread { try bench.runner.resume(run, drill) }
            #expect(end.run.aftermath == .leftovers)
            let words = isOtherMachine ? "north is another machine" : "killed after"
            #expect(
                end.run.findings.contains { $0.hasPrefix("undo_failed: two: ") && $0.contains(words) },
                "\(end.run.findings)")
            // A host that answers as another machine is not touched, not even to undo.
            #expect(try bench.log().contains("undo-one") == !isOtherMachine)
        }
    }

    private static func stubborn(_ bench: DrillBench) -> Scenario {
        var stubborn = bench.logging("two")
        stubborn.undo = .run(["sleep", "600"], host: nil, timeout: .seconds(1))
        return bench.scenario([bench.logging("one"), stubborn, bench.logging("three")])
    }

    @Test("asks when nobody can know whether a step was done", arguments: ["done", "not_done", "give_up"])
    func unknown(answer: String) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try await Self.dieAndReboot(in: scratch)
            let runner = bench.runner
            let run = try #require(runner.runs().first?.run)
            let end = try await onThread {
                try runner.resume(run, try bench.prepared(Self.long(bench))) { record in
                    guard case .hold(let hold) = record.fact else { return }
                    #expect(hold.text.hasPrefix("nobody knows whether long was done at north; answer long"))
                    try? runner.answer(run: run, step: "long", answer: answer, person: "dana")
                }
            }
            #expect(end.first { $0.fact.kind == .hold } != nil)
            let log = try bench.log()
            #expect(log.count { $0 == "long" } == (answer == "not_done" ? 2 : 1), "\(log)")
            #expect(log.contains("three") == (answer != "give_up"))
            #expect(end.run.outcome == (answer == "give_up" ? .failed : .passed), "\(end.run.findings)")
            #expect(log.count { $0 == "undo-long" } == 1)
        }
    }

    @Test("believes a confirmation before it asks", arguments: [true, false])
    func confirmed(isSo: Bool) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try await Self.dieAndReboot(in: scratch, isConfirmed: isSo)
            let runner = bench.runner
            let run = try #require(runner.runs().first?.run)
            let end = try await onThread {
                try runner.resume(run, try bench.prepared(Self.long(bench, isConfirmed: isSo)))
            }
            #expect(end.first { $0.fact.kind == .hold } == nil)
            #expect(try bench.log().count { $0 == "long" } == 1)
            #expect(end.run.outcome == (isSo ? .passed : .failed))
        }
    }

    /// The controller dies while its step runs, and then the host is started anew.
    private static func dieAndReboot(in scratch: Scratch, isConfirmed: Bool? = nil) async throws {
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, isConfirmed = isConfirmed as Bool?] in
            let bench = try DrillBench(existing: path)
            _ = try bench.runner.start(try bench.prepared(Self.long(bench, isConfirmed: isConfirmed))) {
                record in
                guard case .started = record.fact, record.step == "long" else { return }
                _ = eventually { (try? bench.log()) == ["long"] }
                kill(getpid(), SIGKILL)
            }
        }
        let bench = try DrillBench(existing: path)
        let run = try #require(bench.runner.runs().first?.run)
        let unit = bench.reach.home(of: "north") + "/.lifeboat-drills/\(run).north/long"
        for name in ["begun", "supervisor"] {
            let text = try String(contentsOfFile: "\(unit)/\(name)", encoding: .utf8)
            let pid = try #require(
                text.split(whereSeparator: { $0 == " " || $0 == "\n" }).first.flatMap { pid_t($0) })
            kill(-pid, SIGKILL)
            kill(pid, SIGKILL)
        }
        unlink(unit + "/ended")
        try "00000000-0000-4000-8000-000000000000\n".write(
            toFile: unit + "/boot", atomically: true, encoding: .utf8)
    }

    private static func long(_ bench: DrillBench, isConfirmed: Bool? = nil) -> Scenario {
        var long = bench.logging("long")
        // Begun a second time it is done at once.
        long.verb = .run([
            "sh", "-c",
            "n=$(grep -c '^long$' \"$1\" 2>/dev/null); echo long >>\"$1\"; [ \"$n\" = 1 ] || sleep 600",
            "x", bench.scratch.path("log"),
        ])
        if let isConfirmed {
            long.confirm = .expectation(
                Expectation(host: "north", arguments: [isConfirmed ? "true" : "false"]))
        }
        return bench.scenario([long, bench.logging("three")])
    }
}
