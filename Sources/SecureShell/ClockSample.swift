// SPDX-License-Identifier: Apache-2.0
import Glibc

/// How far another host's wall clock is from ours, at one moment.
package struct ClockSample: Hashable, Sendable {
    /// Their clock minus ours.
    package let offset: Duration
    /// The true offset lies within `offset ± bound`.
    package let bound: Duration
    package let roundTrip: Duration

    package init(offset: Duration, bound: Duration, roundTrip: Duration) {
        self.offset = offset
        self.bound = bound
        self.roundTrip = roundTrip
    }

    /// From the four stamps of one exchange: sent, received, answered, heard (RFC 5905, section 8).
    ///
    /// `grain` is the step of their clock; the true offset may lie that much further off.
    init(sent: Duration, received: Duration, answered: Duration, heard: Duration, grain: Duration) {
        roundTrip = max(.zero, (heard - sent) - (answered - received))
        offset = ((received - sent) + (answered - heard)) / 2 + grain / 2
        bound = roundTrip / 2 + grain / 2
    }
}

extension RemoteShell {
    /// Compares the clocks several times and returns the sample with the tightest bound.
    ///
    /// Where `date` knows no nanoseconds (busybox, BSD) the bound is half a second wider, and says so.
    package func clockSample(rounds: Int = 5) throws(RemoteError) -> ClockSample {
        var best: ClockSample?
        for _ in 0..<max(1, rounds) {
            // Our wall clock may be set while we wait: only the first stamp is from it.
            let sent = wallClock()
            let start = ContinuousClock.now
            let answer = try capture("date +%s.%N; date +%s.%N")
            let heard = sent + start.duration(to: .now)
            let lines = answer.outputText.split(separator: "\n")
            guard lines.count == 2, let received = Stamp(lines[0]), let answered = Stamp(lines[1]) else {
                throw RemoteError(
                    .remoteFailure, operation: "read the clock", host: hostLabel,
                    detail: "'date' said '\(answer.outputText.trimmed.prefix(80))'")
            }
            let sample = ClockSample(
                sent: sent, received: received.time, answered: answered.time, heard: heard,
                grain: received.grain)
            if let known = best, known.bound <= sample.bound { continue }
            best = sample
        }
        guard let best else { preconditionFailure("at least one round has run") }
        return best
    }
}

/// What `date +%s.%N` printed.
private struct Stamp {
    let time: Duration
    let grain: Duration

    init?(_ text: Substring) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let seconds = parts.first.flatMap({ Int64($0) }) else { return nil }
        if parts.count == 2, parts[1].utf8.count == 9, let nanoseconds = Int64(parts[1]) {
            time = .seconds(seconds) + .nanoseconds(nanoseconds)
            grain = .zero
        } else {
            time = .seconds(seconds)
            grain = .seconds(1)
        }
    }
}

private func wallClock() -> Duration {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
}
