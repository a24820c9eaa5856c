// SPDX-License-Identifier: Apache-2.0

/// The bounds that no step may leave.
package struct Safety: Hashable, Sendable {
    /// What must have been said about the drill, and how long before; `nil` where nobody need be told.
    package var announcement: Announcement?
    /// The only hosts that may be changed; `nil` allows those that the steps name.
    package var hosts: [String]?
    package var maxDuration: Duration
    /// Who must have agreed to the resolved plan before it may begin.
    package var approvals: ApprovalRule?
    /// Datasets of which no copy may expire while the drill runs.
    package var holdsRetention: [String]
    package var stopIf: [StopRule]
    package var requires: [Requirement]

    /// What must be so before the drill begins.
    package enum Requirement: Hashable, Sendable {
        /// Proven copies of a dataset in so many stores, at the sites named or at any.
        case copies(of: String, atLeast: Int, sites: [String])
        /// A whole point of a dataset that is younger than this, with a verified copy when asked.
        case backup(of: String, youngerThan: Duration, isVerified: Bool)
        case noOpenIncident(String)
        /// The hosts' clocks must be known to within this.
        case clockBound(below: Duration, hosts: [String])
        case diskFree(host: String, path: String, atLeast: DiskAmount)
        /// A read-only step that is run before anything is changed.
        case step(String)
    }

    /// A part of a disk, or so many bytes.
    package enum DiskAmount: Hashable, Sendable {
        case share(Double)
        case bytes(Int)
    }

    package struct StopRule: Hashable, Sendable {
        package enum Trigger: Hashable, Sendable {
            case condition(Condition)
            case diskFree(host: String, path: String, below: DiskAmount)
        }

        package var trigger: Trigger
        /// Whether the rule ends with the point of no return.
        package var onlyBeforePivot: Bool
        package var because: String

        package init(_ trigger: Trigger, onlyBeforePivot: Bool = false, because: String) {
            self.trigger = trigger
            self.onlyBeforePivot = onlyBeforePivot
            self.because = because
        }
    }

    /// Four hours: longer than any drill that is worth a working day, short enough for a forgotten one.
    package init(
        announcement: Announcement? = nil, hosts: [String]? = nil, maxDuration: Duration = .hours(4),
        approvals: ApprovalRule? = nil,
        holdsRetention: [String] = [], stopIf: [StopRule] = [], requires: [Requirement] = []
    ) {
        self.announcement = announcement
        self.hosts = hosts
        self.maxDuration = maxDuration
        self.approvals = approvals
        self.holdsRetention = holdsRetention
        self.stopIf = stopIf
        self.requires = requires
    }
}

/// Words that must have gone out before a drill may begin: a notice of maintenance for each of its services.
package struct Announcement: Hashable, Sendable {
    /// How long before the begin that was announced.
    package var before: Duration
    /// Who is told, in the words of those who tell them.
    package var to: [String]
    /// Whether the drill may only begin where the plan's rule takes its outage for maintenance.
    package var countsAsMaintenance: Bool

    package init(before: Duration, to: [String] = [], countsAsMaintenance: Bool = false) {
        self.before = before
        self.to = to
        self.countsAsMaintenance = countsAsMaintenance
    }
}

/// How many must agree, and who counts.
package struct ApprovalRule: Hashable, Sendable {
    package var need: Int
    /// Roles of the scenario.
    package var from: [String]
    package var excludesAuthor: Bool
    /// For so long an approval counts.
    package var valid: Duration

    package init(need: Int, from: [String], excludesAuthor: Bool = false, valid: Duration = .days(7)) {
        self.need = need
        self.from = from
        self.excludesAuthor = excludesAuthor
        self.valid = valid
    }
}
