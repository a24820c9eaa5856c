// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// What becomes of an organisation where the standard is not clear (ModelDecisions.md).
@Suite("The grade where the standard is not clear")
struct AmbiguityGradeTests {
    private func scene(_ plan: Plan? = nil) throws -> GradeScene {
        var scene = GradeScene(try plan ?? GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        return scene
    }

    private func result(
        _ id: String, _ scene: GradeScene, _ settings: [String: String] = [:]
    ) throws -> CriterionResult {
        let (table, dimension, _) = try #require(BuiltInModel.model.find(id))
        let report = try scene.grade(.literal, asOf: GradeScene.asOf, settings, tables: [table.number])
        return try #require(report.dimension(dimension.id)?.criterion(id))
    }

    // MARK: - Bars and samples

    @Test func `says of a value exactly at the bar that it belongs to no level`() throws {
        var scene = try scene()
        scene.drill(
            "d", .full, at: GradeScene.asOf - .hours(3), time: Span(lower: .hours(36), upper: .hours(36)))
        let at = try result("t14-dr-rto-lt36h", scene)
        #expect(at.state == .notMet)
        #expect(at.notes == ["exactly at the bar, which the standard assigns to no level"])
        #expect(at.notesZh?.count == 1)
        #expect(try result("t14-dr-rto-lt2h", scene).notes.isEmpty)
    }

    private func changes(_ count: Int, failed: Int, ways: Int = 0) throws -> GradeScene {
        var scene = try scene()
        for number in 0..<count {
            let at = GradeScene.begin + .hours(number)
            scene.add(
                .change(
                    Change(
                        id: "\(number)", kind: .planned, implementedAt: at, hasFailedFirst: number < failed,
                        rollback: number < ways ? .succeeded : .none)), at: at)
        }
        return scene
    }

    @Test(
        "gives a rate of too few as a count, and says so",
        arguments: [
            (count: 10, id: "t08-metrics-first-fail-5", value: "0/10", isLow: true),
            (count: 40, id: "t08-metrics-first-fail-5", value: "0 %", isLow: false),
            (count: 40, id: "t08-metrics-first-fail-lt1", value: "0/40", isLow: true),
            (count: 999, id: "t08-metrics-first-fail-lt01", value: "0/999", isLow: true),
            (count: 1_000, id: "t08-metrics-first-fail-lt01", value: "0 %", isLow: false),
        ])
    func lowSample(count: Int, id: String, value: String, isLow: Bool) throws {
        let result = try result(id, changes(count, failed: 0))
        #expect(result.state == .met && result.value == value && result.isLowSample == isLow)
        #expect(result.notes.contains("a low sample: the figure stands and says little") == isLow)
    }

    @Test func `counts ways back that failed among those that were tried, from two thousand on as a rate`()
        throws
    {
        let few = try result("t08-metrics-rollback-fail-lt005", changes(30, failed: 9, ways: 9))
        #expect(few.value == "0/9" && few.isLowSample)
        // What succeeded at the second attempt has failed at the first.
        #expect(try result("t08-metrics-first-fail-5", changes(30, failed: 9, ways: 9)).value == "30 %")
    }

    // MARK: - Drills and standby

    @Test func `asks for each kind in each quarter, or with the parameter for any in each and each once`()
        throws
    {
        var scene = try scene()
        let days = ["2025-11-20", "2026-02-10", "2026-05-10", "2026-08-10"]
        let kinds: [Exercise] = [.tabletop, .sandTable, .simulation, .full]
        for (day, kind) in zip(days, kinds) {
            let at = try #require(Moment("\(day)T12:00:00Z"))
            scene.drill("d-\(day)", kind, at: at, mode: kind < .simulation ? .talk : .live)
        }
        let id = "t14-drills-q-tabletop"
        #expect(try result(id, scene).state == .unknown)
        #expect(try result(id, scene, ["window": "400d", "drill_cadence": "programme"]).state == .met)
        // The one kind that was never held is still missing.
        let partial = "t14-drills-q-partial"
        #expect(try result(partial, scene, ["window": "400d", "drill_cadence": "programme"]).state != .met)
    }

    @Test func `confirms no level where nothing stands ready at all`() throws {
        let grade = try scene(try GradeScene.plan { $0.services[0].standby = .none }).grade(of: "t14-dr")
        #expect(grade.confirmed == 0 && grade.floor == 0)
        #expect(grade.verdictEn.contains("no evidence") || grade.verdictEn.contains("below level 1"))
    }

    /// Copies of every day, and a hot standby that was drilled and answered its probes.
    private func replicated(isProbed: Bool) throws -> GradeScene {
        let text = GradeScene.planText
            .replacingOccurrences(
                of: "\"standby\": \"cold\",",
                with: "\"standby\": \"hot\", \"standby_probes\": [\"s\"], \"instances\": [\"nas\", \"dr\"],"
            )
            .replacingOccurrences(
                of: "\"services\": {",
                with: """
                    "probes": {"s": {"from": ["nas"], "every": "60s", "timeout": "2s", "http": "http://b"}},
                    "services": {
                    """)
        var scene = try scene(try GradeScene.plan(text))
        for day in -2...364 { scene.backup(at: GradeScene.begin + .days(day)) }
        if isProbed {
            scene.add(
                .probeRun(
                    ProbeRun(
                        probe: "s", vantage: "nas", state: .up, firstAt: GradeScene.begin - .hours(1),
                        periodNs: 60_000_000_000, count: 365 * 1_440 + 60)), at: GradeScene.asOf)
        }
        let at = GradeScene.asOf - .days(3)
        scene.drill("d", .full, at: at, isReported: false)
        guard case .drillRun(var run)? = scene.events.last?.body else { return scene }
        run.steps = []
        scene.add(.drillRun(run), at: at)
        return scene
    }

    @Test func `shows that copies cannot give what the replica gave, and holds neither for proven`() throws {
        let hot = try result("t14-dr-rpo-lt5min", replicated(isProbed: true))
        #expect(hot.state == .unknown)
        let detail = try #require(hot.offenders.first?.detail)
        #expect(detail.contains("the copies cannot deliver that recovery point"), "\(detail)")
        #expect(hot.settledBy?.contains("how far a standby lags is not measured") == true)
        // A standby of which nobody knows whether it stood there lets the copies decide.
        #expect(try result("t14-dr-rpo-lt5min", replicated(isProbed: false)).state == .notMet)
    }

    // MARK: - Availability and places

    private func down(_ length: Duration) throws -> GradeScene {
        var scene = try scene(try GradeScene.probedPlan())
        let begin = GradeScene.begin
        func sample(_ state: ProbeRun.State, _ from: Moment, _ to: Moment) {
            scene.add(
                .probeRun(
                    ProbeRun(
                        probe: "p", vantage: "nas", state: state, firstAt: from, periodNs: 10_000_000_000,
                        count: Int((to - from).inSeconds) / 10)), at: to)
        }
        sample(.up, begin, begin + .days(40))
        sample(.down, begin + .days(40), begin + .days(40) + length)
        sample(.up, begin + .days(40) + length, GradeScene.asOf)
        return scene
    }

    @Test func `asks for both the share and the hours where they do not agree`() throws {
        // 8 h 46 min 40 s are less than 8.8 h, and more than a thousandth of the year.
        let between = try down(.seconds(31_600))
        #expect(try result("t15-indicators-down-lt88", between).state == .met)
        #expect(try result("t15-indicators-avail-gt999", between).state == .notMet)
        let grade = try #require(try between.grade(tables: [15]).dimension("t15-indicators"))
        #expect(grade.confirmed == 2 && grade.possible == 2)
        #expect(grade.blockers == ["t15-indicators-avail-gt999"])
    }

    @Test func `fails nobody for being better than the state that level 1 describes`() throws {
        let grade = try #require(try down(.seconds(60)).grade(tables: [15]).dimension("t15-indicators"))
        #expect(grade.levels[0].state == .met && grade.confirmed == 5)
        #expect(grade.criterion("t15-indicators-avail-lt99")?.basis == .descriptor)
    }

    @Test func `takes a remote site for one in the city, but with the parameter`() throws {
        let scene = try scene(try GradeScene.plan { $0.services[0].instances = ["dr"] })
        let id = "t15-architecture-dr-same-city"
        #expect(try result(id, scene).effective == .met)
        let severed = try result(id, scene, ["require_both_city_and_remote": "true"])
        #expect(severed.effective == .unknown)
        #expect(try result("t15-architecture-dr-remote", scene).state == .met)
        let both = try self.scene(try GradeScene.plan { $0.services[0].instances = ["dr", "nas"] })
        #expect(try result(id, both, ["require_both_city_and_remote": "true"]).state == .met)
    }

    // MARK: - One set of facts, two gradings

    @Test func `grades incidents by chapter 2 and by chapter 6 from the same records`() throws {
        var scene = try scene()
        let at = GradeScene.asOf - .days(9)
        var incident = Incident(id: "i", service: "shop", begunAt: at, detectedBy: .user)
        (incident.detectedAt, incident.userImpactSeconds) = (at + .minutes(1), 60)
        scene.add(.incident(incident), at: at)
        #expect(try result("t05-grading-before-users", scene).state == .notMet)
        #expect(try result("t16-state-before-users", scene).state == .notMet)
    }
}
