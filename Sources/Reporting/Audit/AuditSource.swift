// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// All that an audit report is made from.
package struct AuditSource: Sendable {
    package var plan: Plan
    /// The ledger's events in their order, those aside that belong to the history of a dataset or a probe, and of
    /// canaries those that `wantedRecords` asks for: what stands before the period sets its stage.
    package var events: [Event]
    /// What was read of each dataset, in the plan's order.
    package var datasets: [AuditReport.DatasetPart]
    package var measures: MeasureReport
    /// The whole chain, of which `events` is a part.
    package var chain: AuditReport.LedgerState
    package var grade: GradeReport?
    package var crossReference: CrossReferenceReport?
    /// The evidence of drill runs by their names, where the journals are at hand: for the timelines.
    package var evidence: [String: DrillEvidence]
    package var begin: Moment
    package var end: Moment
    package var generatedAt: Moment
    package var language: ReportLanguage
    package var toolVersion: String
    package var isLedgerWhole: Bool?

    package init(
        plan: Plan, events: [Event], datasets: [AuditReport.DatasetPart], measures: MeasureReport,
        chain: AuditReport.LedgerState, grade: GradeReport? = nil,
        crossReference: CrossReferenceReport? = nil, evidence: [String: DrillEvidence] = [:],
        begin: Moment, end: Moment, generatedAt: Moment, language: ReportLanguage = .en, toolVersion: String,
        isLedgerWhole: Bool? = nil
    ) {
        self.plan = plan
        self.events = events
        self.datasets = datasets
        self.measures = measures
        self.chain = chain
        self.grade = grade
        self.crossReference = crossReference
        self.evidence = evidence
        self.begin = begin
        self.end = min(end, generatedAt)
        self.generatedAt = generatedAt
        self.language = language
        self.toolVersion = toolVersion
        self.isLedgerWhole = isLedgerWhole
    }

    /// From all events at once, for a history that is small.
    package init(
        plan: Plan, events: [Event], grade: GradeReport? = nil,
        crossReference: CrossReferenceReport? = nil, evidence: [String: DrillEvidence] = [:],
        begin: Moment, end: Moment, generatedAt: Moment, language: ReportLanguage = .en, toolVersion: String,
        isLedgerWhole: Bool? = nil
    ) {
        let reader = AuditDatasetReader(plan: plan, begin: begin, end: end, generatedAt: generatedAt)
        let known = events.prefix { $0.recordedAt <= generatedAt }
        var counts: [String: Int] = [:]
        for event in known { counts[event.body.kind.rawValue, default: 0] += 1 }
        let until = min(end, generatedAt)
        self.init(
            plan: plan, events: events,
            datasets: plan.datasets.map { reader.part($0, events.filter(AuditDatasetReader.concerns)) },
            measures: Measuring.report(
                events: events, plan: plan, asOf: until, window: until - begin, asking: Self.question),
            chain: AuditReport.LedgerState(
                events: known.count, headSequence: known.last?.sequence, headSha256: known.last?.sha256,
                firstEventAt: known.first?.recordedAt, counts: counts),
            grade: grade, crossReference: crossReference, evidence: evidence, begin: begin, end: end,
            generatedAt: generatedAt, language: language, toolVersion: toolVersion,
            isLedgerWhole: isLedgerWhole)
    }

    /// What a report asks of the measurement: exposure over time fine enough to be drawn.
    package static let question = MeasureQuestion(slices: ExposureChart.slices)

    /// The canary records that stand behind a drill's recovery point: of which dataset, and written between when.
    package static func wantedRecords(
        _ events: [Event], plan: Plan, begin: Moment, end: Moment
    ) -> [(dataset: String, from: Moment, to: Moment)] {
        events.flatMap { event -> [(dataset: String, from: Moment, to: Moment)] in
            guard case .drillRun(let run) = event.body, run.endedAt > begin, run.begunAt <= end else {
                return []
            }
            return run.services.compactMap { recovery in
                guard let dataset = recovery.dataset, let recovered = recovery.recoveredPointAt,
                    let disaster = recovery.disasterAt
                else { return nil }
                return (dataset, recovered, disaster.latest)
            }
        }
    }

    /// Makes the report.
    package func report() -> AuditReport {
        let services = plan.services.map { servicePart($0, datasets) }
        let drills = drillEvents.map(drillPart)
        return AuditReport(
            format: AuditReport.format, organisation: plan.organisation, workspace: plan.workspace,
            zone: plan.zone, language: language, askedBegunAt: begin, begunAt: watchedBegin, endedAt: end,
            generatedAt: generatedAt,
            toolVersion: toolVersion, ledger: ledgerState, services: services, datasets: datasets,
            sites: plan.sites.map(sitePart), drills: drills, measures: withoutDatasets, grade: grade,
            crossReference: crossReference,
            findings: findings(services, datasets))
    }

    /// The exposures stand with the datasets already.
    private var withoutDatasets: MeasureReport {
        var measures = measures
        for place in measures.services.indices { measures.services[place].exposures = [] }
        return measures
    }

    // MARK: - What happened

    private var known: ArraySlice<Event> {
        events.prefix { $0.recordedAt <= generatedAt }
    }

    /// Of the time before the first event nothing is known, and the report does not speak of it.
    private var watchedBegin: Moment {
        chain.firstEventAt.map { min(max(begin, $0), end) } ?? begin
    }

    private var ledgerState: AuditReport.LedgerState {
        let plans = known.compactMap { event in
            if case .planAdopted(let adoption) = event.body { adoption.sha256 } else { nil }
        }
        var state = chain
        state.planSha256 = plans.last
        state.isWhole = isLedgerWhole
        return state
    }

    /// The drill runs of the period, oldest first.
    private var drillEvents: [(sequence: Int, run: DrillRun)] {
        known.compactMap { event in
            guard case .drillRun(let run) = event.body, run.endedAt > begin, run.begunAt <= end else {
                return nil
            }
            return (event.sequence, run)
        }
    }

    private func drillPart(_ event: (sequence: Int, run: DrillRun)) -> AuditReport.DrillPart {
        AuditReport.DrillPart(
            run: event.run, timeline: evidence[event.run.run].map { Timeline($0) },
            trace: EventTrace([event.sequence]))
    }

    private func sitePart(_ site: Site) -> AuditReport.SitePart {
        let checks = known.compactMap { event -> (Event, SiteCheck)? in
            guard case .siteChecked(let check) = event.body, check.site == site.id else { return nil }
            return (event, check)
        }
        let stores = plan.stores.filter { plan.site(of: $0)?.id == site.id }
        return AuditReport.SitePart(
            site: site.id, name: site.name, facility: site.facility, city: site.city,
            isProduction: site.isProduction, isOrchestrator: plan.orchestrator?.site == site.id,
            stores: stores.map { .init(store: $0.id, isAppendOnly: $0.isAppendOnly) },
            lastCheck: checks.last?.1, lastCheckAt: checks.last?.0.recordedAt,
            trace: EventTrace(checks.suffix(1).map(\.0.sequence)))
    }

    // MARK: - Services

    private func servicePart(
        _ service: Service, _ datasets: [AuditReport.DatasetPart]
    ) -> AuditReport.ServicePart {
        let own = datasets.filter { service.datasets.contains($0.copies.dataset) }
        let last = drillEvents.reversed().lazy.compactMap { event in
            event.run.services.first { $0.service == service.id }.map { (event, $0) }
        }.first
        let exposure = exposureFigures(service, own)
        let measured =
            last.map { measuredFigures($0.1, run: $0.0.run, sequence: $0.0.sequence) }
            ?? missingFigures(service)
        let figures = measured + exposure
        let judged = figures.filter { $0.objectiveSeconds != nil && $0.kind != .recoveryTimeProjected }
            .map(\.verdict)
        let verdict: MetricVerdict =
            judged.contains(.missed)
            ? .missed : judged.isEmpty || judged.contains(.unproven) ? .unproven : .met
        return AuditReport.ServicePart(
            service: service.id, tier: service.tier, owner: service.owner, datasets: service.datasets,
            minimumService: service.objectives.minimumService, figures: figures, run: last?.0.run.run,
            lostRecords: last?.1.lostRecords, parts: last?.1.parts ?? [], verdict: verdict)
    }
}
