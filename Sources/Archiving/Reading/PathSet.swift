// SPDX-License-Identifier: Apache-2.0

/// Many paths in component order, in one block of memory.
struct PathSet: Sendable {
    private let bytes: [UInt8]
    private let ends: [Int]
    private let order: [Int32]

    /// Takes paths, each ended by NUL, in any order.
    ///
    /// - Throws: `hostile` for a path that leads out of the tree, `malformed` when the last has no end.
    init(nulSeparated bytes: [UInt8]) throws(ArchiveError) {
        var ends: [Int] = []
        var start = 0
        for (place, byte) in bytes.enumerated() where byte == 0 {
            guard place > start, place - start <= MemberPath.limit else {
                throw ArchiveError(
                    .malformed, "read the deletions",
                    detail: "a path is empty or longer than \(MemberPath.limit)")
            }
            try MemberPath.check(Array(bytes[start..<place]))
            ends.append(place)
            start = place + 1
        }
        guard start == bytes.count, ends.count < Int32.max else {
            throw ArchiveError(.malformed, "read the deletions", detail: "the last path has no end")
        }
        self.bytes = bytes
        self.ends = ends
        func path(_ number: Int32) -> [UInt8] { Self.path(Int(number), bytes, ends) }
        order = (0..<Int32(ends.count)).sorted { MemberPath.compare(path($0), path($1)) < 0 }
    }

    var count: Int { order.count }

    /// The path at a position in component order.
    subscript(position: Int) -> [UInt8] { Self.path(Int(order[position]), bytes, ends) }

    /// The position of the first path that is not before `path`.
    func firstPosition(notBefore path: [UInt8]) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if MemberPath.compare(self[middle], path) < 0 { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func contains(_ path: [UInt8]) -> Bool {
        let position = firstPosition(notBefore: path)
        return position < count && self[position] == path
    }

    /// Whether the set has the path or a folder above it.
    func covers(_ path: [UInt8]) -> Bool {
        guard count > 0 else { return false }
        var current = path
        while !current.isEmpty {
            if contains(current) { return true }
            current = MemberPath.parent(of: current)
        }
        return false
    }

    private static func path(_ number: Int, _ bytes: [UInt8], _ ends: [Int]) -> [UInt8] {
        Array(bytes[(number == 0 ? 0 : ends[number - 1] + 1)..<ends[number]])
    }
}
