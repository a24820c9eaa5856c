// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
package import Ledger

/// What expiry did, or would do, in one store.
package struct ExpiryReport: Hashable, Sendable, Codable {
    package var dataset: String
    package var store: String
    package var decision: RetentionDecision
    package var marked: [String]
    package var removed: [String]
    /// Marks that were taken back because the rules keep the point after all.
    package var spared: [String]
    /// What kept it from being done, or what else is to be known.
    package var detail: String?

    package init(
        dataset: String, store: String, decision: RetentionDecision, marked: [String] = [],
        removed: [String] = [], spared: [String] = [], detail: String? = nil
    ) {
        self.dataset = dataset
        self.store = store
        self.decision = decision
        self.marked = marked
        self.removed = removed
        self.spared = spared
        self.detail = detail
    }
}

/// Removes what the keep rules let go: marked first, removed when the quarantine is over.
package struct Expirer: Sendable {
    let desk: CopyDesk
    let quarantine: Duration
    let share: Double

    /// Makes an expirer; `share` is the largest share of a store's points that may go in one run.
    package init(_ desk: CopyDesk, quarantine: Duration = .days(7), share: Double = 0.25) {
        self.desk = desk
        self.quarantine = quarantine
        self.share = share
    }

    package init(
        workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system,
        quarantine: Duration = .days(7)
    ) {
        self.init(
            CopyDesk(workspace: workspace, plan: plan, ledger: ledger, time: time), quarantine: quarantine)
    }

    /// Applies the keep rules of one dataset or all, store by store.
    ///
    /// With `dryRun` nothing is marked, removed or written down. A store that fails keeps no other from being
    /// looked at. Only removing takes a lease.
    package func expire(
        dataset: String? = nil, dryRun: Bool = false, supervision: Supervision = Supervision()
    ) throws -> [ExpiryReport] {
        var reports: [ExpiryReport] = []
        for dataset in try desk.datasets(dataset) {
            for store in dataset.copies.to.compactMap(desk.plan.store(_:)) where !supervision.isCancelled() {
                // Read anew for each store: what has just gone from one must count for the next.
                let book = try desk.book()
                reports.append(try expire(dataset, store, book, dryRun: dryRun, supervision))
            }
        }
        return reports
    }

    private func expire(
        _ dataset: Dataset, _ store: Store, _ book: CopyBook, dryRun: Bool, _ supervision: Supervision
    ) throws -> ExpiryReport {
        let now = desk.time.now()
        let rules = RetentionRules(keep: dataset.keep ?? Retention(), zone: desk.zone, share: share)
        let holds = book.holds(on: dataset.id, at: now).map(\.reason)
        let decision = rules.decide(Self.points(book, dataset, store.id, at: now), at: now, holds: holds)
        var report = ExpiryReport(dataset: dataset.id, store: store.id, decision: decision)
        guard decision.refusal == nil else { return report }
        guard !store.isAppendOnly else {
            if !decision.expired.isEmpty { lookAtVault(dataset, store, dryRun: dryRun, &report) }
            return report
        }
        let marks = Self.marks(book, dataset.id, store.id)
        let going = decision.expired + decision.deferred
        report.spared = marks.keys.filter { !going.contains($0) }.sorted()
        report.marked = decision.expired.filter { marks[$0] == nil }
        let due = decision.expired.filter { marks[$0]?.removableAt.map { $0 <= now } ?? false }
        guard !dryRun else {
            report.removed = due
            return report
        }
        try writeDown(report, dataset, store, at: now)
        try remove(due, dataset, store, &report, supervision)
        return report
    }

    /// Learns what was removed at the vault's own site, of what the rules let go; anything else that is missing there
    /// is a loss, which verification finds.
    private func lookAtVault(_ dataset: Dataset, _ store: Store, dryRun: Bool, _ report: inout ExpiryReport) {
        do {
            let there = Set(try desk.connector.store(store.id).points(of: dataset.id))
            report.removed = report.decision.expired.filter { !there.contains($0) }
            let now = desk.time.now()
            let events = report.removed.map { name in
                EventBody.copyExpiry(
                    CopyExpiry(
                        dataset: dataset.id, point: name, store: store.id, step: .removed, happenedAt: now,
                        reason: "no keep rule holds it, and it was removed at the site"))
            }
            if !dryRun, !events.isEmpty { try desk.ledger.append(events, at: now) }
            guard report.removed.count < report.decision.expired.count else { return }
            report.detail =
                "nothing is removed from a vault by this account: run 'lifeboat store expire' at the site"
        } catch {
            report.detail = OperationError(describing: error).detail
        }
    }

    /// What a store holds, as retention looks at it.
    ///
    /// Marked copies are still there: they are judged like the others, so that a mark can be taken back.
    static func points(
        _ book: CopyBook, _ dataset: Dataset, _ store: String, at now: Moment
    ) -> [RetentionPoint] {
        let within = dataset.copies.verifiedWithin
        var isVerified: [String: Bool] = [:]
        return book.points(of: dataset.id).compactMap { point in
            guard let copy = point.copies[store], copy.mark?.step != .removed else { return nil }
            let own = copy.state(at: now, within: within) == .verified
            isVerified[point.name] =
                own && (point.kind == .full || point.parent.flatMap { isVerified[$0] } ?? false)
            return RetentionPoint(
                name: point.name, kind: point.kind, parent: point.parent, claimedAt: point.consistencyAt,
                arrivedAt: copy.arrivedAt, isVerified: isVerified[point.name] ?? false,
                isWhole: point.isWhole, totalFiles: point.run?.counts.totalFiles)
        }
    }

    private static func marks(_ book: CopyBook, _ dataset: String, _ store: String) -> [String: CopyExpiry] {
        var marks: [String: CopyExpiry] = [:]
        for point in book.points(of: dataset) {
            guard let mark = point.copies[store]?.mark, mark.step == .marked else { continue }
            marks[point.name] = mark
        }
        return marks
    }

    private func writeDown(_ report: ExpiryReport, _ dataset: Dataset, _ store: Store, at now: Moment) throws
    {
        let marked = report.marked.map { name in
            CopyExpiry(
                dataset: dataset.id, point: name, store: store.id, step: .marked, happenedAt: now,
                removableAt: now + quarantine, reason: "no keep rule holds it")
        }
        let spared = report.spared.map { name in
            CopyExpiry(
                dataset: dataset.id, point: name, store: store.id, step: .spared, happenedAt: now,
                reason: report.decision.kept[name]?.joined(separator: ", ") ?? "kept")
        }
        guard !marked.isEmpty || !spared.isEmpty else { return }
        try desk.ledger.append((marked + spared).map { .copyExpiry($0) }, at: now)
    }

    // MARK: - Removing

    private func remove(
        _ due: [String], _ dataset: Dataset, _ store: Store, _ report: inout ExpiryReport,
        _ supervision: Supervision
    ) throws {
        guard !due.isEmpty else { return }
        let lease = try LedgerLease.take(desk, purpose: "expire \(dataset.id) in \(store.id)")
        defer {
            // A lease that cannot be given back ends by itself.
            try? lease.release()
        }
        for name in due where !supervision.isCancelled() {
            do {
                try PointRemoval(access: desk.connector.store(store.id), lease: lease)
                    .remove(name, of: dataset.id)
            } catch {
                report.detail = OperationError(describing: error).detail
                return
            }
            let now = desk.time.now()
            let expiry = CopyExpiry(
                dataset: dataset.id, point: name, store: store.id, step: .removed, happenedAt: now,
                reason: "its quarantine is over", lease: lease.number)
            try desk.ledger.append([.copyExpiry(expiry)], at: now)
            report.removed.append(name)
        }
    }
}

