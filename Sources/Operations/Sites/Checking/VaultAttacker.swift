// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

/// Tries everything on a vault that a stolen key could be used for, against one canary, in place.
///
/// The gentle attempts come first. What succeeds is undone where that can be done, so that the next attempt meets the
/// same canary; a store in which something succeeds is no vault, whatever the rest says.
struct VaultAttacker {
    let store: StoreAccess
    let dialer: HostDialer
    let host: Host

    /// All attempts, and whether the canary is still what it was.
    func attack() throws -> [VaultAttack] {
        let canary = try VaultCanary.take(in: store)
        var attacks = [account(canary)]
        attacks += try onFile(canary)
        attacks += try outside(canary)
        attacks += try beyondFiles(canary)
        attacks.append(
            VaultAttack(
                "the canary afterwards",
                canary.isSound(in: store)
                    ? .refused("unchanged, byte for byte") : .succeeded("it was changed")))
        return attacks
    }

    private func account(_ canary: VaultCanary) -> VaultAttack {
        VaultAttack(
            "use the rights of root",
            canary.owner == 0
                ? .succeeded("the account is root, which no mode of a file holds back")
                : .refused("the account is \(host.ssh.user)"))
    }

    // MARK: - The canary

    private func onFile(_ canary: VaultCanary) throws -> [VaultAttack] {
        let path = canary.path
        let other = path + ".attack"
        func tried(_ name: String, _ body: @escaping (FileTransfer) throws -> Void) throws -> VaultAttack {
            VaultAttack(name, try attempt { try body($0.files()) })
        }
        func asked(
            _ name: String, undo: @escaping (FileTransfer) throws -> Void = { _ in },
            _ body: @escaping (FileRequests) throws -> FileRequests.Answer
        ) throws -> VaultAttack {
            VaultAttack(name, try request(undo, body))
        }
        return [
            try tried("open for writing again") { try $0.open(path, for: .overwriting).close() },
            try tried("append") { try $0.open(path, for: .appending).close() },
            try tried("change the mode") { try $0.setMode(path, 0o600) },
            try asked("change the mode of an open file") { try $0.setModeOfOpenFile(path, 0o600) },
            try asked("change the mode of a name") { try $0.setModeOfName(path, 0o600) },
            try tried("change the times") { try $0.setTimes(path, accessed: 0, modified: 0) },
            try asked("make a symbolic link", undo: { try $0.remove(other) }) {
                try $0.makeLink(other, to: "/etc/passwd")
            },
            try asked("make a hard link", undo: { try $0.remove(other) }) {
                try $0.makeHardLink(other, to: path)
            },
            // A name that is not there leaves nothing behind, and a server that allows the request looks for it.
            try asked("remove a folder") { try $0.removeFolder(path + ".folder") },
            try asked("rename over", undo: { try $0.rename(other, to: path) }) {
                try $0.replace(path, to: other)
            },
            try tried("rename") {
                try $0.rename(path, to: other)
                try $0.rename(other, to: path)
            },
            try tried("truncate") { try $0.truncate(path, to: 1) },
            try tried("open and cut to nothing") { try $0.open(path, for: .truncating).close() },
            try tried("remove") { try $0.remove(path) },
        ]
    }

    // MARK: - Outside the store

    private func outside(_ canary: VaultCanary) throws -> [VaultAttack] {
        let keys = [".ssh/authorized_keys", ".ssh/authorized_keys2", ".ssh/rc", ".ssh/environment"]
        return try keys.map { name in
            VaultAttack(
                "write ~/\(name)",
                try attempt { session in
                    let files = try session.files()
                    // Only what exists is opened, and nothing is written: a probe must not do the harm it looks for.
                    guard try files.exists(name) else {
                        throw Refusal(words: "there is none")
                    }
                    try files.open(name, for: .overwriting).close()
                })
        } + [try planting(in: ".ssh", canary), try planting(in: ".", canary)]
    }

    /// Whether the account could make new files at its home, judged by owner and mode: a trial would leave litter.
    private func planting(in folder: String, _ canary: VaultCanary) throws -> VaultAttack {
        let name = folder == "." ? "make files in its home" : "make files in ~/\(folder)"
        return VaultAttack(
            name,
            try attempt { session in
                let files = try session.files()
                guard try files.exists(folder) else { throw Refusal(words: "there is none") }
                let path = try files.realPath(folder)
                guard path != store.store.path, !path.hasPrefix(store.store.path + "/") else {
                    throw OperationError(
                        .failed, "its home lies in the store, so keys and copies are not apart")
                }
                let found = try files.stat(path)
                let mode = found.permissions ?? 0
                let owns = found.owner == canary.owner && mode & 0o200 != 0
                guard owns || (mode & 0o002 != 0 && mode & 0o1000 == 0) else {
                    throw Refusal(words: "\(path) is not writable")
                }
            })
    }

