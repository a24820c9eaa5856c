// SPDX-License-Identifier: Apache-2.0

/// One rehearsed disaster: what is done where, who decides, and when a service counts as restored.
///
/// Places, machines, stores and services are those of the plan and are only named here. Texts may hold
/// `{{name}}`, filled from `vars`, from what earlier steps saved, and from `run.id` and `run.slot`.
package struct Scenario: Hashable, Sendable {
    package var id: String
    package var title: String
    package var exercise: Exercise
    package var mode: DrillMode
    package var isAnnounced: Bool
    /// Who wrote it, and so may not be the one who approves it.
    package var author: String?
    /// How the time of the story goes; `nil` where the story has none of its own.
    package var pace: StoryPace?
    package var services: [String]
    /// What a tabletop is to show.
    package var objectives: [DrillObjective]
    package var variables: [String: String]
    package var secrets: [Secret]
    package var clocks: [ServiceClock]
    package var roles: [Role]
    package var safety: Safety
    package var probes: [Probe]
    package var restoredWhen: [String: Condition]
    package var steps: [Step]
    package var after: After

    package init(
        id: String, title: String, exercise: Exercise, mode: DrillMode, isAnnounced: Bool = true,
        author: String? = nil, pace: StoryPace? = nil, services: [String], objectives: [DrillObjective] = [],
        variables: [String: String] = [:], secrets: [Secret] = [], clocks: [ServiceClock] = [],
        roles: [Role] = [], safety: Safety = Safety(), probes: [Probe] = [],
        restoredWhen: [String: Condition] = [:], steps: [Step], after: After = After()
    ) {
        self.id = id
        self.title = title
        self.exercise = exercise
        self.mode = mode
        self.isAnnounced = isAnnounced
        self.author = author
        self.pace = pace
        self.services = services
        self.objectives = objectives
        self.variables = variables
        self.secrets = secrets
        self.clocks = clocks
        self.roles = roles
        self.safety = safety
        self.probes = probes
        self.restoredWhen = restoredWhen
        self.steps = steps
        self.after = after
    }

    package func step(_ id: String) -> Step? {
        steps.first { $0.id == id }
    }

    package func role(_ id: String) -> Role? {
        roles.first { $0.id == id }
    }

    package func clock(of service: String) -> ServiceClock? {
        clocks.first { $0.service == service }
    }
}

/// When a service's outage begins, and which parts of a real one the drill cannot measure.
package struct ServiceClock: Hashable, Sendable {
    package enum OutageBegin: Hashable, Sendable {
        /// A mark that a step sets: a simulated instant, and said to be so.
        case mark(String)
        /// The first failure a probe sees.
        case probe(String)
    }

    package struct AssumedPart: Hashable, Sendable {
        package var part: String
        package var assume: Duration
        package var because: String

        package init(part: String, assume: Duration, because: String) {
            self.part = part
            self.assume = assume
            self.because = because
        }
    }

    package var service: String
    package var outageBegins: OutageBegin
    package var notMeasured: [AssumedPart]

    package init(service: String, outageBegins: OutageBegin, notMeasured: [AssumedPart] = []) {
        self.service = service
        self.outageBegins = outageBegins
        self.notMeasured = notMeasured
    }
}

/// The stretch of a recovery that a step belongs to.
package enum Phase: String, Hashable, Sendable, Codable, CaseIterable {
    case prepare
    case disrupt
    case detect
    case decide
    case recover
    case validate
    case work
    case protect
    /// The way back: `return` in a scenario.
    case wayBack = "return"
}
