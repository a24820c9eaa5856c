// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One line of a keep policy.
enum KeepRule: Hashable, Sendable {
    case last(Int)
    case within(Duration)
    case every(Period, Int)

    enum Period: String, Hashable, Sendable {
        case hourly, daily, weekly, monthly, yearly
    }

    /// The rules of a policy that keep anything.
    static func all(_ keep: Retention) -> [KeepRule] {
        var rules: [KeepRule] = []
        if keep.last > 0 { rules.append(.last(keep.last)) }
        let periods: [(Period, Int)] = [
            (.hourly, keep.hourly), (.daily, keep.daily), (.weekly, keep.weekly), (.monthly, keep.monthly),
            (.yearly, keep.yearly),
        ]
        rules += periods.filter { $0.1 > 0 }.map { .every($0.0, $0.1) }
        if let within = keep.within, within > .zero { rules.append(.within(within)) }
        return rules
    }

    var name: String {
        switch self {
        case .last: "last"
        case .within: "within"
        case .every(let period, _): period.rawValue
        }
    }

    /// The names it keeps: of the newest N periods that hold a point at all, the newest point of each.
    ///
    /// `within` counts back from the newest point and not from now, so that backups that have stopped do
    /// not wear away what is there.
    func chosen(
        _ points: [RetentionPoint], in zone: TimeZone, by date: KeyPath<RetentionPoint, Moment>
    ) -> [String] {
        let newestFirst = points.sorted {
            ($0[keyPath: date], $0.name) > ($1[keyPath: date], $1.name)
        }
        switch self {
        case .last(let count): return newestFirst.prefix(count).map(\.name)
        case .within(let length):
            guard let newest = newestFirst.first?[keyPath: date] else { return [] }
            return newestFirst.filter { newest - $0[keyPath: date] <= length }.map(\.name)
        case .every(let period, let count):
            var seen: Set<String> = []
            var names: [String] = []
            var calendar = Calendar(identifier: .iso8601)
            calendar.timeZone = zone
            for point in newestFirst where seen.count < count {
                if seen.insert(period.bucket(of: point[keyPath: date], in: calendar)).inserted {
                    names.append(point.name)
                }
            }
            return names
        }
    }
}

extension KeepRule.Period {
    /// The period an instant falls into, by the clock on the wall; weeks begin on Monday.
    ///
    /// An hour that comes twice when clocks go back is two hours: the zone's offset is part of its name.
    fileprivate func bucket(of moment: Moment, in calendar: Calendar) -> String {
        let date = Date(timeIntervalSince1970: Double(moment.seconds))
        let parts = calendar.dateComponents(
            [.year, .month, .day, .hour, .yearForWeekOfYear, .weekOfYear], from: date)
        let year = parts.year ?? 0
        let month = "\(year)-\(parts.month ?? 0)"
        switch self {
        case .yearly: return "\(year)"
        case .monthly: return month
        case .weekly: return "\(parts.yearForWeekOfYear ?? 0)w\(parts.weekOfYear ?? 0)"
        case .daily: return "\(month)-\(parts.day ?? 0)"
        case .hourly:
            let offset = calendar.timeZone.secondsFromGMT(for: date)
            return "\(month)-\(parts.day ?? 0)T\(parts.hour ?? 0)\(offset)"
        }
    }
}
