// SPDX-License-Identifier: Apache-2.0

/// How to reach and recognise one account on one host.
package struct Endpoint: Hashable, Sendable {
    /// With what the account is proven to be ours.
    package enum Identity: Hashable, Sendable {
        /// A private key file without a passphrase, readable by its owner alone.
        case file(String)
        /// The keys in the agent behind `SSH_AUTH_SOCK`.
        case agent
    }

    package var host: String
    package var port: Int
    package var user: String
    package var identity: Identity
    /// The key the host must show; without one every connection is refused.
    package var hostKey: HostKeyPin?
    /// Holds at most one endpoint: a struct cannot contain itself.
    private var through: [Endpoint]

    package init(
        host: String, port: Int = 22, user: String, identity: Identity, hostKey: HostKeyPin?,
        jump: Endpoint? = nil
    ) {
        self.host = host
        self.port = port
        self.user = user
        self.identity = identity
        self.hostKey = hostKey
        through = jump.map { [$0] } ?? []
    }

    /// The host that forwards the connection, when there is no direct way.
    package var jump: Endpoint? {
        get { through.first }
        set { through = newValue.map { [$0] } ?? [] }
    }

    /// `host:port`, as errors name it.
    package var label: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
