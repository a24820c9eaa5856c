// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A stretch of time in which no drill may begin or still run, such as the year-end close.
package struct Blackout: Hashable, Sendable {
    package var begunAt: Moment
    /// Its end, not included.
    package var endsAt: Moment
    package var because: String
    /// The services it is about; empty for all.
    package var services: [String]

    package init(begunAt: Moment, endsAt: Moment, because: String, services: [String] = []) {
        self.begunAt = begunAt
        self.endsAt = endsAt
        self.because = because
        self.services = services
    }

    /// Whether a drill of these services that may last until `end` would touch it.
    package func touches(_ services: [String], from begin: Moment, to end: Moment) -> Bool {
        let isMeant = self.services.isEmpty || services.contains(where: self.services.contains)
        return isMeant && begin < endsAt && end > begunAt
    }
}

extension Blackout {
    /// `from` and `to` are days of the plan's zone, both of them whole, or instants such as
    /// `2026-12-18T17:00:00+08:00`.
    init(_ fields: Fields, zone: String) {
        let expected = "a day such as 2026-12-18, or an instant such as 2026-12-18T17:00:00+08:00"
        let begin = fields.require(
            "from", fields.scalar("from", expected) { Self.instant($0, zone, isEnd: false) })
        let end = fields.require("to", fields.scalar("to", expected) { Self.instant($0, zone, isEnd: true) })
        begunAt = begin ?? Moment(seconds: 0)
        endsAt = end ?? Moment(seconds: 0)
        because = fields.requiredText("because")
        services = fields.texts("services")
        if let begin, let end, end <= begin { fields.complain("to", "lies before 'from'") }
        fields.end()
    }

    private static func instant(_ text: String, _ zone: String, isEnd: Bool) -> Moment? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard text.count == 10, parts.count == 3, let year = parts[0], let month = parts[1],
            let day = parts[2]
        else { return Moment(text) }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
        let wanted = DateComponents(year: year, month: month, day: day)
        guard wanted.isValidDate(in: calendar), let date = calendar.date(from: wanted),
            let next = calendar.date(byAdding: .day, value: 1, to: date)
        else { return nil }
        return Moment(seconds: Int64((isEnd ? next : date).timeIntervalSince1970))
    }
}
