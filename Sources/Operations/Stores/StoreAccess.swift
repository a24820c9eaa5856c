// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
package import SecureShell

/// The files of one store of the plan, over SFTP.
///
/// Ordinary and append-only stores go through the same calls: a name is created once, with mode 0400, and never
/// renamed, overwritten or opened for writing again. May be used from several threads; each call borrows a session
/// of the host for as long as it takes.
package struct StoreAccess: Sendable {
    package let store: Store
    package let pool: SessionPool
    /// What holds all that is sent to the store, by whomever, to the plan's rate; `nil` without one.
    let bucket: TokenBucket?

    init(store: Store, pool: SessionPool, bucket: TokenBucket? = nil) {
        self.store = store
        self.pool = pool
        self.bucket = bucket
    }

    /// Waits until so many bytes may go.
    func pace(_ bytes: Int) {
        guard let wait = bucket?.take(bytes), wait > .zero else { return }
        Thread.sleep(forTimeInterval: wait / .seconds(1))
    }

    /// The absolute path of something in the store.
    package func path(of name: String? = nil, in folder: StoreFolder) -> String {
        let base = folder.path(below: store.path)
        return name.map { base + "/" + $0 } ?? base
    }
}

/// One file as it lies in a store.
package struct StoredName: Hashable, Sendable {
    package let name: String
    package let size: Int

    package init(name: String, size: Int) {
        self.name = name
        self.size = size
    }
}

// MARK: - Looking

extension StoreAccess {
    /// The folders of datasets that are there, sorted; empty when the store was never written to.
    package func datasets() throws -> [String] {
        try folders(in: .root)
    }

    /// The folders of a dataset's points, oldest name first; whether a folder is a point its manifest decides.
    package func points(of dataset: String) throws -> [String] {
        try folders(in: .dataset(dataset))
    }

    /// The plain files in a folder, sorted by name; empty when there is no such folder.
    ///
    /// Links, devices and names that we would not write are left out.
    package func names(in folder: StoreFolder) throws -> [StoredName] {
        Self.files(try entries(in: folder))
    }

    /// The plain files among entries, sorted by name; links, devices and names that we would not write are left out.
    static func files(_ entries: [FolderEntry]) -> [StoredName] {
        plain(entries).compactMap { entry in
            guard entry.attributes.kind == .file, let size = entry.attributes.size else { return nil }
            return StoredName(name: entry.name, size: size)
        }
    }

    /// The folders among entries, sorted by name.
    static func folders(_ entries: [FolderEntry]) -> [String] {
        plain(entries).compactMap { $0.attributes.kind == .folder ? $0.name : nil }
    }

    private static func plain(_ entries: [FolderEntry]) -> [FolderEntry] {
        entries.filter { StoreFolder.isPlain($0.name) }.sorted { $0.name < $1.name }
    }

    /// What this account may still write.
    package func freeSpace() throws -> FreeSpace {
        try pool.ask { session in
            let files = try session.files()
            do {
                return try files.freeSpace(store.path)
            } catch let error as RemoteError where error.code == .noSuchFile {
                // Made by the first backup; its file system is the one above.
                return try files.freeSpace(parent(of: store.path))
            }
        }
    }

    private func folders(in folder: StoreFolder) throws -> [String] {
        Self.folders(try entries(in: folder))
    }

    private func entries(in folder: StoreFolder) throws -> [FolderEntry] {
        try pool.ask { session in
            do {
                return try session.files().list(path(in: folder))
            } catch let error as RemoteError where error.code == .noSuchFile {
                return []
            }
        }
    }
}

private func parent(of path: String) -> String {
    let above = path.dropLast().lastIndex(of: "/").map { String(path[..<$0]) } ?? "/"
    return above.isEmpty ? "/" : above
}

// MARK: - Reading

extension StoreAccess {
    /// A file for reading in ranges; nothing is fetched yet but its size.
    package func open(_ name: String, in folder: StoreFolder) throws -> RemoteBytes {
        try StoreFolder.check(name)
        let path = path(of: name, in: folder)
        let size = try pool.ask { session in
            let found = try session.files().lstat(path)
            guard found.kind == .file, let size = found.size else {
                throw OperationError(.damaged, "\(path) in store \(store.id) is not a plain file")
            }
            return size
        }
        return RemoteBytes(pool: pool, path: path, size: size)
    }

    /// A file that a listing has just shown, without asking for its size again.
    func open(_ file: StoredName, in folder: StoreFolder) throws -> RemoteBytes {
        try StoreFolder.check(file.name)
        return RemoteBytes(pool: pool, path: path(of: file.name, in: folder), size: file.size)
    }

