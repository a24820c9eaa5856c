// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// The public half of an Ed25519 key of OpenSSH; two are equal if the keys are, whatever their comments.
package struct SSHPublicKey: Sendable {
    static let type = "ssh-ed25519"

    let keyBytes: [UInt8]
    /// What stands after the key in its line, often a person and a machine; it is under no signature.
    package var comment: String

    init(keyBytes: [UInt8], comment: String = "") {
        self.keyBytes = keyBytes
        self.comment = comment
    }

    /// Reads a line such as `ssh-ed25519 AAAA… anna@berlin`.
    package init(parsing line: String) throws {
        let words = line.trimmingBlanks.split(
            maxSplits: 2, omittingEmptySubsequences: true, whereSeparator: { $0 == " " || $0 == "\t" })
        guard words.count >= 2, let blob = Base64.bytes(of: words[1].utf8, padded: true) else {
            throw ArchiveError(
                .malformed, "read an SSH public key",
                detail: "'\(line.prefix(80))' is not of the form 'ssh-ed25519 AAAA…'")
        }
        try self.init(blob: blob, statedType: String(words[0]))
        comment = words.count > 2 ? String(words[2]).trimmingBlanks : ""
    }

    /// Reads the binary form; `statedType` is what stood before it in the line.
    init(blob: [UInt8], statedType: String? = nil) throws {
        var reader = SSHReader(blob, for: "read an SSH public key")
        let type = try reader.text()
        guard statedType == nil || statedType == type else {
            throw reader.malformed("it says '\(statedType ?? "")' and holds '\(type)'")
        }
        guard type == Self.type else {
            throw ArchiveError(
                .unsupported, "read an SSH public key",
                detail: "its type is '\(type.prefix(60))', not \(Self.type)",
                hint: "make one with 'ssh-keygen -t ed25519'")
        }
        keyBytes = try reader.string()
        guard keyBytes.count == 32 else { throw reader.malformed("its length is \(keyBytes.count), not 32") }
        try reader.expectEnd()
        comment = ""
    }

    /// The binary form.
    var blob: [UInt8] {
        var writer = SSHWriter()
        writer.append(Self.type)
        writer.append(keyBytes)
        return writer.bytes
    }

    /// The type and the key, without the comment.
    package var text: String {
        "\(Self.type) \(String(decoding: Base64.text(of: blob, padded: true), as: UTF8.self))"
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    package var fingerprint: String {
        let digest = SHA256Digest.of(blob).bytes
        return "SHA256:\(String(decoding: Base64.text(of: digest, padded: false), as: UTF8.self))"
    }

    /// Whether the key made this signature over these bytes.
    func hasSigned(_ bytes: [UInt8], _ signature: [UInt8]) -> Bool {
        // A key that is no point of the curve has signed nothing.
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: keyBytes) else { return false }
        return key.isValidSignature(signature, for: bytes)
    }
}

extension SSHPublicKey: Hashable {
    package static func == (left: SSHPublicKey, right: SSHPublicKey) -> Bool {
        left.keyBytes == right.keyBytes
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(keyBytes)
    }
}

extension SSHPublicKey: CustomStringConvertible {
    package var description: String { comment.isEmpty ? fingerprint : "\(fingerprint) (\(comment))" }
}
