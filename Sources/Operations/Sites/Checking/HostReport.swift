// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What `site check` found out about one host and the stores on it.
package struct HostReport: Sendable {
    /// One thing that was looked at.
    package struct Line: Hashable, Sendable {
        package enum Level: String, Hashable, Sendable {
            case good
            /// Worth knowing; nothing is wrong.
            case note
            case warning
            case failure
        }

        package let level: Level
        /// Such as `host key` or `clock`.
        package let topic: String
        package let text: String
        package let hint: String?

        package init(_ level: Level, _ topic: String, _ text: String, hint: String? = nil) {
            self.level = level
            self.topic = topic
            self.text = text
            self.hint = hint
        }
    }

    package let host: String
    package let site: String
    package internal(set) var lines: [Line] = []
    package internal(set) var stores: [StoreReport] = []
    /// Why the host could not be used at all.
    package internal(set) var error: OperationError?
    /// The record for the ledger.
    package internal(set) var check: SiteCheck

    /// Whether everything is as the plan says.
    package var isSound: Bool {
        error == nil && !(lines + stores.flatMap(\.lines)).contains { $0.level == .failure }
    }
}

/// What was found out about one store.
package struct StoreReport: Sendable {
    package let store: String
    package internal(set) var lines: [HostReport.Line] = []
    package internal(set) var freeBytes: Int?
    package internal(set) var bytesPerSecondUp: Double?
    package internal(set) var bytesPerSecondDown: Double?
    /// Of a store that the plan calls append-only, in the order in which they were tried.
    package internal(set) var attacks: [VaultAttack] = []

    /// Whether the plan's word `append_only` holds; `nil` for an ordinary store.
    package internal(set) var vault: VaultVerdict?
}

/// Whether a store is the vault that the plan says it is.
package enum VaultVerdict: String, Hashable, Sendable {
    /// Every attack was refused, and the canary is what it was.
    case proven
    /// Some attack succeeded: its account can destroy copies, or do more than store.
    case broken
    /// No attack succeeded, but some could not be tried.
    case unproven
}

/// One attempt to do what a vault must not allow.
package struct VaultAttack: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case refused(String)
        /// It did what it must not do, or would have.
        case succeeded(String)
        /// Nobody can say; why.
        case undecided(String)
    }

    /// What was tried, such as `remove` or `open for writing again`.
    package let name: String
    package let outcome: Outcome

    package init(_ name: String, _ outcome: Outcome) {
        self.name = name
        self.outcome = outcome
    }

    package var hasSucceeded: Bool {
        if case .succeeded = outcome { return true }
        return false
    }
}
