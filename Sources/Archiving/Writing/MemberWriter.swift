// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Writes pax members into the frames of a pipeline, through libarchive.
///
/// A frame is cut before a member that does not fit into it any more, if it is at least half full; a member
/// larger than a frame runs over several. With `bytes_per_block` 0 libarchive hands on the very bytes it is given,
/// so that a file read into the frame's own memory is not copied. Not `Sendable`: libarchive keeps its position
/// and its last error in the handle; use it from one thread.
@safe final class MemberWriter {
    private let pipeline: FramePipeline
    private let handle: OpaquePointer
    private let entry: OpaquePointer
    private var slot: FrameSlot?
    private var frameNumber = 0
    /// What went wrong in the callback, where nothing can be thrown.
    private var failure: (any Error)?
    private var isOpen = false
    /// All bytes of the stream so far.
    private(set) var position = 0

    init(_ pipeline: FramePipeline) throws {
        self.pipeline = pipeline
        guard let handle = unsafe archive_write_new(), let entry = unsafe archive_entry_new() else {
            throw ArchiveError(.libraryFailed, "write a member", detail: "libarchive has no memory")
        }
        unsafe self.handle = handle
        unsafe self.entry = entry
        unsafe try check(archive_write_set_format_pax(handle))
        unsafe try check(archive_write_set_options(handle, "hdrcharset=BINARY,xattrheader=SCHILY"))
        unsafe try check(archive_write_set_bytes_per_block(handle, 0))
        unsafe try check(archive_write_set_bytes_in_last_block(handle, 1))
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try check(
            archive_write_open(
                handle, context, nil,
                { _, context, bytes, count in
                    guard let context = unsafe context else { return -1 }
                    let writer = unsafe Unmanaged<MemberWriter>.fromOpaque(context).takeUnretainedValue()
                    return unsafe writer.take(UnsafeRawBufferPointer(start: bytes, count: count))
                }, nil))
        isOpen = true
    }

    deinit {
        // Ends without a trailer when `finish` was not called: the callback refuses.
        failure = failure ?? ArchiveError(.cancelled, "write a member", detail: "given up")
        unsafe archive_write_free(handle)
        unsafe archive_entry_free(entry)
    }

    /// Whether any member was written.
    var isEmpty: Bool { position == 0 }

    /// Begins a member with a header from the record; its data must follow in full.
    ///
    /// A file with holes names its stretches of data.
    func begin(_ record: IndexRecord, _ attributes: [ExtendedAttribute], extents: [Range<Int>]? = nil) throws
    {
        try endMember()
        let data = extents.map { $0.reduce(0) { $0 + $1.count } } ?? record.size
        // A header, a pax header and what goes into it: enough to know whether the member fits.
        try cut(before: 3072 + record.path.count + record.linkTarget.count + data)
        start = IndexRecord.Location(frame: frameNumber, offset: slot?.rawCount ?? 0, length: position)
        unsafe archive_entry_clear(entry)
        setHeader(record)
        for attribute in attributes {
            unsafe attribute.value.withUnsafeBytes { value in
                unsafe archive_entry_xattr_add_entry(
                    entry, Self.terminated(attribute.name), value.baseAddress, value.count)
            }
            for acl in AccessControl.entries(of: attribute) {
                unsafe archive_entry_acl_add_entry(
                    entry, acl.type, acl.permissions, acl.tag, acl.qualifier, nil)
            }
        }
        if let extents {
            for extent in extents {
                unsafe archive_entry_sparse_add_entry(entry, Int64(extent.lowerBound), Int64(extent.count))
            }
            // A file that is one hole has one empty stretch of data.
            if extents.isEmpty { unsafe archive_entry_sparse_add_entry(entry, 0, 0) }
        }
        unsafe try check(archive_write_header(handle, entry))
    }

    private var start = IndexRecord.Location(frame: 0, offset: 0, length: 0)

    /// Ends the member and says where it lies.
    func end() throws -> IndexRecord.Location {
        try endMember()
        return IndexRecord.Location(
            frame: start.frame, offset: start.offset, length: position - start.length)
    }

    /// Lends the free rest of the frame under way, at least one byte, to be filled with the member's next data.
    ///
    /// The body gives the number of bytes it put there; they are written.
    func fill(upTo limit: Int, _ body: (UnsafeMutableRawBufferPointer) throws -> Int) throws -> Int {
        if let current = slot, current.rawCount == pipeline.capacity { cut() }
        let current = try openSlot()
        let room = min(limit, pipeline.capacity - current.rawCount)
        let buffer = unsafe UnsafeMutableRawBufferPointer(
            rebasing: current.raw[current.rawCount..<current.rawCount + room])
        let count = unsafe try body(buffer)
        if count > 0 { unsafe try write(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return count
    }

    /// Writes a member's next data from anywhere.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = unsafe archive_write_data(handle, rest.baseAddress, rest.count)
            if let failure { throw failure }
            guard count > 0 else { throw error(of: Int32(clamping: count)) }
            done += count
        }
    }

