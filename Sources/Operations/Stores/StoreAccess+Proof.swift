// SPDX-License-Identifier: Apache-2.0
package import Archiving
package import Continuity
import SecureShell

/// What makes a file in a store count: its SHA-256, computed from what lies there.
extension StoreAccess {
    /// The digest of a file in the store, and how it was found.
    ///
    /// Computed at the site where the plan says so and the account has a shell, else by reading everything back.
    package func digest(of name: String, in folder: StoreFolder) throws -> (SHA256Digest, ProofMethod) {
        try pool.ask(equipped: true) { try digest(of: name, in: folder, on: $0) }
    }

    /// The same on a session that the caller has borrowed, such as a prover's own.
    package func digest(
        of name: String, in folder: StoreFolder, on session: PooledSession
    ) throws -> (SHA256Digest, ProofMethod) {
        try StoreFolder.check(name)
        let path = path(of: name, in: folder)
        if store.proof == .hashAtSite {
            do {
                return (try SHA256Digest(hex: try session.shell().sha256(of: path)), .hashAtSite)
            } catch let error as RemoteError where error.code == .refused {
                // No shell, or one that has ended: the bytes themselves are a proof that needs none.
                session.dropShell()
            }
        }
        return (try readBack(path, on: session), .readBack)
    }

    /// Proves one file, or says that it is not what was sent.
    ///
    /// - Throws: `OperationError` with `.damaged` when size or bytes differ.
    package func prove(
        _ name: String, in folder: StoreFolder, expecting sha256: SHA256Digest, size: Int,
        part: Int? = nil
    ) throws -> StoredFile {
        try pool.ask(equipped: true) {
            try prove(name, in: folder, expecting: sha256, size: size, part: part, on: $0)
        }
    }

    /// The same on a session that the caller has borrowed.
    ///
    /// `part` is the number of a part; where the plan says `proof: sampled`, one that is not drawn is only asked
    /// for its size, and its method is `.none`.
    func prove(
        _ name: String, in folder: StoreFolder, expecting sha256: SHA256Digest, size: Int, part: Int? = nil,
        on session: PooledSession
    ) throws -> StoredFile {
        if let part, store.proof == .sampled, !Self.isDrawn(part) {
            try compareSize(name, in: folder, expecting: size, on: session)
            return StoredFile(name: name, size: size, sha256: sha256, method: .none)
        }
        let (found, method) = try digest(of: name, in: folder, on: session)
        guard found == sha256 else {
            throw OperationError(
                .damaged,
                "\(path(of: name, in: folder)) in store \(store.id) does not hold what was sent: expected \(sha256), found \(found)"
            )
        }
        return StoredFile(name: name, size: size, sha256: sha256, method: method)
    }

    /// Whether a part is in the sample: the first always, one in eight of the others.
    ///
    /// Drawn after the part was sent, so that a store cannot know which it will be asked for.
    static func isDrawn(_ part: Int) -> Bool { part == 1 || Int.random(in: 0..<8) == 0 }

    private func compareSize(
        _ name: String, in folder: StoreFolder, expecting size: Int, on session: PooledSession
    ) throws {
        let path = path(of: name, in: folder)
        let found = try session.files().lstat(path).size
        guard found == size else {
            throw OperationError(
                .damaged,
                "\(path) in store \(store.id) does not hold what was sent: \(size) bytes were, \(found ?? 0) are there"
            )
        }
    }

    func readBack(_ path: String, on session: PooledSession) throws -> SHA256Digest {
        let file = try session.files().open(path, for: .reading)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var hasher = SHA256Hasher()
        var offset = 0
        while true {
            let count = try file.read(at: offset, into: buffer)
            guard count > 0 else { break }
            hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
        try file.close()
        return hasher.finalize()
    }
}
