// SPDX-License-Identifier: Apache-2.0
import CArchive
import Glibc

/// Compares a sorted walk with the previous merged index and writes whatever is new, changed or gone.
///
/// A merge-join: both sides come in component order, so memory does not grow with the tree. Three things are
/// written: the members and this point's own index, the merged index for the next run, the list of deletions.
/// Not `Sendable`: it runs on the reader's thread.
final class TreeScan {
    /// A folder that the walk is in.
    private struct OpenFolder {
        let record: IndexRecord
        let attributes: [ExtendedAttribute]
        /// Whether this point holds it already.
        var isWritten: Bool
    }

    /// A file with several names, some of which are still to come.
    private struct LinkedFile {
        let path: [UInt8]
        /// Whether this point holds its content.
        let isWritten: Bool
        var namesLeft: UInt
    }

    private let walk: TreeWalk
    private let previous: PreviousIndex?
    private let reader: MemberReader
    private let outputs: ScanOutputs
    private let isCancelled: @Sendable () -> Bool
    private var folders: [OpenFolder] = []
    private var links: [FileIdentity: LinkedFile] = [:]

    init(
        _ walk: TreeWalk, previous: PreviousIndex?, reader: MemberReader, outputs: ScanOutputs,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.walk = walk
        self.previous = previous
        self.reader = reader
        self.outputs = outputs
        self.isCancelled = isCancelled
    }

    /// Goes through the whole tree.
    func run() throws {
        while let event = try walk.next() {
            guard !isCancelled() else {
                throw ArchiveError(.cancelled, "read the source", detail: "asked to end early")
            }
            switch event {
            case .entry(let entry): try visit(entry)
            case .leave: try leave()
            case .unseen(let path, let errno): try miss(path, errno)
            }
            outputs.report()
        }
        while let record = try previous?.next() { try delete(record) }
    }

    // MARK: - Events

    private func visit(_ entry: TreeWalk.Entry) throws {
        let before = try takePrevious(entry.path)
        guard case .member(let kind) = entry.status.kind else {
            if case .socket = entry.status.kind { outputs.counts.skippedSockets += 1 }
            if let before { try delete(before) }
            return
        }
        outputs.countInTree(kind, size: entry.status.size)
        if kind == .folder {
            try visitFolder(entry, before)
        } else if entry.status.raw.st_nlink > 1 {
            try visitLinked(entry, kind, before)
        } else {
            _ = try visitSingle(entry, kind, before)
        }
    }

    /// Everything below the folder was met: what the previous index still has below it is gone.
    private func leave() throws {
        guard let folder = folders.last else { return }
        while let record = try previous?.next(below: folder.record.path) { try delete(record) }
        folders.removeLast()
    }

    /// A path that was listed and cannot be looked at.
    private func miss(_ path: [UInt8], _ number: Int32) throws {
        let before = try takePrevious(path)
        let error = ArchiveError.system("look at", MemberPath.shown(path), errno: number)
        if try isVanished(error, path, before) { return }
        outputs.add(.unreadable, path, error.detail)
        try keep(before, below: path)
    }

    // MARK: - Kinds

    private func visitFolder(_ entry: TreeWalk.Entry, _ before: IndexRecord?) throws {
        let record = outputs.record(entry, .folder)
        if let refusal = entry.refusal, try isVanished(refusal, entry.path, before) { return }
        let isUnchanged = try before.map { try reader.isUnchanged($0, record, entry) } ?? false
        // The attributes of an unchanged folder are read again only if it has any: it may yet be written.
        let needsAttributes = !isUnchanged || before?.attributes != nil
        var written = record
        let attributes = needsAttributes ? outputs.attributes(of: entry) : []
        written.isIncomplete = attributes == nil
        written.attributes = AttributeDigest.of(attributes ?? [])
        written.isRecent = reader.isRecent(record)
        folders.append(OpenFolder(record: written, attributes: attributes ?? [], isWritten: false))
        try outputs.merge(written)
        if !isUnchanged {
            if let before, before.kind != .folder {
                try outputs.deletions?.append(before.path, isFolder: false)
            }
            outputs.countChange(before)
            try writeFolders()
        }
        guard entry.own == nil else { return }
        folders.removeLast()
        if let refusal = entry.refusal {
            outputs.add(.unreadable, entry.path, refusal.detail)
            try keep(nil, below: entry.path)
        } else {
            // A mount point: nothing of what the previous index has below it is in the tree any more.
            while let record = try previous?.next(below: entry.path) { try delete(record) }
        }
    }

