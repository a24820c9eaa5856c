// SPDX-License-Identifier: Apache-2.0

/// What is to be done next for some paths of a tree elsewhere, in the tree's order.
///
/// Performed in three steps: the other side's tar packs what is wanted, once for all paths; what has changed while it
/// was packed is packed once more; then indexes and deletions are told, in order.
final class FarBatch {
    /// A path that is to be packed.
    struct Wanted {
        /// What the listing tells of it.
        var record: IndexRecord
        var before: IndexRecord?
        /// Whether the merged index has it already.
        var isMerged: Bool
        /// Whether somebody was told already that it cannot be looked into.
        var isTold = false
    }

    enum Step {
        /// It is as it was.
        case merge(IndexRecord)
        case delete([UInt8], isFolder: Bool)
        case link(IndexRecord, before: IndexRecord?)
        case fetch(Wanted)
    }

    /// What came of a path that was wanted.
    private enum Outcome {
        case written(IndexRecord)
        case absent(ArchiveError)
    }

    // As many as are asked for at once: large enough that the round trips of a batch do not count, small enough
    // that what is remembered meanwhile does not, either.
    private static let stepLimit = 16_384
    private static let nameLimit = 4_096
    private static let byteLimit = 256 << 20

    private let tree: FarTree
    private let members: MemberWriter
    private let outputs: ScanOutputs
    private var steps: [Step] = []
    private var wantedCount = 0
    private var wantedBytes = 0
    /// First names of files with several that did not come, so that nothing can be linked to them.
    private var lost: Set<[UInt8]> = []

    init(_ tree: FarTree, members: MemberWriter, outputs: ScanOutputs) {
        self.tree = tree
        self.members = members
        self.outputs = outputs
    }

    var isFull: Bool {
        steps.count >= Self.stepLimit || wantedCount >= Self.nameLimit || wantedBytes >= Self.byteLimit
    }

    func add(_ step: Step) {
        steps.append(step)
        guard case .fetch(let wanted) = step else { return }
        wantedCount += 1
        wantedBytes += wanted.record.size
    }

    /// Whether a record's times are so near to the other machine's now that they may hide a later change.
    func isRecent(_ record: IndexRecord) -> Bool {
        let now = ArchiveTime.now().nanoseconds + tree.clockOffset
        // A second for coarse time stamps and one for the way between the clocks.
        return max(record.changed.seconds, record.modified.seconds) >= now / 1_000_000_000 - 2
    }

    /// Does everything that was added.
    func perform() throws {
        defer {
            steps.removeAll(keepingCapacity: true)
            wantedCount = 0
            wantedBytes = 0
        }
        var outcomes = try fetch()
        try readChangedAgain(&outcomes)
        try tell(outcomes)
    }

    // MARK: - Packing

    private static func name(_ path: [UInt8]) -> [UInt8] {
        Array("./".utf8) + path + [0]
    }

    /// Writes the members of this batch in order; hard links need nothing from the other side.
    private func fetch() throws -> [Int: Outcome] {
        var outcomes: [Int: Outcome] = [:]
        guard wantedCount > 0 else {
            for (number, step) in steps.enumerated() { try writeLink(step, number, &outcomes) }
            return outcomes
        }
        var names: [UInt8] = []
        for case .fetch(let wanted) in steps { names += Self.name(wanted.record.path) }
        let said = try tree.reader.pack(names) { next in
            let stream = try FarStream(next)
            for (number, step) in steps.enumerated() {
                guard case .fetch(let wanted) = step else {
                    try writeLink(step, number, &outcomes)
                    continue
                }
                guard try stream.holds(wanted.record.path) else { continue }
                if let record = try write(wanted.record, from: stream.tar) {
                    outcomes[number] = .written(record)
                }
                try stream.advance()
            }
            try stream.end()
        }
        judge(TarMessages(said), &outcomes)
        return outcomes
    }

    private func writeLink(_ step: Step, _ number: Int, _ outcomes: inout [Int: Outcome]) throws {
        guard case .link(var record, _) = step else { return }
        try members.begin(record, [])
        record.location = try members.end()
        outcomes[number] = .written(record)
    }

    /// Takes in what tar has said, now that all of it is there.
    private func judge(_ messages: TarMessages, _ outcomes: inout [Int: Outcome]) {
        for (number, step) in steps.enumerated() {
            guard case .fetch(let wanted) = step else { continue }
            let path = wanted.record.path
            guard case .written(var record) = outcomes[number] else {
                outcomes[number] = .absent(messages.absence(of: path))
                continue
            }
            if let words = messages.damage(of: path) {
                record.isIncomplete = true
                outputs.add(.unreadable, path, words)
            } else if let words = messages.change(of: path) {
                record.changedWhileRead = true
                outputs.add(.changed, path, words)
            }
            if let words = messages.attributeTrouble(of: path) {
                record.isIncomplete = true
                outputs.add(.unreadable, path, "its attributes: \(words)")
            }
            outcomes[number] = .written(record)
        }
    }

