// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity

/// The end of a run in one store: index and deletions, the small papers, and last the manifest.
struct StoreCommit: Sendable {
    let desk: CopyDesk
    let access: StoreAccess
    let sealed: SealedManifest
    let written: WrittenPoint
    let book: CopyBook

    /// Writes and proves everything that is not a part; the receipt is for the ledger.
    func perform(_ parts: [Int: StoredFile]) throws -> CopyReceipt {
        let folder = try StoreFolder.point(sealed.manifest.point.text, of: sealed.manifest.dataset)
        var attempts: [StoreFile.Role: Int] = [:]
        var methods: Set<ProofMethod> = []
        func count(_ role: StoreFile.Role, _ stored: StoredFile) {
            attempts[role] = StoreFile(name: stored.name)?.attempt ?? 1
            methods.insert(stored.method)
        }
        for part in sealed.manifest.parts {
            guard let stored = parts[part.number], stored.sha256 == part.sha256 else {
                throw OperationError(.damaged, "part \(part.number) was never proven in \(access.store.id)")
            }
            count(.part(part.number), stored)
        }
        var content: [(role: StoreFile.Role, file: SealedFile)] = [(.index, written.index)]
        if let deleted = written.deleted { content.append((.deleted, deleted)) }
        let paper = PointPaper(desk: desk, target: access, folder: folder, sealed: sealed, book: book)
        for (role, stored) in try paper.write(new: content, attempts: attempts) { count(role, stored) }
        return CopyReceipt(
            sealed.manifest, sealed.sha256, in: access.store,
            site: desk.plan.site(of: access.store)?.id ?? "", at: desk.time.now(), method: .ofAll(methods))
    }
}

extension BackupCounts {
    init(_ counts: PointCounts) {
        self.init()
        files = counts.files
        folders = counts.folders
        others = counts.others
        added = counts.added
        changed = counts.changed
        deleted = counts.deleted
        unreadable = counts.unreadable
        skippedSockets = counts.skippedSockets
        totalFiles = counts.totalFiles
        totalBytes = counts.totalBytes
        bytesRead = counts.bytesRead
        bytesStored = counts.bytesStored
        parts = counts.parts
    }
}

extension BackupOutcome {
    init(_ outcome: Manifest.Outcome) {
        self =
            switch outcome {
            case .complete: .complete
            case .completeWithChanges: .completeWithChanges
            case .partial: .partial
            }
    }
}
