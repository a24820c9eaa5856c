// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Where a scan's results go: the point's own index, the merged index, the deletions, counts and findings.
///
/// Not `Sendable`: it belongs to the reader's thread until that one has ended.
final class ScanOutputs {
    let index: IndexWriter
    /// `nil` for a full, whose own index is the merged one.
    let merged: MergedIndexWriter?
    let deletions: DeletionListWriter?
    let names = OwnerNames()
    let attributeReader = AttributeReader()
    let progress: SharedProgress
    private let findingLimit: Int
    var counts = PointCounts()
    private(set) var findings: [Finding] = []
    private var paths = 0

    init(
        index: IndexWriter, merged: MergedIndexWriter?, deletions: DeletionListWriter?,
        progress: SharedProgress,
        findingLimit: Int
    ) {
        self.index = index
        self.merged = merged
        self.deletions = deletions
        self.progress = progress
        self.findingLimit = findingLimit
    }

    /// A record with what the status tells.
    func record(_ entry: TreeWalk.Entry, _ kind: IndexRecord.Kind) -> IndexRecord {
        entry.status.record(path: entry.path, kind: kind, names: names)
    }

    /// The attributes of whatever is not a file.
    func attributes(of entry: TreeWalk.Entry) -> [ExtendedAttribute]? {
        attributes(of: entry.path) { () throws(ArchiveError) in
            if let own = entry.own { return try attributeReader.attributes(of: own) }
            return unsafe try attributeReader.attributes(of: entry.name, in: entry.folder)
        }
    }

    /// The attributes of a path; `nil`, and a finding, if they cannot be read: the path is kept without them.
    func attributes(
        of path: [UInt8], _ read: () throws(ArchiveError) -> [ExtendedAttribute]
    ) -> [ExtendedAttribute]? {
        do throws(ArchiveError) {
            return try read()
        } catch {
            add(.unreadable, path, "its attributes: \(error.detail)")
            return nil
        }
    }

    /// Adds a member's record to this point's index and to the merged one.
    func add(_ record: IndexRecord) throws {
        try index.append(record)
        try merge(record)
        switch record.kind {
        case .file, .hardLink: counts.files += 1
        case .folder: counts.folders += 1
        case .symbolicLink, .fifo, .characterDevice, .blockDevice: counts.others += 1
        }
        if record.path.count > MemberPath.tarLimit { counts.longPaths += 1 }
    }

    /// Adds a folder that is in the merged index already.
    func addFolder(_ record: IndexRecord) throws {
        try index.append(record)
        counts.folders += 1
        if record.path.count > MemberPath.tarLimit { counts.longPaths += 1 }
    }

    /// Adds a record to the merged index alone.
    func merge(_ record: IndexRecord) throws {
        guard let merged else { return }
        var record = record
        record.location = nil
        record.superseded = nil
        try merged.append(record)
    }

    func add(_ kind: Finding.Kind, _ path: [UInt8], _ detail: String) {
        switch kind {
        case .unreadable: counts.unreadable += 1
        case .vanished: counts.vanished += 1
        case .changed: counts.changedWhileRead += 1
        }
        guard findings.count < findingLimit else { return }
        findings.append(Finding(kind: kind, path: path, detail: detail))
    }

    func countInTree(_ kind: IndexRecord.Kind, size: Int) {
        guard kind == .file else { return }
        counts.totalFiles += 1
        counts.totalBytes += size
    }

    func countChange(_ before: IndexRecord?) {
        if before == nil {
            counts.added += 1
        } else {
            counts.changed += 1
        }
    }

    /// Lets the writing thread see how far the reading is.
    func report() {
        paths += 1
        guard paths & 255 == 0 else { return }
        progress.update(paths: paths, bytesRead: counts.bytesRead)
    }

    var outcome: Manifest.Outcome {
        if counts.unreadable > 0 { return .partial }
        return counts.changedWhileRead + counts.vanished > 0 ? .completeWithChanges : .complete
    }
}

/// How far the reader is, for the thread that writes.
final class SharedProgress: Sendable {
    private let state = Mutex((paths: 0, bytesRead: 0))

    func update(paths: Int, bytesRead: Int) {
        state.withLock { $0 = (paths, bytesRead) }
    }

    var values: (paths: Int, bytesRead: Int) { state.withLock(\.self) }
}
