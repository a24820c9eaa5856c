// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Writes a pax tar for GNU tar at another host.
///
/// Not `Sendable`: libarchive keeps its position and its last error in the handle; use it from one thread.
@safe final class TarOutput {
    private let handle: OpaquePointer
    private let entry: OpaquePointer
    private let isTrusted: Bool
    private let output: (UnsafeRawBufferPointer) throws -> Void
    /// What went wrong in the callback, where nothing can be thrown.
    private var failure: (any Error)?

    init(isTrusted: Bool, _ output: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let handle = unsafe archive_write_new(), let entry = unsafe archive_entry_new() else {
            throw ArchiveError(.libraryFailed, "write a member", detail: "libarchive has no memory")
        }
        unsafe self.handle = handle
        unsafe self.entry = entry
        self.isTrusted = isTrusted
        unsafe self.output = output
        unsafe try check(archive_write_set_format_pax(handle))
        unsafe try check(archive_write_set_options(handle, "hdrcharset=BINARY,xattrheader=SCHILY"))
        // Pieces of 64 KiB: a channel takes no smaller ones gladly.
        unsafe try check(archive_write_set_bytes_per_block(handle, 64 << 10))
        unsafe try check(archive_write_set_bytes_in_last_block(handle, 1))
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe try check(
            archive_write_open(
                handle, context, nil,
                { _, context, bytes, count in
                    guard let context = unsafe context else { return -1 }
                    let output = unsafe Unmanaged<TarOutput>.fromOpaque(context).takeUnretainedValue()
                    return unsafe output.pass(UnsafeRawBufferPointer(start: bytes, count: count))
                }, nil))
    }

    deinit {
        // Without `finish` the stream has no end, and the other side must notice.
        failure = failure ?? ArchiveError(.cancelled, "write a member", detail: "given up")
        unsafe archive_write_free(handle)
        unsafe archive_entry_free(entry)
    }

    /// Begins a member; a file's data must follow in full.
    ///
    /// What is left out of it is counted.
    func begin(
        _ record: IndexRecord, _ attributes: [ExtendedAttribute], extents: [Range<Int>]? = nil,
        _ summary: inout RestoreSummary
    ) throws {
        unsafe try check(archive_write_finish_entry(handle))
        unsafe archive_entry_clear(entry)
        let path = record.path.isEmpty ? Array("./".utf8) : record.path
        unsafe archive_entry_copy_pathname(entry, Self.terminated(path))
        setOwnerAndMode(record, &summary)
        setTime(record.modified)
        unsafe archive_entry_set_size(entry, Int64(record.size))
        switch record.kind {
        case .symbolicLink: unsafe archive_entry_copy_symlink(entry, Self.terminated(record.linkTarget))
        case .hardLink: unsafe archive_entry_copy_hardlink(entry, Self.terminated(record.linkTarget))
        case .characterDevice, .blockDevice:
            unsafe archive_entry_set_rdevmajor(entry, dev_t(record.device?.major ?? 0))
            unsafe archive_entry_set_rdevminor(entry, dev_t(record.device?.minor ?? 0))
        case .file, .folder, .fifo: break
        }
        for attribute in attributes { add(attribute, &summary) }
        if let extents {
            for extent in extents {
                unsafe archive_entry_sparse_add_entry(entry, Int64(extent.lowerBound), Int64(extent.count))
            }
            if extents.isEmpty { unsafe archive_entry_sparse_add_entry(entry, 0, 0) }
        }
        unsafe try check(archive_write_header(handle, entry))
    }

    /// Writes a file's next data; holes are written as zeros that libarchive passes over.
    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = unsafe archive_write_data(handle, rest.baseAddress, rest.count)
            if let failure { throw failure }
            guard count > 0 else { throw error() }
            done += count
        }
    }

    /// Passes over bytes of a file: a hole, or the rest of one whose content is lost.
    func skip(_ count: Int) throws {
        var rest = count
        while rest > 0 {
            let piece = min(rest, zeros.count)
            unsafe try zeros.withUnsafeBytes { zeros in
                unsafe try write(UnsafeRawBufferPointer(rebasing: zeros[..<piece]))
            }
            rest -= piece
        }
    }

    /// Ends the stream.
    func finish() throws {
        unsafe try check(archive_write_finish_entry(handle))
        unsafe try check(archive_write_close(handle))
    }

    private let zeros = [UInt8](repeating: 0, count: 1 << 20)

    private func setOwnerAndMode(_ record: IndexRecord, _ summary: inout RestoreSummary) {
        let kind: mode_t =
            switch record.kind {
            case .file, .hardLink: S_IFREG
            case .folder: S_IFDIR
            case .symbolicLink: S_IFLNK
            case .fifo: S_IFIFO
            case .characterDevice: S_IFCHR
            case .blockDevice: S_IFBLK
            }
        var permissions = mode_t(record.permissions)
        if isTrusted {
            unsafe archive_entry_set_uid(entry, Int64(record.user))
            unsafe archive_entry_set_gid(entry, Int64(record.group))
            if !record.userName.isEmpty {
                unsafe archive_entry_copy_uname(entry, Self.terminated(record.userName))
            }
            if !record.groupName.isEmpty {
                unsafe archive_entry_copy_gname(entry, Self.terminated(record.groupName))
            }
        } else {
            // Root's own where root unpacks; whoever else does has its own anyway. Without a number stated, the
            // header says 0.
            if record.user != 0 || record.group != 0 { summary.leaveOut(.owner) }
            if permissions & 0o6000 != 0 {
                permissions &= ~0o6000
                summary.leaveOut(.setID)
            }
        }
        unsafe archive_entry_set_mode(entry, kind | permissions)
    }

    /// Before 1970 libarchive writes seconds and fraction side by side, and GNU tar reads them as one decimal number.
    private func setTime(_ time: FileTime) {
        guard time.seconds < 0, time.nanoseconds > 0 else {
            unsafe archive_entry_set_mtime(entry, Int(time.seconds), Int(time.nanoseconds))
            return
        }
        // In the second before 1970 no text says it; the next whole second is the nearest that one does.
        let fraction = time.seconds == -1 ? 0 : 1_000_000_000 - Int(time.nanoseconds)
        unsafe archive_entry_set_mtime(entry, Int(time.seconds) + 1, fraction)
    }

    private func add(_ attribute: ExtendedAttribute, _ summary: inout RestoreSummary) {
        guard isTrusted || !AttributeSetter.needsTrust(attribute) else {
            summary.leaveOut(AttributeSetter.isCapability(attribute) ? .capability : .attribute)
            return
        }
        for acl in AccessControl.entries(of: attribute) {
            unsafe archive_entry_acl_add_entry(
                entry, acl.type, acl.permissions, acl.tag, acl.qualifier, nil)
        }
        unsafe attribute.value.withUnsafeBytes { value in
            unsafe archive_entry_xattr_add_entry(
                entry, Self.terminated(attribute.name), value.baseAddress, value.count)
        }
    }

    private func pass(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard failure == nil else { return -1 }
        do {
            unsafe try output(bytes)
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    private static func terminated(_ bytes: [UInt8]) -> [CChar] {
        bytes.map { CChar(bitPattern: $0) } + [0]
    }

    private func check(_ status: Int32) throws {
        if let failure { throw failure }
        guard status == ARCHIVE_OK else { throw error() }
    }

    private func error() -> ArchiveError {
        let words = unsafe archive_error_string(handle).map { unsafe String(cString: $0) }
        return ArchiveError(.libraryFailed, "write a member", detail: words ?? "no detail")
    }
}
