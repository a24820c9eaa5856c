// SPDX-License-Identifier: Apache-2.0

/// A stretch of one probe's schedule at one vantage point in which every planned instant had the same answer.
///
/// The planned instants are exactly `firstAt`, `firstAt + period`, … , `count` of them: nothing is averaged
/// and nothing is left out. A run ends at each change, at each full hour of UTC, and where the schedule began
/// anew. Instants at which the prober was away are runs of `.unknown`.
package struct ProbeRun: Hashable, Sendable, Codable {
    package typealias State = DrillSample.State

    /// The vantage point of probes that the orchestrator asks by itself.
    package static let orchestrator = "orchestrator"

    package var probe: String
    /// The host it was asked from, or `orchestrator`.
    package var vantage: String
    package var state: State
    /// The first planned instant, on the orchestrator's wall clock.
    package var firstAt: Moment
    package var periodNs: Int
    package var count: Int
    /// How far every instant may be off, to either side, by the clock exchange with the vantage point.
    ///
    /// Lengths of time within a run are not touched by it.
    package var boundNs: Int
    /// From the first planned instant to the begin of its sample, and to its end; 0 when none was taken.
    package var firstBegunNs: Int
    package var firstEndedNs: Int
    /// The same for the last planned instant.
    package var lastBegunNs: Int
    package var lastEndedNs: Int
    /// The longest time from the begin of a sample to its end.
    package var slowestNs: Int
    /// Why, in the prober's word for the first sample, such as `200` or `timeout`; `nil` when none was taken.
    package var word: String?

    package init(
        probe: String, vantage: String, state: State, firstAt: Moment, periodNs: Int, count: Int,
        boundNs: Int = 0, firstBegunNs: Int = 0, firstEndedNs: Int = 0, lastBegunNs: Int = 0,
        lastEndedNs: Int = 0, slowestNs: Int = 0, word: String? = nil
    ) {
        self.probe = probe
        self.vantage = vantage
        self.state = state
        self.firstAt = firstAt
        self.periodNs = periodNs
        self.count = count
        self.boundNs = boundNs
        self.firstBegunNs = firstBegunNs
        self.firstEndedNs = firstEndedNs
        self.lastBegunNs = lastBegunNs
        self.lastEndedNs = lastEndedNs
        self.slowestNs = slowestNs
        self.word = word
    }

    package var period: Duration { .nanoseconds(periodNs) }

    /// The planned instant number `index`, counted from 0.
    package func plannedAt(_ index: Int) -> Moment {
        Moment(nanoseconds: firstAt.nanoseconds + Int64(index) * Int64(periodNs))
    }

    /// The last planned instant.
    package var lastAt: Moment { plannedAt(count - 1) }

    /// The planned instant that follows the run: each instant stands for the period after it.
    package var endsAt: Moment { plannedAt(count) }

    /// Every planned instant, in order.
    package var plannedInstants: some Sequence<Moment> {
        (0..<max(0, count)).lazy.map(plannedAt)
    }

    /// When the first sample was taken, not before and not after.
    package var firstSampled: MomentRange { sampled(plannedAt(0), firstBegunNs, firstEndedNs) }

    /// When the last sample was taken, not before and not after.
    package var lastSampled: MomentRange { sampled(lastAt, lastBegunNs, lastEndedNs) }

    private func sampled(_ planned: Moment, _ begun: Int, _ ended: Int) -> MomentRange {
        MomentRange(
            earliest: Moment(nanoseconds: planned.nanoseconds + Int64(begun - boundNs)),
            latest: Moment(nanoseconds: planned.nanoseconds + Int64(ended + boundNs)))
    }
}

/// One answer of a probe on the orchestrator's wall clock.
package struct ProbeSample: Hashable, Sendable {
    package var plannedAt: Moment
    package var begunAt: Moment
    package var endedAt: Moment
    package var state: ProbeRun.State
    package var word: String
    /// How far the three may be off together.
    package var boundNs: Int

    package init(
        plannedAt: Moment, begunAt: Moment, endedAt: Moment, state: ProbeRun.State, word: String,
        boundNs: Int = 0
    ) {
        self.plannedAt = plannedAt
        self.begunAt = begunAt
        self.endedAt = endedAt
        self.state = state
        self.word = word
        self.boundNs = boundNs
    }
}
