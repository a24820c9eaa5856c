// SPDX-License-Identifier: Apache-2.0

/// A rating that somebody who watched a closed run has still to give.
package struct OwedRating: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case waiting
        /// Less than a quarter of the time is left, a day at most.
        case soon
        case late
    }

    package var run: String
    package var scenario: String
    package var person: String
    package var role: String
    package var dueAt: Moment
    package var state: State
    /// What is still to be rated; empty when any one rating of the run will do.
    package var objectives: [String]
}

extension OwedRating {
    /// Who has still to rate a run, in the order of the scenario's roles.
    ///
    /// Deputies owe nothing: they rate where they watched. A scenario without a deadline reminds nobody.
    ///
    /// - Parameters:
    ///   - run: the closed run and its end.
    ///   - scenario: what was drilled.
    ///   - said: what was said so far, of any run.
    ///   - now: from where the deadline is looked at.
    /// - Returns: nothing when everybody has said something.
    package static func all(
        of run: (name: String, endedAt: Moment), _ scenario: Scenario, said: [DrillObservation],
        at now: Moment
    ) -> [OwedRating] {
        guard let within = scenario.after.observationsWithin else { return [] }
        let due = run.endedAt + within
        let ratings = said.filter { $0.run == run.name }
        let state: State =
            now > due ? .late : due - now < min(within / 4, .days(1)) ? .soon : .waiting
        return scenario.roles.filter { scenario.after.observers.contains($0.id) }.flatMap { role in
            role.people.compactMap { person -> OwedRating? in
                let done = ratings.filter { $0.person == person }.map(\.objective)
                let left = scenario.ratedObjectives.filter { !done.contains($0) }
                guard scenario.after.ratesEachObjective ? !left.isEmpty : done.isEmpty else { return nil }
                return OwedRating(
                    run: run.name, scenario: scenario.id, person: person, role: role.id, dueAt: due,
                    state: state, objectives: scenario.after.ratesEachObjective ? left : [])
            }
        }
    }

    /// The reminder as the person reads it.
    package var text: String {
        let word =
            switch state {
            case .waiting: "owes"
            case .soon: "owes, and soon,"
            case .late: "is late with"
            }
        let what = objectives.isEmpty ? run : "\(objectives.joined(separator: ", ")) in \(run)"
        return "\(person) \(word) a rating of \(what) as \(role): 'lifeboat drill observe … --as \(person)'"
    }
}

extension Scenario {
    /// What is rated objective by objective: its own objectives, or its services' where it has none.
    package var ratedObjectives: [String] {
        objectives.isEmpty
            ? services.flatMap { DrillObservation.keys(of: $0) } : objectives.map(\.id)
    }
}
