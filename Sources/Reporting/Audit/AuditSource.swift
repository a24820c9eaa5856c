// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// All that an audit report is made from.
package struct AuditSource: Sendable {
    package var plan: Plan
    /// The ledger's events in their order, all of them: what stands before the period sets its stage.
    package var events: [Event]
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
        plan: Plan, events: [Event], grade: GradeReport? = nil,
        crossReference: CrossReferenceReport? = nil, evidence: [String: DrillEvidence] = [:],
        begin: Moment, end: Moment, generatedAt: Moment, language: ReportLanguage = .en, toolVersion: String,
        isLedgerWhole: Bool? = nil
    ) {
        self.plan = plan
        self.events = events
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

    /// Makes the report.
    package func report() -> AuditReport {
        let book = CopyBook(events.prefix { $0.recordedAt <= end })
        let datasets = plan.datasets.map { datasetPart($0, book) }
        let services = plan.services.map { servicePart($0, datasets) }
        let drills = drillEvents.map(drillPart)
        return AuditReport(
            format: AuditReport.format, organisation: plan.organisation, workspace: plan.workspace,
            zone: plan.zone, language: language, askedBegunAt: begin, begunAt: watchedBegin, endedAt: end,
            generatedAt: generatedAt,
            toolVersion: toolVersion, ledger: ledgerState, services: services, datasets: datasets,
            sites: plan.sites.map(sitePart), drills: drills, measures: measures, grade: grade,
            crossReference: crossReference,
            findings: findings(services, datasets))
    }

    /// The exposures stand with the datasets already.
    private var measures: MeasureReport {
        var measures = Measuring.report(events: events, plan: plan, asOf: end, window: end - begin)
        for place in measures.services.indices { measures.services[place].exposures = [] }
        return measures
    }

    // MARK: - What happened

    private var known: ArraySlice<Event> {
        events.prefix { $0.recordedAt <= generatedAt }
    }

    /// Of the time before the first event nothing is known, and the report does not speak of it.
    private var watchedBegin: Moment {
        events.first.map { min(max(begin, $0.recordedAt), end) } ?? begin
    }

    private var ledgerState: AuditReport.LedgerState {
        var counts: [String: Int] = [:]
        for event in known { counts[event.body.kind.rawValue, default: 0] += 1 }
        let plans = known.compactMap { event in
            if case .planAdopted(let adoption) = event.body { adoption.sha256 } else { nil }
        }
        return AuditReport.LedgerState(
            events: known.count, headSequence: known.last?.sequence, headSha256: known.last?.sha256,
            firstEventAt: known.first?.recordedAt, planSha256: plans.last, counts: counts,
            isWhole: isLedgerWhole)
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

    // MARK: - Copies

    private func datasetPart(_ dataset: Dataset, _ book: CopyBook) -> AuditReport.DatasetPart {
        var copies = book.judge(dataset, in: plan, at: end)
        let points = copies.points.count
        copies.points = Array(copies.points.suffix(Self.shownPoints))
        return AuditReport.DatasetPart(
            copies: copies,
            policy: .init(
                stores: dataset.copies.to, atLeast: dataset.copies.atLeast, offsite: dataset.copies.offsite,
                appendOnly: dataset.copies.appendOnly,
                verifiedWithinSeconds: dataset.copies.verifiedWithin.inSeconds),
            productionSite: plan.productionSite(of: dataset)?.id,
            pointCount: points, firstProvenAt: firstProof(of: dataset, in: Set(dataset.copies.to)),
            exposures: exposures(of: dataset, book), runs: runCounts(of: dataset),
            trace: copyTrace(of: dataset, copies, book))
    }

    /// The newest points that a report lists; it counts all.
    private static let shownPoints = 20

    /// The worst moment for the loss of each site, since a first copy was proven that survives it: before,
    /// nothing was protected against it, and that is said in its own place.
    private func exposures(of dataset: Dataset, _ book: CopyBook) -> [RecoveryExposure] {
        let sites = book.foreignStores(of: dataset.id).values
        return plan.losses(of: dataset, andStoresAt: sites).filter { $0.kind == .site }.map { loss in
            let survivors = book.survivors(of: loss, for: dataset, in: plan)
            let proven = firstProof(of: dataset, in: survivors)
            guard let from = proven.map({ max(begin, $0) }), from <= end else {
                return RecoveryExposure(
                    dataset: dataset.id, loss: loss, begunAt: begin, endedAt: end, worstSeconds: nil,
                    worstAt: end, point: nil)
            }
            return book.exposure(of: dataset, in: plan, losing: loss, from: from, to: end)
        }
    }

    private func firstProof(of dataset: Dataset, in stores: Set<String>) -> Moment? {
        known.compactMap { event -> Moment? in
            guard case .copyReceipt(let receipt) = event.body, receipt.dataset == dataset.id,
                receipt.kind == .full, receipt.method != .none, stores.contains(receipt.store)
            else { return nil }
            return receipt.provenAt
        }.min()
    }

    private func runCounts(of dataset: Dataset) -> AuditReport.DatasetPart.RunCounts {
        var counts = AuditReport.DatasetPart.RunCounts(
            byOutcome: [:], fulls: 0, incrementals: 0, trace: .none)
        var numbers: [Int] = []
        for event in known {
            guard case .backupRun(let run) = event.body, run.dataset == dataset.id, run.endedAt > begin,
                run.begunAt <= end
            else { continue }
            numbers.append(event.sequence)
            counts.byOutcome[run.outcome.rawValue, default: 0] += 1
            guard run.point != nil else { continue }
            if run.kind == .full { counts.fulls += 1 } else { counts.incrementals += 1 }
        }
        counts.trace = EventTrace(numbers)
        return counts
    }

    /// The receipts and checks of the newest point and of what it builds on.
    private func copyTrace(
        of dataset: Dataset, _ copies: DatasetCopies, _ book: CopyBook
    ) -> EventTrace {
        let chain = copies.newestPoint.flatMap { book.chain(of: $0, in: dataset.id) } ?? []
        let names = Set(chain.map(\.name))
        return EventTrace(
            known.compactMap { event -> Int? in
                switch event.body {
                case .copyReceipt(let receipt)
                where receipt.dataset == dataset.id && names.contains(receipt.point):
                    event.sequence
                case .copyVerification(let check)
                where check.dataset == dataset.id && names.contains(check.point):
                    event.sequence
                default: nil
                }
            })
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
