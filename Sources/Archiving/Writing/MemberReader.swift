// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Why a source's file was not written at all; nothing of it is in the stream.
struct UnreadableSource: Error {
    let reason: ArchiveError
}

/// Reads single files of a tree into members.
///
/// Not `Sendable`: it runs on the reader's thread.
final class MemberReader {
    private let members: MemberWriter
    private let outputs: ScanOutputs
    /// The buffer for files that are only hashed.
    private var scratch: [UInt8] = []

    /// How long after a change a file's times cannot tell a second change: a kernel's tick is at most 10 ms, a
    /// network file system's second is a second.
    private static let recentSeconds: Int64 = 1

    init(_ members: MemberWriter, outputs: ScanOutputs) {
        self.members = members
        self.outputs = outputs
    }

    // MARK: - Comparing

    /// Whether size, times, inode and mode are as before; ctime in nanoseconds shows whatever mtime hides.
    func hasSameTimes(_ before: IndexRecord, _ now: IndexRecord) -> Bool {
        before.kind == now.kind && before.size == now.size && before.modified == now.modified
            && before.changed == now.changed && before.inode == now.inode
            && before.permissions == now.permissions
    }

    /// Whether a path is as the record says; a record too new to be trusted is compared by content.
    func isUnchanged(_ before: IndexRecord, _ now: IndexRecord, _ entry: TreeWalk.Entry) throws -> Bool {
        guard hasSameTimes(before, now), !before.isIncomplete else { return false }
        guard before.isRecent else { return true }
        guard before.user == now.user, before.group == now.group else { return false }
        if now.kind == .file { return hasSameContent(before, entry) }
        guard let attributes = outputs.attributes(of: entry) else { return false }
        return AttributeDigest.of(attributes) == before.attributes
    }

    /// Whether a record's times are so near to now that the file may yet change without their changing.
    func isRecent(_ record: IndexRecord) -> Bool {
        max(record.changed.seconds, record.modified.seconds) >= ArchiveTime.now().seconds - Self.recentSeconds
    }

    private func hasSameContent(_ before: IndexRecord, _ entry: TreeWalk.Entry) -> Bool {
        guard let file = try? SourceFile(entry), file.status.isSameContent(as: entry.status),
            let attributes = try? outputs.attributeReader.attributes(of: file.descriptor),
            AttributeDigest.of(attributes) == before.attributes
        else { return false }
        let extents = file.extents
        guard (extents == nil) == (before.holes == 0) else { return false }
        if scratch.isEmpty { scratch = [UInt8](repeating: 0, count: 1 << 20) }
        var hasher = ContentHasher(hasHoles: before.holes > 0)
        for extent in extents ?? [0..<before.size] {
            var place = extent.lowerBound
            while place < extent.upperBound {
                let wanted = min(scratch.count, extent.upperBound - place)
                let count = unsafe pread(file.descriptor, &scratch, wanted, place)
                // Whatever cannot be read is told of when it is read in earnest.
                guard count > 0 else { return false }
                unsafe scratch.withUnsafeBytes { bytes in
                    unsafe hasher.update(at: place, UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                }
                place += count
                outputs.counts.bytesRead += count
            }
        }
        return hasher.finalize(size: before.size) == before.digest
    }

    // MARK: - Writing

    /// Writes a folder, a hard link or anything else without data.
    func write(folder record: IndexRecord, _ attributes: [ExtendedAttribute]) throws -> IndexRecord {
        try members.begin(record, attributes)
        var written = record
        written.location = try members.end()
        return written
    }

    /// Writes another name of a file that stands in the tree under the record's link target.
    func write(linkTo record: IndexRecord) throws -> IndexRecord {
        try write(folder: record, [])
    }

    /// Writes one path and gives its record.
    ///
    /// - Throws: `UnreadableSource` if nothing was written, any other error if the run cannot go on.
    func write(_ record: IndexRecord, _ entry: TreeWalk.Entry) throws -> IndexRecord {
        guard record.kind == .file else { return try writeSpecial(record, entry) }
        let first = try writeFile(entry)
        guard first.record.changedWhileRead else { return first.record }
        outputs.add(.changed, entry.path, first.words)
        // Read once more; the index points to the second reading, whatever happened during that.
        let second: (record: IndexRecord, words: String)
        do {
            second = try writeFile(entry)
        } catch is UnreadableSource {
            return first.record
        }
        var written = second.record
        written.superseded = first.record.location
        return written
    }

    private func writeSpecial(_ record: IndexRecord, _ entry: TreeWalk.Entry) throws -> IndexRecord {
        var record = record
        if record.kind == .symbolicLink { record.linkTarget = try target(of: entry) }
        let attributes = outputs.attributes(of: entry)
        record.attributes = AttributeDigest.of(attributes ?? [])
        record.isIncomplete = attributes == nil
        record.isRecent = isRecent(record)
        return try write(folder: record, attributes ?? [])
    }

    private func target(of entry: TreeWalk.Entry) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 4097)
        let count = unsafe buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return unsafe readlinkat(
                entry.folder, entry.name, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard count > 0 else { throw UnreadableSource(reason: .system("read the link", "")) }
        return Array(buffer[..<count])
    }

