// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// The report of one drill run, in the order of drills.md.
///
/// A pure function of the run's evidence and of the plan (`AfterActionSource`): the same journal always gives
/// the same report. Its canonical JSON is the report.
package struct AfterAction: Hashable, Sendable, Codable {
    /// The version of this value's JSON.
    package static let format = "lifeboat-after-action-1"

    package var format: String
    package var organisation: String
    package var workspace: String
    package var zone: String
    package var language: ReportLanguage
    package var generatedAt: Moment
    package var run: DrillRun
    package var opened: DrillFact.RunOpened
    package var stopped: DrillFact.Stop?
    package var services: [ServicePart]
    package var timeline: Timeline
    package var validation: [ValidationRow]
    package var activity: [ActivityRow]
    package var deviations: [Deviation]
    package var objectives: [ObjectiveRating]
    package var strengths: [String]
    package var areas: [String]
    package var improvements: [Improvement]
    package var method: [MethodRow]
    package var undos: [UndoRow]
    package var leftovers: [String]
    package var guards: [DrillFact.GuardResult]
    package var probeFiles: [DrillFact.ProbeBatch]
    /// The last run of the same scenario before this one; `nil` when there is none.
    package var previous: DrillRun?
    /// The event that keeps the run in the ledger; `nil` when it was not entered yet.
    package var ledgerEvent: Int?

    /// What the run found out about one service.
    package struct ServicePart: Hashable, Sendable, Codable {
        package var recovery: ServiceRecovery
        package var owner: String?
        package var minimumService: String?
        package var figures: [Figure]
        package var tolerableSeconds: Double?
        package var loss: DataLoss?
        package var restored: [DrillFact.Restored]
        package var trees: [DrillFact.TreeVerified]
        package var writes: [DrillFact.WritesRead]
    }

    /// What came back of a canary, and what did not.
    package struct DataLoss: Hashable, Sendable, Codable {
        package var canary: String
        package var read: DrillFact.CanaryRead
        package var lastRecovered: CanaryRecord?
        package var firstLost: CanaryRecord?
        package var lastLost: CanaryRecord?
        /// `nil` = unknown.
        package var lostRecords: Int?
        package var acknowledged: Int
    }

    /// A row of the standard's validation table.
    package struct ValidationRow: Hashable, Sendable, Codable {
        package var step: String
        package var phase: Phase
        package var procedure: String
        package var expected: String
        package var actual: String
        /// `nil` = it was not run.
        package var successful: DrillFact.Result?
        package var by: String
        package var isCritical: Bool
        package var lengthSeconds: Double?
        package var journal: EventTrace
    }

    /// One line of the activity log.
    package struct ActivityRow: Hashable, Sendable, Codable {
        package var record: Int
        package var at: Moment
        package var kind: DrillFact.Kind
        package var step: String?
        package var text: String
        package var person: String?
    }

    /// Something that did not go as written.
    package struct Deviation: Hashable, Sendable, Codable {
        package enum Kind: String, Hashable, Sendable, Codable {
            case hold
            case skipped
            case notRun = "not_run"
            case failed
            case late
            case correction
            case controllerAway = "controller_away"
            case unauthenticated
            case preparedAnswer = "prepared_answer"
            case guardFailed = "guard_failed"
            /// People let the run go on although a step had failed.
            case waived
        }

        package var kind: Kind
        package var step: String?
        package var text: String
        package var lengthSeconds: Double?
        package var journal: EventTrace
    }

    /// How well an objective was performed, by HSEEP's letters.
    package struct ObjectiveRating: Hashable, Sendable, Codable {
        package typealias Rating = PerformanceRating

        package var objective: String
        /// `nil` = nobody can say.
        package var rating: Rating?
        package var because: String
        /// The evaluator who said so; `nil` when it follows from the record alone.
        package var ratedBy: String?
    }

    /// What is to be made better, by whom and until when.
    package struct Improvement: Hashable, Sendable, Codable {
        package var finding: String
        package var action: String
        /// `nil` = nobody yet, which the report says.
        package var owner: String?
        package var dueAt: Moment?
        package var redrill: String
        /// Until when it must be drilled again; `nil` where the scenario does not say.
        package var redrillBy: Moment?
    }

    /// How a number was come by, and how far it may be off.
    package struct MethodRow: Hashable, Sendable, Codable {
        package var name: String
        package var value: String
        package var note: String
    }

    /// How one step was taken back.
    package struct UndoRow: Hashable, Sendable, Codable {
        package enum State: String, Hashable, Sendable, Codable {
            case done
            case failed
            case owed
        }

        package var step: String
        package var what: String
        package var host: String?
        package var state: State
        package var detail: String
        package var journal: EventTrace
    }
}
