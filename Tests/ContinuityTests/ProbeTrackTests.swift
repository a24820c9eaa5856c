// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

/// One letter for each planned second: `#` up, `x` down, `?` the prober broke, a blank was never asked.
@Suite("What a prober saw")
struct ProbeTrackTests {
    static func track(_ letters: String) -> ProbeTrack {
        ProbeTrack(
            letters.enumerated().compactMap { number, letter in
                let states: [Character: DrillSample.State] = ["#": .up, "x": .down, "?": .unknown]
                guard let state = states[letter] else { return nil }
                let planned = Duration.seconds(number)
                return DrillSample(
                    number: number, planned: planned, begun: planned, ended: planned + .milliseconds(100),
                    state: state, word: "w")
            })
    }

    @Test(
        "counts as back only after a whole window without a failure, a gap or a broken prober",
        arguments: [
            (seen: "##xxx#######", up: 5),
            // Flapping: the short ups between are downtime.
            (seen: "##xx##x###x#######", up: 11),
            (seen: "##xx#x#x#x#x#x", up: nil),
            (seen: "##xx###?#######", up: 8),
            (seen: "##xx### #######", up: 8),
            (seen: "##xx###", up: nil),
        ] as [(seen: String, up: Int?)])
    func stable(seen: String, up: Int?) {
        let found = Self.track(seen).stableUp(for: .seconds(4), minimum: 4, after: .seconds(3))
        #expect(found?.latest == up.map { .seconds($0) + .milliseconds(100) })
        // Not before the last sample that was not good was begun; a gap has none, so the one before it.
        if let up, let found {
            let before = Self.track(seen).samples.last { $0.number < up }
            #expect(found.earliest == before?.begun)
        }
    }

    @Test(
        "went down between the last good answer and the first bad one",
        arguments: [
            (seen: "###xx", from: 2, to: 3), (seen: "##?xx", from: 1, to: 3), (seen: "## xx", from: 1, to: 3),
            (seen: "#x##x", from: 0, to: 1),
        ])
    func down(seen: String, from: Int, to: Int) {
        let found = Self.track(seen).firstDown()
        #expect(found?.earliest == .seconds(from))
        #expect(found?.latest == .seconds(to) + .milliseconds(100))
    }

    @Test(
        "is so now only with the newest samples in a row",
        arguments: [
            (seen: "####", isUp: true), (seen: "###x#", isUp: false), (seen: "###?", isUp: false),
            (seen: "## #", isUp: false), (seen: "", isUp: false), (seen: "xx###", isUp: true),
        ])
    func now(seen: String, isUp: Bool) {
        #expect(Self.track(seen).isNow(.up, for: .seconds(2), minimum: 3) == isUp)
    }

    @Test func `keeps one sample of each number, whatever order they came in`() {
        let samples = Self.track("#x#").samples
        #expect(ProbeTrack(samples.reversed() + samples).samples == samples)
    }
}
