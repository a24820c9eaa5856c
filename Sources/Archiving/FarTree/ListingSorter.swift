// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Sorts a listing as it comes, in memory that does not grow with the tree.
///
/// `find` goes through a tree as its folders lie; a merge with the previous index needs component order. So many
/// paths at a time are sorted and put into a file, and the files are merged when they are read.
package final class ListingSorter {
    /// The fields of one path, as they came.
    struct Entry {
        var fields: [[UInt8]]
        var path: [UInt8] { fields[3] }
    }

    private let folder: String
    private let limit: Int
    private var fields: [[UInt8]] = []
    private var field: [UInt8] = []
    private var entries: [Entry] = []
    private var runs: [String] = []
    /// Regular files met so far.
    package private(set) var files = 0

    /// Takes a private folder that is there; `limit` is how many paths are sorted in memory.
    package init(folder: String, limit: Int = 100_000) {
        self.folder = folder
        self.limit = limit
    }

    /// Takes the next bytes that `find` has printed.
    package func take(_ bytes: UnsafeRawBufferPointer) throws {
        var start = 0
        for place in 0..<bytes.count where unsafe bytes[place] == 0 {
            unsafe field.append(contentsOf: bytes[start..<place])
            start = place + 1
            fields.append(field)
            field.removeAll(keepingCapacity: true)
            if fields.count == 5 { try endEntry() }
        }
        unsafe field.append(contentsOf: bytes[start...])
        guard field.count <= 2 * MemberPath.limit else {
            throw ArchiveError(.hostile, "list the source", detail: "a path without an end")
        }
    }

    private func endEntry() throws {
        if fields[0].first == UInt8(ascii: "f") { files += 1 }
        entries.append(Entry(fields: fields))
        fields.removeAll(keepingCapacity: true)
        if entries.count >= limit { try writeRun() }
    }

    /// The sorted listing, once everything has come.
    ///
    /// - Throws: `truncated` when the listing ends in the middle of a path.
    func finish() throws -> ListingMerge {
        guard fields.isEmpty, field.isEmpty else {
            throw ArchiveError(
                .truncated, "list the source", detail: "the listing ends in the middle of a path")
        }
        sort()
        let rest = entries
        entries = []
        return try ListingMerge(runs: runs, rest: rest)
    }

    private func sort() {
        entries.sort { MemberPath.compare($0.path, $1.path) < 0 }
    }

    private func writeRun() throws {
        sort()
        let file = try OutputFile(path: "\(folder)/listing-\(runs.count + 1)")
        var bytes: [UInt8] = []
        func flush() throws {
            unsafe try bytes.withUnsafeBytes { unsafe try file.write($0) }
            bytes.removeAll(keepingCapacity: true)
        }
        for entry in entries {
            for field in entry.fields {
                bytes += field
                bytes.append(0)
            }
            if bytes.count >= 1 << 20 { try flush() }
        }
        try flush()
        file.keep()
        runs.append(file.path)
        entries.removeAll(keepingCapacity: true)
    }
}

/// Merges sorted runs into one sorted sequence; the files go away as they end.
final class ListingMerge {
    private var heads: [(entry: ListingSorter.Entry, run: ListingRun)] = []
    private var rest: ArraySlice<ListingSorter.Entry>

    init(runs: [String], rest: [ListingSorter.Entry]) throws {
        self.rest = rest[...]
        for path in runs {
            let run = try ListingRun(path)
            if let first = try run.next() { heads.append((first, run)) }
        }
    }

    /// The next entry in component order.
    func next() throws -> ListingSorter.Entry? {
        var best: Int?
        for place in heads.indices where best.map({ precedes(heads[place].entry, heads[$0].entry) }) ?? true {
            best = place
        }
        if let first = rest.first, best.map({ precedes(first, heads[$0].entry) }) ?? true {
            return rest.removeFirst()
        }
        guard let best else { return nil }
        let entry = heads[best].entry
        if let following = try heads[best].run.next() {
            heads[best].entry = following
        } else {
            heads.remove(at: best)
        }
        return entry
    }

    private func precedes(_ left: ListingSorter.Entry, _ right: ListingSorter.Entry) -> Bool {
        MemberPath.compare(left.path, right.path) < 0
    }
}

/// Reads one sorted file of a listing.
private final class ListingRun {
    private let descriptor: Int32
    private let path: String
    private var buffer: [UInt8] = []
    private var place = 0

    init(_ path: String) throws {
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ArchiveError.system("open", path) }
        self.path = path
        // It lives as long as it is read.
        unsafe unlink(path)
    }

    deinit {
        close(descriptor)
    }

    func next() throws -> ListingSorter.Entry? {
        var fields: [[UInt8]] = []
        while fields.count < 5 {
            guard let field = try nextField() else {
                guard fields.isEmpty else {
                    throw ArchiveError(.damaged, "read", path, detail: "it ends in the middle of a path")
                }
                return nil
            }
            fields.append(field)
        }
        return ListingSorter.Entry(fields: fields)
    }

    private func nextField() throws -> [UInt8]? {
        var searched = place
        while true {
            if let end = buffer[searched...].firstIndex(of: 0) {
                defer { place = end + 1 }
                return Array(buffer[place..<end])
            }
            buffer.removeFirst(place)
            place = 0
            searched = buffer.count
            guard try fill() else { return nil }
        }
    }

    private func fill() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        let count = unsafe read(descriptor, &piece, piece.count)
        guard count >= 0 else { throw ArchiveError.system("read", path) }
        buffer += piece[..<count]
        return count > 0
    }
}
