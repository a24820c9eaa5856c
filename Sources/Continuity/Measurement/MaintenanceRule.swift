// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// When announced maintenance does not count as downtime: announced in time, inside its window, under the cap.
package struct MaintenanceRule: Hashable, Sendable {
    /// 1 Monday … 7 Sunday (ISO 8601); empty = every day.
    package var days: Set<Int>
    /// Seconds of the day; the end may lie on the next day.
    package var from: Int
    package var to: Int
    package var announced: Duration
    /// The most that may be excluded in a calendar month; `nil` = all of it.
    package var cap: Duration?

    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Reads a plan's rule, such as window `Sun 02:00-04:00` and cap `8h/month`; `nil` when it says something else.
    package init?(_ window: MaintenanceWindow) {
        let words = window.window.split(separator: " ")
        guard let hours = words.last, words.count <= 2 else { return nil }
        var days: Set<Int> = []
        if words.count == 2 {
            for name in words[0].split(separator: ",") {
                guard let place = Self.names.firstIndex(of: name.lowercased()) else { return nil }
                days.insert(place + 1)
            }
        }
        let ends = hours.split(separator: "-").compactMap(Self.seconds)
        guard ends.count == 2 else { return nil }
        self.days = days
        from = ends[0]
        to = ends[1] > ends[0] ? ends[1] : ends[1] + 86_400
        announced = window.announced ?? .zero
        if let text = window.cap {
            guard text.hasSuffix("/month"), let cap = Duration(text: String(text.dropLast(6))) else {
                return nil
            }
            self.cap = cap
        }
    }

    private static func seconds(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, (0...24).contains(parts[0]), (0..<60).contains(parts[1]) else { return nil }
        return parts[0] * 3_600 + parts[1] * 60
    }

    /// The stretches of time that are excluded by notices, in order and without overlap.
    package func excluded(_ notices: [MaintenanceNotice], zone: TimeZone, from begin: Moment, to end: Moment)
        -> [(from: Moment, to: Moment)]
    {
        let valid = notices.filter { $0.withdrawnAt == nil && $0.begunAt - $0.announcedAt >= announced }
            .sorted { ($0.begunAt, $0.endedAt) < ($1.begunAt, $1.endedAt) }
        var spans: [(from: Moment, to: Moment)] = []
        for notice in valid {
            for window in windows(zone: zone, from: notice.begunAt, to: notice.endedAt) {
                let from = max(window.from, notice.begunAt, begin, spans.last?.to ?? begin)
                let to = min(window.to, notice.endedAt, end)
                if from < to { spans.append((from, to)) }
            }
        }
        return cap.map { Self.capped(spans, $0, zone) } ?? spans
    }

    /// The window's instances that may touch a stretch of time.
    private func windows(zone: TimeZone, from begin: Moment, to end: Moment) -> [(from: Moment, to: Moment)] {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        var result: [(from: Moment, to: Moment)] = []
        var day = calendar.startOfDay(for: Date(timeIntervalSince1970: Double(begin.seconds) - 86_400))
        while Moment(seconds: Int64(day.timeIntervalSince1970)) < end {
            let weekday = (calendar.component(.weekday, from: day) + 5) % 7 + 1
            if days.isEmpty || days.contains(weekday) {
                let parts = calendar.dateComponents([.year, .month, .day], from: day)
                let at = { (seconds: Int) -> Moment in
                    var parts = parts
                    parts.day = (parts.day ?? 1) + seconds / 86_400
                    parts.hour = seconds % 86_400 / 3_600
                    parts.minute = seconds % 3_600 / 60
                    return Moment(seconds: Int64((calendar.date(from: parts) ?? day).timeIntervalSince1970))
                }
                result.append((at(from), at(to)))
            }
            guard let next = calendar.date(byAdding: .day, value: 1, to: day) else { break }
            day = next
        }
        return result
    }

    private static func capped(_ spans: [(from: Moment, to: Moment)], _ cap: Duration, _ zone: TimeZone)
        -> [(from: Moment, to: Moment)]
    {
        var left: [String: Duration] = [:]
        return spans.compactMap { span in
            let month = Buckets(zone: zone).last(1, .month, before: span.from + .days(31)).first?.name ?? ""
            let rest = left[month] ?? cap
            let length = min(rest, span.to - span.from)
            left[month] = rest - length
            return length > .zero ? (span.from, span.from + length) : nil
        }
    }
}
