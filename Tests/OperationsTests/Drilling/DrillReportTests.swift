// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import Reporting
import TestSupport
import Testing

/// What a report says of a run that was really held, whatever its numbers are.
@Suite("A report of a drill")
struct DrillReportTests {
    private static func report(
        _ bench: DrillBench, _ runner: DrillRunner, _ drill: PreparedDrill, _ run: String
    ) throws -> AfterAction {
        let source = AfterActionSource(
            evidence: try runner.evidence(of: run, drill), plan: drill.plan,
            generatedAt: TimeSource.system.now())
        return try #require(source.report())
    }

    private static func row(_ report: AfterAction, _ name: String) -> String? {
        report.method.first { $0.name == name }.map { "\($0.value): \($0.note)" }
    }

    @Test func `names what was prepared, and what of the recovery time was a hold`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var scenario = bench.scenario(
                [
                    bench.logging("room"),
                    Step(
                        id: "looked", phase: .prepare, verb: .check(.init(host: "north", arguments: ["true"]))
                    ),
                    Step(id: "lost", phase: .disrupt, verb: .mark("lost")),
                    bench.logging("back", phase: .recover), bench.logging("last", phase: .work),
                ], services: ["files"])
            scenario.clocks = [ServiceClock(service: "files", outageBegins: .mark("lost"))]
            scenario.restoredWhen = ["files": .step("back")]
            let drill = try bench.prepared(scenario)
            let end = try runner.start(drill) { record in
                switch record.fact {
                case .mark: try? runner.hold(run: record.run, because: "lunch", person: "dana")
                case .hold:
                    jump.length = .minutes(7)
                    try? runner.release(run: record.run, because: "back", person: "dana")
                default: break
                }
            }
            let report = try Self.report(bench, runner, drill, end.run.run)
            #expect(
                Self.row(report, "prepared in advance")?.hasPrefix("room: done before the disaster") == true)
            let held = try #require(Self.row(report, "held while files was away"))
            #expect(held.hasPrefix("7m") || held.hasPrefix("7 m"), "\(held)")
            // Nothing that was not so is said.
            #expect(Self.row(report, "story") == nil && Self.row(report, "exercise") == nil)
        }
    }

    @Test func `says that a full exercise without every core service is filed as partial`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var scenario = bench.scenario([bench.logging("one")])
            scenario.exercise = .full
            let drill = try bench.prepared(scenario)
            let end = try bench.runner.start(drill)
            let report = try Self.report(bench, bench.runner, drill, end.run.run)
            #expect(Self.row(report, "exercise") == "filed as partial: core services were left out: files")
        }
    }

    @Test func `says how the time of a story went`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let steps = [StoryPaceTests.news("s1", "17:05")]
            let scenario = StoryPaceTests.scenario(bench, StoryPace(driver: nil, scale: 6), steps)
            let drill = try bench.prepared(scenario)
            let end = try bench.runner.start(drill)
            let report = try Self.report(bench, bench.runner, drill, end.run.run)
            let story = try #require(Self.row(report, "story"))
            #expect(story.hasPrefix("6 minutes of story in one: moved on by its own clock"), "\(story)")
        }
    }
}
