// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    /// Incidents against what the plan agreed for their severity.
    static let agreements: [Metric] = {
        var all: [Metric] = []
        all.append(
            agreed(
                "severity_complete_share", "incidents with a severity whose targets are defined",
                of: { _ in true }
            ) { incident, query in query.severity(incident)?.restore != nil })
        all.append(
            agreed(
                "user_notice_share",
                "incidents with user impact whose users were told within the target",
                of: hasImpact
            ) { incident, query in
                guard let limit = query.severity(incident)?.notify else { return nil }
                guard let told = incident.usersToldAt else { return false }
                return told - (incident.detectedAt ?? incident.begunAt) <= limit
            })
        all.append(
            agreed(
                "quick_by_plan_share", "incidents with user impact restored by plan within the target",
                of: hasImpact
            ) { incident, query in
                guard incident.contingencyPlan != nil else { return false }
                return query.isWithinTarget(incident)
            })
        all.append(
            Metric(
                "auto_notifications", .count("notices"), from: [.incidents],
                "incidents of which users were told by automation"
            ) { query in [query.incidents().count { $0.usersToldBy == .automation }] })
        all.append(
            agreed(
                "within_target_share", "incidents restored within the target of their severity",
                of: { _ in true }
            ) { incident, query in query.isWithinTarget(incident) })
        all.append(
            Metric(
                "within_target_by_severity", .ratio, from: [.incidents, .severities],
                "the same for the worst severity"
            ) { query in
                query.withinTarget(
                    groups: query.facts.plan.severities.map { severity in
                        ("severity \(severity.id)", { $0.severity == severity.id })
                    })
            })
        all.append(
            Metric(
                "within_target_by_quarter", .ratio, from: [.incidents, .severities],
                "the same for the worst complete quarter"
            ) { query in
                let quarters = Buckets(zone: query.facts.zone)
                    .complete(.quarter, from: query.begin, to: query.end)
                return query.withinTarget(
                    groups: quarters.map { quarter in
                        (quarter.name, { $0.begunAt >= quarter.from && $0.begunAt < quarter.to })
                    })
            })
        return all
    }()

    private static func agreed(
        _ name: String, _ meaning: String, of population: @escaping @Sendable (Incident) -> Bool,
        judging: @escaping @Sendable (Incident, MetricQuery) -> Bool?
    ) -> Metric {
        Metric(name, .ratio, from: [.incidents, .severities], meaning) { query in
            guard !query.facts.plan.severities.isEmpty else { return [noSeverities] }
            return [query.incidents().share(of: population) { judging($0, query) }]
        }
    }

    fileprivate static let noSeverities = Reading.nothing(
        "incidents", .plan(.noSeverityTargets),
        settledBy: "severities with targets in the plan"
    )
}

extension MetricQuery {
    func severity(_ incident: Incident) -> Severity? { facts.plan.severity(incident.severity) }

    /// Whether a service was back in time; `nil` when nothing was agreed, or it is open and not late yet.
    func isWithinTarget(_ incident: Incident) -> Bool? {
        guard let limit = severity(incident)?.restore else { return nil }
        if let outage = incident.outage { return outage <= limit }
        return end - incident.begunAt > limit ? false : nil
    }

    func withinTarget(groups: [(name: String, holds: (Incident) -> Bool)]) -> [Reading] {
        guard !facts.plan.severities.isEmpty else { return [MetricRegistry.noSeverities] }
        guard !groups.isEmpty else {
            return [
                .nothing("incidents", .trends(.noQuarter), settledBy: "a longer window")
            ]
        }
        return groups.map { name, holds in
            var reading = incidents().share(of: holds) { isWithinTarget($0) }
            reading.member = name
            return reading
        }
    }
}
