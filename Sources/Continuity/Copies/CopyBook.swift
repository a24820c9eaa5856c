// SPDX-License-Identifier: Apache-2.0

/// Every point and every copy that the ledger knows of, folded from its events.
///
/// Only receipts make copies, and only verifications keep them good; what a store says of itself is
/// nothing. Costs one pass over the events; taking one more event is cheap.
package struct CopyBook: Sendable {
    /// A recovery point and where it lies.
    package struct Point: Hashable, Sendable {
        package var name: String
        package var dataset: String
        package var kind: PointKind
        package var parent: String?
        package var consistencyAt: Moment
        package var manifestSha256: String
        /// The run that made it; `nil` when only receipts tell of it, as after a rebuild.
        package var run: BackupRun?
        /// By store.
        package var copies: [String: CopyRecord] = [:]
        /// To whom it was encrypted, as recorded when it was first seen.
        package fileprivate(set) var recipients: [String] = []

        /// Whether it may stand for the whole dataset.
        ///
        /// A point whose run is not known is taken for whole: its manifest was verified.
        package var isWhole: Bool { run?.outcome.isWhole ?? true }

        fileprivate mutating func take(_ receipt: CopyReceipt, untried: Set<String>) {
            if copies[receipt.store]?.take(receipt) == nil {
                var record = CopyRecord(receipt)
                record.wait(for: untried.intersection(recipients))
                copies[receipt.store] = record
            }
        }
    }

    private var points: [String: [String: Point]] = [:]
    /// What other backup programs keep.
    private(set) var foreign = ForeignCopies()
    /// The newest run of each dataset, whatever came of it.
    package private(set) var lastRuns: [String: BackupRun] = [:]
    /// Holds that were not released, by their ids.
    package private(set) var holds: [String: RetentionHold] = [:]
    /// The newest recorded recipients of each dataset.
    package private(set) var recipients: [String: RecipientSet] = [:]
    /// By dataset the recipients that came in with a change and that no key drill has tried yet.
    ///
    /// What is copied meanwhile is claimed: it counts once every one of them has decrypted a part of the dataset
    /// (archive.md, "Keys"). The recipients of the first use need no drill.
    private var untried: [String: Set<String>] = [:]
    /// By dataset those that a key drill has tried.
    private var tried: [String: Set<String>] = [:]
    /// The newest lease and its number.
    package private(set) var lease: (number: Int, lease: Lease)?

    package init() {}

    package init(_ events: some Sequence<Event>) {
        for event in events { take(event) }
    }

    /// The kinds of event that it looks at.
    package static let kinds: Set<EventKind> = ownKinds.union([.repositoryListing, .repositoryCheck])

    /// Those that tell of Lifeboat's own points: what may be restored, healed, verified and expired.
    package static let ownKinds: Set<EventKind> = [
        .backupRun, .copyReceipt, .copyVerification, .copyExpiry, .retentionHold, .recipientSet, .keyDrill,
        .lease,
    ]

    package mutating func take(_ event: Event) {
        switch event.body {
        case .backupRun(let run): take(run)
        case .copyReceipt(let receipt): take(receipt)
        case .copyVerification(let check):
            points[check.dataset]?[check.point]?.copies[check.store]?.take(check)
        case .copyExpiry(let expiry): take(expiry)
        case .retentionHold(let hold): holds[hold.id] = hold.isReleased ? nil : hold
        case .recipientSet(let set): take(set)
        case .keyDrill(let drill): take(drill)
        case .lease(let lease): self.lease = (event.sequence, lease)
        case .repositoryListing(let listing): foreign.take(listing, event.sequence)
        case .repositoryCheck(let check): foreign.take(check, event.sequence)
        default: break
        }
    }

    private mutating func take(_ run: BackupRun) {
        lastRuns[run.dataset] = run
        guard let name = run.point, let manifest = run.manifestSha256, let instant = run.consistencyAt else {
            return
        }
        // In place: a point that is taken out and put back is copied with all its copies.
        points[run.dataset, default: [:]][
            name,
            default: Point(
                name: name, dataset: run.dataset, kind: run.kind, parent: run.parent, consistencyAt: instant,
                manifestSha256: manifest, recipients: recipients[run.dataset]?.recipients ?? [])
        ].run = run
    }

    private mutating func take(_ receipt: CopyReceipt) {
        points[receipt.dataset, default: [:]][
            receipt.point,
            default: Point(
                name: receipt.point, dataset: receipt.dataset, kind: receipt.kind, parent: receipt.parent,
                consistencyAt: receipt.consistencyAt, manifestSha256: receipt.manifestSha256,
                recipients: recipients[receipt.dataset]?.recipients ?? [])
        ].take(receipt, untried: untried[receipt.dataset] ?? [])
    }

    private mutating func take(_ set: RecipientSet) {
        if let old = recipients[set.dataset] {
            let added = Set(set.recipients).subtracting(old.recipients)
            untried[set.dataset, default: []].formUnion(added.subtracting(tried[set.dataset] ?? []))
        }
        recipients[set.dataset] = set
    }

    private mutating func take(_ drill: KeyDrill) {
        guard drill.passed else { return }
        tried[drill.dataset, default: []].insert(drill.recipient)
        guard untried[drill.dataset]?.remove(drill.recipient) != nil else { return }
        for name in (points[drill.dataset] ?? [:]).keys {
            for store in points[drill.dataset]?[name]?.copies.keys.sorted() ?? [] {
                points[drill.dataset]?[name]?.copies[store]?.tried(drill.recipient, at: drill.triedAt)
            }
        }
    }

    private mutating func take(_ expiry: CopyExpiry) {
        points[expiry.dataset]?[expiry.point]?.copies[expiry.store]?.take(expiry)
    }

    // MARK: - Asking

    package var datasets: [String] {
        Set(points.keys).union(lastRuns.keys).union(foreign.points.keys).sorted()
    }

    /// The points of a dataset, oldest first.
    package func points(of dataset: String) -> [Point] {
        let others = foreign.points[dataset] ?? [:]
        let own = points[dataset] ?? [:]
        return (Array(own.values) + Array(others.values)).sorted {
            ($0.consistencyAt, $0.name) < ($1.consistencyAt, $1.name)
        }
    }

    package func point(_ name: String, of dataset: String) -> Point? {
        points[dataset]?[name] ?? foreign.points[dataset]?[name]
    }

    /// The point and those it builds on, the full one first; `nil` when a link is not known.
    package func chain(of name: String, in dataset: String) -> [Point]? {
        var chain: [Point] = []
        var seen: Set<String> = []
        var next: String? = name
        while let name = next {
            guard seen.insert(name).inserted, let point = self.point(name, of: dataset) else { return nil }
            chain.append(point)
            next = point.kind == .full ? nil : point.parent
            if point.kind == .incremental, point.parent == nil { return nil }
        }
        return chain.reversed()
    }

    /// The stores that hold a point with its whole chain in one of the given states, marked copies aside.
    package func stores(
        holding name: String, of dataset: String, at now: Moment, within: Duration,
        states: Set<Copy.State> = [.verified]
    ) -> [String] {
        guard let chain = chain(of: name, in: dataset), let point = chain.last else { return [] }
        return point.copies.keys.sorted().filter { store in
            chain.allSatisfy { link in
                guard let copy = link.copies[store], copy.mark == nil else { return false }
                return states.contains(copy.state(at: now, within: within))
            }
        }
    }

    /// The recipients of a dataset that a key drill has still to try before new copies count; sorted.
    package func untriedRecipients(of dataset: String) -> [String] {
        (untried[dataset] ?? []).intersection(recipients[dataset]?.recipients ?? []).sorted()
    }

    /// The holds that are on at an instant for a dataset.
    package func holds(on dataset: String, at now: Moment) -> [RetentionHold] {
        holds.values.filter { hold in
            hold.endsAt > now && (hold.dataset == nil || hold.dataset == dataset)
        }.sorted { ($0.begunAt, $0.id) < ($1.begunAt, $1.id) }
    }
}
