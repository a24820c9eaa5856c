// SPDX-License-Identifier: Apache-2.0

/// Shares and counts over things that happened in the window.
struct EventMeasurement<Value: Hashable & Sendable> {
    let noun: Counted
    let all: [Numbered<Value>]
    /// Whether everything of the window is known, so that absence is a fact.
    let isComplete: Bool
    let settledBy: String
    /// Fewer make a rate a low sample.
    var enough = 0

    /// The share of those that hold; nothing to measure is met without a case when the records are complete.
    func share(
        best: Double = 1, of population: (Value) -> Bool = { _ in true }, where holds: (Value) -> Bool
    ) -> Reading {
        let some = all.filter { population($0.value) }
        guard !some.isEmpty else {
            return isComplete
                ? Reading(
                    noun.rawValue, from: best, to: best,
                    detail: .books(.noneConcerned(of: all.count, noun)),
                    isVacuous: true, population: 0)
                : .nothing(
                    noun.rawValue, .books(.noneOnRecord(noun)),
                    settledBy: settledBy)
        }
        let failing = some.filter { !holds($0.value) }
        let share = Double(some.count - failing.count) / Double(some.count)
        return Reading(
            noun.rawValue, from: share, to: share,
            detail: .books(.some(some.count - failing.count, of: some.count, noun)),
            settledBy: settledBy, population: some.count, isLowSample: some.count < enough,
            evidence: (failing.isEmpty ? some : failing).map(\.number))
    }

    /// The share of those that hold, where of some nobody can say: it lies between none of these and all.
    func share(of population: (Value) -> Bool = { _ in true }, judging: (Value) -> Bool?) -> Reading {
        var reading = share(of: population) { judging($0) == true }
        let some = all.filter { population($0.value) }
        let open = some.filter { judging($0.value) == nil }.count
        if !some.isEmpty, open > 0 {
            reading.upper = reading.lower + Double(open) / Double(some.count)
            reading.detail = reading.detail + .books(.undecided(open))
        }
        return reading
    }

    /// How many hold; more may be unknown while the records are not complete.
    func count(where holds: (Value) -> Bool) -> Reading {
        let some = all.filter { holds($0.value) }
        let count = Double(some.count)
        let detail = Detail.books(.some(some.count, of: all.count, noun))
        return Reading(
            noun.rawValue, from: count, to: isComplete ? count : .infinity,
            detail: isComplete ? detail : detail + .books(.recordsAreOpen),
            settledBy: settledBy, hasNoSource: !isComplete && all.isEmpty, population: all.count,
            evidence: some.map(\.number))
    }

    /// The later half's count less that of the earlier; unknown while the records are not complete.
    func growth(middle: Moment, at time: (Value) -> Moment, where holds: (Value) -> Bool = { _ in true })
        -> Reading
    {
        let some = all.filter { holds($0.value) }
        let late = some.filter { time($0.value) >= middle }.count
        let early = some.count - late
        guard isComplete else {
            return .nothing(noun.rawValue, .books(.recordsOfAreOpen(noun)), settledBy: settledBy)
        }
        return .exactly(
            noun.rawValue, Double(late - early), detail: .trends(.halves(early: early, late: late, noun)),
            settledBy: "fewer \(noun.rawValue)", population: some.count, evidence: some.map(\.number))
    }
}

extension MetricQuery {
    func within(_ moment: Moment) -> Bool { moment >= begin && moment <= end }

    var middle: Moment { begin + .nanoseconds((end - begin).wholeNanoseconds / 2) }

    func incidents(_ population: (Incident) -> Bool = { _ in true }) -> EventMeasurement<Incident> {
        EventMeasurement(
            noun: .incidents,
            all: facts.incidents.filter { within($0.value.begunAt) && population($0.value) },
            isComplete: facts.isComplete(ImportBatch.Register.incidents, from: begin, to: end),
            settledBy: "incidents recorded with 'lifeboat incident' or imported with the time they cover")
    }

    func changes() -> EventMeasurement<Change> {
        EventMeasurement(
            noun: .changes,
            all: facts.changes.filter {
                within($0.value.implementedAt) && (check.kind == nil || $0.value.kind.rawValue == check.kind)
            },
            isComplete: facts.isComplete(ImportBatch.Register.changes, from: begin, to: end),
            settledBy: "changes imported with the time they cover",
            enough: max(Int(parameters.number("min_changes")), enoughForBar))
    }

    /// Under so many a rate below the bar cannot be told from none at all: 1000 for a bar of 0.1 %.
    private var enoughForBar: Int {
        let bar = parameters.value(of: check.bar)
        return check.comparison == .below && bar > 0 && bar < 1 ? Int((1 / bar).rounded(.up)) : 0
    }
}
