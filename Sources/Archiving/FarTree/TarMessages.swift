// SPDX-License-Identifier: Apache-2.0

/// What GNU tar says of single paths on standard error, with `--quoting-style=c` in the C locale.
struct TarMessages {
    private var messages: [[UInt8]: [String]] = [:]

    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let (path, text) = Self.parse(line) else { continue }
            messages[path, default: []].append(text)
        }
    }

    /// Reads `tar: "./path": message`, or the same behind `Warning: `; `nil` for anything else.
    private static func parse(_ line: ArraySlice<UInt8>) -> (path: [UInt8], text: String)? {
        guard let open = line.firstIndex(of: UInt8(ascii: "\"")), open - line.startIndex < 40 else {
            return nil
        }
        var path: [UInt8] = []
        var place = open + 1
        while place < line.endIndex, line[place] != UInt8(ascii: "\"") {
            guard line[place] == UInt8(ascii: "\\"), place + 1 < line.endIndex else {
                path.append(line[place])
                place += 1
                continue
            }
            let (byte, count) = unescape(line[(place + 1)...])
            path.append(byte)
            place += 1 + count
        }
        guard place < line.endIndex else { return nil }
        if path.starts(with: [UInt8(ascii: "."), MemberPath.slash]) { path.removeFirst(2) }
        if path == [UInt8(ascii: ".")] { path = [] }
        let before = String(decoding: line[..<open], as: UTF8.self)
        let after = String(decoding: line[(place + 1)...], as: UTF8.self)
        let text = after.hasPrefix(": ") ? String(after.dropFirst(2)) : after
        return (path, before.contains("xattr") ? before + text : text)
    }

    /// The byte that an escape stands for, and how many bytes it takes behind the backslash.
    private static func unescape(_ text: ArraySlice<UInt8>) -> (byte: UInt8, count: Int) {
        let digits = text.prefix(3).prefix { (48...55).contains($0) }
        if digits.count == 3 {
            return (UInt8(truncatingIfNeeded: digits.reduce(0) { $0 * 8 + Int($1) - 48 }), 3)
        }
        let letters: [UInt8: UInt8] = [
            UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
            UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
        ]
        let byte = text.first ?? 0
        return (letters[byte] ?? byte, 1)
    }

    // MARK: - Judging

    /// Why a path that was asked for did not come.
    func absence(of path: [UInt8]) -> ArchiveError {
        let words = messages[path]?.first ?? "tar has not packed it"
        let isGone = words.contains("No such file") || words.contains("removed before")
        return ArchiveError(
            .ioFailed(errno: isGone ? 2 : 5), "read", MemberPath.shown(path), detail: words)
    }

    /// Whether a path was written to while tar read it; the words of it.
    func change(of path: [UInt8]) -> String? {
        messages[path]?.first { $0.contains("changed as we read") || $0.contains("File shrank") }
    }

    /// Why a path is there and not all of it; what could not be read stands as zeros.
    func damage(of path: [UInt8]) -> String? {
        messages[path]?.first { $0.contains("Read error") }
    }

    /// Why the attributes of a path may be missing.
    func attributeTrouble(of path: [UInt8]) -> String? {
        messages[path]?.first { $0.contains("xattr") || $0.contains("acl") }
    }
}
