// SPDX-License-Identifier: Apache-2.0
import Foundation

/// From events to what was achieved.
package enum Measuring {
    /// Measures every service of the plan over a window that ends at an instant.
    ///
    /// Pure; events written down later than `asOf` are left out.
    package static func report(
        events: some Sequence<Event>, plan: Plan, asOf: Moment, window: Duration = .days(365),
        asking question: MeasureQuestion = MeasureQuestion()
    ) -> MeasureReport {
        report(GradeFacts(events, plan: plan, asOf: asOf), since: asOf - window, asking: question)
    }

    /// The same from facts at hand, since an instant.
    package static func report(
        _ facts: GradeFacts, since begin: Moment, asking question: MeasureQuestion = MeasureQuestion()
    ) -> MeasureReport {
        let work = DigestWork(measuringSince: begin, asking: question)
        return MeasureReport(
            windowBegunAt: begin, asOf: facts.asOf, watchedSince: facts.watchedSince,
            services: facts.plan.services.map {
                ServiceMeasuring(
                    service: $0, facts: facts, book: facts.availability, begin: begin, work: work
                ).measure()
            },
            repairs: repairs(facts, since: begin))
    }

    /// Table 15's three: builds, deployments, and the development platform.
    private static func repairs(_ facts: GradeFacts, since begin: Moment) -> [RepairMeasure] {
        let repairs = RepairMeasurement(facts, begin: begin)
        let kinds: [(RepairMeasure.Kind, PipelineRun.Kind)] = [
            (.builds, .build), (.deployments, .deployment),
        ]
        return kinds.map { name, kind in
            let episodes = repairs.episodes(kind)
            return RepairMeasure(
                kind: name, population: repairs.population(kind),
                timeToRepair: Spread(episodes.closed, open: episodes.open), events: episodes.numbers.sorted())
        } + [repairs.platformMeasure()]
    }
}

/// Measures one service.
struct ServiceMeasuring {
    let service: Service
    let facts: GradeFacts
    let book: AvailabilityBook
    let begin: Moment
    let work: DigestWork

    private var end: Moment { facts.asOf }

    private var recoveries: [(drill: HeldDrill, recovery: ServiceRecovery)] {
        facts.drills.flatMap { drill in
            RecoveryMeasurement.qualifies(drill) && drill.run.endedAt >= begin
                ? drill.run.services.filter { $0.service == service.id }.map { (drill, $0) } : []
        }
    }

    func measure() -> ServiceMeasure {
        let digests = service.datasets.compactMap(facts.plan.dataset).map { facts.measured($0, work) }
        let exposures = digests.flatMap(\.exposures)
        let availability = book.availability(of: service, from: begin, to: end)
        let hasProbes = !availability.probes.isEmpty
        let incidents = facts.incidents.map(\.value).filter {
            $0.service == service.id && $0.begunAt >= begin && $0.begunAt <= end
        }
        let objective = service.objectives.availability
        return ServiceMeasure(
            service: service.id, tier: service.tier, recoveryTime: time(), recoveryPoint: point(exposures),
            exposures: exposures, siteExposures: SiteExposure.all(digests),
            lossNowSeconds: Self.lossNow(digests),
            availability: hasProbes ? availability : nil,
            composite: service.dependsOn.isEmpty
                ? nil : book.availability(of: service, from: begin, to: end, isComposite: true),
            availabilityObjective: objective, availabilityVerdict: Self.verdict(availability, objective),
            timeToRestore: Spread(
                incidents.compactMap(\.outage),
                open: incidents.filter { $0.restoredAt == nil }.map { end - $0.begunAt }),
            timeToDetect: Spread(incidents.compactMap { one in one.detectedAt.map { $0 - one.begunAt } }),
            timeToAcknowledge: Spread(
                incidents.compactMap { one in
                    guard let detected = one.detectedAt, let taken = one.acknowledgedAt else { return nil }
                    return taken - detected
                }),
            timeToRespond: Spread(incidents.compactMap(\.response)),
            timeToResolve: Spread(
                incidents.compactMap(\.resolution),
                open: incidents.filter { $0.closedAt == nil }.map { end - $0.begunAt }),
            drills: drills(isAnnounced: false), announcedDrills: drills(isAnnounced: true),
            failures: availability.outages,
            timeBetweenFailuresSeconds: hasProbes
                ? availability.upSeconds / Double(max(1, availability.outages)) : nil,
            months: hasProbes ? months() : [])
    }

