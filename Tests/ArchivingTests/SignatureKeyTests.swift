// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("A signing key")
struct SignatureKeyTests {
    @Test func `is read back from its own text and hides its secret`() throws {
        let key = SSHSigningKey.generate(comment: "anna@berlin")
        let text = key.openSSHPrivateKey
        let again = try SSHSigningKey(openSSHPrivateKey: text)
        #expect(again.publicKey == key.publicKey)
        #expect(again.publicKey.comment == "anna@berlin")
        #expect(again.sign([1], namespace: "n") == key.sign([1], namespace: "n"))
        #expect("\(key)" == "the signing key \(key.publicKey.fingerprint) (anna@berlin)")
        #expect(String(reflecting: [key]).contains("SHA256:"))
    }

    @Test func `with any byte of its file changed is refused or is the same key`() throws {
        let key = SSHSigningKey.generate(comment: "c")
        let lines = key.openSSHPrivateKey.split(separator: "\n")
        let blob = Array(try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined())))
        func parse(_ bytes: some Collection<UInt8>) throws -> SSHSigningKey {
            try SSHSigningKey(
                openSSHPrivateKey:
                    "\(lines[0])\n\(Data(bytes).base64EncodedString())\n\(lines[lines.count - 1])")
        }
        for place in blob.indices {
            var changed = blob
            changed[place] ^= 1
            // Only the comment may differ: no check covers it.
            if let other = try? parse(changed) {
                #expect(other.publicKey == key.publicKey && other.publicKey.comment != "c", "byte \(place)")
            }
            #expect(throws: ArchiveError.self) { try parse(blob.prefix(place)) }
        }
        #expect(throws: ArchiveError.self) { try parse(blob + [0]) }
    }

    @Test(
        "of another kind is refused with what to do",
        arguments: [
            (
                options: ["-t", "ed25519", "-N", "secret"], code: ArchiveError.Code.unsupported,
                hint: "ssh-keygen -p"
            ),
            (options: ["-t", "ecdsa", "-N", ""], code: .unsupported, hint: "ssh-keygen -t ed25519"),
            (options: ["-t", "ecdsa", "-m", "PEM", "-N", ""], code: .malformed, hint: "ssh-keygen -p"),
        ])
    func others(options: [String], code: ArchiveError.Code, hint: String) throws {
        try Scratch.with { folder in
            let made = try Command(["ssh-keygen", "-q", "-f", folder.path("id")] + options).run()
            #expect(made.status == 0, "\(made.error)")
            let error = try #require(throws: ArchiveError.self) {
                try SSHSigningKey(openSSHPrivateKey: folder.text("id"))
            }
            #expect(error.code == code)
            #expect(error.hint?.contains(hint) == true, "\(error)")
        }
    }

    @Test(
        "is not read from other texts",
        arguments: ["", "hello", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----"])
    func nonsense(text: String) throws {
        let error = try #require(throws: ArchiveError.self) { try SSHSigningKey(openSSHPrivateKey: text) }
        #expect(error.code == .malformed)
    }

    @Test func `has a public half that equals itself whatever its comment`() throws {
        let key = SSHSigningKey.generate(comment: "one").publicKey
        let other = try SSHPublicKey(parsing: "\(key.text)   another comment \n")
        #expect(other == key)
        #expect(Set([key, other]).count == 1)
        #expect(other.comment == "another comment")
        #expect(other.description == "\(key.fingerprint) (another comment)")
    }

    @Test(
        "public half of another form is refused",
        arguments: [
            (text: "", code: ArchiveError.Code.malformed), (text: "ssh-ed25519", code: .malformed),
            (text: "ssh-ed25519 hello!", code: .malformed), (text: "ssh-ed25519 AAAA", code: .malformed),
            (
                text: "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIFhm1lBHUrDkyYU1SLSQ1JRRBCoERPrIZ3TPDVn6zvi4",
                code: .malformed
            ),
            (
                text: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAH1hm1lBHUrDkyYU1SLSQ1JRRBCoERPrIZ3TPDVn6zvg=",
                code: .malformed
            ),
            (text: "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", code: .unsupported),
        ])
    func publicRefusals(text: String, code: ArchiveError.Code) throws {
        let error = try #require(throws: ArchiveError.self) { try SSHPublicKey(parsing: text) }
        #expect(error.code == code, "\(error)")
    }
}
