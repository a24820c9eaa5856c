// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation

/// What every regular file of a point's tree must hash to, as `sha256sum` does it.
struct TreeHashes {
    let reader: ChainReader
    let paths: [[UInt8]]?
    /// Where sparse files are unpacked for a moment.
    let workspace: Workspace

    /// Every regular file, hard links included.
    ///
    /// An index leaves the holes of a sparse file out of its digest; such files are restored here to be hashed
    /// whole, since no tool at a host leaves them out.
    func files() throws -> [FileHash] {
        var files: [FileHash] = []
        var sparse: [[UInt8]] = []
        var links: [(path: [UInt8], target: [UInt8])] = []
        try reader.records(under: paths) { record in
            switch record.kind {
            case .file where record.holes > 0: sparse.append(record.path)
            case .file:
                guard let digest = record.digest else { return }
                files.append(FileHash(path: record.path, size: record.size, sha256: digest.hex))
            case .hardLink: links.append((record.path, record.linkTarget))
            default: break
            }
        }
        files += try hashed(sparse)
        guard !links.isEmpty else { return files }
        let known = Dictionary(files.map { ($0.path, $0) }) { first, _ in first }
        for link in links {
            let target = try known[link.target] ?? outside(link.target)
            files.append(FileHash(path: link.path, size: target.size, sha256: target.sha256))
        }
        return files
    }

    /// A link's target that is not among the chosen paths.
    private func outside(_ path: [UInt8]) throws -> FileHash {
        guard let record = try reader.record(at: path), let digest = record.digest else {
            throw OperationError(
                .damaged, "a hard link leads to \(MemberPath.shown(path)), which is not in the point")
        }
        guard record.holes == 0 else { return try hashed([path])[0] }
        return FileHash(path: path, size: record.size, sha256: digest.hex)
    }

    private func hashed(_ sparse: [[UInt8]]) throws -> [FileHash] {
        guard !sparse.isEmpty else { return [] }
        let work = try WorkFolder(workspace, run: CopyDesk.runName("sparse", at: TimeSource.system.now()))
        defer { work.remove() }
        let summary = try reader.restore(
            sparse, into: work.path + "/tree", options: RestoreOptions(isTrusted: false))
        guard summary.isWhole else {
            throw OperationError(
                .damaged, "sparse files cannot be read: \(summary.faults.first?.description ?? "")")
        }
        return try sparse.map { path in
            // The restored tree has the same names; one that is not UTF-8 cannot be opened through a Swift text.
            guard let name = String(validating: path, as: UTF8.self) else {
                throw OperationError(.failed, "a sparse file's name is not UTF-8: \(MemberPath.shown(path))")
            }
            let file = try FileBytes(path: "\(work.path)/tree/\(name)")
            return FileHash(path: path, size: file.size, sha256: try file.sha256().hex)
        }
    }
}
