// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A whole file of a store, fetched once and hashed on the way.
///
/// It is kept as it came, still encrypted, in memory or - if it is large - in a file without a name, so that the
/// store cannot show another one later.
struct FetchedFile: Sendable {
    let bytes: any RangedBytes & Sendable
    let sha256: SHA256Digest

    /// The most bytes that are kept in memory.
    private static let memoryLimit = 32 << 20

    init(_ source: any RangedBytes) throws {
        if source.size <= Self.memoryLimit {
            let all = try source.allBytes()
            sha256 = .of(all)
            bytes = MemoryBytes(all)
        } else {
            let spool = try SpoolFile()
            sha256 = unsafe try FileHashing.sha256(of: source) { unsafe try spool.write($0) }
            bytes = try spool.contents()
        }
    }

    /// What to say when the file should have another hash.
    func objection(to expected: SHA256Digest) -> ArchiveError? {
        guard sha256 != expected else { return nil }
        return ArchiveError(
            .damaged, "check", detail: "its SHA-256 is \(sha256), and the manifest says \(expected)")
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
