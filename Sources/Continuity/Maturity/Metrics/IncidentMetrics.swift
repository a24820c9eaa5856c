// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    private static func share(
        _ name: String, _ meaning: String,
        of population: @escaping @Sendable (Incident) -> Bool = { _ in true },
        where holds: @escaping @Sendable (Incident, MetricQuery) -> Bool
    ) -> Metric {
        Metric(name, .ratio, from: [.incidents], meaning) { query in
            [query.incidents().share(of: population) { holds($0, query) }]
        }
    }

    private static func count(
        _ name: String, _ meaning: String, where holds: @escaping @Sendable (Incident) -> Bool
    ) -> Metric {
        Metric(name, .count("incidents"), from: [.incidents], meaning) { query in
            [query.incidents().count(where: holds)]
        }
    }

    @Sendable static func hasImpact(_ incident: Incident) -> Bool {
        incident.hasUserImpact ?? (incident.detectedBy == .user)
    }

    @Sendable private static func isAuto(_ incident: Incident) -> Bool { incident.restoredBy == .automation }

    @Sendable private static func isMajor(_ incident: Incident) -> Bool {
        ["major", "critical", "p1", "sev1", "1"].contains((incident.severity ?? "").lowercased())
    }

    @Sendable private static func isBeforeUsers(_ incident: Incident, by finders: [Incident.Finder]) -> Bool {
        guard let finder = incident.detectedBy, let detected = incident.detectedAt else { return false }
        return finders.contains(finder) && incident.firstUserReportAt.map { detected <= $0 } ?? true
    }

    /// Tables 4 to 7, 16 and 23: incidents.
    static let incidents: [Metric] = {
        var all: [Metric] = []
        all.append(
            share(
                "incident_registration_share", "incidents registered within the limit after their detection"
            ) {
                incident, query in
                guard let found = incident.detectedAt, let written = incident.registeredAt else {
                    return false
                }
                return written - found <= query.parameters.duration("register_limit")
            })
        all.append(
            count("incident_notice_count", "incidents of which users were told or a report was made") {
                $0.usersToldAt != nil || $0.reportedAt != nil
            })
        all.append(
            share(
                "before_users_share", "incidents that monitoring or staff found no later than the first user",
                of: hasImpact
            ) {
                incident, _ in isBeforeUsers(incident, by: [.monitor, .staff])
            })
        all.append(
            share("monitor_first_share", "incidents that monitoring found no later than the first user") {
                incident, _ in isBeforeUsers(incident, by: [.monitor])
            })
        all.append(
            share("graded_incident_share", "incidents with a category and a severity") { incident, _ in
                incident.category != nil && incident.severity != nil
            })
        all.append(
            share(
                "plan_first_share", "incidents restored by a plan before the cause was known",
                of: { hasImpact($0) && $0.scenario != nil }
            ) {
                incident, _ in
                guard incident.contingencyPlan != nil, let restored = incident.restoredAt else {
                    return false
                }
                return incident.causeFoundAt.map { restored <= $0 } ?? true
            })
        all.append(
            Metric(
                "root_cause_share", .ratio, from: [.incidents],
                "incidents closed over 30 days ago whose cause is known"
            ) { query in
                let limit = query.end - .days(30)
                return [
                    query.incidents().share(of: { $0.closedAt.map { $0 < limit } ?? false }) {
                        $0.causeFoundAt != nil
                    }
                ]
            })
        all.append(
            share("early_warning_share", "incidents with an automatic warning before their begin") {
                incident, _ in
                incident.warnedAt.map { $0 < incident.begunAt } ?? false
            })
        all.append(
            share("auto_diagnosed_share", "incidents with an automatic diagnosis") { incident, _ in
                incident.isAutoDiagnosed == true
            })
        all.append(
            share("auto_restored_share", "incidents restored by automation alone") { incident, _ in
                isAuto(incident)
            })
        all.append(count("auto_restored_incidents", "incidents restored by automation alone", where: isAuto))
        all.append(
            count("self_healed_incidents", "incidents diagnosed and restored by automation") {
                isAuto($0) && $0.isAutoDiagnosed == true
            })
        all.append(
            count("runbook_restored_incidents", "incidents restored by automation with a runbook") {
                isAuto($0) && $0.runbook != nil
            })
        all.append(count("user_impact_incidents", "incidents with user impact", where: hasImpact))
        all.append(
            count("automated_action_incidents", "incidents with an action by automation") {
                isAuto($0) || $0.firstActionBy == .automation
            })
        all.append(
            impact("user_impact_total", "user impact of all incidents of the window together") { _ in true })
        all.append(
            impact("auto_restored_impact", "user impact of the incidents restored by automation", of: isAuto))
        all.append(
            share(
                "incident_timeline_share",
                "incidents with the times of begin, detection, registration and restoration"
            ) {
                incident, _ in
                incident.detectedAt != nil && incident.registeredAt != nil && incident.restoredAt != nil
            })
        all.append(
            share("lifecycle_complete_share", "incidents in which every stage has a time") { incident, _ in
                incident.detectedAt != nil && incident.registeredAt != nil && incident.acknowledgedAt != nil
                    && incident.restoredAt != nil && incident.causeFoundAt != nil && incident.closedAt != nil
            })
        all.append(
            share(
                "one_touch_share", "incidents with user impact whose first action was a runbook at once",
                of: hasImpact
            ) {
                incident, query in
                guard incident.runbook != nil, let acted = incident.firstActionAt,
                    let found = incident.detectedAt
                else { return false }
                return acted - found <= query.parameters.duration("first_action")
            })
        all.append(
            share(
                "important_incident_call_share",
                "important incidents with a ticket, and called when nobody acknowledged", of: isMajor
            ) {
                incident, query in
                incident.ticket != nil
                    && (!isLate(incident, query) || incident.escalations.contains { $0.kind == .call })
            })
        all.append(
            Metric(
                "late_escalation_share", .ratio, from: [.incidents],
                "incidents acknowledged late that went to a deputy or a manager"
            ) { query in
                [
                    query.incidents().share(of: { isLate($0, query) }) { incident in
                        incident.escalations.contains { $0.kind != .call }
                    }
                ]
            })
        all.append(
            growth(
                "major_incident_growth",
                "major incidents of the second half of the window less those of the first", of: isMajor))
        all.append(
            growth("incident_growth", "incidents of the second half of the window less those of the first") {
                _ in
                true
            })
        all.append(
            Metric(
                "incident_trend", .count("incidents a month"), from: [.incidents],
                "the slope of incidents by month"
            ) { query in [IncidentTrend(query).slope()] })
        all.append(
            Metric(
                "recurrence_growth", .ratio, from: [.incidents],
                "the share of repeated incidents in the second half of the window less that of the first"
            ) { query in [IncidentTrend(query).recurrence()] })
        all.append(
            share(
                "recurrence_problem_share", "repeated incidents with a problem record",
                of: { $0.recurrenceOf != nil }
            ) {
                incident, _ in incident.problem != nil
            })
        all.append(
            Metric(
                "incident_months_share", .ratio, from: [.incidents],
                "months of the window whose incidents are all known"
            ) { query in [IncidentTrend(query).knownMonths()] })
        all.append(
            share(
                "auto_opened_share", "incidents found by monitoring that automation opened",
                of: { $0.detectedBy == .monitor }
            ) {
                incident, _ in incident.openedBy == .automation
            })
        all.append(
            Metric(
                "automation_opened_count", .count("records"), from: [.incidents, .changes],
                "incidents or changes that automation opened"
            ) { query in
                let incidents = query.incidents().count { $0.openedBy == .automation }
                let changes = query.changes().count { $0.openedBy == .automation }
                return [
                    Reading(
                        "records", from: incidents.lower + changes.lower, to: incidents.upper + changes.upper,
                        detail: incidents.detail + changes.detail, settledBy: incidents.settledBy,
                        hasNoSource: incidents.hasNoSource && changes.hasNoSource,
                        population: incidents.population + changes.population,
                        evidence: incidents.evidence + changes.evidence)
                ]
            })
        return all
    }()

    @Sendable private static func isLate(_ incident: Incident, _ query: MetricQuery) -> Bool {
        let from = incident.registeredAt ?? incident.detectedAt ?? incident.begunAt
        return (incident.acknowledgedAt ?? query.end) - from > query.parameters.duration("ack_limit")
    }

    private static func impact(
        _ name: String, _ meaning: String, of population: @escaping @Sendable (Incident) -> Bool
    ) -> Metric {
        Metric(name, .seconds, from: [.incidents], meaning) { query in
            let measured = query.incidents(population)
            let sum = measured.all.compactMap(\.value.userImpactSeconds).reduce(0, +)
            let isWhole = measured.isComplete && measured.all.allSatisfy { $0.value.userImpactSeconds != nil }
            return [
                Reading(
                    "incidents", from: sum, to: isWhole ? sum : .infinity,
                    detail: .over(measured.all.count, .incidents), settledBy: measured.settledBy,
                    hasNoSource: !isWhole && measured.all.isEmpty, population: measured.all.count,
                    evidence: measured.all.map(\.number))
            ]
        }
    }

    private static func growth(
        _ name: String, _ meaning: String, of population: @escaping @Sendable (Incident) -> Bool
    ) -> Metric {
        Metric(name, .count("incidents"), from: [.incidents], meaning) { query in
            [query.incidents(population).growth(middle: query.middle, at: \.begunAt)]
        }
    }
}

