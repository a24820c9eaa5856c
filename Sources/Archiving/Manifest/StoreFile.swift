// SPDX-License-Identifier: Apache-2.0

/// One file of a point's folder in a store, by its role and the attempt that wrote it.
///
/// Nothing in a store is overwritten, so a file whose writing broke off is written again under another name:
/// `00002.tar.zst.age`, then `00002.a2.tar.zst.age`. Which attempt counts, size and SHA-256 in the manifest say.
package struct StoreFile: Hashable, Sendable {
    package enum Role: Hashable, Sendable {
        /// One encrypted part, numbered from 1.
        case part(Int)
        case index
        case deleted
        case checksums
        case card
        case signature
        case manifest
    }

    package let role: Role
    /// From 1.
    package let attempt: Int

    /// The file of a role; the first attempt unless another is named.
    package init(_ role: Role, attempt: Int = 1) {
        precondition(attempt >= 1, "attempts are counted from 1")
        self.role = role
        self.attempt = attempt
    }

    /// The name to take when this one is taken.
    package var nextAttempt: StoreFile { StoreFile(role, attempt: attempt + 1) }

    /// The name in the store, such as `00001.tar.zst.age` or `manifest.a2.json`.
    package var name: String {
        let (stem, ending) = Self.words(of: role)
        return attempt == 1 ? stem + ending : "\(stem).a\(attempt)\(ending)"
    }

    /// Reads a name; fails for whatever Lifeboat does not write.
    package init?(name: String) {
        guard let dot = name.firstIndex(of: ".") else {
            guard name == Self.words(of: .checksums).stem else { return nil }
            self.init(.checksums)
            return
        }
        let stem = String(name[..<dot])
        var ending = String(name[dot...])
        var attempt = 1
        if ending.hasPrefix(".a"), let number = Self.number(ending.dropFirst(2).prefix { $0 != "." }) {
            guard number >= 2 else { return nil }
            attempt = number
            ending = String(ending.dropFirst(2).drop { $0 != "." })
        }
        let fixed: [Role] = [.index, .deleted, .checksums, .card, .signature, .manifest]
        let part = Self.number(stem).map { Role.part($0) }
        guard
            let role = (fixed + [part].compactMap(\.self)).first(where: {
                Self.words(of: $0) == (stem, ending)
            })
        else { return nil }
        self.init(role, attempt: attempt)
        guard self.name == name else { return nil }
    }

    private static func words(of role: Role) -> (stem: String, ending: String) {
        switch role {
        case .part(let number):
            let digits = String(number)
            return (String(repeating: "0", count: max(0, 5 - digits.count)) + digits, ".tar.zst.age")
        case .index: return ("index", ".zst.age")
        case .deleted: return ("deleted", ".zst.age")
        case .checksums: return ("SHA256SUMS", "")
        case .card: return ("RESTORE", ".txt")
        case .signature: return ("manifest", ".json.sig")
        case .manifest: return ("manifest", ".json")
        }
    }

    /// One to five digits, not zero.
    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }),
            let number = Int(text), number >= 1
        else { return nil }
        return number
    }
}

extension StoreFile: CustomStringConvertible {
    package var description: String { name }
}
