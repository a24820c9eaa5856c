// SPDX-License-Identifier: Apache-2.0

/// One step in the expiry of a copy: first marked, then removed when its quarantine is over.
package struct CopyExpiry: Hashable, Sendable, Codable {
    package enum Step: String, Hashable, Sendable, Codable {
        /// The copy no longer counts and will be removed later.
        case marked
        /// The mark was taken back; the copy counts again.
        case spared
        case removed
    }

    package var dataset: String
    package var point: String
    package var store: String
    package var step: Step
    package var happenedAt: Moment
    /// When a marked copy may be removed.
    package var removableAt: Moment?
    package var reason: String
    /// The number of the lease under which something was removed.
    package var lease: Int?

    package init(
        dataset: String, point: String, store: String, step: Step, happenedAt: Moment,
        removableAt: Moment? = nil, reason: String, lease: Int? = nil
    ) {
        self.dataset = dataset
        self.point = point
        self.store = store
        self.step = step
        self.happenedAt = happenedAt
        self.removableAt = removableAt
        self.reason = reason
        self.lease = lease
    }
}

/// The right to remove files from stores, held by one process for a bounded time.
///
/// The lease's number is that of its event; a newer lease ends every older one.
package struct Lease: Hashable, Sendable, Codable {
    /// Host and process, for the person who wonders.
    package var holder: String
    /// Random, so that a holder recognises its own.
    package var token: String
    package var purpose: String
    package var begunAt: Moment
    package var endsAt: Moment

    package init(holder: String, token: String, purpose: String, begunAt: Moment, endsAt: Moment) {
        self.holder = holder
        self.token = token
        self.purpose = purpose
        self.begunAt = begunAt
        self.endsAt = endsAt
    }
}

/// Nothing of a dataset expires while somebody holds it: a restore, a drill, or a person.
package struct RetentionHold: Hashable, Sendable, Codable {
    package var id: String
    /// `nil` holds every dataset.
    package var dataset: String?
    package var reason: String
    package var begunAt: Moment
    /// A hold that nobody releases ends by itself.
    package var endsAt: Moment
    package var isReleased: Bool

    package init(
        id: String, dataset: String?, reason: String, begunAt: Moment, endsAt: Moment,
        isReleased: Bool = false
    ) {
        self.id = id
        self.dataset = dataset
        self.reason = reason
        self.begunAt = begunAt
        self.endsAt = endsAt
        self.isReleased = isReleased
    }
}

/// To whom a dataset is encrypted from now on.
///
/// Recorded at the first use; every other set needs a person who accepts it.
package struct RecipientSet: Hashable, Sendable, Codable {
    package var dataset: String
    /// `age1…`, sorted.
    package var recipients: [String]
    package var recordedAt: Moment
    /// Who accepted a change; `nil` at the first use.
    package var person: String?
    package var reason: String?

    package init(
        dataset: String, recipients: [String], recordedAt: Moment, person: String? = nil,
        reason: String? = nil
    ) {
        self.dataset = dataset
        self.recipients = recipients.sorted()
        self.recordedAt = recordedAt
        self.person = person
        self.reason = reason
    }
}

/// A sample of a point decrypted on an empty machine with one identity alone.
package struct KeyDrill: Hashable, Sendable, Codable {
    /// The public half of the identity that was tried.
    package var recipient: String
    package var dataset: String
    package var point: String
    package var store: String
    package var triedAt: Moment
    package var passed: Bool
    package var detail: String?

    package init(
        recipient: String, dataset: String, point: String, store: String, triedAt: Moment, passed: Bool,
        detail: String? = nil
    ) {
        self.recipient = recipient
        self.dataset = dataset
        self.point = point
        self.store = store
        self.triedAt = triedAt
        self.passed = passed
        self.detail = detail
    }
}

/// The first event of a ledger that replaces a lost one.
package struct LedgerRebuild: Hashable, Sendable, Codable {
    /// The old chain's last event that is known, and its hash; `nil` when nothing of it was found.
    package var previousSequence: Int?
    package var previousSha256: String?
    /// Where the image came from, such as `store metro`.
    package var source: String?
    /// Points that manifests show and the image did not know.
    package var addedPoints: [String]
    /// What may be missing, in words for a person.
    package var missing: [String]

    package init(
        previousSequence: Int?, previousSha256: String?, source: String?, addedPoints: [String],
        missing: [String]
    ) {
        self.previousSequence = previousSequence
        self.previousSha256 = previousSha256
        self.source = source
        self.addedPoints = addedPoints
        self.missing = missing
    }
}
