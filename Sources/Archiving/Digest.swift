// SPDX-License-Identifier: Apache-2.0
import Crypto

/// The SHA-256 of some bytes; its text is 64 lower-case hexadecimal digits.
package struct SHA256Digest: Hashable, Sendable {
    /// The number of bytes in a digest.
    package static let size = 32

    // Four words and not an array: a digest is kept for each of a million files.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes of a digest; fails if there are more or fewer.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.size else { return nil }
        self.init(words: bytes)
    }

    /// Takes 64 hexadecimal digits, lower case only, as every tool prints them.
    package init(hex: String) throws {
        guard let bytes = [UInt8](lowercaseHex: hex.utf8), bytes.count == Self.size else {
            throw ArchiveError(.malformed, "read a SHA-256", detail: "'\(hex)' is not 64 hexadecimal digits")
        }
        self.init(words: bytes)
    }

    /// The digest of bytes that are all at hand.
    package static func of(_ bytes: [UInt8]) -> SHA256Digest {
        var hasher = SHA256Hasher()
        unsafe bytes.withUnsafeBytes { unsafe hasher.update($0) }
        return hasher.finalize()
    }

    fileprivate init(words bytes: some Sequence<UInt8>) {
        var iterator = bytes.makeIterator()
        func nextWord() -> UInt64 {
            (0..<8).reduce(0) { word, _ in word << 8 | UInt64(iterator.next() ?? 0) }
        }
        words = (nextWord(), nextWord(), nextWord(), nextWord())
    }

    /// The 32 bytes.
    package var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// The 64 digits.
    package var hex: String { bytes.lowercaseHex }

    package static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words == right.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

extension SHA256Digest: CustomStringConvertible {
    package var description: String { hex }
}

extension SHA256Digest: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = try? SHA256Digest(hex: text) else {
            // The coder's own error says where in the document the text stands.
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text)' is not 64 hexadecimal digits")
        }
        self = digest
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}

/// Computes a SHA-256 over bytes that come piece by piece.
package struct SHA256Hasher: Sendable {
    private var state = SHA256()

    package init() {}

    /// Takes in the next bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        unsafe state.update(bufferPointer: bytes)
    }

    /// The digest of everything so far; more may still be taken in afterwards.
    package func finalize() -> SHA256Digest {
        unsafe state.finalize().withUnsafeBytes { unsafe SHA256Digest(words: $0) }
    }
}

// MARK: - Hexadecimal text

extension Collection<UInt8> {
    /// Two lower-case digits for each byte.
    package var lowercaseHex: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// The bytes that pairs of lower-case digits stand for; fails at anything else.
    package init?(lowercaseHex text: some Collection<UInt8>) {
        guard text.count.isMultiple(of: 2) else { return nil }
        self.init()
        reserveCapacity(text.count / 2)
        var high: UInt8?
        for character in text {
            let value: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
    }
}
