// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
import Ledger

/// Makes a new ledger from what the stores know, when the old one was lost with its site.
package struct LedgerRebuilder: Sendable {
    let workspace: Workspace
    let plan: Plan
    let time: TimeSource
    let connector: SiteConnector

    package init(
        workspace: Workspace, plan: Plan, time: TimeSource = .system, connector: SiteConnector? = nil
    ) {
        self.workspace = workspace
        self.plan = plan
        self.time = time
        self.connector = connector ?? SiteConnector(plan: plan, workspace: workspace)
    }

    /// What one store could tell.
    private struct Finding: Sendable {
        var store: String
        var images: [[LedgerRow]] = []
        var points: [StoredPoint] = []
        var faults: [String] = []
    }

    /// Takes the newest verified images, adds what the manifests show, and writes down that a rebuilt chain goes on.
    ///
    /// Copies that only their manifests tell of are claimed, not proven: `verify` comes next.
    ///
    /// - Throws: `OperationError` with `.refused` when there is a ledger with events already, `.unreachable`
    ///   when no store answers.
    package func rebuild(supervision: Supervision = Supervision()) throws -> LedgerRebuild {
        try refuseExisting()
        let keys = KeyRing(workspace: workspace)
        let signers = try keys.allowedSigners()
        let identities = try keys.identities()
        let results = inParallel(plan.stores.map(\.id), "rebuild") { [self] store in
            try look(at: store, signers, identities)
        }
        var findings: [Finding] = []
        var missing: [String] = []
        for (store, result) in zip(plan.stores.map(\.id), results) {
            switch result {
            case .success(let finding):
                findings.append(finding)
                missing += finding.faults
            case .failure(let error):
                missing.append("store \(store) was not asked: \(OperationError(describing: error).detail)")
            }
        }
        guard !findings.isEmpty else {
            throw OperationError(.unreachable, missing.joined(separator: "; "))
        }
        return try assemble(findings, missing)
    }

    private func refuseExisting() throws {
        guard Workspace.isFile(workspace.ledgerPath) else { return }
        guard try Ledger(path: workspace.ledgerPath).head() == nil else {
            throw OperationError(
                .refused, "there is a ledger at \(workspace.ledgerPath)",
                hint: "move it away first if it is damaged, and keep it")
        }
    }

    // MARK: - Looking

    private func look(at store: String, _ signers: AllowedSigners, _ identities: [AgeIdentity]) throws
        -> Finding
    {
        let access = try connector.store(store)
        var finding = Finding(store: store)
        let folder = try StoreFolder([LedgerImages.folderName])
        for name in try access.names(in: folder) where LedgerImages.Name(name.name) != nil {
            do {
                let sealed = try access.read(name.name, in: folder, limit: 1 << 30)
                let signature = try access.read(name.name + ".sig", in: folder, limit: 64 << 10)
                _ = try signers.verify(
                    signature: String(decoding: signature, as: UTF8.self), of: sealed,
                    namespace: SignaturePurpose.ledger.namespace, at: nil)
                finding.images.append(try LedgerImages.rows(sealed, identities: identities))
            } catch {
                finding.faults.append(
                    "image \(name.name) in \(store) cannot be used: \(OperationError(describing: error).detail)"
                )
            }
        }
        for dataset in plan.ownDatasets {
            for point in try access.points(of: dataset.id) where PointName(point) != nil {
                // A folder without a manifest that verifies is no point.
                guard
                    let stored = try? StoredPoint.read(
                        point, of: dataset.id, from: access, signers: signers, expecting: nil)
                else { continue }
                finding.points.append(stored)
            }
        }
        return finding
    }

    // MARK: - Putting together

    private func assemble(_ findings: [Finding], _ faults: [String]) throws -> LedgerRebuild {
        let images = findings.flatMap { finding in finding.images.map { (finding.store, $0) } }
        let (rows, source) = Self.longest(images)
        let ledger = try Ledger(path: workspace.ledgerPath)
        if !rows.isEmpty { try ledger.adopt(rows) }
        let known = CopyBook(try ledger.events())
        let found = Self.unknown(findings, to: known, plan: plan, at: time.now())
        var rebuild = LedgerRebuild(
            previousSequence: rows.last?.sequence, previousSha256: rows.last?.sha256,
            source: source.map { "store \($0)" }, addedPoints: found.points,
            missing: faults + Self.gaps(findings, rows, known))
        if rows.isEmpty {
            rebuild.missing.append("no image of the old ledger was found: all but the points is lost")
        }
        try ledger.append([.ledgerRebuild(rebuild)] + found.events, at: time.now())
        return rebuild
    }

    /// The longest whole chain that the images hold, and the store its last piece came from.
    static func longest(_ images: [(store: String, rows: [LedgerRow])]) -> (
        rows: [LedgerRow], source: String?
    ) {
        var best: [LedgerRow] = []
        var source: String?
        for whole in images where whole.rows.first?.sequence == 1 {
            var chain = whole.rows
            var last = whole.store
            while let head = chain.last, let next = Self.following(head, in: images) {
                chain += next.rows.drop { $0.sequence <= head.sequence }
                last = next.store
            }
            if chain.count > best.count { (best, source) = (chain, last) }
        }
        return (best, source)
    }

    /// The image that takes a chain furthest; two writers at once may have put the same events into two images.
    private static func following(
        _ head: LedgerRow, in images: [(store: String, rows: [LedgerRow])]
    ) -> (store: String, rows: [LedgerRow])? {
        images.filter { image in
            guard let end = image.rows.last, end.sequence > head.sequence else { return false }
            return image.rows.contains(head)
                || image.rows.first.map { $0.sequence == head.sequence + 1 && $0.continues(head) } == true
        }.max { ($0.rows.last?.sequence ?? 0) < ($1.rows.last?.sequence ?? 0) }
    }

    /// Points and copies that the manifests show and the images did not know.
    private static func unknown(
        _ findings: [Finding], to book: CopyBook, plan: Plan, at now: Moment
    ) -> (points: [String], events: [EventBody]) {
        var runs: [String: BackupRun] = [:]
        var receipts: [EventBody] = []
        for finding in findings {
            for stored in finding.points {
                let name = stored.manifest.point.text
                let point = book.point(name, of: stored.manifest.dataset)
                if point == nil, runs[name] == nil { runs[name] = BackupRun(stored) }
                guard point?.copies[finding.store] == nil else { continue }
                let site = plan.site(of: stored.access.store)?.id ?? ""
                receipts.append(
                    .copyReceipt(
                        CopyReceipt(
                            stored.manifest, stored.sealed.sha256, in: stored.access.store, site: site,
                            at: now, method: .none)))
            }
        }
        let ordered = runs.sorted { ($0.value.sequence ?? 0, $0.key) < ($1.value.sequence ?? 0, $1.key) }
        return (ordered.map(\.key), ordered.map { .backupRun($0.value) } + receipts)
    }

    /// What the manifests prove to have been, and what is not here.
    private static func gaps(_ findings: [Finding], _ rows: [LedgerRow], _ book: CopyBook) -> [String] {
        var words: [String] = []
        let manifests = findings.flatMap { $0.points.map(\.manifest) }
        let last = rows.last?.sequence ?? 0
        if let newest = manifests.compactMap(\.ledgerHead?.seq).max(), newest > last {
            words.append(
                "events \(last + 1) to \(newest) at least: drills, attestations, reports and checks of that time"
            )
        }
        for (dataset, points) in Dictionary(grouping: manifests, by: \.dataset).sorted(by: { $0.key < $1.key }
        ) {
            let numbers = Set(points.map(\.sequence))
                .union(book.points(of: dataset).compactMap { $0.run?.sequence })
            guard let highest = numbers.max() else { continue }
            let absent = (1...highest).filter { !numbers.contains($0) }
            guard !absent.isEmpty else { continue }
            words.append(
                "points of \(dataset) with the numbers \(absent.prefix(20).map(String.init).joined(separator: ", "))"
                    + (absent.count > 20 ? " and \(absent.count - 20) more" : "") + ": expired, or withheld")
        }
        return words
    }
}

extension BackupRun {
    /// The run that a manifest tells of.
    init(_ stored: StoredPoint) {
        let manifest = stored.manifest
        self.init(
            run: "rebuilt-\(manifest.point)", dataset: manifest.dataset,
            kind: manifest.kind == .full ? .full : .incremental, outcome: BackupOutcome(manifest.outcome),
            begunAt: Moment(nanoseconds: manifest.begunAt.nanoseconds),
            endedAt: Moment(nanoseconds: manifest.endedAt.nanoseconds), point: manifest.point.text,
            parent: manifest.parent?.point.text,
            consistencyAt: Moment(nanoseconds: manifest.consistencyAt.nanoseconds),
            manifestSha256: stored.sealed.sha256.hex, sequence: manifest.sequence,
            counts: BackupCounts(manifest.counts), detail: "known from its manifest alone")
    }
}
