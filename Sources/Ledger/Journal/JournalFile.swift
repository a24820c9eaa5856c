// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The system calls under a journal.
enum JournalFile {
    static func open(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw failure("open the journal", path) }
        return descriptor
    }

    /// Takes the lock of a journal, or says who may have it.
    static func lock(_ path: String) throws -> FileLock {
        guard let lock = try FileLock.take(path, patience: .seconds(2)) else {
            throw LedgerError(
                code: .busy, path: path, detail: "another process runs this drill",
                hint: "answer, hold or abort it from here; it takes them from any terminal")
        }
        return lock
    }

    /// A journal that was removed or replaced would take records that nobody can ever read.
    static func checkIsThere(_ descriptor: Int32, _ path: String) throws {
        var (held, named) = (stat(), stat())
        guard fstat(descriptor, &held) == 0, lstat(path, &named) == 0, held.st_ino == named.st_ino,
            held.st_dev == named.st_dev
        else {
            throw LedgerError(
                code: .unavailable, path: path, detail: "the journal was taken away under the drill",
                hint: "the witness may hold a copy")
        }
    }

    /// Writes the line in one call and waits for the disk.
    static func write(_ line: [UInt8], to descriptor: Int32, _ path: String) throws {
        let count = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard count == line.count else {
            // A line that is only half there would spoil the next; the file is put back as it was.
            if count > 0 { _ = ftruncate(descriptor, lseek(descriptor, 0, SEEK_END) - off_t(count)) }
            if count >= 0 { errno = ENOSPC }
            throw failure("write the journal", path)
        }
        guard fdatasync(descriptor) == 0 else { throw failure("sync the journal", path) }
    }

    static func syncFolder(of path: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open the folder of the journal", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync the folder of the journal", path) }
    }

    static func failure(_ action: String, _ path: String) -> LedgerError {
        let reason = String(cString: strerror(errno))
        let code: LedgerError.Code =
            switch errno {
            case ENOSPC, EDQUOT: .diskFull
            case EACCES, EPERM, EROFS: .permissionDenied
            default: .unavailable
            }
        return LedgerError(code: code, path: path, detail: "cannot \(action): \(reason)")
    }
}
