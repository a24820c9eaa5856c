// SPDX-License-Identifier: Apache-2.0

/// The present state of one dataset's copies, without its history and without the time: what `status` needs
/// of ten thousand datasets at once.
///
/// It answers what would be lost at any instant from now on, as long as nothing new happens.
package struct CopyHead: Hashable, Sendable, Codable {
    /// The newest run, whatever came of it.
    package struct LastRun: Hashable, Sendable, Codable {
        package var outcome: BackupOutcome
        package var begunAt: Moment
        package var endedAt: Moment
    }

    /// A whole point of which a store holds the whole chain.
    package struct Rung: Hashable, Sendable, Codable {
        package var point: String
        package var consistencyAt: Moment
        /// The oldest proof in the chain: the copy goes stale by this one.
        package var provenAt: Moment
    }

    /// One store that holds, or held, something of the dataset.
    package struct Holding: Hashable, Sendable, Codable {
        package var store: String
        /// From the newest receipt; the plan wins where it knows the store.
        package var site: String
        package var isAppendOnly: Bool
        /// What keeps the newest whole point from counting here, however fresh its proofs; `nil` = nothing.
        package var gap: CopyViolation.Kind?
        package var detail: String?
        /// Newest first; an older point stands here only if it stays fresh for longer.
        package var rungs: [Rung]
    }

    package var dataset: String
    package var lastRun: LastRun?
    /// The newest point that stands for the whole dataset.
    package var newestPoint: String?
    package var newestAt: Moment?
    package var holdings: [Holding]
    /// How many points are not yet gone.
    package var pointCount: Int

    package init(
        dataset: String, lastRun: LastRun?, newestPoint: String?, newestAt: Moment?, holdings: [Holding],
        pointCount: Int
    ) {
        self.dataset = dataset
        self.lastRun = lastRun
        self.newestPoint = newestPoint
        self.newestAt = newestAt
        self.holdings = holdings
        self.pointCount = pointCount
    }

    /// What the plan's policy finds; `points` and per-point copies are left empty.
    ///
    /// The kinds of violation are those of `CopyBook.judge`, except that a store with links that were never
    /// proven and links that are stale may be called either; texts are shorter.
    ///
    /// Whoever judges many hands over one table for all.
    package func judge(
        _ dataset: Dataset, in plan: Plan, at now: Moment, losses table: LossTable? = nil
    ) -> DatasetCopies {
        CopyHeadJudge(
            head: self, dataset: dataset, plan: plan, now: now, table: table ?? LossTable(plan)
        ).judge()
    }
}

// MARK: - From a book

extension CopyHead {
    /// Folds what a book knows of a dataset.
    package init(of dataset: String, in book: CopyBook) {
        let points = book.points(of: dataset)
        let proofs = ChainProofs(points)
        let newest = book.newestWhole(of: dataset)
        let left = points.filter { !$0.isGone || $0.name == newest?.name }
        let stores = Set(left.flatMap(\.copies.keys)).sorted()
        self.init(
            dataset: dataset,
            lastRun: book.lastRuns[dataset].map {
                LastRun(outcome: $0.outcome, begunAt: $0.begunAt, endedAt: $0.endedAt)
            }, newestPoint: newest?.name, newestAt: newest?.consistencyAt,
            holdings: stores.map { Self.holding($0, points, proofs, newest, book) },
            pointCount: points.count { !$0.isGone })
    }

    private static func holding(
        _ store: String, _ points: [CopyBook.Point], _ proofs: ChainProofs, _ newest: CopyBook.Point?,
        _ book: CopyBook
    ) -> Holding {
        var rungs: [Rung] = []
        for (place, point) in points.enumerated().reversed() where point.isWhole {
            guard let proven = proofs.of(place, store), rungs.last.map({ proven > $0.provenAt }) ?? true
            else {
                continue
            }
            rungs.append(Rung(point: point.name, consistencyAt: point.consistencyAt, provenAt: proven))
        }
        let receipt =
            newest?.copies[store]?.receipt
            ?? points.last { $0.copies[store] != nil }?
            .copies[store]?.receipt
        let gap = newest.flatMap { Self.gap(of: $0, store, book) }
        return Holding(
            store: store, site: receipt?.site ?? "", isAppendOnly: receipt?.isAppendOnly ?? false,
            gap: gap?.kind, detail: gap?.detail, rungs: rungs)
    }

