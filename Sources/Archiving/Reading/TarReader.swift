// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Reads the members of one stretch of pax tar, in order, once.
///
/// The bytes come from a callback and are not copied: what `data` lends lies in the caller's own memory. Only tar is
/// read, and nothing is decompressed here. Not `Sendable`: libarchive keeps its position and its last error in the
/// handle.
@safe final class TarReader {
    private let handle: OpaquePointer
    private let feed: () throws -> UnsafeRawBufferPointer
    private(set) var entry: OpaquePointer?
    /// What went wrong in the callback, where nothing can be thrown.
    private var failure: (any Error)?

    /// Takes what gives the next bytes, valid until it is called again; none at the end.
    init(_ feed: @escaping () throws -> UnsafeRawBufferPointer) throws {
        guard let handle = unsafe archive_read_new() else {
            throw ArchiveError(.libraryFailed, "read a member", detail: "libarchive has no memory")
        }
        unsafe self.handle = handle
        unsafe self.feed = feed
        unsafe try check(archive_read_support_format_tar(handle))
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try check(
            archive_read_open(
                handle, context, nil,
                { _, context, target in
                    guard let context = unsafe context, let target = unsafe target else { return -1 }
                    let reader = unsafe Unmanaged<TarReader>.fromOpaque(context).takeUnretainedValue()
                    return unsafe reader.give(target)
                }, nil))
    }

    deinit {
        unsafe archive_read_free(handle)
    }

    /// Where the current member's first header begins in the bytes that were fed.
    var position: Int { Int(unsafe archive_read_header_position(handle)) }

    /// Goes to the next member; `false` at the end.
    func next() throws -> Bool {
        unsafe entry = nil
        var found: OpaquePointer?
        let status = unsafe archive_read_next_header(handle, &found)
        if status == ARCHIVE_EOF {
            if let failure { throw failure }
            return false
        }
        // A warning is about metadata, and all of that is compared with the index.
        if status != ARCHIVE_WARN { try check(status) }
        unsafe entry = found
        return true
    }

    /// Lends the data of the current member piece by piece with each piece's place; holes are passed over.
    func data(_ body: (Int, UnsafeRawBufferPointer) throws -> Void) throws {
        while true {
            var bytes: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            let status = unsafe archive_read_data_block(handle, &bytes, &count, &offset)
            if status == ARCHIVE_EOF {
                if let failure { throw failure }
                return
            }
            if status != ARCHIVE_WARN { try check(status) }
            if count > 0 { unsafe try body(Int(offset), UnsafeRawBufferPointer(start: bytes, count: count)) }
        }
    }

