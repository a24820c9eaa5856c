// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// One history in which something hangs on each parameter.
@Suite("A parameter of the model")
struct ParameterTests {
    private static let changes = [
        "ack_limit": "1s", "alert_quantile": "0.5", "allowed_exceedances": "1", "assured": "0.5",
        "attestation_max_age": "10d", "before_users_share": "0.5", "cadence_mode": "bucket",
        "complete_quarters": "1", "count_planned_maintenance_as_downtime": "false", "day": "1h",
        "drill_cadence": "programme", "first_action": "1s", "grace.day": "1h", "grace.hour": "1m",
        "grace.month": "1h", "grace.week": "1h", "hot_standby_ok": "0.5", "hour": "5m",
        "hours_per_year": "100h", "l2_each_type": "true", "min_cd_runs": "1", "min_changes": "1",
        "min_ci_runs": "1", "minute_level": "1s", "month": "1d", "mostly": "0.5", "nearly_all": "0.5",
        "probe_confirm": "1", "probe_gap_factor": "10", "quant.all": "0.5", "quant.few": "2",
        "quant.most": "0.25", "quant.some": "0.5", "register_limit": "1s", "remote_min_km": "5000",
        "require_both_city_and_remote": "true", "second_level": "1s", "settle": "1s",
        "verify_max_age": "1h", "week": "1d", "window": "200d",
    ]

    private static let text = GradeScene.planText
        .replacingOccurrences(
            of: "\"production\": \"true\"",
            with: "\"production\": \"true\", \"coordinates\": [\"31.2\", \"121.5\"]"
        )
        .replacingOccurrences(
            of: "\"region\": \"CN-BJ\"", with: "\"region\": \"CN-BJ\", \"coordinates\": [\"39.9\", \"116.4\"]"
        )
        .replacingOccurrences(
            of: "\"standby\": \"cold\",",
            with: """
                "standby": "hot", "probes": ["p"], "standby_probes": ["s"], "instances": ["nas", "dr"],
                """
        )
        .replacingOccurrences(
            of: "\"services\": {",
            with: """
                "severities": {"major": {"respond": "15m", "notify": "30m", "restore": "2h"}},
                "probes": {"p": {"from": ["nas"], "every": "10s", "timeout": "2s", "http": "http://a"},
                           "s": {"from": ["nas"], "every": "10s", "timeout": "2s", "http": "http://b"}},
                "maintenance": [
                  {"service": "shop", "window": "Sun 02:00-04:00", "announced": "72h", "cap": "3h/month"}],
                "services": {
                """)

    private static func scene() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan(text))
        let (begin, end) = (GradeScene.begin, GradeScene.asOf)
        scene.adopt(at: begin - .days(3), datasets: [])
        // A dataset of forty days: daily, with one gap of forty hours after which only time to settle helps.
        let created = end - .days(40)
        scene.adopt(at: created, datasets: ["orders", "scratch"])
        for day in 0..<40 {
            scene.backup(at: created + .days(day) + (day == 20 ? .hours(16) : .zero))
        }
        probes(in: &scene, from: begin, to: end)
        scene.drill("d", .full, at: end - .days(10))
        for (place, day) in [20, 110, 200, 290].enumerated() {
            scene.drill("desk\(place)", .deskCheck, at: end - .days(day), mode: .talk)
        }
        for place in 0..<3 { add(place, to: &scene, at: end - .days(40 + place)) }
        scene.attest("t14-plans-process")
        return scene
    }

    /// Down for an announced hour, one failure alone, a silence of eight samples, and a standby that was away.
    private static func probes(in scene: inout GradeScene, from begin: Moment, to end: Moment) {
        let sunday = end - .days(2) - .hours(10)  // 2026-11-22T02:00:00Z
        func sample(_ probe: String, _ state: ProbeRun.State, _ from: Moment, _ to: Moment) {
            let count = Int((to - from).inSeconds) / 10
            scene.add(
                .probeRun(
                    ProbeRun(
                        probe: probe, vantage: "nas", state: state, firstAt: from,
                        periodNs: 10_000_000_000, count: count)), at: max(to, from + .seconds(1)))
        }
        sample("p", .up, begin, sunday)
        sample("p", .down, sunday, sunday + .hours(1))
        sample("p", .up, sunday + .hours(1), sunday + .hours(2))
        sample("p", .down, sunday + .hours(2), sunday + .hours(2) + .seconds(10))
        sample("p", .up, sunday + .hours(2) + .seconds(10), sunday + .hours(3))
        sample("p", .up, sunday + .hours(3) + .seconds(80), end)
        sample("s", .up, begin, end - .days(100))
        sample("s", .down, end - .days(100), end)
        scene.add(
            .maintenanceNotice(
                MaintenanceNotice(
                    id: "m", service: "shop", begunAt: sunday, endedAt: sunday + .hours(1),
                    announcedAt: sunday - .days(4), person: "omar")), at: sunday - .days(4))
    }

    private static func add(_ place: Int, to scene: inout GradeScene, at: Moment) {
        var incident = Incident(id: "i\(place)", service: "shop", severity: "major", begunAt: at)
        (incident.detectedAt, incident.detectedBy) = (at + .seconds(5), .monitor)
        incident.registeredAt = at + .seconds(10)
        incident.acknowledgedAt = at + .seconds(20)
        (incident.firstActionAt, incident.runbook) = (at + .seconds(20), "r")
        (incident.restoredAt, incident.userImpactSeconds) = (at + .minutes(10), 60)
        incident.ticket = "t"
        scene.add(.incident(incident), at: at + .hours(1))
        let kinds: [PipelineRun.Kind] = [.build, .deployment]
        for kind in kinds {
            scene.add(
                .pipelineRun(
                    PipelineRun(
                        id: "\(kind)\(place)", kind: kind, subject: "shop", isMain: true,
                        succeeded: place != 1, begunAt: at, endedAt: at + .minutes(1))), at: at + .minutes(1))
        }
        scene.add(
            .change(Change(id: "c\(place)", kind: .planned, implementedAt: at, hasFailedFirst: place == 1)),
            at: at)
        scene.add(
            .alert(
                Alert(
                    id: "a\(place)", rule: "r", service: "shop", isImportant: true, trueAt: at,
                    deliveredAt: at + (place == 2 ? .minutes(10) : .seconds(5)))), at: at + .minutes(11))
    }

    private static let plain = Result { try grades([:]) }

    private static func grades(_ settings: [String: String]) throws -> GradeReport {
        try scene().grade(.literal, asOf: GradeScene.asOf, settings, tables: Set(1...23))
    }

    @Test("is heeded, and printed", arguments: BuiltInModel.model.parameters.map(\.name))
    func heeded(name: String) throws {
        let value = try #require(Self.changes[name], "nothing here hangs on \(name)")
        let (before, after) = (try Self.plain.get(), try Self.grades([name: value]))
        #expect(after.changedParameters.map(\.name) == [name] && before.changedParameters.isEmpty)
        let isHeeded = before.tables != after.tables
        #expect(isHeeded, "\(name) changes nothing")
    }
}
