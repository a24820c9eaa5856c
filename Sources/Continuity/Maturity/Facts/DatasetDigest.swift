// SPDX-License-Identifier: Apache-2.0

/// What a grade and a measurement need of one dataset, read from its history, which can then be let go.
package struct DatasetDigest: Sendable {
    package var dataset: String
    /// By the check that asks.
    var readings: [Check: Reading] = [:]
    var exposure: ExposureBounds?
    /// For the loss of each site.
    var exposures: [RecoveryExposure] = []
    /// Beside each of `exposures`, the worst of equal stretches of the window.
    var slices: [ExposureSlices] = []
    /// Beside each of `exposures`, what the worst was taken from; empty when nobody asked.
    var curves: [ExposureCurve] = []
    /// How it stands by the rule of 3-2-1-1-0, when somebody asked.
    package var rule: BackupRule?
    /// What would be lost without the production site at the instant; `nil` = everything.
    var lossNowSeconds: Double?
}

/// How much could have been lost at the worst moment of a window, were production gone.
struct ExposureBounds: Hashable, Sendable {
    var lower: Double
    var upper: Double
    var detail: Detail.OfExposure
}

/// What is to be read of every dataset.
package struct DigestWork: Sendable {
    var checks: [Check] = []
    var parameters: GradeParameters
    var begin: Moment
    package var wantsBounds = false
    package var wantsRules = false
    /// Over how many stretches of time exposure is told; 0 when it is not asked for.
    var sliceCount = 0
    /// The services of which exposure is kept step by step.
    var curvesOf: Set<String> = []

    var wantsExposures: Bool { sliceCount > 0 }

    /// For a grade by a model, and for the rule of 3-2-1-1-0 where it is wanted.
    package init(
        grading model: MaturityModel, parameters: GradeParameters, asOf: Moment, rules: Bool = false
    ) {
        self.parameters = parameters
        wantsRules = rules
        begin = asOf - parameters.duration("window")
        let all = model.dimensions.flatMap(\.criteria).flatMap { $0.checks + $0.corroboration }
        checks = Set(all.filter { MetricRegistry.metric($0.metric)?.readDataset != nil }).sorted {
            "\($0)" < "\($1)"
        }
        wantsBounds = all.contains { $0.metric == "rpo_eff" }
    }

    /// For what was achieved since an instant.
    package init(measuringSince begin: Moment, asking question: MeasureQuestion = MeasureQuestion()) {
        parameters = GradeParameters(MaturityModel(id: "", version: 1, parameters: [], tables: []))
        self.begin = begin
        sliceCount = max(1, question.slices)
        curvesOf = question.curvesOf
    }
}

extension GradeFacts {
    /// The datasets of which something is to be read.
    package func datasets(for work: DigestWork) -> [String] {
        if work.wantsRules { return plan.datasets.map(\.id) }
        let wanted = work.wantsExposures ? plan.services : critical
        let names = Set(wanted.flatMap(\.datasets))
        return plan.datasets.map(\.id).filter(names.contains)
    }

    /// Reads one dataset by its history; pure.
    package func digest(of history: CopyHistory, for work: DigestWork) -> DatasetDigest {
        let dataset = dataset(history.dataset, by: history)
        var digest = DatasetDigest(dataset: dataset.id)
        for check in work.checks {
            let query = MetricQuery(facts: self, check: check, parameters: work.parameters)
            digest.readings[check] = MetricRegistry.metric(check.metric)?.readDataset?(query, dataset)
        }
        guard let found = plan.dataset(dataset.id) else { return digest }
        if work.wantsBounds { digest.exposure = exposureBounds(of: dataset, in: found, from: work.begin) }
        if work.wantsExposures { addExposures(of: dataset, in: found, to: &digest, for: work) }
        return digest
    }

    /// How a dataset stands by the rule of 3-2-1-1-0, by all its events; pure.
    package func rule(of dataset: Dataset, _ events: [Event]) -> BackupRule {
        let events = events.filter { $0.recordedAt <= asOf }
        let judged = CopyBook(events).judge(dataset, in: plan, at: asOf)
        return BackupRule(judged, in: plan, restores: events.restores, at: asOf)
    }

