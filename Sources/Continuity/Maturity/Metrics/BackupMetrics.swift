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
    private let dataset: String
    private let what: String
    /// Points that count, by their consistency times.
    private let points: [CopyBook.Point]

    init(_ query: MetricQuery, dataset: String, fullOnly: Bool) {
        self.query = query
        self.dataset = dataset
        what = fullOnly ? "verified full point" : "recoverable point"
        let all = query.facts.points(of: dataset)
        var counted: Set<String> = []
        for point in all where point.isWhole && point.copies.values.contains(where: { !$0.proofs.isEmpty }) {
            if point.kind == .full || point.parent.map(counted.contains) ?? false {
                counted.insert(point.name)
            }
        }
        points = all.filter {
            counted.contains($0.name) && (!fullOnly || $0.kind == .full) && $0.consistencyAt <= query.end
        }
    }

    private struct Gap {
        var from: Moment
        var to: Moment
        var points: [String]
        var length: Duration { to - from }
    }

    func reading() -> Reading {
        guard let known = query.facts.known(dataset: dataset) else {
            return .nothing(
                dataset, "no run of \(dataset) was ever recorded",
                settledBy: query.facts.backupWords(dataset))
        }
        let created = query.facts.created(dataset: dataset)
        let begin = max(query.begin, created ?? query.begin)
        let whole = gaps(from: begin)
        // Before that instant runs may have happened that nobody wrote down: the gaps are only a bound.
        let sure = known <= begin ? whole : gaps(from: max(begin, known))
        let isCovered = known <= begin
        let upper = value(whole)
        let lower = isCovered ? upper : min(value(sure), upper)
        let worst = (isCovered || lower > query.bar ? sure : whole).first
        return Reading(
            dataset, from: lower, to: upper, detail: detail(worst, isCovered: isCovered, known: known),
            settledBy: settledBy(isCovered: isCovered, begin: begin), population: points.count,
            evidence: query.facts.numbers(of: worst?.points ?? [], in: dataset))
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
    private func gaps(from begin: Moment) -> [Gap] {
        var result: [Gap] = []
        var last = begin
        var name: String?
        for point in points {
            if point.consistencyAt <= begin {
                last = point.consistencyAt
            } else {
                result.append(
                    Gap(from: last, to: point.consistencyAt, points: [name, point.name].compactMap { $0 }))
                last = point.consistencyAt
            }
            name = point.name
        }
        result.append(Gap(from: last, to: query.end, points: [name].compactMap { $0 }))
        return result.sorted { ($1.length, $0.from) < ($0.length, $1.from) }
    }

    private func detail(_ gap: Gap?, isCovered: Bool, known: Moment) -> String {
        guard let gap else { return "no \(what)" }
        let stretch =
            "no \(what) of \(dataset) between \(gap.from.text(decimals: 0)) and \(gap.to.text(decimals: 0)) "
            + "(\(gap.length.text))"
        return isCovered ? stretch : stretch + "; runs are known since \(known.text(decimals: 0)) only"
    }

    /// Whether a complete calendar bucket of the bar's size has no point; `nil` for other bars.
    private func missedBucket() -> Bool? {
        guard case .parameter(let name) = query.check.bar, let unit = Buckets.Unit(rawValue: name) else {
            return nil
        }
        let created = query.facts.created(dataset: dataset)
        return Buckets(zone: query.facts.zone).complete(
            unit, from: max(query.begin, created ?? query.begin), to: query.end
        ).contains { bucket in
            !points.contains { $0.consistencyAt >= bucket.from && $0.consistencyAt < bucket.to }
        }
    }
}
