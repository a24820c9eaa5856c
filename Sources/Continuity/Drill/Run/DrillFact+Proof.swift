// SPDX-License-Identifier: Apache-2.0

extension DrillFact {
    /// What a step proved beyond its own end.
    package enum Proof: Hashable, Sendable, Codable {
        case restored(Restored)
        case tree(TreeVerified)
        case canary(CanaryRead)
        case writes(WritesRead)
    }

    /// A point that a restore step brought back.
    package struct Restored: Hashable, Sendable, Codable {
        package var dataset: String
        package var point: String
        package var store: String
        package var site: String
        package var host: String
        package var path: String
        package var consistencyAt: Moment
        package var members: Int
        package var bytes: Int

        package init(
            dataset: String, point: String, store: String, site: String, host: String, path: String,
            consistencyAt: Moment, members: Int, bytes: Int
        ) {
            self.dataset = dataset
            self.point = point
            self.store = store
            self.site = site
            self.host = host
            self.path = path
            self.consistencyAt = consistencyAt
            self.members = members
            self.bytes = bytes
        }
    }

    /// Every file of a tree at a host, hashed there and compared with the point's index.
    package struct TreeVerified: Hashable, Sendable, Codable {
        package var host: String
        package var path: String
        package var point: String
        package var files: Int
        package var mismatched: Int
        package var missing: Int
        package var unexpected: Int
        /// The spoiled copies on which the same check went red; empty when it was not proven able to.
        package var wentRedOn: [String]
        package var faults: [String]

        package init(
            host: String, path: String, point: String, files: Int, mismatched: Int, missing: Int,
            unexpected: Int, wentRedOn: [String], faults: [String]
        ) {
            self.host = host
            self.path = path
            self.point = point
            self.files = files
            self.mismatched = mismatched
            self.missing = missing
            self.unexpected = unexpected
            self.wentRedOn = wentRedOn
            self.faults = faults
        }

        package var isWhole: Bool {
            mismatched == 0 && missing == 0 && files > 0
        }
    }

    /// The canary's records as they were read inside the recovered service.
    package struct CanaryRead: Hashable, Sendable, Codable {
        package var canary: String
        package var dataset: String
        /// First and last sequence of the unbroken run of acknowledged records that ends with the newest.
        package var firstSequence: Int?
        package var lastSequence: Int?
        package var records: Int
        /// Acknowledged records that should lie between first and last and do not.
        package var holes: [Int]
        /// Lines that no acknowledgement knows.
        package var unknownLines: Int

        package init(
            canary: String, dataset: String, firstSequence: Int?, lastSequence: Int?, records: Int,
            holes: [Int], unknownLines: Int
        ) {
            self.canary = canary
            self.dataset = dataset
            self.firstSequence = firstSequence
            self.lastSequence = lastSequence
            self.records = records
            self.holes = holes
            self.unknownLines = unknownLines
        }
    }

    /// The rows of the recovered service against the writes that a probe was answered.
    package struct WritesRead: Hashable, Sendable, Codable {
        package var probe: String
        package var host: String
        /// Writes that were answered, and how many of them are there.
        package var acknowledged: Int
        package var recovered: Int
        /// The newest answered write that is there.
        package var lastNumber: Int?
        /// Answered writes behind it, all of them lost.
        package var lost: Int
        /// Answered writes before it that are not there.
        package var holes: [Int]
        /// From the newest write that is there to the newest that was answered, in nanoseconds.
        package var lostWindowNs: Int64?

        package init(
            probe: String, host: String, acknowledged: Int, recovered: Int, lastNumber: Int?, lost: Int,
            holes: [Int], lostWindowNs: Int64?
        ) {
            self.probe = probe
            self.host = host
            self.acknowledged = acknowledged
            self.recovered = recovered
            self.lastNumber = lastNumber
            self.lost = lost
            self.holes = holes
            self.lostWindowNs = lostWindowNs
        }

        package var lostWindow: Duration? {
            lostWindowNs.map { .nanoseconds($0) }
        }
    }
}
