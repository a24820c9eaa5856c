// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// When something is due, in the plan's zone.
///
/// Notations: `every 15m` (counted from midnight, so that two machines agree), `hourly`, `daily 01:00`,
/// `weekly sun 02:00`, `monthly 1 03:00`. A local time that a change of the clocks skips runs at the first
/// instant after it; one that comes twice runs the first time.
package struct Schedule: Hashable, Sendable {
    package enum Rule: Hashable, Sendable {
        case every(Duration)
        case daily(minute: Int)
        /// 1 = Sunday.
        case weekly(weekday: Int, minute: Int)
        case monthly(day: Int, minute: Int)
    }

    package var rule: Rule
    /// As it was written.
    package var text: String

    package init?(text: String) {
        let words = text.lowercased().split(separator: " ").map(String.init)
        guard let rule = Self.rule(words) else { return nil }
        self.rule = rule
        self.text = text
    }

    private static func rule(_ words: [String]) -> Rule? {
        let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        switch (words.first, words.count) {
        case ("hourly", 1): return .every(.hours(1))
        case ("every", 2):
            guard let length = Duration(text: words[1]), length >= .minutes(1), length <= .days(1),
                86_400 % length.components.seconds == 0, length.components.attoseconds == 0
            else { return nil }
            return .every(length)
        case ("daily", 2): return minute(words[1]).map { .daily(minute: $0) }
        case ("weekly", 3):
            guard let day = days.firstIndex(of: String(words[1].prefix(3))), let minute = minute(words[2])
            else { return nil }
            return .weekly(weekday: day + 1, minute: minute)
        case ("monthly", 3):
            guard let day = Int(words[1]), (1...28).contains(day), let minute = minute(words[2]) else {
                return nil
            }
            return .monthly(day: day, minute: minute)
        default: return nil
        }
    }

    private static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }

    /// The first instant after `moment` at which it is due.
    package func next(after moment: Moment, in zone: TimeZone) -> Moment {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let date = Date(timeIntervalSince1970: Double(moment.seconds))
        switch rule {
        case .every(let length):
            let midnight = calendar.startOfDay(for: date)
            let step = Double(length.components.seconds)
            let passed = ((date.timeIntervalSince(midnight)) / step).rounded(.down) + 1
            let next = midnight.addingTimeInterval(passed * step)
            let tomorrow = calendar.startOfDay(for: midnight.addingTimeInterval(26 * 3_600))
            return Moment(seconds: Int64(min(next, tomorrow).timeIntervalSince1970))
        case .daily(let minute): return Self.next(after: date, minute, calendar) { _ in true }
        case .weekly(let weekday, let minute):
            return Self.next(after: date, minute, calendar) {
                calendar.component(.weekday, from: $0) == weekday
            }
        case .monthly(let day, let minute):
            return Self.next(after: date, minute, calendar) { calendar.component(.day, from: $0) == day }
        }
    }

    /// The first instant after `date` that is the given minute of a chosen day.
    ///
    /// Day by day, since `nextDate(after:)` takes an hour that comes twice for two.
    private static func next(
        after date: Date, _ minute: Int, _ calendar: Calendar, on isChosen: (Date) -> Bool
    ) -> Moment {
        var midnight = calendar.startOfDay(for: date)
        // No month is without a day from 1 to 28, so the third is beyond any answer.
        for _ in 0..<93 {
            if isChosen(midnight),
                let due = calendar.date(
                    bySettingHour: minute / 60, minute: minute % 60, second: 0, of: midnight,
                    matchingPolicy: .nextTime, repeatedTimePolicy: .first),
                due > date
            {
                return Moment(seconds: Int64(due.timeIntervalSince1970))
            }
            midnight = calendar.startOfDay(for: midnight.addingTimeInterval(26 * 3_600))
        }
        return Moment(seconds: Int64(date.timeIntervalSince1970)) + .days(1)
    }

    /// The longest time between two neighbours, with a day of 25 hours where clocks change.
    package var longestGap: Duration {
        switch rule {
        case .every(let length): length
        case .daily: .hours(25)
        case .weekly: .days(7) + .hours(1)
        case .monthly: .days(31) + .hours(1)
        }
    }
}
