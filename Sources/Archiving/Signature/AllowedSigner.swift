// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// One line of an allowed_signers file: `principals [options] type key [comment]`.
struct AllowedSigner: Sendable {
    let principals: String
    /// `nil` for a certificate authority and for a key that is not Ed25519: they match no signature of ours.
    private(set) var key: SSHPublicKey?
    /// The purposes the key may sign for, as a list of patterns; `nil` allows all.
    private(set) var namespaces: String?
    private(set) var validAfter: Date?
    private(set) var validBefore: Date?

    init(parsing line: String) throws {
        var rest = Substring(line)
        principals = try Self.word(&rest)
        let beforeOptions = rest
        let first = try Self.word(&rest)
        // What is no key type is read again as it stands: the quotes in options belong to them.
        rest = beforeOptions
        let isAuthority = Self.isKeyType(first) ? false : try takeOptions(&rest)
        let keyLine = String(rest).trimmingBlanks
        do {
            let key = try SSHPublicKey(parsing: keyLine)
            self.key = isAuthority ? nil : key
        } catch let error as ArchiveError where error.code == .unsupported {
            key = nil
        }
        if let validAfter, let validBefore, validBefore <= validAfter {
            throw Self.malformed("valid-before is not later than valid-after")
        }
    }

    /// Why this line does not allow a signature by its key; `nil` if it does.
    func objection(to identity: String?, namespace: String, at time: Date?) -> String? {
        if let identity, !PatternList(principals).matches(identity) {
            return "it belongs to \(principals)"
        }
        if let namespaces, !PatternList(namespaces).matches(namespace) {
            return "it is for \(namespaces) only"
        }
        guard let time else { return nil }
        if let validAfter, time < validAfter { return "it is not valid yet at that time" }
        if let validBefore, time > validBefore { return "it is no longer valid at that time" }
        return nil
    }
}

// MARK: - Parsing

extension AllowedSigner {
    private static func isKeyType(_ word: String) -> Bool {
        ["ssh-", "ecdsa-", "sk-ssh-", "sk-ecdsa-", "rsa-sha2-"].contains { word.hasPrefix($0) }
    }

    private static func malformed(_ detail: String) -> ArchiveError {
        ArchiveError(.malformed, "read the allowed signers", detail: detail)
    }

    /// The next word, without its quotes if it has some.
    private static func word(_ rest: inout Substring) throws -> String {
        skipBlanks(&rest)
        guard !rest.isEmpty else { throw malformed("the line ends too early") }
        if rest.first == "\"" { return try quoted(&rest) }
        let word = rest.prefix { $0 != " " && $0 != "\t" }
        rest = rest.dropFirst(word.count)
        return String(word)
    }

    private static func skipBlanks(_ rest: inout Substring) {
        rest = rest.drop { $0 == " " || $0 == "\t" }
    }

    /// A text in double quotes; `\"` stands for a quote within.
    private static func quoted(_ rest: inout Substring) throws -> String {
        rest = rest.dropFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == "\"" { return text }
            if character == "\\", rest.first == "\"" {
                rest = rest.dropFirst()
                text.append("\"")
            } else {
                text.append(character)
            }
        }
        throw malformed("a quote is not closed")
    }

    /// Takes the options up to the blank after them; returns whether the line is for certificates.
    private mutating func takeOptions(_ rest: inout Substring) throws -> Bool {
        Self.skipBlanks(&rest)
        var isAuthority = false
        while true {
            let name = String(rest.prefix { $0 != "=" && $0 != "," && $0 != " " && $0 != "\t" }).lowercased()
            rest = rest.dropFirst(name.count)
            if name == "cert-authority" {
                isAuthority = true
            } else {
                guard rest.popFirst() == "=", rest.first == "\"" else {
                    throw Self.malformed("'\(name)' is neither a key type nor an option with a quoted value")
                }
                try takeOption(name, try Self.quoted(&rest))
            }
            guard rest.first == "," else { break }
            rest = rest.dropFirst()
        }
        guard rest.first == " " || rest.first == "\t" else {
            throw Self.malformed("no key follows the options")
        }
        return isAuthority
    }

    private mutating func takeOption(_ name: String, _ value: String) throws {
        switch name {
        case "namespaces" where namespaces == nil:
            namespaces = value
        case "valid-after" where validAfter == nil:
            validAfter = try SSHTimestamp.date(value)
        case "valid-before" where validBefore == nil:
            validBefore = try SSHTimestamp.date(value)
        case "namespaces", "valid-after", "valid-before":
            throw Self.malformed("\(name) stands twice")
        default:
            throw Self.malformed("the option '\(name)' is unknown")
        }
    }
}

/// A comma-separated list of patterns with `*` and `?`; one with `!` before it excludes what it matches.
struct PatternList {
    private let patterns: [(isNegated: Bool, text: [UInt8])]

    init(_ text: String) {
        patterns = text.split(separator: ",", omittingEmptySubsequences: false).map {
            $0.hasPrefix("!") ? (true, Array($0.utf8.dropFirst())) : (false, Array($0.utf8))
        }
    }

    func matches(_ text: String) -> Bool {
        let text = Array(text.utf8)
        let hits = patterns.filter { Self.matches(text, $0.text) }
        return !hits.isEmpty && !hits.contains(where: \.isNegated)
    }

    /// Goes back only to the last `*`, so that no pattern takes more than length times length steps.
    private static func matches(_ text: [UInt8], _ pattern: [UInt8]) -> Bool {
        var place = 0
        var next = 0
        var star: (place: Int, next: Int)?
        while place < text.count {
            if next < pattern.count, pattern[next] == UInt8(ascii: "*") {
                star = (place, next)
                next += 1
            } else if next < pattern.count, pattern[next] == UInt8(ascii: "?") || pattern[next] == text[place]
            {
                place += 1
                next += 1
            } else if let last = star {
                star = (last.place + 1, last.next)
                place = last.place + 1
                next = last.next + 1
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
