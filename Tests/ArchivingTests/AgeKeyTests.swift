// SPDX-License-Identifier: Apache-2.0
import Archiving
import Testing

@Suite("An age key")
struct AgeKeyTests {
    // From the published test vectors: 32 bytes of 0x42.
    private static let secret = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

    @Test func `is read and written as its text`() throws {
        let identity = AgeIdentity.generate()
        #expect(identity.secretText.hasPrefix("AGE-SECRET-KEY-1"))
        #expect(try AgeIdentity(parsing: identity.secretText).recipient == identity.recipient)
        #expect(try AgeRecipient(parsing: " \(identity.recipient.text)\r\n") == identity.recipient)
        #expect(try AgeIdentity(parsing: Self.secret).secretText == Self.secret)
    }

    @Test func `with one character wrong is refused, wherever it is`() throws {
        let text = Array(AgeIdentity.generate().recipient.text)
        for place in text.indices {
            var changed = text
            changed[place] = changed[place] == "q" ? "p" : "q"
            let error = try #require(throws: ArchiveError.self) { try AgeRecipient(parsing: String(changed)) }
            #expect(error.code == .malformed)
        }
    }

    @Test(
        "of another form is refused",
        arguments: [
            "", "age1", "age", "1", "age1qqqqqq", "age1é", "AGE1QQQQ", "ssh-ed25519 AAAA", "age1 qqqqqqqq",
        ])
    func refusals(text: String) throws {
        #expect(throws: ArchiveError.self) { try AgeRecipient(parsing: text) }
        #expect(throws: ArchiveError.self) { try AgeIdentity(parsing: text) }
    }

    @Test func `in the wrong case is refused`() throws {
        let identity = AgeIdentity.generate()
        #expect(throws: ArchiveError.self) { try AgeRecipient(parsing: identity.recipient.text.uppercased()) }
        #expect(throws: ArchiveError.self) { try AgeIdentity(parsing: identity.secretText.lowercased()) }
    }

    @Test func `given as the other half is refused without showing the secret`() throws {
        let identity = AgeIdentity.generate()
        #expect(throws: ArchiveError.self) { try AgeIdentity(parsing: identity.recipient.text) }
        let error = try #require(throws: ArchiveError.self) { try AgeRecipient(parsing: identity.secretText) }
        #expect(error.hint != nil)
        #expect(!"\(error)".contains(identity.secretText))
    }

    @Test func `stands in a file with comments and blank lines`() throws {
        let identities = [AgeIdentity.generate(), AgeIdentity.generate()]
        let file =
            "# made today\r\n\r\n" + identities.map { $0.secretText }.joined(separator: "\r\n#\r\n") + "\n\n"
        #expect(try AgeIdentity.identities(inFile: file).map(\.recipient) == identities.map(\.recipient))
        let list = identities.map(\.recipient.text).joined(separator: "\n# next\n")
        #expect(try AgeRecipient.recipients(inFile: list) == identities.map(\.recipient))
    }

    @Test func `that is wrong in a file is named by its line and not shown`() throws {
        let wrong = "AGE-SECRET-KEY-1QQQQ"
        let error = try #require(throws: ArchiveError.self) {
            try AgeIdentity.identities(inFile: "# one\n\(wrong)\n")
        }
        #expect(error.code == .malformed)
        #expect(error.subject == "in line 2")
        #expect(!"\(error)".contains(wrong))
    }

    @Test(
        "file that holds none says why",
        arguments: [
            (text: "", code: ArchiveError.Code.missing), (text: "# nothing\n", code: .missing),
            (text: "age-encryption.org/v1\n", code: .unsupported),
            (text: "-----BEGIN AGE ENCRYPTED FILE-----\n", code: .unsupported),
        ])
    func empty(text: String, code: ArchiveError.Code) throws {
        let error = try #require(throws: ArchiveError.self) { try AgeIdentity.identities(inFile: text) }
        #expect(error.code == code)
    }

    @Test func `of low order is not encrypted to`() throws {
        // The point zero: whatever the other side's secret, the shared one is zero.
        let zero = try AgeRecipient(parsing: "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z")
        let error = try #require(throws: ArchiveError.self) { try ageEncrypt([1], to: [zero]) }
        #expect(error.code == .malformed)
    }
}
