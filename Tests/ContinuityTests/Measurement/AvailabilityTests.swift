// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("Availability")
struct AvailabilityTests {
    private static let begin = GradeScene.begin

    private func run(
        _ state: ProbeRun.State, at second: Int, count: Int, period: Int = 10, vantage: String = "a"
    ) -> ProbeRun {
        ProbeRun(
            probe: "p", vantage: vantage, state: state, firstAt: Self.begin + .seconds(second),
            periodNs: period * 1_000_000_000, count: count)
    }

    private func track(_ runs: [ProbeRun], seconds: Int = 200) -> [String] {
        ProbeTimeline().track(runs, from: Self.begin, to: Self.begin + .seconds(seconds)).pieces.map {
            "\($0.state.rawValue) \(Int(($0.to - $0.from).inSeconds))"
        }
    }

    @Test func `opens an outage at the first of two failures and ends it at the first good sample`() {
        #expect(
            track([run(.up, at: 0, count: 5), run(.down, at: 50, count: 4), run(.up, at: 90, count: 11)])
                == ["up 50", "down 40", "up 110"])
    }

    @Test func `takes a single failure for a blip`() {
        #expect(
            track([run(.up, at: 0, count: 5), run(.down, at: 50, count: 1), run(.up, at: 60, count: 14)])
                == ["up 200"])
    }

    @Test func `joins what an hour cut in two`() {
        #expect(
            track([
                run(.up, at: 0, count: 5), run(.down, at: 50, count: 1), run(.down, at: 60, count: 1),
                run(.up, at: 70, count: 13),
            ]) == ["up 50", "down 20", "up 130"])
    }

    @Test func `knows nothing of long silence and bridges short silence`() {
        #expect(
            track([run(.up, at: 0, count: 5), run(.up, at: 70, count: 1), run(.up, at: 150, count: 5)])
                == ["up 80", "unknown 70", "up 50"])
    }

    @Test func `knows nothing before the first and long after the last sample`() {
        #expect(track([run(.up, at: 50, count: 5)]) == ["unknown 50", "up 50", "unknown 100"])
    }

    @Test(
        "is down when half of the vantage points see it down",
        arguments: [
            (["up", "up", "down"], "up"), (["up", "down"], "down"), (["up", "unknown"], "unknown"),
            (["up", "up", "unknown"], "up"), (["down", "unknown", "up"], "unknown"), ([], "unknown"),
            (["down", "down", "unknown"], "down"),
        ])
    func majority(states: [String], expected: String) {
        #expect(StateTrack.majority(states.compactMap(StateTrack.State.init)).rawValue == expected)
    }

    // MARK: - Against brute force

    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    /// Second by second, by the words of the rule and by nothing of the code under test.
    private func bruteForce(
        _ runs: [ProbeRun], seconds: Int, confirm: Int = 2, gap: Int = 30
    ) -> [StateTrack.State] {
        var samples: [(at: Int, state: ProbeRun.State)] = []
        for run in runs {
            for moment in run.plannedInstants {
                samples.append((Int((moment - Self.begin).inSeconds), run.state))
            }
        }
        samples.sort { $0.at < $1.at }
        var meaning: [StateTrack.State] = []
        for (place, sample) in samples.enumerated() {
            guard sample.state == .down else {
                meaning.append(sample.state == .up ? .up : .unknown)
                continue
            }
            func bad(_ step: Int) -> Int {
                var (count, at) = (0, place)
                while samples.indices.contains(at + step), samples[at + step].state == .down,
                    abs(samples[at + step].at - samples[at].at) <= gap
                {
                    (count, at) = (count + 1, at + step)
                }
                return count
            }
            meaning.append(bad(-1) + 1 + bad(1) >= confirm ? .down : .up)
        }
        return (0..<seconds).map { second in
            guard let place = samples.lastIndex(where: { $0.at <= second }) else { return .unknown }
            let next = place + 1 < samples.count ? samples[place + 1].at : seconds
            if next - samples[place].at <= gap { return meaning[place] }
            return second < samples[place].at + 10 ? meaning[place] : .unknown
        }
    }

    private func history(_ random: inout Random) -> [ProbeRun] {
        var runs: [ProbeRun] = []
        var at = Int.random(in: 0...3, using: &random) * 10
        while at < 600 {
            let count = Int.random(in: 1...6, using: &random)
            let state = [ProbeRun.State.up, .up, .down, .unknown].randomElement(using: &random) ?? .up
            runs.append(run(state, at: at, count: count))
            at +=
                count * 10
                + (Int.random(in: 0...4, using: &random) == 0
                    ? Int.random(in: 1...6, using: &random) * 10 : 0)
        }
        return runs
    }

    @Test func `agrees with counting second by second over random histories`() {
        var random = Random(state: 99)
        for _ in 0..<120 {
            let runs = history(&random)
            let seconds = 700
            let track = ProbeTimeline().track(
                runs.shuffled(using: &random), from: Self.begin, to: Self.begin + .seconds(seconds))
            let expected = bruteForce(runs, seconds: seconds)
            let actual = (0..<seconds).map { track.state(at: Self.begin + .seconds($0)) }
            #expect(actual == expected)
            for state in StateTrack.State.allCases {
                #expect(track.length(of: state) == .seconds(expected.count { $0 == state }))
            }
        }
    }

    @Test(
        "agrees with it by another rule, from what was kept under the first",
        arguments: [(1, 3), (3, 3), (2, 1), (2, 5), (4, 2)])
    func otherRules(confirm: Int, gap: Int) {
        var random = Random(state: 7)
        for _ in 0..<60 {
            let runs = history(&random)
            let kept = ProbeTimeline().stretches(runs)
            let track = ProbeTimeline(confirm: confirm, gapFactor: Double(gap)).track(
                kept, from: Self.begin, to: Self.begin + .seconds(700))
            let expected = bruteForce(runs, seconds: 700, confirm: confirm, gap: gap * 10)
            #expect((0..<700).map { track.state(at: Self.begin + .seconds($0)) } == expected)
        }
    }

    // MARK: - Services

    private func scene() throws -> GradeScene {
        GradeScene(try GradeScene.probedPlan())
    }

    @Test func `counts announced maintenance for the standard and not for the agreement`() throws {
        var scene = try scene()
        let sunday = try #require(Moment("2026-11-22T00:00:00Z"))
        func sample(_ state: ProbeRun.State, from: Moment, to: Moment) {
            let count = Int((to - from).inSeconds) / 10
            scene.add(
                .probeRun(
                    ProbeRun(
                        probe: "p", vantage: "nas", state: state, firstAt: from, periodNs: 10_000_000_000,
                        count: count)), at: to)
        }
        sample(.up, from: sunday, to: sunday + .hours(2))
        sample(.down, from: sunday + .hours(2), to: sunday + .hours(5))
        sample(.up, from: sunday + .hours(5), to: sunday + .hours(24))
        scene.add(
            .maintenanceNotice(
                MaintenanceNotice(
                    id: "m", service: "shop", begunAt: sunday + .hours(2), endedAt: sunday + .hours(4),
                    announcedAt: sunday - .days(4), person: "omar")), at: sunday - .days(4))
        let book = AvailabilityBook(scene.events, plan: scene.plan)
        let shop = try #require(scene.plan.service("shop"))
        let value = book.availability(of: shop, from: sunday, to: sunday + .hours(24))
        #expect(value.excludedSeconds == 7_200)
        #expect(value.downSeconds == 3_600)
        #expect(value.allDownSeconds == 10_800)
        #expect(value.agreed == 21.0 / 22.0)
        #expect(value.standardLow == 21.0 / 24.0)
        #expect(value.coverage == 1)
        #expect(value.outages == 1)
        #expect(value.resolutionSeconds == 24)
    }

    @Test(
        "lets a vantage point count from its first sample on, and one that was given up to its last",
        arguments: [
            (from: ["nas", "vault"], begin: 20, end: 24, unknown: 0),
            (from: ["nas"], begin: 0, end: 8, unknown: 0),
            // One that the plan still names and that fell silent makes unknown what only half of them saw.
            (from: ["nas", "vault"], begin: 0, end: 8, unknown: 16),
            (from: ["nas", "vault"], begin: 4, end: 8, unknown: 16),
        ])
    func vantages(from: [String], begin: Int, end: Int, unknown: Int) throws {
        var scene = try scene()
        scene.plan.probes[0].from = from
        let day = try #require(Moment("2026-11-22T00:00:00Z"))
        for (vantage, first, last) in [("nas", 0, 24), ("vault", begin, end)] {
            scene.add(
                .probeRun(
                    ProbeRun(
                        probe: "p", vantage: vantage, state: .up, firstAt: day + .hours(first),
                        periodNs: 10_000_000_000, count: (last - first) * 360)), at: day + .hours(last))
        }
        let shop = try #require(scene.plan.service("shop"))
        let value = AvailabilityBook(scene.events, plan: scene.plan)
            .availability(of: shop, from: day, to: day + .hours(24))
        #expect(abs(value.unknownSeconds - Double(unknown * 3_600)) <= 30, "\(value.unknownSeconds)")
        #expect(value.downSeconds == 0)
    }

    @Test(
        "excludes only what was announced in time, inside the window and under the cap",
        arguments: [
            (announced: 96, from: 2.0, to: 4.0, minutes: 120), (announced: 24, from: 2, to: 4, minutes: 0),
            (announced: 96, from: 1, to: 3, minutes: 60), (announced: 96, from: 3, to: 6, minutes: 60),
        ])
    func rule(announced: Int, from: Double, to: Double, minutes: Int) throws {
        let sunday = try #require(Moment("2026-11-22T00:00:00Z"))
        let window = try #require(try GradeScene.probedPlan().maintenance.first)
        let rule = try #require(MaintenanceRule(window))
        let notice = MaintenanceNotice(
            id: "m", service: "s", begunAt: sunday + .seconds(from * 3_600),
            endedAt: sunday + .seconds(to * 3_600),
            announcedAt: sunday + .seconds(from * 3_600) - .hours(announced), person: "omar")
        #expect(excluded(rule, [notice], from: sunday) == minutes)
        let week = MaintenanceNotice(
            id: "n", service: "s", begunAt: notice.begunAt - .days(7), endedAt: notice.endedAt - .days(7),
            announcedAt: notice.announcedAt - .days(7), person: "omar")
        #expect(excluded(rule, [notice, week], from: sunday - .days(8)) == min(180, 2 * minutes))
    }

    private func excluded(_ rule: MaintenanceRule, _ notices: [MaintenanceNotice], from begin: Moment) -> Int
    {
        let spans = rule.excluded(notices, zone: .gmt, from: begin, to: begin + .days(9))
        let lengths = spans.map { span -> Double in (span.to - span.from).inSeconds }
        return Int(lengths.reduce(0, +) / 60)
    }

    @Test func `has bounds where samples are missing and grades by them`() throws {
        var scene = try scene()
        scene.adopt(at: GradeScene.begin - .days(1))
        scene.add(
            .probeRun(
                ProbeRun(
                    probe: "p", vantage: "nas", state: .up, firstAt: GradeScene.asOf - .days(300),
                    periodNs: 10_000_000_000, count: 300 * 8_640)), at: GradeScene.asOf)
        let grade = try #require(
            try scene.grade(.literal, tables: [15]).dimension("t15-indicators"))
        #expect(grade.confirmed == 1)
        #expect(grade.possible == 5)
        #expect(grade.criterion("t15-indicators-avail-gt99")?.basis == .gap)
        let shorter = try #require(
            try scene.grade(.literal, ["window": "200d"], tables: [15]).dimension("t15-indicators"))
        #expect(shorter.confirmed == 5)
        #expect(
            shorter.verdictEn == "level 5 (levels 3, 4 and 5 are worded alike in the standard)")
    }
}