    /// The same for all datasets of the plan, by the present state of their copies; for an instant after which nothing
    /// was written down.
    package func rules(_ heads: [String: CopyHead], restores: [RestoreRun]) -> [BackupRule] {
        let table = LossTable(plan)
        let byDataset = Dictionary(grouping: restores, by: \.dataset)
        return plan.datasets.map { dataset in
            let head = heads[dataset.id] ?? CopyHead(of: dataset.id, in: CopyBook())
            let judged = head.judge(dataset, in: plan, at: asOf, losses: table)
            return BackupRule(judged, in: plan, restores: byDataset[dataset.id] ?? [], at: asOf)
        }
    }

    /// What a measurement asks of a dataset's copies.
    private func addExposures(
        of facts: DatasetFacts, in dataset: Dataset, to digest: inout DatasetDigest, for work: DigestWork
    ) {
        let curves = exposureCurves(of: facts, in: dataset, from: work.begin)
        digest.lossNowSeconds = facts.history.lossNow(of: dataset, in: plan, at: asOf)
        digest.exposures = curves.map { $0.worst(of: dataset.id) }
        digest.slices = curves.map { $0.slices(work.sliceCount, from: work.begin) }
        let isKept = plan.services.contains {
            work.curvesOf.contains($0.id) && $0.datasets.contains(dataset.id)
        }
        if isKept { digest.curves = curves }
    }

    /// The digest of a dataset, made now where none was read beforehand.
    func measured(_ dataset: Dataset, _ work: DigestWork) -> DatasetDigest {
        if let known = digests[dataset.id] { return known }
        var digest = DatasetDigest(dataset: dataset.id)
        addExposures(of: self.dataset(dataset.id), in: dataset, to: &digest, for: work)
        return digest
    }

    /// The same facts with what was read of datasets.
    package func knowing(_ digests: [DatasetDigest]) -> GradeFacts {
        var facts = self
        for digest in digests { facts.digests[digest.dataset] = digest }
        return facts
    }

    // MARK: - Exposure

    /// Since an instant for the loss of each site, from the first whole point on.
    private func exposureCurves(
        of facts: DatasetFacts, in dataset: Dataset, from begin: Moment
    ) -> [ExposureCurve] {
        let first =
            facts.history.points.first { $0.isWhole }?.copies
            .compactMap { $0.standing.proofs.first?.knownAt }.min() ?? asOf
        return facts.history.exposureCurves(of: dataset, in: plan, from: max(begin, first), to: asOf)
    }

    /// The worst that could have been lost at any moment since an instant, were production gone.
    func exposureBounds(of facts: DatasetFacts, in dataset: Dataset, from begin: Moment) -> ExposureBounds {
        guard let known = facts.known, let home = plan.productionSite(of: dataset) else {
            return ExposureBounds(lower: 0, upper: .infinity, detail: .notKnown(dataset: dataset.id))
        }
        let begin = max(begin, facts.created ?? begin)
        let loss = CopyLoss(kind: .site, name: home.id)
        guard let first = firstUsable(of: facts.history, in: dataset, losing: loss) else {
            return ExposureBounds(
                lower: .infinity, upper: .infinity,
                detail: .noSurvivor(dataset: dataset.id, site: home.id))
        }
        let isCovered = known <= begin || first <= begin
        let worst = facts.history.exposureCurve(
            of: dataset, in: plan, losing: loss, from: max(begin, first), to: asOf
        ).worst(of: dataset.id)
        let length = worst.worstSeconds ?? .infinity
        return ExposureBounds(
            lower: length, upper: isCovered ? length : .infinity,
            detail: .worst(
                dataset: dataset.id, seconds: worst.worstSeconds, at: worst.worstAt,
                since: isCovered ? nil : max(begin, first)))
    }

    /// When the first point that could be recovered without production was proven there.
    private func firstUsable(of history: CopyHistory, in dataset: Dataset, losing loss: CopyLoss) -> Moment? {
        let isSurvivor = history.survivors(of: loss, for: dataset, in: plan)
        let within = dataset.copies.verifiedWithin
        return history.points.lazy.filter { $0.isWhole && $0.isFull }
            .flatMap { point in
                point.copies.lazy.filter { isSurvivor[$0.store] }
                    .compactMap { $0.standing.presence(within: within).first?.from }
            }.min()
    }
}
