// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// The public half of an age key: who can read a file.
///
/// Its text is `age1…`.
package struct AgeRecipient: Hashable, Sendable {
    static let stanzaType = "X25519"
    /// The label of this kind of stanza in age's specification; both sides derive the wrapping key with it.
    static let label = Array("age-encryption.org/v1/X25519".utf8)

    let keyBytes: [UInt8]

    /// Reads `age1…`; surrounding blanks are ignored, upper case is refused as by age.
    package init(parsing text: String) throws {
        let trimmed = text.trimmingBlanks
        guard let bytes = Bech32.bytes(of: trimmed, prefix: "age"), bytes.count == 32 else {
            // Some put the secret half where the public one belongs; it must not come out in an error.
            let isSecret = trimmed.uppercased().hasPrefix("AGE-SECRET-KEY-")
            throw ArchiveError(
                .malformed, "read an age recipient",
                detail: isSecret
                    ? "the text is a secret key" : "'\(trimmed.prefix(80))' is not of the form age1…",
                hint: isSecret ? "'age-keygen -y' prints the public half" : nil)
        }
        keyBytes = bytes
    }

    init(_ key: Curve25519.KeyAgreement.PublicKey) {
        keyBytes = Array(key.rawRepresentation)
    }

    /// The recipients in a file: one a line; blank lines and lines that begin with `#` are skipped.
    package static func recipients(inFile text: String) throws -> [AgeRecipient] {
        let recipients = try text.keyLines.map { try AgeRecipient(parsing: $0.text) }
        guard !recipients.isEmpty else {
            throw ArchiveError(.missing, "read age recipients", detail: "there is none in the file")
        }
        return recipients
    }

    /// The text `age1…`.
    package var text: String { Bech32.text(of: keyBytes, prefix: "age") }

    /// Wraps the file key so that only the holder of the secret half can unwrap it.
    func wrap(_ fileKey: SymmetricKey) throws -> AgeStanza {
        let ephemeral = Curve25519.KeyAgreement.PrivateKey()
        let share = Array(ephemeral.publicKey.rawRepresentation)
        guard let key = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: keyBytes),
            let secret = try? ephemeral.sharedSecretFromKeyAgreement(with: key), !secret.isZero
        else {
            throw ArchiveError(
                .malformed, "encrypt to", text, detail: "the key is of low order: nobody holds its secret")
        }
        let wrapping = secret.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: share + keyBytes, sharedInfo: Self.label, outputByteCount: 32)
        let plain = unsafe fileKey.withUnsafeBytes { unsafe Array($0) }
        do {
            let box = try ChaChaPoly.seal(plain, using: wrapping, nonce: AgeStanza.wrappingNonce)
            return AgeStanza(
                type: Self.stanzaType, arguments: [share], body: Array(box.ciphertext) + Array(box.tag))
        } catch {
            throw ArchiveError(.libraryFailed, "encrypt to", text, detail: "\(error)")
        }
    }
}

extension SharedSecret {
    /// Whether it is all zero, as it is with a point of low order: then everyone knows it.
    ///
    /// The specification asks both sides to refuse it, and the crypto library lets it through.
    var isZero: Bool {
        unsafe withUnsafeBytes { bytes in unsafe bytes.reduce(0) { $0 | $1 } == 0 }
    }
}

extension AgeRecipient: CustomStringConvertible {
    package var description: String { text }
}

extension String {
    /// Without the blanks, tabs and line ends around it.
    var trimmingBlanks: String {
        let blanks: Set<Character> = [" ", "\t", "\r", "\n", "\r\n"]
        let start = drop { blanks.contains($0) }
        return String(String(start.reversed()).drop { blanks.contains($0) }.reversed())
    }

    /// The lines that hold something, numbered from 1, without comments that begin with `#`.
    var keyLines: [(number: Int, text: String)] {
        split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated().compactMap {
            let text = String($0.element).trimmingBlanks
            return text.isEmpty || text.hasPrefix("#") ? nil : (number: $0.offset + 1, text: text)
        }
    }
}
