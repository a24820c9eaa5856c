// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation

/// The small files of a point in one store: checksums, recovery card, signature and, last, the manifest.
struct PointPaper {
    let desk: CopyDesk
    let target: StoreAccess
    let folder: StoreFolder
    let sealed: SealedManifest
    /// What the ledger knows of the dataset's points, for the chain that the card names.
    let book: CopyBook

    private var manifest: Manifest { sealed.manifest }
    private var shelf: ManifestShelf { ManifestShelf(workspace: desk.workspace, dataset: manifest.dataset) }

    /// Writes what is not there yet; a manifest that verifies is the one commit point, so it goes last.
    ///
    /// `attempts` says under which attempt each file lies in this store, `names` what lies in the folder.
    func write(attempts: [StoreFile.Role: Int], there names: [StoredName]) throws {
        var attempts = attempts
        let sums = Checksums(manifest, attempts: attempts).text
        attempts[.checksums] = try put(Array(sums.utf8), .checksums, names)
        // A card names its own signature and manifest, so it is written for the names they are about to get.
        attempts[.signature] = next(.signature, holding: Array(sealed.signature.utf8), names)
        attempts[.manifest] = next(.manifest, holding: sealed.bytes, names)
        attempts[.card] =
            (names.compactMap { StoreFile(name: $0.name) }.filter { $0.role == .card }.map(\.attempt).max()
                ?? 0) + 1
        if let card = try card(attempts) { attempts[.card] = try put(Array(card.utf8), .card, names) }
        attempts[.signature] = try put(Array(sealed.signature.utf8), .signature, names)
        attempts[.manifest] = try put(sealed.bytes, .manifest, names)
        // Only a memory; the next card asks the store when it is missing.
        try? shelf.keep(sealed, attempts: attempts, in: target.store.id)
    }

    /// Writes everything that is not a part into a folder that holds nothing of it yet, side by side.
    ///
    /// The manifest follows when all the rest is proven. The papers name each other's first attempts; should one
    /// have come to lie under another name, those that name it are written again.
    ///
    /// - Parameters:
    ///   - content: Index and deletions, from this machine's disk.
    ///   - parts: Under which attempt each part lies in this store.
    /// - Returns: index and deletions as they lie there.
    /// - Throws: `OperationError` with `.damaged` when the store holds something else twice, `RemoteError` when it fails.
    func write(
        new content: [(role: StoreFile.Role, file: SealedFile)], attempts parts: [StoreFile.Role: Int]
    ) throws -> [(StoreFile.Role, StoredFile)] {
        var attempts = parts
        for role in content.map(\.role) + [.checksums, .card, .signature, .manifest] { attempts[role] = 1 }
        var papers = try content.map { role, file in
            NewPaper(try FileBytes(path: file.path), as: StoreFile(role).name, sha256: file.sha256)
        }
        papers.append(
            NewPaper(
                Array(Checksums(manifest, attempts: attempts).text.utf8), as: StoreFile(.checksums).name))
        if let card = try card(attempts) {
            papers.append(NewPaper(Array(card.utf8), as: StoreFile(.card).name))
        } else {
            attempts[.card] = nil
        }
        papers.append(NewPaper(Array(sealed.signature.utf8), as: StoreFile(.signature).name))
        let stored = try target.put(together: papers, in: folder)
        let found = Array(zip(content.map(\.role), stored))
        guard zip(papers, stored).allSatisfy({ $0.name == $1.name }) else {
            for (role, file) in found { attempts[role] = StoreFile(name: file.name)?.attempt ?? 1 }
            try write(attempts: attempts, there: target.names(in: folder))
            return found
        }
        let last = try target.put(sealed.bytes, as: StoreFile(.manifest).name, in: folder)
        attempts[.manifest] = StoreFile(name: last.name)?.attempt ?? 1
        // Only a memory; the next card asks the store when it is missing.
        try? shelf.keep(sealed, attempts: attempts, in: target.store.id)
        return found
    }

    /// Writes the card of a point that was committed before what it builds on had come.
    func writeMissingCard(attempts: [StoreFile.Role: Int], there names: [StoredName]) throws {
        guard !names.contains(where: { StoreFile(name: $0.name)?.role == .card }),
            let card = try card(attempts)
        else { return }
        try put(Array(card.utf8), .card, names)
    }

