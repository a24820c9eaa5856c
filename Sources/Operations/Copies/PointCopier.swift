// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Ledger
import Synchronization

/// Copies one point's files from one store to another, as they are, and writes the receipt.
///
/// A file that the target holds already, proven by its hash, is not sent again, so a copy that broke off goes
/// on at the next file. The manifest goes last.
struct PointCopier {
    let desk: CopyDesk
    let source: StoredPoint
    let target: StoreAccess
    let book: CopyBook

    private var manifest: Manifest { source.manifest }

    /// How many files are on their way at once: one is read while another is written and a third is proven.
    private static let width = 3

    /// Returns how many bytes were sent.
    func copy(_ supervision: Supervision) throws -> Int {
        try target.makeFolder(source.folder)
        let there = StoredPoint(
            access: target, folder: source.folder, sealed: source.sealed, signer: source.signer,
            names: try target.names(in: source.folder))
        let meter = CopyMeter(
            label: "copy \(manifest.point) to \(target.store.id)",
            totalBytes: source.files.reduce(0) { $0 + $1.bytes })
        let bucket = target.bucket
        let placed = try inTurns(source.files, width: Self.width, "copy to \(target.store.id)") { file in
            guard !supervision.isCancelled() else {
                throw OperationError(.cancelled, "copying was stopped; the files that were proven stay")
            }
            supervision.progress(meter.progress)
            let (stored, bytes) = try place(file, there, bucket, supervision)
            meter.add(file.bytes)
            return (file: file, stored: stored, sent: bytes)
        }
        let attempts = placed.map { ($0.file.role, StoreFile(name: $0.stored.name)?.attempt ?? 1) }
        let paper = PointPaper(
            desk: desk, target: target, folder: source.folder, sealed: source.sealed, book: book)
        try paper.write(attempts: Dictionary(uniqueKeysWithValues: attempts), there: there.names)
        try writeDown(.ofAll(placed.map(\.stored.method)))
        return placed.reduce(0) { $0 + $1.sent }
    }

    /// Makes sure that one file is there.
    private func place(
        _ file: StoredPoint.Wanted, _ there: StoredPoint, _ bucket: TokenBucket?, _ supervision: Supervision
    ) throws -> (stored: StoredFile, sent: Int) {
        if case .good(let stored) = try there.check(file) { return (stored, 0) }
        var last: OperationError?
        for candidate in source.candidates(for: file) {
            let bytes = try source.access.open(candidate.name, in: source.folder)
            defer { bytes.close() }
            let paced = bucket.map {
                PacedBytes(source: bytes, bucket: $0, isCancelled: supervision.isCancelled)
            }
            do {
                let stored = try target.put(
                    paced ?? bytes, as: StoreFile(file.role).name, in: source.folder, sha256: file.sha256,
                    part: file.part)
                return (stored, file.bytes)
            } catch let error as OperationError where error.code == .damaged {
                last = error
            }
        }
        throw last
            ?? OperationError(
                .damaged,
                "\(StoreFile(file.role).name) of \(manifest.point) is not in \(source.access.store.id)")
    }

    private func writeDown(_ method: ProofMethod) throws {
        let site = desk.plan.site(of: target.store)?.id ?? ""
        let receipt = CopyReceipt(
            manifest, source.sealed.sha256, in: target.store, site: site, at: desk.time.now(), method: method)
        try desk.ledger.append([.copyReceipt(receipt)], at: desk.time.now())
    }
}

extension CopyReceipt {
    /// The receipt for a point whose every file was proven in a store.
    init(
        _ manifest: Manifest, _ sha256: SHA256Digest, in store: Store, site: String, at now: Moment,
        method: ProofMethod
    ) {
        let files = StoredPoint.files(of: manifest)
        self.init(
            dataset: manifest.dataset, point: manifest.point.text,
            kind: manifest.kind == .full ? .full : .incremental, parent: manifest.parent?.point.text,
            consistencyAt: Moment(nanoseconds: manifest.consistencyAt.nanoseconds), store: store.id,
            site: site, provenAt: now, method: method, bytes: files.reduce(0) { $0 + $1.bytes },
            parts: manifest.parts.count, manifestSha256: sha256.hex, isAppendOnly: store.isAppendOnly)
    }
}

/// How far a copy is, told by several threads.
private final class CopyMeter: Sendable {
    private let label: String
    private let totalBytes: Int
    private let done = Mutex((files: 0, bytes: 0))

    init(label: String, totalBytes: Int) {
        self.label = label
        self.totalBytes = totalBytes
    }

    /// Counts a file that is there now.
    func add(_ bytes: Int) {
        done.withLock { $0 = ($0.files + 1, $0.bytes + bytes) }
    }

    var progress: Progress {
        let done = done.withLock { $0 }
        return Progress(label: label, files: done.files, bytes: done.bytes, totalBytes: totalBytes)
    }
}
