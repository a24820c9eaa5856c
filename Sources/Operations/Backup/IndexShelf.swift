// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc

/// The newest merged index of a dataset, kept here so that the next run knows what has changed.
///
/// It holds names, sizes and hashes, and no identity. One small file says which index is the current one and
/// is replaced in one step; an index that is not named there is of no use and is removed.
struct IndexShelf: Sendable {
    /// What the newest index belongs to.
    struct Entry: Hashable, Sendable, Codable {
        var point: String
        var manifestSha256: String
        /// The name of the merged index's file.
        var file: String
        /// Its size, so that one that was cut is not used.
        var bytes: Int
        /// The source as it was, so that another source gets a full point.
        var source: String
    }

    let workspace: Workspace
    let dataset: String

    private var folder: String { "\(workspace.indexFolder)/\(dataset)" }
    private var statePath: String { "\(folder)/newest.json" }

    func path(of entry: Entry) -> String { "\(folder)/\(entry.file)" }

    /// Where a run may write its merged index.
    func newPath(run: String) throws -> String {
        for path in [workspace.privateFolder, workspace.indexFolder, folder] {
            try Workspace.makeFolder(path, mode: 0o700)
        }
        return "\(folder)/\(run).index"
    }

    /// The newest entry whose file is whole; `nil` makes the next run a full one.
    func newest() -> Entry? {
        guard let data = FileManager.default.contents(atPath: statePath),
            let entry = try? CanonicalJSON.decode(Entry.self, from: data), !entry.file.contains("/")
        else { return nil }
        var status = stat()
        guard stat(path(of: entry), &status) == 0, Int(status.st_size) == entry.bytes else { return nil }
        return entry
    }

    /// Makes a run's merged index the newest one.
    func commit(_ path: String, point: String, manifestSha256: String, source: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw OperationError(.ioFailed, "cannot read the new index \(path): \(PrivateFile.reason())")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let entry = Entry(
            point: point, manifestSha256: manifestSha256, file: name, bytes: Int(status.st_size),
            source: source)
        let text = String(decoding: try CanonicalJSON.encode(entry), as: UTF8.self)
        try PrivateFile.replace(statePath, text, mode: 0o600)
        sweep()
    }

    /// Removes what no entry names; the caller holds the dataset.
    func sweep() {
        let kept = newest()?.file
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        for file in names where file.hasSuffix(".index") && file != kept {
            // What cannot be removed is tried again after the next run.
            unlink("\(folder)/\(file)")
        }
    }
}
