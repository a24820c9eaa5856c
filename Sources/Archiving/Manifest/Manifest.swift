// SPDX-License-Identifier: Apache-2.0

/// What a store holds of one recovery point, in clear text and without any file's name.
///
/// `manifest.json` is written last: one that parses and whose signature verifies is the one commit point. It is
/// the same, byte for byte, in all stores, and names parts by number, size and SHA-256, so that a reader takes
/// the files that match and ignores every other.
package struct Manifest: Hashable, Sendable, Codable {
    /// The version of this format; another one is refused as `unsupported`.
    package static let currentVersion = 1

    /// The point that an incremental builds on.
    package struct Parent: Hashable, Sendable, Codable {
        package var point: PointName
        package var manifestSHA256: SHA256Digest

        package init(point: PointName, manifestSHA256: SHA256Digest) {
            self.point = point
            self.manifestSHA256 = manifestSHA256
        }

        private enum CodingKeys: String, CodingKey {
            case point
            case manifestSHA256 = "manifest_sha256"
        }
    }

    /// One encrypted part of the stream.
    package struct Part: Hashable, Sendable, Codable {
        /// The point in whose folder the part lies.
        ///
        /// In this version always the manifest's own point.
        package var home: PointName
        /// From 1, without gaps.
        package var number: Int
        package var bytes: Int
        package var sha256: SHA256Digest

        package init(home: PointName, number: Int, bytes: Int, sha256: SHA256Digest) {
            self.home = home
            self.number = number
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// The encrypted index, or the encrypted list of what was deleted.
    package struct File: Hashable, Sendable, Codable {
        package var bytes: Int
        package var sha256: SHA256Digest

        package init(bytes: Int, sha256: SHA256Digest) {
            self.bytes = bytes
            self.sha256 = sha256
        }
    }

    /// A condition that was looked at before the run might count.
    package struct Gate: Hashable, Sendable, Codable {
        package var name: String
        package var passed: Bool
        /// What was found, in words; one line.
        package var detail: String

        package init(name: String, passed: Bool, detail: String) {
            self.name = name
            self.passed = passed
            self.detail = detail
        }
    }

    /// Where the ledger stood when the point was made.
    package struct LedgerHead: Hashable, Sendable, Codable {
        package var seq: Int
        package var sha256: SHA256Digest

        package init(seq: Int, sha256: SHA256Digest) {
            self.seq = seq
            self.sha256 = sha256
        }
    }

    /// How well the source could be read; a run that failed leaves no manifest.
    package enum Outcome: String, Hashable, Sendable, Codable, CaseIterable {
        case complete
        /// Some file changed while it was read; both readings are in the stream.
        case completeWithChanges = "complete_with_changes"
        /// Some paths could not be read.
        case partial
    }

    package var version: Int
    /// The workspace's lasting identifier.
    package var workspace: String
    package var dataset: String
    package var point: PointName
    package var kind: PointName.Kind
    /// Of an incremental, and of nothing else.
    package var parent: Parent?
    /// Counts a dataset's points from 1; a gap or a repetition shows that something is withheld or rolled back.
    package var sequence: Int
    /// The dataset's manifest with the sequence number before this one; `nil` for the first.
    package var previousManifestSHA256: SHA256Digest?
    /// When reading the source began.
    package var begunAt: ArchiveTime
    package var endedAt: ArchiveTime
    /// The instant whose state the point holds: the snapshot, else when reading began.
    package var consistencyAt: ArchiveTime
    /// Ascending by number; empty when nothing had changed.
    package var parts: [Part]
    package var index: File
    /// Of an incremental in which something was deleted.
    package var deleted: File?
    package var counts: PointCounts
    package var outcome: Outcome
    /// Who can decrypt the point, as `age1…`.
    package var recipients: [String]
    package var gates: [Gate]
    package var ledgerHead: LedgerHead?
    package var toolVersion: String

    package init(
        workspace: String, dataset: String, point: PointName, parent: Parent?, sequence: Int,
        previousManifestSHA256: SHA256Digest?, begunAt: ArchiveTime, endedAt: ArchiveTime,
        consistencyAt: ArchiveTime, parts: [Part], index: File, deleted: File?, counts: PointCounts,
        outcome: Outcome, recipients: [String], gates: [Gate], ledgerHead: LedgerHead?, toolVersion: String
    ) {
        version = Self.currentVersion
        kind = point.kind
        self.workspace = workspace
        self.dataset = dataset
        self.point = point
        self.parent = parent
        self.sequence = sequence
        self.previousManifestSHA256 = previousManifestSHA256
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.consistencyAt = consistencyAt
        self.parts = parts
        self.index = index
        self.deleted = deleted
        self.counts = counts
        self.outcome = outcome
        self.recipients = recipients
        self.gates = gates
        self.ledgerHead = ledgerHead
        self.toolVersion = toolVersion
    }

    private enum CodingKeys: String, CodingKey {
        case version, workspace, dataset, point, kind, parent, sequence, parts, index, deleted, counts,
            outcome
        case recipients, gates
        case previousManifestSHA256 = "previous_manifest_sha256"
        case begunAt = "begun_at"
        case endedAt = "ended_at"
        case consistencyAt = "consistency_at"
        case ledgerHead = "ledger_head"
        case toolVersion = "tool_version"
    }
}
