// SPDX-License-Identifier: Apache-2.0

/// When each step of a scenario is expected to begin and end, and which steps decide the whole length.
///
/// The engine runs one step at a time, in written order; the critical path is that of the needs, so it says
/// what would have to become faster.
package struct DrillTimeline: Hashable, Sendable {
    package struct Slot: Hashable, Sendable {
        package var step: String
        package var begin: Duration
        package var length: Duration
        /// Where the length comes from.
        package var source: Source
    }

    package enum Source: String, Hashable, Sendable {
        /// The median of earlier runs.
        case history
        /// The scenario's `expect`.
        case expected
        /// Nobody said: a second for a mark, ten for a command.
        case guessed
    }

    package let slots: [Slot]
    /// From the first of them to the last.
    package let criticalPath: [String]

    package var length: Duration {
        slots.last.map { $0.begin + $0.length } ?? .zero
    }

    /// `history`: lengths of each step in earlier runs.
    package init(_ scenario: Scenario, history: [String: [Duration]] = [:]) {
        var slots: [Slot] = []
        var at = Duration.zero
        var lengths: [String: Duration] = [:]
        for step in scenario.steps where step.isIn(scenario.mode) {
            let (length, source) = Self.length(of: step, history[step.id] ?? [])
            slots.append(Slot(step: step.id, begin: at, length: length, source: source))
            lengths[step.id] = length
            at += length
        }
        self.slots = slots
        criticalPath = Self.criticalPath(scenario, lengths)
    }

    private static func length(of step: Step, _ history: [Duration]) -> (Duration, Source) {
        if !history.isEmpty { return (history.sorted()[history.count / 2], .history) }
        if let expect = step.expect { return (expect, .expected) }
        switch step.verb {
        case .human(let question), .decision(let question): return (question.expect, .expected)
        case .approve: return (.minutes(5), .guessed)
        case .mark, .inject, .group: return (.zero, .guessed)
        case .fault(let fault) where fault.host == nil: return (.zero, .guessed)
        case .waitFor(let condition, _): return (condition.longestWindow + .seconds(5), .guessed)
        case .restore, .backup: return (.minutes(5), .guessed)
        case .verify: return (.minutes(1), .guessed)
        case .run, .script, .shell, .sql, .fault, .check, .clean, .notify: return (.seconds(10), .guessed)
        }
    }

    /// The longest way through the needs.
    private static func criticalPath(_ scenario: Scenario, _ lengths: [String: Duration]) -> [String] {
        var ends: [String: (end: Duration, before: String?)] = [:]
        var left = Array(scenario.steps.indices)
        while true {
            let ready = left.filter { scenario.needs(of: $0).allSatisfy { ends[$0] != nil } }
            guard !ready.isEmpty else { break }
            for index in ready {
                let before = scenario.needs(of: index).max {
                    (ends[$0]?.end ?? .zero) < (ends[$1]?.end ?? .zero)
                }
                let begin = before.flatMap { ends[$0]?.end } ?? .zero
                let step = scenario.steps[index].id
                ends[step] = (begin + (lengths[step] ?? .zero), before)
            }
            left.removeAll(where: ready.contains)
        }
        var path: [String] = []
        var step = ends.max { ($0.value.end, $1.key) < ($1.value.end, $0.key) }?.key
        while let current = step {
            if (lengths[current] ?? .zero) > .zero { path.append(current) }
            step = ends[current]?.before
        }
        return path.reversed()
    }
}

extension Condition {
    var longestWindow: Duration {
        leaves.compactMap { if case .probe(let probe) = $0 { probe.window } else { nil } }.max() ?? .zero
    }
}
