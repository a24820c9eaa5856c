// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("The story of a tabletop")
struct StoryPaceTests {
    static func news(_ id: String, _ time: String?, needs: [String]? = nil) -> Step {
        Step(
            id: id, phase: .disrupt,
            verb: .inject(Inject(to: ["owner"], text: "news of \(id)", storyTime: time)), needs: needs)
    }

    static func scenario(_ bench: DrillBench, _ pace: StoryPace?, _ steps: [Step]) -> Scenario {
        var scenario = bench.scenario(steps)
        scenario.mode = .talk
        scenario.exercise = .tabletop
        scenario.pace = pace
        scenario.roles = [
            Role(id: "conductor", people: ["dana"]), Role(id: "owner", people: ["petra"]),
        ]
        return scenario
    }

    @Test(
        "has times that only go forward, over midnight too",
        arguments: [
            (written: ["17:05", "17:20", "17:50"], read: ["17:05", "17:20", "17:50"]),
            (
                written: ["23:50", "00:10", "00:05"],
                read: ["23:50", "00:10 the next day", "00:05 2 days later"]
            ),
            (written: ["8:00", "24:00", "8", "08:60", "07:59"], read: ["08:00", "07:59 the next day"]),
        ])
    func times(written: [String], read: [String]) throws {
        try Scratch.with { scratch in
            let steps = written.enumerated().map { Self.news("s\($0)", $1) }
            let scenario = Self.scenario(try DrillBench(scratch), nil, steps)
            #expect(scenario.storyTimes.map(\.time.text) == read)
        }
    }

