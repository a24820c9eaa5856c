// SPDX-License-Identifier: Apache-2.0

/// An instant, counted in nanoseconds since 1970-01-01T00:00:00Z without leap seconds.
///
/// Covers the years 1678 to 2262. Its text is RFC 3339 in UTC with nine decimals, so that the order of
/// texts is the order of instants.
package struct Moment: Hashable, Comparable, Sendable {
    /// Nanoseconds since the Unix epoch.
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package init(seconds: Int64, nanoseconds: Int64 = 0) {
        self.nanoseconds = seconds * 1_000_000_000 + nanoseconds
    }

    package static func < (left: Moment, right: Moment) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    package static func - (left: Moment, right: Moment) -> Duration {
        .nanoseconds(left.nanoseconds - right.nanoseconds)
    }

    package static func + (left: Moment, right: Duration) -> Moment {
        Moment(nanoseconds: left.nanoseconds + right.wholeNanoseconds)
    }

    package static func - (left: Moment, right: Duration) -> Moment {
        Moment(nanoseconds: left.nanoseconds - right.wholeNanoseconds)
    }

    /// Whole seconds since the epoch, rounded down.
    package var seconds: Int64 {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

// MARK: - Text

extension Moment: CustomStringConvertible, LosslessStringConvertible {
    /// RFC 3339 in UTC with nine decimals, such as `2026-11-22T03:15:00.000000000Z`.
    package var description: String {
        text(decimals: 9)
    }

    /// RFC 3339 in UTC with the given number of decimals, 0 to 9; further digits are cut, never rounded.
    package func text(decimals: Int) -> String {
        let civil = CivilTime(self)
        var result = civil.date + "T" + civil.time
        if decimals > 0 {
            let fraction = String(nanoseconds - seconds * 1_000_000_000)
            let padded = String(repeating: "0", count: 9 - fraction.count) + fraction
            result += "." + padded.prefix(min(decimals, 9))
        }
        return result + "Z"
    }

    /// The compact form of names, such as `20261122T031500Z`.
    package var compact: String {
        text(decimals: 0).filter { $0 != "-" && $0 != ":" }
    }

    /// Reads RFC 3339 with `Z` or a numeric offset and up to nine decimals, or the compact form.
    package init?(_ text: String) {
        guard let moment = CivilTime.parse(text) else { return nil }
        self = moment
    }
}

extension Moment: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let moment = Moment(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a time: \(text)")
        }
        self = moment
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
