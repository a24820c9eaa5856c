// SPDX-License-Identifier: Apache-2.0

/// A record of the merged tree, and the point of the chain that holds its member.
struct MergedRecord {
    let record: IndexRecord
    /// The point's place in the chain, 0 for the full one.
    let point: Int
}

/// The records of a chain as one tree: the newest of each path, without what a later point deleted.
///
/// Reads every index once, in component order, from a path on. Not `Sendable`: it belongs to one thread.
final class MergedRecords {
    private struct Cursor {
        let stream: IndexRecordStream
        var next: IndexRecord?
    }

    private var cursors: [Cursor]
    private let deletions: [PathSet?]
    /// For each point, the deleted path that the walk is at or in.
    private var deleted: [(position: Int, path: [UInt8]?)]
    /// A path that is no folder in this point; what earlier ones have below it is gone.
    private var shadow: (path: [UInt8], point: Int)?

    /// Begins at a path; `indexes` and `deletions` are those of the points, the full one first.
    init(_ indexes: [IndexReader], _ deletions: [PathSet?], from start: [UInt8]) throws {
        self.deletions = deletions
        // Folders above the beginning count too: whoever is deleted with its folder is deleted.
        deleted = deletions.map { set in
            guard let set else { return (0, nil) }
            var above = start
            var found: [UInt8]?
            while !above.isEmpty {
                above = MemberPath.parent(of: above)
                if !above.isEmpty, set.contains(above) { found = above }
            }
            return (set.firstPosition(notBefore: start), found)
        }
        cursors = []
        for index in indexes {
            let stream = index.records(from: start)
            cursors.append(Cursor(stream: stream, next: try stream.next()))
        }
        shadow = try Self.shadow(above: start, indexes)
    }

    /// The next record of the tree; `nil` at the end.
    func next() throws -> MergedRecord? {
        while true {
            guard let newest = newest() else { return nil }
            let path = newest.record.path
            for position in cursors.indices where cursors[position].next?.path == path {
                cursors[position].next = try cursors[position].stream.next()
            }
            if let shadow, !MemberPath.isBelow(path, shadow.path) { self.shadow = nil }
            if let shadow, newest.point < shadow.point { continue }
            if isDeleted(path, after: newest.point) { continue }
            if newest.record.kind != .folder { shadow = (path, newest.point) }
            return newest
        }
    }

    /// Of the lowest path that any point is at, the newest point's record.
    private func newest() -> MergedRecord? {
        var best: MergedRecord?
        for (point, cursor) in cursors.enumerated() {
            guard let record = cursor.next else { continue }
            if let found = best, MemberPath.compare(record.path, found.record.path) > 0 { continue }
            best = MergedRecord(record: record, point: point)
        }
        return best
    }

    private func isDeleted(_ path: [UInt8], after point: Int) -> Bool {
        var result = false
        for later in deletions.indices where later > point {
            guard let set = deletions[later] else { continue }
            while deleted[later].position < set.count {
                let candidate = set[deleted[later].position]
                guard MemberPath.compare(candidate, path) <= 0 else { break }
                deleted[later].position += 1
                if let current = deleted[later].path, MemberPath.isBelow(candidate, current) { continue }
                deleted[later].path = candidate
            }
            if let current = deleted[later].path, current == path || MemberPath.isBelow(path, current) {
                result = true
            }
        }
        return result
    }

    /// The newest record above the beginning that is no folder.
    private static func shadow(above start: [UInt8], _ indexes: [IndexReader]) throws -> (
        path: [UInt8], point: Int
    )? {
        var above = start
        while !above.isEmpty {
            above = MemberPath.parent(of: above)
            guard !above.isEmpty else { break }
            for (point, index) in indexes.enumerated().reversed() {
                guard let record = try index.record(at: above) else { continue }
                if record.kind != .folder { return (above, point) }
                break
            }
        }
        return nil
    }
}
