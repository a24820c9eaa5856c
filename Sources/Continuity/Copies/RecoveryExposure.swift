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
    /// What would be lost at the end of the window; `nil` = everything.
    package var nowSeconds: Double?

    package init(
        dataset: String, loss: CopyLoss, begunAt: Moment, endedAt: Moment, worstSeconds: Double?,
        worstAt: Moment, point: String?, nowSeconds: Double? = nil
    ) {
        self.dataset = dataset
        self.loss = loss
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.worstSeconds = worstSeconds
        self.worstAt = worstAt
        self.point = point
        self.nowSeconds = nowSeconds
    }
}

extension CopyHistory {
    /// What would have been lost at each instant of a window.
    ///
    /// The largest (instant − consistency time of the newest copy that was complete, verified and at a
    /// surviving site at that instant) over a window is its worst (measurement.md, "RPA worst case").
    ///
    /// A copy counts from the moment its proof was complete until the proof is too old, the copy was marked
    /// for removal, or the last proof before it was found broken: since when it was broken nobody knows.
    func exposureCurve(
        of dataset: Dataset, in plan: Plan, losing loss: CopyLoss, from begin: Moment, to end: Moment
    ) -> ExposureCurve {
        curve(
            CopyChange.all(in: self, within: dataset.copies.verifiedWithin), of: dataset, in: plan,
            losing: loss, from: begin, to: end)
    }

    /// The same for the loss of each site that the dataset has to do with.
    func exposureCurves(
        of dataset: Dataset, in plan: Plan, from begin: Moment, to end: Moment
    ) -> [ExposureCurve] {
        let changes = CopyChange.all(in: self, within: dataset.copies.verifiedWithin)
        return plan.losses(of: dataset, andStoresAt: foreignStores.values).filter { $0.kind == .site }.map {
            curve(changes, of: dataset, in: plan, losing: $0, from: begin, to: end)
        }
    }

    private func curve(
        _ changes: [CopyChange], of dataset: Dataset, in plan: Plan, losing loss: CopyLoss,
        from begin: Moment, to end: Moment
    ) -> ExposureCurve {
        let isSurvivor = survivors(of: loss, for: dataset, in: plan)
        var sweep = ExposureSweep(history: self, changes: changes.filter { isSurvivor[$0.store] })
        return ExposureCurve(
            loss: loss, begunAt: begin, endedAt: end,
            steps: sweep.steps(from: begin, to: end, dataset: dataset.id))
    }

    /// What would be lost without the production site; `nil` = everything.
    func lossNow(of dataset: Dataset, in plan: Plan, at now: Moment) -> Double? {
        let isSurvivor =
            plan.productionSite(of: dataset).map {
                survivors(of: CopyLoss(kind: .site, name: $0.id), for: dataset, in: plan)
            } ?? stores.map { dataset.copies.to.contains($0) || ForeignCopies.isForeign($0) }
        let point = newest(in: isSurvivor, at: now, within: dataset.copies.verifiedWithin)
        return point.map { max(.zero, now - $0.consistencyAt).inSeconds }
    }
}

extension CopyBook {
    /// The worst moment of a window for a loss.
    package func exposure(
        of dataset: Dataset, in plan: Plan, losing loss: CopyLoss, from begin: Moment, to end: Moment
    ) -> RecoveryExposure {
        exposureCurve(of: dataset, in: plan, losing: loss, from: begin, to: end).worst(of: dataset.id)
    }

    /// What would have been lost at each instant of a window.
    package func exposureCurve(
        of dataset: Dataset, in plan: Plan, losing loss: CopyLoss, from begin: Moment, to end: Moment
    ) -> ExposureCurve {
        history(of: dataset.id).exposureCurve(of: dataset, in: plan, losing: loss, from: begin, to: end)
    }
}

/// The instant from which a copy counts, or no longer does; by the places of store and point.
private struct CopyChange {
    var at: Moment
    var store: Int
    var point: Int
    var isPresent: Bool

