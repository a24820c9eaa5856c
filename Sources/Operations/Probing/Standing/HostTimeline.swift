// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Carries a host's times since its boot to the orchestrator's wall clock, with a bound.
///
/// One anchor holds for as long as the exchanges of times bear it out, so that planned instants stay exactly
/// one period apart; when they no longer do (a clock was stepped, or drifted), a new one takes its place. So
/// does one that is known at least twice as well: a first exchange over a busy line may leave 40 ms either
/// way. Instants then move once, by no more than the two bounds together, which every run carries.
struct HostTimeline: Hashable, Sendable, Codable {
    /// The orchestrator's wall clock at the host's boot, and how far it may be off.
    struct Anchor: Hashable, Sendable, Codable {
        var boot: String
        var at: Moment
        var boundNs: Int64
    }

    /// How far an anchor may stray before it is given up; part of every bound.
    static let tolerance: Int64 = 5_000_000
    /// What a host's own wall clock is trusted to, where nothing better is known.
    static let wallBound: Int64 = 1_000_000_000
    /// Only a few boots are remembered: those whose samples may still wait at the host.
    private static let limit = 16

    private(set) var anchors: [Anchor] = []
    /// The host's wall clock minus the orchestrator's at the last exchange.
    private(set) var wallOffsetNs: Int64 = 0

    func anchor(of boot: String) -> Anchor? {
        anchors.last { $0.boot == boot }
    }

    /// Takes an exchange: the host said `up` and `wall` somewhere between `asked` and `received`.
    mutating func take(boot: String, up: Duration, wall: Moment, asked: Moment, received: Moment) {
        // The host's uptime is cut to its resolution, so it may be later than it said.
        let lower = asked.nanoseconds - up.wholeNanoseconds - HostTime.resolution.wholeNanoseconds
        let upper = received.nanoseconds - up.wholeNanoseconds
        let middle = lower + (upper - lower) / 2
        let half = (upper - lower) / 2 + 1
        wallOffsetNs = wall.nanoseconds - (asked.nanoseconds + (received.nanoseconds - asked.nanoseconds) / 2)
        if let known = anchor(of: boot), abs(known.at.nanoseconds - middle) <= half + Self.tolerance,
            known.boundNs <= 2 * (half + Self.tolerance)
        {
            return
        }
        anchors.removeAll { $0.boot == boot }
        anchors.append(
            Anchor(
                boot: boot, at: Moment(nanoseconds: middle),
                boundNs: Self.rounded(half + Self.tolerance)))
        if anchors.count > Self.limit { anchors.removeFirst() }
    }

    /// The anchor of a boot that nobody saw: by the host's own wall clock when its loop began.
    mutating func assume(boot: String, up: Duration, wall: Moment) -> Anchor {
        if let known = anchor(of: boot) { return known }
        let at = Moment(nanoseconds: wall.nanoseconds - wallOffsetNs - up.wholeNanoseconds)
        let anchor = Anchor(boot: boot, at: at, boundNs: Self.wallBound)
        anchors.insert(anchor, at: 0)
        return anchor
    }

    /// Up to the next whole millisecond, so that runs of one bound are not cut by its noise.
    private static func rounded(_ nanoseconds: Int64) -> Int64 {
        (nanoseconds + 999_999) / 1_000_000 * 1_000_000
    }
}
