// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Glibc
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
    let desk: CopyDesk

    package init(_ desk: CopyDesk) {
        self.desk = desk
    }

    package init(workspace: Workspace, plan: Plan, ledger: Ledger, time: TimeSource = .system) {
        self.init(CopyDesk(workspace: workspace, plan: plan, ledger: ledger, time: time))
    }

    private func open(
        _ dataset: String, at instant: Moment?, point: String?, from source: String?
    ) throws -> ChainReader {
        let dataset = try desk.dataset(dataset)
        let choice = try PointChooser(desk: desk, dataset: dataset, book: try desk.book())
            .choose(point: point, from: source, at: instant)
        return try OpenChain.open(choice, desk: desk, isUntrusted: false).reader
    }

    /// What lies in a folder of the newest point not later than `instant`; everything below it if `recursive`.
    ///
    /// A path that is no folder gives itself. Throws `.noSuchFile` for a path that the point does not have.
    package func list(
        _ dataset: String, path: String = "", at instant: Moment? = nil, point: String? = nil,
        from: String? = nil, recursive: Bool = false, _ each: (PointEntry) throws -> Void
    ) throws {
        let reader = try open(dataset, at: instant, point: point, from: from)
        let folder = Array(path.split(separator: "/").joined(separator: "/").utf8)
        if !folder.isEmpty {
            guard MemberPath.isSafe(folder), let record = try reader.record(at: folder) else {
                throw OperationError(.noSuchFile, "the point has no \(path)")
            }
            guard record.kind == .folder else { return try each(PointEntry(record)) }
        }
        try reader.records(under: folder.isEmpty ? nil : [folder]) { record in
            guard record.path != folder, folder.isEmpty || MemberPath.isBelow(record.path, folder) else {
                return
            }
            guard recursive || MemberPath.parent(of: record.path) == folder else { return }
            try each(PointEntry(record))
        }
    }

    /// The paths that match a pattern with `*`, `?` and `[…]`.
    ///
    /// One without `/` is matched against names, at any depth; in one with `/`, `*` stops at a slash.
    package func find(
        _ pattern: String, in dataset: String, at instant: Moment? = nil, from: String? = nil,
        _ each: (PointEntry) throws -> Void
    ) throws {
        let reader = try open(dataset, at: instant, point: nil, from: from)
        let isPath = pattern.contains("/")
        let wanted = Array((pattern.hasPrefix("/") ? String(pattern.dropFirst()) : pattern).utf8)
        try reader.records { record in
            let text = isPath ? record.path[...] : record.path.split(separator: 47).last ?? []
            guard !text.isEmpty, Self.matches(Array(text), wanted, isPath ? FNM_PATHNAME : 0) else { return }
            try each(PointEntry(record))
        }
    }

    private static func matches(_ text: [UInt8], _ pattern: [UInt8], _ flags: Int32) -> Bool {
        let name = text.map { CChar(bitPattern: $0) } + [0]
        let wanted = pattern.map { CChar(bitPattern: $0) } + [0]
        return fnmatch(wanted, name, flags) == 0
    }

    /// What differs between two points of a dataset, in the order of paths.
    package func difference(
        _ dataset: String, _ before: String, _ after: String, from: String? = nil,
        _ each: (PointDifference) throws -> Void
    ) throws {
        let old = try open(dataset, at: nil, point: before, from: from)
        let new = try open(dataset, at: nil, point: after, from: from)
        // One index is walked on a thread of its own, so that both are read once and neither is kept.
        let queue = BoundedQueue<IndexRecord>(limit: 4_096)
        let walk = Worker("difference") {
            do {
                try old.records { try queue.put($0, weight: 1) }
                queue.close()
            } catch {
                queue.fail(error)
            }
        }
        defer {
            queue.fail(OperationError(.cancelled, "the comparison is over"))
            try? walk.join()
        }
        var left = try queue.take()
        try new.records { record in
            while let earlier = left, MemberPath.compare(earlier.path, record.path) < 0 {
                try each(.init(change: .removed, earlier, nil))
                left = try queue.take()
            }
            guard let earlier = left, earlier.path == record.path else {
                return try each(.init(change: .added, nil, record))
            }
            if let change = Self.change(earlier, record) { try each(.init(change: change, earlier, record)) }
            left = try queue.take()
        }
        while let earlier = left {
            try each(.init(change: .removed, earlier, nil))
            left = try queue.take()
        }
    }

    private static func change(_ old: IndexRecord, _ new: IndexRecord) -> PointDifference.Change? {
        guard old.kind == new.kind, old.size == new.size, old.digest == new.digest,
            old.linkTarget == new.linkTarget, old.device == new.device
        else { return .changed }
        let isSame =
            old.permissions == new.permissions && old.user == new.user && old.group == new.group
            && old.attributes == new.attributes
            && (old.modified == new.modified || new.kind == .folder)
        return isSame ? nil : .attributes
    }
}

extension PointDifference {
    fileprivate init(change: Change, _ before: IndexRecord?, _ after: IndexRecord?) {
        self.init(
            change: change, path: MemberPath.shown((after ?? before)?.path ?? []),
            before: before.map { PointEntry($0) }, after: after.map { PointEntry($0) })
    }
}

extension PointEntry {
    fileprivate init(_ record: IndexRecord) {
        let kind: Kind =
            switch record.kind {
            case .file, .hardLink: .file
            case .folder: .folder
            case .symbolicLink: .link
            case .fifo, .characterDevice, .blockDevice: .other
            }
        func name(_ bytes: [UInt8], _ number: UInt32) -> String {
            bytes.isEmpty ? String(number) : MemberPath.shown(bytes)
        }
        self.init(
            path: MemberPath.shown(record.path), kind: kind, size: record.size,
            modifiedAt: Moment(
                seconds: record.modified.seconds, nanoseconds: Int64(record.modified.nanoseconds)),
            permissions: Int(record.permissions), user: name(record.userName, record.user),
            group: name(record.groupName, record.group),
            linkTarget: record.linkTarget.isEmpty ? nil : MemberPath.shown(record.linkTarget),
            sha256: record.digest?.hex)
    }
}
