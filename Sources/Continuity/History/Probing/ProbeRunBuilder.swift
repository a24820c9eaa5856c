// SPDX-License-Identifier: Apache-2.0

/// Turns the samples of one probe at one vantage point into runs, and fills what is missing with unknown.
///
/// Feed it samples in the order of their planned instants. What lies before the newest instant it has seen
/// is dropped: a planned instant has one answer.
package struct ProbeRunBuilder: Sendable {
    package let probe: String
    package let vantage: String
    package let periodNs: Int
    /// The run that may still grow.
    package private(set) var open: ProbeRun?
    /// The planned instant that comes next on the schedule it has followed so far.
    package private(set) var nextAt: Moment?
    private var isResumed: Bool

    /// Goes on after the newest run that stands in the ledger; what lies between it and the first sample is
    /// unknown.
    package init(probe: String, vantage: String, period: Duration, after last: ProbeRun? = nil) {
        self.probe = probe
        self.vantage = vantage
        periodNs = Int(period.wholeNanoseconds)
        nextAt = last?.endsAt
        isResumed = last != nil
    }

    /// Takes the next sample.
    ///
    /// - Returns: the runs that ended with it, in order.
    package mutating func take(_ sample: ProbeSample) -> [ProbeRun] {
        var closed: [ProbeRun] = []
        if let next = nextAt {
            // A schedule that begins anew may begin a little before the old one's next instant. After a
            // restart the clock may have been measured anew, so that known instants come a little moved.
            let early = isResumed ? periodNs / 2 : periodNs
            guard sample.plannedAt > next - .nanoseconds(early) else { return [] }
            isResumed = false
            closed = fill(until: sample.plannedAt)
        }
        if var run = open, run.endsAt == sample.plannedAt, run.state == sample.state,
            run.boundNs == sample.boundNs, !Self.isNewHour(run.firstAt, sample.plannedAt)
        {
            run.count += 1
            run.note(sample)
            open = run
        } else {
            closed += finish()
            open = ProbeRun(sample, probe: probe, vantage: vantage, periodNs: periodNs)
        }
        nextAt = open?.endsAt
        return closed
    }

    /// Says that nothing is known of the planned instants before `moment` that had no sample.
    package mutating func pass(until moment: Moment) -> [ProbeRun] {
        nextAt == nil ? [] : fill(until: moment)
    }

    /// Ends the open run.
    package mutating func finish() -> [ProbeRun] {
        defer { open = nil }
        return open.map { [$0] } ?? []
    }

    /// Ends the open run when its hour is over.
    package mutating func finish(at moment: Moment) -> [ProbeRun] {
        guard let run = open, Self.isNewHour(run.firstAt, moment) else { return [] }
        return finish()
    }

    // MARK: - Gaps

    private mutating func fill(until end: Moment) -> [ProbeRun] {
        var closed: [ProbeRun] = []
        while let next = nextAt, Moment(nanoseconds: next.nanoseconds + Int64(periodNs)) <= end {
            let hour = Self.hour(of: next) + 1
            let limit = min(end.nanoseconds - Int64(periodNs), hour * Self.hourNs - 1)
            let count = Int((limit - next.nanoseconds) / Int64(periodNs)) + 1
            let gap = ProbeRun(
                probe: probe, vantage: vantage, state: .unknown, firstAt: next, periodNs: periodNs,
                count: count)
            if var run = open, run.isGap, run.endsAt == next, !Self.isNewHour(run.firstAt, next) {
                run.count += count
                open = run
            } else {
                closed += finish()
                open = gap
            }
            nextAt = open?.endsAt
        }
        return closed
    }

    private static let hourNs: Int64 = 3_600_000_000_000

    private static func hour(of moment: Moment) -> Int64 {
        let (quotient, remainder) = moment.nanoseconds.quotientAndRemainder(dividingBy: hourNs)
        return remainder < 0 ? quotient - 1 : quotient
    }

    private static func isNewHour(_ first: Moment, _ next: Moment) -> Bool {
        hour(of: first) != hour(of: next)
    }
}

extension ProbeRun {
    fileprivate init(_ sample: ProbeSample, probe: String, vantage: String, periodNs: Int) {
        self.init(
            probe: probe, vantage: vantage, state: sample.state, firstAt: sample.plannedAt,
            periodNs: periodNs, count: 1, boundNs: sample.boundNs, word: sample.word)
        firstBegunNs = Int((sample.begunAt - sample.plannedAt).wholeNanoseconds)
        firstEndedNs = Int((sample.endedAt - sample.plannedAt).wholeNanoseconds)
        note(sample)
    }

    /// Takes over what the newest sample says of the run's end.
    fileprivate mutating func note(_ sample: ProbeSample) {
        lastBegunNs = Int((sample.begunAt - sample.plannedAt).wholeNanoseconds)
        lastEndedNs = Int((sample.endedAt - sample.plannedAt).wholeNanoseconds)
        slowestNs = max(slowestNs, lastEndedNs - lastBegunNs)
    }

    /// Whether no sample was taken at all.
    package var isGap: Bool { state == .unknown && word == nil }
}
