// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// The secret half of an age key: it reads what was encrypted to its recipient.
///
/// Only `secretText` gives the secret away; an error or a log line that names an identity shows the recipient.
package struct AgeIdentity: Sendable {
    private let key: Curve25519.KeyAgreement.PrivateKey

    /// The public half.
    package let recipient: AgeRecipient

    private init(_ key: Curve25519.KeyAgreement.PrivateKey) {
        self.key = key
        recipient = AgeRecipient(key.publicKey)
    }

    /// A new identity from the system's randomness.
    package static func generate() -> AgeIdentity {
        AgeIdentity(Curve25519.KeyAgreement.PrivateKey())
    }

    /// Reads `AGE-SECRET-KEY-1…`; surrounding blanks are ignored, lower case is refused as by age.
    package init(parsing text: String) throws {
        let trimmed = text.trimmingBlanks
        guard trimmed == trimmed.uppercased(),
            let bytes = Bech32.bytes(of: trimmed.lowercased(), prefix: "age-secret-key-"), bytes.count == 32
        else {
            // The text is not repeated: it may be a secret with one letter wrong.
            throw ArchiveError(
                .malformed, "read an age identity", detail: "the text is not of the form AGE-SECRET-KEY-1…")
        }
        do {
            self.init(try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: bytes))
        } catch {
            throw ArchiveError(.malformed, "read an age identity", detail: "\(error)")
        }
    }

    /// The identities in a file as `age-keygen` writes it; comments and blank lines are skipped.
    package static func identities(inFile text: String) throws -> [AgeIdentity] {
        guard !text.hasPrefix("age-encryption.org/"), !text.hasPrefix("-----BEGIN AGE") else {
            throw ArchiveError(
                .unsupported, "read age identities", detail: "the file is itself encrypted",
                hint: "decrypt it with 'age -d' and give the result by a file descriptor")
        }
        let identities = try text.keyLines.map { line in
            do {
                return try AgeIdentity(parsing: line.text)
            } catch let error as ArchiveError {
                throw error.about("in line \(line.number)")
            }
        }
        guard !identities.isEmpty else {
            throw ArchiveError(.missing, "read age identities", detail: "there is none in the file")
        }
        return identities
    }

    /// The text `AGE-SECRET-KEY-1…`, for a file of mode 0600 and nowhere else.
    package var secretText: String {
        Bech32.text(of: Array(key.rawRepresentation), prefix: "age-secret-key-").uppercased()
    }

    /// What `age-keygen` would write: the public key as a comment, then the secret.
    package var fileText: String {
        "# public key: \(recipient.text)\n\(secretText)\n"
    }

    /// The file key, if this stanza is addressed to this identity; `nil` if it is another's.
    ///
    /// A stanza of our kind that breaks its form is an error, as the specification asks.
    func unwrap(_ stanza: AgeStanza) throws -> SymmetricKey? {
        guard stanza.type == AgeRecipient.stanzaType else { return nil }
        guard stanza.arguments.count == 1,
            let share = Base64.bytes(of: stanza.arguments[0], padded: false), share.count == 32,
            stanza.body.count == 32
        else {
            throw ArchiveError(.malformed, "read the age header", detail: "an X25519 stanza breaks its form")
        }
        guard let theirs = try? Curve25519.KeyAgreement.PublicKey(rawRepresentation: share),
            let secret = try? key.sharedSecretFromKeyAgreement(with: theirs), !secret.isZero
        else {
            throw ArchiveError(.malformed, "read the age header", detail: "an X25519 share is of low order")
        }
        let wrapping = secret.hkdfDerivedSymmetricKey(
            using: SHA256.self, salt: share + recipient.keyBytes, sharedInfo: AgeRecipient.label,
            outputByteCount: 32)
        // Failing to open is no error: nothing but trying tells whose stanza it is.
        guard
            let box = try? ChaChaPoly.SealedBox(
                nonce: AgeStanza.wrappingNonce, ciphertext: stanza.body.prefix(16),
                tag: stanza.body.suffix(16)),
            let fileKey = try? ChaChaPoly.open(box, using: wrapping)
        else { return nil }
        return SymmetricKey(data: fileKey)
    }
}

extension AgeIdentity: CustomStringConvertible, CustomReflectable {
    package var description: String { "the identity of \(recipient.text)" }

    /// Empty, so that no dump of a value shows the secret.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
