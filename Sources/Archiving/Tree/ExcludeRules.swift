// SPDX-License-Identifier: Apache-2.0

/// What a source leaves out, by the rules of a `.gitignore` file at its root.
///
/// Later rules win; `!` takes back; a rule with a `/` that is not its last character is anchored at the source,
/// any other holds at every depth; a `/` at the end means folders only; `*` and `?` stop at `/`, `**` does not.
/// What lies in an excluded folder cannot be taken back, because the folder is not looked into.
package struct ExcludeRules: Sendable {
    private struct Rule: Sendable {
        let pattern: [UInt8]
        let isAnchored: Bool
        let isFolderOnly: Bool
        let takesBack: Bool
    }

    private let rules: [Rule]

    /// Reads one rule from each line; empty lines and lines that begin with `#` are none.
    package init(_ lines: [String]) {
        rules = lines.compactMap { Self.rule($0) }
    }

    var isEmpty: Bool { rules.isEmpty }

    /// Whether the rules leave a path out.
    package func exclude(_ path: [UInt8], isFolder: Bool) -> Bool {
        var isExcluded = false
        for rule in rules where rule.takesBack == isExcluded {
            if rule.isFolderOnly, !isFolder { continue }
            if Self.matches(rule, path) { isExcluded = !rule.takesBack }
        }
        return isExcluded
    }

    private static func rule(_ line: String) -> Rule? {
        var text = Array(line.utf8)
        // Blanks at the end do not count unless they are escaped.
        while text.last == UInt8(ascii: " "), text.dropLast().last != UInt8(ascii: "\\") { text.removeLast() }
        guard let first = text.first, first != UInt8(ascii: "#") else { return nil }
        let takesBack = first == UInt8(ascii: "!")
        if takesBack { text.removeFirst() }
        let isFolderOnly = text.last == MemberPath.slash
        if isFolderOnly { text.removeLast() }
        let isAnchored = text.contains(MemberPath.slash)
        if text.first == MemberPath.slash { text.removeFirst() }
        guard !text.isEmpty else { return nil }
        return Rule(pattern: text, isAnchored: isAnchored, isFolderOnly: isFolderOnly, takesBack: takesBack)
    }

    private static func matches(_ rule: Rule, _ path: [UInt8]) -> Bool {
        if rule.isAnchored { return Glob.matches(rule.pattern[...], path[...]) }
        let name = path.lastIndex(of: MemberPath.slash).map { path[($0 + 1)...] } ?? path[...]
        return Glob.matches(rule.pattern[...], name)
    }
}

/// The patterns of a `.gitignore` rule, on bytes.
enum Glob {
    private static let star = UInt8(ascii: "*")

    /// Whether a pattern fits a whole text.
    ///
    /// Stars are tried from the shortest on; only the last of each kind is ever tried again, so that the time
    /// does not grow beyond the product of the lengths for rules without `**`.
    static func matches(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        var pattern = pattern
        var text = text
        var retry: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
        while true {
            if let first = pattern.first {
                if first == star {
                    if pattern.dropFirst().first == star { return matchesDeep(pattern, text, retry) }
                    pattern = pattern.dropFirst()
                    retry = (pattern, text)
                    continue
                }
                if let next = text.first, let rest = rest(of: pattern, after: next) {
                    pattern = rest
                    text = text.dropFirst()
                    continue
                }
            } else if text.isEmpty {
                return true
            }
            // The last star takes one byte more, but never a slash.
            guard let again = retry, let next = again.text.first, next != MemberPath.slash else {
                return false
            }
            retry = (again.pattern, again.text.dropFirst())
            pattern = again.pattern
            text = again.text.dropFirst()
        }
    }

    /// `**/` at any depth, `/**` everything inside, `**` anything.
    private static func matchesDeep(
        _ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>,
        _ retry: (pattern: ArraySlice<UInt8>, text: ArraySlice<UInt8>)?
    ) -> Bool {
        let rest = pattern.drop { $0 == star }
        if rest.isEmpty { return !text.isEmpty || retry == nil }
        if rest.first == MemberPath.slash {
            let tail = rest.dropFirst()
            if matches(tail, text) { return true }
            for place in text.indices where text[place] == MemberPath.slash {
                if matches(tail, text[(place + 1)...]) { return true }
            }
        } else {
            for place in text.startIndex...text.endIndex where matches(rest, text[place...]) { return true }
        }
        guard let again = retry, let next = again.text.first, next != MemberPath.slash else { return false }
        return matches([star] + again.pattern, again.text.dropFirst())
    }

    /// The pattern behind its first element, if that fits the byte.
    private static func rest(of pattern: ArraySlice<UInt8>, after byte: UInt8) -> ArraySlice<UInt8>? {
        guard let first = pattern.first else { return nil }
        switch first {
        case UInt8(ascii: "?"): return byte == MemberPath.slash ? nil : pattern.dropFirst()
        case UInt8(ascii: "["): return set(pattern, fits: byte)
        case UInt8(ascii: "\\"):
            let escaped = pattern.dropFirst()
            return escaped.first == byte ? escaped.dropFirst() : nil
        default: return first == byte ? pattern.dropFirst() : nil
        }
    }

    /// `[a-z]`, `[!a-z]`; a bracket that is never closed stands for itself.
    private static func set(_ pattern: ArraySlice<UInt8>, fits byte: UInt8) -> ArraySlice<UInt8>? {
        var rest = pattern.dropFirst()
        let isNegated = rest.first == UInt8(ascii: "!") || rest.first == UInt8(ascii: "^")
        if isNegated { rest = rest.dropFirst() }
        var isFirst = true
        var fits = false
        while let low = rest.first {
            if low == UInt8(ascii: "]"), !isFirst {
                return fits != isNegated && byte != MemberPath.slash ? rest.dropFirst() : nil
            }
            isFirst = false
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-"), let high = rest.dropFirst().first, high != UInt8(ascii: "]") {
                if low <= byte, byte <= high { fits = true }
                rest = rest.dropFirst(2)
            } else if low == byte {
                fits = true
            }
        }
        return byte == UInt8(ascii: "[") ? pattern.dropFirst() : nil
    }
}
