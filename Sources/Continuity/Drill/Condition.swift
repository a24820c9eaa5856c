// SPDX-License-Identifier: Apache-2.0

/// A question about the run that is yes or no, or not yet known.
package indirect enum Condition: Hashable, Sendable {
    case probe(ProbeCondition)
    /// A step that has passed.
    case step(String)
    /// What a person answered, by the name it was saved under.
    case answer(String, is: String)
    /// What the company's own monitoring has raised, by the name of its rule; see ``AlertBook`` for what counts.
    case alert(String)
    case all([Condition])
    case any([Condition])
    case not(Condition)

    /// Every leaf, in written order.
    package var leaves: [Condition] {
        switch self {
        case .probe, .step, .answer, .alert: [self]
        case .all(let parts), .any(let parts): parts.flatMap(\.leaves)
        case .not(let part): part.leaves
        }
    }
}

/// A probe that has been up, or down, without a break for a while.
package struct ProbeCondition: Hashable, Sendable {
    package enum State: String, Hashable, Sendable {
        case up
        case down
    }

    package var probe: String
    package var state: State
    package var window: Duration
    /// How many samples the window must hold.
    package var minimum: Int
    /// From how many hosts it must be so.
    package var fromAtLeast: Int

    package init(probe: String, state: State, window: Duration, minimum: Int = 1, fromAtLeast: Int = 1) {
        self.probe = probe
        self.state = state
        self.window = window
        self.minimum = minimum
        self.fromAtLeast = fromAtLeast
    }
}

extension Condition {
    /// Judges the condition over what is known: true only when it is certain.
    ///
    /// `isTrue`: answers for one leaf; `nil` when it cannot be known yet.
    package func holds(_ isTrue: (Condition) -> Bool?) -> Bool? {
        switch self {
        case .probe, .step, .answer, .alert: return isTrue(self)
        case .not(let part): return part.holds(isTrue).map { !$0 }
        case .all(let parts):
            let values = parts.map { $0.holds(isTrue) }
            return values.contains(false) ? false : values.contains(nil) ? nil : true
        case .any(let parts):
            let values = parts.map { $0.holds(isTrue) }
            return values.contains(true) ? true : values.contains(nil) ? nil : false
        }
    }
}

extension Condition {
    /// The rules whose alerts it asks for.
    package var alerts: Set<String> {
        Set(leaves.compactMap { if case .alert(let name) = $0 { name } else { nil } })
    }

    /// The condition as a person says it.
    package var text: String {
        switch self {
        case .probe(let probe): "probe \(probe.probe) \(probe.state.rawValue) for \(probe.window.text)"
        case .step(let id): "step \(id) passed"
        case .answer(let name, let value): "\(name) is \(value)"
        case .alert(let name): "alert \(name) raised"
        case .all(let parts): "all of: " + parts.map(\.text).joined(separator: ", ")
        case .any(let parts): "any of: " + parts.map(\.text).joined(separator: ", ")
        case .not(let part): "not " + part.text
        }
    }
}
