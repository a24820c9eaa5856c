// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("Runs of samples")
struct ProbeRunBuilderTests {
    private static let begin = Moment(seconds: 1_790_000_000)

    private func sample(
        _ seconds: Int, _ state: ProbeRun.State = .up, word: String = "200", bound: Int = 0
    ) -> ProbeSample {
        let planned = Self.begin + .seconds(seconds)
        return ProbeSample(
            plannedAt: planned, begunAt: planned + .milliseconds(10), endedAt: planned + .milliseconds(30),
            state: state, word: word, boundNs: bound)
    }

    private func runs(_ samples: [ProbeSample], period: Int = 5, after last: ProbeRun? = nil) -> [ProbeRun] {
        var builder = ProbeRunBuilder(probe: "web", vantage: "north", period: .seconds(period), after: last)
        return samples.flatMap { builder.take($0) } + builder.finish()
    }

    @Test func `close at each change and say when the samples at their ends were taken`() throws {
        let runs = runs([sample(0), sample(5), sample(10, .down, word: "timeout"), sample(15)])
        #expect(runs.map(\.state) == [.up, .down, .up])
        #expect(runs.map(\.count) == [2, 1, 1])
        #expect(runs.map(\.word) == ["200", "timeout", "200"])
        #expect(runs[0].lastSampled.earliest == Self.begin + .milliseconds(5_010))
        #expect(runs[1].firstSampled.latest == Self.begin + .milliseconds(10_030))
        #expect(runs[0].slowestNs == 20_000_000)
    }

    @Test func `fill what is missing with unknown`() {
        let runs = runs([sample(0), sample(20)])
        #expect(runs.map(\.state) == [.up, .unknown, .up])
        #expect(runs[1].isGap)
        #expect(Array(runs[1].plannedInstants) == [5, 10, 15].map { Self.begin + .seconds($0) })
    }

    @Test func `fill the time since the last run that is kept`() {
        let last = runs([sample(0)])[0]
        let next = runs([sample(17), sample(22)], after: last)
        #expect(next.map(\.state) == [.unknown, .up])
        #expect(next[0].count == 2)
        #expect(next[1].firstAt == Self.begin + .seconds(17))
    }

    @Test func `drop what was already answered`() {
        let last = runs([sample(0), sample(5)])[0]
        #expect(runs([sample(0), sample(5), sample(10)], after: last).map(\.count) == [1])
    }

    @Test func `never reach over a full hour`() {
        // The next full hour is 2_800 s after the first sample.
        let runs = runs((0..<600).map { sample($0 * 5) })
        #expect(runs.map(\.count) == [560, 40])
        #expect(runs.last.map { $0.firstAt.seconds % 3_600 } == 0)
    }

    @Test func `say how far the clock may be off`() {
        let runs = runs([sample(0, bound: 1_000_000), sample(5, bound: 2_000_000)])
        #expect(runs.map(\.boundNs) == [1_000_000, 2_000_000])
        #expect(runs[1].firstSampled.earliest == Self.begin + .milliseconds(5_008))
    }

    @Test("reproduce every planned instant and its answer exactly", arguments: 0..<40)
    func exact(seed: Int) throws {
        var dice = Dice(seed: UInt64(seed))
        let period = dice.roll(1...3_000)
        var expected: [Moment: ProbeRun.State] = [:]
        var samples: [ProbeSample] = []
        var state = ProbeRun.State.up
        let count = dice.roll(1...3_000)
        for index in 0..<count {
            let seconds = index * period
            if dice.roll(0...9) == 0 { state = [.up, .down, .unknown][dice.roll(0...2)] }
            let isGap = dice.roll(0...19) == 0 && index > 0 && index < count - 1
            expected[Self.begin + .seconds(seconds)] = isGap ? .unknown : state
            if !isGap { samples.append(sample(seconds, state)) }
        }
        let runs = runs(samples, period: period)
        var found: [Moment: ProbeRun.State] = [:]
        for run in runs {
            for instant in run.plannedInstants {
                #expect(found.updateValue(run.state, forKey: instant) == nil)
            }
        }
        #expect(found == expected)
        for (run, next) in zip(runs, runs.dropFirst()) { #expect(run.endsAt == next.firstAt) }
    }

    @Test("take samples in pieces as in one", arguments: 0..<10)
    func pieces(seed: Int) {
        var dice = Dice(seed: UInt64(seed) + 100)
        let samples = (0..<500).filter { _ in dice.roll(0...9) > 0 }.map { number in
            sample(number * 5, dice.roll(0...4) == 0 ? .down : .up)
        }
        let whole = runs(samples)
        // A restart finds the last closed run in the ledger and reads the samples behind it again.
        var builder = ProbeRunBuilder(probe: "web", vantage: "north", period: .seconds(5))
        var kept: [ProbeRun] = []
        for sample in samples.prefix(250) { kept += builder.take(sample) }
        builder = ProbeRunBuilder(probe: "web", vantage: "north", period: .seconds(5), after: kept.last)
        for sample in samples { kept += builder.take(sample) }
        #expect(kept + builder.finish() == whole)
    }
}
