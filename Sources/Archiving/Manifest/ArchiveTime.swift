// SPDX-License-Identifier: Apache-2.0
import Glibc

/// An instant in a manifest: nanoseconds since 1970, from the year 1678 to 2262.
///
/// Its text is RFC 3339 in UTC with nine decimals, so that each instant has one text.
package struct ArchiveTime: Hashable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// What this machine's clock says now.
    package static func now() -> ArchiveTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return ArchiveTime(nanoseconds: Int64(time.tv_sec) * billion + Int64(time.tv_nsec))
    }

    /// Whole seconds since 1970, rounded down.
    package var seconds: Int64 { Self.floorDivide(nanoseconds, Self.billion) }

    /// The same instant without what is below a second.
    package var wholeSeconds: ArchiveTime { ArchiveTime(nanoseconds: seconds * Self.billion) }

    private static let billion: Int64 = 1_000_000_000

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

// MARK: - Text

extension ArchiveTime: Comparable, CustomStringConvertible {
    package static func < (left: ArchiveTime, right: ArchiveTime) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// Such as `2026-11-22T03:15:00.000000000Z`.
    package var description: String {
        let (date, clock) = fields
        let fraction = Self.digits(Int(nanoseconds - seconds * Self.billion), 9)
        return date.joined(separator: "-") + "T" + clock.joined(separator: ":") + ".\(fraction)Z"
    }

    /// Such as `20261122T031500Z`.
    package var compact: String {
        fields.date.joined() + "T" + fields.clock.joined() + "Z"
    }

    /// Reads the text with nine decimals, and no other form.
    package init?(_ text: String) {
        let digits = text.utf8.filter { (48...57).contains($0) }.map { Int64($0 - 48) }
        guard text.utf8.count == 30, digits.count == 23 else { return nil }
        let fraction = digits[14...].reduce(0) { $0 * 10 + $1 }
        guard let seconds = Self.seconds(of: digits) else { return nil }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: Self.billion)
        guard !overflow, whole < .max - fraction else { return nil }
        self.init(nanoseconds: whole + fraction)
        guard description == text else { return nil }
    }

    /// Reads the form of names, `20261122T031500Z`, and no other.
    package init?(compact text: String) {
        let digits = text.utf8.filter { (48...57).contains($0) }.map { Int64($0 - 48) }
        guard text.utf8.count == 16, digits.count == 14, let seconds = Self.seconds(of: digits) else {
            return nil
        }
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: Self.billion)
        guard !overflow else { return nil }
        self.init(nanoseconds: whole)
        guard compact == text else { return nil }
    }

    /// Seconds since 1970 of fourteen digits; a day or hour that does not exist is found by writing it again.
    private static func seconds(of digits: [Int64]) -> Int64? {
        func number(_ range: Range<Int>) -> Int64 { digits[range].reduce(0) { $0 * 10 + $1 } }
        let (month, day) = (number(4..<6), number(6..<8))
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Days from the civil date, with years that begin in March (Howard Hinnant's algorithm).
        let year = number(0..<4) - (month <= 2 ? 1 : 0)
        let era = floorDivide(year, 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return days * 86_400 + number(8..<10) * 3600 + number(10..<12) * 60 + number(12..<14)
    }

    private var fields: (date: [String], clock: [String]) {
        let days = Self.floorDivide(seconds, 86_400)
        let second = Int(seconds - days * 86_400)
        let shifted = days + 719_468
        let era = Self.floorDivide(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (
            [Self.digits(Int(year), 4), Self.digits(Int(month), 2), Self.digits(Int(day), 2)],
            [Self.digits(second / 3600, 2), Self.digits(second / 60 % 60, 2), Self.digits(second % 60, 2)]
        )
    }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }
}

extension ArchiveTime: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = ArchiveTime(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "'\(text.prefix(80))' is not a time with nine decimals in UTC")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
