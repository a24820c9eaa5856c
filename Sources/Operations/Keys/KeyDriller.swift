// SPDX-License-Identifier: Apache-2.0
package import Archiving
package import Continuity
import Ledger

/// Shows that one identity alone opens what lies in a store: the key drill.
package struct KeyDriller: Sendable {
    let desk: CopyDesk

    package init(_ desk: CopyDesk) {
        self.desk = desk
    }

    /// Decrypts the index and a sample part of a dataset's newest point with the identity, and nothing else.
    ///
    /// - Returns: the drill as it stands in the ledger; one that failed is a result.
    /// - Throws: `OperationError` when there is no point to try it on.
    package func drill(_ identity: AgeIdentity, dataset: String, from source: String? = nil) throws
        -> KeyDrill
    {
        let known = try desk.dataset(dataset)
        let choice = try PointChooser(desk: desk, dataset: known, book: try desk.book()).choose(from: source)
        let store = choice.stores[0]
        var drill = KeyDrill(
            recipient: identity.recipient.text, dataset: dataset, point: choice.point.name, store: store,
            triedAt: desk.time.now(), passed: false)
        do {
            // A point without parts proves little; the newest of the chain that has some is taken.
            let folder = try StoreFolder.point(choice.point.name, of: dataset)
            let files = StorePointFiles(access: try desk.connector.store(store), folder: folder)
            let proof = try KeyProbe.prove(files, identity: identity, among: desk.keys.allowedSigners())
            drill.passed = true
            drill.detail = Self.words(proof)
        } catch {
            drill.detail = OperationError(describing: error).detail
        }
        try desk.ledger.append([.keyDrill(drill)], at: drill.triedAt)
        return drill
    }

    /// Drills with every identity of a key file, and writes each result down.
    ///
    /// - Throws: `OperationError` with `.permissionDenied` when others may read the file.
    package func drill(keyFile: String, dataset: String, from source: String? = nil) throws -> [KeyDrill] {
        try Self.identities(keyFile).map { try drill($0, dataset: dataset, from: source) }
    }

    /// Drills where there is no workspace: a point's folder and a key file are all there is.
    ///
    /// - Returns: one result for each identity; nothing is written down.
    package static func drill(keyFile: String, folder: String, signersFile: String? = nil) throws
        -> [KeyDrill]
    {
        let signers = try signersFile.map { path in
            try AllowedSigners(parsing: String(decoding: FileBytes(path: path).allBytes(), as: UTF8.self))
        }
        let files = PointDirectory(path: folder)
        let manifest = try files.sealedManifest(among: signers).manifest
        return try identities(keyFile).map { identity in
            var drill = KeyDrill(
                recipient: identity.recipient.text, dataset: manifest.dataset, point: manifest.point.text,
                store: folder, triedAt: TimeSource.system.now(), passed: false)
            do {
                let proof = try KeyProbe.prove(files, identity: identity, among: signers)
                drill.passed = true
                drill.detail = words(proof)
            } catch {
                drill.detail = OperationError(describing: error).detail
            }
            return drill
        }
    }

    private static func identities(_ path: String) throws -> [AgeIdentity] {
        let found = try AgeIdentity.identities(inFile: PrivateFile.read(path))
        guard !found.isEmpty else { throw OperationError(.badInput, "\(path) holds no identity") }
        return found
    }

    private static func words(_ proof: KeyProof) -> String {
        "\(proof.members) members, \(proof.contentBytes) bytes of files compared with the index"
    }
}
