// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("A SHA-256 digest")
struct DigestTests {
    @Test(
        "is that of the published vectors",
        arguments: [
            (text: "", hex: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (text: "abc", hex: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ])
    func vectors(text: String, hex: String) throws {
        let digest = SHA256Digest.of(Array(text.utf8))
        #expect(digest.hex == hex)
        #expect(try SHA256Digest(hex: hex) == digest)
        #expect(SHA256Digest(bytes: digest.bytes) == digest)
    }

    @Test func `is the same piece by piece, and that of sha256sum`() throws {
        let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
        var hasher = SHA256Hasher()
        for piece in stride(from: 0, to: bytes.count, by: 333) {
            bytes[piece..<min(piece + 333, bytes.count)].withUnsafeBytes { hasher.update($0) }
        }
        let theirs = String(decoding: try Command.output("sha256sum", input: bytes), as: UTF8.self)
        #expect(theirs == "\(hasher.finalize())  -\n")
    }

    @Test func `stands in JSON as its text`() throws {
        let digest = SHA256Digest.of([1, 2, 3])
        let json = try JSONEncoder().encode([digest])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(digest.hex)\"]")
        #expect(try JSONDecoder().decode([SHA256Digest].self, from: json) == [digest])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([SHA256Digest].self, from: Data("[\"00\"]".utf8))
        }
    }

    @Test(
        "refuses other texts",
        arguments: [
            "", "ab", String(repeating: "A", count: 64), String(repeating: "a", count: 63),
            String(repeating: "g", count: 64), String(repeating: "a", count: 66),
        ])
    func refusals(text: String) throws {
        let error = try #require(throws: ArchiveError.self) { try SHA256Digest(hex: text) }
        #expect(error.code == .malformed)
    }
}
