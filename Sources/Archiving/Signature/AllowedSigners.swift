// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

/// Who may sign, for which purposes, and when: OpenSSH's allowed_signers file.
///
/// The file is strict: one line that cannot be understood refuses it all, because a line that is passed
/// over in silence may be the one that revokes a key. Lines for certificates and for keys other than
/// Ed25519 are understood and match no signature.
package struct AllowedSigners: Sendable {
    /// Who signed, as one line of the file names them.
    package struct Signer: Hashable, Sendable {
        /// The line's principals, such as `anna@example.org`; a list of patterns if the line has one.
        package let principal: String
        package let key: SSHPublicKey

        package init(principal: String, key: SSHPublicKey) {
            self.principal = principal
            self.key = key
        }
    }

    /// The file as it was read.
    package let text: String
    let entries: [AllowedSigner]

    /// Reads the file's text; one without any line is right and allows nobody.
    package init(parsing text: String) throws {
        self.text = text
        entries = try text.keyLines.map { line in
            do {
                return try AllowedSigner(parsing: line.text)
            } catch let error as ArchiveError {
                throw ArchiveError(
                    error.code, "read the allowed signers", "in line \(line.number)", detail: error.detail,
                    hint: error.hint)
            }
        }
    }

    /// Everyone in the file, whatever they may sign and when.
    package var signers: [Signer] {
        entries.compactMap { entry in entry.key.map { Signer(principal: entry.principals, key: $0) } }
    }

    /// Checks a signature and says who made it.
    ///
    /// - Parameters:
    ///   - armored: The signature as `ssh-keygen -Y sign` writes it.
    ///   - message: The bytes that were signed.
    ///   - namespace: The purpose that the signature must be for.
    ///   - time: When the key must have been valid; `nil` takes a key whatever its dates say.
    ///   - identity: Who must have signed; `nil` takes anyone in the file.
    /// - Returns: The first line of the file that allows it.
    /// - Throws: `badSignature` if the signature is not right, `unknownSigner` if it is but its maker may not
    ///   sign this, `malformed` or `unsupported` if it cannot be read.
    package func verify(
        signature armored: String, of message: [UInt8], namespace: String, at time: Date?,
        by identity: String? = nil
    ) throws -> Signer {
        let signature = try SSHSignature(armored: armored)
        try signature.check(message, namespace: namespace)
        var reason = "the key is in no line"
        for entry in entries where entry.key == signature.key {
            guard let objection = entry.objection(to: identity, namespace: namespace, at: time) else {
                return Signer(principal: entry.principals, key: entry.key ?? signature.key)
            }
            reason = objection
        }
        throw ArchiveError(
            .unknownSigner, "verify a signature",
            detail: "\(signature.key.fingerprint) may not sign this: \(reason)")
    }
}
