// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A drill that falls due again and again, and where it stands.
package struct DrillDue: Hashable, Sendable, Codable {
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Held in this period.
        case held
        /// To be held in this period.
        case due
        /// The period is over, the grace is not.
        case late
        /// Never held in its period, and too late now.
        case missed
        /// Somebody said that it need not be held, and why.
        case waived
    }

    package var scenario: String
    package var state: State
    /// The period, its end not included.
    package var begunAt: Moment
    package var endsAt: Moment
    /// The first window of the period that still lies ahead; `nil` when none is set or left.
    package var nextAt: Moment?
    package var nextEndsAt: Moment?
    /// The run that counts, or who waived it.
    package var detail: String?
}

/// The calendar of drills: due, late, missed, waived - it cannot say that something was held that was not.
package struct DrillCalendar: Sendable {
    private let plan: Plan
    private let runs: [DrillRun]
    private let waivers: [DrillWaiver]
    private let since: Moment
    private let calendar: Calendar

    /// Takes what is planned and what was held.
    ///
    /// `runs`: the closed runs of all scenarios; aborted ones do not count as held.
    /// `since`: when the calendar began to count, such as the first adoption of the plan.
    package init(plan: Plan, runs: [DrillRun], waivers: [DrillWaiver] = [], since: Moment) {
        self.plan = plan
        self.runs = runs
        self.waivers = waivers
        self.since = since
        calendar = Self.calendar(of: plan)
    }

    private static func calendar(of plan: Plan) -> Calendar {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(identifier: plan.zone) ?? .gmt
        return calendar
    }

    /// The end of the period that follows the one of a moment; `nil` when the plan has no cycle for it.
    static func endOfNextCycle(of scenario: String, after moment: Moment, _ plan: Plan) -> Moment? {
        guard let entry = plan.calendar.first(where: { $0.scenario == scenario }),
            let period = DrillPeriod(text: entry.every)
        else { return nil }
        let calendar = calendar(of: plan)
        return period.end(of: period.end(of: period.begin(containing: moment, calendar), calendar), calendar)
    }

    /// Every period from the begin of counting to the one that holds `now`, newest last.
    package func entries(at now: Moment) -> [DrillDue] {
        plan.calendar.flatMap { entry -> [DrillDue] in
            guard let period = DrillPeriod(text: entry.every) else { return [] }
            // Twelve years of months: a calendar that was never looked at still ends somewhere.
            var begin = period.begin(containing: since, calendar)
            var found: [DrillDue] = []
            while begin <= now, found.count < 150 {
                let end = period.end(of: begin, calendar)
                // A period that had begun before the counting did is nobody's fault.
                if begin >= since || end > now { found.append(due(entry, begin, end, now)) }
                begin = end
            }
            return found
        }
    }

    private func due(_ entry: CalendarEntry, _ begin: Moment, _ end: Moment, _ now: Moment) -> DrillDue {
        let grace = entry.grace ?? .zero
        let held = runs.first {
            $0.scenario == entry.scenario && $0.outcome != .aborted && $0.begunAt >= begin
                && $0.begunAt < end + grace
        }
        // Nobody waives a period that is over: then it was missed.
        let waiver = waivers.last {
            $0.scenario == entry.scenario && $0.revokedAt == nil && $0.madeAt < end
                && $0.until >= min(now, end)
        }
        var due = DrillDue(
            scenario: entry.scenario, state: .due, begunAt: begin, endsAt: end, nextAt: nil, nextEndsAt: nil,
            detail: nil)
        if let held {
            due.state = .held
            due.detail = "\(held.run): \(held.outcome.rawValue)"
        } else if let waiver {
            due.state = .waived
            due.detail = waiver.text
        } else if now >= end {
            due.state = now < end + grace ? .late : .missed
        }
        if [.due, .late].contains(due.state),
            let window = entry.window.flatMap(DrillWindow.init),
            let next = window.next(after: now, calendar)
        {
            due.nextAt = next.begin
            due.nextEndsAt = next.end
        }
        return due
    }
}

