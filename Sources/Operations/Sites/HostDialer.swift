// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import SecureShell

/// Opens sessions to the hosts of a plan.
///
/// `ssh_config`, `known_hosts` and the environment are not read: the plan alone says where a host is and by
/// which key it is recognised.
package struct HostDialer: Sendable {
    package let plan: Plan
    package let workspace: Workspace
    /// How long connecting, key exchange and login may take together.
    package let patience: Duration
    /// The longest silence of a host within one call.
    package let idle: Duration

    /// Connects, checks the host key and logs in.
    ///
    /// `greeted` is told, before the login, about how long a round trip takes.
    ///
    /// - Throws: `RemoteError` that names the host as the plan does, with what to do about it;
    ///   `OperationError` when the plan's entry itself cannot be used.
    package func open(_ host: Host, greeted: (Duration) -> Void = { _ in }) throws -> Session {
        let endpoint = try endpoint(of: host)
        do {
            return try Session(connecting: endpoint, deadline: patience, idle: idle, greeted: greeted)
        } catch {
            throw explained(error, host)
        }
    }
}

// MARK: - From the plan to an address

extension HostDialer {
    /// Where a host is, who we are there, and the key it must show.
    ///
    /// - Throws: `OperationError` for a pin or a jump that cannot be used.
    package func endpoint(of host: Host) throws -> Endpoint {
        try endpoint(of: host, through: [])
    }

    private func endpoint(of host: Host, through followers: [String]) throws -> Endpoint {
        guard !followers.contains(host.id) else {
            throw OperationError(
                .badInput,
                "hosts jump through each other in a circle: \((followers + [host.id]).joined(separator: " -> "))"
            )
        }
        var jump: Endpoint?
        if let name = host.ssh.jump {
            guard let entry = plan.host(name) else {
                throw OperationError(
                    .unknownName, "\(host.id) jumps through \(name), which the plan does not have")
            }
            jump = try endpoint(of: entry, through: followers + [host.id])
        }
        let identity = host.ssh.identity.map { Endpoint.Identity.file(workspace.keyPath($0)) } ?? .agent
        return Endpoint(
            host: host.ssh.host, port: host.ssh.port, user: host.ssh.user, identity: identity,
            hostKey: try pin(of: host), jump: jump)
    }

    private func pin(of host: Host) throws -> HostKeyPin? {
        guard let text = host.hostKey else { return nil }
        do {
            return try HostKeyPin(parsing: text)
        } catch {
            throw OperationError(
                .badInput, "the host key of \(host.id) cannot be used: \(error)",
                hint: "'lifeboat site trust \(host.id)' shows what the host offers")
        }
    }

    /// The same failure with the plan's names and a command to go on with.
    private func explained(_ error: RemoteError, _ host: Host) -> RemoteError {
        let culprit = self.culprit(error, host)
        return RemoteError(
            error.code, operation: error.operation, host: "\(culprit.id) (\(error.host))",
            detail: error.detail, hint: hint(error, culprit))
    }

    /// The host or the one it goes through: the error's label tells them apart.
    private func culprit(_ error: RemoteError, _ host: Host) -> Host {
        var candidate: Host? = host
        while let current = candidate {
            if (try? endpoint(of: current))?.label == error.host { return current }
            candidate = current.ssh.jump.flatMap { plan.host($0) }
        }
        return host
    }

    private func hint(_ error: RemoteError, _ host: Host) -> String? {
        switch error.code {
        case .hostKeyUnknown:
            "run 'lifeboat site trust \(host.id)', compare with the machine's own fingerprint, and pin it"
        case .hostKeyChanged:
            "if the machine was rebuilt, run 'lifeboat site trust \(host.id)'; if not, somebody stands between"
        case .negotiationFailed:
            error.hint ?? "'lifeboat site trust \(host.id)' shows which keys the host offers"
        case .authenticationFailed:
            "is the public half of the key in authorized_keys of \(host.ssh.user) there?"
        case .unreachable, .timedOut:
            error.hint ?? "is \(host.ssh.host) port \(host.ssh.port) right, and open from here?"
        default: error.hint
        }
    }
}