    /// A file with one name; says whether it was written, `nil` if it is not in the tree.
    private func visitSingle(_ entry: TreeWalk.Entry, _ kind: IndexRecord.Kind, _ before: IndexRecord?) throws
        -> Bool?
    {
        let record = outputs.record(entry, kind)
        if var before, before.kind == kind, try reader.isUnchanged(before, record, entry) {
            before.isRecent = before.isRecent && reader.isRecent(record)
            try outputs.merge(before)
            return false
        }
        do {
            try writeFolders()
            let written = try reader.write(record, entry)
            try clearFolder(before)
            outputs.countChange(before)
            try outputs.add(written)
            return true
        } catch let error as UnreadableSource {
            if try isVanished(error.reason, entry.path, before) { return nil }
            outputs.add(.unreadable, entry.path, error.reason.detail)
            // A folder that was here is gone for certain; anything else may be what cannot be read now.
            if let before, before.kind == .folder {
                try delete(before)
            } else {
                try keep(before, below: entry.path)
            }
            return nil
        }
    }

    /// A name of a file that has several: the first is kept as the file, the others as hard links to it.
    private func visitLinked(_ entry: TreeWalk.Entry, _ kind: IndexRecord.Kind, _ before: IndexRecord?) throws
    {
        let identity = entry.status.identity
        guard let file = links[identity] else {
            // A record that is a hard link does not count as the file: its own first name may be gone.
            guard let isWritten = try visitSingle(entry, kind, before) else { return }
            links[identity] = LinkedFile(
                path: entry.path, isWritten: isWritten, namesLeft: UInt(entry.status.raw.st_nlink) - 1)
            return
        }
        links[identity]?.namesLeft -= 1
        if file.namesLeft <= 1 { links[identity] = nil }
        var record = outputs.record(entry, .hardLink)
        record.linkTarget = file.path
        if let before, !file.isWritten, before.kind == .hardLink, before.linkTarget == file.path,
            reader.hasSameTimes(before, record)
        {
            try outputs.merge(before)
            return
        }
        try writeFolders()
        try clearFolder(before)
        outputs.countChange(before)
        try outputs.add(try reader.write(linkTo: record))
    }

    // MARK: - Previous index

    /// The previous record of a path; what comes before it in the index is gone from the tree.
    private func takePrevious(_ path: [UInt8]) throws -> IndexRecord? {
        guard let previous else { return nil }
        while let record = try previous.peek() {
            let order = MemberPath.compare(record.path, path)
            if order > 0 { return nil }
            _ = try previous.next()
            if order == 0 { return record }
            try delete(record)
        }
        return nil
    }

    private func delete(_ record: IndexRecord) throws {
        outputs.counts.deleted += 1
        try outputs.deletions?.append(record.path, isFolder: record.kind == .folder)
        try writeFolders()
    }

    /// What cannot be read now stays as the points before have it.
    private func keep(_ record: IndexRecord?, below path: [UInt8]) throws {
        if let record { try outputs.merge(record) }
        while let record = try previous?.next(below: path) { try outputs.merge(record) }
    }

    /// Takes a path that is gone out of the previous state; says whether it is.
    private func isVanished(_ error: ArchiveError, _ path: [UInt8], _ before: IndexRecord?) throws -> Bool {
        guard
            [.ioFailed(errno: ENOENT), .ioFailed(errno: ESTALE), .ioFailed(errno: ENOTDIR)].contains(
                error.code)
        else { return false }
        outputs.add(.vanished, path, error.detail)
        if let before { try delete(before) }
        return true
    }

    // MARK: - Writing

    /// A folder that became something else is removed before that is unpacked.
    private func clearFolder(_ before: IndexRecord?) throws {
        guard let before, before.kind == .folder else { return }
        try outputs.deletions?.append(before.path, isFolder: true)
    }

    /// Writes each folder above that this point does not hold yet, so that its times come back.
    private func writeFolders() throws {
        for position in folders.indices where !folders[position].isWritten {
            folders[position].isWritten = true
            let folder = folders[position]
            try outputs.addFolder(try reader.write(folder: folder.record, folder.attributes))
        }
    }
}
