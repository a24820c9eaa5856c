// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import Testing

@Suite("An age header")
struct AgeHeaderTests {
    private static let mac = String(repeating: "A", count: 43)
    private static let full = String(repeating: "A", count: 64)

    /// Texts after the version line; `END` stands for a last line of the right form.
    private static let brokenTexts: [String] = [
        "END", "->\n\nEND", "-> \n\nEND", "->  a\n\nEND", "-> a \n\nEND", "-> a  b\n\nEND", "-> a é\n\nEND",
        "-> a\r\n\nEND", "x> a\n\nEND", "-> a\nAA==\nEND", "-> a\nAB\nEND", "-> a\nA\nEND", "-> a\nA-AA\nEND",
        "-> a\n\(full)AAAA\nEND", "-> a\n\(full)\nEND", "-> a\n\n---\n", "-> a\n\n--- \n",
        "-> a\n\n---  \(mac)\n", "-> a\n\n--- \(mac)=\n", "-> a\n\n--- \(mac)A\n",
        "-> scrypt A 18\n\n-> X25519 A\n\nEND", "-> X25519 A\n\nEND", "-> X25519 \(mac) A\n\(mac)\nEND",
        "-> X25519 \(mac)\n\(mac)\nEND", "-> X25519 \(mac)\nAAAA\nEND", String(repeating: "A", count: 70_000),
    ]

    @Test("that breaks the format is refused", arguments: brokenTexts)
    func malformed(text: String) throws {
        let body = text.replacing("END", with: "--- \(Self.mac)\n")
        try expectRefusal("age-encryption.org/v1\n\(body)", .malformed)
    }

    @Test(
        "that does not begin as one is refused",
        arguments: ["hello, world\n", "\n", "age-encryption.org\n", "ag\n"])
    func other(text: String) throws {
        try expectRefusal(text, .notAgeFile)
    }

    @Test(
        "that asks for more than we do is refused",
        arguments: [
            "age-encryption.org/v2\n-> X25519 A\n", "age-encryption.org/v1\r\n",
            "-----BEGIN AGE ENCRYPTED FILE-----\n",
        ])
    func unsupported(text: String) throws {
        try expectRefusal(text, .unsupported)
    }

    @Test("without a stanza for us says so", arguments: ["-> a\n\n", "-> scrypt A 18\n\n"])
    func others(stanza: String) throws {
        try expectRefusal("age-encryption.org/v1\n\(stanza)--- \(Self.mac)\n", .wrongKey)
    }

    /// Expects the same refusal of the whole text and of its bytes one by one.
    private func expectRefusal(_ text: String, _ code: ArchiveError.Code) throws {
        let identity = AgeIdentity.generate()
        let file = Array(text.utf8)
        let whole = try #require(throws: ArchiveError.self) { try ageDecrypt(file, with: [identity]) }
        #expect(whole.code == code, "\(whole)")
        let decryptor = AgeDecryptor(with: [identity]) { _ in }
        let single = try #require(throws: ArchiveError.self) {
            for byte in file { try withUnsafeBytes(of: byte) { try decryptor.write($0) } }
            try decryptor.finish()
        }
        #expect(single == whole)
    }

    @Test func `for others says how many keys were tried, and hides them`() throws {
        let sealed = try ageEncrypt([1], to: [AgeIdentity.generate().recipient])
        let identities = [AgeIdentity.generate(), AgeIdentity.generate()]
        let error = try #require(throws: ArchiveError.self) { try ageDecrypt(sealed, with: identities) }
        #expect(error.code == .wrongKey)
        #expect(error.description == "decrypt: none of 2 identities opens a file of 1 recipients")
        let secret = identities[0].secretText
        #expect(!"\(identities[0])".contains(secret))
        #expect(!String(reflecting: identities).contains(secret))
    }

    @Test func `without recipients is not written`() throws {
        let error = try #require(throws: ArchiveError.self) { try ageEncrypt([1], to: []) }
        #expect(error.code == .missing)
    }
}
