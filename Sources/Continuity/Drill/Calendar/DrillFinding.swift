// SPDX-License-Identifier: Apache-2.0

/// Something that a drill found and that somebody has to look after.
///
/// It closes in one way only: by a later passed run of the same scenario that does not find it again.
package struct DrillFinding: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case open
        case overdue
        case closed
    }

    /// The run that found it first and its place there, such as `20261124t…/3`.
    package var id: String
    package var scenario: String
    /// One word, such as `missed_target`, `failed` or `late_step`.
    package var kind: String
    package var text: String
    package var foundAt: Moment
    package var owner: String?
    package var dueAt: Moment
    /// Until when the drill that closes it must be held; `nil` where the scenario does not say.
    package var retestBy: Moment?
    /// In how many runs it was found.
    package var times: Int
    package var closedBy: String?
    package var state: State
}

/// All findings of all runs, folded.
package struct DrillFindings: Sendable {
    private let runs: [DrillRun]
    private let rules: [String: After]
    private let plan: Plan?

    /// - Parameters:
    ///   - runs: closed runs in any order.
    ///   - rules: who looks after the findings of a scenario, and by when.
    ///   - plan: whose calendar says when the next drill of a scenario is held.
    package init(_ runs: [DrillRun], rules: [String: After] = [:], plan: Plan? = nil) {
        self.runs = runs.sorted { $0.begunAt < $1.begunAt }
        self.rules = rules
        self.plan = plan
    }

    package func all(at now: Moment) -> [DrillFinding] {
        var findings: [DrillFinding] = []
        for run in runs {
            let keys = Set(run.findings.map(Self.key))
            for (number, text) in zip(1..., run.findings) {
                let open = findings.firstIndex {
                    $0.scenario == run.scenario && $0.closedBy == nil && Self.key($0.text) == Self.key(text)
                }
                if let open {
                    findings[open].times += 1
                } else {
                    findings.append(finding(text, number, run))
                }
            }
            guard run.outcome == .passed else { continue }
            for index in findings.indices
            where findings[index].scenario == run.scenario && findings[index].closedBy == nil
                && !keys.contains(Self.key(findings[index].text))
            {
                findings[index].closedBy = run.run
                findings[index].state = .closed
            }
        }
        for index in findings.indices where findings[index].closedBy == nil {
            let due = min(findings[index].dueAt, findings[index].retestBy ?? findings[index].dueAt)
            if due < now { findings[index].state = .overdue }
        }
        return findings
    }

    private func finding(_ text: String, _ number: Int, _ run: DrillRun) -> DrillFinding {
        let rule = rules[run.scenario] ?? After()
        return DrillFinding(
            id: "\(run.run)/\(number)", scenario: run.scenario,
            kind: String(text.prefix { $0 != ":" }), text: text, foundAt: run.endedAt,
            owner: rule.findingsOwner,
            dueAt: run.endedAt + rule.findingsDue,
            retestBy: rule.retest?.end(for: run.scenario, endedAt: run.endedAt, plan: plan), times: 1,
            closedBy: nil, state: .open)
    }

    /// The kind and its subject without its figures, which change from run to run.
    ///
    /// A figure is a word that begins with a digit; a name such as `step_2` is none.
    private static func key(_ text: String) -> String {
        text.split(separator: ":", maxSplits: 2).prefix(2).joined(separator: ":").split(separator: " ")
            .filter { $0.first?.isNumber == false }.joined(separator: " ")
    }
}

extension Retest {
    /// Until when a scenario must be drilled again; `nil` where the plan's calendar has no cycle for it.
    package func end(for scenario: String, endedAt: Moment, plan: Plan?) -> Moment? {
        switch self {
        case .within(let length): endedAt + length
        case .withinNextCycle: plan.flatMap { DrillCalendar.endOfNextCycle(of: scenario, after: endedAt, $0) }
        }
    }
}

/// A drill that has to be held again to show that its findings are mended.
package struct OwedRedrill: Hashable, Sendable, Codable {
    package var scenario: String
    package var dueAt: Moment
    /// How many findings wait for it.
    package var findings: Int
    package var isLate: Bool

    /// The re-drills that open findings ask for, the earliest first.
    package static func all(of findings: [DrillFinding], at now: Moment) -> [OwedRedrill] {
        let open = findings.filter { $0.state != .closed && $0.retestBy != nil }
        return Dictionary(grouping: open, by: \.scenario).compactMap { scenario, findings in
            findings.compactMap(\.retestBy).min().map {
                OwedRedrill(scenario: scenario, dueAt: $0, findings: findings.count, isLate: $0 < now)
            }
        }.sorted { ($0.dueAt, $0.scenario) < ($1.dueAt, $1.scenario) }
    }
}
