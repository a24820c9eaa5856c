// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Reads secrets where the controller runs; nobody else ever does.
enum SecretReader {
    /// The secret's file beside the command at the host; the supervisor removes what is called so.
    static func fileName(_ secret: String) -> String {
        "secret.\(secret)"
    }

    /// The same for psql, which reads passwords from files of its own kind.
    static func passFileName(_ secret: String) -> String {
        "secret.\(secret).pgpass"
    }

    /// One line of a password file, for whatever psql connects to.
    static func passFile(_ password: [UInt8]) -> [UInt8] {
        let line = password.prefix { $0 != 10 && $0 != 13 }
        let escaped = line.flatMap { [92, 58].contains($0) ? [92, $0] : [$0] }
        return Array("*:*:*:*:".utf8) + escaped + [10]
    }

    /// - Throws: `OperationError` when its file may be read by others, or its command fails; never with a word
    ///   of what it printed.
    static func read(_ secret: Secret, _ values: DrillValues) throws -> [UInt8] {
        switch secret.source {
        case .file(let path): return Array(try PrivateFile.read(try values.fill(path)).utf8)
        case .command(let words):
            let child = try ChildProcess(try values.fill(words), output: .piped, notes: .dropped)
            let bytes = try child.output?.all(limit: 1 << 20) ?? []
            // A minute: a password store may ask a person to unlock it, and a drill must not hang on it.
            let exit = try child.wait(within: .minutes(1))
            guard exit.status == 0 else {
                throw OperationError(
                    .failed, "the command of the secret \(secret.id) ended with \(exit.status)")
            }
            return bytes
        }
    }
}

/// Takes secrets out of what commands print, by their value.
struct Redactor {
    private var values: [(name: String, bytes: [UInt8])] = []

    /// Values shorter than this many bytes are not looked for: they would be found everywhere.
    private static let shortest = 4

    mutating func learn(_ name: String, _ bytes: [UInt8]) {
        // A file ends with a line break that a program which prints its content may leave out; lines may be
        // printed one by one.
        let whole = Self.trimmed(bytes)
        let lines = whole.split(separator: 10).map { Self.trimmed(Array($0)) }
        for value in [whole] + lines
        where value.count >= Self.shortest && !values.contains(where: { $0.bytes == value }) {
            values.append((name, value))
        }
        values.sort { $0.bytes.count > $1.bytes.count }
    }

    /// The bytes with a mark in the place of each secret; the begin of what is cut may hold half of one, and goes.
    func redacted(_ bytes: [UInt8], isCut: Bool = false) -> [UInt8] {
        guard let longest = values.first?.bytes.count else { return bytes }
        var bytes = isCut ? Array(bytes.dropFirst(longest)) : bytes
        for (name, value) in values {
            let mark = Array("[secret \(name)]".utf8)
            bytes = bytes.replacing(value, with: mark)
        }
        return bytes
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        Array(bytes.drop { $0 <= 32 }.reversed().drop { $0 <= 32 }.reversed())
    }
}

extension DrillEngine {
    /// The value of a secret, read once.
    func secret(_ name: String) throws -> [UInt8] {
        if let known = secretValues[name] { return known }
        guard let secret = scenario.secrets.first(where: { $0.id == name }) else {
            throw OperationError(.badInput, "there is no secret \(name)")
        }
        let values = values
        let value = try baton.outside { try SecretReader.read(secret, values) }
        secretValues[name] = value
        redactor.learn(name, value)
        return value
    }

    /// Lays the secrets of a step beside its command, unless the command was begun already.
    func keepSecrets(of step: Step, in unit: RemoteUnit) throws {
        let names = Set(step.secrets + [step.stdin].compactMap { $0 }).sorted()
        try keep(files: names, passwords: step.passwords, in: unit)
    }

    /// Lays the secrets of an undo beside it.
    func keepUndoSecrets(of step: Step, in unit: RemoteUnit) throws {
        try keep(files: step.undoSecrets, passwords: [], in: unit)
    }

    /// Lays the secrets of a probe beside it, for as long as it is asked.
    func keepSecrets(of prober: Prober, in unit: RemoteUnit) throws {
        guard let probe = scenario.probes.first(where: { $0.id == prober.probe }) else { return }
        try keep(files: probe.secrets, passwords: [probe.password].compactMap { $0 }, in: unit)
    }

    private func keep(files: [String], passwords: [String], in unit: RemoteUnit) throws {
        let all =
            try files.map { (SecretReader.fileName($0), try secret($0)) }
            + passwords.map { (SecretReader.passFileName($0), SecretReader.passFile(try secret($0))) }
        for (name, value) in all {
            _ = try unit.shell.demand(
                "keep a secret", HostScripts.keepSecret, [unit.folder, name, String(value.count)],
                input: value)
        }
    }

    /// The supervisor has done this, unless it died.
    func dropSecrets(of step: Step, in unit: RemoteUnit) throws {
        guard !step.secrets.isEmpty || step.stdin != nil || !step.passwords.isEmpty else { return }
        _ = try unit.shell.demand("drop the secrets", HostScripts.dropSecrets, [unit.folder])
    }

    /// What a unit printed, without any secret of this drill.
    ///
    /// When a secret cannot be read any more, it cannot be looked for: then the words are withheld.
    func output(of unit: RemoteUnit, _ stream: String, atMost bytes: Int) throws -> (size: Int, tail: [UInt8])
    {
        let found = try unit.output(stream, atMost: bytes)
        do {
            for secret in scenario.secrets { _ = try self.secret(secret.id) }
        } catch {
            return (found.size, Array("[withheld: a secret of this drill cannot be read here]".utf8))
        }
        return (found.size, redactor.redacted(found.tail, isCut: found.size > found.tail.count))
    }
}