    private func give(_ target: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do {
            let bytes = unsafe try feed()
            unsafe target.pointee = bytes.baseAddress
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private func check(_ status: Int32) throws {
        if let failure { throw failure }
        guard status != ARCHIVE_OK else { return }
        let words = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
        throw ArchiveError(.damaged, "read a member", detail: words ?? "status \(status)")
    }
}

// MARK: - The current member's header

extension TarReader {
    /// The path without `./` before and `/` behind it; empty for the root folder.
    var path: [UInt8] {
        var path = unsafe Self.bytes(archive_entry_pathname(entry))
        if path.starts(with: [UInt8(ascii: "."), MemberPath.slash]) { path.removeFirst(2) }
        if kind == .folder, path.last == MemberPath.slash { path.removeLast() }
        return path
    }

    var kind: IndexRecord.Kind? {
        if unsafe archive_entry_hardlink(entry) != nil { return .hardLink }
        return switch unsafe archive_entry_filetype(entry) {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .symbolicLink
        case S_IFIFO: .fifo
        case S_IFCHR: .characterDevice
        case S_IFBLK: .blockDevice
        default: nil
        }
    }

    var size: Int { Int(unsafe archive_entry_size(entry)) }

    /// The text of a symbolic link or the target of a hard link; else empty.
    var linkTarget: [UInt8] {
        switch kind {
        case .hardLink: unsafe Self.bytes(archive_entry_hardlink(entry))
        case .symbolicLink: unsafe Self.bytes(archive_entry_symlink(entry))
        default: []
        }
    }

    var device: IndexRecord.Device? {
        guard kind == .characterDevice || kind == .blockDevice else { return nil }
        return IndexRecord.Device(
            major: UInt32(truncatingIfNeeded: unsafe archive_entry_rdevmajor(entry)),
            minor: UInt32(truncatingIfNeeded: unsafe archive_entry_rdevminor(entry)))
    }

    var attributes: [ExtendedAttribute] {
        var attributes: [ExtendedAttribute] = []
        unsafe archive_entry_xattr_reset(entry)
        while true {
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var count = 0
            guard unsafe archive_entry_xattr_next(entry, &name, &value, &count) == ARCHIVE_OK else { break }
            attributes.append(
                ExtendedAttribute(
                    name: AttributeNames.decoded(unsafe Self.bytes(name)),
                    value: unsafe Array(UnsafeRawBufferPointer(start: value, count: count))))
        }
        return attributes
    }

    /// Where a file with holes has data.
    var extents: [Range<Int>] {
        var extents: [Range<Int>] = []
        var offset: Int64 = 0
        var count: Int64 = 0
        unsafe _ = archive_entry_sparse_reset(entry)
        while unsafe archive_entry_sparse_next(entry, &offset, &count) == ARCHIVE_OK {
            guard offset >= 0, count >= 0, offset <= Int64.max - count else { return extents }
            extents.append(Int(offset)..<Int(offset + count))
        }
        return extents
    }

    private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
        guard let text = unsafe text else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}

// MARK: - Comparing with the index

extension TarReader {
    /// Compares the current member with its record and gives its attributes.
    ///
    /// - Throws: `hostile` when another member stands there, `damaged` when it is the right one and not as it was.
    func attributes(comparedWith record: IndexRecord, isSuperseded: Bool) throws -> [ExtendedAttribute] {
        guard path == record.path, kind == record.kind else {
            throw ArchiveError(
                .hostile, "read a member",
                detail:
                    "'\(MemberPath.shown(path))' stands where the index names '\(MemberPath.shown(record.path))'"
            )
        }
        // Of a reading that was superseded the index keeps nothing but the place.
        if isSuperseded { return [] }
        guard size == record.size || record.kind != .file, linkTarget == record.linkTarget,
            device == record.device
        else {
            throw ArchiveError(
                .damaged, "read a member",
                detail: "the header of '\(MemberPath.shown(record.path))' is not what the index says")
        }
        let attributes = attributes
        guard AttributeDigest.of(attributes) == record.attributes else {
            throw ArchiveError(
                .damaged, "read a member",
                detail:
                    "the attributes of '\(MemberPath.shown(record.path))' are not those that the index says")
        }
        return attributes
    }

    /// Passes the data of the current file on, within the bounds that its record sets, and compares the digest.
    ///
    /// - Throws: `hostile` when there is more than the index says, `damaged` when the content is another.
    func content(
        comparedWith record: IndexRecord, to output: (Int, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var hasher = ContentHasher(hasHoles: record.holes > 0)
        var end = 0
        var count = 0
        unsafe try data { offset, bytes in
            let isInOrder = record.holes > 0 ? offset >= end : offset == end
            guard isInOrder, offset <= record.size, bytes.count <= record.size - offset else {
                throw ArchiveError(
                    .hostile, "read a member",
                    detail: "'\(MemberPath.shown(record.path))' has data beyond what the index says")
            }
            unsafe hasher.update(at: offset, bytes)
            unsafe try output(offset, bytes)
            end = offset + bytes.count
            count += bytes.count
        }
        guard count == record.size - record.holes, hasher.finalize(size: record.size) == record.digest else {
            throw ArchiveError(
                .damaged, "read a member",
                detail: "the content of '\(MemberPath.shown(record.path))' is not what the index says")
        }
    }
}
