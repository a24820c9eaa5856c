// SPDX-License-Identifier: Apache-2.0

/// Turns a probe's runs at one vantage point into what they say of every instant.
package struct ProbeTimeline: Sendable {
    /// Failures in a row that open an outage; it begins at the first of them.
    package var confirm: Int
    /// Silence longer than this many periods is unknown.
    package var gapFactor: Double

    package init(confirm: Int = 2, gapFactor: Double = 3) {
        self.confirm = max(1, confirm)
        self.gapFactor = gapFactor
    }

    /// What the runs of one probe at one vantage point, in any order, say of a stretch of time.
    package func track(_ runs: [ProbeRun], from begin: Moment, to end: Moment) -> StateTrack {
        track(stretches(runs), from: begin, to: end)
    }

    /// The same from stretches in order.
    package func track(_ stretches: [ProbeStretch], from begin: Moment, to end: Moment) -> StateTrack {
        var track = StateTrack(from: begin, to: end)
        var last: ProbeStretch?
        for stretch in joined(stretches, where: isClose) {
            bridge(last, to: stretch, &track)
            track.extend(to: stretch.endsAt, state(of: stretch.state, samples: stretch.samples))
            last = stretch
        }
        if let last { bridge(last, until: end, &track) }
        track.close()
        return track
    }

    /// Runs in any order as stretches in order.
    ///
    /// Runs of one state end at each hour; together they are one stretch. Only runs without a missing sample are
    /// joined, so that what is kept says the same under any `confirm` and `gapFactor`.
    package func stretches(_ runs: [ProbeRun]) -> [ProbeStretch] {
        stretches(of: runs.map(ProbeStretch.init))
    }

    /// The same from stretches in any order.
    func stretches(of parts: [ProbeStretch]) -> [ProbeStretch] {
        let sorted = parts.filter { $0.samples > 0 }.sorted {
            ($0.firstAt, $0.samples) < ($1.firstAt, $1.samples)
        }
        return joined(sorted) { last, next in next.firstAt <= last.endsAt }
    }

    private func joined(
        _ stretches: [ProbeStretch], where belongs: (ProbeStretch, ProbeStretch) -> Bool
    ) -> [ProbeStretch] {
        var result: [ProbeStretch] = []
        for next in stretches {
            if let last = result.last, last.state == next.state, belongs(last, next) {
                result[result.count - 1].lastAt = next.lastAt
                result[result.count - 1].endsAt = next.endsAt
                result[result.count - 1].period = next.period
                result[result.count - 1].samples += next.samples
            } else {
                result.append(next)
            }
        }
        return result
    }

    private func state(of state: ProbeRun.State, samples: Int) -> StateTrack.State {
        switch state {
        case .up: .up
        case .down: samples >= confirm ? .down : .up
        case .unknown: .unknown
        }
    }

    /// Silence between two runs: short, the old state goes on; long, nothing is known.
    private func bridge(_ last: ProbeStretch?, to next: ProbeStretch, _ track: inout StateTrack) {
        guard let last else { return track.extend(to: next.firstAt, .unknown) }
        guard !isClose(last, next) else { return track.extend(to: next.firstAt, current(track)) }
        track.extend(to: next.firstAt, .unknown)
    }

    private func bridge(_ last: ProbeStretch, until end: Moment, _ track: inout StateTrack) {
        let limit = last.lastAt + scaled(last.period)
        if limit >= end { track.extend(to: end, current(track)) }
    }

    private func current(_ track: StateTrack) -> StateTrack.State { track.pieces.last?.state ?? .unknown }

    private func isClose(_ last: ProbeStretch, _ next: ProbeStretch) -> Bool {
        next.firstAt - last.lastAt <= scaled(last.period)
    }

    private func scaled(_ period: Duration) -> Duration {
        Duration(roundedSeconds: period.inSeconds * gapFactor)
    }
}

/// Runs of one answer that follow each other without a silence.
package struct ProbeStretch: Hashable, Sendable {
    package var state: ProbeRun.State
    package var firstAt: Moment
    /// The last planned instant, and the one that follows it.
    package var lastAt: Moment
    package var endsAt: Moment
    package var period: Duration
    package var samples: Int

    package init(_ run: ProbeRun) {
        self.init(state: run.state, firstAt: run.firstAt, periodNs: run.periodNs, samples: run.count)
    }

    init(state: ProbeRun.State, firstAt: Moment, periodNs: Int, samples: Int) {
        self.state = state
        self.firstAt = firstAt
        lastAt = Moment(nanoseconds: firstAt.nanoseconds + Int64(samples - 1) * Int64(periodNs))
        endsAt = Moment(nanoseconds: firstAt.nanoseconds + Int64(samples) * Int64(periodNs))
        period = .nanoseconds(periodNs)
        self.samples = samples
    }
}

extension StateTrack {
    /// A service seen from several vantage points: down when half of them or more see it down.
    package static func majority(_ states: [State]) -> State {
        let down = states.count { $0 == .down }
        let unknown = states.count { $0 == .unknown }
        if states.isEmpty { return .unknown }
        if down * 2 >= states.count { return .down }
        return (down + unknown) * 2 >= states.count ? .unknown : .up
    }

    /// Something that needs all of several others: down when one is.
    package static func needingAll(_ states: [State]) -> State {
        if states.contains(.down) { return .down }
        if states.contains(.unknown) { return .unknown }
        return states.contains(.excluded) ? .excluded : .up
    }
}
