// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Ledger

/// Signed manifests kept on this machine, and under which attempts their files lie in each store.
///
/// A recovery card names every file of its whole chain; asking the store for them anew in each run would cost
/// several round trips for every point of the chain. What is not here is read from the store.
struct ManifestShelf: Sendable {
    let workspace: Workspace
    let dataset: String

    private var folder: String { "\(workspace.indexFolder)/\(dataset)/manifests" }

    /// What is kept of one point.
    private struct Kept: Codable {
        var manifest: [UInt8]
        var signature: String
        /// By store; a role that is not named lies there as a first attempt.
        var attempts: [String: [String]]
    }

    private func path(_ point: String) -> String { "\(folder)/\(point).json" }

    private func kept(_ point: String) -> Kept? {
        guard PointName(point) != nil, let data = FileManager.default.contents(atPath: path(point)) else {
            return nil
        }
        return try? CanonicalJSON.decode(Kept.self, from: data)
    }

    /// Remembers a point, and where its files lie in a store.
    ///
    /// What cannot be kept is read from the store again.
    func keep(_ sealed: SealedManifest, attempts: [StoreFile.Role: Int], in store: String) throws {
        for path in [
            workspace.privateFolder, workspace.indexFolder, "\(workspace.indexFolder)/\(dataset)", folder,
        ] {
            try Workspace.makeFolder(path, mode: 0o700)
        }
        guard let lock = try FileLock.take("\(folder)/lock") else { return }
        defer { withExtendedLifetime(lock) {} }
        let point = sealed.manifest.point.text
        var entry =
            kept(point).flatMap { $0.manifest == sealed.bytes ? $0 : nil }
            ?? Kept(manifest: sealed.bytes, signature: sealed.signature, attempts: [:])
        entry.attempts[store] = attempts.map { StoreFile($0.key, attempt: $0.value).name }.sorted()
        let text = String(decoding: try CanonicalJSON.encode(entry), as: UTF8.self)
        try PrivateFile.replace(path(point), text, mode: 0o600)
    }

    /// A point of a card, if its manifest and its place in the store are known here.
    func cardPoint(_ point: String, manifestSha256: String, in store: String) -> RecoveryCard.Point? {
        guard let entry = kept(point), let names = entry.attempts[store],
            let sealed = try? SealedManifest(bytes: entry.manifest, signature: entry.signature),
            sealed.sha256.hex == manifestSha256
        else { return nil }
        var attempts: [StoreFile.Role: Int] = [:]
        for file in names.compactMap({ StoreFile(name: $0) }) { attempts[file.role] = file.attempt }
        return RecoveryCard.Point(sealed, attempts: attempts)
    }
}
