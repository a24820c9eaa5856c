// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import SecureShell

/// Has the server listen on a unix socket in the store, as `ssh -R /path:…` does.
///
/// libssh2 cannot send this request, so OpenSSH's own client does, where it is installed; it is told everything and
/// reads no configuration.
struct ListeningSocketAttack {
    let dialer: HostDialer
    let host: Continuity.Host
    let store: Store

    func perform() -> VaultAttack.Outcome {
        let program = "/usr/bin/ssh"
        guard access(program, X_OK) == 0 else { return .undecided("there is no \(program) to try it with") }
        guard host.ssh.jump == nil else { return .undecided("it is not tried through a jump host") }
        do {
            return try attempt(program)
        } catch {
            return .undecided(OperationError(describing: error).detail)
        }
    }

    private func attempt(_ program: String) throws -> VaultAttack.Outcome {
        let session = try dialer.open(host)
        defer { session.disconnect() }
        guard let key = session.hostKeyLine, let type = key.split(separator: " ").first else {
            return .undecided("the host key is not known")
        }
        let known = NSTemporaryDirectory() + "/lifeboat-known-\(UUID().uuidString)"
        try Data("[\(host.ssh.host)]:\(host.ssh.port) \(key)\n\(host.ssh.host) \(key)\n".utf8)
            .write(to: URL(fileURLWithPath: known))
        defer { unlink(known) }
        var options = [
            "BatchMode=yes", "UserKnownHostsFile=\(known)", "GlobalKnownHostsFile=/dev/null",
            "StrictHostKeyChecking=yes", "HostKeyAlgorithms=\(type)", "ExitOnForwardFailure=yes",
            "ConnectTimeout=10",
            "ControlPath=none",
        ]
        if let identity = host.ssh.identity {
            options += ["IdentitiesOnly=yes", "IdentityFile=\(dialer.workspace.keyPath(identity))"]
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        var words = ["-F", "none", "-p", "\(host.ssh.port)", "-N"]
        for option in options { words += ["-o", option] }
        words += ["-R", "\(store.path)/canary.sock:127.0.0.1:9", "\(host.ssh.user)@\(host.ssh.host)"]
        process.arguments = words
        let errors = Pipe()
        (process.standardInput, process.standardOutput, process.standardError) = (
            FileHandle.nullDevice, FileHandle.nullDevice, errors
        )
        try process.run()
        return watch(process, errors)
    }

    /// A refusal ends the program; one that stays has what it asked for.
    private func watch(_ process: Process, _ errors: Pipe) -> VaultAttack.Outcome {
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        // The handler may have been set too late to be called.
        if process.isRunning, ended.wait(timeout: .now() + 10) == .timedOut, process.isRunning {
            // It may have inherited that the gentler signal is blocked, and then would stay for ever.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            return .succeeded("it listens at \(store.path)/canary.sock")
        }
        process.waitUntilExit()
        let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let line =
            words.split(separator: "\n").last.map { String($0.filter { !$0.isNewline }) } ?? "no reason given"
        return words.contains("forwarding failed") ? .refused(line) : .undecided(line)
    }
}
