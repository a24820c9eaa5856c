// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger

/// One run of a backup, from its first gate to the last store's manifest.
///
/// Used by one thread, once. Whatever goes wrong becomes the run's outcome.
final class BackupAttempt {
    let desk: CopyDesk
    let dataset: Dataset
    let request: BackupRequest
    let holder: RunMarker.Holder
    let toolVersion: String
    let upload: UploadSettings
    let supervision: Supervision

    /// What the ledger gets besides the run itself.
    private(set) var receipts: [CopyReceipt] = []
    private(set) var recipientEvents: [EventBody] = []

    private var run: BackupRun
    private var mergedIndex: String?
    private var stores: StoreSet?
    private let shelf: IndexShelf

    init(
        desk: CopyDesk, dataset: Dataset, request: BackupRequest, holder: RunMarker.Holder,
        toolVersion: String, upload: UploadSettings, supervision: Supervision
    ) {
        self.desk = desk
        self.dataset = dataset
        self.request = request
        self.holder = holder
        self.toolVersion = toolVersion
        self.upload = upload
        self.supervision = supervision
        let now = desk.time.now()
        run = BackupRun(
            run: CopyDesk.runName("backup", at: now), dataset: dataset.id,
            kind: request == .incremental ? .incremental : .full, outcome: .failed, begunAt: now, endedAt: now
        )
        shelf = IndexShelf(workspace: desk.workspace, dataset: dataset.id)
    }

    /// Does it, and says what came of it.
    func perform() -> BackupRun {
        do {
            try backUp()
        } catch {
            let failure = OperationError(describing: error)
            run.outcome = failure.code == .refused ? .refused : .failed
            run.detail = failure.detail + (failure.hint.map { " (\($0))" } ?? "")
            receipts = []
        }
        run.endedAt = desk.time.now()
        return run
    }

    /// What lay in the ledger's folder of each store when the run began.
    var images: [String: [StoredName]] {
        var images: [String: [StoredName]] = [:]
        for store in dataset.copies.to { images[store] = stores?.opening(of: store)?.images }
        return images
    }

    private func note(_ words: String) {
        // Bounded: a finding is for a person, and the ledger keeps it for ever.
        if run.findings.count < 100 { run.findings.append(String(words.prefix(500))) }
    }

    // MARK: - The story

    private func backUp() throws {
        var book = try desk.book()
        let keys = try readKeys(book)
        try holder.write(marker(point: nil))
        let hooks = BackupHooks(source: dataset.source, dataset: dataset.id, run: run.run)
        var hasEndedHooks = false
        defer { if !hasEndedHooks { endHooks(hooks) } }
        let notes = try hooks.before(isCancelled: supervision.isCancelled)
        // A hook may have taken hours.
        if !dataset.source.before.isEmpty { book = try desk.book() }
        let greeting = try StoreGreeting(dataset.copies.to, connector: desk.connector)
        let base = BackupBase.choose(dataset, request, book, shelf, desk)
        base.notes.forEach(note)
        run.kind = base.parent == nil ? .full : .incremental
        run.parent = base.parent?.point
        var gates = BackupGates(dataset: dataset, before: base.previousCounts)
        let source = try BackupSources.open(dataset, notes, desk: desk)
        try gates.before(source)

        let instant = notes.consistencyAt ?? desk.time.now()
        guard instant <= desk.time.now() + .minutes(1) else {
            throw OperationError(
                .failed, "the before hook says consistency_time=\(instant), which is to come")
        }
        let point = PointName(
            time: ArchiveTime(nanoseconds: instant.nanoseconds),
            kind: run.kind == .full ? .full : .incremental)
        try holder.write(marker(point: point.text))
        let work = try WorkFolder(desk.workspace, run: run.run)
        defer { work.remove() }

        let stores = try StoreSet(desk: desk, dataset: dataset, point: point, book: book, greeting: greeting)
        self.stores = stores
        let uploader = StoreUploader(
            stores.folder, to: stores.stores, spoolFolder: work.path, settings: upload, opening: stores.open)
        let written = try write(source, base, keys, work, to: uploader, stores)
        run.outcome = BackupOutcome(written.outcome)
        endHooks(hooks)
        hasEndedHooks = true
        do {
            try gates.after(written.counts)
        } catch {
            uploader.abandon(error)
            throw error
        }
        let sealed = try seal(written, point, instant, base, keys, gates)
        try commit(sealed, written, uploader, stores, book)
    }

    private func marker(point: String?) -> RunMarker {
        RunMarker(run: run.run, dataset: dataset.id, kind: run.kind, point: point, begunAt: run.begunAt)
    }

    private func endHooks(_ hooks: BackupHooks) {
        guard let trouble = hooks.after(outcome: run.outcome) else { return }
        note(trouble)
        run.hookTrouble = trouble
    }

