// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Where the fresh, verified, whole chains of one dataset lay on each day of the window.
struct CopyMeasurement {
    private let query: MetricQuery
    private let dataset: String
    /// One instant a day, the window's end first.
    private let samples: [Moment]
    /// For each store, on which samples it held a chain that counts.
    private let held: [String: [Bool]]
    private let isCovered: Bool
    private let known: Moment?

    init(_ query: MetricQuery, dataset: String) {
        self.query = query
        self.dataset = dataset
        known = query.facts.known(dataset: dataset)
        let created = query.facts.created(dataset: dataset)
        let begin = max(query.begin, created.map { $0 + query.staleness } ?? query.begin)
        // A store cannot be blamed for what was before anybody looked, nor before the first copy could settle.
        let first = known.map { $0 <= begin ? begin : max(begin, $0 + query.staleness) }
        isCovered = first == begin
        samples = Self.samples(from: min(first ?? query.end, query.end), to: query.end)
        let samples = samples
        let key = HeldMemory.Key(
            within: query.parameters.duration("verify_max_age"), staleness: query.staleness,
            first: samples.last, count: samples.count)
        held =
            query.facts.memory?.held(key) { Self.held(query, dataset: dataset, samples: samples) }
            ?? Self.held(query, dataset: dataset, samples: samples)
    }

    private static func samples(from begin: Moment, to end: Moment) -> [Moment] {
        var result = [end]
        while let last = result.last, last - .days(1) >= begin { result.append(last - .days(1)) }
        return result
    }

    private static func held(_ query: MetricQuery, dataset: String, samples: [Moment]) -> [String: [Bool]] {
        let within = query.parameters.duration("verify_max_age")
        let points = query.facts.points(of: dataset)
        let source = query.facts.plan.dataset(dataset)?.source.host
        var held: [String: [Bool]] = [:]
        for store in Set(points.flatMap(\.copies.keys)) {
            // A copy on the machine that holds the source is a recovery point and not a copy.
            if let source, query.facts.plan.store(store)?.host == source { continue }
            var spans: [String: [(from: Moment, to: Moment)]] = [:]
            var marks = [Bool](repeating: false, count: samples.count)
            for point in points {
                let own = point.copies[store]?.presence(within: within) ?? []
                let below = point.kind == .full ? nil : point.parent.flatMap { spans[$0] } ?? []
                let both = below.map { intersection(own, $0) } ?? own
                spans[point.name] = both
                guard point.isWhole else { continue }
                for span in both {
                    mark(
                        &marks, samples, from: max(span.from, point.consistencyAt),
                        to: min(span.to, point.consistencyAt + query.staleness))
                }
            }
            held[store] = marks
        }
        return held
    }

    private static func mark(_ marks: inout [Bool], _ samples: [Moment], from: Moment, to: Moment) {
        guard from <= to, let end = samples.first else { return }
        let day = Duration.days(1).wholeNanoseconds
        let newest = max(0, (end - to).wholeNanoseconds)
        let oldest = (end - from).wholeNanoseconds
        guard oldest >= 0 else { return }
        let first = Int((newest + day - 1) / day)
        let last = min(Int(oldest / day), samples.count - 1)
        guard first <= last else { return }
        for place in first...last { marks[place] = true }
    }

    private static func intersection(
        _ left: [(from: Moment, to: Moment)], _ right: [(from: Moment, to: Moment)]
    ) -> [(from: Moment, to: Moment)] {
        left.flatMap { one in
            right.compactMap { other in
                let span = (from: max(one.from, other.from), to: min(one.to, other.to))
                return span.from < span.to ? span : nil
            }
        }
    }

    // MARK: - Readings

    func locationRank() -> Reading {
        let places = held.keys.sorted().map { (store: $0, rank: rank(of: $0)) }
        let needsExactCity =
            query.parameters.flag("require_both_city_and_remote")
            && query.parameters.value(of: query.check.bar) == 1
        return reading(nothing: -1, most: 2) { sample in
            var low = -1.0
            var high = -1.0
            for place in places where held[place.store]?[sample] ?? false {
                if needsExactCity, place.rank.lower > 1 { continue }
                low = max(low, place.rank.lower)
                high = max(high, needsExactCity ? min(place.rank.upper, 1) : place.rank.upper)
            }
            return (low, high)
        } words: { value in
            let names = ["in the same facility", "in the same city", "remote"]
            return value < 0 ? "nowhere" : names[min(2, Int(value))]
        }
    }

