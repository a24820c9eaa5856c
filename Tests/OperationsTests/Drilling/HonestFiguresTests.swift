// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// An outage whose length the service itself writes down, and a number of lost records that is known.
@Suite("The figures of a drill")
struct HonestFiguresTests {
    /// Fifty runs, five at a time, each with another outage and another loss.
    @Test(arguments: 0..<5)
    func `contain the truth and are as wide as the probes allow`(lane: Int) async throws {
        for number in stride(from: lane, to: 50, by: 5) {
            try await Self.measure(number)
        }
    }

    private static func measure(_ number: Int) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/old")
            let kept = number % 6
            try scratch.write((0..<kept).map { "record \($0 + 1)\n" }.joined(), to: "source/.canary")
            try bench.acknowledgeCanaries(at: TimeSource.system.now() - .minutes(30))
            let length = Double(number % 7) * 0.23
            let end = try await onThread {
                try bench.runner.start(try bench.prepared(story(bench, length)))
            }

            let recovery = try #require(end.run.services.first)
            let span = try #require(recovery.recoveryTime)
            let upper = try #require(span.upper)
            let begun = try instant(scratch, "begun")
            let ended = try instant(scratch, "ended")
            let truth = ended - begun
            // What the kernel prints is cut to 10 ms at both ends.
            #expect(span.lower <= truth + .milliseconds(10), "\(number): \(span) \(truth)")
            #expect(truth - .milliseconds(10) <= upper, "\(number): \(span) \(truth)")
            #expect(recovery.lostRecords == 5 - kept)

            // Two samples at each end, each as long as its period and what it really took, and the clocks.
            let evidence = try bench.runner.evidence(
                of: end.run.run, try bench.prepared(story(bench, length)))
            let tracks = evidence.tracks.values.flatMap { $0.values.map(\.samples) }
            let slowest = tracks.joined().map { $0.ended - $0.planned }.max() ?? .zero
            // The period, 100 ms; more where the machine was too busy to ask at a planned instant.
            let step = tracks.flatMap { zip($0, $0.dropFirst()).map { $1.planned - $0.planned } }.max()
            let bound = ((step ?? .zero) + slowest) * 2 + .milliseconds(40) + evidence.clockWidth
            #expect(upper - span.lower <= bound, "\(number): \(span), bound \(bound)")
        }
    }

    private static func instant(_ scratch: Scratch, _ name: String) throws -> Duration {
        let words = try scratch.text("srv/\(name)").split(separator: " ")
        let seconds = try #require(words.first.flatMap { Double($0) })
        return Duration.milliseconds(Int64((seconds * 1_000).rounded()))
    }

    private static func story(_ bench: DrillBench, _ length: Double) -> Scenario {
        let (old, new, room) = (
            bench.scratch.path("srv/old"), bench.scratch.path("srv/new"), bench.scratch.path("srv/room")
        )
        func stamp(_ name: String, _ command: String, _ word: String) -> [String] {
            [
                "sh", "-c", "\(command) \"$1\"; cat /proc/uptime >\"$2\"", "x", word,
                bench.scratch.path("srv/\(name)"),
            ]
        }
        let isUp = Condition.probe(ProbeCondition(probe: "new", state: .up, window: .milliseconds(300)))
        var scenario = bench.scenario(
            [
                Step(
                    id: "stop", phase: .disrupt, verb: .run(stamp("begun", "rm", old)), hosts: ["north"],
                    undo: Undo.none, because: "a test"),
                Step(
                    id: "wait", phase: .recover, verb: .run(["sleep", "\(length)"]), hosts: ["north"],
                    readsOnly: true),
                Step(
                    id: "restore", phase: .recover,
                    verb: .restore(Restore(dataset: "documents", host: "north", path: room)),
                    undo: Undo.none, because: "a test"),
                Step(
                    id: "canary", phase: .recover,
                    verb: .verify(
                        .canary(
                            Verification.CanaryCheck(
                                canary: "seq", host: "north", path: room + "/.canary", allowsHoles: false))),
                    isCritical: false),
                Step(
                    id: "serve", phase: .recover, verb: .run(stamp("ended", "touch", new)), hosts: ["north"],
                    needs: ["restore"], undo: Undo.none, because: "a test"),
                Step(id: "up", phase: .validate, verb: .waitFor(isUp, deadline: .minutes(1))),
            ], services: ["files"])
        scenario.clocks = [ServiceClock(service: "files", outageBegins: .probe("old"))]
        scenario.restoredWhen = ["files": isUp]
        return scenario
    }
}
