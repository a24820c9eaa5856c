// SPDX-License-Identifier: Apache-2.0
import Foundation

extension MetricRegistry {
    /// Table 14, data backup.
    static let backup: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "full_backup_max_gap", .seconds, from: [.backupRuns, .copies, .datasets],
                "the longest time between two verified full points, to the window's ends"
            ) { GapMeasurement($0, dataset: $1, fullOnly: true).reading() })
        all.append(
            Metric(
                "recovery_point_max_gap", .seconds, from: [.backupRuns, .copies, .datasets],
                "the longest time between two points whose chain back to a verified full one is whole"
            ) { GapMeasurement($0, dataset: $1, fullOnly: false).reading() })
        all.append(
            Metric(
                "copy_location_rank", .rank, from: [.copies, .sites, .datasets],
                "how far away the farthest store lies that holds a fresh, verified, whole chain; the worst day counts"
            ) { CopyMeasurement($0, dataset: $1).locationRank() })
        all.append(
            Metric(
                "verified_copy_count", .count("copies"), from: [.copies, .datasets],
                "how many hosts hold a fresh, verified, whole chain; the worst day counts"
            ) { CopyMeasurement($0, dataset: $1).count() })
        return all
    }()
}

/// The gaps between the recovery points of one dataset.
struct GapMeasurement {
    private let query: MetricQuery
    private let facts: DatasetFacts
    private let what: Detail.OfCopies.Point
    /// The places of the points that count, by their consistency times.
    private let points: [Int]

    private var dataset: String { facts.id }

    init(_ query: MetricQuery, dataset facts: DatasetFacts, fullOnly: Bool) {
        self.query = query
        self.facts = facts
        what = fullOnly ? .verifiedFull : .recoverable
        let all = facts.history.points
        var counts = [Bool](repeating: false, count: all.count)
        for (place, point) in all.enumerated() where point.isWhole {
            guard point.copies.contains(where: { !$0.standing.proofs.isEmpty }) else { continue }
            counts[place] = point.isFull || point.parent.map { counts[$0] } ?? false
        }
        points = all.indices.filter {
            counts[$0] && (!fullOnly || all[$0].isFull) && all[$0].consistencyAt <= query.end
        }
    }

    private struct Gap {
        var from: Moment
        var to: Moment
        /// The places of the points at its ends.
        var before: Int?
        var after: Int?
        var nanoseconds: Int64 { to.nanoseconds - from.nanoseconds }
        var length: Duration { to - from }
    }

    func reading() -> Reading {
        guard let known = facts.known else {
            return .nothing(
                dataset, .copies(.noRun(dataset: dataset)),
                settledBy: query.facts.backupWords(dataset))
        }
        let created = facts.created
        let begin = max(query.begin, created ?? query.begin)
        let whole = gaps(from: begin)
        // Before that instant runs may have happened that nobody wrote down: a gap is sure from it on alone. Where
        // no point counts since then it has lasted since then, so that a lost point never shortens it.
        let sure = gaps(from: max(begin, known), since: known)
        let isCovered = known <= begin
        let upper = max(value(whole), value(sure))
        let lower = value(sure)
        let worst = (isCovered || lower > query.bar ? sure : whole).first
        return Reading(
            dataset, from: lower, to: upper, detail: detail(worst, isCovered: isCovered, known: known),
            settledBy: settledBy(isCovered: isCovered, begin: begin), population: points.count,
            evidence: facts.evidence(
                of: [worst?.before, worst?.after].compactMap { $0 }.map { facts.history.points[$0] }))
    }

    private func settledBy(isCovered: Bool, begin: Moment) -> String {
        if isCovered, let tool = query.facts.plan.dataset(dataset)?.copies.by {
            return "run \(tool.rawValue) more often and read its listing in as often: "
                + query.facts.backupWords(dataset)
        }
        return isCovered
            ? "run the backups on schedule: 'lifeboat tick' from a timer, and 'lifeboat backup \(dataset)' now"
            : "history back to \(begin.text(decimals: 0)), or a person who declares the register of backups "
                + "complete for that time"
    }

    /// The gap that counts, in seconds: the longest, after as many as are tolerated.
    private func value(_ gaps: [Gap]) -> Double {
        if query.parameters.word("cadence_mode") == "bucket", let missed = missedBucket() {
            return missed ? max(gaps.first?.length.inSeconds ?? 0, query.bar + 1) : 0
        }
        let tolerated = Int(query.parameters.number("allowed_exceedances"))
        return tolerated < gaps.count ? gaps[tolerated].length.inSeconds : 0
    }

    /// Longest first; from the last point before `begin`, or from `begin`, to the end of the window.
    ///
    /// With `since`, no point before that instant is looked at, and it stands in for one that is missing.
    private func gaps(from begin: Moment, since: Moment? = nil) -> [Gap] {
        var result: [Gap] = []
        var last = since.map { min($0, begin) } ?? begin
        var before: Int?
        for place in points {
            let instant = facts.history.points[place].consistencyAt
            if let since, instant < since { continue }
            if instant > begin {
                result.append(Gap(from: last, to: instant, before: before, after: place))
            }
            last = instant
            before = place
        }
        result.append(Gap(from: last, to: query.end, before: before))
        return result.sorted { ($1.nanoseconds, $0.from) < ($0.nanoseconds, $1.from) }
    }

    private func detail(_ gap: Gap?, isCovered: Bool, known: Moment) -> Detail {
        guard let gap else { return .copies(.no(what)) }
        let stretch = Detail.copies(.gap(what, dataset: dataset, from: gap.from, to: gap.to))
        return isCovered ? stretch : stretch + .copies(.runsKnownSince(known))
    }

    /// Whether a complete calendar bucket of the bar's size has no point; `nil` for other bars.
    private func missedBucket() -> Bool? {
        guard case .parameter(let name) = query.check.bar, let unit = Buckets.Unit(rawValue: name) else {
            return nil
        }
        let created = facts.created
        return Buckets(zone: query.facts.zone).complete(
            unit, from: max(query.begin, created ?? query.begin), to: query.end
        ).contains { bucket in
            !points.contains { place in
                let instant = facts.history.points[place].consistencyAt
                return instant >= bucket.from && instant < bucket.to
            }
        }
    }
}
