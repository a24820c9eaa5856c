// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

/// Random histories: what may be said of every grade.
@Suite("The grade of any history")
struct RandomGradeTests: RandomHistories {
    let tables: Set = [14, 15, 16]

    private static let attested =
        BuiltInModel.model.table(14)?.dimensions.flatMap(\.criteria)
        .filter(\.takesAttestations).map(\.id) ?? []

    private static let roles = BuiltInModel.model.table(14)?.attestedBy ?? []

    func history(_ dice: inout Dice) throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(dice.roll(-100...3)))
        for day in stride(from: 0, to: 365, by: dice.roll(3...20)) {
            scene.backup(at: GradeScene.begin + .days(day), in: stores(&dice))
        }
        for place in 0..<dice.roll(2...10) {
            if dice.coin() { good(&scene, &dice, place) } else { bad(&scene, &dice, place) }
        }
        return scene
    }

    private func stores(_ dice: inout Dice) -> [String] {
        ["metro", "north", "west"].filter { _ in dice.roll(0...3) > 0 }
    }

    private func instant(_ dice: inout Dice) -> Moment { GradeScene.begin + .hours(dice.roll(48...8_700)) }

    /// Evidence for something, and against nothing.
    func good(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) {
        switch dice.roll(0...3) {
        case 0: scene.backup(at: instant(&dice), in: stores(&dice))
        case 1:
            scene.attest(
                Self.attested[dice.roll(0...Self.attested.count - 1)], .met,
                role: Self.roles[dice.roll(0...Self.roles.count - 1)], at: instant(&dice), id: "good-\(place)"
            )
        default:
            let kinds = Exercise.allCases
            let exercise = kinds[dice.roll(0...kinds.count - 1)]
            scene.drill(
                "good-\(place)", exercise, at: instant(&dice), mode: exercise < .simulation ? .talk : .sandbox
            )
        }
    }

    /// Evidence against something, and for nothing.
    func bad(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) {
        switch dice.roll(0...3) {
        case 0:
            scene.attest(
                Self.attested[dice.roll(0...Self.attested.count - 1)], .notMet,
                role: Self.roles[dice.roll(0...Self.roles.count - 1)], at: instant(&dice), id: "bad-\(place)")
        case 1:
            scene.drill(
                "bad-\(place)", .simulation, at: instant(&dice), outcome: .failed,
                time: Span(lower: .hours(dice.roll(1...99)), upper: nil), point: nil, isReported: false)
        case 2: damage(&scene, &dice)
        default: scene.claim(.drills, from: GradeScene.begin - .days(99), to: GradeScene.asOf)
        }
    }

    private func damage(_ scene: inout GradeScene, _ dice: inout Dice) {
        let receipts = scene.events.compactMap { event -> CopyReceipt? in
            if case .copyReceipt(let receipt) = event.body { receipt } else { nil }
        }
        guard let receipt = receipts.isEmpty ? nil : receipts[dice.roll(0...receipts.count - 1)] else {
            return
        }
        scene.add(
            .copyVerification(
                CopyVerification(
                    dataset: receipt.dataset, point: receipt.point, store: receipt.store,
                    checkedAt: receipt.provenAt + .days(1), method: .readBack, result: .corrupt, bytesRead: 1)
            ),
            at: GradeScene.asOf - .hours(1))
    }

    @Test(arguments: Array<UInt64>(1...24))
    func `is never lowered by more good evidence`(seed: UInt64) throws {
        try expectNeverLowered(seed: seed)
    }

    @Test(arguments: Array<UInt64>(101...124))
    func `is never raised in what is possible by a failure`(seed: UInt64) throws {
        try expectNeverRaised(seed: seed)
    }

    @Test(arguments: Array<UInt64>(201...208))
    func `does not depend on the order of events`(seed: UInt64) throws {
        try expectOrderDoesNotMatter(seed: seed)
    }
}
