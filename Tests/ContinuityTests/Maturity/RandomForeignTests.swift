// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// Random listings and checks of a repository that another program keeps.
@Suite("The grade of any repository of another program")
struct RandomForeignTests: RandomHistories {
    let tables: Set = [14]
    /// So short that one check can prove, or spoil, the copies of every day in it.
    let settings = ["window": "25d"]

    private static let begin = GradeScene.asOf - .days(60)

    private static let planText = GradeScene.planText.replacingOccurrences(
        of:
            "\"copies\": {\"to\": [\"metro\", \"north\", \"west\"], \"at_least\": \"3\", \"verified_within\": \"35d\"}",
        with: "\"copies\": {\"by\": \"borg\", \"at_least\": \"1\", \"verified_within\": \"35d\"}")

    /// Four snapshots in three days, none of which is ever forgotten.
    private static let snapshots = (0..<80).map { place in
        RepositoryListing.Snapshot(
            id: "s\(place)", consistencyAt: begin + .hours(18 * place), bytes: 1)
    }

    func history(_ dice: inout Dice) throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan(Self.planText))
        scene.adopt(at: GradeScene.begin - .days(dice.roll(-100...3)))
        // Listed each week or once: in the first case one check can be all that is missing.
        for week in 0..<(dice.coin() ? 9 : dice.roll(0...1)) {
            list(&scene, at: Self.begin + .days(1 + 7 * week), id: "week-\(week)", without: [])
        }
        for place in 0..<(dice.coin() ? dice.roll(0...3) : dice.roll(2...12)) {
            if dice.roll(0...2) > 0 { good(&scene, &dice, place) } else { bad(&scene, &dice, place) }
        }
        return scene
    }

    private func instant(_ dice: inout Dice) -> Moment { Self.begin + .hours(dice.roll(48...1_430)) }

    private func list(_ scene: inout GradeScene, at: Moment, id: String, without lost: Set<String>) {
        let there = Self.snapshots.filter { $0.consistencyAt <= at && !lost.contains($0.id) }
        scene.add(
            .repositoryListing(
                RepositoryListing(
                    id: "l-\(id)", tool: .borg, repository: "vault", dataset: "orders", site: "west",
                    isAppendOnly: true, listedAt: at, snapshots: there)), at: at)
    }

    private func check(_ scene: inout GradeScene, at: Moment, id: String, passed: Bool) {
        scene.add(
            .repositoryCheck(
                RepositoryCheck(
                    id: "c-\(id)", tool: .borg, repository: "vault", dataset: "orders", checkedAt: at,
                    level: .bytes, passed: passed)), at: at)
    }

    func good(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) {
        let at = instant(&dice)
        if dice.coin() {
            list(&scene, at: at, id: "good-\(place)", without: [])
        } else {
            check(&scene, at: at, id: "good-\(place)", passed: true)
        }
    }

    /// A listing that shows what the newest one showed, less some of it: it is no news of anything else.
    func bad(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) {
        let newest = scene.events.compactMap { event -> RepositoryListing? in
            if case .repositoryListing(let listing) = event.body { listing } else { nil }
        }.max { $0.listedAt < $1.listedAt }
        if let newest, dice.coin() {
            let there = Set(newest.snapshots.map(\.id).filter { _ in dice.roll(0...3) > 0 })
            let lost = Set(Self.snapshots.map(\.id)).subtracting(there)
            let at = newest.listedAt + .seconds(dice.roll(1...60))
            list(&scene, at: at, id: "bad-\(place)", without: lost)
        } else {
            check(&scene, at: instant(&dice), id: "bad-\(place)", passed: false)
        }
    }

    @Test(arguments: Array<UInt64>(1...40))
    func `is never lowered by one more listing or good check`(seed: UInt64) throws {
        try expectNeverLowered(seed: seed)
    }

    @Test(arguments: Array<UInt64>(101...140))
    func `is never raised by a lost snapshot or a failed check, which meet no criterion`(seed: UInt64) throws
    {
        try expectNeverRaised(seed: seed, meetsNothing: true)
    }

    @Test(arguments: Array<UInt64>(201...210))
    func `does not depend on the order of events`(seed: UInt64) throws {
        try expectOrderDoesNotMatter(seed: seed)
    }

    @Test(arguments: Array<UInt64>(301...310))
    func `is as it was once what was read in is taken back`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var scene = try history(&dice)
        let before = try scene.grade()
        for place in [97, 98, 99] { good(&scene, &dice, place) }
        bad(&scene, &dice, 99)
        // Backwards, as a person would; what is withdrawn is as if it had never come.
        for event in scene.events.suffix(4).reversed() {
            switch event.body {
            case .repositoryListing(var listing):
                listing.withdrawnAt = GradeScene.asOf
                scene.add(.repositoryListing(listing), at: GradeScene.asOf)
            case .repositoryCheck(var check):
                check.withdrawnAt = GradeScene.asOf
                scene.add(.repositoryCheck(check), at: GradeScene.asOf)
            default: Issue.record("no event of a repository: \(event.body)")
            }
        }
        let isSame =
            try scene.grade().tables.flatMap(\.dimensions).map(\.confirmed)
            == before.tables.flatMap(\.dimensions).map(\.confirmed)
        #expect(isSame)
    }
}
