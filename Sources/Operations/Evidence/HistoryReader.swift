// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// Grades and measures from the ledger, dataset by dataset and probe by probe, on two threads.
///
/// Memory does not grow with the number of events: of each dataset only what was asked of it stays, and of each
/// probe the stretches of one answer.
package struct HistoryReader: Sendable {
    private let plan: Plan
    private let ledger: Ledger

    package init(plan: Plan, ledger: Ledger) {
        self.plan = plan
        self.ledger = ledger
    }

    /// Grades as things stood at an instant, with what is supposed besides.
    package func grade(
        model: MaturityModel, parameters: GradeParameters, profile: GradeProfile = .literal, asOf: Moment,
        modelSha256: String = "", supposing suppositions: [Supposition] = []
    ) throws -> GradeReport {
        let facts = try facts(
            DigestWork(grading: model, parameters: parameters, asOf: asOf), asOf: asOf
        ) { number in
            try suppositions.flatMap {
                try $0.events(in: plan, model: model, parameters: parameters, at: asOf, number: number)
            }
        }
        return Grading.grade(
            facts, model: model, parameters: parameters, profile: profile, modelSha256: modelSha256)
    }

    /// Grades, and says which fact serves which control, from one reading of the history.
    ///
    /// The model must hold the tables that the frameworks ask for; a dimension that it lacks is left out.
    package func crossReference(
        model: MaturityModel, parameters: GradeParameters, profile: GradeProfile = .literal, asOf: Moment,
        modelSha256: String = "", frameworks: [Framework] = Framework.all
    ) throws -> (grade: GradeReport, crossReference: CrossReferenceReport) {
        var work = DigestWork(grading: model, parameters: parameters, asOf: asOf, rules: true)
        work.wantsBounds = true
        let facts = try facts(work, asOf: asOf) { _ in [] }
        let grade = Grading.grade(
            facts, model: model, parameters: parameters, profile: profile, modelSha256: modelSha256)
        return (
            grade,
            CrossReferenceReport(facts, grade: grade, parameters: parameters, frameworks: frameworks)
        )
    }

    /// Measures what was achieved between two instants, as far as it was known at the later one.
    package func measure(
        from begin: Moment, to end: Moment, asking question: MeasureQuestion = MeasureQuestion()
    ) throws -> MeasureReport {
        let work = DigestWork(measuringSince: begin, asking: question)
        return Measuring.report(try facts(work, asOf: end) { _ in [] }, since: begin, asking: question)
    }

    /// Reads each dataset of the plan by its own history, in the plan's order; `work` is called on two threads.
    package func datasets<Value: Sendable>(
        _ work: @Sendable (_ dataset: Dataset, _ events: [Event]) throws -> Value
    ) throws -> [Value] {
        try ledger.mapHistories(of: plan.datasets.map { .dataset($0.id) }) { subject, events in
            guard case .dataset(let id) = subject, let dataset = plan.dataset(id) else { return nil }
            return try work(dataset, events)
        }.compactMap { $0 }
    }

    /// The events of which there are few, with the newest check of each site, and the canary records that were
    /// written within the stretches of time that `records` names; in their order.
    package func stage(
        records: (_ events: [Event]) -> [(dataset: String, from: Moment, to: Moment)]
    ) throws -> [Event] {
        var events = try ledger.events(of: Set(EventKind.allCases).subtracting(Self.many))
        var checks: [String: Event] = [:]
        try ledger.forEach(of: [.siteChecked]) { event in
            if case .siteChecked(let check) = event.body { checks[check.site] = event }
        }
        events += checks.values
        var seen: Set<Int> = []
        for stretch in records(events) {
            // The writer's clock is another one, and a record may be acknowledged late: a day is ample.
            let first = try ledger.firstSequence(at: stretch.from - .days(1))
            let last = try ledger.firstSequence(at: stretch.to + .days(1))
            for canary in plan.canaries where canary.dataset == stretch.dataset {
                try ledger.forEach(about: .canary(canary.id), from: first, to: last) { event in
                    if seen.insert(event.sequence).inserted { events.append(event) }
                }
            }
        }
        return events.sorted { $0.sequence < $1.sequence }
    }

    /// Kinds of which there may be millions; they are read by their subjects.
    private static let many: Set<EventKind> = [
        .backupRun, .copyReceipt, .copyVerification, .copyExpiry, .restoreRun, .canaryRecord, .probeRun,
        .siteChecked, .lease, .repositoryListing, .repositoryCheck,
    ]

    private func facts(
        _ work: DigestWork, asOf: Moment, supposed: (_ number: Int) throws -> [Event]
    ) throws -> GradeFacts {
        let few = try ledger.events(of: Set(EventKind.allCases).subtracting(Self.many))
        let first = try ledger.event(1)?.recordedAt
        let events = few + (try supposed((try ledger.head()?.sequence ?? 0) + 1))
        let facts = GradeFacts(
            events, plan: plan, asOf: asOf, watchedSince: first.flatMap { $0 <= asOf ? $0 : nil },
            availability: AvailabilityBook(
                plan: plan, stretches: try stretches(asOf: asOf), notices: events))
        var digests = try ledger.mapCopyHistories(of: facts.datasets(for: work), asOf: asOf) {
            facts.digest(of: $0, for: work)
        }
        if work.wantsRules {
            for (place, rule) in zip(digests.indices, try rules(facts)) { digests[place].rule = rule }
        }
        return facts.knowing(digests)
    }

    /// How each dataset of the plan stands by the rule of 3-2-1-1-0.
    private func rules(_ facts: GradeFacts) throws -> [BackupRule] {
        let last = try ledger.head().flatMap { try ledger.event($0.sequence) }
        guard last.map({ $0.recordedAt <= facts.asOf }) ?? true else {
            return try datasets { facts.rule(of: $0, $1) }
        }
        return facts.rules(
            try ledger.copyHeads(), restores: try ledger.events(of: [.restoreRun]).restores)
    }

    /// What each probe of the plan saw, by probe and vantage point.
    private func stretches(asOf: Moment) throws -> [String: [String: [ProbeStretch]]] {
        let known = Set(plan.probes.map(\.id))
        let probes = try ledger.probeSubjects().filter { subject in
            if case .probe(let id, _) = subject { known.contains(id) } else { false }
        }
        var stretches: [String: [String: [ProbeStretch]]] = [:]
        for (probe, seen) in zip(probes, try ledger.probeStretches(of: probes, asOf: asOf)) {
            if case .probe(let id, let vantage) = probe { stretches[id, default: [:]][vantage] = seen }
        }
        return stretches
    }
}
