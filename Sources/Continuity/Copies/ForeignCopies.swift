// SPDX-License-Identifier: Apache-2.0

/// The points that other backup programs keep, folded from their listings and checks.
///
/// They count as copies and are never touched: Lifeboat cannot restore, heal, verify or expire them. What was
/// withdrawn is as if it had never come.
package struct ForeignCopies: Sendable {
    private var listings: [String: [String: Numbered<RepositoryListing>]] = [:]
    private var checks: [String: [String: Numbered<RepositoryCheck>]] = [:]
    private(set) var points: [String: [String: CopyBook.Point]] = [:]

    /// Whether a store or a point belongs to another program; names of the plan have no slash.
    package static func isForeign(_ name: String) -> Bool { name.contains("/") }

    mutating func take(_ listing: RepositoryListing, _ number: Int) {
        listings[listing.dataset, default: [:]][listing.id] = Numbered(number, listing)
        settle(listing.dataset)
    }

    mutating func take(_ check: RepositoryCheck, _ number: Int) {
        checks[check.dataset, default: [:]][check.id] = Numbered(number, check)
        settle(check.dataset)
    }

    /// When a dataset's first listing that still counts was made; nobody knows what was pruned before.
    func firstListed(_ dataset: String) -> Moment? { live(dataset).map(\.value.listedAt).min() }

    private func live(_ dataset: String) -> [Numbered<RepositoryListing>] {
        (listings[dataset] ?? [:]).values.filter { $0.value.withdrawnAt == nil }
            .sorted { ($0.value.listedAt, $0.number) < ($1.value.listedAt, $1.number) }
    }

    // MARK: - Folding

    private mutating func settle(_ dataset: String) {
        var made: [String: CopyBook.Point] = [:]
        let checks = (checks[dataset] ?? [:]).values.filter { $0.value.withdrawnAt == nil }
            .sorted { ($0.value.checkedAt, $0.number) < ($1.value.checkedAt, $1.number) }.map(\.value)
        for (store, listings) in Dictionary(grouping: live(dataset).map(\.value), by: \.store) {
            for seen in Self.sightings(listings) {
                let point = Self.point(seen, store, checks.filter { $0.store == store })
                made[point.name] = point
            }
        }
        points[dataset] = made
    }

    /// One snapshot with the listings that first and last showed it, and the first that no longer did.
    private struct Sighting {
        var snapshot: RepositoryListing.Snapshot
        var listing: RepositoryListing
        var first: Moment
        var gone: Moment?
    }

    /// `listings`: of one repository, oldest first.
    private static func sightings(_ listings: [RepositoryListing]) -> [Sighting] {
        var seen: [String: Sighting] = [:]
        for listing in listings {
            var isThere: Set<String> = []
            for snapshot in listing.snapshots {
                isThere.insert(snapshot.id)
                let first = seen[snapshot.id]?.first ?? listing.listedAt
                seen[snapshot.id] = Sighting(snapshot: snapshot, listing: listing, first: first)
            }
            for id in seen.keys where !isThere.contains(id) && seen[id]?.gone == nil {
                seen[id]?.gone = listing.listedAt
            }
        }
        return Array(seen.values)
    }

    private static func point(_ seen: Sighting, _ store: String, _ checks: [RepositoryCheck])
        -> CopyBook.Point
    {
        let snapshot = seen.snapshot
        let dataset = seen.listing.dataset
        let name = "\(store)/\(snapshot.id)"
        var copy = CopyRecord(
            CopyReceipt(
                dataset: dataset, point: name, kind: snapshot.kind,
                parent: snapshot.parent.map { "\(store)/\($0)" }, consistencyAt: snapshot.consistencyAt,
                store: store, site: seen.listing.site, provenAt: seen.first, method: .none,
                bytes: snapshot.bytes ?? 0, parts: 0, manifestSha256: "",
                isAppendOnly: seen.listing.isAppendOnly))
        for check in checks where check.checkedAt >= snapshot.consistencyAt {
            guard seen.gone.map({ check.checkedAt < $0 }) ?? true else { continue }
            // That everything is there does not prove a byte of it; that something is missing proves harm.
            guard check.level == .bytes || !check.passed else { continue }
            copy.take(
                CopyVerification(
                    dataset: dataset, point: name, store: store, checkedAt: check.checkedAt,
                    method: .readBack, result: check.passed ? .passed : .corrupt, bytesRead: 0,
                    faults: check.passed ? [] : [check.detail ?? "the check failed"]))
        }
        if let gone = seen.gone {
            copy.take(
                CopyExpiry(
                    dataset: dataset, point: name, store: store, step: .removed, happenedAt: gone,
                    reason: "no longer listed"))
        }
        return CopyBook.Point(
            name: name, dataset: dataset, kind: snapshot.kind, parent: copy.receipt.parent,
            consistencyAt: snapshot.consistencyAt, manifestSha256: "", copies: [store: copy])
    }
}

