// SPDX-License-Identifier: Apache-2.0

/// A change to production.
package struct Change: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case planned, emergency
    }

    package enum Rollback: String, Hashable, Sendable, Codable, CaseIterable {
        case none, succeeded, failed
    }

    package var id: String
    package var kind: Kind
    package var service: String?
    package var approvedAt: Moment?
    package var windowBegunAt: Moment?
    package var windowEndedAt: Moment?
    package var implementedAt: Moment
    package var hasFailedFirst: Bool
    package var rollback: Rollback
    package var isRollbackAutomatic: Bool?
    package var isAutomated: Bool?
    package var isAttended: Bool?
    package var rolloutMode: String?
    package var userImpactSeconds: Double?
    package var openedBy: Incident.Actor?
    package var batch: String?

    package init(
        id: String, kind: Kind, service: String? = nil, approvedAt: Moment? = nil,
        windowBegunAt: Moment? = nil, windowEndedAt: Moment? = nil, implementedAt: Moment,
        hasFailedFirst: Bool, rollback: Rollback = .none, isRollbackAutomatic: Bool? = nil,
        isAutomated: Bool? = nil, isAttended: Bool? = nil, rolloutMode: String? = nil,
        userImpactSeconds: Double? = nil, openedBy: Incident.Actor? = nil, batch: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.service = service
        self.approvedAt = approvedAt
        self.windowBegunAt = windowBegunAt
        self.windowEndedAt = windowEndedAt
        self.implementedAt = implementedAt
        self.hasFailedFirst = hasFailedFirst
        self.rollback = rollback
        self.isRollbackAutomatic = isRollbackAutomatic
        self.isAutomated = isAutomated
        self.isAttended = isAttended
        self.rolloutMode = rolloutMode
        self.userImpactSeconds = userImpactSeconds
        self.openedBy = openedBy
        self.batch = batch
    }
}

/// A finished run of a build or of a deployment.
package struct PipelineRun: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case build, deployment
    }

    package var id: String
    package var kind: Kind
    /// What fails and recovers as one: a pipeline with its branch, or a service with its environment.
    package var subject: String
    /// Whether it ran on a main branch, or into production; others say nothing about repair.
    package var isMain: Bool
    package var succeeded: Bool
    package var begunAt: Moment
    package var endedAt: Moment
    /// When what it delivers was committed or asked for.
    package var requestedAt: Moment?
    package var isRollback: Bool
    package var batch: String?

    package init(
        id: String, kind: Kind, subject: String, isMain: Bool, succeeded: Bool, begunAt: Moment,
        endedAt: Moment, requestedAt: Moment? = nil, isRollback: Bool = false, batch: String? = nil
    ) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.isMain = isMain
        self.succeeded = succeeded
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.requestedAt = requestedAt
        self.isRollback = isRollback
        self.batch = batch
    }
}

/// A message that something is, or will be, wrong.
package struct Alert: Hashable, Sendable, Codable {
    package var id: String
    package var rule: String
    package var service: String?
    package var isImportant: Bool
    /// Whether it warns of what is to come.
    package var isPrediction: Bool
    /// Since when the condition held.
    package var trueAt: Moment?
    /// When the rule fired, on the clock of what watches; `nil` when it does not say.
    package var firedAt: Moment?
    package var deliveredAt: Moment
    package var resolvedAt: Moment?
    package var batch: String?

    package init(
        id: String, rule: String, service: String? = nil, isImportant: Bool = false,
        isPrediction: Bool = false, trueAt: Moment? = nil, firedAt: Moment? = nil, deliveredAt: Moment,
        resolvedAt: Moment? = nil, batch: String? = nil
    ) {
        self.id = id
        self.rule = rule
        self.service = service
        self.isImportant = isImportant
        self.isPrediction = isPrediction
        self.trueAt = trueAt
        self.firedAt = firedAt
        self.deliveredAt = deliveredAt
        self.resolvedAt = resolvedAt
        self.batch = batch
    }
}

/// One file that was read in, with what became of it; a later event of the same id withdraws it.
package struct ImportBatch: Hashable, Sendable, Codable {
    package enum Register: String, Hashable, Sendable, Codable, CaseIterable {
        case incidents, changes, builds, deployments, alerts, backups
    }

    package var id: String
    /// Which reader understood it, such as `gitlab_pipelines`.
    package var reader: String
    package var file: String
    /// SHA-256 of the file as it was, in hex.
    package var sha256: String
    package var registers: [Register]
    /// The time for which it is complete; `nil` when nobody said so, and absence proves nothing.
    package var coversFrom: Moment?
    package var coversTo: Moment?
    package var taken: Int
    /// Records that were known already.
    package var known: Int
    /// What was left out, and why; bounded.
    package var skipped: [String]
    package var skippedCount: Int
    package var person: String?
    /// How the file was read, where that is not the only way; see `ImportRules`.
    package var rules: String?
    package var withdrawnAt: Moment?

    package init(
        id: String, reader: String, file: String, sha256: String, registers: [Register],
        coversFrom: Moment? = nil, coversTo: Moment? = nil, taken: Int, known: Int = 0,
        skipped: [String] = [], skippedCount: Int = 0, person: String? = nil, rules: String? = nil,
        withdrawnAt: Moment? = nil
    ) {
        self.id = id
        self.rules = rules
        self.reader = reader
        self.file = file
        self.sha256 = sha256
        self.registers = registers
        self.coversFrom = coversFrom
        self.coversTo = coversTo
        self.taken = taken
        self.known = known
        self.skipped = skipped
        self.skippedCount = skippedCount
        self.person = person
        self.withdrawnAt = withdrawnAt
    }
}

/// An announced stretch of time in which a service may be down.
package struct MaintenanceNotice: Hashable, Sendable, Codable {
    package var id: String
    package var service: String
    package var begunAt: Moment
    package var endedAt: Moment
    package var announcedAt: Moment
    package var person: String
    package var withdrawnAt: Moment?

    package init(
        id: String, service: String, begunAt: Moment, endedAt: Moment, announcedAt: Moment, person: String,
        withdrawnAt: Moment? = nil
    ) {
        self.id = id
        self.service = service
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.announcedAt = announcedAt
        self.person = person
        self.withdrawnAt = withdrawnAt
    }
}
