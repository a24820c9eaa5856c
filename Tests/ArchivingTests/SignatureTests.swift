// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("A signature")
struct SignatureTests {
    private static let key = SSHSigningKey.generate(comment: "anna")
    private static let namespace = SignaturePurpose.manifest.namespace
    private static let message = Array("the manifest".utf8)

    private func refusal(
        _ armored: String, _ message: [UInt8] = message, _ namespace: String = namespace
    ) throws -> ArchiveError {
        let signers = try AllowedSigners(parsing: "anna \(Self.key.publicKey.text)")
        return try #require(throws: ArchiveError.self) {
            try signers.verify(signature: armored, of: message, namespace: namespace, at: nil)
        }
    }

    private func armor(_ bytes: some Collection<UInt8>) -> String {
        let text = Data(bytes).base64EncodedString()
        return "-----BEGIN SSH SIGNATURE-----\n\(text)\n-----END SSH SIGNATURE-----\n"
    }

    private func blob(_ armored: String) throws -> [UInt8] {
        let text = armored.split(separator: "\n").dropFirst().dropLast().joined()
        return Array(try #require(Data(base64Encoded: text)))
    }

    @Test func `of another message or purpose is refused`() throws {
        let armored = Self.key.sign(Self.message, namespace: Self.namespace)
        #expect(try refusal(armored, Self.message + [0]).code == .badSignature)
        #expect(try refusal(armored, []).code == .badSignature)
        let error = try refusal(armored, Self.message, "lifeboat-report")
        #expect(error.code == .badSignature)
        #expect(
            error.description
                == "verify a signature: it was made for 'lifeboat-manifest', not for 'lifeboat-report'")
    }

    @Test func `by someone else is refused, and says by whom`() throws {
        let other = SSHSigningKey.generate(comment: "")
        let error = try refusal(other.sign(Self.message, namespace: Self.namespace))
        #expect(error.code == .unknownSigner)
        #expect(error.detail.contains(other.publicKey.fingerprint))
    }

    @Test func `with any byte changed is refused`() throws {
        let blob = try blob(Self.key.sign(Self.message, namespace: Self.namespace))
        for place in blob.indices {
            var changed = blob
            changed[place] ^= 1
            let code = try refusal(armor(changed)).code
            #expect([.malformed, .unsupported, .badSignature].contains(code), "byte \(place)")
        }
    }

    @Test func `cut short, with bytes after it, or without its armor is refused`() throws {
        let armored = Self.key.sign(Self.message, namespace: Self.namespace)
        let blob = try blob(armored)
        for count in blob.indices {
            #expect(try refusal(armor(blob.prefix(count))).code == .malformed, "\(count) bytes")
        }
        #expect(try refusal(armor(blob + [0])).code == .malformed)
        let lines = armored.split(separator: "\n").map(String.init)
        for text in [
            "", "hello", lines.dropFirst().joined(separator: "\n"), lines.dropLast().joined(separator: "\n"),
            armored.replacing("SIGNATURE", with: "SIGNATURES"), armored.replacing("=", with: ""),
            armored + armored,
        ] {
            #expect(try refusal(text).code == .malformed, "\(text)")
        }
    }

    @Test func `is found by the first line that allows it`() throws {
        let text = "bert \(Self.key.publicKey.text)\n*@berlin,anna \(Self.key.publicKey.text) again\n"
        let signers = try AllowedSigners(parsing: text)
        #expect(signers.text == text)
        #expect(signers.signers.map(\.principal) == ["bert", "*@berlin,anna"])
        let armored = Self.key.sign(Self.message, namespace: Self.namespace)
        func signer(_ identity: String?) throws -> String {
            try signers.verify(
                signature: armored, of: Self.message, namespace: Self.namespace, at: nil, by: identity
            ).principal
        }
        #expect(try signer(nil) == "bert")
        #expect(try signer("anna") == "*@berlin,anna")
        #expect(throws: ArchiveError.self) { try signer("carl") }
    }

    @Test("is judged by the file's lines", arguments: AllowedSignersTable.cases)
    func judged(scene: AllowedSignersTable) throws {
        let armored = Self.key.sign([7], namespace: "lifeboat-report")
        func verify() throws -> AllowedSigners.Signer {
            try AllowedSigners(parsing: scene.text(for: Self.key.publicKey)).verify(
                signature: armored, of: [7], namespace: "lifeboat-report",
                at: Date(timeIntervalSince1970: 1_780_315_200), by: "anna@berlin")
        }
        if scene.isAllowed {
            #expect(try verify().key == Self.key.publicKey)
        } else {
            let error = try #require(throws: ArchiveError.self) { try verify() }
            #expect(error.code == scene.code, "\(error)")
        }
    }

    @Test func `says in which line the file is wrong`() throws {
        let error = try #require(throws: ArchiveError.self) {
            try AllowedSigners(parsing: "# one\n\nanna surprise=\"x\" \(Self.key.publicKey.text)\n")
        }
        #expect(
            error.description
                == "read the allowed signers in line 3: the option 'surprise' is unknown")
    }

    @Test func `may stand beside lines for keys of other kinds`() throws {
        let rsa =
            "carl ssh-rsa \(Data([0, 0, 0, 7] + Array("ssh-rsa".utf8) + [0, 0, 0, 0]).base64EncodedString())\n"
        let signers = try AllowedSigners(parsing: rsa + "anna \(Self.key.publicKey.text)\n")
        let armored = Self.key.sign(Self.message, namespace: Self.namespace)
        #expect(
            try signers.verify(signature: armored, of: Self.message, namespace: Self.namespace, at: nil)
                .principal
                == "anna")
    }
}