    /// Every change in their order.
    static func all(in history: CopyHistory, within: Duration) -> [CopyChange] {
        var changes: [CopyChange] = []
        for (place, point) in history.points.enumerated() {
            for copy in point.copies {
                for span in copy.standing.presence(within: within) {
                    changes.append(
                        CopyChange(at: span.from, store: copy.store, point: place, isPresent: true))
                    changes.append(CopyChange(at: span.to, store: copy.store, point: place, isPresent: false))
                }
            }
        }
        return changes.sorted { $0.at < $1.at }
    }
}

/// Walks through time from one change of the copies to the next.
///
/// Points and stores go by their places: a sweep looks at each change of each copy, of which there are many.
private struct ExposureSweep {
    private let points: [CopyHistory.Point]
    private let changes: [CopyChange]
    private var children: [[Int]]
    /// The place of the point below; `none` for a full one, `unknown` for one that can never be present.
    private var parents: [Int]
    /// By store, then by point.
    private var present: [[Bool]]
    private var effective: [[Bool]]
    /// By store; `none` when it holds no whole point.
    private var newestInStore: [Int]

    private static let none = -1
    private static let unknown = -2

    init(history: CopyHistory, changes: [CopyChange]) {
        points = history.points
        self.changes = changes
        parents = points.map { $0.isFull ? Self.none : $0.parent ?? Self.unknown }
        children = [[Int]](repeating: [], count: points.count)
        for (place, parent) in parents.enumerated() where parent >= 0 { children[parent].append(place) }
        present = [[Bool]](
            repeating: [Bool](repeating: false, count: points.count), count: history.stores.count)
        effective = present
        newestInStore = [Int](repeating: Self.none, count: history.stores.count)
    }

    /// What could be recovered from when on; the first step stands at `begin`.
    mutating func steps(from begin: Moment, to end: Moment, dataset: String) -> [ExposureCurve.Step] {
        var steps: [ExposureCurve.Step] = []
        var last: Int?
        func note(_ at: Moment, _ newest: Int?) {
            guard steps.isEmpty || newest != last else { return }
            last = newest
            let point = newest.map { points[$0] }
            steps.append(
                ExposureCurve.Step(
                    at: at, recoverableAt: point?.consistencyAt, dataset: dataset, point: point?.name))
        }
        var next = 0
        // What happened before the window only sets the stage.
        while next < changes.count, changes[next].at <= begin { apply(&next) }
        note(begin, newest)
        while next < changes.count, changes[next].at <= end {
            let instant = changes[next].at
            apply(&next)
            note(instant, newest)
        }
        return steps
    }

    /// Applies all changes of one instant.
    private mutating func apply(_ next: inout Int) {
        let instant = changes[next].at
        while next < changes.count, changes[next].at == instant {
            let change = changes[next]
            present[change.store][change.point] = change.isPresent
            if change.isPresent {
                gain(change.point, change.store)
            } else {
                lose(change.point, change.store)
            }
            next += 1
        }
    }

    private mutating func gain(_ point: Int, _ store: Int) {
        var open = [point]
        while let place = open.popLast() {
            let parent = parents[place]
            guard present[store][place], parent == Self.none || (parent >= 0 && effective[store][parent]),
                !effective[store][place]
            else { continue }
            effective[store][place] = true
            if points[place].isWhole, place > newestInStore[store] { newestInStore[store] = place }
            open += children[place]
        }
    }

    private mutating func lose(_ point: Int, _ store: Int) {
        var open = [point]
        while let place = open.popLast() {
            guard effective[store][place] else { continue }
            effective[store][place] = false
            open += children[place]
        }
        var newest = newestInStore[store]
        while newest >= 0, !effective[store][newest] || !points[newest].isWhole { newest -= 1 }
        newestInStore[store] = newest
    }

    /// The newest whole point in any store; points stand in order of their consistency times.
    private var newest: Int? { newestInStore.max().flatMap { $0 >= 0 ? $0 : nil } }
}
