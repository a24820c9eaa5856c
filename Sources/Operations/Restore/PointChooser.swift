// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Finds the point that a restore means, and the stores it can come from, the best first.
struct PointChooser {
    let desk: CopyDesk
    let dataset: Dataset
    let book: CopyBook

    /// A point, and where it may be read.
    struct Choice: Hashable {
        var point: CopyBook.Point
        /// The full point first.
        var chain: [CopyBook.Point]
        var stores: [String]
    }

    /// Chooses by name, else the newest whole point.
    ///
    /// A point that is named need not be whole. `source` is a store or a site of the plan; without a name the point is
    /// the newest whose content is not later than `instant`, and copies proven later than `known` do not count.
    /// Stores that are `absent` are not used, whatever they hold.
    /// Throws `OperationError` with `.unknownName` for a name that nobody knows, `.failed` when there is no such point.
    func choose(
        point name: String? = nil, from source: String? = nil, at instant: Moment? = nil,
        knownBy known: Moment? = nil, without absent: Set<String> = []
    ) throws -> Choice {
        let stores = try candidates(source).filter { !absent.contains($0) }
        if let name { return try named(name, stores) }
        for point in book.points(of: dataset.id).reversed() where point.isWhole {
            if let instant, point.consistencyAt > instant { continue }
            guard let chain = book.chain(of: point.name, in: dataset.id) else { continue }
            let holding = ranked(chain, stores, knownBy: known)
            if !holding.isEmpty { return Choice(point: point, chain: chain, stores: holding) }
        }
        let place =
            (source.map { " in \($0)" } ?? "")
            + (absent.isEmpty ? "" : " without \(absent.sorted().joined(separator: ", "))")
        let time = (instant ?? known).map { " of \($0.text(decimals: 0)) or before" } ?? ""
        throw OperationError(
            .failed, "there is no whole point of \(dataset.id)\(place)\(time)",
            hint: book.points(of: dataset.id).isEmpty
                ? "'lifeboat backup \(dataset.id)' makes one; a lost ledger is made again by 'lifeboat ledger rebuild'"
                : "'lifeboat points \(dataset.id)' lists what there is")
    }

    private func named(_ name: String, _ stores: [String]) throws -> Choice {
        guard let point = book.point(name, of: dataset.id) else {
            throw OperationError(
                .unknownName, "\(dataset.id) has no point \(name)",
                hint: Spelling.suggestion(for: name, among: book.points(of: dataset.id).map(\.name)))
        }
        guard let chain = book.chain(of: name, in: dataset.id) else {
            throw OperationError(.damaged, "what \(name) builds on is not known")
        }
        let holding = ranked(chain, stores, knownBy: nil)
        guard !holding.isEmpty else {
            throw OperationError(.damaged, "no store holds \(name) with all it builds on")
        }
        return Choice(point: point, chain: chain, stores: holding)
    }

    /// The stores that a name stands for; every store of the plan for none.
    private func candidates(_ source: String?) throws -> [String] {
        guard let source else { return desk.plan.stores.map(\.id) }
        if desk.plan.store(source) != nil { return [source] }
        let there = desk.plan.stores.filter { desk.plan.site(of: $0)?.id == source }.map(\.id)
        guard !there.isEmpty || desk.plan.site(source) != nil else {
            throw OperationError(
                .unknownName, "the plan has no store and no site \(source)",
                hint: Spelling.suggestion(
                    for: source, among: desk.plan.stores.map(\.id) + desk.plan.sites.map(\.id)))
        }
        return there
    }

    /// The stores that hold the chain, those with the freshest proof and then the fastest first.
    private func ranked(_ chain: [CopyBook.Point], _ stores: [String], knownBy known: Moment?) -> [String] {
        let order: [Copy.State] = [.verified, .stale, .claimed]
        let now = desk.time.now()
        let found: [(rank: Int, place: Int, name: String)] = stores.enumerated().compactMap { place, name in
            var worst = 0
            for link in chain {
                guard let copy = link.copies[name], copy.mark?.step != .removed,
                    known.map({ copy.arrivedAt <= $0 }) ?? true,
                    let rank = order.firstIndex(
                        of: copy.state(at: now, within: dataset.copies.verifiedWithin))
                else { return nil }
                worst = max(worst, rank)
            }
            return (worst, place, name)
        }
        return found.sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }.map(\.name)
    }
}