/// How often a drill falls due: `week`, `month`, `quarter`, `year`, or so many months such as `6mo`.
package struct DrillPeriod: Hashable, Sendable {
    private enum Unit: Hashable { case week, months(Int) }
    private let unit: Unit

    package init?(text: String) {
        switch text {
        case "week": unit = .week
        case "month": unit = .months(1)
        case "quarter": unit = .months(3)
        case "half": unit = .months(6)
        case "year": unit = .months(12)
        default:
            guard text.hasSuffix("mo"), let count = Int(text.dropLast(2)),
                [1, 2, 3, 4, 6, 12, 24, 36].contains(count)
            else { return nil }
            unit = .months(count)
        }
    }

    /// Periods follow the calendar: quarters begin in January, April, July and October.
    func begin(containing moment: Moment, _ calendar: Calendar) -> Moment {
        let date = Date(timeIntervalSince1970: Double(moment.seconds))
        switch unit {
        case .week:
            let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: date)
            return Self.moment(calendar.date(from: parts) ?? date)
        case .months(let count):
            let parts = calendar.dateComponents([.year, .month], from: date)
            let month = (parts.year ?? 0) * 12 + (parts.month ?? 1) - 1
            return Self.first(of: month - month % count, calendar)
        }
    }

    func end(of begin: Moment, _ calendar: Calendar) -> Moment {
        let date = Date(timeIntervalSince1970: Double(begin.seconds))
        switch unit {
        case .week: return Self.moment(calendar.date(byAdding: .day, value: 7, to: date) ?? date)
        case .months(let count):
            return Self.moment(calendar.date(byAdding: .month, value: count, to: date) ?? date)
        }
    }

    private static func first(of month: Int, _ calendar: Calendar) -> Moment {
        let parts = DateComponents(year: month / 12, month: month % 12 + 1, day: 1)
        return moment(calendar.date(from: parts) ?? Date(timeIntervalSince1970: 0))
    }

    static func moment(_ date: Date) -> Moment {
        Moment(seconds: Int64(date.timeIntervalSince1970))
    }
}

/// When in the week a drill may be held, such as `Sat 08:00-13:00`.
package struct DrillWindow: Hashable, Sendable {
    private let weekday: Int
    private let begin: (hour: Int, minute: Int)
    private let end: (hour: Int, minute: Int)

    package init?(_ text: String) {
        let words = text.split(separator: " ")
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
        guard words.count == 2, let day = names.firstIndex(of: words[0].lowercased()) else { return nil }
        let times = words[1].split(separator: "-").compactMap(Self.time)
        guard times.count == 2 else { return nil }
        weekday = day + 1
        begin = times[0]
        end = times[1]
    }

    private static func time(_ text: Substring) -> (hour: Int, minute: Int)? {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, (0...24).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
        return (parts[0], parts[1])
    }

    func next(after moment: Moment, _ calendar: Calendar) -> (begin: Moment, end: Moment)? {
        let date = Date(timeIntervalSince1970: Double(moment.seconds))
        let wanted = DateComponents(hour: begin.hour, minute: begin.minute, weekday: weekday)
        guard let first = calendar.nextDate(after: date, matching: wanted, matchingPolicy: .nextTime) else {
            return nil
        }
        let minutes = (end.hour * 60 + end.minute) - (begin.hour * 60 + begin.minute)
        let length = Duration.minutes(minutes > 0 ? minutes : minutes + 1_440)
        let begin = DrillPeriod.moment(first)
        return (begin, begin + length)
    }

    package static func == (left: DrillWindow, right: DrillWindow) -> Bool {
        left.weekday == right.weekday && left.begin == right.begin && left.end == right.end
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(weekday)
        hasher.combine(begin.hour * 60 + begin.minute)
        hasher.combine(end.hour * 60 + end.minute)
    }
}
