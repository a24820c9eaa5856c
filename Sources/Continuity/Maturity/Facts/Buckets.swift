// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Calendar stretches in the organisation's zone.
struct Buckets {
    enum Unit: String {
        case hour, day, week, month
        case quarter
    }

    struct Bucket: Hashable {
        var from: Moment
        var to: Moment
        var name: String
    }

    private let calendar: Calendar

    init(zone: TimeZone) {
        // Weeks begin on Monday (ISO 8601).
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        self.calendar = calendar
    }

    /// The buckets that lie wholly in a stretch of time, oldest first.
    func complete(_ unit: Unit, from begin: Moment, to end: Moment) -> [Bucket] {
        var result: [Bucket] = []
        var at = end
        while true {
            let bucket = bucket(unit, around: at)
            guard bucket.from >= begin else { break }
            if bucket.to <= end { result.append(bucket) }
            at = bucket.from - .nanoseconds(1)
        }
        return result.reversed()
    }

    /// The buckets that a stretch of time touches, oldest first.
    func touching(_ unit: Unit, from begin: Moment, to end: Moment) -> [Bucket] {
        var result: [Bucket] = []
        var at = end - .nanoseconds(1)
        while at >= begin {
            let bucket = bucket(unit, around: at)
            result.append(bucket)
            at = bucket.from - .nanoseconds(1)
        }
        return result.reversed()
    }

    /// The last complete ones before an instant, oldest first.
    func last(_ count: Int, _ unit: Unit, before end: Moment) -> [Bucket] {
        var result: [Bucket] = []
        var at = bucket(unit, around: end).from
        while result.count < count {
            let bucket = bucket(unit, around: at - .nanoseconds(1))
            result.append(bucket)
            at = bucket.from
        }
        return result.reversed()
    }

    private func bucket(_ unit: Unit, around moment: Moment) -> Bucket {
        let date = Date(timeIntervalSince1970: TimeInterval(moment.seconds))
        let parts = calendar.dateComponents([.year, .month], from: date)
        let year = parts.year ?? 1970
        let month = parts.month ?? 1
        switch unit {
        case .quarter:
            let first = (month - 1) / 3 * 3 + 1
            return span(year, first, months: 3, name: "\(year) Q\((month - 1) / 3 + 1)")
        case .month: return span(year, month, months: 1, name: "\(year)-\(month < 10 ? "0" : "")\(month)")
        case .hour, .day, .week:
            let component: Calendar.Component = unit == .hour ? .hour : unit == .day ? .day : .weekOfYear
            let interval = calendar.dateInterval(of: component, for: date)
            let from = instant(interval?.start ?? date)
            return Bucket(
                from: from, to: instant(interval?.end ?? date), name: from.text(decimals: 0))
        }
    }

    private func span(_ year: Int, _ month: Int, months: Int, name: String) -> Bucket {
        let from = calendar.date(from: DateComponents(year: year, month: month, day: 1))
        let next = month + months
        let to = calendar.date(
            from: DateComponents(
                year: next > 12 ? year + 1 : year, month: next > 12 ? next - 12 : next, day: 1))
        return Bucket(from: instant(from ?? .distantPast), to: instant(to ?? .distantPast), name: name)
    }

    private func instant(_ date: Date) -> Moment {
        Moment(seconds: Int64(date.timeIntervalSince1970.rounded()))
    }
}
