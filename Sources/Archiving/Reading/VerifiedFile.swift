// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A copy of one file of a point, whose SHA-256 is that of the manifest.
///
/// An index is used in ranges, but it is believed only as a whole: anyone can encrypt to a public recipient, so the
/// hash in the signed manifest is what makes an index ours. It is fetched once, still encrypted, into memory or - if
/// it is large - into a file without a name, so that the store cannot show another one later.
struct VerifiedFile: Sendable {
    private enum Copy: Sendable {
        case memory(MemoryBytes)
        case file(FileBytes)
    }

    private let copy: Copy
    let identities: [AgeIdentity]
    /// The file in the store, for errors.
    let subject: String

    /// The most bytes that are kept in memory.
    private static let memoryLimit = 32 << 20

    /// Fetches and hashes the file, and sees whether one of the identities opens it.
    init(
        _ name: String, of point: ResolvedPoint, sha256: SHA256Digest, identities: [AgeIdentity]
    ) throws {
        subject = point.subject(name)
        self.identities = identities
        do {
            let source = try point.files.open(name)
            let found: SHA256Digest
            if source.size <= Self.memoryLimit {
                let bytes = try source.allBytes()
                found = .of(bytes)
                copy = .memory(MemoryBytes(bytes))
            } else {
                let spool = try SpoolFile()
                found = unsafe try FileHashing.sha256(of: source) { unsafe try spool.write($0) }
                copy = .file(try spool.contents())
            }
            guard found == sha256 else {
                throw ArchiveError(
                    .damaged, "check", subject,
                    detail: "its SHA-256 is \(found), and the manifest says \(sha256)")
            }
            _ = try open()
        } catch let error as ArchiveError {
            throw error.about(subject)
        }
    }

    /// The bytes after decryption, to be read by one thread a time.
    func open() throws -> AgeSeekableReader {
        switch copy {
        case .memory(let bytes): try AgeSeekableReader(bytes, identities: identities)
        case .file(let bytes): try AgeSeekableReader(bytes, identities: identities)
        }
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

/// A file without a name in the temporary folder, which the kernel drops when it is closed.
private final class SpoolFile {
    private let descriptor: Int32
    private let path: String

    init() throws {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/lifeboat-index-XXXXXX".utf8CString)
        descriptor = unsafe mkstemp(&template)
        guard descriptor >= 0 else { throw ArchiveError.system("create a file in", base) }
        unsafe _ = unlink(template)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        path = "/proc/self/fd/\(descriptor)"
    }

    deinit {
        close(descriptor)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = unsafe bytes
        while unsafe !rest.isEmpty {
            let count = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count > 0 {
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            } else if errno != EINTR {
                throw ArchiveError.system("write", "a temporary copy of the index")
            }
        }
    }

    /// The same file, opened again for reading; it lives as long as that.
    func contents() throws -> FileBytes {
        try FileBytes(path: path)
    }
}