    /// How long the service was away in drills of one sort; what did not come back is open.
    private func drills(isAnnounced: Bool) -> Spread {
        let spans = recoveries.filter { $0.drill.run.isAnnounced == isAnnounced }.compactMap(
            \.recovery.recoveryTime)
        return Spread(
            spans.compactMap(\.upper), open: spans.filter { $0.upper == nil }.map(\.lower))
    }

    /// Calendar months of the window in the plan's zone, the last ones, oldest first.
    private func months() -> [Availability] {
        let track = Buckets(zone: TimeZone(identifier: facts.plan.zone) ?? .gmt)
        return track.touching(.month, from: max(begin, facts.watchedSince ?? begin), to: end).map {
            book.availability(of: service, from: max($0.from, begin), to: min($0.to, end))
        }
    }

    private static func verdict(_ availability: Availability, _ objective: Double?) -> MetricVerdict {
        guard let objective else { return .unproven }
        if availability.agreedLow >= objective { return .met }
        return availability.agreedHigh < objective ? .missed : .unproven
    }

    private static func lossNow(_ digests: [DatasetDigest]) -> Double? {
        let all = digests.map(\.lossNowSeconds)
        guard !all.isEmpty, !all.contains(where: { $0 == nil }) else { return nil }
        return all.compactMap { $0 }.max()
    }

    // MARK: - Recovery

    private func time() -> Achieved {
        achieved(
            \.recoveryTime, objective: service.objectives.recoveryTime, what: "recovery time", exposures: [])
    }

    private func point(_ exposures: [RecoveryExposure]) -> Achieved {
        achieved(
            \.recoveryPoint, objective: service.objectives.recoveryPoint, what: "recovery point",
            exposures: exposures.filter { exposure in isProduction(exposure) })
    }

    private func isProduction(_ exposure: RecoveryExposure) -> Bool {
        facts.plan.dataset(exposure.dataset).flatMap(facts.plan.productionSite(of:))?.id == exposure.loss.name
    }

    private func achieved(
        _ span: KeyPath<ServiceRecovery, Span?>, objective: Duration?, what: String,
        exposures: [RecoveryExposure]
    ) -> Achieved {
        let recoveries = recoveries
        let measured = recoveries.filter { $0.recovery[keyPath: span] != nil }
        let spans = measured.compactMap { $0.recovery[keyPath: span] }
        let failed = spans.count { $0.upper == nil }
        let lower = spans.map(\.lower).max()
        let upper = failed > 0 ? nil : spans.compactMap(\.upper).max()
        let last = measured.last
        let judged = Self.judge(
            lower: lower, upper: upper, objective: objective, exposures: exposures, what: what)
        return Achieved(
            objectiveSeconds: objective?.inSeconds, worst: lower.map { Span(lower: $0, upper: upper) },
            latest: last?.recovery[keyPath: span], verdict: judged.verdict,
            evidence: last?.recovery.evidence ?? .none, measuredAt: last?.drill.run.endedAt,
            ageSeconds: last.map { (end - $0.drill.run.endedAt).inSeconds }, runs: measured.count,
            failedRuns: failed, reasons: judged.reasons, events: measured.map(\.drill.number))
    }

    private static func judge(
        lower: Duration?, upper: Duration?, objective: Duration?, exposures: [RecoveryExposure], what: String
    ) -> (verdict: MetricVerdict, reasons: [String]) {
        guard let objective else { return (.unproven, ["the plan sets no \(what)"]) }
        var missed: [String] = []
        var open: [String] = []
        if let lower {
            let text = Span(lower: lower, upper: upper).text
            if lower > objective || upper == nil {
                missed.append("the worst \(what) of the window's drills is \(text)")
            } else if let upper, upper > objective {
                open.append("\(text) does not settle whether \(objective.text) was kept")
            }
        } else {
            open.append("no drill of the window measured the \(what)")
        }
        for exposure in exposures {
            let worst = exposure.worstSeconds.map { Duration(roundedSeconds: $0) }
            guard worst.map({ $0 > objective }) ?? true else { continue }
            missed.append(
                "at \(exposure.worstAt.text(decimals: 0)) the loss of \(exposure.loss.name) would have cost "
                    + (worst.map { "\($0.text) of \(exposure.dataset)" } ?? "all of \(exposure.dataset)"))
        }
        let verdict: MetricVerdict = missed.isEmpty ? (open.isEmpty ? .met : .unproven) : .missed
        return (verdict, missed + open)
    }
}
