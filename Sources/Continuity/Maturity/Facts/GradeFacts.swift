// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Everything that a grade is read from: the events up to an instant, and the plan.
///
/// Costs one pass over the events. The order in which they are handed over does not matter.
package struct GradeFacts: Sendable {
    package let plan: Plan
    package let asOf: Moment
    /// Since when the ledger has been watching; `nil` when it is empty.
    package let watchedSince: Moment?
    package let drills: [HeldDrill]
    package let claims: [Numbered<RegisterClaim>]
    package let attestations: [Numbered<Attestation>]
    package let exemptions: [Numbered<Exemption>]
    let zone: TimeZone
    let imported: ImportedFacts
    private(set) var availability: AvailabilityBook
    /// What was read of each dataset beforehand, where the history is too large to be held.
    var digests: [String: DatasetDigest] = [:]
    /// By dataset, from the events at hand.
    private let histories: [String: CopyHistory]
    private let datasetsSeen: FirstSights
    private let servicesSeen: FirstSights

    /// From all events, or from those of which there are few, where the rest is read dataset by dataset
    /// (`digest(of:for:)`) and probe by probe.
    ///
    /// `watchedSince` is when the first event of all was written down, where `events` does not begin with it;
    /// `availability` is what probes saw, where their runs are not among `events`.
    package init(
        _ events: some Sequence<Event>, plan: Plan, asOf: Moment, watchedSince: Moment? = nil,
        availability: AvailabilityBook? = nil
    ) {
        let events = events.filter { $0.recordedAt <= asOf }.sorted { $0.sequence < $1.sequence }
        self.plan = plan
        self.asOf = asOf
        self.watchedSince = watchedSince ?? events.first?.recordedAt
        zone = TimeZone(identifier: plan.zone) ?? .gmt
        drills = HeldDrill.all(in: events)
        imported = ImportedFacts(events)
        self.availability = availability ?? AvailabilityBook(events, plan: plan)
        histories = CopyHistory.all(events, asOf: asOf)
        datasetsSeen = FirstSights(events, of: \.datasets)
        servicesSeen = FirstSights(events, of: \.services)
        claims = events.compactMap { event in
            if case .registerClaim(let claim) = event.body { Numbered(event.sequence, claim) } else { nil }
        }
        attestations = events.compactMap { event in
            if case .attestation(let value) = event.body { Numbered(event.sequence, value) } else { nil }
        }
        exemptions = events.compactMap { event in
            if case .exemption(let value) = event.body { Numbered(event.sequence, value) } else { nil }
        }
    }

    /// What is known of one dataset, by the events at hand or by a history that was read elsewhere.
    func dataset(_ id: String, by history: CopyHistory? = nil) -> DatasetFacts {
        let history = history ?? histories[id] ?? CopyHistory(dataset: id)
        let created = datasetsSeen.created[id]
        return DatasetFacts(history: history, known: known(id, by: history), created: created)
    }

    /// The same facts, what probes saw read by the rules that the parameters set.
    func read(by parameters: GradeParameters) -> GradeFacts {
        guard parameters.has("probe_confirm"), parameters.has("probe_gap_factor") else { return self }
        var facts = self
        facts.availability = availability.read(
            by: ProbeTimeline(
                confirm: Int(parameters.number("probe_confirm")),
                gapFactor: parameters.number("probe_gap_factor")))
        return facts
    }

    // MARK: - Scopes

    /// The members that a scope names, by the plan.
    package func members(of scope: CheckScope) -> [String] {
        switch scope {
        case .datasets: datasets.map(\.id)
        case .core: plan.services.filter { $0.tier == .core }.map(\.id)
        case .critical: critical.map(\.id)
        case .services: plan.services.map(\.id)
        }
    }

    var critical: [Service] { plan.services.filter { $0.tier != .standard } }

    /// The datasets of core and critical services, in the plan's order.
    var datasets: [Dataset] {
        let needed = Set(critical.flatMap(\.datasets))
        return plan.datasets.filter { needed.contains($0.id) }
    }

    /// What makes one more point of a dataset.
    func backupWords(_ dataset: String) -> String {
        plan.dataset(dataset)?.backupWords ?? "lifeboat backup \(dataset)"
    }

    // MARK: - How far back facts reach

    /// Since when all runs of a dataset are known: since it was first seen, or as far back as a person
    /// declares the register of backups complete.
    private func known(_ dataset: String, by history: CopyHistory) -> Moment? {
        guard let seen = datasetsSeen.first[dataset] ?? history.firstSeenAt else { return nil }
        // What another program pruned before anybody looked, nobody knows.
        let listed = history.hasRuns ? nil : history.firstListedAt
        return reach(of: .backups, from: max(seen, listed ?? seen))
    }

    /// How far back a register is complete without a break before an instant from which it is.
    private func reach(of register: RegisterClaim.Register, from seen: Moment) -> Moment {
        var reach = seen
        let mine = claims.map(\.value).filter { $0.register == register }
        while let next = mine.filter({ $0.begunAt < reach && $0.endedAt >= reach }).map(\.begunAt).min() {
            reach = next
        }
        return reach
    }

    /// Whether somebody declared a register complete for the whole of a stretch of time.
    func isComplete(_ register: RegisterClaim.Register, from begin: Moment, to end: Moment) -> Bool {
        end <= begin || reach(of: register, from: end) <= begin
            || claims.contains {
                $0.value.register == register && $0.value.begunAt <= begin && $0.value.endedAt >= end
            }
    }
}

/// A value with the number of the event that holds it.
package struct Numbered<Value: Hashable & Sendable>: Hashable, Sendable {
    package var number: Int
    package var value: Value

    package init(_ number: Int, _ value: Value) {
        self.number = number
        self.value = value
    }
}

/// When each thing was first named by an adopted plan.
private struct FirstSights: Sendable {
    /// By an adoption of any kind.
    var first: [String: Moment] = [:]
    /// By a later plan than the first one, so that it is known to be new.
    var created: [String: Moment] = [:]

    init(_ events: [Event], of names: KeyPath<PlanAdoption, [String]>) {
        var isFirst = true
        for event in events {
            guard case .planAdopted(let adoption) = event.body else { continue }
            for name in adoption[keyPath: names] where first[name] == nil {
                first[name] = event.recordedAt
                if !isFirst { created[name] = event.recordedAt }
            }
            isFirst = false
        }
    }
}
