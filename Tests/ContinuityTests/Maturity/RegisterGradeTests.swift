// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("The grade of what people keep books on")
struct RegisterGradeTests {
    private static let asOf = GradeScene.asOf

    private func scene(_ extra: String = "") throws -> GradeScene {
        var text = GradeScene.planText
        if !extra.isEmpty {
            text = text.replacingOccurrences(of: "\"services\": {", with: extra + ", \"services\": {")
        }
        var scene = GradeScene(try GradeScene.plan(text))
        scene.adopt(at: GradeScene.begin - .days(3))
        return scene
    }

    private func criterion(_ id: String, _ scene: GradeScene, strict: Bool = false) throws -> CriterionResult
    {
        let report = try scene.grade(strict ? .strict : .literal, asOf: Self.asOf, tables: Set(1...23))
        return try #require(
            report.tables.flatMap(\.dimensions).flatMap(\.criteria).first { $0.id == id }, "no \(id)")
    }

    /// The criterion of the model that a metric decides.
    private func id(_ metric: String, where fits: (Check) -> Bool = { _ in true }) throws -> String {
        let all = BuiltInModel.model.dimensions.flatMap(\.criteria)
        return try #require(
            all.first { $0.checks.contains { $0.metric == metric && fits($0) } }?.id, "no check of \(metric)")
    }

    private static let severities = """
        "severities": {"major": {"notify": "30m", "restore": "2h"}, "minor": {"restore": "2d"}}
        """

    private func incident(
        _ id: String, _ severity: String?, hours: Int?, in scene: inout GradeScene, told: Int? = nil,
        byAutomation: Bool = false, daysAgo: Int = 20
    ) {
        let begun = Self.asOf - .days(daysAgo)
        var incident = Incident(
            id: id, service: "shop", severity: severity, begunAt: begun, detectedAt: begun + .minutes(1),
            restoredAt: hours.map { begun + .hours($0) })
        incident.userImpactSeconds = 60
        incident.usersToldAt = told.map { begun + .minutes($0) }
        incident.usersToldBy = byAutomation ? .automation : nil
        incident.contingencyPlan = "p"
        scene.add(.incident(incident), at: begun + .days(5))
    }

    // MARK: - Agreements

    @Test func `is unknown while the plan agrees nothing`() throws {
        var scene = try scene()
        incident("a", "major", hours: 1, in: &scene)
        let result = try criterion(id("within_target_share"), scene)
        #expect(result.state == .unknown)
        #expect(result.settledBy?.contains("severities") == true)
    }

    @Test func `holds incidents against what was agreed for their severity`() throws {
        var scene = try scene(Self.severities)
        for place in 0..<9 { incident("a\(place)", "major", hours: 2, in: &scene, told: 31) }
        incident("b", "minor", hours: 40, in: &scene, told: 20)
        let id = try id("within_target_share")
        #expect(try criterion(id, scene).state == .met)
        incident("c", "major", hours: 3, in: &scene)
        incident("d", "major", hours: 3, in: &scene)
        let result = try criterion(id, scene)
        #expect(result.state == .notMet)
        #expect(result.value?.hasPrefix("83.3") == true, "\(result.value ?? "")")
        // 31 minutes after the begin are 30 after the detection.
        let notice = try criterion(self.id("user_notice_share"), scene)
        #expect(notice.population > 0)
        #expect(notice.state != .met)
    }

    @Test func `cannot say of an incident whose severity nobody agreed on`() throws {
        var scene = try scene(Self.severities)
        incident("a", "major", hours: 1, in: &scene)
        incident("b", "odd", hours: 1, in: &scene)
        let result = try criterion(id("within_target_share"), scene)
        #expect(result.state == .unknown)
        #expect(result.value == "50 % to 100 %")
    }

    @Test func `lets the worst severity and the worst quarter decide`() throws {
        var scene = try scene(Self.severities)
        incident("a", "major", hours: 1, in: &scene)
        incident("b", "minor", hours: 49, in: &scene)
        let worst = try criterion(id("within_target_by_severity"), scene)
        #expect(worst.state == .notMet)
        #expect(worst.offenders.first?.member == "severity minor")
    }

    @Test func `counts notices by automation`() throws {
        var scene = try scene()
        let id = try id("auto_notifications")
        incident("a", "major", hours: 1, in: &scene, told: 5)
        #expect(try criterion(id, scene).state == .unknown)
        incident("b", "major", hours: 1, in: &scene, told: 5, byAutomation: true)
        #expect(try criterion(id, scene).state == .met)
    }

    // MARK: - Documents, trainings, actions

    private func add(_ entry: RegisterEntry, to scene: inout GradeScene) {
        scene.add(.registerEntry(entry), at: Self.asOf - .days(1))
    }

    private func plan(_ id: String, _ scenarios: [String], due: Moment? = nil) -> RegisterEntry {
        RegisterEntry(
            id: id,
            document: Document(
                kind: .contingencyPlan, title: id, approvedAt: Self.asOf - .days(100), reviewDueAt: due,
                scenarios: scenarios))
    }

    @Test func `covers the catalogue of scenarios by plans that are not overdue`() throws {
        var scene = try scene("\"scenarios\": [\"fire\", \"flood\"]")
        let id = try id("scenario_plan_coverage")
        #expect(try criterion(id, scene).state == .unknown)
        add(plan("one", ["fire"]), to: &scene)
        #expect(try criterion(id, scene).offenders.first?.detail == "not flood")
        add(plan("two", ["flood"], due: Self.asOf + .days(1)), to: &scene)
        #expect(try criterion(id, scene).state == .met)
        // A day after its review was due it is no plan any more.
        #expect(
            try scene.grade(.literal, asOf: Self.asOf + .days(2), tables: [16]).tables[0].dimensions
                .flatMap(\.criteria).first { $0.id == id }?.state == .unknown)
    }

    @Test func `makes the absence of a plan a fact once the register is complete`() throws {
        var scene = try scene()
        let id = try id("contingency_plan_count")
        #expect(try criterion(id, scene).state == .unknown)
        scene.claim(.documents, from: GradeScene.begin - .days(1), to: Self.asOf)
        #expect(try criterion(id, scene).state == .notMet)
        var withdrawn = plan("one", [])
        add(withdrawn, to: &scene)
        #expect(try criterion(id, scene).state == .met)
        withdrawn.withdrawnAt = Self.asOf - .hours(1)
        add(withdrawn, to: &scene)
        #expect(try criterion(id, scene).state == .notMet)
    }

    @Test func `holds overdue actions from drills against the strict profile`() throws {
        var scene = try scene()
        let id = "t14-drills-x-actions"
        scene.drill("d", .simulation, at: Self.asOf - .days(70))
        scene.claim(.actions, from: GradeScene.begin - .days(1), to: Self.asOf)
        #expect(try criterion(id, scene, strict: true).state == .met)
        var action = ImprovementAction(
            source: .drill, title: "fix the runbook", openedAt: Self.asOf - .days(60),
            dueAt: Self.asOf - .days(9))
        add(RegisterEntry(id: "a", action: action), to: &scene)
        #expect(try criterion(id, scene, strict: true).state == .notMet)
        action.closedAt = Self.asOf - .days(10)
        add(RegisterEntry(id: "a", action: action), to: &scene)
        #expect(try criterion(id, scene, strict: true).state == .met)
    }

    @Test func `knows who was trained`() throws {
        var scene = try scene(
            "\"people\": {\"petra\": {\"roles\": [\"owner\"]}, \"dana\": {\"roles\": [\"conductor\"]}}")
        let id = try id("trained_role_share")
        func train(_ name: String, _ people: [String], assessed: Bool) -> RegisterEntry {
            RegisterEntry(
                id: name,
                training: Training(
                    kind: .training, title: name, at: Self.asOf - .days(9), attendees: people,
                    isAssessed: assessed))
        }
        add(train("one", ["petra"], assessed: false), to: &scene)
        #expect(try criterion(id, scene, strict: true).state == .unknown)
        let assessed = try self.id("assessed_training_count")
        #expect(try criterion(assessed, scene, strict: true).state == .unknown)
        add(train("two", ["dana"], assessed: true), to: &scene)
        #expect(try criterion(id, scene, strict: true).state == .met)
        #expect(try criterion(assessed, scene, strict: true).state == .met)
    }

    @Test func `covers a duty pattern by shifts`() throws {
        var scene = try scene("\"teams\": {\"ops\": {\"kind\": \"service_response\"}}")
        let all = try id("duty_coverage") { $0.pattern == "24x7" }
        let office = try id("duty_coverage") { $0.pattern == "5x8" && $0.dedication == nil }
        scene.claim(.duty, from: GradeScene.begin - .days(1), to: Self.asOf)
        for day in 0...366 {
            let begin = GradeScene.begin - .hours(12) + .days(day)
            let duty = DutyShift(
                team: "ops", person: "petra", begunAt: begin + .hours(9), endedAt: begin + .hours(17),
                isFullTime: true)
            add(RegisterEntry(id: "d\(day)", duty: duty), to: &scene)
        }
        #expect(try criterion(office, scene).state == .met)
        #expect(try criterion(all, scene).state == .notMet)
        add(
            RegisterEntry(
                id: "whole",
                duty: DutyShift(
                    team: "ops", person: "dana", begunAt: GradeScene.begin - .days(1),
                    endedAt: Self.asOf + .days(1),
                    isFullTime: true)), to: &scene)
        #expect(try criterion(all, scene).state == .met)
    }

    @Test func `asks for no duty on a holiday, and for it on a Saturday that is worked instead`() throws {
        let office = try id("duty_coverage") { $0.pattern == "5x8" && $0.dedication == nil }
        let team = "\"teams\": {\"ops\": {\"kind\": \"service_response\"}}"
        func grade(_ more: String) throws -> CriterionState? {
            var scene = try scene(team + more)
            scene.claim(.duty, from: GradeScene.begin - .days(1), to: Self.asOf)
            for day in 0...366 {
                let begin = GradeScene.begin - .hours(12) + .days(day)
                // 2026-10-01 was a Thursday, 2026-10-10 a Saturday; on neither was anybody there.
                let name = begin.text(decimals: 0).prefix(10)
                guard name != "2026-10-01", name != "2026-10-10" else { continue }
                let duty = DutyShift(
                    team: "ops", person: "petra", begunAt: begin + .hours(9), endedAt: begin + .hours(17),
                    isFullTime: true)
                add(RegisterEntry(id: "d\(day)", duty: duty), to: &scene)
            }
            return try criterion(office, scene).state
        }
        #expect(try grade("") == .notMet)
        #expect(try grade(", \"holidays\": [\"2026-10-01\"]") == .met)
        #expect(
            try grade(", \"holidays\": [\"2026-10-01\"], \"extra_workdays\": [\"2026-10-10\"]") == .notMet)
    }

    @Test func `takes the mean error of application readings`() throws {
        var scene = try scene()
        let id = try id("app_metric_error")
        #expect(try criterion(id, scene).state == .unknown)
        add(
            RegisterEntry(
                id: "r",
                reading: ReferenceReading(
                    layer: "application", metric: "orders", at: Self.asOf - .days(3), reported: 103,
                    reference: 100)), to: &scene)
        #expect(try criterion(id, scene).value == "3 %")
    }

    @Test func `reads teams and architecture from the plan`() throws {
        let scene = try scene(
            "\"teams\": {\"dr\": {\"kind\": \"disaster_recovery\", \"members\": [\"petra\"], \"services\": [\"shop\"]}}, "
                + "\"people\": {\"petra\": {\"roles\": [\"owner\"]}}")
        #expect(try criterion(id("dr_team_coverage"), scene).state == .met)
    }

    @Test func `counts rules that have predicted`() throws {
        var scene = try scene()
        let id = try id("predictive_rules")
        #expect(try criterion(id, scene).state == .unknown)
        scene.add(
            .alert(
                Alert(id: "a", rule: "disk_full_soon", isPrediction: true, deliveredAt: Self.asOf - .days(2))),
            at: Self.asOf - .days(2))
        #expect(try criterion(id, scene).state == .met)
    }

    // MARK: - Files

    @Test func `is read from a file, and mistakes are named with their line`() throws {
        let text = """
            {"lifeboat_register": "1", "entries": {
              "fire-plan": {"document":
                {"kind": "contingency_plan", "title": "Fire", "approved_at": "2026-01-02"}},
              "drill-1": {"action":
                {"source": "drill", "title": "t", "opened_at": "2026-02-01", "due": "2026-03-01"}}}}
            """
        let read = RegisterEntry.decode(try Node(json: Data(text.utf8), file: "r.json"))
        #expect(read.problems.map(\.description) == [])
        #expect(Set(read.entries.map(\.kind)) == ["document", "action"])
        #expect(
            read.entries.first { $0.id == "fire-plan" }?.document?.approvedAt
                == Moment("2026-01-02T00:00:00Z"))
        let broken = text.replacingOccurrences(of: "\"due\"", with: "\"dew\"")
        let problems = RegisterEntry.decode(try Node(json: Data(broken.utf8), file: "r.json")).problems
        #expect(problems.contains { $0.key == "entries.drill-1.action.dew" })
    }

    @Test func `cannot say two things, nor what is yet to come`() {
        let now = Self.asOf
        let training = Training(
            kind: .training, title: "t", at: now + .days(1), attendees: [], isAssessed: false)
        #expect(!RegisterEntry(id: "a", training: training).problems(at: now).isEmpty)
        let action = ImprovementAction(source: .drill, title: "t", openedAt: now, closedAt: now - .days(1))
        #expect(!RegisterEntry(id: "a", action: action).problems(at: now).isEmpty)
        #expect(!RegisterEntry(id: "a").problems(at: now).isEmpty)
    }
}
