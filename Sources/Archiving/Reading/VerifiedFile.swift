// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A copy of one file of a point, whose SHA-256 is that of the manifest.
///
/// An index is used in ranges, but it is believed only as a whole: anyone can encrypt to a public recipient, so the
/// hash in the signed manifest is what makes an index ours.
struct VerifiedFile: Sendable {
    private let copy: FetchedFile
    let identities: [AgeIdentity]
    /// The file in the store, for errors.
    let subject: String

    /// Fetches and hashes the file, and sees whether one of the identities opens it.
    init(
        _ name: String, of point: ResolvedPoint, sha256: SHA256Digest, identities: [AgeIdentity]
    ) throws {
        subject = point.subject(name)
        self.identities = identities
        do {
            copy = try FetchedFile(point.files.open(name))
            if let objection = copy.objection(to: sha256) { throw objection }
            _ = try open()
        } catch let error as ArchiveError {
            throw error.about(subject)
        }
    }

    /// The bytes after decryption, to be read by one thread a time.
    func open() throws -> AgeSeekableReader {
        try AgeSeekableReader(copy.bytes, identities: identities)
    }

    /// The index that the file is.
    func index() throws -> IndexReader {
        do {
            return try IndexReader(open())
        } catch let error as ArchiveError {
            throw error.about(subject)
        }
    }

    /// The paths that the file lists.
    func deletions() throws -> PathSet {
        do {
            let source = try open()
            // Paths compress some ten times; a list that grows a thousand times is no list of paths.
            let limit = min(1 << 30, source.size * 1000 + (1 << 20))
            var paths: [UInt8] = []
            let zstd = try ZstdReader()
            var isEnded = true
            for start in stride(from: 0, to: source.size, by: 1 << 20) {
                let piece = try source.bytes(in: start..<min(start + (1 << 20), source.size))
                isEnded = unsafe try piece.withUnsafeBytes { piece in
                    unsafe try zstd.stream(piece) { raw in
                        guard paths.count + raw.count <= limit else {
                            throw ArchiveError(
                                .hostile, "decompress", detail: "it expands to more than \(limit) bytes")
                        }
                        unsafe paths.append(contentsOf: raw)
                    }
                }
            }
            guard isEnded else {
                throw ArchiveError(.truncated, "decompress", detail: "the list ends within a frame")
            }
            return try PathSet(nulSeparated: paths)
        } catch let error as ArchiveError {
            throw error.about(subject)
        }
    }
}
