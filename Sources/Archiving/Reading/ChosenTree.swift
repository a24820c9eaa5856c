// SPDX-License-Identifier: Apache-2.0

/// Walks through the chosen paths of a merged tree, with the folders above them, each path once.
///
/// Not `Sendable`: it reads the indexes on one thread.
final class ChosenTree {
    let indexes: [IndexReader]
    private let deletions: [PathSet?]
    private let chosen: [[UInt8]]
    private let isWhole: Bool
    private var number = 0
    private var walk: MergedRecords?
    private var waiting: [MergedRecord] = []
    /// The folders above the current path that were given, from the root down.
    private var above: [[UInt8]] = []

    /// Takes the paths; `nil` and the root both mean everything.
    ///
    /// - Throws: `missing` for a path that the tree does not have.
    init(_ indexes: [IndexReader], _ deletions: [PathSet?], _ paths: [[UInt8]]?) throws {
        self.indexes = indexes
        self.deletions = deletions
        var chosen: [[UInt8]] = []
        for path in (paths ?? [[]]).sorted(by: { MemberPath.compare($0, $1) < 0 }) {
            try MemberPath.check(path)
            if let last = chosen.last, last == path || MemberPath.isBelow(path, last) { continue }
            chosen.append(path)
        }
        self.chosen = chosen
        isWhole = chosen.first?.isEmpty ?? false
        guard !isWhole else { return }
        for path in chosen where try find(path) == nil {
            throw ArchiveError(
                .missing, "find", MemberPath.shown(path), detail: "the point does not hold it",
                hint: "'lifeboat points ls' lists what a point holds")
        }
    }

    /// Whether a path is among the chosen.
    func contains(_ path: [UInt8]) -> Bool {
        isWhole || chosen.contains { $0 == path || MemberPath.isBelow(path, $0) }
    }

    /// The merged record of any path, chosen or not.
    func find(_ path: [UInt8]) throws -> MergedRecord? {
        guard let found = try MergedRecords(indexes, deletions, from: path).next(), found.record.path == path
        else { return nil }
        return found
    }

    /// The next record; `nil` at the end.
    func next() throws -> MergedRecord? {
        while true {
            if !waiting.isEmpty { return waiting.removeFirst() }
            if walk == nil {
                guard number < chosen.count else { return nil }
                let path = chosen[number]
                walk = try MergedRecords(indexes, deletions, from: path)
                try queueFolders(above: path)
                continue
            }
            let path = chosen[number]
            if let found = try walk?.next(),
                found.record.path == path || MemberPath.isBelow(found.record.path, path)
            {
                return found
            }
            walk = nil
            number += 1
        }
    }

    /// Lists the folders that lead to a path and were not given yet.
    private func queueFolders(above path: [UInt8]) throws {
        var folders: [[UInt8]] = []
        var folder = path
        while !folder.isEmpty {
            folder = MemberPath.parent(of: folder)
            folders.append(folder)
        }
        above.removeAll { !folders.contains($0) }
        for folder in folders.reversed() where !above.contains(folder) {
            above.append(folder)
            if let record = try find(folder) { waiting.append(record) }
        }
    }

    /// Gives the frames that a member lies in, with their numbers.
    func frames(
        of location: IndexRecord.Location, ofPoint point: Int, _ body: (Int, DataFrame) throws -> Void
    ) throws {
        let index = indexes[point]
        var number = location.frame
        var left = location.length + location.offset
        while left > 0 {
            let frame = try index.dataFrame(number)
            try body(number, frame)
            left -= frame.rawSize
            number += 1
        }
    }
}
