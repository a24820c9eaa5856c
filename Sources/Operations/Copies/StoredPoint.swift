// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import SecureShell

/// One point as one store shows it: its signed manifest, and the names in its folder.
///
/// Nothing in it is believed but what the signature or a hash proves.
struct StoredPoint: Sendable {
    let access: StoreAccess
    let folder: StoreFolder
    let sealed: SealedManifest
    let signer: AllowedSigners.Signer
    let names: [StoredName]
    /// What was read along with the manifest, by name.
    var contents: [String: [UInt8]] = [:]

    var manifest: Manifest { sealed.manifest }

    /// Reads a point's manifest from a store.
    ///
    /// Of several attempts the first counts that parses and that somebody signed who may. With `expected`, the
    /// SHA-256 that the ledger knows in hex, another manifest is refused, however well signed. Throws
    /// `OperationError` with `.damaged` when there is no such manifest, or another one than was written, and
    /// `RemoteError` when the store could not be asked. With `withIndex` the index and the deletions are read along
    /// if they are not large.
    static func read(
        _ point: String, of dataset: String, from access: StoreAccess, signers: AllowedSigners,
        expecting expected: String?, withIndex: Bool = false
    ) throws -> StoredPoint {
        let folder = try StoreFolder.point(point, of: dataset)
        let (names, contents) = try access.look(into: folder) { name in
            if StoreAccess.isPaper(name.name) { return name.size <= 1 << 20 }
            let role = StoreFile(name: name.name)?.role
            return withIndex && (role == .index || role == .deleted) && name.size <= 12 << 20
        }
        var reasons: [String] = []
        for stored in try access.manifests(in: folder, names: names, contents: contents) {
            for signature in stored.signatures {
                do {
                    let sealed = try SealedManifest(
                        bytes: stored.bytes, signature: String(decoding: signature, as: UTF8.self))
                    let signer = try sealed.signer(among: signers)
                    if let reason = objection(sealed, point, dataset, expected) {
                        reasons.append(reason)
                        continue
                    }
                    return StoredPoint(
                        access: access, folder: folder, sealed: sealed, signer: signer, names: names,
                        contents: contents)
                } catch let error as ArchiveError {
                    reasons.append("\(stored.name): \(error.detail)")
                }
            }
            if stored.signatures.isEmpty { reasons.append("\(stored.name) has no signature") }
        }
        throw OperationError(
            .damaged,
            "store \(access.store.id) does not hold \(dataset)/\(point): "
                + (reasons.first ?? (names.isEmpty ? "there is no such folder" : "there is no manifest")),
            hint: "'lifeboat copies heal \(dataset)' brings it back from another store")
    }

    private static func objection(
        _ sealed: SealedManifest, _ point: String, _ dataset: String, _ expected: String?
    ) -> String? {
        let manifest = sealed.manifest
        guard manifest.point.text == point, manifest.dataset == dataset else {
            return "its manifest is that of \(manifest.dataset)/\(manifest.point): put there by somebody"
        }
        guard expected == nil || sealed.sha256.hex == expected else {
            return "its manifest is not the one that was written: withheld or rolled back"
        }
        return nil
    }

    // MARK: - Files

    /// A file that the manifest names.
    struct Wanted: Hashable, Sendable {
        let role: StoreFile.Role
        let bytes: Int
        let sha256: SHA256Digest

        /// The number of a part; `nil` for another file.
        var part: Int? {
            if case .part(let number) = role { return number }
            return nil
        }
    }

    /// Every file that the manifest names, in the order of SHA256SUMS.
    static func files(of manifest: Manifest) -> [Wanted] {
        var files = manifest.parts.map {
            Wanted(role: .part($0.number), bytes: $0.bytes, sha256: $0.sha256)
        }
        files.append(Wanted(role: .index, bytes: manifest.index.bytes, sha256: manifest.index.sha256))
        if let deleted = manifest.deleted {
            files.append(Wanted(role: .deleted, bytes: deleted.bytes, sha256: deleted.sha256))
        }
        return files
    }

    var files: [Wanted] { Self.files(of: manifest) }

    /// Names in the folder that may be this file, the first attempt first; the size is right, the bytes are not known.
    func candidates(for file: Wanted) -> [StoredName] {
        names.compactMap { name -> (StoredName, Int)? in
            guard let parsed = StoreFile(name: name.name), parsed.role == file.role, name.size == file.bytes
            else { return nil }
            return (name, parsed.attempt)
        }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// What was found of one file.
    enum Finding: Hashable, Sendable {
        case good(StoredFile)
        /// Bytes are there, and twice they were not the right ones.
        case corrupt(String)
        case missing(String)
    }

    /// Hashes a file by the store's way of proof; what does not match is read a second time, byte by byte.
    func check(_ file: Wanted) throws -> Finding {
        let candidates = candidates(for: file)
        let name = StoreFile(file.role).name
        guard !candidates.isEmpty else {
            let other = names.filter { StoreFile(name: $0.name)?.role == file.role }
            guard let found = other.first else { return .missing("\(name) is not there") }
            return .corrupt("\(found.name) has \(found.size) bytes, not \(file.bytes)")
        }
        for candidate in candidates {
            let (digest, method) = try access.digest(of: candidate.name, in: folder)
            if digest == file.sha256 {
                return .good(
                    StoredFile(name: candidate.name, size: candidate.size, sha256: digest, method: method))
            }
        }
        // A first answer may have been spoilt on its way; rot is called what is wrong twice.
        for candidate in candidates {
            let again = try digestOfBytes(candidate.name)
            if again == file.sha256 {
                return .good(
                    StoredFile(
                        name: candidate.name, size: candidate.size, sha256: again, method: .readBack))
            }
        }
        return .corrupt("\(candidates[0].name) does not hold the bytes that were written")
    }

    private func digestOfBytes(_ name: String) throws -> SHA256Digest {
        let file = try access.open(name, in: folder)
        defer { file.close() }
        return try file.sha256()
    }
}

extension RangedBytes {
    /// The digest of everything, read in pieces of 4 MiB.
    func sha256() throws -> SHA256Digest {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        var offset = 0
        while offset < size {
            let count = try read(at: offset, into: buffer)
            guard count > 0 else { break }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
        return hasher.finalize()
    }
}
