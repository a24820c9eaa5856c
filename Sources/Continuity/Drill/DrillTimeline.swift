// SPDX-License-Identifier: Apache-2.0

/// When each step of a scenario is expected to begin and end, and which steps decide the whole length.
///
/// Each step begins as soon as all that it needs has ended, as the engine runs them.
package struct DrillTimeline: Hashable, Sendable {
    package struct Slot: Hashable, Sendable {
        package var step: String
        package var begin: Duration
        package var length: Duration
        /// Where the length comes from.
        package var source: Source

        package var end: Duration { begin + length }
    }

    package enum Source: String, Hashable, Sendable {
        /// The median of earlier runs.
        case history
        /// The scenario's `expect`.
        case expected
        /// Nobody said: a second for a mark, ten for a command.
        case guessed
    }

    /// The steps of the scenario's mode, in written order.
    package let slots: [Slot]
    /// From the first of them to the last.
    package let criticalPath: [String]
    private let scenario: Scenario

    /// From the begin of the first step to the end of the last.
    package var length: Duration {
        slots.map(\.end).max() ?? .zero
    }

    /// The slots as they begin; those that begin together in written order.
    package var slotsByBegin: [Slot] {
        zip(slots, slots.indices).sorted { ($0.0.begin, $0.1) < ($1.0.begin, $1.1) }.map(\.0)
    }

    /// `history`: lengths of each step in earlier runs.
    package init(_ scenario: Scenario, history: [String: [Duration]] = [:]) {
        var lengths: [String: (length: Duration, source: Source)] = [:]
        for step in scenario.steps where step.isIn(scenario.mode) {
            lengths[step.id] = Self.length(of: step, history[step.id] ?? [])
        }
        Self.addWaits(of: scenario, to: &lengths)
        let ways = Self.ways(scenario, lengths.mapValues(\.length))
        slots = scenario.steps.compactMap { step in
            guard let known = lengths[step.id], let way = ways[step.id] else { return nil }
            return Slot(
                step: step.id, begin: way.end - known.length, length: known.length, source: known.source)
        }
        criticalPath = Self.path(ways, lengths.mapValues(\.length))
        self.scenario = scenario
    }

    /// What is still to come.
    ///
    /// - Parameters:
    ///   - ended: the steps that have ended.
    ///   - elapsed: for how long those under way have been going on.
    /// - Returns: its length, and the steps that decide it.
    package func left(ended: Set<String>, elapsed: [String: Duration] = [:]) -> (
        length: Duration, path: [String]
    ) {
        var lengths: [String: Duration] = [:]
        for slot in slots where !ended.contains(slot.step) {
            lengths[slot.step] = max(.zero, slot.length - (elapsed[slot.step] ?? .zero))
        }
        let ways = Self.ways(scenario, lengths)
        return (ways.values.map(\.end).max() ?? .zero, Self.path(ways, lengths))
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

    /// News that comes at its own time of the story waits for it, unless earlier runs say how long.
    private static func addWaits(
        of scenario: Scenario, to lengths: inout [String: (length: Duration, source: Source)]
    ) {
        guard let pace = scenario.pace, pace.driver == nil, let first = scenario.storyTimes.first else {
            return
        }
        for (step, time) in scenario.storyTimes.dropFirst() {
            guard let known = lengths[step], known.source != .history else { continue }
            let ways = ways(scenario, lengths.mapValues(\.length))
            guard let told = ways[first.step]?.end, let ready = ways[step]?.end else { continue }
            let due = told + (time.sinceMidnight - first.time.sinceMidnight) / pace.scale
            lengths[step] = (max(.zero, due - (ready - known.length)), .expected)
        }
    }

    // MARK: - The longest way through the needs

    private struct Way {
        var end: Duration
        /// The need that ends last.
        var before: String?
    }

    /// The longest way to the end of each step; one without a length ends with what it needs.
    private static func ways(_ scenario: Scenario, _ lengths: [String: Duration]) -> [String: Way] {
        var ways: [String: Way] = [:]
        var left = Array(scenario.steps.indices)
        while true {
            let ready = left.filter { scenario.needs(of: $0).allSatisfy { ways[$0] != nil } }
            guard !ready.isEmpty else { return ways }
            for index in ready {
                let before = scenario.needs(of: index).max {
                    (ways[$0]?.end ?? .zero) < (ways[$1]?.end ?? .zero)
                }
                let begin = before.flatMap { ways[$0]?.end } ?? .zero
                let step = scenario.steps[index].id
                ways[step] = Way(end: begin + (lengths[step] ?? .zero), before: before)
            }
            left.removeAll(where: ready.contains)
        }
    }

    private static func path(_ ways: [String: Way], _ lengths: [String: Duration]) -> [String] {
        var path: [String] = []
        var step = ways.max { ($0.value.end, $1.key) < ($1.value.end, $0.key) }?.key
        while let current = step {
            if (lengths[current] ?? .zero) > .zero { path.append(current) }
            step = ways[current]?.before
        }
        return path.reversed()
    }
}

extension Condition {
    var longestWindow: Duration {
        leaves.compactMap { if case .probe(let probe) = $0 { probe.window } else { nil } }.max() ?? .zero
    }
}
