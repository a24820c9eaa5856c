// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Glibc

/// Where operations read the time, so that tests can hold it still.
package struct TimeSource: Sendable {
    /// The wall clock: a label for records, never the source of a length of time.
    package let now: @Sendable () -> Moment
    /// Time since boot, counted through sleep too: every length of time is a difference of two of these.
    package let sinceBoot: @Sendable () -> Duration

    package init(now: @escaping @Sendable () -> Moment, sinceBoot: @escaping @Sendable () -> Duration) {
        self.now = now
        self.sinceBoot = sinceBoot
    }

    /// The machine's own clocks.
    package static let system = TimeSource(
        now: {
            let time = read(CLOCK_REALTIME)
            return Moment(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
        },
        sinceBoot: {
            let time = read(CLOCK_BOOTTIME)
            return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
        })

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}
