// SPDX-License-Identifier: Apache-2.0

extension DrillFact {
    /// The first record: what is run, on whose word, with which bytes.
    package struct RunOpened: Hashable, Sendable, Codable {
        package var scenario: String
        package var title: String
        package var exercise: Exercise
        package var mode: DrillMode
        package var services: [String]
        /// Over scenario, plan, inventory, scripts, answers and tool version together; printed on the report.
        package var approvedSha256: String
        package var scenarioSha256: String
        package var planSha256: String
        package var toolVersion: String
        package var isAnnounced: Bool
        /// Where the controller stands, when the plan says so.
        package var orchestratorSite: String?

        package init(
            scenario: String, title: String, exercise: Exercise, mode: DrillMode, services: [String],
            approvedSha256: String, scenarioSha256: String, planSha256: String, toolVersion: String,
            isAnnounced: Bool, orchestratorSite: String?
        ) {
            self.scenario = scenario
            self.title = title
            self.exercise = exercise
            self.mode = mode
            self.services = services
            self.approvedSha256 = approvedSha256
            self.scenarioSha256 = scenarioSha256
            self.planSha256 = planSha256
            self.toolVersion = toolVersion
            self.isAnnounced = isAnnounced
            self.orchestratorSite = orchestratorSite
        }
    }

    /// One exchange of times with a host: asked, answered there, received, on both monotonic clocks.
    package struct ClockSample: Hashable, Sendable, Codable {
        package var host: String
        /// The controller's clock before and after, in nanoseconds since its boot.
        package var askedNs: Int64
        package var receivedNs: Int64
        /// The host's clock, cut to its resolution.
        package var hostNs: Int64
        package var resolutionNs: Int64
        package var hostUtc: Moment
        package var hostBootId: String

        package init(
            host: String, askedNs: Int64, receivedNs: Int64, hostNs: Int64, resolutionNs: Int64,
            hostUtc: Moment, hostBootId: String
        ) {
            self.host = host
            self.askedNs = askedNs
            self.receivedNs = receivedNs
            self.hostNs = hostNs
            self.resolutionNs = resolutionNs
            self.hostUtc = hostUtc
            self.hostBootId = hostBootId
        }
    }

    /// What a guard found before something was done.
    package struct GuardResult: Hashable, Sendable, Codable {
        package var name: String
        package var host: String?
        package var passed: Bool
        package var detail: String
        /// What a cut has proven, for the guard ``Isolation/guardName``.
        package var isolation: Isolation?

        package init(
            name: String, host: String?, passed: Bool, detail: String, isolation: Isolation? = nil
        ) {
            self.name = name
            self.host = host
            self.passed = passed
            self.detail = detail
            self.isolation = isolation
        }
    }

    /// What passed between a host and a site that counts as dead, by the counters of the cut itself.
    ///
    /// Read after the recovery and before the cut is healed, so it speaks of all the time between.
    package struct Isolation: Hashable, Sendable, Codable {
        package static let guardName = "dead_site_not_used"

        package enum Kind: String, Hashable, Sendable, Codable {
            /// The host stands in a network namespace of its own.
            case netns
            /// Only its addresses are cut off.
            case address
        }

        package var step: String
        package var host: String
        package var site: String
        package var kind: Kind
        /// Packets to or from the site that the cut has dropped.
        package var dropped: Int
        /// Packets to or from the site that it let through, for the controller's own connection.
        package var passed: Int
        /// Whether the rules are those that were set, rule by rule.
        package var isWhole: Bool

        package init(
            step: String, host: String, site: String, kind: Kind, dropped: Int, passed: Int, isWhole: Bool
        ) {
            self.step = step
            self.host = host
            self.site = site
            self.kind = kind
            self.dropped = dropped
            self.passed = passed
            self.isWhole = isWhole
        }

        /// Whether nothing of the site was used.
        package var isProven: Bool { isWhole && passed == 0 }
    }

    /// A stretch of one prober's samples that now lies with the run; the hash binds the file to the journal.
    package struct ProbeBatch: Hashable, Sendable, Codable {
        package var probe: String
        package var host: String
        package var file: String
        package var samples: Int
        package var bytes: Int
        package var sha256: String
        package var isComplete: Bool

        package init(
            probe: String, host: String, file: String, samples: Int, bytes: Int, sha256: String,
            isComplete: Bool
        ) {
            self.probe = probe
            self.host = host
            self.file = file
            self.samples = samples
            self.bytes = bytes
            self.sha256 = sha256
            self.isComplete = isComplete
        }
    }

    /// A sentence for the log: a note, why the run is held, why it goes on.
    package struct Reason: Hashable, Sendable, Codable {
        package var text: String
        package var person: String?

        package init(text: String, person: String? = nil) {
            self.text = text
            self.person = person
        }
    }

    /// What an earlier record should have said.
    package struct Correction: Hashable, Sendable, Codable {
        package var of: Int
        package var person: String
        package var text: String

        package init(of: Int, person: String, text: String) {
            self.of = of
            self.person = person
            self.text = text
        }
    }

    /// Why no further step begins.
    package struct Stop: Hashable, Sendable, Codable {
        package enum Cause: String, Hashable, Sendable, Codable {
            /// Every step has ended.
            case completed
            /// A critical step did not pass.
            case failed
            /// Somebody asked for it.
            case aborted
            /// A rule of `safety:` said so.
            case guarded
            /// A real incident took its place.
            case real
        }

        package var cause: Cause
        package var text: String

        package init(cause: Cause, text: String) {
            self.cause = cause
            self.text = text
        }
    }

    /// The last record.
    package struct RunClosed: Hashable, Sendable, Codable {
        package var outcome: DrillOutcome
        package var aftermath: Aftermath
        package var leftovers: [String]

        package init(outcome: DrillOutcome, aftermath: Aftermath, leftovers: [String]) {
            self.outcome = outcome
            self.aftermath = aftermath
            self.leftovers = leftovers
        }
    }
}
