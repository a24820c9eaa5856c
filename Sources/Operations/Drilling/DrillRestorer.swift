// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What a drill asks of the part of Lifeboat that keeps and restores points.
package protocol DrillRestorer: Sendable {
    /// The newest whole point of a dataset that can be restored.
    ///
    func choosePoint(dataset: String, by rules: PointRules) throws -> ChosenPoint

    /// The newest whole point that is older than another, by the same rules; `nil` when there is none.
    func pointBefore(_ point: ChosenPoint, by rules: PointRules) throws -> ChosenPoint?

    /// Restores the point with its chain into an empty folder at a host, every hash checked.
    func restore(
        _ point: ChosenPoint, to host: String, path: String, isCancelled: @escaping @Sendable () -> Bool
    )
        throws -> RestoreRun

    /// Every regular file that the point's tree holds, deletions of its chain applied.
    func files(of point: ChosenPoint) throws -> [FileHash]

    /// Makes one more point of a dataset, for the verb `backup`.
    func backUp(dataset: String, isFull: Bool) throws -> DrillBackup
}

extension DrillRestorer {
    package func pointBefore(_ point: ChosenPoint, by rules: PointRules) throws -> ChosenPoint? {
        nil
    }

    package func backUp(dataset: String, isFull: Bool) throws -> DrillBackup {
        throw OperationError(.refused, "no backup can be made from here")
    }
}

/// Which points a drill may restore, and from where.
package struct PointRules: Hashable, Sendable {
    /// A store or a site of the plan; `nil` for any.
    package var source: String?
    /// Points that became complete there later do not count; `nil` for no bound.
    package var instant: Moment?
    /// The stores that may not be used, although they may hold the best copy.
    package var absent: Set<String>

    package init(source: String? = nil, instant: Moment? = nil, absent: Set<String> = []) {
        self.source = source
        self.instant = instant
        self.absent = absent
    }
}

/// What a backup inside a drill came to.
package struct DrillBackup: Hashable, Sendable {
    package var point: String
    package var isWhole: Bool
    /// What came of it, in a sentence.
    package var text: String

    package init(point: String, isWhole: Bool, text: String) {
        self.point = point
        self.isWhole = isWhole
        self.text = text
    }
}

/// A point that a drill restores.
package struct ChosenPoint: Hashable, Sendable, Codable {
    package var dataset: String
    package var point: String
    package var store: String
    package var site: String
    package var consistencyAt: Moment

    package init(dataset: String, point: String, store: String, site: String, consistencyAt: Moment) {
        self.dataset = dataset
        self.point = point
        self.store = store
        self.site = site
        self.consistencyAt = consistencyAt
    }
}

/// The path of a regular file below its tree, as bytes, and what it must hold.
package struct FileHash: Hashable, Sendable {
    package var path: [UInt8]
    package var size: Int
    /// In hex.
    package var sha256: String

    package init(path: [UInt8], size: Int, sha256: String) {
        self.path = path
        self.size = size
        self.sha256 = sha256
    }
}