    // MARK: - Keys

    struct Keys {
        var recipients: [AgeRecipient]
        var signer: SSHSigningKey
        var signers: AllowedSigners
    }

    private func readKeys(_ book: CopyBook) throws -> Keys {
        let keys = Keys(
            recipients: try desk.keys.recipients(of: dataset), signer: try desk.keys.signer(),
            signers: try desk.keys.allowedSigners())
        try checkCount(of: keys.recipients)
        switch KeyRing.check(keys.recipients, recorded: book.recipients[dataset.id]) {
        case .unchanged: break
        case .firstUse:
            let set = RecipientSet(
                dataset: dataset.id, recipients: keys.recipients.map(\.text), recordedAt: run.begunAt)
            recipientEvents = [.recipientSet(set)]
        case .changed(let old, let new):
            throw OperationError(
                .refused,
                "the recipients of \(dataset.id) are not those it had: "
                    + "\(new.joined(separator: ", ")) instead of \(old.joined(separator: ", "))",
                hint: "if that is meant, run 'lifeboat key accept \(dataset.id)'")
        }
        return keys
    }

    /// A key that is lost with this machine takes every point with it, unless there is a second one.
    private func checkCount(of recipients: [AgeRecipient]) throws {
        guard recipients.count < dataset.copies.recipients else { return }
        throw OperationError(
            .refused,
            "\(dataset.id) is to be encrypted to \(dataset.copies.recipients) keys, and there are \(recipients.count)",
            hint: "'lifeboat key escrow --to FILE' makes one to be kept away, 'lifeboat key list' shows them")
    }

    // MARK: - Writing

    private func write(
        _ source: any BackupSource, _ base: BackupBase, _ keys: Keys, _ work: WorkFolder,
        to uploader: StoreUploader, _ stores: StoreSet
    ) throws -> WrittenPoint {
        let merged = try shelf.newPath(run: run.run)
        mergedIndex = merged
        var settings = WriterSettings(workFolder: work.path)
        if let wanted = dataset.partSize {
            settings.partBytes = wanted
        } else {
            settings.advisedPartBytes = uploader.advisedPartBytes
        }
        // The writer waits inside the uploader while stores are slow; somebody must wake it.
        let watch = CancellationWatch(supervision.isCancelled) { uploader.abandon() }
        defer { watch.end() }
        do {
            let written = try source.write(
                previous: base.parent.map(shelf.path(of:)), recipients: keys.recipients, settings: settings,
                to: uploader, mergedIndexTo: merged, label: "backup \(dataset.id)", supervision: supervision)
            uploader.finish()
            return written
        } catch {
            uploader.abandon(error)
            guard !supervision.isCancelled() else {
                throw OperationError(
                    .cancelled, "stopped; nothing of this run counts, everything before does")
            }
            if let unreachable = stores.unreachable { throw unreachable }
            throw error
        }
    }

    private func seal(
        _ written: WrittenPoint, _ point: PointName, _ instant: Moment, _ base: BackupBase, _ keys: Keys,
        _ gates: BackupGates
    ) throws -> SealedManifest {
        for finding in written.findings {
            note("\(finding.kind.rawValue): \(MemberPath.shown(finding.path)): \(finding.detail)")
        }
        run.counts = BackupCounts(written.counts)
        run.outcome = BackupOutcome(written.outcome)
        let head = try desk.ledger.head()
        let manifest = Manifest(
            workspace: desk.plan.workspace, dataset: dataset.id, point: point,
            parent: try base.parent.flatMap { entry in
                guard let name = PointName(entry.point) else { return nil }
                return Manifest.Parent(
                    point: name, manifestSHA256: try SHA256Digest(hex: entry.manifestSha256))
            },
            sequence: base.sequence + 1,
            previousManifestSHA256: try base.previousManifest.map { try SHA256Digest(hex: $0) },
            begunAt: written.begunAt, endedAt: written.endedAt,
            consistencyAt: ArchiveTime(nanoseconds: instant.nanoseconds),
            parts: written.parts.map {
                Manifest.Part(home: point, number: $0.number, bytes: $0.bytes, sha256: $0.sha256)
            },
            index: Manifest.File(bytes: written.index.bytes, sha256: written.index.sha256),
            deleted: written.deleted.map { Manifest.File(bytes: $0.bytes, sha256: $0.sha256) },
            counts: written.counts, outcome: written.outcome,
            recipients: keys.recipients.map(\.text).sorted(),
            gates: gates.results,
            ledgerHead: try head.map {
                Manifest.LedgerHead(seq: $0.sequence, sha256: try SHA256Digest(hex: $0.sha256))
            }, toolVersion: toolVersion)
        return try SealedManifest(manifest, signedBy: keys.signer)
    }

