// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import SecureShell
import Synchronization

/// The ways to the hosts of a plan, one ``SessionPool`` a host.
///
/// One connector serves the whole program.
package final class SiteConnector: Sendable {
    package let dialer: HostDialer
    private let pools = Mutex<[String: SessionPool]>([:])
    /// By store: whoever sends to a store shares its rate.
    private let buckets: [String: TokenBucket]

    package init(
        plan: Plan, workspace: Workspace, patience: Duration = .seconds(15), idle: Duration = .seconds(60)
    ) {
        dialer = HostDialer(plan: plan, workspace: workspace, patience: patience, idle: idle)
        buckets = Dictionary(
            plan.stores.compactMap { store in store.bandwidth.map { (store.id, TokenBucket(rate: $0)) } },
            uniquingKeysWith: { first, _ in first })
    }

    package var plan: Plan { dialer.plan }

    /// Opens a session of the caller's own.
    ///
    /// - Throws: as ``HostDialer/open(_:)``.
    package func open(_ host: Host) throws -> Session {
        try dialer.open(host)
    }

    /// The shared sessions of a host; the same pool at each call.
    package func pool(of host: String) throws -> SessionPool {
        guard let entry = plan.host(host) else {
            throw OperationError(.unknownName, "the plan has no host \(host)")
        }
        let fresh = SessionPool(host: host) { [dialer] greeted in try dialer.open(entry, greeted: greeted) }
        return pools.withLock { pools in
            let pool = pools[host] ?? fresh
            pools[host] = pool
            return pool
        }
    }

    /// The store of the plan, reached through its host's pool.
    package func store(_ id: String) throws -> StoreAccess {
        guard let store = plan.store(id) else {
            throw OperationError(.unknownName, "the plan has no store \(id)")
        }
        return StoreAccess(store: store, pool: try pool(of: store.host), bucket: buckets[id])
    }

    /// Closes every idle session and refuses new ones; those in use end when they are given back.
    package func close() {
        let closing = pools.withLock { pools in
            let all = Array(pools.values)
            pools = [:]
            return all
        }
        for pool in closing { pool.close() }
    }
}

extension SiteReach {
    /// Reaches hosts the way the connector does, with a session of its own for each shell.
    package init(_ connector: SiteConnector) {
        self.init(plan: connector.plan) { host in try connector.open(host) }
    }
}
