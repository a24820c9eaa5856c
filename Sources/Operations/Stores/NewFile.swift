// SPDX-License-Identifier: Apache-2.0
package import Archiving
package import Continuity
import SecureShell

/// A file that is being written into a store, under a name that was free.
///
/// Used by one thread, on a session that the thread has borrowed for as long. A file that is not finished stays behind
/// as it is and is ignored; the next attempt takes another name.
package final class NewFile {
    /// The name with its attempt, as it stands in the store.
    package let name: String
    package private(set) var size = 0
    private let file: PipelinedFile
    private let session: PooledSession

    init(name: String, file: PipelinedFile, on session: PooledSession) {
        self.name = name
        self.file = file
        self.session = session
    }

    /// Adds bytes; they are on their way when this returns, and sure only after ``finish()``.
    package func append(_ bytes: UnsafeRawBufferPointer) throws {
        do {
            try file.write(bytes)
        } catch {
            throw explained(error)
        }
        size += bytes.count
    }

    /// Adds everything, from its beginning.
    func append(all source: any RangedBytes) throws {
        // Four megabytes: a source in another store is asked for all of it at once, whatever the round trip.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4 << 20, alignment: 16)
        defer { buffer.deallocate() }
        var offset = 0
        while offset < source.size {
            let count = try source.read(at: offset, into: buffer)
            guard count > 0 else {
                throw OperationError(.ioFailed, "the source of \(name) became shorter while it was sent")
            }
            try append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += count
        }
    }

    /// Has the server bring everything to its disk, then closes.
    package func finish() throws {
        do {
            try file.finish()
        } catch  where error.code == .notSupported {
            throw RemoteError(
                .notSupported, operation: error.operation, host: error.host,
                detail: "the server cannot sync files",
                hint: "a store needs OpenSSH's sftp-server or internal-sftp, with fsync@openssh.com allowed")
        } catch {
            throw explained(error)
        }
    }

    /// The protocol has one word for a full disk and much else; the server is asked again.
    private func explained(_ error: RemoteError) -> RemoteError {
        guard error.code == .remoteFailure, let files = try? session.files() else { return error }
        return files.explained(error, writing: file.path)
    }
}

/// A file that a store has been proven to hold.
package struct StoredFile: Hashable, Sendable {
    /// The name with its attempt, as it stands in the store.
    package let name: String
    package let size: Int
    /// Of the bytes that lie there, by ``method``; of those that were sent, where that is `.none`.
    package let sha256: SHA256Digest
    package let method: ProofMethod

    package init(name: String, size: Int, sha256: SHA256Digest, method: ProofMethod) {
        self.name = name
        self.size = size
        self.sha256 = sha256
        self.method = method
    }
}

// MARK: - Writing

extension StoreAccess {
    /// Makes the store's folder, and those of the dataset and point.
    package func makeFolder(_ folder: StoreFolder) throws {
        try pool.with { try $0.files().makeFolders(path(in: folder)) }
    }

    /// Creates a file on a borrowed session, under the first attempt's name that is free.
    ///
    /// `attempt` is the first to try; a caller who knows that earlier ones were used saves the questions.
    package func create(
        _ name: String, in folder: StoreFolder, on session: PooledSession, attempt: Int = 1
    ) throws -> NewFile {
        try StoreFolder.check(name)
        for number in attempt..<AttemptName.limit {
            let wanted = AttemptName.of(name, attempt: number)
            if let file = try openNew(path(of: wanted, in: folder), on: session) {
                return NewFile(name: wanted, file: file, on: session)
            }
        }
        throw OperationError(
            .failed, "\(path(of: name, in: folder)) in store \(store.id) was begun \(AttemptName.limit) times"
        )
    }

    /// Most often the folder is there, and asking first would cost a round trip for each small file.
    private func createWithFolder(
        _ name: String, in folder: StoreFolder, on session: PooledSession
    ) throws -> NewFile {
        do {
            return try create(name, in: folder, on: session)
        } catch let error as RemoteError where error.code == .noSuchFile {
            try session.files().makeFolders(path(in: folder))
            return try create(name, in: folder, on: session)
        }
    }

    /// A file under a free name, or `nil` when the name is taken.
    private func openNew(_ path: String, on session: PooledSession) throws -> PipelinedFile? {
        do {
            return try session.pipeline().create(path, mode: 0o400)
        } catch let error as RemoteError where error.code == .remoteFailure {
            // A name that is taken, or another failure without a reason: only the slower calls find out.
            do {
                try session.files().open(path, for: .creating(mode: 0o400)).close()
            } catch  where (error as? RemoteError)?.code == .exists {
                return nil
            }
            // It went through now, so this name is used up.
            return nil
        }
    }

    /// Writes a small file, syncs it and proves it.
    ///
    /// A lost connection or bytes that came out wrong are tried once more, under the next name.
    @discardableResult
    package func put(_ bytes: [UInt8], as name: String, in folder: StoreFolder) throws -> StoredFile {
        try put(MemoryBytes(bytes), as: name, in: folder, sha256: .of(bytes))
    }

    /// The same for a file of any size whose digest is known; `part` is the number of a part, which a store with
    /// `proof: sampled` may only be asked for its size.
    @discardableResult
    package func put(
        _ source: any RangedBytes, as name: String, in folder: StoreFolder, sha256: SHA256Digest,
        part: Int? = nil
    ) throws -> StoredFile {
        do {
            return try putOnce(source, as: name, in: folder, sha256: sha256, part: part)
        } catch let error as RemoteError where error.isTransient {
            return try putOnce(source, as: name, in: folder, sha256: sha256, part: part)
        } catch let error as OperationError where error.code == .damaged {
            return try putOnce(source, as: name, in: folder, sha256: sha256, part: part)
        }
    }

    private func putOnce(
        _ source: any RangedBytes, as name: String, in folder: StoreFolder, sha256: SHA256Digest,
        part: Int? = nil
    ) throws -> StoredFile {
        let written = try pool.with { session in
            let file = try createWithFolder(name, in: folder, on: session)
            try file.append(all: source)
            try file.finish()
            return file.name
        }
        return try prove(written, in: folder, expecting: sha256, size: source.size, part: part)
    }
}