    // MARK: - Files

    /// Writes one reading of a file; what is missing at its end stands as zeros.
    private func writeFile(_ entry: TreeWalk.Entry) throws -> (record: IndexRecord, words: String) {
        let file = try SourceFile(entry)
        var record = file.status.record(path: entry.path, kind: .file, names: outputs.names)
        let attributes = outputs.attributes(of: entry.path) { () throws(ArchiveError) in
            try outputs.attributeReader.attributes(of: file.descriptor)
        }
        record.attributes = AttributeDigest.of(attributes ?? [])
        record.isIncomplete = attributes == nil
        record.isRecent = isRecent(record)
        let extents = file.extents
        let data = extents ?? (record.size > 0 ? [0..<record.size] : [])
        record.holes = record.size - data.reduce(0) { $0 + $1.count }
        try members.begin(record, attributes ?? [], extents: extents)
        var hasher = ContentHasher(hasHoles: record.holes > 0)
        var failure: ArchiveError?
        var isShort = false
        var place = 0
        for extent in data {
            try members.skip(extent.lowerBound - place)
            place = extent.lowerBound
            while place < extent.upperBound {
                place += unsafe try members.fill(upTo: extent.upperBound - place) { buffer in
                    var count = 0
                    if failure == nil, !isShort {
                        count = unsafe pread(file.descriptor, buffer.baseAddress, buffer.count, place)
                        if count < 0, errno == EINTR { return 0 }
                        if count < 0 { failure = .system("read", MemberPath.shown(entry.path)) }
                        if count == 0 { isShort = true }
                        outputs.counts.bytesRead += max(0, count)
                    }
                    if failure != nil || isShort {
                        count = buffer.count
                        unsafe _ = buffer.initializeMemory(as: UInt8.self, repeating: 0)
                    }
                    unsafe hasher.update(at: place, UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    return count
                }
            }
        }
        try members.skip(record.size - place)
        record.location = try members.end()
        record.digest = hasher.finalize(size: record.size)
        if let failure {
            record.isIncomplete = true
            outputs.add(.unreadable, entry.path, failure.detail)
        }
        let after = FileStatus(of: file.descriptor)
        record.changedWhileRead = failure == nil && (isShort || after?.isSameContent(as: file.status) != true)
        return (record, isShort ? "it became shorter" : "it was written to")
    }
}

/// An open file of the source, compared with what the walk saw.
private final class SourceFile {
    let descriptor: Int32
    let status: FileStatus

    /// Opens without following a link, waiting for a fifo, or changing the access time where that is allowed.
    init(_ entry: TreeWalk.Entry) throws(UnreadableSource) {
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        var opened = unsafe openat(entry.folder, entry.name, flags | LIFEBOAT_O_NOATIME)
        if opened < 0, errno == EPERM { opened = unsafe openat(entry.folder, entry.name, flags) }
        guard opened >= 0 else {
            throw UnreadableSource(reason: .system("open", MemberPath.shown(entry.path)))
        }
        guard let status = FileStatus(of: opened), status.isFile else {
            close(opened)
            throw UnreadableSource(
                reason: ArchiveError(
                    .ioFailed(errno: ESTALE), "open", MemberPath.shown(entry.path),
                    detail: "something else has taken its place"))
        }
        descriptor = opened
        self.status = status
    }

    deinit {
        close(descriptor)
    }

    /// Where the data is; `nil` if there is no hole.
    var extents: [Range<Int>]? {
        status.mayHaveHoles ? Extents.of(descriptor, size: status.size) : nil
    }
}
