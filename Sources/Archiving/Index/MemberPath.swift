// SPDX-License-Identifier: Apache-2.0

/// Rules about the path of a member: bytes, relative, as the source has them.
///
/// The empty path is the source's root folder itself. Paths need not be UTF-8 and may hold line feeds.
package enum MemberPath {
    /// The longest path that is kept; the kernel's own limit of 4096 holds for one call, not for a tree.
    package static let limit = 256 << 10
    /// The longest path that GNU tar restores.
    package static let tarLimit = 4095

    /// Orders paths as a sorted walk of the tree meets them: by bytes, with `/` below every other byte.
    ///
    /// Returns a negative number, zero or a positive number.
    package static func compare(_ left: [UInt8], _ right: [UInt8]) -> Int {
        unsafe left.withUnsafeBytes { left in
            unsafe right.withUnsafeBytes { right in
                let count = min(left.count, right.count)
                var place = 0
                while unsafe place < count && left[place] == right[place] { place += 1 }
                guard place < count else { return left.count - right.count }
                return unsafe rank(left[place]) - rank(right[place])
            }
        }
    }

    private static func rank(_ byte: UInt8) -> Int {
        byte == slash ? -1 : Int(byte)
    }

    /// Whether `path` lies below `folder` at any depth; nothing lies below itself, all else below the root.
    package static func isBelow(_ path: [UInt8], _ folder: [UInt8]) -> Bool {
        guard !folder.isEmpty else { return !path.isEmpty }
        return path.count > folder.count && path[folder.count] == slash && path.starts(with: folder)
    }

    /// The path of the folder that holds `path`; empty for what lies in the root, and for the root itself.
    package static func parent(of path: [UInt8]) -> [UInt8] {
        guard let cut = path.lastIndex(of: slash) else { return [] }
        return Array(path[..<cut])
    }

    /// Throws `hostile` unless `path` stays in the tree: no empty, `.` or `..` component, no NUL, not absolute.
    package static func check(_ path: [UInt8]) throws(ArchiveError) {
        guard !isSafe(path) else { return }
        throw ArchiveError(
            .hostile, "read a path", shown(path), detail: "it would lead out of the tree, or nowhere")
    }

    /// Whether `path` stays in the tree.
    package static func isSafe(_ path: [UInt8]) -> Bool {
        guard path.count <= limit else { return false }
        guard !path.isEmpty else { return true }
        var length = 0
        var dots = 0
        for place in 0...path.count {
            let byte = place == path.count ? slash : path[place]
            if byte == slash {
                guard length > 0, !(dots == length && length <= 2) else { return false }
                length = 0
                dots = 0
            } else {
                guard byte != 0 else { return false }
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return true
    }

    /// The path as one line for a terminal or a report: control characters and what is not UTF-8 as `\ooo`.
    package static func shown(_ path: [UInt8]) -> String {
        guard !path.isEmpty else { return "." }
        if let text = String(validating: path, as: UTF8.self),
            text.unicodeScalars.allSatisfy({ $0.value >= 32 && !(127...159).contains($0.value) && $0 != "\\" }
            )
        {
            return text
        }
        return path.map { byte in
            if byte == UInt8(ascii: "\\") { return "\\\\" }
            guard byte < 32 || byte > 126 else { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }.joined()
    }

    static let slash = UInt8(ascii: "/")
}
