// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The grade of drills and of recovery")
struct RecoveryGradeTests {
    private func scene() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        return scene
    }

    private let quarters = ["2025-11-20", "2026-02-10", "2026-05-10", "2026-08-10"]

    private func moment(_ day: String) throws -> Moment {
        try #require(Moment("\(day)T12:00:00Z"))
    }

    // MARK: - Drills

    @Test func `is never a level without any drill on record`() throws {
        let grade = try scene().grade(of: "t14-drills")
        #expect(!grade.hasEvidence)
        #expect(grade.verdictEn == "no evidence (floor 1), up to level 5 possible")
        #expect(grade.confirmed == 1)
        #expect(grade.possible == 5)
    }

    @Test func `makes absence a fact once the register is declared complete`() throws {
        var scene = try scene()
        scene.claim(.drills, from: GradeScene.begin - .days(90), to: GradeScene.asOf)
        let grade = try scene.grade(of: "t14-drills")
        #expect(grade.criterion("t14-drills-paper")?.state == .notMet)
        #expect(grade.possible == 1)
    }

    @Test func `grants levels worded alike together and says so`() throws {
        var scene = try scene()
        scene.drill("a", .tabletop, at: GradeScene.asOf - .days(40), mode: .talk)
        scene.drill("b", .simulation, at: GradeScene.asOf - .days(30))
        let grade = try scene.grade(of: "t14-drills")
        #expect(grade.confirmed == 3)
        #expect(grade.alike == [2, 3])
        #expect(
            grade.verdictEn
                == "level 3 confirmed, up to 5 possible (levels 2 and 3 are worded alike in the standard)")
        let strict = try #require(try scene.grade(.strict).dimension("t14-drills"))
        #expect(strict.confirmed == 2)
        #expect(strict.blockers == ["t14-drills-x-actions"])
        #expect(strict.criterion("t14-drills-x-critical-covered")?.isExtension == true)
    }

    @Test func `asks for every kind in every complete quarter`() throws {
        var scene = try scene()
        for (kind, mode) in [
            (Exercise.tabletop, DrillMode.talk), (.sandTable, .talk), (.simulation, .sandbox),
            (.partial, .live), (.full, .live),
        ] {
            for quarter in quarters where kind != .full || quarter != "2026-05-10" {
                scene.drill("\(kind)-\(quarter)", kind, at: try moment(quarter), mode: mode)
            }
        }
        let before = try scene.grade(of: "t14-drills")
        #expect(before.confirmed == 3)
        #expect(before.blockers == ["t14-drills-q-full"])
        #expect(before.criterion("t14-drills-q-full")?.offenders.first?.detail.contains("2026 Q2") == true)
        scene.drill("last", .full, at: try moment("2026-05-11"), mode: .live)
        let after = try scene.grade(of: "t14-drills")
        #expect(after.confirmed == 5)
        #expect(after.verdictEn == "level 5 (levels 4 and 5 are worded alike in the standard)")
        // What became of improvement actions nobody records, so the strict profile does not get past level 2.
        #expect(try scene.grade(.strict).dimension("t14-drills")?.confirmed == 2)
    }

    @Test(
        "does not count a drill",
        arguments: [
            "aborted", "answered by a file", "without a report", "that only went through the steps",
            "without times",
        ])
    func flaws(name: String) throws {
        var scene = try scene()
        let at = GradeScene.asOf - .days(30)
        switch name {
        case "aborted": scene.drill("x", .simulation, at: at, outcome: .aborted)
        case "answered by a file": scene.drill("x", .simulation, at: at, answeredBy: "file")
        case "without a report": scene.drill("x", .simulation, at: at, isReported: false)
        case "without times": scene.drill("x", .partial, at: at, time: Span(lower: .hours(9), upper: nil))
        default: scene.drill("x", .simulation, at: at, mode: .rehearse)
        }
        let result = try #require(try scene.grade(of: "t14-drills").criterion("t14-drills-simulation"))
        #expect(result.state == .unknown)
        #expect(result.offenders.first?.detail.contains("drill x does not count") == true)
    }

    @Test func `files a full exercise without every core service as a partial one`() throws {
        var scene = try scene()
        scene.plan.services[1].tier = .core
        for quarter in quarters { scene.drill("f\(quarter)", .full, at: try moment(quarter), mode: .live) }
        let grade = try scene.grade(of: "t14-drills")
        #expect(grade.criterion("t14-drills-q-partial")?.state == .met)
        #expect(grade.criterion("t14-drills-q-full")?.state == .unknown)
    }

    // MARK: - Recovery

    /// Points every ten minutes for the last two days, the window cut to one.
    private func replicated() throws -> GradeScene {
        var scene = try scene()
        var at = GradeScene.asOf - .days(2)
        while at <= GradeScene.asOf {
            scene.backup(at: at)
            at = at + .minutes(10)
        }
        return scene
    }

    @Test func `takes the worse of the drill and the exposure`() throws {
        var scene = try replicated()
        scene.drill("d", .full, at: GradeScene.asOf - .hours(3))
        let grade = try scene.grade(of: "t14-dr", ["window": "1d"])
        let point = try #require(grade.criterion("t14-dr-rpo-lt5min"))
        #expect(point.state == .notMet)
        // Ten minutes between points and ten until the proof: twenty at the worst moment.
        #expect(point.value == "20m")
        #expect(grade.criterion("t14-dr-rpo-lt12h")?.state == .met)
        #expect(grade.criterion("t14-dr-rto-lt30min")?.state == .met)
        #expect(grade.confirmed == 3)
        #expect(grade.possible == 3)
        #expect(grade.criterion("t14-dr-cold")?.basis == .measured)
    }

    @Test func `is unknown for a service that was never recovered`() throws {
        let grade = try replicated().grade(of: "t14-dr", ["window": "1d"])
        #expect(grade.confirmed == 1)
        #expect(grade.criterion("t14-dr-cold")?.basis == .declared)
        #expect(grade.criterion("t14-dr-rpo-lt24h")?.state == .unknown)
        #expect(grade.criterion("t14-dr-rto-lt72h")?.settledBy?.contains("recovers shop") == true)
        // The exposure alone already speaks against less than five minutes, and the plan against hot.
        #expect(grade.possible == 3)
    }

    @Test func `gives a failed recovery no end`() throws {
        var scene = try replicated()
        scene.drill("good", .full, at: GradeScene.asOf - .hours(3))
        scene.drill(
            "bad", .partial, at: GradeScene.asOf - .hours(2), outcome: .failed,
            time: Span(lower: .hours(1), upper: nil), point: nil, isReported: false)
        let grade = try scene.grade(of: "t14-dr", ["window": "1d"])
        #expect(grade.criterion("t14-dr-rto-lt72h")?.state == .notMet)
        #expect(grade.possible == 1)
    }

    @Test func `does not hold a value exactly at a bar for met`() throws {
        var scene = try replicated()
        scene.drill(
            "d", .full, at: GradeScene.asOf - .hours(3), time: Span(lower: .hours(36), upper: .hours(36)))
        let grade = try scene.grade(of: "t14-dr", ["window": "1d"])
        #expect(grade.criterion("t14-dr-rto-lt36h")?.state == .notMet)
        #expect(grade.criterion("t14-dr-rto-lt72h")?.state == .met)
    }

    @Test func `has no recovery point when every copy dies with production`() throws {
        var scene = try scene()
        scene.plan.hosts[try #require(scene.plan.hosts.firstIndex { $0.id == "nas" })].site = "hq"
        for day in 0..<3 { scene.backup(at: GradeScene.asOf - .days(day), in: ["metro"]) }
        let grade = try scene.grade(of: "t14-dr", ["window": "1d"])
        #expect(grade.criterion("t14-dr-rpo-lt24h")?.state == .notMet)
        #expect(
            grade.criterion("t14-dr-rpo-lt24h")?.offenders.first?.detail.contains("no copy of orders") == true
        )
    }
}
