// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// What became of one copy that was to be made or made good.
package struct HealResult: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case healed
        case failed
    }

    package var dataset: String
    package var point: String
    package var store: String
    /// The store the bytes came from.
    package var source: String?
    package var state: State
    package var bytes: Int
    package var detail: String?

    package init(
        dataset: String, point: String, store: String, source: String?, state: State, bytes: Int,
        detail: String? = nil
    ) {
        self.dataset = dataset
        self.point = point
        self.store = store
        self.source = source
        self.state = state
        self.bytes = bytes
        self.detail = detail
    }
}

/// Brings stores that lag, or hold something broken, back to what the plan asks for.
///
/// Bytes come as ciphertext from another store that has proven them, never from the source, which has moved on.
package struct Healer: Sendable {
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

    /// Heals every copy that is missing, corrupt or lost, of all datasets or one; one failure keeps nothing else back.
    package func heal(dataset: String? = nil, supervision: Supervision = Supervision()) throws -> [HealResult]
    {
        throw OperationError(.failed, "healing is not built yet")
    }
}
