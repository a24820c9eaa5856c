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
        let runs = runs.filter { $0.count > 0 }.sorted { ($0.firstAt, $0.count) < ($1.firstAt, $1.count) }
        var track = StateTrack(from: begin, to: end)
        var index = 0
        var last: ProbeRun?
        while index < runs.count {
            // Runs of one state end at each hour; together they are one stretch.
            var stop = index + 1
            var samples = runs[index].count
            while stop < runs.count, runs[stop].state == runs[index].state,
                isClose(runs[stop - 1], runs[stop])
            {
                samples += runs[stop].count
                stop += 1
            }
            let first = runs[index]
            let state = state(of: first.state, samples: samples)
            bridge(last, to: first, &track)
            track.extend(to: runs[stop - 1].endsAt, state)
            last = runs[stop - 1]
            index = stop
        }
        if let last { bridge(last, until: end, &track) }
        track.close()
        return track
    }

    private func state(of state: ProbeRun.State, samples: Int) -> StateTrack.State {
        switch state {
        case .up: .up
        case .down: samples >= confirm ? .down : .up
        case .unknown: .unknown
        }
    }

    /// Silence between two runs: short, the old state goes on; long, nothing is known.
    private func bridge(_ last: ProbeRun?, to next: ProbeRun, _ track: inout StateTrack) {
        guard let last else { return track.extend(to: next.firstAt, .unknown) }
        guard !isClose(last, next) else { return track.extend(to: next.firstAt, current(track)) }
        track.extend(to: next.firstAt, .unknown)
    }

    private func bridge(_ last: ProbeRun, until end: Moment, _ track: inout StateTrack) {
        let limit = last.lastAt + scaled(last.period)
        if limit >= end { track.extend(to: end, current(track)) }
    }

    private func current(_ track: StateTrack) -> StateTrack.State { track.pieces.last?.state ?? .unknown }

    private func isClose(_ last: ProbeRun, _ next: ProbeRun) -> Bool {
        next.firstAt - last.lastAt <= scaled(last.period)
    }

    private func scaled(_ period: Duration) -> Duration {
        Duration(roundedSeconds: period.inSeconds * gapFactor)
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