    /// What lies in a folder, and the contents of those of its files that `wanted` picks, up to 16 MiB in all.
    ///
    /// Five round trips, however many files there are. What could not be read along is simply not among the contents.
    func look(
        into folder: StoreFolder, wanted: (StoredName) -> Bool
    ) throws -> (names: [StoredName], contents: [String: [UInt8]]) {
        let seen: (names: [StoredName], contents: [String: [UInt8]])?
        do {
            seen = try pool.ask(equipped: true) { session in
                let pipeline = try session.pipeline()
                guard let entries = try pipeline.look(listing: [path(in: folder)]).listed[0] else {
                    return nil
                }
                let names = Self.files(entries)
                var room = 16 << 20
                let chosen = names.filter { name in
                    guard wanted(name), name.size <= room else { return false }
                    room -= name.size
                    return true
                }
                let read = try pipeline.contents(of: chosen.map { (path(of: $0.name, in: folder), $0.size) })
                var contents: [String: [UInt8]] = [:]
                for (name, result) in zip(chosen, read) {
                    if case .success(let bytes) = result, bytes.count == name.size {
                        contents[name.name] = bytes
                    }
                }
                return (names, contents)
            }
        } catch let error as RemoteError where error.code == .refused {
            seen = nil
        }
        // Whether there is no such folder or it may not be read, the plain call tells apart.
        return try seen ?? (names(in: folder), [:])
    }

    /// A whole small file.
    ///
    /// - Throws: `OperationError` with `.damaged` when it is larger than `limit`: a store may be hostile.
    package func read(_ name: String, in folder: StoreFolder, limit: Int = 1 << 20) throws -> [UInt8] {
        let file = try open(name, in: folder)
        defer { file.close() }
        guard file.size <= limit else {
            throw OperationError(
                .damaged,
                "\(file.path) in store \(store.id) has \(file.size) bytes, more than the \(limit) it may have"
            )
        }
        return try file.allBytes()
    }

    /// Every manifest that lies in a point's folder, with its signature if there is one: the first attempt and later ones.
    ///
    /// What was left by an attempt that broke off is among them; the caller takes the one that parses and verifies.
    package func manifests(in folder: StoreFolder) throws -> [StoredManifest] {
        let (names, contents) = try look(into: folder) { Self.isPaper($0.name) && $0.size <= 1 << 20 }
        return try manifests(in: folder, names: names, contents: contents)
    }

    static func isPaper(_ name: String) -> Bool {
        ["manifest.json", "manifest.json.sig"].contains(AttemptName.parse(name).base)
    }

    /// The same from a look that was taken already; what did not come along with it is read now.
    func manifests(
        in folder: StoreFolder, names: [StoredName], contents: [String: [UInt8]]
    ) throws -> [StoredManifest] {
        func bytes(_ name: String, limit: Int) throws -> [UInt8] {
            try contents[name] ?? read(name, in: folder, limit: limit)
        }
        return try names.compactMap { file in
            let (base, attempt) = AttemptName.parse(file.name)
            guard base == "manifest.json" else { return nil }
            let signatures = names.filter { AttemptName.parse($0.name).base == "manifest.json.sig" }
            // A signature's attempt need not be that of its manifest, so all of them come along.
            return StoredManifest(
                name: file.name, attempt: attempt, bytes: try bytes(file.name, limit: 64 << 20),
                signatures: try signatures.map { try bytes($0.name, limit: 64 << 10) })
        }
    }
}

/// A manifest as it lies in a store, not yet believed.
package struct StoredManifest: Hashable, Sendable {
    package let name: String
    package let attempt: Int
    package let bytes: [UInt8]
    /// The signatures in the same folder, one of which should be over these bytes.
    package let signatures: [[UInt8]]
}

// MARK: - Removing

/// The right to delete in one store, owned by whoever decides on deleting.
package protocol RemovalLease {
    /// - Throws: when the right has been lost to somebody else; nothing more may be removed then.
    func confirm() throws
}

extension StoreAccess {
    /// Removes a file; the lease is confirmed immediately before.
    ///
    /// - Throws: `OperationError` with `.refused` for an append-only store: its account could not, and must not try.
    package func remove(_ name: String, in folder: StoreFolder, under lease: any RemovalLease) throws {
        try StoreFolder.check(name)
        try change(lease) { try $0.remove(path(of: name, in: folder)) }
    }

    /// Removes an empty folder.
    package func removeFolder(_ folder: StoreFolder, under lease: any RemovalLease) throws {
        guard !folder.names.isEmpty else {
            throw OperationError(.refused, "the folder of store \(store.id) itself is not removed")
        }
        try change(lease) { try $0.removeFolder(path(in: folder)) }
    }

    private func change(_ lease: any RemovalLease, _ body: (FileTransfer) throws -> Void) throws {
        guard !store.isAppendOnly else {
            throw OperationError(
                .refused, "store \(store.id) is append-only: nothing is removed by this account",
                hint: "run 'lifeboat store expire' at the site itself")
        }
        try pool.with { session in
            let files = try session.files()
            try lease.confirm()
            try body(files)
        }
    }
}
