// SPDX-License-Identifier: Apache-2.0

extension CopyBook {
    /// What there is of a dataset, and whether it is what the plan asks for.
    package func judge(_ dataset: Dataset, in plan: Plan, at now: Moment) -> DatasetCopies {
        CopyJudge(book: self, dataset: dataset, plan: plan, now: now).judge()
    }

    /// What would be lost if everything but the given stores were gone now: the newest whole point there.
    package func newest(
        of dataset: Dataset, in stores: Set<String>, at now: Moment
    ) -> Point? {
        let within = dataset.copies.verifiedWithin
        return points(of: dataset.id).last { point in
            point.isWhole && point.consistencyAt <= now
                && self.stores(holding: point.name, of: dataset.id, at: now, within: within)
                    .contains(where: stores.contains)
        }
    }
}

/// Looks at one dataset at one instant.
struct CopyJudge {
    let book: CopyBook
    let dataset: Dataset
    let plan: Plan
    let now: Moment

    private var within: Duration { dataset.copies.verifiedWithin }

    func judge() -> DatasetCopies {
        let points = book.points(of: dataset.id)
        let effective = EffectiveStores(points: points, now: now, within: within)
        let newest = book.newestWhole(of: dataset.id)
        let copies = newest.map { effectiveCopies(of: $0, effective.stores[$0.name] ?? [], effective) } ?? []
        let recoverable = points.last { $0.isWhole && !(effective.stores[$0.name] ?? []).isEmpty }
        return DatasetCopies(
            dataset: dataset.id, judgedAt: now,
            points: points.map { listed($0, effective.stores[$0.name] ?? []) },
            newestPoint: newest?.name, newestRecoverable: recoverable?.name,
            recoverableAt: recoverable?.consistencyAt,
            exposureSeconds: exposure(points, effective, survivors: survivorsOfProduction()),
            effective: copies, losses: losses(points, effective, copies),
            violations: CopyPolicyCheck(
                book: book, dataset: dataset, plan: plan, now: now, newest: newest, effective: copies,
                recoverableAt: recoverable?.consistencyAt
            ).violations())
    }

    private func listed(_ point: CopyBook.Point, _ effective: Set<String>) -> PointCopies {
        let copies = point.copies.sorted { $0.key < $1.key }
        return PointCopies(
            point: point.name, kind: point.kind, parent: point.parent, consistencyAt: point.consistencyAt,
            isWhole: point.isWhole,
            copies: copies.filter { $0.value.mark?.step != .removed }.map {
                $0.value.copy(at: now, within: within)
            },
            effectiveStores: effective.sorted(),
            markedStores: copies.filter { $0.value.mark?.step == .marked }.map(\.key))
    }

    /// The newest proven point of each store of another program, no older than a proof may be.
    private func foreignCopies(_ effective: EffectiveStores) -> [(name: String, point: CopyBook.Point)] {
        var newest: [String: CopyBook.Point] = [:]
        for point in book.points(of: dataset.id) where point.isForeign && point.isWhole {
            guard now - point.consistencyAt <= within else { continue }
            for store in effective.stores[point.name] ?? [] { newest[store] = point }
        }
        return newest.sorted { $0.key < $1.key }.map { (name: $0.key, point: $0.value) }
    }

    private func effectiveCopies(
        of point: CopyBook.Point, _ stores: Set<String>, _ effective: EffectiveStores
    ) -> [EffectiveCopy] {
        let home = plan.productionSite(of: dataset)?.id
        let counted = point.isForeign ? [] : stores.sorted().map { (name: $0, point: point) }
        return (counted + foreignCopies(effective)).compactMap { name, point in
            let chain = book.chain(of: point.name, in: dataset.id) ?? []
            guard let copy = point.copies[name],
                let oldest = chain.compactMap({ $0.copies[name]?.verifiedAt }).min()
            else { return nil }
            // A store that has left the plan still holds what it holds, where its receipt said.
            let store = plan.store(name)
            let site = store.flatMap(plan.site)?.id ?? copy.receipt.site
            return EffectiveCopy(
                store: name, site: site, city: plan.site(site)?.city,
                isAppendOnly: store?.isAppendOnly ?? copy.receipt.isAppendOnly, isOffsite: site != home,
                verifiedAt: oldest)
        }
    }

