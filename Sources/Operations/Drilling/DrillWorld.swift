// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What a drill must know of everything else before it may begin.
///
/// Each part may be given by whoever keeps it; what cannot be known forbids the start when it is asked for.
package struct DrillWorld: Sendable {
    /// The proven copies of a dataset.
    package var copies: @Sendable (String) throws -> [CopyReceipt]
    /// The consistency time of the newest whole point, verified if asked; `nil` when there is none.
    package var newestBackup: @Sendable (_ dataset: String, _ isVerified: Bool) throws -> Moment?
    /// The open incidents of a service; throws when nobody can say.
    package var openIncidents: @Sendable (String) throws -> [String]
    /// Runs of a service that were opened and not closed.
    package var openRuns: @Sendable (String) -> [String]
    /// Whether enough people have approved exactly this drill.
    package var approvals: @Sendable (ApprovalRule, PreparedDrill, Moment) -> DrillFact.GuardResult

    package init(
        copies: @escaping @Sendable (String) throws -> [CopyReceipt] = { _ in [] },
        newestBackup: @escaping @Sendable (String, Bool) throws -> Moment? = { _, _ in nil },
        openIncidents: @escaping @Sendable (String) throws -> [String] = { service in
            throw OperationError(.failed, "nobody here can say whether \(service) has an open incident")
        },
        openRuns: @escaping @Sendable (String) -> [String] = { _ in [] },
        approvals: @escaping @Sendable (ApprovalRule, PreparedDrill, Moment) -> DrillFact.GuardResult = {
            _, _, _ in
            DrillFact.GuardResult(
                name: "approvals", host: nil, passed: false, detail: "no approvals are kept here")
        }
    ) {
        self.copies = copies
        self.newestBackup = newestBackup
        self.openIncidents = openIncidents
        self.openRuns = openRuns
        self.approvals = approvals
    }
}
