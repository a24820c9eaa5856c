// SPDX-License-Identifier: Apache-2.0

/// What another backup program says lies in one of its repositories, at one instant.
///
/// A later event of the same id and dataset withdraws it. A listing proves nothing of the bytes: that is
/// what a ``RepositoryCheck`` is for.
package struct RepositoryListing: Hashable, Sendable, Codable {
    package enum Tool: String, Hashable, Sendable, Codable, CaseIterable {
        case restic, borg, pgbackrest

        /// The program's own command for one more point.
        package var backupCommand: String {
            switch self {
            case .restic: "'restic backup'"
            case .borg: "'borg create'"
            case .pgbackrest: "'pgbackrest backup'"
            }
        }

        /// How what it lists is read in.
        package func importCommand(of dataset: String) -> String {
            "lifeboat import \(rawValue) FILE --repository NAME --dataset \(dataset) --site SITE"
        }
    }

    package struct Snapshot: Hashable, Sendable, Codable {
        package var id: String
        /// When the program began to read: the state that the snapshot holds at the latest from then.
        package var consistencyAt: Moment
        package var kind: PointKind
        /// The snapshot it cannot be restored without.
        package var parent: String?
        package var bytes: Int?

        package init(
            id: String, consistencyAt: Moment, kind: PointKind = .full, parent: String? = nil,
            bytes: Int? = nil
        ) {
            self.id = id
            self.consistencyAt = consistencyAt
            self.kind = kind
            self.parent = parent
            self.bytes = bytes
        }
    }

    /// That of its import.
    package var id: String
    package var tool: Tool
    /// The name the organisation gives it, such as `west`.
    package var repository: String
    package var dataset: String
    /// The site of the plan where it lies.
    package var site: String
    package var isAppendOnly: Bool
    package var listedAt: Moment
    package var snapshots: [Snapshot]
    package var withdrawnAt: Moment?

    package init(
        id: String, tool: Tool, repository: String, dataset: String, site: String, isAppendOnly: Bool,
        listedAt: Moment, snapshots: [Snapshot], withdrawnAt: Moment? = nil
    ) {
        self.id = id
        self.tool = tool
        self.repository = repository
        self.dataset = dataset
        self.site = site
        self.isAppendOnly = isAppendOnly
        self.listedAt = listedAt
        self.snapshots = snapshots
        self.withdrawnAt = withdrawnAt
    }

    /// The name its copies go by; no store of a plan can have it.
    package var store: String { "\(tool.rawValue)/\(repository)" }
}

/// What another backup program found when it looked at its repository.
package struct RepositoryCheck: Hashable, Sendable, Codable {
    package enum Level: String, Hashable, Sendable, Codable, CaseIterable {
        /// That everything named is there and fits together; a flipped bit goes unseen.
        case structure
        /// That every byte is what was written.
        case bytes
    }

    package var id: String
    package var tool: RepositoryListing.Tool
    package var repository: String
    package var dataset: String
    package var checkedAt: Moment
    package var level: Level
    package var passed: Bool
    package var detail: String?
    package var withdrawnAt: Moment?

    package init(
        id: String, tool: RepositoryListing.Tool, repository: String, dataset: String, checkedAt: Moment,
        level: Level, passed: Bool, detail: String? = nil, withdrawnAt: Moment? = nil
    ) {
        self.id = id
        self.tool = tool
        self.repository = repository
        self.dataset = dataset
        self.checkedAt = checkedAt
        self.level = level
        self.passed = passed
        self.detail = detail
        self.withdrawnAt = withdrawnAt
    }

    package var store: String { "\(tool.rawValue)/\(repository)" }
}
