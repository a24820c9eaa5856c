// SPDX-License-Identifier: Apache-2.0

/// A folder below the root of a store, by its names from the root downwards.
///
/// Each name is one plain path component, so nothing that is built from it can leave the store.
package struct StoreFolder: Hashable, Sendable {
    package let names: [String]

    /// The store's own folder.
    package static let root = StoreFolder(checked: [])

    private init(checked names: [String]) {
        self.names = names
    }

    /// - Throws: `OperationError` with `.badInput` for a name that is not ``isPlain(_:)``.
    package init(_ names: [String]) throws {
        for name in names { try Self.check(name) }
        self.names = names
    }

    /// Where the points of a dataset lie.
    package static func dataset(_ dataset: String) throws -> StoreFolder {
        try StoreFolder([dataset])
    }

    /// Where the files of one point lie.
    package static func point(_ point: String, of dataset: String) throws -> StoreFolder {
        try StoreFolder([dataset, point])
    }

    /// Whether a name is one component without tricks: printable ASCII, no `/`, not beginning with a dot.
    ///
    /// Names come from hosts that may be hostile; what does not follow this is not ours.
    package static func isPlain(_ name: String) -> Bool {
        let bytes = name.utf8
        return (1...200).contains(bytes.count) && bytes.first != UInt8(ascii: ".")
            && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") }
    }

    static func check(_ name: String) throws {
        guard isPlain(name) else {
            throw OperationError(
                .badInput, "'\(name.debugDescription.dropFirst().dropLast())' cannot name anything in a store"
            )
        }
    }

    /// The absolute path at the host of a store that lies at `root`.
    func path(below root: String) -> String {
        ([root] + names).joined(separator: "/")
    }
}

/// How a name is written when earlier ones were used up by attempts that broke off.
///
/// Nothing in a store is renamed, overwritten or opened for writing twice; what was left behind is ignored.
package enum AttemptName {
    /// A hundred broken attempts at one file mean that something else is wrong.
    static let limit = 100

    /// `00002.tar.zst.age` becomes `00002.a2.tar.zst.age` at the second attempt.
    package static func of(_ name: String, attempt: Int) -> String {
        guard attempt > 1 else { return name }
        let stem = name.prefix { $0 != "." }
        return "\(stem).a\(attempt)\(name.dropFirst(stem.count))"
    }

    /// The name of the first attempt; and which attempt this is.
    package static func parse(_ name: String) -> (base: String, attempt: Int) {
        let words = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count > 1, words[1].first == "a", let attempt = Int(words[1].dropFirst()), attempt > 1,
            String(attempt) == words[1].dropFirst()
        else { return (name, 1) }
        return ((words[...0] + words[2...]).joined(separator: "."), attempt)
    }
}
