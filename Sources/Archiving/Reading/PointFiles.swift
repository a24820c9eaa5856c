// SPDX-License-Identifier: Apache-2.0

/// A file's name in a point's folder, and its size.
package struct StoredFile: Hashable, Sendable {
    package let name: String
    package let size: Int

    package init(name: String, size: Int) {
        self.name = name
        self.size = size
    }
}

/// One point's folder in one store, or on this machine.
package protocol PointFiles: Sendable {
    /// Where it is, for errors: a folder's path, or a store and the folder in it.
    var place: String { get }

    /// Opens a file by its name; may be called from several threads, each result is used by one thread a time.
    func open(_ name: String) throws -> any RangedBytes

    /// All files with their sizes, in any order.
    func names() throws -> [StoredFile]
}

extension PointFiles {
    /// Reads a whole small file; one that is larger than the limit is refused before it is read.
    func smallFile(_ file: StoredFile, limit: Int) throws -> [UInt8] {
        guard file.size <= limit else {
            throw ArchiveError(
                .malformed, "read", "\(place)/\(file.name)",
                detail: "it has \(file.size) bytes, more than \(limit)")
        }
        return try open(file.name).allBytes()
    }

    /// The point's manifest with its signature, from whichever attempts go together.
    ///
    /// With signers, only a manifest that one of them signed is taken; without, the first that parses, and nobody
    /// vouches for it. What is wrong with the last one tried comes out when none is good.
    package func sealedManifest(among signers: AllowedSigners?) throws -> SealedManifest {
        var manifests: [(file: StoreFile, stored: StoredFile)] = []
        var signatures: [(file: StoreFile, stored: StoredFile)] = []
        for stored in try names() {
            guard let file = StoreFile(name: stored.name) else { continue }
            if file.role == .manifest { manifests.append((file, stored)) }
            if file.role == .signature { signatures.append((file, stored)) }
        }
        manifests.sort { $0.file.attempt < $1.file.attempt }
        signatures.sort { $0.file.attempt > $1.file.attempt }
        var failure = ArchiveError(
            .missing, "read the manifest", place, detail: "there is none, so the point was never committed")
        for (_, stored) in manifests {
            let bytes = try smallFile(stored, limit: Manifest.sizeLimit)
            for signature in signatures {
                do {
                    let text = String(
                        decoding: try smallFile(signature.stored, limit: 64 << 10), as: UTF8.self)
                    let sealed = try SealedManifest(bytes: bytes, signature: text)
                    if let signers { try sealed.signer(among: signers) }
                    return sealed
                } catch let error as ArchiveError {
                    failure = error.about("\(place)/\(stored.name)")
                }
            }
            if signatures.isEmpty {
                guard signers == nil else {
                    failure = ArchiveError(
                        .missing, "read the manifest", "\(place)/\(stored.name)",
                        detail: "its signature is not there")
                    continue
                }
                return try SealedManifest(bytes: bytes, signature: "")
            }
        }
        throw failure
    }
}
