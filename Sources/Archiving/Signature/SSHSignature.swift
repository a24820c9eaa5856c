// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// What a signature is for; one made for one purpose is refused for every other.
package enum SignaturePurpose: String, CaseIterable, Sendable {
    case manifest = "lifeboat-manifest"
    case report = "lifeboat-report"
    case approval = "lifeboat-approval"
    case attestation = "lifeboat-attestation"
    case ledger = "lifeboat-ledger"

    /// The name that is signed along with the message.
    package var namespace: String { rawValue }
}

/// A detached signature as `ssh-keygen -Y sign` makes it.
///
/// Format: OpenSSH's PROTOCOL.sshsig. It carries its own public key, so a signature that fits says who
/// signed and not whether that one may: `AllowedSigners` decides.
package struct SSHSignature: Hashable, Sendable {
    static let label = "SSH SIGNATURE"
    static let magic = Array("SSHSIG".utf8)

    /// The key that the signature says made it.
    package let key: SSHPublicKey
    package let namespace: String
    let hashName: String
    let bytes: [UInt8]

    init(key: SSHPublicKey, namespace: String, hashName: String, bytes: [UInt8]) {
        self.key = key
        self.namespace = namespace
        self.hashName = hashName
        self.bytes = bytes
    }

    /// Reads the armored text; says nothing about whether the signature is right.
    package init(armored text: String) throws {
        let operation = "read an SSH signature"
        guard let blob = SSHArmor.bytes(of: text, label: Self.label) else {
            throw ArchiveError(
                .malformed, operation, detail: "it is not of the form '-----BEGIN \(Self.label)-----'")
        }
        var reader = SSHReader(blob, for: operation)
        try reader.expect(Self.magic, "an SSH signature")
        let version = try reader.number()
        guard version == 1 else {
            throw ArchiveError(.unsupported, operation, detail: "its version is \(version), not 1")
        }
        key = try SSHPublicKey(blob: reader.string())
        namespace = try reader.text()
        // Reserved: its content is to be ignored, and is empty in every version so far.
        guard try reader.string().isEmpty else { throw reader.malformed("its reserved field is not empty") }
        hashName = try reader.text()
        let inner = try reader.string()
        try reader.expectEnd()
        var signature = SSHReader(inner, for: operation)
        guard try signature.text() == SSHPublicKey.type else {
            throw reader.malformed("its signature is of another type than its key")
        }
        bytes = try signature.string()
        try signature.expectEnd()
        guard bytes.count == 64 else { throw reader.malformed("its length is \(bytes.count), not 64") }
        guard hashName == "sha512" || hashName == "sha256" else {
            throw ArchiveError(.unsupported, operation, detail: "its hash is '\(hashName.prefix(20))'")
        }
    }

    /// The armored text.
    package var armored: String {
        var signature = SSHWriter()
        signature.append(SSHPublicKey.type)
        signature.append(bytes)
        var writer = SSHWriter()
        writer.append(raw: Self.magic)
        writer.append(UInt32(1))
        writer.append(key.blob)
        writer.append(namespace)
        writer.append("")
        writer.append(hashName)
        writer.append(signature.bytes)
        return SSHArmor.text(of: writer.bytes, label: Self.label)
    }

    /// The bytes that are really signed: a short record around the message's hash.
    static func signedBytes(of message: [UInt8], namespace: String, hashName: String) -> [UInt8] {
        var writer = SSHWriter()
        writer.append(raw: magic)
        writer.append(namespace)
        writer.append("")
        writer.append(hashName)
        writer.append(
            hashName == "sha256" ? Array(SHA256.hash(data: message)) : Array(SHA512.hash(data: message)))
        return writer.bytes
    }

    /// Checks that the key in the signature signed this message for this purpose; throws if not.
    package func check(_ message: [UInt8], namespace expected: String) throws {
        guard namespace == expected else {
            throw ArchiveError(
                .badSignature, "verify a signature",
                detail: "it was made for '\(namespace)', not for '\(expected)'")
        }
        let signed = Self.signedBytes(of: message, namespace: namespace, hashName: hashName)
        guard key.hasSigned(signed, bytes) else {
            throw ArchiveError(
                .badSignature, "verify a signature", detail: "it does not fit the message and the key \(key)")
        }
    }
}
