// SPDX-License-Identifier: Apache-2.0

/// One point of a chain: its manifest and the folder that holds its files.
package struct ChainPoint: Sendable {
    package let manifest: Manifest
    package let manifestSHA256: SHA256Digest
    package let files: any PointFiles

    package init(_ sealed: SealedManifest, files: any PointFiles) {
        manifest = sealed.manifest
        manifestSHA256 = sealed.sha256
        self.files = files
    }
}

/// A point whose files were found in its folder: for each role the attempt that fits the manifest.
struct ResolvedPoint: Sendable {
    let manifest: Manifest
    let files: any PointFiles
    /// The files' names by part number, from 1; `nil` where none fits, with the reason in `gaps`.
    let parts: [String?]
    let gaps: [Int: ArchiveError]
    let index: String
    let deleted: String?

    /// Looks at the folder; throws when index or deletions are not there, since nothing can be read without them.
    ///
    /// A size that fits is enough when there is one such file; of several, hashing tells which.
    init(_ point: ChainPoint) throws {
        manifest = point.manifest
        files = point.files
        let finder = FileFinder(files: files, names: try files.names())
        var parts: [String?] = []
        var gaps: [Int: ArchiveError] = [:]
        for part in manifest.parts {
            do {
                parts.append(try finder.name(of: .part(part.number), bytes: part.bytes, sha256: part.sha256))
            } catch let error as ArchiveError where error.code == .missing || error.code == .truncated {
                gaps[part.number] = error
                parts.append(nil)
            }
        }
        self.parts = parts
        self.gaps = gaps
        index = try finder.name(of: .index, bytes: manifest.index.bytes, sha256: manifest.index.sha256)
        deleted = try manifest.deleted.map {
            try finder.name(of: .deleted, bytes: $0.bytes, sha256: $0.sha256)
        }
    }

    /// The name of a part's file, or why there is none.
    func partName(_ number: Int) throws -> String {
        guard number >= 1, number <= parts.count else {
            throw ArchiveError(
                .hostile, "read the index", subject(index),
                detail: "it names part \(number), and the manifest has \(parts.count)")
        }
        if let name = parts[number - 1] { return name }
        throw gaps[number]
            ?? ArchiveError(.missing, "open", subject(StoreFile(.part(number)).name), detail: "no file")
    }

    /// A file as errors name it.
    func subject(_ name: String) -> String { "\(files.place)/\(name)" }
}

/// Finds the attempt that a manifest means.
private struct FileFinder {
    let files: any PointFiles
    let names: [StoredFile]

    func name(of role: StoreFile.Role, bytes: Int, sha256: SHA256Digest) throws -> String {
        let attempts = names.filter { StoreFile(name: $0.name)?.role == role }.sorted { $0.name < $1.name }
        let fitting = attempts.filter { $0.size == bytes }
        let subject = "\(files.place)/\(StoreFile(role).name)"
        guard let first = fitting.first else {
            guard let other = attempts.max(by: { $0.size < $1.size }) else {
                throw ArchiveError(.missing, "find", subject, detail: "it is not there")
            }
            throw ArchiveError(
                .truncated, "find", "\(files.place)/\(other.name)",
                detail: "it has \(other.size) bytes, and the manifest says \(bytes)")
        }
        guard fitting.count > 1 else { return first.name }
        for candidate in fitting {
            let found = unsafe try FileHashing.sha256(of: files.open(candidate.name))
            if found == sha256 { return candidate.name }
        }
        // None is right; the reader finds out where and how.
        return first.name
    }
}

/// Hashes whole files in pieces.
enum FileHashing {
    /// 4 MiB: enough for a long line, and little memory.
    static let pieceSize = 4 << 20

    /// The SHA-256 of everything; `each` sees the bytes as they come.
    static func sha256(
        of source: any RangedBytes, each: (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> SHA256Digest {
        var hasher = SHA256Hasher()
        let buffer = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, min(pieceSize, source.size)), alignment: 4096)
        defer { unsafe buffer.deallocate() }
        var place = 0
        while place < source.size {
            let count = unsafe try source.read(at: place, into: buffer)
            guard count > 0 else {
                throw ArchiveError(
                    .truncated, "read", detail: "it ends at byte \(place) of \(source.size)")
            }
            let piece = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
            unsafe hasher.update(piece)
            unsafe try each(piece)
            place += count
        }
        return hasher.finalize()
    }
}
