// SPDX-License-Identifier: Apache-2.0

/// Folds what events say of one dataset's copies into its history, in the order of the events.
///
/// What is told comes as `CopyFact`s, from events or from their briefs in a ledger; texts are numbered by `names`.
package struct CopyHistoryFold {
    private struct OpenPoint {
        var name: Int
        var kind: PointKind
        var parent: Int?
        var consistencyAt: Moment
        var isWhole = true
        var recipients: [String]
        var copies: [OpenCopy] = []
        var events: [Int] = []
    }

    private struct OpenCopy {
        var store: Int
        var site: Int
        var standing: CopyStanding
    }

    let dataset: String
    /// What was written down later is passed over.
    let asOf: Moment
    var names = ByteNames()
    private var points: [OpenPoint] = []
    /// By the number of its name, -1 for none.
    private var places: [Int32] = []
    private var recipients: [String]?
    private var untried: Set<String> = []
    private var tried: Set<String> = []
    private var foreign = ForeignCopies()
    private var foreignEvents: [String: Int] = [:]
    private var firstSeenAt: Moment?
    private var hasRuns = false

    package init(dataset: String, asOf: Moment) {
        self.dataset = dataset
        self.asOf = asOf
    }

    // MARK: - Taking

    /// Takes one event; those about other things are passed over.
    package mutating func take(_ event: Event) {
        guard event.recordedAt <= asOf else { return }
        switch event.body {
        case .recipientSet(let set): take(set)
        case .keyDrill(let drill): take(drill)
        case .repositoryListing(let listing): take(listing, event)
        case .repositoryCheck(let check): foreign.take(check, event.sequence)
        default: if let fact = CopyFact(event, names: &names) { take(fact) }
        }
    }

    mutating func take(_ fact: CopyFact) {
        guard fact.recordedAt <= asOf else { return }
        switch fact.what {
        case .run(let run): take(run, fact)
        case .receipt(let receipt): take(receipt, fact)
        case .check(let point, let store, let check):
            change(point, store) { $0.take(check.result, of: check.parts, at: check.at, by: check.method) }
        case .expiry(let point, let store, let step, let at): change(point, store) { $0.take(step, at: at) }
        }
    }

    private mutating func take(_ run: CopyFact.Run, _ fact: CopyFact) {
        hasRuns = true
        firstSeenAt = firstSeenAt ?? fact.recordedAt
        guard let point = run.point else { return }
        guard let instant = run.consistencyAt else { return }
        let place = place(of: point, kind: run.kind, parent: run.parent, consistencyAt: instant)
        points[place].isWhole = run.isWhole
        points[place].events.append(fact.number)
    }

    private mutating func take(_ receipt: CopyFact.Receipt, _ fact: CopyFact) {
        let place = place(
            of: receipt.point, kind: receipt.kind, parent: receipt.parent,
            consistencyAt: receipt.consistencyAt)
        points[place].events.append(fact.number)
        if let old = points[place].copies.firstIndex(where: { $0.store == receipt.store }) {
            points[place].copies[old].site = receipt.site
            points[place].copies[old].standing.receive(
                provenAt: receipt.provenAt, method: receipt.method, parts: receipt.parts)
            return
        }
        var standing = CopyStanding(
            provenAt: receipt.provenAt, method: receipt.method, parts: receipt.parts)
        if !untried.isEmpty { standing.wait(for: untried.intersection(points[place].recipients)) }
        points[place].copies.append(OpenCopy(store: receipt.store, site: receipt.site, standing: standing))
    }

    private mutating func take(_ set: RecipientSet) {
        if let recipients {
            untried.formUnion(Set(set.recipients).subtracting(recipients).subtracting(tried))
        }
        recipients = set.recipients
    }

    private mutating func take(_ drill: KeyDrill) {
        guard drill.passed else { return }
        tried.insert(drill.recipient)
        guard untried.remove(drill.recipient) != nil else { return }
        for point in points.indices {
            for copy in points[point].copies.indices {
                points[point].copies[copy].standing.tried(drill.recipient, at: drill.triedAt)
            }
        }
    }

    private mutating func take(_ listing: RepositoryListing, _ event: Event) {
        foreign.take(listing, event.sequence)
        firstSeenAt = firstSeenAt ?? event.recordedAt
        for snapshot in listing.snapshots {
            // The first listing that shows it is evidence enough.
            let name = "\(listing.store)/\(snapshot.id)"
            foreignEvents[name] = foreignEvents[name] ?? event.sequence
        }
    }

    // MARK: - Finding

    private func known(_ name: Int) -> Int? {
        name < places.count && places[name] >= 0 ? Int(places[name]) : nil
    }

    private mutating func place(of name: Int, kind: PointKind, parent: Int?, consistencyAt: Moment) -> Int {
        if let known = known(name) { return known }
        while places.count <= name { places.append(-1) }
        places[name] = Int32(points.count)
        points.append(
            OpenPoint(
                name: name, kind: kind, parent: parent, consistencyAt: consistencyAt,
                recipients: recipients ?? []))
        return points.count - 1
    }

    private mutating func change(_ name: Int, _ store: Int, _ change: (inout CopyStanding) -> Void) {
        guard let point = known(name),
            let copy = points[point].copies.firstIndex(where: { $0.store == store })
        else { return }
        change(&points[point].copies[copy].standing)
    }

    // MARK: - Done

    /// The history as it was told until now.
    package func history() -> CopyHistory {
        let others = foreign.points[dataset] ?? [:]
        guard others.isEmpty else { return joined(with: others.values.map { $0 }) }
        let order = points.indices.sorted {
            (points[$0].consistencyAt, names.text(points[$0].name))
                < (points[$1].consistencyAt, names.text(points[$1].name))
        }
        var newPlaces = [Int](repeating: 0, count: points.count)
        for (new, old) in order.enumerated() { newPlaces[old] = new }
        let stores = storePlaces()
        return CopyHistory(
            dataset: dataset, stores: stores.names,
            points: order.map { old in
                let point = points[old]
                let parent = point.kind == .full ? nil : point.parent.flatMap(known)
                return CopyHistory.Point(
                    name: names.text(point.name), kind: point.kind, parent: parent.map { newPlaces[$0] },
                    consistencyAt: point.consistencyAt, isWhole: point.isWhole,
                    copies: copies(of: point, stores.places), events: point.events)
            }, firstSeenAt: firstSeenAt, hasRuns: hasRuns, firstListedAt: foreign.firstListed(dataset))
    }

    private func copies(of point: OpenPoint, _ places: [Int]) -> [CopyHistory.Copy] {
        let copies = point.copies.map {
            CopyHistory.Copy(store: places[$0.store], site: names.text($0.site), standing: $0.standing)
        }
        return copies.count < 2 ? copies : copies.sorted { $0.store < $1.store }
    }

    /// The stores by name, and the place of each by the number of its name.
    private func storePlaces() -> (names: [String], places: [Int]) {
        var isStore = [Bool](repeating: false, count: names.count)
        for point in points {
            for copy in point.copies { isStore[copy.store] = true }
        }
        let numbers = isStore.indices.filter { isStore[$0] }.sorted { names.text($0) < names.text($1) }
        var places = [Int](repeating: 0, count: names.count)
        for (place, number) in numbers.enumerated() { places[number] = place }
        return (numbers.map(names.text), places)
    }

    /// With what other programs keep; of such there are few.
    private func joined(with others: [CopyBook.Point]) -> CopyHistory {
        var own = self
        own.foreign = ForeignCopies()
        let sorted = others.sorted { ($0.consistencyAt, $0.name) < ($1.consistencyAt, $1.name) }
        var theirs = CopyHistory(dataset: dataset, points: sorted)
        for place in theirs.points.indices {
            theirs.points[place].events = foreignEvents[theirs.points[place].name].map { [$0] } ?? []
        }
        var joined = own.history().joined(with: theirs)
        joined.firstListedAt = foreign.firstListed(dataset)
        return joined
    }
}

extension CopyHistory {
    /// The histories of all datasets that events in their order tell of, as they stood at an instant.
    package static func all(_ events: some Sequence<Event>, asOf: Moment) -> [String: CopyHistory] {
        var folds: [String: CopyHistoryFold] = [:]
        for event in events {
            guard let dataset = event.body.copiesOf else { continue }
            folds[dataset, default: CopyHistoryFold(dataset: dataset, asOf: asOf)].take(event)
        }
        return folds.mapValues { $0.history() }
    }
}

extension EventBody {
    /// The dataset whose copies it changes, or what is known of them.
    package var copiesOf: String? {
        switch self {
        case .backupRun(let run): run.dataset
        case .copyReceipt(let receipt): receipt.dataset
        case .copyVerification(let check): check.dataset
        case .copyExpiry(let expiry): expiry.dataset
        case .repositoryListing(let listing): listing.dataset
        case .repositoryCheck(let check): check.dataset
        case .recipientSet(let set): set.dataset
        case .keyDrill(let drill): drill.dataset
        default: nil
        }
    }
}
