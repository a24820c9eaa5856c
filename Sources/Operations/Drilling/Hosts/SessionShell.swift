// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import SecureShell

/// A shell over SSH that opens its session when it is first used, and again after the connection was lost.
package final class SessionShell: HostShell {
    package let host: String
    private let open: () throws -> Session
    private let becomes: String?
    private var session: Session?

    /// `becomes`: the program that gives this account the rights of root, such as `sudo`.
    package init(host: String, becomes: String?, open: @escaping () throws -> Session) {
        self.host = host
        self.becomes = becomes
        self.open = open
    }

    deinit {
        session?.disconnect()
    }

    package func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
        let current = try session ?? open()
        session = current
        do {
            // 256 MiB: the hashes of about two million files; a tree's listing is the longest answer.
            let captured = try current.capture(command(script, arguments), input: input, limit: 256 << 20)
            let status: Int =
                switch captured.status {
                case .exited(let status): status
                case .signalled: 255
                }
            return ShellResult(status: status, output: captured.output, error: captured.error)
        } catch {
            // The session's state is not known after an error; the next call begins with a fresh one.
            current.disconnect()
            session = nil
            throw error
        }
    }

    private func command(_ script: String, _ arguments: [String]) -> String {
        let words = ["sh", "-c", script, "lifeboat-drill"] + arguments
        guard let becomes else { return "exec " + shellQuoted(words) }
        // sudo drops the environment; the cut needs to know the connection it must leave alone.
        let outer = #"exec "$0" -n env "SSH_CONNECTION=$SSH_CONNECTION" "$@""#
        return "exec " + shellQuoted(["sh", "-c", outer, becomes] + words)
    }
}

/// Reaches the hosts of a plan over SSH.
package struct SiteReach: HostReaching {
    private let plan: Plan
    private let open: @Sendable (Host) throws -> Session

    /// `open`: opens a session to a host by its address, key and pin.
    package init(plan: Plan, open: @escaping @Sendable (Host) throws -> Session) {
        self.plan = plan
        self.open = open
    }

    package func shell(at name: String) throws -> any HostShell {
        guard let host = plan.host(name) else {
            throw OperationError(.unknownName, "the plan has no host \(name)")
        }
        let open = open
        return SessionShell(host: name, becomes: host.become) { try open(host) }
    }
}
