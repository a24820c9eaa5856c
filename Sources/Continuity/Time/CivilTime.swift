// SPDX-License-Identifier: Apache-2.0

/// A date and time of day in the proleptic Gregorian calendar, UTC.
///
/// The day arithmetic is the era method (400-year cycles of 146,097 days, years that begin in March).
struct CivilTime {
    var year: Int
    var month: Int
    var day: Int
    var hour: Int
    var minute: Int
    var second: Int

    init(_ moment: Moment) {
        let seconds = Int(moment.seconds)
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - days * 86_400
        (year, month, day) = Self.date(ofDay: days)
        hour = rest / 3_600
        minute = rest / 60 % 60
        second = rest % 60
    }

    var date: String {
        "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    var time: String {
        "\(Self.padded(hour, 2)):\(Self.padded(minute, 2)):\(Self.padded(second, 2))"
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Days since 1970-01-01 of a civil date.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The civil date of a day counted from 1970-01-01.
    static func date(ofDay day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    static func daysInMonth(_ month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Reads RFC 3339 or the compact form `20261122T031500Z`; `nil` when a field is out of range.
    static func parse(_ text: String) -> Moment? {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(4) else { return nil }
        let isCompact = !scanner.skip("-")
        guard let month = scanner.number(2), isCompact || scanner.skip("-"), let day = scanner.number(2),
            scanner.skip("T") || scanner.skip("t") || scanner.skip(" "),
            let hour = scanner.number(2), isCompact || scanner.skip(":"), let minute = scanner.number(2),
            isCompact || scanner.skip(":"), let second = scanner.number(2)
        else { return nil }
        guard (1678...2261).contains(year), (1...12).contains(month),
            (1...daysInMonth(month, of: year)).contains(day), hour < 24, minute < 60, second < 60
        else { return nil }
        guard let fraction = scanner.fraction(), let offset = scanner.zoneOffset(), scanner.isAtEnd else {
            return nil
        }
        let days = days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset
        return Moment(seconds: Int64(seconds), nanoseconds: fraction)
    }
}

/// Takes fixed-width numbers and signs off the front of a text.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = Substring(text).utf8
    }

    var isAtEnd: Bool {
        rest.isEmpty
    }

    mutating func skip(_ sign: Character) -> Bool {
        guard let first = rest.first, first == sign.asciiValue else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(_ width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = rest.first, (48...57).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 48)
            rest = rest.dropFirst()
        }
        return value
    }

    /// Nanoseconds of an optional decimal fraction; `nil` when it has no digit or more than nine.
    mutating func fraction() -> Int64? {
        guard skip(".") else { return 0 }
        var value: Int64 = 0
        var digits = 0
        while let digit = rest.first, (48...57).contains(digit) {
            value = value * 10 + Int64(digit - 48)
            digits += 1
            guard digits <= 9 else { return nil }
            rest = rest.dropFirst()
        }
        guard digits > 0 else { return nil }
        for _ in digits..<9 { value *= 10 }
        return value
    }

    /// Seconds east of UTC; `nil` when there is no zone.
    mutating func zoneOffset() -> Int? {
        if skip("Z") || skip("z") { return 0 }
        let sign = skip("+") ? 1 : skip("-") ? -1 : 0
        guard sign != 0, let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
