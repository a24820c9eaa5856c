// SPDX-License-Identifier: Apache-2.0
package import SecureShell

/// A session of a pool with what has been opened on it: file transfer, a resident shell, files being read.
///
/// Whoever took it from the pool uses it from one thread, until it is given back.
package final class PooledSession: @unchecked Sendable {
    // Unchecked: the pool hands it from thread to thread under its lock, to one at a time.

    /// Files kept open for reading; a chain's restore reads a few at a time.
    private static let openFiles = 16

    package let session: Session
    /// Whether others have used it before, so that it may have died unnoticed.
    var isReused = false
    private var transfer: FileTransfer?
    private var line: FilePipeline?
    private var resident: RemoteShell?
    /// Why there is no shell, so that the host is not asked before each proof.
    private var shellRefusal: RemoteError?
    private var readers: [(path: String, file: RemoteFile)] = []

    init(_ session: Session) {
        self.session = session
    }

    /// The host's files; the channel stays open for the next user.
    package func files() throws -> FileTransfer {
        if let transfer { return transfer }
        let made = try begin { try session.files() }
        transfer = made
        return made
    }

    /// The host's files, for many requests at once.
    package func pipeline() throws -> FilePipeline {
        if let line { return line }
        let made = try begin { try FilePipeline(session) }
        line = made
        return made
    }

    /// Whether a shell or a pipeline has been begun, for which others would have to wait.
    var isEquipped: Bool { resident != nil || line != nil }

    /// Opens a channel; a host that allows only one at a time gets the others closed first.
    private func begin<Value>(_ open: () throws -> Value) throws -> Value {
        do {
            return try open()
        } catch let error as RemoteError
            where error.code == .refused && session.isUsable && (isEquipped || transfer != nil)
        {
            // A host may allow one channel at a time.
            readers = []
            (transfer, line, resident) = (nil, nil, nil)
            return try open()
        }
    }

    /// The resident shell, begun at the first call: a command costs one round trip and no login.
    ///
    /// - Throws: `RemoteError` with `.refused` where the account has no shell, as at a vault.
    package func shell() throws -> RemoteShell {
        if let resident { return resident }
        if let shellRefusal { throw shellRefusal }
        do {
            let made = try RemoteShell(session)
            resident = made
            return made
        } catch  where error.code == .refused {
            shellRefusal = error
            throw error
        }
    }

    /// Lets go of a shell that no longer answers as it should.
    func dropShell() {
        resident = nil
    }

    /// A file opened for reading; opened once and kept for the next range.
    func reader(_ path: String) throws -> RemoteFile {
        if let place = readers.firstIndex(where: { $0.path == path }) {
            let found = readers.remove(at: place)
            readers.append(found)
            return found.file
        }
        let file = try files().open(path, for: .reading)
        if readers.count == Self.openFiles { readers.removeFirst() }
        readers.append((path, file))
        return file
    }

    /// Closes a file that ``reader(_:)`` has opened.
    func closeReader(_ path: String) {
        readers.removeAll { $0.path == path }
    }
}

extension PooledSession {
    /// The shortest of three small questions and their answers.
    package func roundTrip() throws -> Duration {
        let files = try files()
        var best: Duration?
        for _ in 0..<3 {
            let start = ContinuousClock.now
            _ = try files.realPath(".")
            let length = start.duration(to: .now)
            best = min(best ?? length, length)
        }
        return best ?? .zero
    }
}
