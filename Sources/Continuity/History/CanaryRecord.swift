// SPDX-License-Identifier: Apache-2.0

/// One acknowledged record of a canary: written into the dataset, synced, then acknowledged here.
package struct CanaryRecord: Hashable, Sendable, Codable {
    package var canary: String
    package var dataset: String
    /// 1, 2, 3 … without gaps per canary.
    package var sequence: Int
    /// On the writer's clock, before the write.
    package var writtenAt: Moment
    /// On the writer's clock, after the sync.
    package var acknowledgedAt: Moment
    /// SHA-256 of the record's line, in hex.
    package var sha256: String

    package init(
        canary: String, dataset: String, sequence: Int, writtenAt: Moment, acknowledgedAt: Moment,
        sha256: String
    ) {
        self.canary = canary
        self.dataset = dataset
        self.sequence = sequence
        self.writtenAt = writtenAt
        self.acknowledgedAt = acknowledgedAt
        self.sha256 = sha256
    }
}
