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
        let done = Set(said.filter { $0.run == run.name }.map(\.person))
        let state: State =
            now > due ? .late : due - now < min(within / 4, .days(1)) ? .soon : .waiting
        return scenario.roles.filter { scenario.after.observers.contains($0.id) }.flatMap { role in
            role.people.filter { !done.contains($0) }.map { person in
                OwedRating(
                    run: run.name, scenario: scenario.id, person: person, role: role.id, dueAt: due,
                    state: state)
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
        return "\(person) \(word) a rating of \(run) as \(role): 'lifeboat drill observe … --as \(person)'"
    }
}
