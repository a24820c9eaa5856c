// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
package import Ledger
import SecureShell

/// What became of one copy that was to be made or made good.
package struct HealResult: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case healed
        case failed
    }

    package var dataset: String
    package var point: String
    package var store: String
    /// The store the bytes came from.
    package var source: String?
    package var state: State
    /// Bytes that were sent.
    package var bytes: Int
    package var detail: String?

    package init(
        dataset: String, point: String, store: String, source: String?, state: State, bytes: Int,
        detail: String? = nil
    ) {
        self.dataset = dataset
        self.point = point
        self.store = store
        self.source = source
        self.state = state
        self.bytes = bytes
        self.detail = detail
    }
}

/// Brings stores that lag, or hold something broken, back to what the plan asks for.
///
/// Bytes come as ciphertext from another store that has proven them, never from the source, which has moved
/// on. Nothing is removed: a broken file stays where it is, and the good one is written beside it as the
/// next attempt, which works in a vault too.
package struct Healer: Sendable {
    let desk: CopyDesk

    package init(_ desk: CopyDesk) {
        self.desk = desk
    }

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.init(CopyDesk(workspace: workspace, plan: plan, ledger: ledger, time: time))
    }

    /// Heals every copy that is missing, corrupt or lost, of all datasets or one.
    ///
    /// Oldest points first, so that chains become whole. One failure keeps nothing else back, except that a
    /// store which cannot be reached is not asked again.
    package func heal(dataset: String? = nil, supervision: Supervision = Supervision()) throws -> [HealResult]
    {
        let signers = try desk.keys.allowedSigners()
        let book = try desk.book()
        var unreachable: Set<String> = []
        var results: [HealResult] = []
        for dataset in try desk.datasets(dataset) {
            for (point, store) in Self.needs(book, dataset) {
                guard !supervision.isCancelled() else { return results }
                guard !unreachable.contains(store) else { continue }
                let result = heal(point, in: store, dataset, signers, &unreachable, supervision)
                results.append(result)
            }
            try writeCards(dataset, in: Set(results.filter { $0.state == .healed }.map(\.store)), signers)
        }
        return results
    }

    /// The copies that ought to be there and are not, or are not good, oldest points first.
    ///
    /// A store ought to hold the newest point's chain, and every point of a run that was to reach it; what
    /// has expired there is not brought back.
    static func needs(_ book: CopyBook, _ dataset: Dataset) -> [(point: CopyBook.Point, store: String)] {
        let points = book.points(of: dataset.id)
        let newest = points.last(where: \.isWhole)
        let chain = Set(newest.flatMap { book.chain(of: $0.name, in: dataset.id) }?.map(\.name) ?? [])
        return points.flatMap { point in
            dataset.copies.to.compactMap { store in
                if let copy = point.copies[store] {
                    guard copy.mark == nil, copy.fault != nil else { return nil }
                    return (point, store)
                }
                let wasToGet = point.run?.stores.contains { $0.store == store } ?? false
                return chain.contains(point.name) || wasToGet ? (point, store) : nil
            }
        }
    }

    /// Points that came before what they build on have no recovery card; now it can be written.
    private func writeCards(_ dataset: Dataset, in stores: Set<String>, _ signers: AllowedSigners) throws {
        let book = try desk.book()
        guard let newest = book.points(of: dataset.id).last(where: \.isWhole) else { return }
        for point in book.chain(of: newest.name, in: dataset.id) ?? [] {
            for store in stores where point.copies[store] != nil {
                // A card is a convenience, and the next healing writes one that is missing.
                guard
                    let stored = try? StoredPoint.read(
                        point.name, of: dataset.id, from: desk.connector.store(store), signers: signers,
                        expecting: point.manifestSha256)
                else { continue }
                let paper = PointPaper(
                    desk: desk, target: stored.access, folder: stored.folder, sealed: stored.sealed,
                    book: book)
                try? paper.writeMissingCard(attempts: stored.attempts(), there: stored.names)
            }
        }
    }

    // MARK: - One copy

    private func heal(
        _ point: CopyBook.Point, in store: String, _ dataset: Dataset, _ signers: AllowedSigners,
        _ unreachable: inout Set<String>, _ supervision: Supervision
    ) -> HealResult {
        var result = HealResult(
            dataset: dataset.id, point: point.name, store: store, source: nil, state: .failed, bytes: 0)
        let sources = sources(of: point, besides: store, at: desk.time.now(), dataset)
        guard !sources.isEmpty else {
            result.detail = "no other store holds a good copy"
            return result
        }
        for source in sources where !unreachable.contains(source) {
            do {
                let from = try StoredPoint.read(
                    point.name, of: dataset.id, from: desk.connector.store(source), signers: signers,
                    expecting: point.manifestSha256)
                result.source = source
                let copier = PointCopier(
                    desk: desk, source: from, target: try desk.connector.store(store),
                    book: try desk.book())
                result.bytes = try copier.copy(supervision)
                result.state = .healed
                result.detail = nil
                return result
            } catch {
                let failure = OperationError(describing: error)
                result.detail = failure.detail
                if failure.code == .unreachable {
                    let host = (error as? RemoteError)?.host ?? ""
                    let isTarget = desk.plan.store(store).map { host.hasPrefix($0.host) } ?? false
                    unreachable.insert(isTarget ? store : source)
                    if isTarget { return result }
                }
                if failure.code == .cancelled { return result }
            }
        }
        return result
    }

    /// The stores to copy from: verified ones first, then those that were once proven.
    private func sources(
        of point: CopyBook.Point, besides store: String, at now: Moment, _ dataset: Dataset
    ) -> [String] {
        let order: [Copy.State] = [.verified, .stale, .claimed]
        let ranked: [(rank: Int, name: String)] = point.copies.compactMap { name, copy in
            guard name != store, desk.plan.store(name) != nil, copy.mark?.step != .removed else { return nil }
            let state = copy.state(at: now, within: dataset.copies.verifiedWithin)
            return order.firstIndex(of: state).map { ($0, name) }
        }
        return ranked.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.map(\.name)
    }
}
