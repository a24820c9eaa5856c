// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// An Ed25519 key pair of OpenSSH that signs; kept in a file of mode 0600.
package struct SSHSigningKey: Sendable {
    private static let label = "OPENSSH PRIVATE KEY"
    private static let magic = Array("openssh-key-v1\0".utf8)

    private let key: Curve25519.Signing.PrivateKey
    package let publicKey: SSHPublicKey

    private init(_ key: Curve25519.Signing.PrivateKey, comment: String) {
        self.key = key
        publicKey = SSHPublicKey(keyBytes: Array(key.publicKey.rawRepresentation), comment: comment)
    }

    /// A new key from the system's randomness.
    package static func generate(comment: String) -> SSHSigningKey {
        SSHSigningKey(Curve25519.Signing.PrivateKey(), comment: comment)
    }

    /// Reads the file that `ssh-keygen -t ed25519` writes, without a passphrase.
    package init(openSSHPrivateKey text: String) throws {
        let operation = "read an SSH private key"
        guard let blob = SSHArmor.bytes(of: text, label: Self.label) else {
            throw ArchiveError(
                .malformed, operation, detail: "it is not of the form '-----BEGIN \(Self.label)-----'",
                hint: text.contains("BEGIN") && text.contains("PRIVATE KEY")
                    ? "'ssh-keygen -p -f FILE' rewrites an old key in OpenSSH's form" : nil)
        }
        var reader = SSHReader(blob, for: operation)
        try reader.expect(Self.magic, "an OpenSSH private key")
        let cipher = try reader.text()
        guard cipher == "none", try reader.text() == "none" else {
            throw ArchiveError(
                .unsupported, operation, detail: "it is encrypted (\(cipher))",
                hint: "'ssh-keygen -p -N \"\" -f FILE' takes the passphrase away; keep the file at mode 0600")
        }
        guard try reader.string().isEmpty, try reader.number() == 1 else {
            throw reader.malformed("it holds options or more than one key")
        }
        let stated = try SSHPublicKey(blob: reader.string())
        let section = try reader.string()
        try reader.expectEnd()
        try self.init(section: section, stated: stated, for: operation)
    }

    /// Reads the secret part, which names the public key once more.
    private init(section: [UInt8], stated: SSHPublicKey, for operation: String) throws {
        var reader = SSHReader(section, for: operation)
        guard section.count.isMultiple(of: 8), try reader.number() == reader.number(),
            try reader.text() == SSHPublicKey.type, try reader.string() == stated.keyBytes
        else { throw reader.malformed("its secret part does not fit its public part") }
        let secret = try reader.string()
        let comment = try reader.text()
        var padding: UInt8 = 0
        while !reader.isAtEnd {
            padding += 1
            guard padding < 8, try reader.raw(1) == [padding] else {
                throw reader.malformed("its padding is wrong")
            }
        }
        guard secret.count == 64,
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: secret.prefix(32))
        else { throw reader.malformed("its secret is not one of Ed25519") }
        self.init(key, comment: comment)
        guard publicKey == stated, Array(secret.suffix(32)) == stated.keyBytes else {
            throw reader.malformed("its secret part does not fit its public part")
        }
    }

    /// The text of the private key's file, which `ssh-keygen` and `ssh` read.
    package var openSSHPrivateKey: String {
        var section = SSHWriter()
        // The same number twice shows a reader that it decrypted rightly; nothing is encrypted here.
        let check = UInt32.random(in: .min ... .max)
        section.append(check)
        section.append(check)
        section.append(SSHPublicKey.type)
        section.append(publicKey.keyBytes)
        section.append(Array(key.rawRepresentation) + publicKey.keyBytes)
        section.append(publicKey.comment)
        var padding: UInt8 = 0
        while !section.bytes.count.isMultiple(of: 8) {
            padding += 1
            section.append(raw: [padding])
        }
        var writer = SSHWriter()
        writer.append(raw: Self.magic)
        writer.append("none")
        writer.append("none")
        writer.append("")
        writer.append(UInt32(1))
        writer.append(publicKey.blob)
        writer.append(section.bytes)
        return SSHArmor.text(of: writer.bytes, label: Self.label)
    }

    /// Signs a message for one purpose; the result is what `ssh-keygen -Y sign -n namespace` writes.
    package func sign(_ message: [UInt8], namespace: String) -> String {
        precondition(!namespace.isEmpty, "a signature is for a purpose")
        let bytes = SSHSignature.signedBytes(of: message, namespace: namespace, hashName: "sha512")
        do {
            let signature = Array(try key.signature(for: bytes))
            return SSHSignature(key: publicKey, namespace: namespace, hashName: "sha512", bytes: signature)
                .armored
        } catch {
            // Ed25519 refuses no message, and the key was checked when it was made.
            preconditionFailure("Ed25519 did not sign: \(error)")
        }
    }
}

extension SSHSigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "the signing key \(publicKey)" }

    /// Empty, so that no dump of a value shows the secret.
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