    func count() -> Reading {
        // Where another program's repositories stand nobody said closer than the site: one place each.
        let hosts = Dictionary(grouping: held.keys) { name in
            if ForeignCopies.isForeign(name), let site = receiptSite(of: name) { return "site \(site.id)" }
            return query.facts.plan.store(name)?.host ?? "store \(name)"
        }
        return reading(nothing: 0, most: Double(max(hosts.count, 1_000))) { sample in
            let count = hosts.values.filter { $0.contains { held[$0]?[sample] ?? false } }.count
            return (Double(count), Double(count))
        } words: { value in
            "in \(Int(value)) places"
        }
    }

    private func reading(
        nothing: Double, most: Double, at value: (Int) -> (low: Double, high: Double),
        words: (Double) -> String
    ) -> Reading {
        guard let known else {
            return .nothing(
                dataset, "no copy of \(dataset) was ever recorded",
                settledBy: query.facts.backupWords(dataset))
        }
        let values = samples.indices.map(value)
        guard let worst = values.indices.min(by: { values[$0].high < values[$1].high }) else {
            return .nothing(dataset, "nothing was looked at", settledBy: query.facts.backupWords(dataset))
        }
        let low = values.map(\.low).min() ?? nothing
        let high = values[worst].high
        var detail = "on \(samples[worst].text(decimals: 0)) a fresh copy lay \(words(values[worst].low))"
        if !isCovered { detail += "; copies are known since \(known.text(decimals: 0)) only" }
        let stores = held.keys.filter { held[$0]?[worst] ?? false }
        return Reading(
            dataset, from: isCovered ? low : nothing, to: isYoung ? most : high, detail: detail,
            settledBy: isCovered
                ? healWords : "history back to \(query.begin.text(decimals: 0))",
            population: samples.count, evidence: evidence(stores, at: samples[worst]))
    }

    private var healWords: String {
        query.facts.plan.dataset(dataset)?.isKeptElsewhere == true
            ? query.facts.backupWords(dataset) : "lifeboat copies heal \(dataset)"
    }

    /// Whether the dataset is known for so short a time that its copies may still be on their way.
    private var isYoung: Bool {
        guard let known else { return true }
        return known > query.begin && known + query.staleness > query.end
    }

    /// The receipts of the newest points that the stores held then.
    private func evidence(_ stores: [String], at moment: Moment) -> [Int] {
        let points = query.facts.points(of: dataset).filter { point in
            point.consistencyAt <= moment && point.consistencyAt + query.staleness >= moment
                && stores.contains { point.copies[$0] != nil }
        }
        return query.facts.numbers(of: points.suffix(3).map(\.name), in: dataset)
    }

    private func rank(of store: String) -> PlaceRank {
        let plan = query.facts.plan
        guard let dataset = plan.dataset(dataset), let home = plan.productionSite(of: dataset) else {
            return .unknown
        }
        let place = plan.store(store).flatMap(plan.site(of:)) ?? receiptSite(of: store)
        return place.map { PlaceRank(of: $0, from: home, parameters: query.parameters) } ?? .unknown
    }

    /// Where a store that has left the plan said it was.
    private func receiptSite(of store: String) -> Site? {
        query.facts.points(of: dataset).lazy.compactMap { $0.copies[store]?.receipt.site }.first
            .flatMap(query.facts.plan.site)
    }
}

/// What was found of the one dataset that is looked at, kept from one check to the next: five of table 14 ask for
/// the same days.
final class HeldMemory: Sendable {
    struct Key: Hashable {
        var within: Duration
        var staleness: Duration
        var first: Moment?
        var count: Int
    }

    private let kept = Mutex<[Key: [String: [Bool]]]>([:])

    func held(_ key: Key, _ make: () -> [String: [Bool]]) -> [String: [Bool]] {
        if let known = kept.withLock({ $0[key] }) { return known }
        let made = make()
        kept.withLock { $0[key] = made }
        return made
    }
}
