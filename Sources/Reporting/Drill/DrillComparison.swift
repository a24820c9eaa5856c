// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Two runs side by side, number by number: what `drill diff` prints.
package struct DrillComparison: Hashable, Sendable, Codable {
    package struct Row: Hashable, Sendable, Codable {
        package var service: String
        package var kind: Figure.Kind
        package var before: Span?
        package var after: Span?
        /// `nil` = the service was not in that run.
        package var verdictBefore: MetricVerdict?
        package var verdictAfter: MetricVerdict?

        /// Whether the later interval lies wholly below the earlier one; `nil` = they overlap, or one is unknown.
        package var isShorter: Bool? {
            guard let before, let after else { return nil }
            if let upper = after.upper, upper < before.lower { return true }
            if let upper = before.upper, after.lower > upper { return false }
            return nil
        }
    }

    package var before: String
    package var after: String
    package var outcomeBefore: DrillOutcome
    package var outcomeAfter: DrillOutcome
    package var rows: [Row]
    package var closedFindings: [String]
    package var newFindings: [String]

    package init(before: DrillRun, after: DrillRun) {
        self.before = before.run
        self.after = after.run
        outcomeBefore = before.outcome
        outcomeAfter = after.outcome
        let names = (before.services + after.services).map(\.service)
        var seen: Set<String> = []
        rows = names.filter { seen.insert($0).inserted }.flatMap { name in
            let old = before.services.first { $0.service == name }
            let new = after.services.first { $0.service == name }
            return [
                Row(
                    service: name, kind: .recoveryTime, before: old?.recoveryTime, after: new?.recoveryTime,
                    verdictBefore: old?.recoveryTimeVerdict, verdictAfter: new?.recoveryTimeVerdict),
                Row(
                    service: name, kind: .recoveryPoint, before: old?.recoveryPoint,
                    after: new?.recoveryPoint, verdictBefore: old?.recoveryPointVerdict,
                    verdictAfter: new?.recoveryPointVerdict),
            ]
        }
        closedFindings = before.findings.filter { !after.findings.contains($0) }
        newFindings = after.findings.filter { !before.findings.contains($0) }
    }
}
