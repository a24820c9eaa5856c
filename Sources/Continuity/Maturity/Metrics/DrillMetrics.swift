// SPDX-License-Identifier: Apache-2.0
import Foundation

extension MetricRegistry {
    /// Table 14, drills and exercises.
    static let drills: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "drill_count", .count("drills"), from: [.drills, .registerClaims],
                "exercises of the named kinds that count, in the window"
            ) { query in [DrillMeasurement(query).count()] })
        all.append(
            Metric(
                "drill_min_per_quarter", .count("drills"), from: [.drills, .registerClaims],
                "the fewest exercises of the named kinds in any of the last complete quarters"
            ) { query in [DrillMeasurement(query).fewest(in: .quarter)] })
        all.append(
            Metric(
                "drill_min_per_month", .count("drills"), from: [.drills, .registerClaims],
                "the fewest exercises of the named kinds in any complete month of the window"
            ) { query in [DrillMeasurement(query).fewest(in: .month)] })
        all.append(
            Metric(
                "unannounced_drill_count", .count("drills"), from: [.drills, .registerClaims],
                "unannounced exercises of the named kinds that count, in the window"
            ) { query in [DrillMeasurement(query) { !$0.run.isAnnounced }.count()] })
        all.append(
            Metric(
                "drill_reported_share", .ratio, from: [.drills],
                "the share of the drills held in the window whose report was written"
            ) { query in [DrillMeasurement(query).reported()] })
        all.append(
            Metric(
                "exercised_share", .ratio, scoped: true, from: [.drills, .services, .registerClaims],
                "the share of the services that took part in an exercise of the named kinds"
            ) { query in
                DrillMeasurement(query).share { service, drill in
                    drill.run.services.contains { $0.service == service }
                }
            })
        all.append(
            Metric(
                "targets_met_share", .ratio, scoped: true, from: [.drills, .services, .registerClaims],
                "the share of the services that met both objectives in an exercise of the named kinds"
            ) { query in
                DrillMeasurement(query).share { service, drill in
                    drill.run.services.contains {
                        $0.service == service && $0.recoveryTimeVerdict == .met
                            && $0.recoveryPointVerdict == .met
                    }
                }
            })
        return all
    }()
}

/// The exercises that count for one check.
struct DrillMeasurement {
    private let query: MetricQuery
    private let core: [String]
    private let filter: (HeldDrill) -> Bool

    init(_ query: MetricQuery, where filter: @escaping (HeldDrill) -> Bool = { _ in true }) {
        self.query = query
        self.filter = filter
        core = query.facts.members(of: .core)
    }

    private func isOfKind(_ drill: HeldDrill, _ types: [Exercise]) -> Bool {
        types.contains(drill.exercise(core: core)) && filter(drill)
    }

    private func counted(_ types: [Exercise], from begin: Moment, to end: Moment) -> [HeldDrill] {
        query.facts.drills.filter {
            isOfKind($0, types) && $0.flaw == nil && $0.run.endedAt >= begin && $0.run.endedAt < end
        }
    }

    private var allCounted: [HeldDrill] {
        counted(query.check.types, from: query.begin, to: query.end + .nanoseconds(1))
    }

    /// The drills that would count if it were not for a flaw, for the person who wonders.
    private var flawed: Detail? {
        let flawed = query.facts.drills.filter {
            isOfKind($0, query.check.types) && $0.flaw != nil && $0.run.endedAt >= query.begin
        }
        guard let last = flawed.last, let flaw = last.flaw else { return nil }
        return .drills(.flawed(run: last.run.run, flaw))
    }

    private var kinds: String { query.check.types.map(\.rawValue).joined(separator: ", ") }

    private var settledBy: String {
        "a drill of kind \(kinds) with people present and its report written"
    }

    // MARK: - Counts

