// SPDX-License-Identifier: Apache-2.0

/// What is made of the run once it is closed.
package struct After: Hashable, Sendable {
    /// The report that is made as soon as the run is closed; `nil` leaves it to `drill report`.
    package var report: DrillReporting?
    /// The roles that rate what they saw.
    package var observers: [String]
    package var observationsWithin: Duration?
    /// Whether each of them owes a rating of every objective, and not of the run alone.
    package var ratesEachObjective: Bool
    /// Who looks after the findings, and by when.
    package var findingsOwner: String?
    package var findingsDue: Duration
    /// The findings that open besides those that keep a run from passing.
    package var findingKinds: Set<FindingKind>
    /// Until when a passed drill must have shown that they are mended; `nil` where nobody said.
    package var retest: Retest?

    package init(
        report: DrillReporting? = nil, observers: [String] = [], observationsWithin: Duration? = nil,
        ratesEachObjective: Bool = false, findingsOwner: String? = nil, findingsDue: Duration = .days(30),
        findingKinds: Set<FindingKind> = FindingKind.usual, retest: Retest? = nil
    ) {
        self.report = report
        self.observers = observers
        self.observationsWithin = observationsWithin
        self.ratesEachObjective = ratesEachObjective
        self.findingsOwner = findingsOwner
        self.findingsDue = findingsDue
        self.findingKinds = findingKinds
        self.retest = retest
    }
}

/// When the drill that closes a run's findings must be held.
package enum Retest: Hashable, Sendable {
    /// So long after the run.
    case within(Duration)
    /// Before the end of the plan's next period for the scenario.
    case withinNextCycle
}

/// What kind a drill's finding is of: the word in front of its text.
package enum FindingKind: String, Hashable, Sendable, Codable, CaseIterable {
    case missedTarget = "missed_target"
    case unproven
    case dataLost = "data_lost"
    case failed
    case timedOut = "timed_out"
    case unknown
    case givenUp = "given_up"
    case notRun = "not_run"
    case notIsolated = "not_isolated"
    case manualOverride = "manual_override"
    case undoFailed = "undo_failed"
    case witness
    case lateStep = "late_step"
    case lateDecision = "late_decision"
    case hintUsed = "hint_used"
    case skippedStep = "skipped_step"
    /// A question that asks for a document was answered without one.
    case noEvidence = "no_evidence"

    /// Those that a scenario may choose not to open; the others open whether it names them or not, since
    /// a run is never reported better than it was.
    package static let optional: Set<FindingKind> = [
        .lateStep, .lateDecision, .hintUsed, .skippedStep, .noEvidence,
    ]

    /// What opens where a scenario says nothing.
    package static let usual: Set<FindingKind> = [.lateStep, .lateDecision, .hintUsed, .skippedStep]
}

/// The report that a run ends with.
package struct DrillReporting: Hashable, Sendable {
    /// A form that a report is written in, beside its canonical JSON, which is always there and signed.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        case json
        case md
        case html
        case junit
        case openmetrics
    }

    /// Where the whole bundle is put besides the workspace's own reports.
    package enum Destination: Hashable, Sendable {
        /// A folder of the controller, such as a mounted share.
        case folder(String)
        /// A folder at a host of the plan.
        case host(String, path: String)

        package var text: String {
            switch self {
            case .folder(let path): path
            case .host(let host, let path): "\(host):\(path)"
            }
        }
    }

    /// What it makes, as a person reads it in a plan.
    package var lines: [String] {
        let names = Form.allCases.filter(forms.contains).map(\.rawValue).joined(separator: ", ")
        return ["a signed report (\(names)) when the run is closed"]
            + destinations.map { "a copy of it to \($0.text)" }
    }

    package var forms: Set<Form>
    package var destinations: [Destination]

    package init(forms: Set<Form> = Set(Form.allCases), destinations: [Destination] = []) {
        self.forms = forms
        self.destinations = destinations
    }
}
