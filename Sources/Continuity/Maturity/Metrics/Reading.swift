// SPDX-License-Identifier: Apache-2.0

/// A metric's value for one member of its scope: the truth lies between `lower` and `upper`.
///
/// Lengths of time are in seconds. What is not known at all has infinite bounds, so that whether a bar is
/// met, missed or undecided follows from the bounds alone, and more facts can only bring them closer.
package struct Reading: Hashable, Sendable {
    /// The dataset, the service, or what else was looked at.
    package var member: String
    package var lower: Double
    package var upper: Double
    /// What is behind the value: when, where, which.
    package var detail: Detail
    /// What would bring the bounds together, or the value up to a usual bar.
    package var settledBy: String?
    /// What the plan claims; it stands in where nothing is proven.
    package var declared: Double?
    /// Whether nothing is connected that could tell.
    package var hasNoSource: Bool
    /// Whether there was nothing to measure and the records are complete.
    package var isVacuous: Bool
    /// How many things the value was taken over.
    package var population: Int
    package var isLowSample: Bool
    /// Numbers of events.
    package var evidence: [Int]

    package init(
        _ member: String, from lower: Double, to upper: Double, detail: Detail, settledBy: String? = nil,
        declared: Double? = nil, hasNoSource: Bool = false, isVacuous: Bool = false, population: Int = 1,
        isLowSample: Bool = false, evidence: [Int] = []
    ) {
        self.member = member
        self.lower = lower
        self.upper = upper
        self.detail = detail
        self.settledBy = settledBy
        self.declared = declared
        self.hasNoSource = hasNoSource
        self.isVacuous = isVacuous
        self.population = population
        self.isLowSample = isLowSample
        self.evidence = evidence
    }

    /// A value known exactly.
    static func exactly(
        _ member: String, _ value: Double, detail: Detail, settledBy: String? = nil, population: Int = 1,
        evidence: [Int] = []
    ) -> Reading {
        Reading(
            member, from: value, to: value, detail: detail, settledBy: settledBy, population: population,
            evidence: evidence)
    }

    /// Nothing is known.
    static func nothing(_ member: String, _ detail: Detail, settledBy: String) -> Reading {
        Reading(
            member, from: -.infinity, to: .infinity, detail: detail, settledBy: settledBy, hasNoSource: true,
            population: 0)
    }
}

/// What a metric's numbers are.
package enum MetricUnit: Hashable, Sendable {
    case seconds
    /// A share of one.
    case ratio
    /// A count of things, such as `drills`.
    case count(String)
    /// 0 same facility, 1 same city, 2 remote; or a standby's readiness.
    case rank

    /// A value as a person reads it.
    package func text(_ value: Double) -> String {
        if value == .infinity { return "no end" }
        if value == -.infinity { return "unknown" }
        switch self {
        case .seconds: return Duration(roundedSeconds: min(value, 9e9)).text
        case .ratio: return Self.percent(value)
        case .count(let noun): return "\(ParameterValue.plain(value)) \(noun)"
        case .rank: return ParameterValue.plain(value)
        }
    }

    /// Bounds as a person reads them.
    package func text(from lower: Double, to upper: Double) -> String {
        if lower == upper { return text(lower) }
        if lower == -.infinity, upper == .infinity { return "unknown" }
        if upper == .infinity { return "at least \(text(lower))" }
        if lower == -.infinity { return "at most \(text(upper))" }
        return "\(text(lower)) to \(text(upper))"
    }

    private static func percent(_ share: Double) -> String {
        let thousandths = (share * 100_000).rounded() / 1_000
        return "\(ParameterValue.plain(thousandths)) %"
    }
}
