// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// Random samples of three probes at two vantage points, in stretches of five days.
@Suite("The grade of any samples of probes")
struct RandomProbeTests: RandomHistories {
    let tables: Set = [7, 14, 15, 16]
    /// So short that one stretch decides.
    let settings = ["window": "10d"]

    private static let planText = GradeScene.planText
        .replacingOccurrences(
            of: "\"standby\": \"cold\",",
            with: """
                "standby": "hot", "probes": ["p", "q"], "standby_probes": ["s"], "instances": ["nas", "dr"],
                """
        )
        .replacingOccurrences(
            of: "\"services\": {",
            with: """
                "probes": {
                  "p": {"from": ["nas", "vault"], "every": "60s", "timeout": "2s", "http": "http://a/health"},
                  "q": {"from": ["vault"], "every": "60s", "timeout": "2s", "command": ["buy", "one"]},
                  "s": {"from": ["nas"], "every": "60s", "timeout": "2s", "http": "http://b/health"}},
                "services": {
                """)

    /// What asks, from where; each has a place of its own in every stretch.
    private static let askers = [("p", "nas"), ("p", "vault"), ("q", "vault"), ("s", "nas")]
    private static let length = Duration.days(5)
    /// The window, and one stretch before it.
    private static let stretches = 0..<3

    private func begin(_ stretch: Int) -> Moment {
        GradeScene.asOf - .nanoseconds(Self.length.wholeNanoseconds * Int64(3 - stretch))
    }

    private func free(_ scene: GradeScene) -> [(probe: String, vantage: String, stretch: Int)] {
        let taken = Set(
            scene.events.compactMap { event -> String? in
                guard case .probeRun(let run) = event.body else { return nil }
                return "\(run.probe) \(run.vantage) \(run.firstAt)"
            })
        return Self.askers.flatMap { probe, vantage in
            Self.stretches.map { (probe, vantage, $0) }
        }.filter { !taken.contains("\($0.0) \($0.1) \(begin($0.2))") }
    }

    private func sample(_ scene: inout GradeScene, _ dice: inout Dice, _ state: ProbeRun.State) {
        let all = free(scene)
        guard let chosen = all.isEmpty ? nil : all[dice.roll(0...all.count - 1)] else { return }
        let from = begin(chosen.stretch)
        // Nothing is known of the rest of the stretch: as long as an outage or as a blip.
        // One failure alone is none: an outage takes two.
        let count = dice.coin() ? 7_200 : dice.roll(2...600)
        scene.add(
            .probeRun(
                ProbeRun(
                    probe: chosen.probe, vantage: chosen.vantage, state: state, firstAt: from,
                    periodNs: 60_000_000_000, count: count)),
            at: from + .seconds(60 * count))
    }

    func history(_ dice: inout Dice) throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan(Self.planText))
        scene.adopt(at: GradeScene.begin - .days(9))
        let share = dice.coin() ? 8 : dice.roll(1...9)
        for (probe, vantage, stretch) in free(scene) where dice.roll(0...9) <= share {
            let from = begin(stretch)
            let state: ProbeRun.State =
                dice.roll(0...30) == 0 ? .down : dice.roll(0...30) == 0 ? .unknown : .up
            scene.add(
                .probeRun(
                    ProbeRun(
                        probe: probe, vantage: vantage, state: state, firstAt: from,
                        periodNs: 60_000_000_000, count: 7_200)), at: from + Self.length)
        }
        for place in 0..<dice.roll(0...2) {
            scene.drill("d\(place)", .full, at: GradeScene.asOf - .days(dice.roll(1...300)))
        }
        return scene
    }

    func good(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) { sample(&scene, &dice, .up) }

    func bad(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) { sample(&scene, &dice, .down) }

    @Test(arguments: Array<UInt64>(1...30))
    func `is never lowered by more good samples`(seed: UInt64) throws {
        try expectNeverLowered(seed: seed)
    }

    @Test(arguments: Array<UInt64>(101...130))
    func `is never raised by bad ones, which meet no criterion`(seed: UInt64) throws {
        try expectNeverRaised(seed: seed, meetsNothing: true)
    }

    @Test(arguments: Array<UInt64>(201...206))
    func `does not depend on the order of events`(seed: UInt64) throws {
        try expectOrderDoesNotMatter(seed: seed)
    }
}
