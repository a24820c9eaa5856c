// SPDX-License-Identifier: Apache-2.0

/// What people keep books on and no program sees: documents, trainings, actions, duty and reference readings.
///
/// A later event of the same id replaces it.
/// Exactly one of the parts is there.
package struct RegisterEntry: Hashable, Sendable, Codable {
    package var id: String
    package var document: Document?
    package var training: Training?
    package var action: ImprovementAction?
    package var duty: DutyShift?
    package var reading: ReferenceReading?
    /// Who entered it; `nil` when nobody said.
    package var person: String?
    package var withdrawnAt: Moment?
    /// The import it came with; `nil` when it was entered here.
    package var batch: String?

    package init(
        id: String, document: Document? = nil, training: Training? = nil, action: ImprovementAction? = nil,
        duty: DutyShift? = nil, reading: ReferenceReading? = nil, person: String? = nil,
        withdrawnAt: Moment? = nil, batch: String? = nil
    ) {
        self.id = id
        self.document = document
        self.training = training
        self.action = action
        self.duty = duty
        self.reading = reading
        self.person = person
        self.withdrawnAt = withdrawnAt
        self.batch = batch
    }

    /// The name of the part that is there.
    package var kind: String {
        if document != nil { return "document" }
        if training != nil { return "training" }
        if action != nil { return "action" }
        if duty != nil { return "duty" }
        return reading != nil ? "reading" : "nothing"
    }

    /// Why it cannot be true; empty when it can.
    package func problems(at now: Moment) -> [String] {
        var problems: [String] = []
        let parts: [Any?] = [document, training, action, duty, reading]
        if parts.filter({ $0 != nil }).count != 1 { problems.append("says not exactly one thing") }
        if let document, let approved = document.approvedAt, approved > now {
            problems.append("a document that is approved in time to come")
        }
        if let training, training.at > now { problems.append("a training that is yet to come") }
        if let action, let closed = action.closedAt, closed < action.openedAt {
            problems.append("an action that was closed before it was opened")
        }
        if let duty, duty.endedAt <= duty.begunAt { problems.append("a shift that ends before it begins") }
        if let reading, reading.reference == 0 { problems.append("a reading whose reference is nothing") }
        return problems
    }
}

/// A plan or paper that was approved.
package struct Document: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case contingencyPlan = "contingency_plan"
        case recoveryPlan = "recovery_plan"
        case continuityPlan = "continuity_plan"
        case policy
        case report
    }

    package var kind: Kind
    package var title: String
    package var version: String?
    package var location: String?
    /// SHA-256 of its bytes, in hex.
    package var sha256: String?
    package var approvedAt: Moment?
    package var approvedBy: String?
    package var reviewDueAt: Moment?
    /// Scenarios of the plan's catalogue that it covers.
    package var scenarios: [String]
    package var services: [String]

    package init(
        kind: Kind, title: String, version: String? = nil, location: String? = nil, sha256: String? = nil,
        approvedAt: Moment? = nil, approvedBy: String? = nil, reviewDueAt: Moment? = nil,
        scenarios: [String] = [], services: [String] = []
    ) {
        self.kind = kind
        self.title = title
        self.version = version
        self.location = location
        self.sha256 = sha256
        self.approvedAt = approvedAt
        self.approvedBy = approvedBy
        self.reviewDueAt = reviewDueAt
        self.scenarios = scenarios
        self.services = services
    }

    /// Whether it was approved and is not overdue for its review.
    package func isValid(at moment: Moment) -> Bool {
        approvedAt.map { $0 <= moment } ?? false && reviewDueAt.map { $0 > moment } ?? true
    }
}

/// Something that people learned, together.
package struct Training: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case publicity, training, contest, column
    }

    package var kind: Kind
    package var title: String
    package var at: Moment
    /// People of the plan.
    package var attendees: [String]
    /// Whether what was learned was tested afterwards.
    package var isAssessed: Bool

    package init(kind: Kind, title: String, at: Moment, attendees: [String], isAssessed: Bool) {
        self.kind = kind
        self.title = title
        self.at = at
        self.attendees = attendees
        self.isAssessed = isAssessed
    }
}

/// What is to be made better, by when, and by whom.
package struct ImprovementAction: Hashable, Sendable, Codable {
    package enum Source: String, Hashable, Sendable, Codable, CaseIterable {
        case drill, incident, audit, availability
    }

    package var source: Source
    package var title: String
    package var openedAt: Moment
    package var dueAt: Moment?
    package var closedAt: Moment?
    package var owner: String?
    /// The run or incident it comes from.
    package var origin: String?

    package init(
        source: Source, title: String, openedAt: Moment, dueAt: Moment? = nil, closedAt: Moment? = nil,
        owner: String? = nil, origin: String? = nil
    ) {
        self.source = source
        self.title = title
        self.openedAt = openedAt
        self.dueAt = dueAt
        self.closedAt = closedAt
        self.owner = owner
        self.origin = origin
    }

    package func isOverdue(at moment: Moment) -> Bool {
        guard let dueAt, dueAt < moment else { return false }
        return closedAt.map { $0 > moment } ?? true
    }
}

/// A stretch of time in which somebody of a team was on duty.
package struct DutyShift: Hashable, Sendable, Codable {
    package var team: String
    package var person: String
    package var begunAt: Moment
    package var endedAt: Moment
    /// Whether it is the person's profession, not something beside it.
    package var isFullTime: Bool

    package init(team: String, person: String, begunAt: Moment, endedAt: Moment, isFullTime: Bool) {
        self.team = team
        self.person = person
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.isFullTime = isFullTime
    }
}

/// What monitoring showed, beside what was true.
package struct ReferenceReading: Hashable, Sendable, Codable {
    /// Such as `application` or `host`.
    package var layer: String
    package var metric: String
    package var at: Moment
    package var reported: Double
    package var reference: Double

    package init(layer: String, metric: String, at: Moment, reported: Double, reference: Double) {
        self.layer = layer
        self.metric = metric
        self.at = at
        self.reported = reported
        self.reference = reference
    }

    /// The error as a share of the reference.
    package var error: Double { (reported - reference).magnitude / reference.magnitude }
}
