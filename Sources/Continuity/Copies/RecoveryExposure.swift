// SPDX-License-Identifier: Apache-2.0

/// The worst moment in a stretch of time for a loss to happen.
package struct RecoveryExposure: Hashable, Sendable, Codable {
    package var dataset: String
    package var loss: CopyLoss
    package var begunAt: Moment
    package var endedAt: Moment
    /// What would have been lost at the worst moment; `nil` = everything, at some moment.
    package var worstSeconds: Double?
    package var worstAt: Moment
    /// The point that would have been recovered then.
    package var point: String?

    package init(
        dataset: String, loss: CopyLoss, begunAt: Moment, endedAt: Moment, worstSeconds: Double?,
        worstAt: Moment, point: String?
    ) {
        self.dataset = dataset
        self.loss = loss
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.worstSeconds = worstSeconds
        self.worstAt = worstAt
        self.point = point
    }
}

extension CopyBook {
    /// The largest (instant − consistency time of the newest copy that was complete, verified and at a
    /// surviving site at that instant) over a window (measurement.md, "RPA worst case").
    ///
    /// A copy counts from the moment its proof was complete until the proof is too old, the copy was marked
    /// for removal, or the last proof before it was found broken: since when it was broken nobody knows.
    package func exposure(
        of dataset: Dataset, in plan: Plan, losing loss: CopyLoss, from begin: Moment, to end: Moment
    ) -> RecoveryExposure {
        var sweep = ExposureSweep(
            points: points(of: dataset.id), stores: plan.stores(of: dataset, surviving: loss),
            within: dataset.copies.verifiedWithin)
        let worst = sweep.worst(from: begin, to: end)
        return RecoveryExposure(
            dataset: dataset.id, loss: loss, begunAt: begin, endedAt: end,
            worstSeconds: worst.length?.inSeconds, worstAt: worst.at, point: worst.point)
    }

    /// The same for the loss of each site that the dataset has to do with.
    package func exposures(
        of dataset: Dataset, in plan: Plan, from begin: Moment, to end: Moment
    ) -> [RecoveryExposure] {
        plan.losses(of: dataset).filter { $0.kind == .site }.map {
            exposure(of: dataset, in: plan, losing: $0, from: begin, to: end)
        }
    }
}

/// Walks through time from one change of the copies to the next.
private struct ExposureSweep {
    private struct Change {
        var at: Moment
        var store: String
        var point: Int
        var isPresent: Bool
    }

    private let points: [CopyBook.Point]
    private let children: [Int: [Int]]
    private let parents: [Int: Int]
    private var changes: [Change] = []
    private var present: Set<String> = []
    private var effective: [String: Set<Int>] = [:]
    private var newestInStore: [String: Int] = [:]

    init(points: [CopyBook.Point], stores: Set<String>, within: Duration) {
        self.points = points
        let places = Dictionary(points.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first
        }
        var parents: [Int: Int] = [:]
        for (place, point) in points.enumerated() where point.kind == .incremental {
            // A parent that is not known can never be present.
            parents[place] = point.parent.flatMap { places[$0] } ?? -1
        }
        self.parents = parents
        children = Dictionary(grouping: parents.keys, by: { parents[$0] ?? -1 })
        for (place, point) in points.enumerated() {
            for (store, copy) in point.copies where stores.contains(store) {
                for span in copy.presence(within: within) {
                    changes.append(Change(at: span.from, store: store, point: place, isPresent: true))
                    changes.append(Change(at: span.to, store: store, point: place, isPresent: false))
                }
            }
        }
        changes.sort { $0.at < $1.at }
    }

    mutating func worst(from begin: Moment, to end: Moment) -> (length: Duration?, at: Moment, point: String?)
    {
        var worst: (length: Duration?, at: Moment, point: String?)?
        func look(_ at: Moment, _ newest: Int?) {
            guard at >= begin, at <= end, worst == nil || worst?.length != nil else { return }
            guard let newest else {
                worst = (nil, at, nil)
                return
            }
            let length = max(.zero, at - points[newest].consistencyAt)
            guard worst?.length.map({ length > $0 }) ?? true else { return }
            worst = (length, at, points[newest].name)
        }
        var next = 0
        // What happened before the window only sets the stage.
        while next < changes.count, changes[next].at <= begin { apply(&next) }
        look(begin, newest)
        while next < changes.count, changes[next].at <= end {
            look(changes[next].at, newest)
            apply(&next)
            look(changes[next - 1].at, newest)
        }
        look(end, newest)
        return worst ?? (nil, begin, nil)
    }

    /// Applies all changes of one instant.
    private mutating func apply(_ next: inout Int) {
        let instant = changes[next].at
        while next < changes.count, changes[next].at == instant {
            let change = changes[next]
            let key = "\(change.store)\n\(change.point)"
            if change.isPresent {
                present.insert(key)
                gain(change.point, change.store)
            } else {
                present.remove(key)
                lose(change.point, change.store)
            }
            next += 1
        }
    }

    private mutating func gain(_ point: Int, _ store: String) {
        var open = [point]
        while let place = open.popLast() {
            guard present.contains("\(store)\n\(place)"),
                parents[place].map({ effective[store]?.contains($0) ?? false }) ?? true,
                effective[store, default: []].insert(place).inserted
            else { continue }
            if points[place].isWhole, place > newestInStore[store] ?? -1 { newestInStore[store] = place }
            open += children[place] ?? []
        }
    }

    private mutating func lose(_ point: Int, _ store: String) {
        var open = [point]
        while let place = open.popLast() {
            guard effective[store]?.remove(place) != nil else { continue }
            open += children[place] ?? []
        }
        var newest = newestInStore[store] ?? -1
        while newest >= 0, !(effective[store]?.contains(newest) ?? false) || !points[newest].isWhole {
            newest -= 1
        }
        newestInStore[store] = newest >= 0 ? newest : nil
    }

    /// The newest whole point in any store; points stand in order of their consistency times.
    private var newest: Int? { newestInStore.values.max() }
}
