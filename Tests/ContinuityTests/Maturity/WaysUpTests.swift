// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("Ways up, and what might be")
struct WaysUpTests {
    private func scene() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        for day in 0..<366 { scene.backup(at: GradeScene.begin + .days(day)) }
        scene.attest("t14-plans-process")
        return scene
    }

    private let model = BuiltInModel.model.only(tables: [14])

    private func supposing(_ suppositions: [Supposition], _ scene: GradeScene) throws -> GradeReport {
        let parameters = GradeParameters(BuiltInModel.model)
        var events = scene.events
        for supposition in suppositions {
            events += try supposition.events(
                in: scene.plan, model: model, parameters: parameters, at: GradeScene.asOf,
                number: events.count + 1)
        }
        return Grading.grade(
            events: events, plan: scene.plan, model: model, parameters: parameters, asOf: GradeScene.asOf)
    }

    @Test func `asks for what is missing and no more, the lowest dimension first`() throws {
        let scene = try scene()
        let ways = WaysUp.ways(in: try scene.grade(), model: model)
        let plans = try #require(ways.first { $0.dimension == "t14-plans" })
        #expect(plans.steps.map(\.criterion) == ["t14-plans-it-drp"])
        #expect(plans.steps.map(\.effort) == [.attest])
        let drills = try #require(ways.first { $0.dimension == "t14-drills" })
        #expect(drills.steps.allSatisfy { $0.effort == .drill })
        #expect(ways.map { $0.isLowest ? 0 : 1 } == ways.map { $0.isLowest ? 0 : 1 }.sorted())
    }

    /// What a way promises is what the grade says once its steps are done.
    @Test func `leads where it says`() throws {
        let scene = try scene()
        let ways = WaysUp.ways(in: try scene.grade(), model: model)
        var tried = 0
        for way in ways where way.steps.allSatisfy({ $0.effort == .attest }) {
            let supposed = try supposing(way.steps.map { .attestation(criterion: $0.criterion) }, scene)
            #expect(supposed.dimension(way.dimension)?.confirmed == way.to, "\(way)")
            tried += 1
        }
        #expect(tried > 1)
    }

    @Test func `is cheaper by whichever criterion stands in for another`() throws {
        let ways = WaysUp.ways(in: try scene().grade(), model: model)
        for way in ways {
            let grade = try #require(try scene().grade().dimension(way.dimension))
            for step in way.steps { #expect(grade.criterion(step.criterion)?.effective != .met) }
            #expect(way.cost == way.steps.map(\.effort.cost).reduce(0, +))
            #expect(way.to > way.from)
        }
    }

    @Test func `supposes drills that count and come back as the plan promises`() throws {
        let scene = try scene()
        let before = try scene.grade()
        let after = try supposing(
            [
                .drill(SupposedDrill(exercise: .tabletop)),
                .drill(SupposedDrill(exercise: .simulation, recoveryTime: .minutes(25))),
            ], scene)
        #expect(before.dimension("t14-drills")?.confirmed == 1)
        #expect(after.dimension("t14-drills")?.confirmed == 3)
        let difference = GradeDifference(from: before, to: after)
        let change = try #require(difference.dimensions.first { $0.dimension == "t14-drills" })
        #expect(change.confirmedBefore == 1 && change.confirmedAfter == 3)
        #expect(
            change.criteria.contains { $0.criterion == "t14-drills-simulation" && $0.direction == .better })
        #expect(after.dimension("t14-dr")?.criterion("t14-dr-rto-lt30min")?.state == .met)
    }

    @Test func `supposes a changed plan`() throws {
        var scene = try scene()
        let before = try scene.grade()
        scene.plan.services[0].standby = .hot
        let difference = GradeDifference(from: before, to: try scene.grade())
        #expect(difference.dimensions.map(\.dimension).contains("t14-dr"))
        #expect(GradeDifference(from: before, to: before).dimensions.isEmpty)
    }

    @Test func `refuses to suppose what does not exist`() throws {
        let scene = try scene()
        #expect(throws: ModelError.self) {
            try supposing([.attestation(criterion: "t14-plans-proces")], scene)
        }
        #expect(throws: ModelError.self) {
            try supposing([.attestation(criterion: "t14-backup-full-daily")], scene)
        }
        #expect(throws: ModelError.self) {
            try supposing([.drill(SupposedDrill(exercise: .full, services: ["shp"]))], scene)
        }
    }

    @Test func `falls by itself when an attestation lapses`() throws {
        var scene = try scene()
        scene.attest("t14-plans-it-drp")
        let then = try scene.grade(.literal, asOf: GradeScene.asOf)
        let later = try scene.grade(.literal, asOf: GradeScene.asOf + .days(300))
        #expect(then.dimension("t14-plans")?.confirmed == 1)
        #expect(later.dimension("t14-plans")?.confirmed == 0)
        let change = try #require(
            GradeDifference(from: then, to: later).dimensions.first { $0.dimension == "t14-plans" })
        #expect(change.criteria.allSatisfy { $0.direction == .worse })
    }
}
