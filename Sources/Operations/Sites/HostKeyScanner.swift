// SPDX-License-Identifier: Apache-2.0
package import Continuity
import SecureShell

/// Asks hosts for the keys they present, without a login and without trusting them.
package struct HostKeyScanner: Sendable {
    private let dialer: HostDialer

    package init(plan: Plan, workspace: Workspace) {
        dialer = HostDialer(plan: plan, workspace: workspace, patience: .seconds(15), idle: .seconds(60))
    }

    /// What a host has shown, beside what the plan pins.
    package struct Shown: Hashable, Sendable, Codable {
        package enum State: String, Hashable, Sendable, Codable, CaseIterable {
            case pinned
            case unknown
            case changed
        }

        package var host: String
        /// `ssh-ed25519 SHA256:…`, as the plan's `host_key` wants it.
        package var shown: String
        package var pinned: String?
        package var state: State
    }

    /// - Throws: `OperationError` for a host the plan does not know, `RemoteError` when it does not answer.
    package func scan(_ name: String) throws -> Shown {
        guard let host = dialer.plan.host(name) else {
            throw OperationError(
                .unknownName, "the plan has no host \(name)",
                hint: Spelling.suggestion(for: name, among: dialer.plan.hosts.map(\.id)))
        }
        let endpoint = try dialer.endpoint(of: host)
        let pins = try HostKey.scan(
            endpoint.host, port: endpoint.port, jump: endpoint.jump, deadline: dialer.patience)
        // The key of the pinned type is the one to compare; without a pin the preferred type is shown.
        let type = host.hostKey?.split(separator: " ").first.map(String.init)
        let pin = pins.first { $0.type == type } ?? pins[0]
        let state: Shown.State = host.hostKey.map { $0 == pin.text ? .pinned : .changed } ?? .unknown
        return Shown(host: name, shown: pin.text, pinned: host.hostKey, state: state)
    }
}
