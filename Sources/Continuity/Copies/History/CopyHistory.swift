// SPDX-License-Identifier: Apache-2.0

/// The recovery points of one dataset and when each copy of them counted: what measuring and grading need of its
/// events, by the places of points and stores instead of their names.
///
/// It says what `CopyBook` says of the same events (a property test compares them) in a fraction of the time and
/// memory, and knows nothing of why a copy failed, of bytes and of manifests.
package struct CopyHistory: Hashable, Sendable {
    package struct Point: Hashable, Sendable {
        package var name: String
        var kind: PointKind
        /// The place of the point that an incremental one builds on; `nil` when it is full or that point is not known.
        var parent: Int?
        var consistencyAt: Moment
        /// Whether it may stand for the whole dataset.
        var isWhole: Bool
        /// Ordered by store.
        var copies: [Copy]
        /// The numbers of the events that speak of it: its run and its receipts, or the first listing that shows it.
        package var events: [Int]

        var isFull: Bool { kind == .full }
        /// Whether it was copied once and every copy was removed again.
        var isGone: Bool { !copies.isEmpty && copies.allSatisfy { $0.standing.mark?.step == .removed } }

        func copy(in store: Int) -> Copy? { copies.first { $0.store == store } }
    }

    package struct Copy: Hashable, Sendable {
        /// The place of its store.
        var store: Int
        /// Where the newest receipt said that the store is.
        var site: String
        var standing: CopyStanding
    }

    package var dataset: String
    /// Sorted by name.
    package var stores: [String]
    /// Ordered by consistency time, then by name.
    package var points: [Point]
    /// When a run or another program's listing was first written down; `nil` = never.
    package var firstSeenAt: Moment?
    /// Whether any run of Lifeboat's own was written down.
    var hasRuns: Bool
    /// When another program's first listing that still counts was made.
    var firstListedAt: Moment?

    init(
        dataset: String, stores: [String] = [], points: [Point] = [], firstSeenAt: Moment? = nil,
        hasRuns: Bool = false, firstListedAt: Moment? = nil
    ) {
        self.dataset = dataset
        self.stores = stores
        self.points = points
        self.firstSeenAt = firstSeenAt
        self.hasRuns = hasRuns
        self.firstListedAt = firstListedAt
    }

    // MARK: - Asking

    /// The stores of other programs that hold something, with the site of each.
    var foreignStores: [String: String] {
        var found: [String: String] = [:]
        for (place, name) in stores.enumerated() where ForeignCopies.isForeign(name) {
            for point in points where !point.isGone {
                if let copy = point.copy(in: place) { found[name] = copy.site }
            }
        }
        return found
    }

    /// Of each store, whether it is able to serve after a loss.
    func survivors(of loss: CopyLoss, for dataset: Dataset, in plan: Plan) -> [Bool] {
        let names = plan.stores(of: dataset, surviving: loss)
            .union(plan.surviving(loss, among: foreignStores))
        return stores.map(names.contains)
    }

    /// Where a store said that it was, by the oldest point that it holds.
    func site(of store: Int) -> String? {
        points.lazy.compactMap { $0.copy(in: store)?.site }.first
    }

    /// Of each point and store, by the points' places and then the stores', the stretches of time in which a copy
    /// with everything that it builds on counted.
    func presenceOfChains(within: Duration, in store: Int) -> [[(from: Moment, to: Moment)]] {
        var spans = [[(from: Moment, to: Moment)]](repeating: [], count: points.count)
        for (place, point) in points.enumerated() {
            guard let own = point.copy(in: store)?.standing.presence(within: within), !own.isEmpty else {
                continue
            }
            guard !point.isFull else {
                spans[place] = own
                continue
            }
            // A parent that is younger than its child is none that could be built on.
            guard let parent = point.parent, parent < place else { continue }
            spans[place] = Self.intersection(own, spans[parent])
        }
        return spans
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

    /// The newest whole point that lies verified, with everything that it builds on, in one of some stores.
    func newest(in isStore: [Bool], at now: Moment, within: Duration) -> Point? {
        points.last { point in
            point.isWhole
                && point.copies.contains { isStore[$0.store] && holds(point, in: $0.store, now, within) }
        }
    }

    private func holds(_ point: Point, in store: Int, _ now: Moment, _ within: Duration) -> Bool {
        var link = point
        // As many steps as there are points: a loop of parents holds nothing.
        for _ in points.indices {
            guard let copy = link.copy(in: store), copy.standing.counts(at: now, within: within) else {
                return false
            }
            if link.isFull { return true }
            guard let parent = link.parent else { return false }
            link = points[parent]
        }
        return false
    }
}

// MARK: - Several together

extension CopyHistory {
    /// With the points of another program: no point builds on one of the other's.
    func joined(with other: CopyHistory) -> CopyHistory {
        var joined = self
        joined.stores = Array(Set(stores).union(other.stores)).sorted()
        let places = Dictionary(uniqueKeysWithValues: joined.stores.enumerated().map { ($1, $0) })
        var all: [(point: Point, isOther: Bool, old: Int)] = []
        for (history, isOther) in [(self, false), (other, true)] {
            for (old, point) in history.points.enumerated() {
                var point = point
                for copy in point.copies.indices {
                    point.copies[copy].store = places[history.stores[point.copies[copy].store]] ?? 0
                }
                all.append((point, isOther, old))
            }
        }
        all.sort {
            ($0.point.consistencyAt, $0.point.name) < ($1.point.consistencyAt, $1.point.name)
        }
        var moved = [[Int]](repeating: [], count: 2)
        moved[0] = [Int](repeating: 0, count: points.count)
        moved[1] = [Int](repeating: 0, count: other.points.count)
        for (new, one) in all.enumerated() { moved[one.isOther ? 1 : 0][one.old] = new }
        joined.points = all.map { one in
            var point = one.point
            point.parent = point.parent.map { moved[one.isOther ? 1 : 0][$0] }
            return point
        }
        return joined
    }
}

// MARK: - From a book

extension CopyBook {
    /// What it knows of one dataset, without the numbers of events and without when it was first seen.
    package func history(of dataset: String) -> CopyHistory {
        CopyHistory(
            dataset: dataset, points: points(of: dataset), hasRuns: lastRuns[dataset] != nil,
            firstListedAt: foreign.firstListed(dataset))
    }
}

extension CopyHistory {
    /// From points in their order.
    init(dataset: String, points: [CopyBook.Point], hasRuns: Bool = false, firstListedAt: Moment? = nil) {
        let stores = Set(points.flatMap(\.copies.keys)).sorted()
        let places = Dictionary(uniqueKeysWithValues: stores.enumerated().map { ($1, $0) })
        let names = Dictionary(points.enumerated().map { ($1.name, $0) }) { first, _ in first }
        self.init(
            dataset: dataset, stores: stores,
            points: points.map { point in
                Point(
                    name: point.name, kind: point.kind,
                    parent: point.kind == .full ? nil : point.parent.flatMap { names[$0] },
                    consistencyAt: point.consistencyAt, isWhole: point.isWhole,
                    copies: point.copies.map { store, copy in
                        Copy(store: places[store] ?? 0, site: copy.receipt.site, standing: copy.standing)
                    }.sorted { $0.store < $1.store },
                    events: [])
            }, hasRuns: hasRuns, firstListedAt: firstListedAt)
    }
}
