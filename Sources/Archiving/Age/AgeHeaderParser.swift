// SPDX-License-Identifier: Apache-2.0

/// Takes in the bytes of an age header as they come, and finds where it ends.
///
/// Strict as the specification asks: one reading for every header, anything else is refused.
struct AgeHeaderParser {
    /// The longest header that is read: room for 600 recipients, and a bound on what a hostile file costs.
    static let limit = 65_536

    private enum State {
        case version
        case betweenStanzas
        case body(type: String, texts: [[UInt8]])
    }

    private var state = State.version
    private var line: [UInt8] = []
    private var body: [UInt8] = []
    private var raw: [UInt8] = []
    private var stanzas: [AgeStanza] = []

    /// The header once it is complete.
    private(set) var header: AgeHeader?
    /// How many bytes were taken in so far.
    private(set) var count = 0

    /// Takes bytes up to the header's end and returns how many; `header` is set once it is complete.
    mutating func take(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        var taken = 0
        while header == nil, taken < bytes.count {
            let byte = unsafe bytes[taken]
            taken += 1
            count += 1
            guard count <= Self.limit else {
                throw Self.malformed("the header is longer than \(Self.limit) bytes")
            }
            if byte == UInt8(ascii: "\n") {
                try takeLine()
                line.removeAll(keepingCapacity: true)
            } else {
                line.append(byte)
                if case .version = state { try checkVersion(isWhole: false) }
            }
        }
        return taken
    }

    /// What to say when the bytes end before the header does.
    func endedEarly() -> ArchiveError {
        ArchiveError(
            .truncated, "read the age header", detail: "the file ends within its header, at byte \(count)")
    }

    private mutating func takeLine() throws {
        switch state {
        case .version:
            try checkVersion(isWhole: true)
            state = .betweenStanzas
        case .betweenStanzas:
            if line.starts(with: "---".utf8) { return try takeEnd() }
            try takeStanzaLine()
        case .body(let type, let texts):
            try takeBodyLine(type, texts)
        }
        raw += line + [UInt8(ascii: "\n")]
    }

    private func checkVersion(isWhole: Bool) throws {
        let expected = Array(AgeHeader.version.utf8)
        if isWhole ? line == expected : expected.starts(with: line) { return }
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("age-encryption.org/") {
            guard isWhole || line.count > 64 else { return }
            throw ArchiveError(
                .unsupported, "read the age header", detail: "'\(text)' is not version 1")
        }
        // Wait for the first characters, which tell an armored file from one that is something else.
        let armor = "-----BEGIN AGE"
        if !isWhole, armor.hasPrefix(text) || "age-encryption.org/".hasPrefix(text), text != armor { return }
        if text.hasPrefix(armor) {
            throw ArchiveError(
                .unsupported, "read the age header", detail: "the file is armored",
                hint: "decrypt and encrypt it again without 'age -a'")
        }
        throw ArchiveError(
            .notAgeFile, "read the age header", detail: "the file does not begin as an age file")
    }

    private mutating func takeStanzaLine() throws {
        let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].elementsEqual("->".utf8) else {
            throw Self.malformed("a line is neither a stanza nor the end")
        }
        guard parts[1...].allSatisfy({ !$0.isEmpty && $0.allSatisfy { (33...126).contains($0) } }) else {
            throw Self.malformed("a stanza has an empty or unprintable argument")
        }
        state = .body(type: String(decoding: parts[1], as: UTF8.self), texts: parts[2...].map(Array.init))
    }

    private mutating func takeBodyLine(_ type: String, _ texts: [[UInt8]]) throws {
        guard line.count <= 64, let bytes = Base64.bytes(of: line, padded: false) else {
            throw Self.malformed("the body of a stanza is not Base64 in lines of 64")
        }
        body += bytes
        guard line.count < 64 else { return }
        stanzas.append(AgeStanza(type: type, texts: texts, body: body))
        body = []
        state = .betweenStanzas
    }

    private mutating func takeEnd() throws {
        guard line.starts(with: "--- ".utf8),
            let mac = Base64.bytes(of: line.dropFirst(4), padded: false), mac.count == 32
        else { throw Self.malformed("the last line is not a MAC") }
        guard !stanzas.isEmpty else { throw Self.malformed("there is no recipient") }
        guard stanzas.count == 1 || !stanzas.contains(where: { $0.type == "scrypt" }) else {
            throw Self.malformed("a passphrase stands beside other recipients")
        }
        header = AgeHeader(stanzas: stanzas, authenticated: raw + Array("---".utf8), mac: mac)
    }

    private static func malformed(_ detail: String) -> ArchiveError {
        ArchiveError(.malformed, "read the age header", detail: detail)
    }
}