    // MARK: - Committing

    /// Each store commits as soon as it has proven all parts; one that fails keeps no other back.
    private func commit(
        _ sealed: SealedManifest, _ written: WrittenPoint, _ uploader: StoreUploader,
        _ stores: StoreSet, _ book: CopyBook
    ) throws {
        var workers: [(store: String, work: Worker<CopyReceipt>)] = []
        var results: [String: StoreResult] = [:]
        while let result = uploader.nextResult() {
            guard let access = stores.stores.first(where: { $0.store.id == result.store }) else { continue }
            if let error = result.error {
                results[result.store] = StoreResult(
                    store: result.store, state: .behind, detail: OperationError(describing: error).detail)
                continue
            }
            let commit = StoreCommit(
                desk: desk, access: access, sealed: sealed, written: written, book: book)
            let parts = result.parts
            workers.append((result.store, Worker("commit \(result.store)") { try commit.perform(parts) }))
        }
        for (store, work) in workers {
            do {
                let receipt = try work.join()
                receipts.append(receipt)
                results[store] = standing(receipt, book)
            } catch {
                results[store] = StoreResult(
                    store: store, state: .behind, detail: OperationError(describing: error).detail)
            }
        }
        run.stores = dataset.copies.to.compactMap { results[$0] }
        let strangers = dataset.copies.to.flatMap { stores.opening(of: $0)?.notes ?? [] }
        run.findings.insert(contentsOf: strangers.map { String($0.prefix(500)) }, at: 0)
        if let unreachable = stores.unreachable { throw unreachable }
        guard !receipts.isEmpty else {
            let reasons = run.stores.map { "\($0.store): \($0.detail ?? "")" }.joined(separator: "; ")
            throw OperationError(.unreachable, "no store took the point; \(reasons)")
        }
        run.point = sealed.manifest.point.text
        run.consistencyAt = Moment(nanoseconds: sealed.manifest.consistencyAt.nanoseconds)
        run.manifestSha256 = sealed.sha256.hex
        run.sequence = sealed.manifest.sequence
    }

    /// A store that holds this point without what it builds on is behind: nothing can be restored from it yet.
    private func standing(_ receipt: CopyReceipt, _ book: CopyBook) -> StoreResult {
        let within = dataset.copies.verifiedWithin
        if let parent = receipt.parent,
            !book.stores(
                holding: parent, of: dataset.id, at: desk.time.now(), within: within,
                states: [.verified, .stale, .claimed]
            ).contains(receipt.store)
        {
            return StoreResult(
                store: receipt.store, state: .behind,
                detail: "it holds this point, and not all that it builds on")
        }
        let untried = book.untriedRecipients(of: dataset.id)
        guard untried.isEmpty else {
            return StoreResult(
                store: receipt.store, state: .claimed,
                detail: "it counts once a key drill has tried \(untried.joined(separator: ", "))")
        }
        guard receipt.method != .none else {
            return StoreResult(
                store: receipt.store, state: .claimed,
                detail: "a sample was read back; 'verify' reads the rest")
        }
        return StoreResult(store: receipt.store, state: .verified)
    }

    /// Makes the run's merged index the newest one, now that the run stands in the ledger.
    func keepIndex() {
        guard let mergedIndex else { return }
        guard let point = run.point, let manifest = run.manifestSha256 else {
            shelf.sweep()
            return
        }
        do {
            try shelf.commit(
                mergedIndex, point: point, manifestSha256: manifest, source: BackupBase.identity(of: dataset))
        } catch {
            // Without its index the point is as good as ever; the next run is a full one.
            shelf.sweep()
        }
    }
}

/// A private folder for what a run keeps on this machine, and nothing survives it.
struct WorkFolder {
    let path: String

    init(_ workspace: Workspace, run: String) throws {
        for folder in [workspace.privateFolder, workspace.spoolFolder] {
            try Workspace.makeFolder(folder, mode: 0o700)
        }
        path = "\(workspace.spoolFolder)/\(run)"
        try Workspace.makeFolder(path, mode: 0o700)
    }

    func remove() {
        // What cannot be removed is litter in the spool; it does no harm and the next run has its own folder.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Asks now and then whether to stop, on a thread of its own, and acts once.
final class CancellationWatch: Sendable {
    private let flag = WatchFlag()

    init(_ isCancelled: @escaping @Sendable () -> Bool, _ action: @escaping @Sendable () -> Void) {
        let flag = flag
        _ = Worker("cancellation") {
            while !flag.isOver {
                if isCancelled() {
                    action()
                    return
                }
                poll(nil, 0, 100)
            }
        }
    }

    func end() {
        flag.end()
    }
}
