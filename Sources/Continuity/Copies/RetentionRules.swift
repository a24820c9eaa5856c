// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// One point of one store, as retention looks at it.
package struct RetentionPoint: Hashable, Sendable {
    package var name: String
    package var kind: PointKind
    package var parent: String?
    /// What the point says of itself: its consistency time.
    package var claimedAt: Moment
    /// When this store's copy was first proven, on the orchestrator's clock.
    package var arrivedAt: Moment
    /// Whether its whole chain lies verified in this store.
    package var isVerified: Bool
    /// Whether it holds the whole dataset.
    package var isWhole: Bool
    /// Files of the whole tree at that time; `nil` when nobody knows.
    package var totalFiles: Int?

    package init(
        name: String, kind: PointKind, parent: String? = nil, claimedAt: Moment, arrivedAt: Moment,
        isVerified: Bool = true, isWhole: Bool = true, totalFiles: Int? = nil
    ) {
        self.name = name
        self.kind = kind
        self.parent = parent
        self.claimedAt = claimedAt
        self.arrivedAt = arrivedAt
        self.isVerified = isVerified
        self.isWhole = isWhole
        self.totalFiles = totalFiles
    }
}

/// What may go from one store, and why the rest stays.
package struct RetentionDecision: Hashable, Sendable, Codable {
    /// Why each kept point is kept, such as `daily`, `parent`, `newest verified`.
    package var kept: [String: [String]]
    /// In the order of removal: what builds on a point goes before it.
    package var expired: [String]
    /// Expired by the rules, left for a later run because of the share.
    package var deferred: [String]
    /// Why nothing may go at all; then everything is kept.
    package var refusal: String?

    package init(kept: [String: [String]], expired: [String], deferred: [String], refusal: String?) {
        self.kept = kept
        self.expired = expired
        self.deferred = deferred
        self.refusal = refusal
    }
}

