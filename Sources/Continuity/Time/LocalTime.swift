// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A time as a wall clock shows it, with the zone it hangs in: `2026-03-01T12:00:00 Europe/Berlin`.
package struct LocalTime: Hashable, Sendable {
    /// What a wall clock's time is in reality.
    package enum Meaning: Hashable, Sendable {
        case moment(Moment)
        /// The clock was put forward over it: it never was.
        case skipped
        /// The clock was put back over it: it was twice.
        case doubled(Moment, Moment)
    }

    /// The seconds that it would be since 1970 if the clock showed UTC.
    private let seconds: Int64
    package let zone: String

    /// Reads date, time with or without seconds, and IANA zone; `nil` when a text is none of this.
    ///
    /// Offsets and abbreviations such as `CET` are no zones: they do not say when clocks are changed.
    package init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard let zone = words.last, zone.contains("/") || zone == "UTC",
            TimeZone(identifier: zone) != nil
        else { return nil }
        var clock = words.dropLast().joined(separator: "T")
        if clock.count == 16 { clock += ":00" }
        guard clock.count == 19, let shown = Moment(clock + "Z") else { return nil }
        seconds = shown.nanoseconds / 1_000_000_000
        self.zone = zone
    }

    /// Every zone is asked as it was and will be a day before and after, since clocks change once at most
    /// in between.
    package var meaning: Meaning {
        guard let zone = TimeZone(identifier: zone) else { return .skipped }
        func offset(_ seconds: Int64) -> Int64 {
            Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
        }
        let offsets = Set([-86_400, 86_400].map { offset(seconds + $0) })
        let found = offsets.map { seconds - $0 }.filter { offset($0) == seconds - $0 }.sorted()
        switch found.count {
        case 0: return .skipped
        case 1: return .moment(Moment(seconds: found[0]))
        default: return .doubled(Moment(seconds: found[0]), Moment(seconds: found[1]))
        }
    }
}