    @Test func `comes at its own time where the clock drives it`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            // 15 minutes of story are 150 seconds at the table.
            let pace = StoryPace(driver: nil, scale: 6)
            let scenario = Self.scenario(
                bench, pace, [Self.news("s1", "17:05"), Self.news("s2", "17:20"), Self.news("s3", nil)])
            let end = try bench.runner(jump).start(try bench.prepared(scenario)) { record in
                switch record.fact {
                // Nearly there, and then there.
                case .started where record.step == "s2": jump.length = .seconds(149)
                default: break
                }
            }
            let told = try #require(end.records.first { $0.step == "s2" && $0.fact.kind == .finished })
            let first = try #require(end.records.first { $0.step == "s1" && $0.fact.kind == .finished })
            let waited = told.monotonic - first.monotonic
            #expect(waited >= .seconds(150) && waited < .seconds(270), "\(waited.text)")
            let state = RunState(folding: end.records)
            #expect(state.steps["s2"]?.finished?.actual == "17:20 news of s2")
            #expect(end.run.outcome == .passed)
            let clock = try #require(StoryClock(scenario, state))
            #expect(clock.time(at: .init(first)).text == "17:05")
            #expect(clock.elapsed(from: .init(first), to: .init(told)) >= .minutes(15))
        }
    }

    @Test func `is told when its driver says so, and the story jumps to its time`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let drill = try DrillFindingTests.prepared(
                bench,
                """
                drill: 1
                id: story
                title: A story
                exercise: tabletop
                mode: talk
                services: [files]
                pace: {driven_by: conductor, story_clock: compressed, scale: 6}
                roles: {conductor: {people: [dana]}, owner: {people: [lin]}}
                steps:
                  - {id: s1, phase: disrupt, inject: {to: [owner], story_time: "17:05", text: news of s1}}
                  - {id: s2, phase: disrupt, inject: {to: [owner], story_time: "17:50", text: news of s2}}
                """)
            let scenario = drill.scenario
            let board = Seen()
            let end = try runner.start(drill) { record in
                guard case .started = record.fact, let step = record.step else { return }
                if step == "s2" {
                    board.take((try? runner.board(of: record.run).lines()) ?? [])
                    let asked = (try? runner.openQuestions(of: record.run)) ?? []
                    board.take(asked.map { "\($0.question.role): \($0.question.ask)" })
                }
                try? runner.answer(run: record.run, step: step, answer: "tell", person: "lin")
                try? runner.answer(run: record.run, step: step, answer: "tell", person: "dana")
            }
            #expect(end.notes.filter { $0.contains("lin does not hold the role conductor") }.count == 2)
            #expect(board.lines.contains { $0.hasPrefix("STORY 17:05, 6 times as fast") }, "\(board.lines)")
            #expect(board.lines.contains { $0.hasPrefix("BALL: conductor (dana) s2 ") })
            #expect(board.lines.contains("conductor: tell the owner now, 17:50: news of s2"))
            let state = RunState(folding: end.records)
            #expect(state.steps["s2"]?.finished?.performedBy == "dana")
            let told = try #require(state.steps["s2"]?.finishedAt)
            #expect(try #require(StoryClock(scenario, state)).time(at: .init(told)).text == "17:50")
        }
    }

    @Test func `goes by on its own where the answers are in a file`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let pace = StoryPace(driver: "conductor", scale: 6)
            let steps = [Self.news("s1", "17:05"), DrillPeopleTests.ask(DrillPeopleTests.question)]
            let scenario = Self.scenario(bench, pace, steps)
            let end = try bench.runner.start(try bench.prepared(scenario, answers: ["declare": "go"]))
            #expect(RunState(folding: end.records).result(of: "s1") == .passed)
            #expect(end.run.outcome == .passed)
        }
    }

    @Test("is not told any more when the run is stopped", arguments: [nil, "conductor"] as [String?])
    func stopped(driver: String?) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let steps = [Self.news("s1", "17:05", needs: []), Self.news("s2", "23:00")]
            let scenario = Self.scenario(bench, StoryPace(driver: driver, scale: 2), steps)
            let end = try runner.start(try bench.prepared(scenario)) { record in
                guard case .started = record.fact else { return }
                if record.step == "s2" {
                    try? runner.abort(run: record.run, because: "enough", person: "dana")
                } else {
                    try? runner.answer(run: record.run, step: "s1", answer: "tell", person: "dana")
                }
            }
            #expect(end.run.outcome == .aborted)
            let state = RunState(folding: end.records)
            #expect(state.steps["s2"]?.finished?.actual == "not told before the run was stopped")
        }
    }

    @Test func `measures objectives in its own time`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let runner = bench.runner(jump)
            var question = DrillPeopleTests.question
            question.objective = "O1"
            var scenario = Self.scenario(
                bench, StoryPace(driver: nil, scale: 6),
                [Self.news("s1", "17:05"), DrillPeopleTests.ask(question)])
            let objective = DrillObjective(id: "O1", text: "in time", target: .minutes(15))
            scenario.objectives = [objective]
            let drill = try bench.prepared(scenario)
            let end = try runner.start(drill) { record in
                guard case .started = record.fact, record.step == "declare" else { return }
                // Four minutes at the table are twenty-four of the story.
                jump.length = .minutes(4)
                try? runner.answer(run: record.run, step: "declare", answer: "go", person: "petra")
            }
            let evidence = try runner.evidence(of: end.run.run, drill)
            let atTable = try #require(evidence.time(over: objective))
            let inStory = try #require(evidence.storyTime(over: objective))
            #expect(atTable >= .minutes(4) && atTable < .minutes(5))
            #expect(abs((inStory - atTable * 6).inSeconds) < 0.001)
            var plain = evidence
            plain.scenario.pace = nil
            #expect(plain.storyTime(over: objective) == nil)
        }
    }

    @Test func `is in the expected length, where the clock drives it`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let steps = [
                Self.news("s1", "17:05"), DrillPeopleTests.ask(DrillPeopleTests.question),
                Self.news("s2", "18:05"),
            ]
            // An hour of story in ten minutes, five of which pass over the question.
            let driven = DrillTimeline(Self.scenario(bench, StoryPace(driver: nil, scale: 6), steps))
            #expect(driven.length == .minutes(10))
            #expect(driven.slots.last?.length == .minutes(5))
            let told = DrillTimeline(
                Self.scenario(bench, StoryPace(driver: "conductor", scale: 6), steps))
            #expect(told.length == .minutes(5))
        }
    }

    @Test func `goes on by the wall clock where the machine was started anew`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let scenario = Self.scenario(bench, StoryPace(driver: nil, scale: 6), [Self.news("s1", "17:05")])
            let end = try bench.runner.start(try bench.prepared(scenario))
            let clock = try #require(StoryClock(scenario, RunState(folding: end.records)))
            let told = try #require(end.records.first { $0.step == "s1" && $0.fact.kind == .finished })
            let later = StoryClock.Instant(
                utc: told.utc + .minutes(10), monotonic: .seconds(7), bootID: "another boot")
            #expect(clock.time(at: later).text == "18:05")
        }
    }
}

/// What was seen while a drill ran.
private final class Seen: @unchecked Sendable {
    // Unchecked: written by the thread that runs the drill, read when it has ended.
    private(set) var lines: [String] = []

    func take(_ lines: [String]) { self.lines += lines }
}
