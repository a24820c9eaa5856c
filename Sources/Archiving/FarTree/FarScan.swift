// SPDX-License-Identifier: Apache-2.0

/// Compares a sorted listing with the previous merged index, and has whatever is new or changed packed over there.
///
/// The counterpart of `TreeScan` for a tree of another machine. What is to be done is gathered into batches, because
/// the other side's tar is asked for many paths at once; within a batch everything keeps the tree's order. Not
/// `Sendable`: it runs on the reader's thread.
final class FarScan {
    private struct OpenFolder {
        let listed: ListedPath
        /// What this point's index says of it, without attributes.
        let record: IndexRecord
        /// Whether the merged index has it already, because it is as it was.
        let isMerged: Bool
        /// Whether this point holds it already.
        var isWritten: Bool
    }

    private struct LinkedFile {
        let path: [UInt8]
        let isWritten: Bool
        var namesLeft: Int
    }

    private let listing: FarListing
    private let previous: PreviousIndex?
    private let batch: FarBatch
    private let outputs: ScanOutputs
    private let isCancelled: @Sendable () -> Bool
    private var folders: [OpenFolder] = []
    private var links: [FileIdentity: LinkedFile] = [:]

    init(
        _ tree: FarTree, previous: PreviousIndex?, members: MemberWriter, outputs: ScanOutputs,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        listing = tree.listing
        self.previous = previous
        self.outputs = outputs
        self.isCancelled = isCancelled
        batch = FarBatch(tree, members: members, outputs: outputs)
    }

    /// Goes through the whole listing.
    func run() throws {
        while let listed = try listing.next() {
            guard !isCancelled() else {
                throw ArchiveError(.cancelled, "read the source", detail: "asked to end early")
            }
            try visit(listed)
            if batch.isFull { try batch.perform() }
            outputs.report()
        }
        while let record = try previous?.next() { delete(record) }
        try batch.perform()
        guard listing.isWhole else {
            outputs.add(
                .unreadable, [],
                "find could not look into everything; what it has not named is kept as it was")
            return
        }
    }

    // MARK: - Paths

    private func visit(_ listed: ListedPath) throws {
        let before = try takePrevious(listed.path)
        while let folder = folders.last, !MemberPath.isBelow(listed.path, folder.listed.path) {
            folders.removeLast()
        }
        guard case .member(let kind) = listed.kind else {
            if case .socket = listed.kind { outputs.counts.skippedSockets += 1 }
            if let before { delete(before) }
            return
        }
        outputs.countInTree(kind, size: listed.size)
        if kind == .folder {
            try visitFolder(listed, before)
        } else if listed.links > 1 {
            visitLinked(listed, kind, before)
        } else {
            _ = visitSingle(listed, kind, before)
        }
    }

    private func visitFolder(_ listed: ListedPath, _ before: IndexRecord?) throws {
        var record = listed.record(.folder)
        record.isRecent = batch.isRecent(record)
        let isUnchanged = before.map { self.isUnchanged($0, record) } ?? false
        folders.append(OpenFolder(listed: listed, record: record, isMerged: isUnchanged, isWritten: false))
        if isUnchanged, let before {
            record.attributes = before.attributes
            batch.add(.merge(record))
        } else {
            if let before, before.kind != .folder { batch.add(.delete(before.path, isFolder: false)) }
            outputs.countChange(before)
            writeFolders()
        }
        guard listed.isClosed else { return }
        outputs.add(.unreadable, listed.path, "it cannot be looked into")
        while let record = try previous?.next(below: listed.path) { batch.add(.merge(record)) }
    }

    /// A path with one name, or the first of several; says whether this point is to hold it.
    private func visitSingle(_ listed: ListedPath, _ kind: IndexRecord.Kind, _ before: IndexRecord?) -> Bool {
        var record = listed.record(kind)
        if let before, before.kind == kind, isUnchanged(before, record) {
            batch.add(.merge(before))
            return false
        }
        record.isRecent = batch.isRecent(record)
        writeFolders()
        outputs.countChange(before)
        batch.add(.fetch(FarBatch.Wanted(record: record, before: before, isMerged: false)))
        return true
    }

    /// The first name in the tree's order is kept as the file, the others as hard links to it.
    private func visitLinked(_ listed: ListedPath, _ kind: IndexRecord.Kind, _ before: IndexRecord?) {
        guard let file = links[listed.identity] else {
            let isWritten = visitSingle(listed, kind, before)
            links[listed.identity] = LinkedFile(
                path: listed.path, isWritten: isWritten, namesLeft: listed.links - 1)
            return
        }
        links[listed.identity]?.namesLeft -= 1
        if file.namesLeft <= 1 { links[listed.identity] = nil }
        var record = listed.record(.hardLink)
        record.linkTarget = file.path
        if let before, !file.isWritten, before.linkTarget == file.path, hasSameTimes(before, record) {
            batch.add(.merge(before))
            return
        }
        writeFolders()
        outputs.countChange(before)
        batch.add(.link(record, before: before))
    }

    // MARK: - Comparing

    /// Whether size, times, inode and mode are as before.
    private func hasSameTimes(_ before: IndexRecord, _ now: IndexRecord) -> Bool {
        before.kind == now.kind && before.size == now.size && before.modified == now.modified
            && before.changed == now.changed && before.inode == now.inode
            && before.permissions == now.permissions
    }

    /// A record that was too new to be trusted counts as changed: reading it again costs less than asking.
    private func isUnchanged(_ before: IndexRecord, _ now: IndexRecord) -> Bool {
        hasSameTimes(before, now) && !before.isIncomplete && !before.isRecent
            && before.user == now.user && before.group == now.group
    }

    // MARK: - Previous index

    private func takePrevious(_ path: [UInt8]) throws -> IndexRecord? {
        guard let previous else { return nil }
        while let record = try previous.peek() {
            let order = MemberPath.compare(record.path, path)
            if order > 0 { return nil }
            _ = try previous.next()
            if order == 0 { return record }
            delete(record)
        }
        return nil
    }

    private func delete(_ record: IndexRecord) {
        // Of what an incomplete listing does not name nobody knows whether it is gone.
        guard listing.isWhole else { return batch.add(.merge(record)) }
        // The folder it lay in must be written for its times, if it is still there.
        while let folder = folders.last, !MemberPath.isBelow(record.path, folder.listed.path) {
            folders.removeLast()
        }
        outputs.counts.deleted += 1
        batch.add(.delete(record.path, isFolder: record.kind == .folder))
        writeFolders()
    }

    private func writeFolders() {
        for position in folders.indices where !folders[position].isWritten {
            folders[position].isWritten = true
            let folder = folders[position]
            batch.add(
                .fetch(
                    FarBatch.Wanted(
                        record: folder.record, before: nil, isMerged: folder.isMerged,
                        isTold: folder.listed.isClosed)))
        }
    }
}
