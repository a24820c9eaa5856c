// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

/// A way to make random histories, and one more event that speaks for something or against something.
protocol RandomHistories {
    /// The tables that are graded.
    var tables: Set<Int> { get }

    /// Parameters that are not the default.
    var settings: [String: String] { get }

    func history(_ dice: inout Dice) throws -> GradeScene

    /// Adds evidence for something, and against nothing; `place` tells what it adds from what was added before.
    func good(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int)

    /// Adds evidence against something, and for nothing.
    func bad(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int)
}

/// What may be said of every grade, whatever it was read from.
extension RandomHistories {
    var settings: [String: String] { [:] }

    private func dimensions(_ scene: GradeScene, _ profile: GradeProfile) throws -> [DimensionGrade] {
        try scene.grade(profile, asOf: GradeScene.asOf, settings, tables: tables).tables.flatMap(\.dimensions)
    }

    /// More good evidence lowers no confirmed level, in either profile.
    func expectNeverLowered(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var scene = try history(&dice)
        for (place, profile) in GradeProfile.allCases.enumerated() {
            let before = try dimensions(scene, profile)
            let known = scene.events.count
            good(&scene, &dice, 98 + place)
            for (old, new) in zip(before, try dimensions(scene, profile)) {
                #expect(
                    new.confirmed >= old.confirmed,
                    "\(old.id) \(profile) \(difference(old, new)) after \(scene.events[known...].map(\.body))"
                )
            }
        }
    }

    /// A failure raises no possible level, in either profile; nor meets it any criterion, where that is asked for.
    ///
    /// A failure may meet a criterion that asks whether something was done at all, as a failed drill does.
    func expectNeverRaised(seed: UInt64, meetsNothing: Bool = false) throws {
        var dice = Dice(seed: seed)
        var scene = try history(&dice)
        let before = try GradeProfile.allCases.map { try dimensions(scene, $0) }
        let known = scene.events.count
        bad(&scene, &dice, 99)
        for (profile, before) in zip(GradeProfile.allCases, before) {
            for (old, new) in zip(before, try dimensions(scene, profile)) {
                let newlyMet = zip(old.criteria, new.criteria).contains {
                    $0.state != .met && $1.state == .met
                }
                #expect(
                    new.possible <= old.possible && !(meetsNothing && newlyMet),
                    "\(old.id) \(profile) \(difference(old, new)) after \(scene.events[known...].map(\.body))"
                )
            }
        }
    }

    /// The order in which events are handed over does not matter.
    func expectOrderDoesNotMatter(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let scene = try history(&dice)
        let model = BuiltInModel.model.only(tables: tables)
        func grade(_ events: [Event]) -> GradeReport {
            Grading.grade(events: events, plan: scene.plan, model: model, asOf: GradeScene.asOf)
        }
        let isSame = grade(scene.events.shuffled(using: &dice)) == grade(scene.events)
        #expect(isSame)
    }

    private func difference(_ old: DimensionGrade, _ new: DimensionGrade) -> String {
        zip(old.criteria, new.criteria).filter { $0.state != $1.state }.map {
            "\($0.id): \($0.wordsEn) \($0.value ?? "") -> \($1.wordsEn) \($1.value ?? "")"
        }.joined(separator: "; ")
    }
}
