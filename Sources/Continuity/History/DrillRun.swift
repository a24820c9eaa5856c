// SPDX-License-Identifier: Apache-2.0

/// The standard's seven kinds of exercise, in their order.
package enum Exercise: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case deskCheck = "desk_check"
    case walkthrough
    case tabletop
    case sandTable = "sand_table"
    case simulation
    case partial
    case full

    package static func < (left: Exercise, right: Exercise) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        Self.allCases.firstIndex(of: self) ?? 0
    }
}

/// Where a scenario runs.
package enum DrillMode: String, Hashable, Sendable, Codable, CaseIterable {
    case talk
    case rehearse
    case sandbox
    case live
}

/// How strong a number's evidence is, from none to an unannounced live switch (measurement.md).
package enum EvidenceClass: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    case none = "E0"
    case talk = "E1"
    case readiness = "E2"
    case componentRestore = "E3"
    case isolatedRecovery = "E4"
    case announcedSwitch = "E5"
    case unannouncedSwitch = "E6"

    package static func < (left: EvidenceClass, right: EvidenceClass) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Whether a measured value satisfies its objective.
///
/// Unproven never counts as met.
package enum MetricVerdict: String, Hashable, Sendable, Codable, CaseIterable {
    case met
    case missed
    case unproven
}

/// What a drill run came to.
///
/// "Completed" is not a verdict.
package enum DrillOutcome: String, Hashable, Sendable, Codable, CaseIterable {
    case passed
    case failed
    case incomplete
    case aborted
}

/// How the drill left its hosts.
package enum Aftermath: String, Hashable, Sendable, Codable {
    case clean
    case leftovers
}

/// The recovery of one service as a run measured it.
package struct ServiceRecovery: Hashable, Sendable, Codable {
    package var service: String
    package var dataset: String?
    /// Outage begin to valid service, on one observer's monotonic clock.
    ///
    /// `nil` when it could not be measured.
    package var recoveryTime: Span?
    package var recoveryTimeObjective: Double?
    package var recoveryTimeVerdict: MetricVerdict
    /// Outage begin back to the newest recovered record, on the writer's clock.
    package var recoveryPoint: Span?
    package var recoveryPointObjective: Double?
    package var recoveryPointVerdict: MetricVerdict
    /// Acknowledged canary records that were not recovered.
    ///
    /// `nil` when unknown.
    package var lostRecords: Int?
    /// Why a verdict is unproven or missed.
    package var reasons: [String]
    package var disasterAt: MomentRange?
    package var recoveredPointAt: Moment?
    package var serviceVerifiedAt: MomentRange?
    package var evidence: EvidenceClass
    /// Parts of the recovery time: detect, decide, recover, validate.
    package var parts: [RecoveryPart]

    package init(
        service: String, dataset: String?, recoveryTime: Span?, recoveryTimeObjective: Duration?,
        recoveryTimeVerdict: MetricVerdict, recoveryPoint: Span?, recoveryPointObjective: Duration?,
        recoveryPointVerdict: MetricVerdict, lostRecords: Int?, reasons: [String], disasterAt: MomentRange?,
        recoveredPointAt: Moment?, serviceVerifiedAt: MomentRange?, evidence: EvidenceClass,
        parts: [RecoveryPart]
    ) {
        self.service = service
        self.dataset = dataset
        self.recoveryTime = recoveryTime
        self.recoveryTimeObjective = recoveryTimeObjective?.inSeconds
        self.recoveryTimeVerdict = recoveryTimeVerdict
        self.recoveryPoint = recoveryPoint
        self.recoveryPointObjective = recoveryPointObjective?.inSeconds
        self.recoveryPointVerdict = recoveryPointVerdict
        self.lostRecords = lostRecords
        self.reasons = reasons
        self.disasterAt = disasterAt
        self.recoveredPointAt = recoveredPointAt
        self.serviceVerifiedAt = serviceVerifiedAt
        self.evidence = evidence
        self.parts = parts
    }
}

/// One part of the recovery time.
package struct RecoveryPart: Hashable, Sendable, Codable {
    /// `detect`, `decide`, `recover`, `validate`, or the name of a part that the scenario lists as not measured.
    package var name: String
    package var span: Span
    /// Whether the length was assumed by the scenario, not measured.
    package var isAssumed: Bool
    package var because: String?

    package init(name: String, span: Span, isAssumed: Bool, because: String? = nil) {
        self.name = name
        self.span = span
        self.isAssumed = isAssumed
        self.because = because
    }
}

/// A closed drill run: the part of its journal that history keeps.
package struct DrillRun: Hashable, Sendable, Codable {
    package var run: String
    package var scenario: String
    package var title: String
    package var exercise: Exercise
    package var mode: DrillMode
    package var isAnnounced: Bool
    package var begunAt: Moment
    package var endedAt: Moment
    package var outcome: DrillOutcome
    package var aftermath: Aftermath
    package var services: [ServiceRecovery]
    package var participants: [Participant]
    package var findings: [String]
    /// SHA-256 of scenario, resolved inventory and plan together, in hex.
    package var approvedSha256: String
    /// The journal's last record: how many records, and the hash of the last.
    package var journalRecords: Int
    package var journalSha256: String
    /// When the after-action report was written; `nil` until then.
    package var reportedAt: Moment?
    /// What was done, in the order in which it began; `nil` in runs of older programs, of which nobody knows.
    package var steps: [StepRun]?

    /// One step that was begun.
    package struct StepRun: Hashable, Sendable, Codable {
        package var step: String
        /// Such as `restore`, `fault` or `human`.
        package var verb: String
        /// The phase of the scenario it belongs to.
        package var phase: String
        /// Where it acted; empty for what happens in the controller.
        package var hosts: [String]
        /// What a restore brought back; `nil` for every other verb.
        package var dataset: String?
        package var begunAt: Moment
        /// `nil` when it never ended.
        package var endedAt: Moment?
        package var result: String?

        package init(
            step: String, verb: String, phase: String, hosts: [String], dataset: String? = nil,
            begunAt: Moment,
            endedAt: Moment?, result: String?
        ) {
            self.step = step
            self.verb = verb
            self.phase = phase
            self.hosts = hosts
            self.dataset = dataset
            self.begunAt = begunAt
            self.endedAt = endedAt
            self.result = result
        }
    }

    package struct Participant: Hashable, Sendable, Codable {
        package var person: String
        package var role: String
        /// `present`, or `file` when the answers came from a file and are no evidence about people.
        package var answeredBy: String

        package init(person: String, role: String, answeredBy: String) {
            self.person = person
            self.role = role
            self.answeredBy = answeredBy
        }
    }

    package init(
        run: String, scenario: String, title: String, exercise: Exercise, mode: DrillMode, isAnnounced: Bool,
        begunAt: Moment, endedAt: Moment, outcome: DrillOutcome, aftermath: Aftermath,
        services: [ServiceRecovery],
        participants: [Participant], findings: [String], approvedSha256: String, journalRecords: Int,
        journalSha256: String, reportedAt: Moment? = nil, steps: [StepRun]? = nil
    ) {
        self.run = run
        self.scenario = scenario
        self.title = title
        self.exercise = exercise
        self.mode = mode
        self.isAnnounced = isAnnounced
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.aftermath = aftermath
        self.services = services
        self.participants = participants
        self.findings = findings
        self.approvedSha256 = approvedSha256
        self.journalRecords = journalRecords
        self.journalSha256 = journalSha256
        self.reportedAt = reportedAt
        self.steps = steps
    }
}
