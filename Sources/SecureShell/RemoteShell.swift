// SPDX-License-Identifier: Apache-2.0

/// One `sh` on the other host that stays, for many small commands.
///
/// A command costs one round trip and no login: starting a channel for each runs the account's
/// start-up files every time. Commands run one after another, each in a subshell of its own
/// (no variable, folder or `exit` leaks into the next) with empty input. What a command leaves running
/// in the background must not hold its output.
package final class RemoteShell {
    private let channel: Channel
    /// Marks the end of each output; nobody can guess it, so no output can contain it.
    private let mark: String

    var hostLabel: String { channel.session.endpoint.label }

    package convenience init(_ session: Session) throws(RemoteError) {
        try self.init(session, running: "exec sh")
    }

    /// Begins the shell with another command line, such as `exec sudo -n sh`.
    package init(_ session: Session, running command: String) throws(RemoteError) {
        let operation = "begin a shell"
        channel = try Channel(session, operation: operation)
        let number = UInt64.random(in: .min ... .max)
        mark = "lifeboat-\(String(number, radix: 16))\(String(UInt64.random(in: .min ... .max), radix: 16))"
        try channel.exec(command, operation: operation)
        // A forced command answers an exec too; only an echo proves that this is a shell.
        let proof = try capture("echo \(mark.prefix(12))")
        guard proof.status.isSuccess, proof.outputText == "\(mark.prefix(12))\n" else {
            throw RemoteError(
                .refused, operation: operation, host: session.endpoint.label,
                detail: "the account has no POSIX shell")
        }
    }

    /// Runs a command line and keeps what it printed, up to `limit` bytes in all.
    ///
    /// A passed `deadline` or limit ends the whole session.
    package func capture(
        _ command: String, limit: Int = 16 << 20, deadline: Duration? = nil
    ) throws(RemoteError) -> Captured {
        let operation = "run '\(command.prefix(60))\(command.count > 60 ? "…" : "")'"
        let session = channel.session
        session.deadline = deadline.map(Deadline.init(in:))
        defer { session.deadline = nil }
        // Two literals, so that the mark itself does not stand in the script that a tracing shell would echo.
        let script =
            "( eval \(shellQuoted(command)) ) </dev/null; s=$?; m=lifeboat; "
            + "m=$m-\(mark.dropFirst(9)); printf '%s %d\\n' \"$m\" $s; printf '%s\\n' \"$m\" >&2\n"
        try send(Array(script.utf8), operation)
        var output = MarkedStream(mark: mark)
        var errors = MarkedStream(mark: mark)
        while output.end == nil || errors.end == nil {
            var hasMoved = false
            while output.end == nil, let bytes = try channel.take(.output, operation) {
                output.append(bytes)
                hasMoved = true
            }
            while errors.end == nil, let bytes = try channel.take(.errors, operation) {
                errors.append(bytes)
                hasMoved = true
            }
            guard output.bytes.count + errors.bytes.count <= limit else {
                throw session.ended(
                    .outputTooLarge(limit: limit), operation, "it printed more than \(limit) bytes")
            }
            if hasMoved || (output.end == nil && channel.hasOutput) { continue }
            guard !channel.hasEnded else {
                throw RemoteError(
                    .refused, operation: operation, host: session.endpoint.label,
                    detail:
                        "the shell has ended: \(String(decoding: errors.bytes.prefix(200), as: UTF8.self))")
            }
            try session.wait(operation, keepingAlive: true)
        }
        guard let status = output.end.flatMap({ Int($0) }) else {
            throw session.ended(.protocolFailure, operation, "the shell did not report a status")
        }
        return Captured(status: .exited(status), output: output.bytes, error: errors.bytes)
    }

    /// The SHA-256 of a file over there, in hexadecimal, computed over there.
    ///
    /// `openssl` comes first because it uses the processor's own instructions where coreutils may not.
    package func sha256(of path: String) throws(RemoteError) -> String {
        let operation = "hash \(path)"
        let file = shellQuoted(path.hasPrefix("-") ? "./" + path : path)
        // Reading through `<` keeps the name out of the tools' answers; a missing file fails in the shell.
        let answer = try capture(
            "exec <\(file); if command -v openssl >/dev/null; then openssl dgst -sha256 -r; "
                + "elif command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi")
        let hash = answer.outputText.prefix { $0 != " " }
        guard answer.status.isSuccess, hash.utf8.count == 64, hash.allSatisfy(\.isHexDigit) else {
            let said = answer.errorText.trimmed
            let code: RemoteError.Code =
                if said.hasSuffix("No such file") || said.contains("No such file or directory") {
                    .noSuchFile
                } else if said.contains("ermission denied") { .permissionDenied } else { .remoteFailure }
            throw RemoteError(
                code, operation: operation, host: channel.session.endpoint.label,
                detail: said.isEmpty ? "\(answer.status)" : said)
        }
        return hash.lowercased()
    }

    /// The SHA-256 of several files over there, computed over there by one program at one round trip.
    ///
    /// - Returns: `nil` unless every file was hashed; each on its own then says why.
    package func sha256(of paths: [String]) throws(RemoteError) -> [String]? {
        guard !paths.isEmpty else { return [] }
        // Names that a hash program might write in another way are left to the call for one file.
        guard paths.allSatisfy({ $0.hasPrefix("/") && !$0.contains("\\") && !$0.contains("\n") }) else {
            return nil
        }
        let files = shellQuoted(paths)
        let answer = try capture(
            "if command -v openssl >/dev/null; then openssl dgst -sha256 -r \(files); "
                + "elif command -v sha256sum >/dev/null; then sha256sum \(files); "
                + "else shasum -a 256 \(files); fi")
        let lines = answer.outputText.split(separator: "\n")
        guard answer.status.isSuccess, lines.count == paths.count else { return nil }
        var hashes: [String] = []
        for (line, path) in zip(lines, paths) {
            let hash = line.prefix { $0 != " " }
            guard hash.utf8.count == 64, hash.allSatisfy(\.isHexDigit),
                line.dropFirst(64).drop(while: { $0 == " " || $0 == "*" }) == path
            else { return nil }
            hashes.append(hash.lowercased())
        }
        return hashes
    }

    private func send(_ bytes: [UInt8], _ operation: String) throws(RemoteError) {
        let session = channel.session
        session.lastHeard = .now
        let buffer = Buffer(bytes)
        while !buffer.isEmpty {
            if let count = unsafe try channel.send(buffer.bytes, operation) {
                buffer.drop(count)
            } else {
                try session.wait(operation, keepingAlive: true)
            }
        }
    }
}

/// A stream that ends with a mark, and after the mark the rest of its line.
private struct MarkedStream {
    private let mark: [UInt8]
    private(set) var bytes: [UInt8] = []
    /// What stood behind the mark, once the whole line has come.
    private(set) var end: String?

    init(mark: String) {
        self.mark = Array(mark.utf8)
    }

    mutating func append(_ more: [UInt8]) {
        bytes += more
        // The marked line is the last thing printed, so it is looked for at the end only.
        guard bytes.last == UInt8(ascii: "\n") else { return }
        let tail = max(0, bytes.count - mark.count - 16)
        for start in tail..<max(tail, bytes.count - mark.count) where bytes[start...].starts(with: mark) {
            let rest = String(decoding: bytes[(start + mark.count)...], as: UTF8.self)
            end = rest.trimmed
            bytes.removeSubrange(start...)
            return
        }
    }
}

extension String {
    /// Without the spaces and line ends around it.
    var trimmed: String {
        let start = drop { $0.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...last])
    }
}