    /// The attempt under which these bytes lie, or will.
    private func next(_ role: StoreFile.Role, holding bytes: [UInt8], _ names: [StoredName]) -> Int {
        let there = names.compactMap { StoreFile(name: $0.name) }.filter { $0.role == role }
        if let found = existing(bytes, role, names) { return found }
        return (there.map(\.attempt).max() ?? 0) + 1
    }

    private func existing(_ bytes: [UInt8], _ role: StoreFile.Role, _ names: [StoredName]) -> Int? {
        for name in names where name.size == bytes.count {
            guard let file = StoreFile(name: name.name), file.role == role else { continue }
            // One that cannot be read is written again under the next name.
            if (try? target.read(name.name, in: folder, limit: bytes.count)) == bytes { return file.attempt }
        }
        return nil
    }

    /// Writes a file unless one of its attempts holds these very bytes, and says which attempt does.
    @discardableResult
    private func put(_ bytes: [UInt8], _ role: StoreFile.Role, _ names: [StoredName]) throws -> Int {
        if let found = existing(bytes, role, names) { return found }
        let stored = try target.put(bytes, as: StoreFile(role).name, in: folder)
        return StoreFile(name: stored.name)?.attempt ?? 1
    }

    // MARK: - The card

    /// The recovery card; `nil` when this store does not hold all that the point builds on.
    private func card(_ attempts: [StoreFile.Role: Int]) throws -> String? {
        var chain: [RecoveryCard.Point] = []
        if let parent = manifest.parent {
            guard let points = book.chain(of: parent.point.text, in: manifest.dataset) else { return nil }
            for point in points {
                guard let copy = point.copies[target.store.id], copy.mark?.step != .removed,
                    let known = try cardPoint(point)
                else { return nil }
                chain.append(known)
            }
        }
        chain.append(RecoveryCard.Point(sealed, attempts: attempts))
        return try RecoveryCard(chain: chain, writer: KeyRing.principal(of: manifest.workspace)).text
    }

    private func cardPoint(_ point: CopyBook.Point) throws -> RecoveryCard.Point? {
        if let known = shelf.cardPoint(
            point.name, manifestSha256: point.manifestSha256, in: target.store.id)
        {
            return known
        }
        guard
            let stored = try? StoredPoint.read(
                point.name, of: manifest.dataset, from: target, signers: desk.keys.allowedSigners(),
                expecting: point.manifestSha256)
        else { return nil }
        let attempts = stored.attempts()
        try? shelf.keep(stored.sealed, attempts: attempts, in: target.store.id)
        return RecoveryCard.Point(stored.sealed, attempts: attempts)
    }
}

extension StoredPoint {
    /// Under which attempt each file lies here, by the newest SHA256SUMS that fits the manifest.
    func attempts() -> [StoreFile.Role: Int] {
        var attempts: [StoreFile.Role: Int] = [:]
        let sums = names.compactMap { StoreFile(name: $0.name) }.filter { $0.role == .checksums }
            .sorted { $0.attempt > $1.attempt }
        let wanted = Set(files.map(\.sha256))
        for file in sums {
            guard let bytes = try? access.read(file.name, in: folder, limit: 32 << 20),
                let lines = try? Checksums(parsing: String(decoding: bytes, as: UTF8.self)).lines,
                Set(lines.map(\.sha256)) == wanted
            else { continue }
            for line in lines { attempts[line.file.role] = line.file.attempt }
            attempts[.checksums] = file.attempt
            break
        }
        for role in [StoreFile.Role.signature, .manifest] {
            let bytes = role == .manifest ? sealed.bytes : Array(sealed.signature.utf8)
            let found = names.filter { $0.size == bytes.count }.compactMap { StoreFile(name: $0.name) }
                .filter { $0.role == role }
            guard
                let file = found.first(where: {
                    found.count == 1 || (try? access.read($0.name, in: folder, limit: bytes.count)) == bytes
                })
            else { continue }
            attempts[role] = file.attempt
        }
        return attempts
    }
}
