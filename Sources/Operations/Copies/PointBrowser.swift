// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// One path of a point's tree.
package struct PointEntry: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case file
        case folder
        case link
        case other
    }

    /// Escaped for a terminal where it must be.
    package var path: String
    package var kind: Kind
    package var size: Int
    package var modifiedAt: Moment
    /// Octal permission bits as a number.
    package var permissions: Int
    package var user: String
    package var group: String
    package var linkTarget: String?
    /// In hex; `nil` for what has no content.
    package var sha256: String?

    package init(
        path: String, kind: Kind, size: Int, modifiedAt: Moment, permissions: Int, user: String,
        group: String, linkTarget: String?, sha256: String?
    ) {
        self.path = path
        self.kind = kind
        self.size = size
        self.modifiedAt = modifiedAt
        self.permissions = permissions
        self.user = user
        self.group = group
        self.linkTarget = linkTarget
        self.sha256 = sha256
    }
}

/// A path that two points hold differently.
package struct PointDifference: Hashable, Sendable, Codable {
    package enum Change: String, Hashable, Sendable, Codable, CaseIterable {
        case added
        case removed
        case changed
        /// The content is the same; mode, owner or times are not.
        case attributes
    }

    package var change: Change
    package var path: String
    package var before: PointEntry?
    package var after: PointEntry?

    package init(change: Change, path: String, before: PointEntry?, after: PointEntry?) {
        self.change = change
        self.path = path
        self.before = before
        self.after = after
    }
}

/// Says what is in a point without restoring it; reads indexes only.
package struct PointBrowser: Sendable {
    let workspace: Workspace
    let plan: Plan
    let ledger: Ledger
    let time: TimeSource

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.workspace = workspace
        self.plan = plan
        self.ledger = ledger
        self.time = time
    }

    /// What lies in a folder of the newest point not later than `instant`; everything below it if `recursive`.
    package func list(
        _ dataset: String, path: String = "", at instant: Moment? = nil, point: String? = nil,
        from: String? = nil, recursive: Bool = false, _ each: (PointEntry) throws -> Void
    ) throws {
        throw OperationError(.failed, "listing is not built yet")
    }

    /// The paths that match a pattern with `*`, `?` and `[…]`; one without `/` is matched against names.
    package func find(
        _ pattern: String, in dataset: String, at instant: Moment? = nil, from: String? = nil,
        _ each: (PointEntry) throws -> Void
    ) throws {
        throw OperationError(.failed, "finding is not built yet")
    }

    /// What differs between two points of a dataset, in the order of paths.
    package func difference(
        _ dataset: String, _ before: String, _ after: String, from: String? = nil,
        _ each: (PointDifference) throws -> Void
    ) throws {
        throw OperationError(.failed, "comparing is not built yet")
    }
}