    /// Passes over a hole; libarchive counts the bytes and touches none of them.
    func skip(_ count: Int) throws {
        let nothing = unsafe UnsafeRawPointer(try openSlot().raw.baseAddress)
        var rest = count
        while rest > 0 {
            let skipped = unsafe archive_write_data(handle, nothing, min(rest, 1 << 30))
            if let failure { throw failure }
            guard skipped > 0 else { throw error(of: Int32(clamping: skipped)) }
            rest -= skipped
        }
    }

    /// Ends the stream with the trailer that tar expects, unless it has no member at all.
    func finish() throws {
        guard !isEmpty else { return }
        try endMember()
        unsafe try check(archive_write_close(handle))
        cut()
    }

    // MARK: - Header

    private func setHeader(_ record: IndexRecord) {
        let path = record.path.isEmpty ? Array("./".utf8) : record.path
        unsafe archive_entry_copy_pathname(entry, Self.terminated(path))
        unsafe archive_entry_set_mode(entry, Self.mode(of: record))
        unsafe archive_entry_set_uid(entry, Int64(record.user))
        unsafe archive_entry_set_gid(entry, Int64(record.group))
        if !record.userName.isEmpty {
            unsafe archive_entry_copy_uname(entry, Self.terminated(record.userName))
        }
        if !record.groupName.isEmpty {
            unsafe archive_entry_copy_gname(entry, Self.terminated(record.groupName))
        }
        let (seconds, nanoseconds) = Self.paxTime(record.modified)
        unsafe archive_entry_set_mtime(entry, seconds, nanoseconds)
        unsafe archive_entry_set_size(entry, Int64(record.size))
        switch record.kind {
        case .symbolicLink: unsafe archive_entry_copy_symlink(entry, Self.terminated(record.linkTarget))
        case .hardLink: unsafe archive_entry_copy_hardlink(entry, Self.terminated(record.linkTarget))
        case .characterDevice, .blockDevice:
            unsafe archive_entry_set_rdevmajor(entry, dev_t(record.device?.major ?? 0))
            unsafe archive_entry_set_rdevminor(entry, dev_t(record.device?.minor ?? 0))
        case .file, .folder, .fifo: break
        }
    }

    private static func mode(of record: IndexRecord) -> mode_t {
        let kind: mode_t =
            switch record.kind {
            case .file, .hardLink: S_IFREG
            case .folder: S_IFDIR
            case .symbolicLink: S_IFLNK
            case .fifo: S_IFIFO
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            }
        return kind | mode_t(record.permissions)
    }

    /// A time as libarchive must be given it so that the header says what POSIX means.
    ///
    /// libarchive 3.6 writes -5 s and 0.1 s forward as `-5.1`, which everyone reads as 5.1 s before 1970. The last
    /// second before 1970 has no such text and is cut; the index has it exactly.
    private static func paxTime(_ time: FileTime) -> (seconds: Int, nanoseconds: Int) {
        guard time.seconds < 0, time.nanoseconds > 0 else {
            return (Int(time.seconds), Int(time.nanoseconds))
        }
        guard time.seconds < -1 else { return (-1, 0) }
        return (Int(time.seconds) + 1, 1_000_000_000 - Int(time.nanoseconds))
    }

    private static func terminated(_ bytes: [UInt8]) -> [CChar] {
        var text: [CChar] = []
        text.reserveCapacity(bytes.count + 1)
        for byte in bytes { text.append(CChar(bitPattern: byte)) }
        text.append(0)
        return text
    }

    // MARK: - Frames

    /// Takes what libarchive gives out: bytes that already lie in the frame, or bytes to be copied there.
    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard failure == nil else { return -1 }
        do {
            var rest = unsafe bytes
            while unsafe !rest.isEmpty {
                if let current = slot, current.rawCount == pipeline.capacity { cut() }
                let current = try openSlot()
                let count = min(rest.count, pipeline.capacity - current.rawCount)
                if let target = unsafe current.raw.baseAddress.map({ unsafe $0 + current.rawCount }),
                    let source = rest.baseAddress, unsafe source != UnsafeRawPointer(target)
                {
                    unsafe target.copyMemory(from: source, byteCount: count)
                }
                current.rawCount += count
                position += count
                unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private func openSlot() throws -> FrameSlot {
        if let slot { return slot }
        let free = try pipeline.freeSlot()
        free.rawCount = 0
        slot = free
        return free
    }

    /// Cuts before a member that would run over the frame's end, if the frame is worth it.
    private func cut(before count: Int) throws {
        guard let current = slot, current.rawCount >= pipeline.capacity / 2,
            current.rawCount + count > pipeline.capacity
        else { return }
        cut()
    }

    private func cut() {
        guard let full = slot, full.rawCount > 0 else { return }
        slot = nil
        frameNumber += 1
        pipeline.submit(full)
    }

    // MARK: - Errors

    private func endMember() throws {
        unsafe try check(archive_write_finish_entry(handle))
    }

    private func check(_ status: Int32) throws {
        if let failure { throw failure }
        // A warning means that an attribute could not be kept, which must not go unseen.
        guard status == ARCHIVE_OK else { throw error(of: status) }
    }

    private func error(of status: Int32) -> ArchiveError {
        let words = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
        return ArchiveError(.libraryFailed, "write a member", detail: words ?? "status \(status)")
    }
}
