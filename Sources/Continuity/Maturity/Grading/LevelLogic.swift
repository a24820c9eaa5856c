// SPDX-License-Identifier: Apache-2.0

extension CriterionState {
    /// Kleene's and: one failure decides, then one unknown.
    package static func all(_ states: some Sequence<CriterionState>) -> CriterionState {
        var result = CriterionState.met
        for state in states {
            switch state {
            case .notMet, .waived: return .notMet
            case .unknown: result = .unknown
            case .met: continue
            }
        }
        return result
    }

    /// Kleene's or: one success decides, then one unknown.
    package static func any(_ states: some Sequence<CriterionState>) -> CriterionState {
        var result = CriterionState.notMet
        for state in states {
            switch state {
            case .met: return .met
            case .unknown: result = .unknown
            case .notMet, .waived: continue
            }
        }
        return result
    }
}

/// From the states of a dimension's criteria to its levels (maturity/notes.md, section 2).
package struct LevelLogic: Sendable {
    package let dimension: ModelDimension
    package let profile: GradeProfile
    /// Pairs of a criterion and one it does not stand in for, whatever the model says.
    package let severed: Set<SupersedePair>
    private let above: [String: [String]]

    package init(_ dimension: ModelDimension, profile: GradeProfile, severed: Set<SupersedePair> = []) {
        self.dimension = dimension
        self.profile = profile
        self.severed = severed
        var above: [String: [String]] = [:]
        for criterion in dimension.criteria where profile == .strict || !criterion.isExtension {
            for lower in criterion.supersedes
            where !severed.contains(SupersedePair(upper: criterion.id, lower: lower)) {
                above[lower, default: []].append(criterion.id)
            }
        }
        self.above = above
    }

    /// Which levels hold, and how far that reaches.
    package struct Outcome: Hashable, Sendable {
        /// Level 1 first.
        package var levels: [CriterionState]
        package var confirmed: Int
        package var possible: Int
    }

    /// The state that counts: its own, or that of what supersedes it.
    package func effective(
        _ id: String, _ states: [String: CriterionState]
    ) -> (state: CriterionState, by: String?) {
        let own = states[id] ?? .unknown
        if own == .met { return (.met, nil) }
        var result = own == .waived ? .notMet : own
        var by: String?
        for upper in above[id] ?? [] {
            let other = effective(upper, states)
            if other.state == .met { return (.met, other.by ?? upper) }
            if other.state == .unknown, result == .notMet {
                result = .unknown
                by = upper
            }
        }
        return (result, by)
    }

    package func outcome(_ states: [String: CriterionState]) -> Outcome {
        let own = MaturityModel.levels.map { level in
            CriterionState.all(
                dimension.required(at: level, profile: profile).map { effective($0.id, states).state })
        }
        var levels = own
        if dimension.mode == .restating {
            for place in levels.indices.reversed().dropFirst() {
                levels[place] = .any([own[place], levels[place + 1]])
            }
        }
        return Outcome(
            levels: levels, confirmed: levels.prefix { $0 == .met }.count,
            possible: levels.prefix { $0 != .notMet }.count)
    }

    /// What keeps a level from holding: what is not met first, then what is unknown.
    package func blockers(of level: Int, _ states: [String: CriterionState]) -> [String] {
        guard MaturityModel.levels.contains(level) else { return [] }
        let open = dimension.required(at: level, profile: profile).map {
            (id: $0.id, state: effective($0.id, states).state)
        }
        return open.filter { $0.state == .notMet }.map(\.id) + open.filter { $0.state == .unknown }.map(\.id)
    }
}

/// A criterion and one that it would stand in for.
package struct SupersedePair: Hashable, Sendable {
    package var upper: String
    package var lower: String

    package init(upper: String, lower: String) {
        self.upper = upper
        self.lower = lower
    }
}
