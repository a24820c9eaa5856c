// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// The members of a tar stream from elsewhere, which may be fewer than were asked for.
@safe final class FarStream {
    let tar: TarReader
    private let source: FarPieces
    private var hasMember = false

    init(_ next: @escaping () throws -> [UInt8]?) throws {
        let source = FarPieces(next)
        self.source = source
        tar = unsafe try TarReader { unsafe try source.next() }
        try advance()
    }

    /// Whether the current member is that of a path.
    func holds(_ path: [UInt8]) throws -> Bool {
        hasMember && tar.path == path
    }

    /// Goes to the next member.
    func advance() throws {
        hasMember = try tar.next()
    }

    /// Takes the rest, so that tar can end.
    ///
    /// - Throws: `hostile` when there is a member that was not asked for, or not in this place.
    func end() throws {
        guard !hasMember else {
            throw ArchiveError(
                .hostile, "read the source", MemberPath.shown(tar.path),
                detail: "tar has packed what nobody asked for")
        }
        while unsafe try !source.next().isEmpty {}
    }
}

/// Lends one piece of a stream at a time in memory that stays where it is.
@safe private final class FarPieces {
    private let pull: () throws -> [UInt8]?
    private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    init(_ pull: @escaping () throws -> [UInt8]?) {
        self.pull = pull
    }

    deinit {
        unsafe memory.deallocate()
    }

    /// The next piece, valid until the next call; empty at the end.
    func next() throws -> UnsafeRawBufferPointer {
        guard let piece = try pull() else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
        if unsafe piece.count > memory.count {
            unsafe memory.deallocate()
            unsafe memory = .allocate(byteCount: piece.count, alignment: 16)
        }
        unsafe memory.copyBytes(from: piece)
        return unsafe UnsafeRawBufferPointer(rebasing: memory[..<piece.count])
    }
}

extension TarReader {
    /// Whether the header has a map of data and holes.
    var isSparse: Bool {
        unsafe archive_entry_sparse_count(entry) > 0
    }

    /// A record as the listing tells it, with what the file was like when tar opened it.
    ///
    /// Inode and ctime are not in a tar: those of the listing stay, and a file that changed in between is read again
    /// by the next run because its ctime differs.
    func completing(_ listed: IndexRecord) -> IndexRecord {
        var record = listed
        record.size = listed.kind == .file ? size : 0
        record.permissions = UInt16(unsafe archive_entry_perm(entry) & 0o7777)
        record.user = UInt32(truncatingIfNeeded: unsafe archive_entry_uid(entry))
        record.group = UInt32(truncatingIfNeeded: unsafe archive_entry_gid(entry))
        if record.kind == .symbolicLink { record.linkTarget = linkTarget }
        record.device = device
        let seconds = Int64(unsafe archive_entry_mtime(entry))
        // libarchive misreads a fraction before 1970; the listing has it right.
        if seconds >= 0 {
            record.modified = FileTime(
                seconds: seconds,
                nanoseconds: UInt32(truncatingIfNeeded: unsafe archive_entry_mtime_nsec(entry)))
        }
        return record
    }
}
