// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// A manifest with the exact bytes that were signed and that every store holds.
package struct SealedManifest: Hashable, Sendable {
    package let manifest: Manifest
    /// The content of `manifest.json`.
    ///
    /// Never encode the manifest again for this: these bytes are the record.
    package let bytes: [UInt8]
    /// The SHA-256 of `bytes`, by which children and the ledger name the point.
    package let sha256: SHA256Digest
    /// The content of `manifest.json.sig`, as `ssh-keygen -Y sign -n lifeboat-manifest` writes it.
    package let signature: String

    /// Signs a new manifest.
    package init(_ manifest: Manifest, signedBy key: SSHSigningKey) throws(ArchiveError) {
        self.manifest = manifest
        bytes = try manifest.canonicalBytes()
        sha256 = .of(bytes)
        signature = key.sign(bytes, namespace: SignaturePurpose.manifest.namespace)
    }

    /// Reads both files of a store; the manifest is parsed strictly, the signature is not judged yet.
    package init(bytes: [UInt8], signature: String) throws(ArchiveError) {
        manifest = try Manifest.parse(bytes)
        self.bytes = bytes
        sha256 = .of(bytes)
        self.signature = signature
    }

    /// Says who signed, if that one might sign manifests when this one was ended.
    ///
    /// - Throws: `badSignature`, `unknownSigner`, or `malformed` if the signature cannot be read.
    @discardableResult
    package func signer(among signers: AllowedSigners) throws -> AllowedSigners.Signer {
        let time = Date(timeIntervalSince1970: Double(manifest.endedAt.seconds))
        return try signers.verify(
            signature: signature, of: bytes, namespace: SignaturePurpose.manifest.namespace, at: time)
    }
}
