// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The grade as a whole")
struct GradePropertyTests {
    private func history() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        for day in stride(from: 0, to: 365, by: 1) {
            scene.backup(
                at: GradeScene.begin + .days(day), in: day % 90 == 7 ? ["metro"] : ["metro", "north"])
        }
        scene.drill("t", .tabletop, at: GradeScene.asOf - .days(50), mode: .talk)
        scene.drill("f", .full, at: GradeScene.asOf - .days(40))
        scene.attest("t14-plans-process")
        scene.attest("t14-plans-it-drp", .notMet)
        scene.claim(.drills, from: GradeScene.asOf - .days(200), to: GradeScene.asOf)
        return scene
    }

    @Test func `does not depend on the order in which events are handed over`() throws {
        let scene = try history()
        let model = BuiltInModel.model.only(tables: [14])
        let expected = Grading.grade(
            events: scene.events, plan: scene.plan, model: model, asOf: GradeScene.asOf)
        for shuffled in [scene.events.reversed(), Array(scene.events.sorted { $0.sha256 < $1.sha256 })] {
            #expect(
                Grading.grade(events: shuffled, plan: scene.plan, model: model, asOf: GradeScene.asOf)
                    == expected)
        }
    }

    @Test func `is the same after its way through JSON`() throws {
        let report = try history().grade()
        let data = try CanonicalJSON.encode(report)
        #expect(try CanonicalJSON.decode(GradeReport.self, from: data) == report)
    }

    @Test func `leaves out what was written down later`() throws {
        let scene = try history()
        let then = GradeScene.asOf - .days(45)
        let report = try scene.grade(.literal, asOf: then)
        #expect(report.dimension("t14-drills")?.criterion("t14-drills-simulation")?.state == .unknown)
        #expect(report.dimension("t14-drills")?.criterion("t14-drills-paper")?.state == .met)
    }

    /// Every event that is no failure may only raise what is confirmed.
    @Test func `never confirms less for one more good event`() throws {
        let scene = try history()
        var part = GradeScene(scene.plan)
        var last: [String: Int] = [:]
        // From nothing to everything in steps, the instant of the grade held fast.
        for (place, event) in scene.events.enumerated() {
            if case .attestation(let each) = event.body, each.statement == .notMet { continue }
            part.add(event.body, at: event.recordedAt)
            guard place % 301 == 0 || place > scene.events.count - 8 else { continue }
            for dimension in try part.grade().table(14)?.dimensions ?? [] {
                #expect(dimension.confirmed >= last[dimension.id] ?? 0, "\(dimension.id) at \(place)")
                last[dimension.id] = dimension.confirmed
            }
        }
        #expect(last["t14-drills"] == 3)
    }

    @Test func `grades all tables and gives each verdict in words`() throws {
        let report = try history().grade(tables: Set(1...23))
        #expect(report.tables.count == 23)
        #expect(report.tables.flatMap(\.dimensions).count == 95)
        for dimension in report.tables.flatMap(\.dimensions) {
            #expect(!dimension.verdictEn.isEmpty && !dimension.verdictZh.isEmpty)
            #expect(dimension.levels.count == 5)
            #expect(dimension.confirmed <= dimension.possible)
            for blocker in dimension.blockers { #expect(dimension.criterion(blocker) != nil) }
        }
    }

    @Test func `refuses a parameter that does not exist or is of another kind`() {
        var parameters = GradeParameters(BuiltInModel.model)
        #expect(throws: ModelError("no parameter 'windw'", hint: "did you mean 'window'?")) {
            try parameters.set("windw", "30d")
        }
        #expect(throws: ModelError.self) { try parameters.set("window", "30") }
        #expect(throws: ModelError.self) { try parameters.set("cadence_mode", "guess") }
        #expect(throws: Never.self) { try parameters.set("window", "365d") }
        #expect(parameters.changed.isEmpty)
    }
}