    /// Packs once more what was written to meanwhile; the index points to the second reading.
    private func readChangedAgain(_ outcomes: inout [Int: Outcome]) throws {
        let changed = outcomes.keys.sorted().compactMap { number -> (number: Int, first: IndexRecord)? in
            guard case .written(let record) = outcomes[number], record.changedWhileRead else { return nil }
            return (number, record)
        }
        guard !changed.isEmpty else { return }
        var second: [Int: IndexRecord] = [:]
        let said = try tree.reader.pack(changed.flatMap { Self.name($0.first.path) }) { next in
            let stream = try FarStream(next)
            for (number, first) in changed where try stream.holds(first.path) {
                second[number] = try write(first, from: stream.tar)
                try stream.advance()
            }
            try stream.end()
        }
        let messages = TarMessages(said)
        for (number, first) in changed {
            // What is gone by now stays as it was read first.
            guard var record = second[number] else { continue }
            record.superseded = first.location
            record.changedWhileRead = messages.change(of: first.path) != nil
            record.isIncomplete = first.isIncomplete || messages.damage(of: first.path) != nil
            outcomes[number] = .written(record)
        }
    }

    // MARK: - Members

    /// Writes the member that tar has packed; `nil` when something else has taken the path's place.
    private func write(_ listed: IndexRecord, from tar: TarReader) throws -> IndexRecord? {
        guard tar.kind == listed.kind else { return nil }
        var record = tar.completing(listed)
        let attributes = tar.attributes
        record.attributes = AttributeDigest.of(attributes)
        guard record.kind == .file else {
            try members.begin(record, attributes)
            record.location = try members.end()
            return record
        }
        let extents = tar.isSparse ? tar.extents.filter { !$0.isEmpty } : nil
        record.holes = extents.map { record.size - $0.reduce(0) { $0 + $1.count } } ?? 0
        // A map without a hole is none; the digest of such a file is the plain one.
        let holes = record.holes > 0 ? extents : nil
        try members.begin(record, attributes, extents: holes)
        record.digest = try writeContent(record, from: tar)
        record.location = try members.end()
        return record
    }

    private func writeContent(_ record: IndexRecord, from tar: TarReader) throws -> SHA256Digest {
        var hasher = ContentHasher(hasHoles: record.holes > 0)
        var place = 0
        unsafe try tar.data { offset, bytes in
            guard offset >= place, bytes.count <= record.size - offset else {
                throw ArchiveError(
                    .hostile, "read a member", MemberPath.shown(record.path),
                    detail: "it has data beyond its size")
            }
            try members.skip(offset - place)
            unsafe try members.write(bytes)
            unsafe hasher.update(at: offset, bytes)
            place = offset + bytes.count
            outputs.counts.bytesRead += bytes.count
        }
        guard record.holes > 0 || place == record.size else {
            throw ArchiveError(
                .truncated, "read a member", MemberPath.shown(record.path), detail: "tar has ended within it")
        }
        try members.skip(record.size - place)
        return hasher.finalize(size: record.size)
    }

    // MARK: - Telling

    private func tell(_ outcomes: [Int: Outcome]) throws {
        for (number, step) in steps.enumerated() {
            switch step {
            case .merge(let record): try outputs.merge(record)
            case .delete(let path, let isFolder): try outputs.deletions?.append(path, isFolder: isFolder)
            case .link(let record, let before): try tellLink(record, before, outcomes[number])
            case .fetch(let wanted): try tell(wanted, outcomes[number])
            }
        }
    }

    private func tell(_ wanted: Wanted, _ outcome: Outcome?) throws {
        switch outcome {
        case .written(let record):
            try clearFolder(wanted.before, record)
            guard wanted.isMerged else { return try outputs.add(record) }
            try outputs.addFolder(record)
        case .absent(let error): try tellAbsent(wanted, error)
        case nil: try tellAbsent(wanted, TarMessages([]).absence(of: wanted.record.path))
        }
    }

    private func tellAbsent(_ wanted: Wanted, _ error: ArchiveError) throws {
        let isGone = error.code == .ioFailed(errno: 2)
        if !wanted.isTold { outputs.add(isGone ? .vanished : .unreadable, wanted.record.path, error.detail) }
        guard wanted.record.kind != .folder else {
            // What lies in it may have come: its place is kept, and the next run looks at it again.
            var record = wanted.record
            record.isIncomplete = true
            try members.begin(record, [])
            record.location = try members.end()
            return try wanted.isMerged ? outputs.addFolder(record) : outputs.add(record)
        }
        lost.insert(wanted.record.path)
        guard let before = wanted.before else { return }
        if isGone || before.kind == .folder {
            outputs.counts.deleted += 1
            try outputs.deletions?.append(before.path, isFolder: before.kind == .folder)
        } else {
            // What cannot be read now stays as the points before have it.
            if before.kind == .file { lost.remove(wanted.record.path) }
            try outputs.merge(before)
        }
    }

    private func tellLink(_ record: IndexRecord, _ before: IndexRecord?, _ outcome: Outcome?) throws {
        guard case .written(let written) = outcome, !lost.contains(record.linkTarget) else {
            outputs.add(
                .unreadable, record.path,
                "'\(MemberPath.shown(record.linkTarget))', whose content it is, did not come")
            if let before {
                outputs.counts.deleted += 1
                try outputs.deletions?.append(before.path, isFolder: before.kind == .folder)
            }
            return
        }
        try clearFolder(before, written)
        try outputs.add(written)
    }

    /// A folder that became something else is removed before that is unpacked.
    private func clearFolder(_ before: IndexRecord?, _ now: IndexRecord) throws {
        guard let before, before.kind == .folder, now.kind != .folder else { return }
        try outputs.deletions?.append(before.path, isFolder: true)
    }
}
