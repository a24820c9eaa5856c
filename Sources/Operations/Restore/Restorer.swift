// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// What is to be restored, from where, to where.
package struct RestoreRequest: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        /// A folder of this machine.
        case folder(String)
        /// A folder at a host of the plan, unpacked by that host's own tar.
        case host(String, folder: String)
    }

    package var dataset: String
    /// Paths below the dataset's root; empty for everything.
    package var paths: [String]
    package var target: Target
    /// The newest point not later than this; `nil` for the newest.
    package var at: Moment?
    /// A point by its name; wins over `at`.
    package var point: String?
    /// A store or a site of the plan; `nil` for the best.
    package var from: String?
    /// Whether owners, setuid bits, capabilities and devices are left out though the signer is known.
    package var isUntrusted: Bool

    package init(
        dataset: String, paths: [String] = [], to target: Target, at: Moment? = nil, point: String? = nil,
        from: String? = nil, isUntrusted: Bool = false
    ) {
        self.dataset = dataset
        self.paths = paths
        self.target = target
        self.at = at
        self.point = point
        self.from = from
        self.isUntrusted = isUntrusted
    }
}

/// What a restore would take.
package struct RestoreEstimate: Hashable, Sendable, Codable {
    package var dataset: String
    package var point: String
    package var consistencyAt: Moment
    package var store: String
    package var site: String
    /// The points to be read, the full one first.
    package var chain: [String]
    package var members: Int
    /// Bytes to be written at the target.
    package var bytes: Int
    /// Bytes to be fetched from the store, at most.
    package var bytesFetched: Int
    /// From the rate that `site check` measured; `nil` when nobody has.
    package var seconds: Double?
    package var isTrusted: Bool

    package init(
        dataset: String, point: String, consistencyAt: Moment, store: String, site: String, chain: [String],
        members: Int, bytes: Int, bytesFetched: Int, seconds: Double?, isTrusted: Bool
    ) {
        self.dataset = dataset
        self.point = point
        self.consistencyAt = consistencyAt
        self.store = store
        self.site = site
        self.chain = chain
        self.members = members
        self.bytes = bytes
        self.bytesFetched = bytesFetched
        self.seconds = seconds
        self.isTrusted = isTrusted
    }
}

/// Brings a point, or some paths of it, back.
package struct Restorer: Sendable {
    let workspace: Workspace
    let plan: Plan
    let ledger: Ledger
    let time: TimeSource

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.workspace = workspace
        self.plan = plan
        self.ledger = ledger
        self.time = time
    }

    /// What the restore would read and write; changes nothing.
    package func estimate(_ request: RestoreRequest) throws -> RestoreEstimate {
        throw OperationError(.failed, "restore is not built yet")
    }

    /// Restores into an empty folder, every member compared with the index.
    ///
    /// - Throws: `OperationError` with `.refused` when the target is not empty, `.unreachable` when no store
    ///   that holds the point answers, `.damaged` when what came back is not what was written.
    package func restore(_ request: RestoreRequest, supervision: Supervision = Supervision()) throws
        -> RestoreRun
    {
        throw OperationError(.failed, "restore is not built yet")
    }
}
