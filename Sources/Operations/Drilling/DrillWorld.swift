// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What a drill must know of everything else before it may begin.
///
/// Each part may be given by whoever keeps it; what cannot be known forbids the start when it is asked for.
package struct DrillWorld: Sendable {
    /// Every point and copy that is known, with what was found wrong with them.
    package var book: @Sendable () throws -> CopyBook
    /// The open incidents of a service; throws when nobody can say.
    package var openIncidents: @Sendable (String) throws -> [String]
    /// The notices of maintenance that were given and not taken back; throws when nobody can say.
    package var notices: @Sendable () throws -> [MaintenanceNotice]
    /// Runs of a service that were opened and not closed.
    package var openRuns: @Sendable (String) -> [String]
    /// Whether enough people have approved exactly this drill.
    package var approvals: @Sendable (ApprovalRule, PreparedDrill, Moment) -> DrillFact.GuardResult

    package init(
        book: @escaping @Sendable () throws -> CopyBook = { CopyBook() },
        openIncidents: @escaping @Sendable (String) throws -> [String] = { service in
            throw OperationError(.failed, "nobody here can say whether \(service) has an open incident")
        },
        notices: @escaping @Sendable () throws -> [MaintenanceNotice] = { [] },
        openRuns: @escaping @Sendable (String) -> [String] = { _ in [] },
        approvals: @escaping @Sendable (ApprovalRule, PreparedDrill, Moment) -> DrillFact.GuardResult = {
            _, _, _ in
            DrillFact.GuardResult(
                name: "approvals", host: nil, passed: false, detail: "no approvals are kept here")
        }
    ) {
        self.book = book
        self.openIncidents = openIncidents
        self.notices = notices
        self.openRuns = openRuns
        self.approvals = approvals
    }
}
