// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// The whole story over a service that is a file: it is up while the file is there.
@Suite("A drill of a lost file service")
struct DrillFileServiceTests {
    @Test func `measures recovery time and point, and leaves the host as it was`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/old")
            try bench.acknowledgeCanaries(at: TimeSource.system.now() - .minutes(30))
            let end = try bench.runner.start(
                try bench.prepared(Self.story(bench), answers: ["declare": "go"]))

            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            #expect(scratch.contains("srv/old"))
            #expect(!scratch.contains("srv/new"))
            #expect(!scratch.contains("srv/room"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: bench.reach.home(of: "north")).isEmpty)

            let recovery = try #require(end.run.services.first)
            #expect(recovery.recoveryTimeVerdict == .met)
            #expect(recovery.recoveryPointVerdict == .met)
            #expect(recovery.lostRecords == 2)
            let time = try #require(recovery.recoveryTime)
            let upper = try #require(time.upper)
            #expect(time.lower > .zero)
            #expect(upper < .minutes(1))
            let point = try #require(recovery.recoveryPoint)
            #expect(point.lower > .minutes(29))
            #expect(try #require(point.upper) < .minutes(32))
            #expect(recovery.evidence == .componentRestore)
            #expect(recovery.parts.map(\.name).contains("decide"))
            #expect(end.run.participants.map(\.answeredBy) == ["file"])
        }
    }

    @Test func `fails when the restored tree is not the archived one`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/old")
            try bench.acknowledgeCanaries(at: TimeSource.system.now() - .minutes(30))
            var scenario = Self.story(bench)
            let spoil = Step(
                id: "spoil", phase: .recover,
                verb: .run(["sh", "-c", "echo x >>\"$1\"", "x", scratch.path("srv/room/tree/health.txt")]),
                hosts: ["north"], undo: Undo.none, because: "a test")
            scenario.steps.insert(spoil, at: 5)
            let end = try bench.runner.start(try bench.prepared(scenario, answers: ["declare": "go"]))
            #expect(end.run.outcome == .failed)
            #expect(
                end.run.findings.contains {
                    $0.hasPrefix("failed: tree: ") && $0.contains("changed: health.txt")
                })
            #expect(end.run.services.first?.recoveryTimeVerdict == .missed)
            #expect(end.run.aftermath == .clean)
            #expect(scratch.contains("srv/old"))
        }
    }

    @Test func `judges the same run the same way again, and not with changed samples`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/old")
            try bench.acknowledgeCanaries(at: TimeSource.system.now() - .minutes(30))
            let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
            let end = try bench.runner.start(drill)
            #expect(try bench.runner.judge(end.run.run, drill).run == end.run)

            let samples = scratch.path("runs/\(end.run.run)/samples/old@metro.samples")
            let text = try String(contentsOfFile: samples, encoding: .utf8)
            try text.replacingOccurrences(of: "down", with: "upup")
                .write(toFile: samples, atomically: true, encoding: .utf8)
            #expect(throws: OperationError.self) { try bench.runner.judge(end.run.run, drill) }
        }
    }

    static func story(_ bench: DrillBench) -> Scenario {
        let (old, new, room) = (
            bench.scratch.path("srv/old"), bench.scratch.path("srv/new"), bench.scratch.path("srv/room")
        )
        func isUp(_ window: Duration) -> Condition {
            .probe(ProbeCondition(probe: "new", state: .up, window: window))
        }
        var scenario = bench.scenario(
            [
                Step(
                    id: "room", phase: .prepare, verb: .run(["mkdir", "{{room}}"]), hosts: ["north"],
                    undo: .clean(path: "{{room}}", host: nil)),
                Step(
                    id: "stop", phase: .disrupt,
                    verb: .fault(
                        Fault(
                            kind: .serviceStop(stop: ["rm", old], start: ["touch", old]), host: "north",
                            ttl: .minutes(5), heal: .auto)),
                    confirm: .condition(
                        .probe(ProbeCondition(probe: "old", state: .down, window: .milliseconds(300))))),
                Step(id: "lost", phase: .disrupt, verb: .mark("lost")),
                Step(
                    id: "declare", phase: .decide,
                    verb: .decision(
                        Question(
                            role: "owner", ask: "Go?", choices: [.init(id: "go"), .init(id: "wait")],
                            expect: .minutes(1), giveUp: .minutes(1))), save: ["declared": "answer"]),
                Step(
                    id: "extract", phase: .recover,
                    verb: .restore(
                        Restore(dataset: "documents", from: "north", host: "north", path: "{{room}}/tree")),
                    when: .answer("declared", is: "go"), undo: Undo.none, because: "the room is cleaned"),
                Step(
                    id: "serve", phase: .recover, verb: .run(["touch", new]), hosts: ["north"],
                    undo: .run(["rm", "-f", new], host: nil, timeout: nil)),
                Step(
                    id: "answers", phase: .recover,
                    verb: .waitFor(isUp(.milliseconds(300)), deadline: .minutes(1))),
                Step(
                    id: "tree", phase: .validate,
                    verb: .verify(
                        .tree(
                            Verification.TreeCheck(
                                host: "north", path: "{{room}}/tree", against: .step("extract"),
                                spoils: [.flipByte(1), .dropFile(1)])))),
                Step(
                    id: "canary", phase: .validate,
                    verb: .verify(
                        .canary(
                            Verification.CanaryCheck(
                                canary: "seq", host: "north", path: "{{room}}/tree/.canary",
                                allowsHoles: false))),
                    save: ["last": "last_seq"]),
                Step(
                    id: "stable", phase: .validate,
                    verb: .waitFor(isUp(.milliseconds(500)), deadline: .minutes(1))),
            ], services: ["files"])
        scenario.variables = ["room": room]
        scenario.clocks = [ServiceClock(service: "files", outageBegins: .probe("old"))]
        scenario.restoredWhen = ["files": .all([isUp(.milliseconds(500)), .step("tree"), .step("canary")])]
        return scenario
    }
}
