// SPDX-License-Identifier: Apache-2.0

/// What a key drill proved.
package struct KeyProof: Hashable, Sendable {
    package let point: PointName
    package let dataset: String
    /// The public half of the key that opened the files.
    package let recipient: String
    /// The part's file; `nil` when the point has no part and the index alone was read.
    package let part: String?
    /// The part's bytes in the store.
    package let bytes: Int
    /// Members that were decrypted and compared with the index.
    package let members: Int
    /// Bytes of files among them.
    package let contentBytes: Int
}

/// The core of a key drill: one point's folder and one secret key, nothing else, must give data that is true.
package enum KeyProbe {
    /// Decrypts the index and a sample part, and compares every member that lies in the part with the index.
    ///
    /// - Parameters:
    ///   - files: The point's folder.
    ///   - identity: The key to be proven.
    ///   - signers: Who may have signed the manifest; `nil` on a machine that knows nobody.
    ///   - part: The part to read; a random one if `nil`.
    /// - Returns: What was read and proven.
    /// - Throws: Whatever keeps the key from being proven: `wrongKey`, `missing`, `damaged`, `hostile`.
    package static func prove(
        _ files: any PointFiles, identity: AgeIdentity, among signers: AllowedSigners? = nil, part: Int? = nil
    ) throws -> KeyProof {
        let sealed = try files.sealedManifest(among: signers)
        let manifest = sealed.manifest
        let point = try ResolvedPoint(ChainPoint(sealed, files: files))
        let index = try VerifiedFile(
            point.index, of: point, sha256: manifest.index.sha256, identities: [identity])
        guard let chosen = part ?? manifest.parts.randomElement()?.number else {
            return KeyProof(
                point: manifest.point, dataset: manifest.dataset, recipient: identity.recipient.text,
                part: nil,
                bytes: manifest.index.bytes, members: 0, contentBytes: 0)
        }
        let name = try point.partName(chosen)
        let parts = SpooledParts(point, keeping: 1)
        _ = try parts.open(point: 0, part: chosen)
        if let error = parts.checks.first?.error { throw error }
        let result = try VerifyRun(
            manifest, index.index(), parts, [identity], Crew.processors, { _ in }, { false }, onlyPart: chosen
        ).run()
        if let fault = result.faults.first { throw fault.error }
        return KeyProof(
            point: manifest.point, dataset: manifest.dataset, recipient: identity.recipient.text, part: name,
            bytes: manifest.parts[chosen - 1].bytes, members: result.members,
            contentBytes: result.contentBytes)
    }
}
