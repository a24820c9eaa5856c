// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc

/// A time as OpenSSH writes it: `YYYYMMDD[HHMM[SS]]`, with `Z` for UTC, else in this machine's own zone.
enum SSHTimestamp {
    /// The instant; fails if the text has another form or is no time of the calendar.
    static func date(_ text: String) throws -> Date {
        let isUTC = text.hasSuffix("Z")
        let digits = Array((isUTC ? text.dropLast() : text[...]).utf8)
        guard [8, 12, 14].contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { throw malformed(text) }
        func number(_ range: Range<Int>) -> Int32 {
            guard range.upperBound <= digits.count else { return 0 }
            return digits[range].reduce(0) { $0 * 10 + Int32($1 - UInt8(ascii: "0")) }
        }
        let date = [number(0..<4), number(4..<6), number(6..<8)]
        let time = [number(8..<10), number(10..<12), number(12..<14)]
        guard time[0] < 24, time[1] < 60, time[2] < 60, let seconds = seconds(date, time, isUTC: isUTC) else {
            throw malformed(text)
        }
        return Date(timeIntervalSince1970: Double(seconds))
    }

    /// The system's own reading; `nil` for a day that the month does not have.
    private static func seconds(_ date: [Int32], _ time: [Int32], isUTC: Bool) -> Int? {
        // The system decides whether summer time is in force (-1).
        var fields = unsafe tm(
            tm_sec: time[2], tm_min: time[1], tm_hour: time[0], tm_mday: date[2], tm_mon: date[1] - 1,
            tm_year: date[0] - 1900, tm_wday: 0, tm_yday: 0, tm_isdst: -1, tm_gmtoff: 0, tm_zone: nil)
        let seconds = unsafe isUTC ? timegm(&fields) : mktime(&fields)
        // The system carries a 31st of June over to July.
        let carried = unsafe [fields.tm_year + 1900, fields.tm_mon + 1, fields.tm_mday]
        return carried == date ? seconds : nil
    }

    private static func malformed(_ text: String) -> ArchiveError {
        ArchiveError(
            .malformed, "read a time", detail: "'\(text)' is not of the form YYYYMMDD[HHMM[SS]][Z]")
    }
}