/// How incidents go up or down over the window.
struct IncidentTrend {
    private let query: MetricQuery
    private let measured: EventMeasurement<Incident>
    private let months: [Buckets.Bucket]

    init(_ query: MetricQuery) {
        self.query = query
        measured = query.incidents()
        months = Buckets(zone: query.facts.zone).complete(.month, from: query.begin, to: query.end)
    }

    private var incomplete: Reading {
        .nothing("incidents", .books(.recordsOfAreOpen(.incidents)), settledBy: measured.settledBy)
    }

    /// The least-squares slope of the monthly counts.
    func slope() -> Reading {
        guard measured.isComplete, months.count > 1 else { return incomplete }
        let counts = months.map { month in
            Double(measured.all.count { $0.value.begunAt >= month.from && $0.value.begunAt < month.to })
        }
        let middle = Double(counts.count - 1) / 2
        let mean = counts.reduce(0, +) / Double(counts.count)
        var above = 0.0
        var below = 0.0
        for (place, count) in counts.enumerated() {
            above += (Double(place) - middle) * (count - mean)
            below += (Double(place) - middle) * (Double(place) - middle)
        }
        let slope = (above / below * 1_000).rounded() / 1_000
        return .exactly(
            "incidents", slope, detail: .trends(.byMonth(counts.map { Int($0) })),
            settledBy: "fewer incidents", population: measured.all.count, evidence: measured.all.map(\.number)
        )
    }

    func recurrence() -> Reading {
        guard measured.isComplete else { return incomplete }
        let halves = [false, true].map { isLate in
            let half = measured.all.filter { ($0.value.begunAt >= query.middle) == isLate }
            return half.isEmpty ? 0 : Double(half.count { $0.value.recurrenceOf != nil }) / Double(half.count)
        }
        return .exactly(
            "incidents", halves[1] - halves[0],
            detail: .trends(.repeats(early: halves[0], late: halves[1])),
            settledBy: "fewer repeats", population: measured.all.count)
    }

    func knownMonths() -> Reading {
        guard !months.isEmpty else { return incomplete }
        let known = months.filter {
            query.facts.isComplete(ImportBatch.Register.incidents, from: $0.from, to: $0.to)
        }
        let share = Double(known.count) / Double(months.count)
        return Reading(
            "months", from: share, to: 1,
            detail: .trends(.knownMonths(known.count, of: months.count)),
            settledBy: measured.settledBy, hasNoSource: known.isEmpty, population: months.count)
    }
}
