// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    private static func service(
        _ name: String, _ unit: MetricUnit, from facts: [Fact], _ meaning: String,
        read: @escaping @Sendable (MetricQuery, Service) -> Reading
    ) -> Metric {
        Metric(name, unit, scoped: true, from: facts, meaning) { query in
            query.members.compactMap(query.facts.plan.service).map { read(query, $0) }
        }
    }

    private static let probed: [Fact] = [.probeSamples, .probes, .services]

    /// Tables 7 and 15: availability.
    static let availability: [Metric] = {
        var all: [Metric] = []
        all.append(
            service("availability", .ratio, from: probed, "share of the window in which a service was up") {
                query, service in
                reading(query, service) { $0 }
            })
        all.append(
            service("downtime_h_per_year", .seconds, from: probed, "downtime scaled to a year of 8760 h") {
                query, service in
                let year = query.parameters.duration("hours_per_year").inSeconds
                return reading(query, service) { ((1 - $0.high) * year, (1 - $0.low) * year) }
            })
        all.append(
            service(
                "availability_over_target", .ratio, from: probed, "availability less the objective"
            ) { query, service in
                guard let target = service.objectives.availability else {
                    return .nothing(
                        service.id, .plan(.noAvailability(service: service.id)),
                        settledBy: "an availability objective in the plan")
                }
                return reading(query, service) { ($0.low - target, $0.high - target) }
            })
        all.append(
            Metric(
                "availability_target_share", .ratio, scoped: true, from: [.services],
                "services with an availability objective"
            ) { query in
                let all = query.members.compactMap(query.facts.plan.service)
                guard !all.isEmpty else { return [] }
                let missing = all.filter { $0.objectives.availability == nil }.map(\.id)
                return [
                    .exactly(
                        "services", Double(all.count - missing.count) / Double(all.count),
                        detail: .missing(missing),
                        settledBy: "an availability objective in the plan", population: all.count)
                ]
            })
        all.append(
            coverage("probe_coverage", "services with a probe that has samples on each of the last 30 days") {
                _ in true
            })
        all.append(
            coverage(
                "e2e_probe_coverage", "the same with a probe that walks a whole transaction by a command"
            ) { probe in if case .command = probe.kind { true } else { false } })
        all.append(
            Metric(
                "monitoring_sources", .count("sources"), from: [.probeSamples, .probes, .alerts],
                "probes with data on each of the last 30 days"
            ) { query in
                let fed = query.facts.plan.probes.filter {
                    query.facts.availability.isFed($0, days: 30, before: query.end)
                }
                return [
                    Reading(
                        "sources", from: Double(fed.count), to: .infinity, detail: .probes(.fed(fed.count)),
                        settledBy: "the service running for 30 days ('lifeboat run')",
                        hasNoSource: fed.isEmpty)
                ]
            })
        all.append(
            Metric(
                "metric_sample_interval", .seconds, from: [.probes],
                "time between neighbouring readings of probes"
            ) { query in
                let probes = query.facts.plan.probes.filter {
                    query.facts.availability.isFed($0, days: 1, before: query.end)
                }
                guard let slowest = probes.map(\.every).max() else {
                    return [
                        .nothing(
                            "probes", .probes(.noSamples),
                            settledBy: "the service running ('lifeboat run')")
                    ]
                }
                return [
                    .exactly("probes", slowest.inSeconds, detail: .probes(.slowest(of: probes.count)))
                ]
            })
        all.append(
            Metric(
                "dr_site_rank", .rank, from: [.sites, .services],
                "how far from production the farthest site lies at which a critical service has an instance"
            ) { query in [standbyRank(query)] })
        all.append(delay("alert_delay", "time from the condition to the delivered alert") { _ in true })
        all.append(delay("alert_delay_important", "the same for important alerts", of: \.isImportant))
        return all
    }()

    private static func reading(
        _ query: MetricQuery, _ service: Service,
        _ bounds: ((low: Double, high: Double)) -> (Double, Double)
    ) -> Reading {
        let value = query.facts.availability.availability(of: service, from: query.begin, to: query.end)
        guard !value.probes.isEmpty else {
            return .nothing(
                service.id, .probes(.noProbe(service: service.id)),
                settledBy: "a probe of \(service.id) in the plan")
        }
        // The standard makes no exception for maintenance; an organisation may, and that is printed.
        let isStandard = query.parameters.flag("count_planned_maintenance_as_downtime")
        let (lower, upper) = bounds(
            isStandard
                ? (value.standardLow, value.standardHigh) : (value.agreedLow, value.agreedHigh))
        return Reading(
            service.id, from: lower, to: upper,
            detail: .probes(
                .outages(
                    value.outages, coverage: value.coverage,
                    resolution: Duration(roundedSeconds: value.resolutionSeconds ?? 0))),
            settledBy: "probe samples over the whole window ('lifeboat run')",
            hasNoSource: value.coverage == 0, population: value.outages)
    }

    private static func coverage(
        _ name: String, _ meaning: String, where fits: @escaping @Sendable (Probe) -> Bool
    ) -> Metric {
        Metric(name, .ratio, scoped: true, from: probed, meaning) { query in
            let all = query.members.compactMap(query.facts.plan.service)
            guard !all.isEmpty else { return [] }
            let missing = all.filter { service in
                !query.facts.availability.probes(of: service).contains {
                    fits($0) && query.facts.availability.isFed($0, days: 30, before: query.end)
                }
            }
            let share = Double(all.count - missing.count) / Double(all.count)
            // A plan without such a probe settles it; one whose probe has no month of samples does not.
            let hopeless = missing.filter { service in
                !query.facts.availability.probes(of: service).contains(where: fits)
            }
            return [
                Reading(
                    "services", from: share, to: Double(all.count - hopeless.count) / Double(all.count),
                    detail: .missing(missing.map(\.id)),
                    settledBy: "a probe of each, running for 30 days", population: all.count)
            ]
        }
    }

    private static func standbyRank(_ query: MetricQuery) -> Reading {
        let plan = query.facts.plan
        // With the parameter a remote site does not stand in for one in the same city (D34).
        let needsExactCity =
            query.parameters.flag("require_both_city_and_remote")
            && query.parameters.value(of: query.check.bar) == 1
        var best = PlaceRank(lower: -1, upper: -1)
        for service in query.facts.critical {
            guard let home = service.datasets.compactMap(plan.dataset).compactMap(plan.productionSite).first
            else { continue }
            for site in service.instances.compactMap(plan.host).compactMap({ plan.site($0.site) })
            where site.id != home.id {
                var rank = PlaceRank(of: site, from: home, parameters: query.parameters)
                if needsExactCity {
                    if rank.lower > 1 { continue }
                    rank.upper = min(rank.upper, 1)
                }
                best = PlaceRank(lower: max(best.lower, rank.lower), upper: max(best.upper, rank.upper))
            }
        }
        guard best.upper >= 0 else {
            return .nothing(
                "sites", .plan(.noInstanceAway),
                settledBy: "instances of critical services in the plan")
        }
        return Reading(
            "sites", from: best.lower, to: best.upper, detail: .plan(.itsInstances),
            settledBy: "facility and city of every site in the plan")
    }

    private static func delay(
        _ name: String, _ meaning: String, of population: @escaping @Sendable (Alert) -> Bool
    ) -> Metric {
        Metric(name, .seconds, from: [.alerts], meaning) { query in
            let alerts = query.facts.alerts.filter {
                query.within($0.value.deliveredAt) && population($0.value)
            }
            let delays = alerts.compactMap { alert in
                alert.value.trueAt.map { (alert.value.deliveredAt - $0).inSeconds }
            }.sorted()
            guard !delays.isEmpty else {
                return [
                    .nothing(
                        "alerts", .books(.noTimedAlert),
                        settledBy: "imported alerts")
                ]
            }
            let share = query.parameters.number("alert_quantile")
            let place = min(delays.count - 1, max(0, Int((Double(delays.count) * share).rounded(.up)) - 1))
            return [
                .exactly(
                    "alerts", delays[place], detail: .over(delays.count, .alerts), settledBy: "faster alerts",
                    population: delays.count, evidence: alerts.suffix(50).map(\.number))
            ]
        }
    }
}
