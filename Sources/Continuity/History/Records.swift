// SPDX-License-Identifier: Apache-2.0

/// A restore, to a local folder or to another host.
package struct RestoreRun: Hashable, Sendable, Codable {
    package var run: String
    package var dataset: String
    package var point: String
    package var store: String
    package var host: String?
    package var target: String
    /// The chosen paths; empty for the whole point.
    package var paths: [String]
    package var begunAt: Moment
    package var endedAt: Moment
    package var succeeded: Bool
    package var members: Int
    package var bytes: Int
    /// Members whose SHA-256 was compared with the index after they were written.
    package var membersVerified: Int
    /// Attributes left out on purpose (no trusted signer), counted.
    package var leftOut: Int
    package var detail: String?

    package init(
        run: String, dataset: String, point: String, store: String, host: String?, target: String,
        paths: [String],
        begunAt: Moment, endedAt: Moment, succeeded: Bool, members: Int, bytes: Int, membersVerified: Int,
        leftOut: Int, detail: String? = nil
    ) {
        self.run = run
        self.dataset = dataset
        self.point = point
        self.store = store
        self.host = host
        self.target = target
        self.paths = paths
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.succeeded = succeeded
        self.members = members
        self.bytes = bytes
        self.membersVerified = membersVerified
        self.leftOut = leftOut
        self.detail = detail
    }
}

/// A statement that no machine can make, by a named person, with evidence and an end.
package struct Attestation: Hashable, Sendable, Codable {
    package enum Statement: String, Hashable, Sendable, Codable {
        case met
        case notMet = "not_met"
    }

    package var id: String
    /// The criterion's id in the maturity model, such as `t14-plans-process`.
    package var criterion: String
    /// `organisation`, or the service it speaks of.
    package var scope: String
    package var statement: Statement
    package var person: String
    package var role: String
    package var evidence: [Evidence]
    package var madeAt: Moment
    package var expiresAt: Moment
    package var revokedAt: Moment?
    /// SSHSIG in namespace `lifeboat-attestation`; `nil` when unsigned.
    package var signature: String?

    package struct Evidence: Hashable, Sendable, Codable {
        package var title: String
        package var location: String
        /// SHA-256 of the file in hex; `nil` for a link.
        package var sha256: String?

        package init(title: String, location: String, sha256: String?) {
            self.title = title
            self.location = location
            self.sha256 = sha256
        }
    }

    package init(
        id: String, criterion: String, scope: String = "organisation", statement: Statement, person: String,
        role: String, evidence: [Evidence], madeAt: Moment, expiresAt: Moment, revokedAt: Moment? = nil,
        signature: String? = nil
    ) {
        self.id = id
        self.criterion = criterion
        self.scope = scope
        self.statement = statement
        self.person = person
        self.role = role
        self.evidence = evidence
        self.madeAt = madeAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.signature = signature
    }
}

/// A named person's word that a register is complete for a period, so that absence becomes a fact.
package struct RegisterClaim: Hashable, Sendable, Codable {
    package enum Register: String, Hashable, Sendable, Codable, CaseIterable {
        case drills
        case backups
        case incidents
        case documents
        case trainings
        case actions
        case duty
    }

    package var register: Register
    package var begunAt: Moment
    package var endedAt: Moment
    package var person: String

    package init(register: Register, begunAt: Moment, endedAt: Moment, person: String) {
        self.register = register
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.person = person
    }
}

/// The first sight of a plan, or of a change of it.
///
/// Gives datasets and services their date of creation.
package struct PlanAdoption: Hashable, Sendable, Codable {
    package var workspace: String
    package var sha256: String
    package var datasets: [String]
    package var services: [String]
    package var stores: [String]

    package init(workspace: String, sha256: String, datasets: [String], services: [String], stores: [String])
    {
        self.workspace = workspace
        self.sha256 = sha256
        self.datasets = datasets
        self.services = services
        self.stores = stores
    }
}

/// One look at a host by `site check`.
package struct SiteCheck: Hashable, Sendable, Codable {
    package var site: String
    package var host: String
    package var succeeded: Bool
    package var roundTripSeconds: Double?
    package var bytesPerSecondUp: Double?
    package var bytesPerSecondDown: Double?
    package var freeBytes: Int?
    package var clockOffsetSeconds: Double?
    /// The offset is right to within this, half the round trip at least.
    package var clockBoundSeconds: Double?
    package var detail: String?

    package init(
        site: String, host: String, succeeded: Bool, roundTripSeconds: Double? = nil,
        bytesPerSecondUp: Double? = nil, bytesPerSecondDown: Double? = nil, freeBytes: Int? = nil,
        clockOffsetSeconds: Double? = nil, clockBoundSeconds: Double? = nil, detail: String? = nil
    ) {
        self.site = site
        self.host = host
        self.succeeded = succeeded
        self.roundTripSeconds = roundTripSeconds
        self.bytesPerSecondUp = bytesPerSecondUp
        self.bytesPerSecondDown = bytesPerSecondDown
        self.freeBytes = freeBytes
        self.clockOffsetSeconds = clockOffsetSeconds
        self.clockBoundSeconds = clockBoundSeconds
        self.detail = detail
    }
}

/// A report that was written and signed.
package struct ReportMade: Hashable, Sendable, Codable {
    /// `audit` or `drill`.
    package var kind: String
    package var subject: String
    package var file: String
    package var sha256: String

    package init(kind: String, subject: String, file: String, sha256: String) {
        self.kind = kind
        self.subject = subject
        self.file = file
        self.sha256 = sha256
    }
}
