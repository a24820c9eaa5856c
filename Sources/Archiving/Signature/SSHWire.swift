// SPDX-License-Identifier: Apache-2.0

/// Writes the binary form of SSH's messages (RFC 4251): strings with a length of four bytes before them.
struct SSHWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(raw: some Sequence<UInt8>) {
        bytes += raw
    }

    mutating func append(_ number: UInt32) {
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
    }

    mutating func append(_ string: [UInt8]) {
        append(UInt32(string.count))
        bytes += string
    }

    mutating func append(_ text: String) {
        append(Array(text.utf8))
    }
}

/// Reads the binary form of SSH's messages; anything that does not fit is an error.
struct SSHReader {
    private var rest: ArraySlice<UInt8>
    private let operation: String

    /// Reads `bytes`; errors say that `operation` failed.
    init(_ bytes: [UInt8], for operation: String) {
        rest = bytes[...]
        self.operation = operation
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func raw(_ count: Int) throws -> [UInt8] {
        guard rest.count >= count else { throw malformed("it ends too early") }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    mutating func number() throws -> UInt32 {
        try raw(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() throws -> [UInt8] {
        try raw(Int(number()))
    }

    mutating func text() throws -> String {
        guard let text = String(validating: try string(), as: UTF8.self) else {
            throw malformed("a text is not UTF-8")
        }
        return text
    }

    /// Takes bytes that must be there.
    mutating func expect(_ expected: some Sequence<UInt8>, _ name: String) throws {
        let expected = Array(expected)
        guard try raw(expected.count) == expected else { throw malformed("it is not \(name)") }
    }

    func expectEnd() throws {
        guard isAtEnd else { throw malformed("there are bytes after its end") }
    }

    func malformed(_ detail: String) -> ArchiveError {
        ArchiveError(.malformed, operation, detail: detail)
    }
}

/// Base64 between a line that begins and one that ends it, as OpenSSH writes keys and signatures.
enum SSHArmor {
    /// The text, in lines of 70 characters.
    static func text(of bytes: [UInt8], label: String) -> String {
        let digits = Base64.text(of: bytes, padded: true)
        var text = "-----BEGIN \(label)-----\n"
        for start in stride(from: 0, to: digits.count, by: 70) {
            text += String(decoding: digits[start..<min(start + 70, digits.count)], as: UTF8.self) + "\n"
        }
        return text + "-----END \(label)-----\n"
    }

    /// The bytes; fails if the lines around them are not the right ones, or if they are not Base64.
    static func bytes(of text: String, label: String) -> [UInt8]? {
        let lines = text.trimmingBlanks.split(whereSeparator: \.isNewline)
        guard lines.count > 2, lines[0] == "-----BEGIN \(label)-----", lines.last == "-----END \(label)-----"
        else { return nil }
        return Base64.bytes(of: lines.dropFirst().dropLast().flatMap(\.utf8), padded: true)
    }
}