    // MARK: - Losses

    private func losses(
        _ points: [CopyBook.Point], _ effective: EffectiveStores, _ copies: [EffectiveCopy]
    ) -> [LossOutcome] {
        let sites = book.foreignStores(of: dataset.id).values
        return plan.losses(of: dataset, andStoresAt: sites).map { loss in
            let survivors = book.survivors(of: loss, for: dataset, in: plan)
            let left = copies.map(\.store).filter(survivors.contains)
            let point = points.last {
                $0.isWhole && !(effective.stores[$0.name] ?? []).isDisjoint(with: survivors)
            }
            return LossOutcome(
                loss: loss, copiesLeft: left.count, storesLeft: left, newestLeft: point?.name,
                exposureSeconds: point.map { max(.zero, now - $0.consistencyAt).inSeconds })
        }
    }

    private func survivorsOfProduction() -> Set<String> {
        guard let home = plan.productionSite(of: dataset) else {
            return Set(dataset.copies.to).union(book.foreignStores(of: dataset.id).keys)
        }
        return book.survivors(of: CopyLoss(kind: .site, name: home.id), for: dataset, in: plan)
    }

    private func exposure(
        _ points: [CopyBook.Point], _ effective: EffectiveStores, survivors: Set<String>
    ) -> Double? {
        let point = points.last {
            $0.isWhole && !(effective.stores[$0.name] ?? []).isDisjoint(with: survivors)
        }
        return point.map { max(.zero, now - $0.consistencyAt).inSeconds }
    }
}

/// For every point the stores in which its whole chain lies verified; one pass, oldest first.
struct EffectiveStores {
    private(set) var stores: [String: Set<String>] = [:]

    init(points: [CopyBook.Point], now: Moment, within: Duration) {
        let byName = Dictionary(points.map { ($0.name, $0) }) { first, _ in first }
        for point in points { resolve(point, byName, now: now, within: within) }
    }

    /// Walks up to the nearest resolved link, then down again; a loop of parents resolves to nothing.
    private mutating func resolve(
        _ point: CopyBook.Point, _ byName: [String: CopyBook.Point], now: Moment, within: Duration
    ) {
        var open: [CopyBook.Point] = []
        var next: CopyBook.Point? = point
        while let link = next, stores[link.name] == nil {
            stores[link.name] = []
            open.append(link)
            next = link.kind == .full ? nil : link.parent.flatMap { byName[$0] }
        }
        for link in open.reversed() {
            let own = link.copies.filter { _, copy in
                copy.mark == nil && copy.state(at: now, within: within) == .verified
            }.keys
            let below = link.kind == .full ? nil : link.parent.flatMap { stores[$0] } ?? []
            stores[link.name] = below.map { Set(own).intersection($0) } ?? Set(own)
        }
    }
}

extension Plan {
    /// What can be lost at one stroke, as far as it touches a dataset: sites, credentials, cities.
    package func losses(of dataset: Dataset) -> [CopyLoss] {
        let stores = dataset.copies.to.compactMap(store)
        let places = stores.compactMap(site(of:)) + [productionSite(of: dataset)].compactMap { $0 }
        let sites = Set(places.map(\.id)).sorted().map { CopyLoss(kind: .site, name: $0) }
        let keys = Set(stores.compactMap { host($0.host) }.map(credential)).sorted()
            .map { CopyLoss(kind: .credential, name: $0) }
        let cities = Set(places.compactMap(\.city)).sorted().map { CopyLoss(kind: .city, name: $0) }
        return sites + keys + cities
    }

    /// The dataset's stores that a loss leaves able to serve.
    package func stores(of dataset: Dataset, surviving loss: CopyLoss) -> Set<String> {
        Set(
            dataset.copies.to.filter { name in
                guard let store = store(name), let site = site(of: store) else { return false }
                switch loss.kind {
                case .site:
                    let lost = self.site(loss.name)
                    let isSameBuilding = site.facility != nil && site.facility == lost?.facility
                    return site.id != loss.name && !isSameBuilding
                case .city: return site.city != loss.name
                case .credential:
                    guard let host = host(store.host) else { return false }
                    return store.isAppendOnly || credential(of: host) != loss.name
                }
            })
    }

    private func credential(of host: Host) -> String {
        host.ssh.identity ?? "agent"
    }
}
