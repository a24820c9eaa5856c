// SPDX-License-Identifier: Apache-2.0
package import Archiving
import Continuity
import SecureShell

/// A small file that is to lie in a store, and what its bytes must come to.
package struct NewPaper: Sendable {
    package let name: String
    package let source: any RangedBytes & Sendable
    package let sha256: SHA256Digest

    package init(_ bytes: [UInt8], as name: String) {
        self.init(MemoryBytes(bytes), as: name, sha256: .of(bytes))
    }

    package init(_ source: any RangedBytes & Sendable, as name: String, sha256: SHA256Digest) {
        self.name = name
        self.source = source
        self.sha256 = sha256
    }
}

/// Writing several files side by side: three round trips for all of them together, where one after the other
/// each takes five.
extension StoreAccess {
    /// Writes the files under their first names, syncs and proves each; the folder must be there.
    ///
    /// One that does not get through is written again on its own, as ``put(_:as:in:)`` does it. With
    /// `inOrder` none is begun before the one in front of it is on the store's disk.
    ///
    /// - Returns: the files as they lie there, in the same order.
    package func put(together papers: [NewPaper], in folder: StoreFolder, inOrder: Bool = false) throws
        -> [StoredFile]
    {
        for paper in papers { try StoreFolder.check(paper.name) }
        var stored = [StoredFile?](repeating: nil, count: papers.count)
        do {
            stored = try pool.with(equipped: true) { try putOnce(papers, folder, inOrder, on: $0) }
        } catch let error as RemoteError
            where error.isTransient || error.code == .refused || error.code == .protocolFailure
        {
            // A connection that was lost, or a host without a second channel: each goes its own way.
        }
        return try zip(papers, stored).map { paper, stored in
            try stored ?? put(paper.source, as: paper.name, in: folder, sha256: paper.sha256)
        }
    }

    /// The files that were written and proven at the first attempt.
    private func putOnce(
        _ papers: [NewPaper], _ folder: StoreFolder, _ inOrder: Bool, on session: PooledSession
    ) throws -> [StoredFile?] {
        let contents = papers.map { paper in
            NewContent(path(of: paper.name, in: folder), size: paper.source.size) { offset, buffer in
                pace(min(buffer.count, paper.source.size - offset))
                return try paper.source.read(at: offset, into: buffer)
            }
        }
        let faults = try session.pipeline().create(contents, inOrder: inOrder)
        let written = papers.indices.filter { faults[$0] == nil }
        let found = try digests(
            of: written.map { (papers[$0].name, papers[$0].source.size) }, folder, session)
        var stored = [StoredFile?](repeating: nil, count: papers.count)
        for (place, digest) in zip(written, found) where digest?.sha256 == papers[place].sha256 {
            stored[place] = digest.map {
                StoredFile(
                    name: papers[place].name, size: papers[place].source.size, sha256: $0.sha256,
                    method: $0.method)
            }
        }
        return stored
    }

    /// What lies there now, in the order of the names; `nil` where it is not known.
    private func digests(
        of files: [(name: String, size: Int)], _ folder: StoreFolder, _ session: PooledSession
    ) throws -> [(sha256: SHA256Digest, method: ProofMethod)?] {
        let paths = files.map { path(of: $0.name, in: folder) }
        if store.proof == .hashAtSite {
            do {
                if let hashes = try session.shell().sha256(of: paths) {
                    return try hashes.map { (try SHA256Digest(hex: $0), .hashAtSite) }
                }
                return files.map { _ in nil }
            } catch let error as RemoteError where error.code == .refused {
                session.dropShell()
            }
        }
        return try readBack(files, paths, session)
    }

    /// Small files at once, a large one in pieces.
    private func readBack(
        _ files: [(name: String, size: Int)], _ paths: [String], _ session: PooledSession
    ) throws -> [(sha256: SHA256Digest, method: ProofMethod)?] {
        let small = files.indices.filter { files[$0].size <= 1 << 20 }
        let contents = try session.pipeline().contents(of: small.map { (paths[$0], files[$0].size) })
        var found = [(sha256: SHA256Digest, method: ProofMethod)?](repeating: nil, count: files.count)
        for (place, content) in zip(small, contents) {
            if case .success(let bytes) = content { found[place] = (.of(bytes), .readBack) }
        }
        for place in files.indices where files[place].size > 1 << 20 {
            found[place] = (try readBack(paths[place], on: session), .readBack)
        }
        return found
    }
}