    /// The worst thing in the chain, ageing aside.
    private static func gap(
        of point: CopyBook.Point, _ store: String, _ book: CopyBook
    ) -> (kind: CopyViolation.Kind, detail: String)? {
        let chain = book.chain(of: point.name, in: point.dataset) ?? [point]
        let links = chain.map { link -> (name: String, copy: CopyRecord?) in
            let copy = link.copies[store]
            return (link.name, copy?.mark == nil ? copy : nil)
        }
        for link in links {
            guard let fault = link.copy?.fault else { continue }
            return (
                fault.result == .lost ? .lost : .corrupt, "\(link.name): \(fault.faults.first ?? "no detail")"
            )
        }
        if let link = links.first(where: { $0.copy == nil }) { return (.storeBehind, link.name) }
        if let link = links.first(where: { $0.copy?.verifiedAt == nil }) { return (.unproven, link.name) }
        if let link = links.first(where: { $0.copy?.countsFrom == nil }) { return (.keyUntried, link.name) }
        return nil
    }
}

extension CopyBook.Point {
    /// Whether it was copied once and every copy was removed again.
    package var isGone: Bool {
        !copies.isEmpty && copies.values.allSatisfy { $0.mark?.step == .removed }
    }
}

extension CopyBook {
    /// The numbers of those events that tell of nothing but points that are gone and runs that are over.
    ///
    /// Without them the book says the same of the present: parents of points that are left stay, and so do
    /// the newest run and the newest point.
    package func eventsOfGonePoints(_ dataset: String, among events: [Event]) -> [Int] {
        let points = points(of: dataset)
        let newest = newestWhole(of: dataset)
        let held = [newest?.name, lastRuns[dataset]?.point]
        let kept = points.filter { !$0.isGone || held.contains($0.name) }
        var needed = Set(kept.map(\.name))
        for point in kept {
            var next = point.parent
            while let name = next, needed.insert(name).inserted {
                next = self.point(name, of: dataset)?.parent
            }
        }
        let lastRun = events.last { event in if case .backupRun = event.body { true } else { false } }
        return events.filter { event in
            guard event.sequence != lastRun?.sequence else { return false }
            return switch event.body {
            case .backupRun(let run): run.point.map { !needed.contains($0) } ?? true
            case .copyReceipt(let receipt): !needed.contains(receipt.point)
            case .copyVerification(let check): !needed.contains(check.point)
            case .copyExpiry(let expiry): !needed.contains(expiry.point)
            default: false
            }
        }.map(\.sequence)
    }
}

/// For every point and store the oldest proof of the whole chain, where nothing in it is missing, faulty,
/// unproven or marked.
private struct ChainProofs {
    private var proofs: [[String: Moment]]

    init(_ points: [CopyBook.Point]) {
        let places = Dictionary(points.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first
        }
        var resolved = [[String: Moment]?](repeating: nil, count: points.count)
        for start in points.indices {
            var open: [Int] = []
            var next: Int? = start
            while let place = next, resolved[place] == nil {
                // A loop of parents resolves to nothing.
                resolved[place] = [:]
                open.append(place)
                next = points[place].kind == .full ? nil : points[place].parent.flatMap { places[$0] }
            }
            for place in open.reversed() {
                let point = points[place]
                let own = point.copies.compactMapValues { copy in
                    copy.mark == nil && copy.fault == nil ? copy.countsFrom : nil
                }
                guard point.kind == .incremental else {
                    resolved[place] = own
                    continue
                }
                let below = point.parent.flatMap { places[$0] }.flatMap { resolved[$0] } ?? [:]
                var both: [String: Moment] = [:]
                for (store, proven) in own {
                    if let older = below[store] { both[store] = min(proven, older) }
                }
                resolved[place] = both
            }
        }
        proofs = resolved.map { $0 ?? [:] }
    }

    func of(_ place: Int, _ store: String) -> Moment? { proofs[place][store] }
}