/// Takes a point out of a store, so that at no instant half of it looks like a point.
struct PointRemoval {
    let access: StoreAccess
    let lease: LedgerLease

    /// Removes the manifests first: without one the rest is litter, and the next try goes on with it.
    func remove(_ point: String, of dataset: String) throws {
        let folder = try StoreFolder.point(point, of: dataset)
        let names = try access.names(in: folder).map(\.name)
        let order = names.sorted { left, right in
            (Self.rank(left), left) < (Self.rank(right), right)
        }
        for name in order { try access.remove(name, in: folder, under: lease) }
        guard try access.points(of: dataset).contains(point) else { return }
        try access.removeFolder(folder, under: lease)
    }

    private static func rank(_ name: String) -> Int {
        switch StoreFile(name: name)?.role {
        case .manifest: 0
        case .signature: 1
        default: 2
        }
    }
}

/// The right to remove, as a row of the ledger that is read again before each removal.
package struct LedgerLease: RemovalLease, Sendable {
    let desk: CopyDesk
    /// The number of the lease's event.
    package let number: Int
    let lease: Lease
    /// Ends with the process, so that a lease of this machine whose process is gone is known to be free.
    private let lock: FileLock

    /// Writes a lease down; whoever held one before has lost it.
    ///
    /// A lease of a process of this machine that was killed keeps nobody waiting: its lock ended with it.
    ///
    /// - Throws: `OperationError` with `.refused` while somebody else holds one that has not ended.
    static func take(_ desk: CopyDesk, purpose: String, length: Duration = .minutes(30)) throws -> LedgerLease
    {
        let now = desk.time.now()
        try Workspace.makeFolder(desk.workspace.privateFolder, mode: 0o700)
        guard let lock = try FileLock.take("\(desk.workspace.privateFolder)/removal.lock") else {
            throw OperationError(.refused, "another lifeboat is removing files in this workspace")
        }
        if let (_, held) = CopyBook(try desk.ledger.events(of: [.lease])).lease, held.endsAt > now,
            !held.holder.hasSuffix(" on \(ProcessName.host)")
        {
            throw OperationError(
                .refused,
                "\(held.holder) may remove files until \(held.endsAt.text(decimals: 0)): \(held.purpose)",
                hint: "wait for it to end")
        }
        let random = (0..<8).map { _ in UInt8.random(in: .min ... .max) }.lowercaseHex
        let lease = Lease(
            holder: "process \(ProcessName.own)", token: random, purpose: purpose, begunAt: now,
            endsAt: now + length)
        let events = try desk.ledger.append([.lease(lease)], at: now)
        return LedgerLease(desk: desk, number: events[0].sequence, lease: lease, lock: lock)
    }

    package func confirm() throws {
        let newest = CopyBook(try desk.ledger.events(of: [.lease])).lease
        guard newest?.number == number, newest?.lease.token == lease.token else {
            throw OperationError(.refused, "the right to remove was taken by somebody else")
        }
        guard desk.time.now() < lease.endsAt else {
            throw OperationError(.refused, "the right to remove has ended", hint: "run it again")
        }
    }

    /// Gives the right back early.
    func release() throws {
        var ended = lease
        ended.endsAt = desk.time.now()
        ended.purpose = "released"
        try desk.ledger.append([.lease(ended)], at: desk.time.now())
    }
}
