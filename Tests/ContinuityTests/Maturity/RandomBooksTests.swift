// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// Random histories of everything that is kept in books or read in, over all twenty-three tables.
@Suite("The grade of any books")
struct RandomBooksTests: RandomHistories {
    let tables = Set(1...23)

    private static let attested = BuiltInModel.model.tables.flatMap { table in
        table.dimensions.flatMap(\.criteria).filter(\.takesAttestations).map {
            (criterion: $0.id, role: table.attestedBy.first ?? "")
        }
    }

    private static let planText = GradeScene.planText
        .replacingOccurrences(
            of: "\"services\": {",
            with: """
                "severities": {"major": {"respond": "15m", "notify": "30m", "restore": "2h"}},
                "services": {
                  "forge": {"kind": "devops_platform", "tier": "critical", "datasets": ["orders"]},
                """)

    func history(_ dice: inout Dice) throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan(Self.planText))
        scene.adopt(at: GradeScene.begin - .days(dice.roll(-100...3)))
        for day in stride(from: 0, to: 365, by: dice.roll(5...30)) {
            scene.backup(at: GradeScene.begin + .days(day))
        }
        for register in RegisterClaim.Register.allCases where dice.roll(0...3) == 0 {
            scene.claim(register, from: GradeScene.begin - .days(9), to: GradeScene.asOf)
        }
        for place in 0..<dice.roll(2...14) {
            if dice.coin() { good(&scene, &dice, place) } else { bad(&scene, &dice, place) }
        }
        return scene
    }

    private func first(_ dice: inout Dice) -> Moment { GradeScene.begin + .hours(dice.roll(24...4_000)) }
    private func second(_ dice: inout Dice) -> Moment { GradeScene.begin + .hours(dice.roll(4_700...8_700)) }
    private func any(_ dice: inout Dice) -> Moment { dice.coin() ? first(&dice) : second(&dice) }

    /// Evidence for something, and against nothing; incidents in the first half, so that none makes a trend rise.
    func good(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) {
        switch dice.roll(0...6) {
        case 0:
            let at = first(&dice)
            scene.add(.incident(perfect("good-\(place)", at: at, dice.coin())), at: at + .minutes(10))
        case 1:
            let at = any(&dice)
            scene.add(.change(change("good-\(place)", at: at, isGood: true, &dice)), at: at)
        case 2:
            let at = any(&dice)
            scene.add(.pipelineRun(run("good-\(place)", at: at, succeeded: true, &dice)), at: at)
        case 3: scene.backup(at: any(&dice))
        case 4:
            let at = any(&dice)
            scene.add(
                .alert(
                    Alert(
                        id: "good-\(place)", rule: "r", service: "shop", isImportant: true,
                        isPrediction: dice.coin(), trueAt: at, deliveredAt: at + .seconds(5))), at: at)
        default:
            let chosen = Self.attested[dice.roll(0...Self.attested.count - 1)]
            scene.attest(
                chosen.criterion, .met, role: chosen.role, at: GradeScene.asOf - .days(dice.roll(1...200)),
                id: "good-\(place)")
        }
    }

    /// Evidence against something, and for nothing.
    func bad(_ scene: inout GradeScene, _ dice: inout Dice, _ place: Int) {
        switch dice.roll(0...5) {
        case 0:
            let at = second(&dice)
            var incident = Incident(
                id: "bad-\(place)", service: dice.coin() ? "shop" : "forge", severity: "major", begunAt: at)
            (incident.detectedAt, incident.detectedBy) = (at + .hours(2), .user)
            (incident.firstUserReportAt, incident.registeredAt) = (at + .minutes(1), at + .days(2))
            incident.acknowledgedAt = at + .days(1)
            incident.restoredAt = dice.coin() ? at + .days(3) : nil
            incident.userImpactSeconds = 90_000
            scene.add(.incident(incident), at: at + .days(1))
        case 1:
            let at = any(&dice)
            scene.add(.change(change("bad-\(place)", at: at, isGood: false, &dice)), at: at)
        case 2:
            let at = any(&dice)
            scene.add(.pipelineRun(run("bad-\(place)", at: at, succeeded: false, &dice)), at: at)
        case 3:
            let at = second(&dice)
            scene.drill(
                "bad-\(place)", .full, at: at, outcome: .failed, time: Span(lower: .hours(90), upper: nil),
                point: nil, isReported: false)
        default:
            let chosen = Self.attested[dice.roll(0...Self.attested.count - 1)]
            scene.attest(
                chosen.criterion, .notMet, role: chosen.role, at: GradeScene.asOf - .days(dice.roll(1...200)),
                id: "bad-\(place)")
        }
    }

    /// An incident as good as one can be: foreseen, seen first by a program, repaired by it, felt by nobody.
    private func perfect(_ id: String, at: Moment, _ isShop: Bool) -> Incident {
        var incident = Incident(id: id, service: isShop ? "shop" : "forge", severity: "major", begunAt: at)
        incident.category = "c"
        incident.warnedAt = at - .minutes(5)
        (incident.detectedAt, incident.detectedBy) = (at + .seconds(5), .monitor)
        (incident.registeredAt, incident.openedBy) = (at + .seconds(10), .automation)
        incident.acknowledgedAt = at + .seconds(20)
        (incident.firstActionAt, incident.firstActionBy) = (at + .seconds(20), .automation)
        (incident.usersToldAt, incident.usersToldBy) = (at + .seconds(30), .automation)
        incident.reportedAt = at + .seconds(30)
        (incident.restoredAt, incident.restoredBy) = (at + .seconds(60), .automation)
        (incident.isAutoDiagnosed, incident.causeFoundAt) = (true, at + .minutes(2))
        (incident.closedAt, incident.userImpactSeconds) = (at + .minutes(9), 0)
        (incident.contingencyPlan, incident.runbook) = ("p", "r")
        (incident.ticket, incident.problem) = ("t", "q")
        return incident
    }

    private func change(_ id: String, at: Moment, isGood: Bool, _ dice: inout Dice) -> Change {
        Change(
            id: id, kind: dice.coin() ? .planned : .emergency, service: "shop",
            approvedAt: isGood ? at - .hours(1) : nil, windowBegunAt: isGood ? at - .minutes(1) : nil,
            windowEndedAt: isGood ? at + .hours(1) : nil, implementedAt: at, hasFailedFirst: !isGood,
            rollback: isGood ? .none : .failed, isRollbackAutomatic: isGood, isAutomated: isGood,
            isAttended: !isGood, rolloutMode: isGood ? "canary" : nil,
            userImpactSeconds: isGood ? 0 : 900, openedBy: isGood ? .automation : .person)
    }

    private func run(_ id: String, at: Moment, succeeded: Bool, _ dice: inout Dice) -> PipelineRun {
        PipelineRun(
            id: id, kind: dice.coin() ? .build : .deployment, subject: "shop", isMain: true,
            succeeded: succeeded, begunAt: at, endedAt: at + .seconds(20),
            requestedAt: succeeded ? at - .seconds(1) : at - .days(30))
    }

    @Test(arguments: Array<UInt64>(1...30))
    func `is never lowered by more good evidence`(seed: UInt64) throws {
        try expectNeverLowered(seed: seed)
    }

    @Test(arguments: Array<UInt64>(101...130))
    func `is never raised in what is possible by a failure`(seed: UInt64) throws {
        try expectNeverRaised(seed: seed)
    }

    @Test(arguments: Array<UInt64>(201...206))
    func `does not depend on the order of events`(seed: UInt64) throws {
        try expectOrderDoesNotMatter(seed: seed)
    }

    @Test(arguments: Array<UInt64>(301...306))
    func `is as it was once an import is taken back`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        var scene = try history(&dice)
        let before = try scene.grade(tables: tables)
        var batch = ImportBatch(
            id: "b", reader: "incidents", file: "f", sha256: "s", registers: [.incidents, .changes],
            coversFrom: GradeScene.begin - .days(1), coversTo: GradeScene.asOf, taken: 2, person: "dana")
        let at = GradeScene.asOf - .hours(2)
        var incident = perfect("imported", at: first(&dice), true)
        incident.batch = "b"
        var one = change("imported", at: any(&dice), isGood: dice.coin(), &dice)
        one.batch = "b"
        scene.add(.incident(incident), at: at)
        scene.add(.change(one), at: at)
        scene.add(.importBatch(batch), at: at)
        let during = try scene.grade(tables: tables)
        #expect(during != before)
        batch.withdrawnAt = at + .minutes(1)
        scene.add(.importBatch(batch), at: at + .minutes(1))
        let isSame = try scene.grade(tables: tables) == before
        #expect(isSame)
    }
}
