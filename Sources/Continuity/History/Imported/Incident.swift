// SPDX-License-Identifier: Apache-2.0

/// Something that went wrong outside a drill, as far as it is known; a later event of the same id replaces it.
///
/// Everything but the id and the begin may be unknown: what nobody recorded is `nil`, never a guess.
package struct Incident: Hashable, Sendable, Codable {
    package enum Finder: String, Hashable, Sendable, Codable, CaseIterable {
        case monitor
        case staff
        case user
    }

    package enum Actor: String, Hashable, Sendable, Codable, CaseIterable {
        case person
        case automation
    }

    /// A call or a hand-over because nobody answered.
    package struct Escalation: Hashable, Sendable, Codable {
        package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            case call, deputy, manager
        }

        package var kind: Kind
        package var at: Moment

        package init(kind: Kind, at: Moment) {
            self.kind = kind
            self.at = at
        }
    }

    /// What somebody wrote about it.
    package struct Note: Hashable, Sendable, Codable {
        package var at: Moment
        package var person: String?
        package var text: String

        package init(at: Moment, person: String?, text: String) {
            self.at = at
            self.person = person
            self.text = text
        }
    }

    package var id: String
    /// The service of the plan that it hit; `nil` when none did.
    package var service: String?
    package var title: String?
    /// A severity of the organisation, such as `major`.
    package var severity: String?
    package var category: String?
    package var scenario: String?
    package var begunAt: Moment
    package var detectedAt: Moment?
    package var detectedBy: Finder?
    package var firstUserReportAt: Moment?
    package var warnedAt: Moment?
    package var registeredAt: Moment?
    package var openedBy: Actor?
    package var acknowledgedAt: Moment?
    /// Who took it.
    package var acknowledgedBy: String?
    package var firstActionAt: Moment?
    package var firstActionBy: Actor?
    package var usersToldAt: Moment?
    package var usersToldBy: Actor?
    package var reportedAt: Moment?
    /// When the service was back for its users, whatever the cause (mitigated).
    package var restoredAt: Moment?
    package var restoredBy: Actor?
    package var isAutoDiagnosed: Bool?
    package var causeFoundAt: Moment?
    /// When nothing was left to do about it (resolved).
    package var closedAt: Moment?
    package var userImpactSeconds: Double?
    package var contingencyPlan: String?
    package var runbook: String?
    package var ticket: String?
    package var problem: String?
    package var recurrenceOf: String?
    package var escalations: [Escalation]
    /// What people wrote about it, oldest first; `nil` when nobody did.
    package var notes: [Note]?
    /// The import it came with; `nil` when it was recorded here.
    package var batch: String?

    package init(
        id: String, service: String? = nil, title: String? = nil, severity: String? = nil, begunAt: Moment,
        detectedAt: Moment? = nil, detectedBy: Finder? = nil, registeredAt: Moment? = nil,
        openedBy: Actor? = nil, acknowledgedAt: Moment? = nil, restoredAt: Moment? = nil,
        closedAt: Moment? = nil, escalations: [Escalation] = [], batch: String? = nil
    ) {
        self.id = id
        self.service = service
        self.title = title
        self.severity = severity
        self.begunAt = begunAt
        self.detectedAt = detectedAt
        self.detectedBy = detectedBy
        self.registeredAt = registeredAt
        self.openedBy = openedBy
        self.acknowledgedAt = acknowledgedAt
        self.restoredAt = restoredAt
        self.closedAt = closedAt
        self.escalations = escalations
        self.batch = batch
    }

    /// From begin to restoration; `nil` while it is open.
    package var outage: Duration? { restoredAt.map { $0 - begunAt } }

    /// Whether users felt it; `nil` when nobody recorded that.
    package var hasUserImpact: Bool? { userImpactSeconds.map { $0 > 0 } }
}
