// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// One recipient's entry in an age header: the file key, wrapped for that recipient.
struct AgeStanza: Hashable {
    /// Zero: each wrapping key is used once, for one file key.
    static var wrappingNonce: ChaChaPoly.Nonce {
        get throws { try ChaChaPoly.Nonce(data: [UInt8](repeating: 0, count: 12)) }
    }

    let type: String
    /// The texts after the type, in their bytes.
    let arguments: [[UInt8]]
    let body: [UInt8]

    /// A stanza as it is read.
    init(type: String, texts: [[UInt8]], body: [UInt8]) {
        self.type = type
        self.arguments = texts
        self.body = body
    }

    /// A stanza whose arguments are bytes, written in Base64.
    init(type: String, arguments: [[UInt8]], body: [UInt8]) {
        self.init(type: type, texts: arguments.map { Base64.text(of: $0, padded: false) }, body: body)
    }

    /// The lines of the stanza, each with its line end.
    var encoded: [UInt8] {
        var lines = Array("-> \(type)".utf8)
        for argument in arguments { lines += [UInt8(ascii: " ")] + argument }
        lines.append(UInt8(ascii: "\n"))
        let text = Base64.text(of: body, padded: false)
        // A body ends with a line shorter than 64 characters, empty if need be.
        for start in stride(from: 0, through: text.count, by: 64) {
            lines += text[start..<min(start + 64, text.count)] + [UInt8(ascii: "\n")]
        }
        return lines
    }
}

/// The head of an age file: who can read it, sealed with a MAC under the file key.
///
/// Format: https://c2sp.org/age
struct AgeHeader {
    static let version = "age-encryption.org/v1"

    let stanzas: [AgeStanza]
    /// The bytes under the MAC: from the first up to `---` inclusive.
    let authenticated: [UInt8]
    let mac: [UInt8]

    /// The header of a new file.
    init(wrapping fileKey: SymmetricKey, to recipients: [AgeRecipient]) throws {
        stanzas = try recipients.map { try $0.wrap(fileKey) }
        authenticated =
            Array("\(Self.version)\n".utf8) + stanzas.flatMap(\.encoded) + Array("---".utf8)
        mac = Array(HMAC<SHA256>.authenticationCode(for: authenticated, using: Self.macKey(fileKey)))
    }

    /// A header as it is read; the MAC is checked when the file key is known.
    init(stanzas: [AgeStanza], authenticated: [UInt8], mac: [UInt8]) {
        self.stanzas = stanzas
        self.authenticated = authenticated
        self.mac = mac
    }

    /// The bytes of the header, with the line end that stands before the payload.
    var encoded: [UInt8] {
        authenticated + [UInt8(ascii: " ")] + Base64.text(of: mac, padded: false) + [UInt8(ascii: "\n")]
    }

    /// The file key, unwrapped by the first identity that can, after the MAC is found right.
    func fileKey(with identities: [AgeIdentity]) throws -> SymmetricKey {
        for identity in identities {
            for stanza in stanzas {
                guard let key = try identity.unwrap(stanza) else { continue }
                guard
                    HMAC<SHA256>.isValidAuthenticationCode(
                        mac, authenticating: authenticated, using: Self.macKey(key))
                else {
                    throw ArchiveError(
                        .damaged, "read the age header", detail: "the header is not the one that was written")
                }
                return key
            }
        }
        throw ArchiveError(
            .wrongKey, "decrypt",
            detail: "none of \(identities.count) identities opens a file of \(stanzas.count) recipients",
            hint: stanzas.first?.type == "scrypt" ? "the file is encrypted with a passphrase" : nil)
    }

    private static func macKey(_ fileKey: SymmetricKey) -> SymmetricKey {
        HKDF<SHA256>.deriveKey(
            inputKeyMaterial: fileKey, salt: [UInt8](), info: Array("header".utf8), outputByteCount: 32)
    }
}