    func count() -> Reading {
        let counted = allCounted
        var value = Double(counted.count)
        if query.parameters.flag("l2_each_type"), query.check.types.contains(.deskCheck) {
            let pair: [Exercise] = [.deskCheck, .walkthrough]
            value = pair.map { kind in Double(counted.filter { $0.run.exercise == kind }.count) }.min() ?? 0
        }
        let isComplete = query.facts.isComplete(.drills, from: query.begin, to: query.end)
        var detail = Detail.drills(.counted(counted.count, query.check.types))
        if let flawed { detail = detail + flawed }
        if !isComplete { detail = detail + .drills(.registerIsOpen) }
        return Reading(
            "drills", from: value, to: isComplete ? value : .infinity, detail: detail, settledBy: settledBy,
            hasNoSource: !isComplete && counted.isEmpty && flawed == nil, population: counted.count,
            evidence: counted.flatMap(\.numbers))
    }

    func fewest(in unit: Buckets.Unit) -> Reading {
        let buckets = Buckets(zone: query.facts.zone)
        let stretches =
            unit == .quarter
            ? buckets.last(Int(query.parameters.number("complete_quarters")), .quarter, before: query.end)
            : buckets.complete(unit, from: query.begin, to: query.end)
        let isProgramme = query.parameters.word("drill_cadence") == "programme" && unit == .quarter
        let types = isProgramme ? Exercise.allCases : query.check.types
        var readings = stretches.map { stretch -> Reading in
            let counted = counted(types, from: stretch.from, to: stretch.to)
            let isComplete = query.facts.isComplete(.drills, from: stretch.from, to: stretch.to)
            return Reading(
                stretch.name, from: Double(counted.count), to: isComplete ? Double(counted.count) : .infinity,
                detail: .drills(.inStretch(counted.count, name: stretch.name)),
                hasNoSource: !isComplete && counted.isEmpty,
                evidence: counted.flatMap(\.numbers))
        }
        if isProgramme { readings.append(count()) }
        return fewest(readings)
    }

    private func fewest(_ readings: [Reading]) -> Reading {
        guard let worst = readings.min(by: { ($0.lower, $0.upper) < ($1.lower, $1.upper) }) else {
            return .nothing("drills", .drills(.noStretch), settledBy: settledBy)
        }
        let empty = readings.filter { $0.lower < 1 }.map(\.member)
        var detail = Detail.drills(
            empty.isEmpty ? .fewest(worst.detail) : .noneIn(empty, query.check.types))
        if let flawed { detail = detail + flawed }
        return Reading(
            "drills", from: worst.lower, to: readings.map(\.upper).min() ?? .infinity, detail: detail,
            settledBy: settledBy, hasNoSource: readings.allSatisfy(\.hasNoSource), population: readings.count,
            evidence: readings.flatMap(\.evidence))
    }

    func reported() -> Reading {
        let held = query.facts.drills.filter { $0.wasHeld && $0.run.endedAt >= query.begin }
        guard !held.isEmpty else {
            return .nothing("drills", .drills(.noneHeld), settledBy: settledBy)
        }
        let missing = held.filter { $0.reportedAt == nil }
        return Reading.exactly(
            "drills", Double(held.count - missing.count) / Double(held.count),
            detail: .drills(.unreported(missing.map(\.run.run))),
            settledBy: "lifeboat drill report RUN", population: held.count, evidence: held.flatMap(\.numbers))
    }

    // MARK: - Shares of services

    func share(where holds: (String, HeldDrill) -> Bool) -> [Reading] {
        let members = query.members
        guard !members.isEmpty else { return [] }
        let counted = allCounted
        let missing = members.filter { member in !counted.contains { holds(member, $0) } }
        let isComplete = query.facts.isComplete(.drills, from: query.begin, to: query.end)
        let share = Double(members.count - missing.count) / Double(members.count)
        return [
            Reading(
                "services", from: share, to: isComplete ? share : 1, detail: .missing(missing),
                settledBy: settledBy,
                hasNoSource: !isComplete && counted.isEmpty, population: members.count,
                evidence: counted.flatMap(\.numbers))
        ]
    }
}