    // MARK: - More than files

    private func beyondFiles(_ canary: VaultCanary) throws -> [VaultAttack] {
        let port = host.ssh.port
        return [
            VaultAttack("run a command", try command()),
            VaultAttack(
                "forward to a port",
                try forwarding { try $0.attemptForwarding(toHost: "127.0.0.1", port: port) }),
            VaultAttack("listen on a port", try forwarding { try $0.attemptListening() }),
            VaultAttack("forward to a unix socket", try unixSocket(canary)),
            VaultAttack(
                "listen on a unix socket",
                ListeningSocketAttack(dialer: dialer, host: host, store: store.store).perform()),
        ]
    }

    private func command() throws -> VaultAttack.Outcome {
        try onSession { session in
            do {
                let answer = try session.capture("echo vault-$((6*7))", deadline: .seconds(10))
                guard answer.outputText.contains("vault-42") else { return .refused("something else ran") }
                return .succeeded("a shell answered")
            } catch let error as RemoteError where error.code == .refused {
                return .refused(error.detail)
            }
        }
    }

    private func forwarding(_ body: (Session) throws -> ForwardingAttempt) throws -> VaultAttack.Outcome {
        try onSession { try VaultAttack.Outcome(body($0)) }
    }

    /// Only a socket that listens and lets the account in decides: a prohibition and a missing socket sound alike.
    private func unixSocket(_ canary: VaultCanary) throws -> VaultAttack.Outcome {
        let sockets = try store.pool.ask { session in
            let files = try session.files()
            return try Self.listening(files).first { path in
                guard let found = try? files.stat(path), let mode = found.permissions else { return false }
                return mode & 0o002 != 0 || (found.owner == canary.owner && mode & 0o200 != 0)
            }
        }
        guard let path = sockets else {
            return .undecided("no unix socket listens there that the account may use")
        }
        let outcome = try forwarding { try $0.attemptForwarding(toSocket: path) }
        if case .undecided = outcome { return .refused("\(path) could not be reached") }
        return outcome
    }

    /// The paths of listening unix sockets, as the kernel lists them for anybody.
    private static func listening(_ files: FileTransfer) throws -> [String] {
        guard let file = try? files.open("/proc/net/unix", for: .reading) else { return [] }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var size = 0
        while size < bytes.count {
            let count = try bytes[size...].withUnsafeMutableBytes { try file.read(at: size, into: $0) }
            guard count > 0 else { break }
            size += count
        }
        try file.close()
        return String(decoding: bytes[..<size], as: UTF8.self).split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            // The fourth field has the flag of a socket that accepts connections.
            guard words.count == 8, words[3] == "00010000", words[7].hasPrefix("/") else { return nil }
            return String(words[7])
        }
    }

    // MARK: - Attempts

    /// Something that was not there to be attacked, or was found closed.
    private struct Refusal: Error {
        let words: String
    }

    private func attempt(_ body: @escaping (PooledSession) throws -> Void) throws -> VaultAttack.Outcome {
        do {
            try store.pool.ask(body)
            return .succeeded("it was done")
        } catch let refusal as Refusal {
            return .refused(refusal.words)
        } catch let error as RemoteError {
            return try VaultAttack.Outcome(error)
        } catch let error as OperationError where error.code == .failed {
            return .succeeded(error.detail)
        }
    }

    private func request(
        _ undo: @escaping (FileTransfer) throws -> Void,
        _ body: @escaping (FileRequests) throws -> FileRequests.Answer
    ) throws -> VaultAttack.Outcome {
        try store.pool.ask { session in
            switch try body(FileRequests(session.session)) {
            case .refused(let words): return .refused(words)
            case .failed(let words): return .succeeded("the request is allowed, though it failed: \(words)")
            case .done:
                // What cannot be undone stays as the proof.
                try? undo(session.files())
                return .succeeded("it was done")
            }
        }
    }

    /// A session of its own: some attempts end it.
    private func onSession<Value>(_ body: (Session) throws -> Value) throws -> Value {
        let session = try dialer.open(host)
        defer { session.disconnect() }
        return try body(session)
    }
}

extension VaultAttack.Outcome {
    init(_ attempt: ForwardingAttempt) {
        self =
            switch attempt {
            case .refused(let detail): .refused(detail)
            case .allowed(let detail): .succeeded(detail)
            case .undecided(let detail): .undecided(detail)
            }
    }

    /// What a failed call says about what is allowed; an error of the way itself is thrown on.
    init(_ error: RemoteError) throws {
        switch error.code {
        case .permissionDenied, .notSupported, .refused: self = .refused(error.detail)
        case .noSuchFile, .exists, .remoteFailure, .diskFull, .quotaExceeded:
            self = .undecided("it failed for another reason: \(error.detail)")
        default: throw error
        }
    }
}