/// Decides which points of one store may go.
///
/// Pure: the same points, rules and instant give the same answer everywhere.
package struct RetentionRules: Hashable, Sendable {
    package var keep: Retention
    package var zone: TimeZone
    /// The largest share of a store's points that may go in one run; one may always go.
    package var share: Double
    /// How far a clock may be ahead before a date counts as one of the future.
    package var tolerance: Duration
    /// The share of files by which the newest point may be smaller than those before it.
    package var shrinkLimit: Double

    package init(
        keep: Retention, zone: TimeZone, share: Double = 0.25, tolerance: Duration = .minutes(10),
        shrinkLimit: Double = 0.5
    ) {
        self.keep = keep
        self.zone = zone
        self.share = share
        self.tolerance = tolerance
        self.shrinkLimit = shrinkLimit
    }

    /// Judges all points of one dataset in one store, given in any order; one hold stops everything.
    package func decide(_ points: [RetentionPoint], at now: Moment, holds: [String] = []) -> RetentionDecision
    {
        let points = points.sorted { ($0.claimedAt, $0.name) < ($1.claimedAt, $1.name) }
        if let reason = refusal(points, at: now, holds: holds) {
            return RetentionDecision(
                kept: Dictionary(uniqueKeysWithValues: Set(points.map(\.name)).map { ($0, ["refused"]) }),
                expired: [], deferred: [], refusal: reason)
        }
        var kept: [String: [String]] = [:]
        func keep(_ names: [String], _ reason: String) {
            for name in names where !(kept[name] ?? []).contains(reason) {
                kept[name, default: []].append(reason)
            }
        }
        let usable = points.filter { $0.isVerified && $0.isWhole }
        // Unusable points never push usable ones out; they are kept by the same rules among themselves.
        for group in [usable, points.filter { !($0.isVerified && $0.isWhole) }] {
            for rule in rules {
                keep(rule.chosen(group, in: zone, by: \.claimedAt), rule.name)
                keep(rule.chosen(group, in: zone, by: \.arrivedAt), rule.name)
            }
        }
        if let newest = usable.last { keep([newest.name], "newest verified") }
        if let newest = points.last { keep([newest.name], "newest") }
        keepParents(of: &kept, among: points)
        return limited(points, kept: kept)
    }

    // MARK: - Reasons to do nothing

    private func refusal(_ points: [RetentionPoint], at now: Moment, holds: [String]) -> String? {
        if let hold = holds.first { return "held: \(hold)" }
        guard !rules.isEmpty else { return "the plan has no keep rule" }
        if points.contains(where: { $0.claimedAt > now + tolerance || $0.arrivedAt > now + tolerance }) {
            return "a point has a date in the future"
        }
        if let point = points.first(where: { $0.claimedAt > $0.arrivedAt + tolerance }) {
            return "dates are ambiguous: \(point.name) arrived before it was made"
        }
        if Set(points.map(\.claimedAt)).count < points.count {
            return "dates are ambiguous: two points claim the same instant"
        }
        let byName = Dictionary(points.map { ($0.name, $0) }) { first, _ in first }
        if let child = points.first(where: { child in
            child.parent.flatMap { byName[$0] }.map { $0.claimedAt > child.claimedAt } ?? false
        }) {
            return "dates are ambiguous: \(child.name) is older than what it builds on"
        }
        return newestLooksWrong(points)
    }

    private func newestLooksWrong(_ points: [RetentionPoint]) -> String? {
        guard let newest = points.last else { return nil }
        guard newest.isVerified else { return "the newest point, \(newest.name), is not verified" }
        guard newest.isWhole else { return "the newest point, \(newest.name), is not whole" }
        let before = points.dropLast().suffix(5).compactMap(\.totalFiles).sorted()
        guard let files = newest.totalFiles, !before.isEmpty else { return nil }
        let usual = before[before.count / 2]
        guard Double(files) < Double(usual) * (1 - shrinkLimit) else { return nil }
        return "the newest point, \(newest.name), holds \(files) files, and \(usual) were usual"
    }

    // MARK: - Parents and the share

    private func keepParents(of kept: inout [String: [String]], among points: [RetentionPoint]) {
        let byName = Dictionary(points.map { ($0.name, $0) }) { first, _ in first }
        for name in kept.keys {
            var next = byName[name]?.parent
            // A chain that loops ends at the first parent that is marked already.
            while let parent = next, byName[parent] != nil, !(kept[parent] ?? []).contains("parent") {
                kept[parent, default: []].append("parent")
                next = byName[parent]?.parent
            }
        }
    }

    private func limited(_ points: [RetentionPoint], kept: [String: [String]]) -> RetentionDecision {
        let byName = Dictionary(points.map { ($0.name, $0) }) { first, _ in first }
        func root(_ point: RetentionPoint) -> (root: RetentionPoint, depth: Int) {
            var (place, depth) = (point, 0)
            while let parent = place.parent.flatMap({ byName[$0] }), depth < points.count {
                (place, depth) = (parent, depth + 1)
            }
            return (place, depth)
        }
        let going = points.filter { kept[$0.name] == nil }.map { ($0, root($0)) }.sorted { left, right in
            if left.1.root.name != right.1.root.name {
                return (left.1.root.claimedAt, left.1.root.name) < (right.1.root.claimedAt, right.1.root.name)
            }
            if left.1.depth != right.1.depth { return left.1.depth > right.1.depth }
            return (left.0.claimedAt, left.0.name) < (right.0.claimedAt, right.0.name)
        }.map(\.0.name)
        let limit = max(1, Int((Double(points.count) * share).rounded(.down)))
        return RetentionDecision(
            kept: kept, expired: Array(going.prefix(limit)), deferred: Array(going.dropFirst(limit)),
            refusal: nil)
    }

    private var rules: [KeepRule] {
        KeepRule.all(keep)
    }
}
