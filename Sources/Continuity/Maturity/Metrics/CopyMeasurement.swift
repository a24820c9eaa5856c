// SPDX-License-Identifier: Apache-2.0

/// Where the fresh, verified, whole chains of one dataset lay on each day of the window.
struct CopyMeasurement {
    private let query: MetricQuery
    private let facts: DatasetFacts
    private let staleness: Duration
    private let held: HeldMemory.Held
    private let isCovered: Bool

    private var dataset: String { facts.id }
    private var known: Moment? { facts.known }

    init(_ query: MetricQuery, dataset facts: DatasetFacts) {
        self.query = query
        self.facts = facts
        let staleness = query.staleness
        self.staleness = staleness
        let begin = max(query.begin, facts.created.map { $0 + staleness } ?? query.begin)
        // A store cannot be blamed for what was before anybody looked, nor before the first copy could settle.
        let first = facts.known.map { $0 <= begin ? begin : max(begin, $0 + staleness) }
        isCovered = first == begin
        let source = query.facts.plan.dataset(facts.id)?.source.host
        held = facts.memory.held(
            HeldMemory.Key(
                within: query.parameters.duration("verify_max_age"), staleness: staleness,
                begin: min(first ?? query.end, query.end), end: query.end), in: facts.history
        ) { store in
            // A copy on the machine that holds the source is a recovery point and not a copy.
            source == nil || query.facts.plan.store(store)?.host != source
        }
    }

    /// The places of the stores that hold copies.
    private var stores: [Int] { held.stores.indices.filter { held.stores[$0] != nil } }

    // MARK: - Readings

    func locationRank() -> Reading {
        let places = stores.map { (store: $0, rank: rank(of: $0)) }
        let needsExactCity =
            query.parameters.flag("require_both_city_and_remote")
            && query.parameters.value(of: query.check.bar) == 1
        return reading(nothing: -1, most: 2) { sample in
            var low = -1.0
            var high = -1.0
            for place in places where held.holds(place.store, sample) {
                if needsExactCity, place.rank.lower > 1 { continue }
                low = max(low, place.rank.lower)
                high = max(high, needsExactCity ? min(place.rank.upper, 1) : place.rank.upper)
            }
            return (low, high)
        } place: { value in
            let places: [Detail.OfCopies.Place] = [.sameFacility, .sameCity, .remote]
            return value < 0 ? .nowhere : places[min(2, Int(value))]
        }
    }

    func count() -> Reading {
        // Where another program's repositories stand nobody said closer than the site: one place each.
        let hosts = Array(
            Dictionary(grouping: stores) { store in
                let name = facts.history.stores[store]
                if ForeignCopies.isForeign(name), let site = receiptSite(of: store) {
                    return "site \(site.id)"
                }
                return query.facts.plan.store(name)?.host ?? "store \(name)"
            }.values)
        return reading(nothing: 0, most: Double(max(hosts.count, 1_000))) { sample in
            let count = hosts.count { $0.contains { held.holds($0, sample) } }
            return (Double(count), Double(count))
        } place: { value in
            .places(Int(value))
        }
    }

    private func reading(
        nothing: Double, most: Double, at value: (Int) -> (low: Double, high: Double),
        place: (Double) -> Detail.OfCopies.Place
    ) -> Reading {
        guard let known else {
            return .nothing(
                dataset, .copies(.noneRecorded(dataset: dataset)),
                settledBy: query.facts.backupWords(dataset))
        }
        // As long as the same stores hold a copy the value is the same.
        let values = held.changes.map(value)
        guard let lowest = values.indices.min(by: { values[$0].high < values[$1].high }) else {
            return .nothing(dataset, .copies(.nothingLookedAt), settledBy: query.facts.backupWords(dataset))
        }
        let low = values.map(\.low).min() ?? nothing
        let high = values[lowest].high
        let worst = held.changes[lowest]
        let moment = held.samples[worst]
        var detail = Detail.copies(.lay(place(values[lowest].low), at: moment))
        if !isCovered { detail = detail + .copies(.knownSince(known)) }
        let stores = stores.filter { held.holds($0, worst) }
        return Reading(
            dataset, from: isCovered ? low : nothing, to: isYoung ? most : high, detail: detail,
            settledBy: isCovered
                ? healWords : "history back to \(query.begin.text(decimals: 0))",
            population: held.samples.count, evidence: evidence(stores, at: moment))
    }

    private var healWords: String {
        query.facts.plan.dataset(dataset)?.isKeptElsewhere == true
            ? query.facts.backupWords(dataset) : "lifeboat copies heal \(dataset)"
    }

    /// Whether the dataset is known for so short a time that its copies may still be on their way.
    private var isYoung: Bool {
        guard let known else { return true }
        return known > query.begin && known + staleness > query.end
    }

    /// The receipts of the newest points that the stores held then.
    private func evidence(_ stores: [Int], at moment: Moment) -> [Int] {
        let oldest = moment - staleness
        var newest: [CopyHistory.Point] = []
        for point in facts.history.points.reversed() where point.consistencyAt <= moment {
            guard point.consistencyAt >= oldest, newest.count < 3 else { break }
            if stores.contains(where: { point.copy(in: $0) != nil }) { newest.append(point) }
        }
        return facts.evidence(of: newest)
    }

    private func rank(of store: Int) -> PlaceRank {
        let plan = query.facts.plan
        guard let dataset = plan.dataset(dataset), let home = plan.productionSite(of: dataset) else {
            return .unknown
        }
        let place = plan.store(facts.history.stores[store]).flatMap(plan.site(of:)) ?? receiptSite(of: store)
        return place.map { PlaceRank(of: $0, from: home, parameters: query.parameters) } ?? .unknown
    }

    /// Where a store that has left the plan said it was.
    private func receiptSite(of store: Int) -> Site? {
        facts.history.site(of: store).flatMap(query.facts.plan.site)
    }
}