extension CopyBook.Point {
    /// Whether another backup program keeps it.
    package var isForeign: Bool { ForeignCopies.isForeign(name) }
}

extension CopyBook {
    /// The newest point that stands for the whole dataset: Lifeboat's own, or where there is none another's.
    package func newestWhole(of dataset: String) -> Point? {
        let whole = points(of: dataset).filter(\.isWhole)
        return whole.last { !$0.isForeign } ?? whole.last { $0.isForeign && !$0.isGone } ?? whole.last
    }

    /// The stores of other programs that hold something of a dataset, with the site of each.
    package func foreignStores(of dataset: String) -> [String: String] {
        var stores: [String: String] = [:]
        for point in points(of: dataset) where point.isForeign && !point.isGone {
            for (store, copy) in point.copies { stores[store] = copy.receipt.site }
        }
        return stores
    }

    /// When another program's check first proved a point of a dataset in one of some stores.
    package func firstForeignProof(of dataset: String, in stores: Set<String>) -> Moment? {
        points(of: dataset).filter { $0.isForeign && $0.kind == .full }.flatMap { point in
            point.copies.filter { stores.contains($0.key) }.compactMap { $0.value.firstProvenAt }
        }.min()
    }

    /// The dataset's stores that a loss leaves able to serve, those of other programs too.
    package func survivors(of loss: CopyLoss, for dataset: Dataset, in plan: Plan) -> Set<String> {
        plan.stores(of: dataset, surviving: loss)
            .union(plan.surviving(loss, among: foreignStores(of: dataset.id)))
    }
}

extension Plan {
    /// Those of other programs' stores, given with their sites, that a loss leaves.
    ///
    /// Nobody told Lifeboat which credentials reach them, so the loss of any takes them.
    package func surviving(_ loss: CopyLoss, among stores: [String: String]) -> Set<String> {
        Set(
            stores.filter { _, name in
                guard let site = site(name) else { return false }
                switch loss.kind {
                case .site:
                    let lost = self.site(loss.name)
                    return site.id != loss.name && (site.facility == nil || site.facility != lost?.facility)
                case .city: return site.city != loss.name
                case .credential: return false
                }
            }.keys)
    }

    /// What can be lost at one stroke, the places of other programs' stores among it.
    package func losses(of dataset: Dataset, andStoresAt sites: some Sequence<String>) -> [CopyLoss] {
        var losses = losses(of: dataset)
        for name in Set(sites).sorted() {
            guard let site = site(name) else { continue }
            losses.append(CopyLoss(kind: .site, name: name))
            if let city = site.city { losses.append(CopyLoss(kind: .city, name: city)) }
        }
        let order: [CopyLoss.Kind] = [.site, .credential, .city]
        var seen: Set<CopyLoss> = []
        return order.flatMap { kind in losses.filter { $0.kind == kind && seen.insert($0).inserted } }
    }
}
