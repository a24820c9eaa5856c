// SPDX-License-Identifier: Apache-2.0

/// A question that facts can answer for each member of a scope.
package struct Metric: Sendable {
    package let name: String
    package let unit: MetricUnit
    /// Whether a check must say whom to look at.
    package let needsScope: Bool
    /// What it is read from.
    package let facts: [Fact]
    package let meaning: String
    let read: @Sendable (MetricQuery) -> [Reading]
    /// The same for one dataset, where it is read from the dataset's own history alone.
    let readDataset: (@Sendable (MetricQuery, DatasetFacts) -> Reading)?

    init(
        _ name: String, _ unit: MetricUnit, scoped: Bool = false, from facts: [Fact], _ meaning: String,
        read: @escaping @Sendable (MetricQuery) -> [Reading]
    ) {
        self.name = name
        self.unit = unit
        needsScope = scoped
        self.facts = facts
        self.meaning = meaning
        self.read = read
        readDataset = nil
    }

    /// A metric of datasets, each by its own history.
    init(
        _ name: String, _ unit: MetricUnit, from facts: [Fact], _ meaning: String,
        each: @escaping @Sendable (MetricQuery, DatasetFacts) -> Reading
    ) {
        self.name = name
        self.unit = unit
        needsScope = true
        self.facts = facts
        self.meaning = meaning
        read = { query in
            query.members.map {
                query.facts.digests[$0]?.readings[query.check] ?? each(query, query.facts.dataset($0))
            }
        }
        readDataset = each
    }
}

/// What a metric is asked: whose facts, which check, over which window.
struct MetricQuery: Sendable {
    let facts: GradeFacts
    let check: Check
    let parameters: GradeParameters
    let begin: Moment

    /// `begin` is that of the window; `nil` takes the length that the parameters say.
    init(facts: GradeFacts, check: Check, parameters: GradeParameters, from begin: Moment? = nil) {
        self.facts = facts
        self.check = check
        self.parameters = parameters
        self.begin = begin ?? facts.asOf - parameters.duration("window")
    }

    var end: Moment { facts.asOf }
    var members: [String] { check.scope.map(facts.members) ?? [] }
    /// The bar with its grace.
    var bar: Double { parameters.value(of: check.bar) + grace }
    var grace: Double { check.grace.map(parameters.value) ?? 0 }
    /// How old the newest point of a store may be.
    var staleness: Duration {
        Duration(roundedSeconds: check.staleness.map(parameters.value).reduce(0, +))
    }
}

/// Every metric that a model may name.
package enum MetricRegistry {
    package static let all: [Metric] = [
        backup, drills, recovery, people, incidents, agreements, changes, pipelines, availability,
        resilience,
    ].flatMap { $0 }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }

    package static var names: [String] { all.map(\.name) }

    package static func metric(_ name: String) -> Metric? { byName[name] }
}
