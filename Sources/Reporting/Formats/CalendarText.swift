// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// A calendar that other programs subscribe to (RFC 5545): what is due, and what was done.
package struct CalendarText: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        /// The same for the same thing, so that a later file replaces the entry.
        package var id: String
        package var title: String
        package var detail: String
        package var beginsAt: Moment
        package var endsAt: Moment
        /// `TENTATIVE`, `CONFIRMED` or `CANCELLED`.
        package var isTentative: Bool

        package init(
            id: String, title: String, detail: String, beginsAt: Moment, endsAt: Moment, isTentative: Bool
        ) {
            self.id = id
            self.title = title
            self.detail = detail
            self.beginsAt = beginsAt
            self.endsAt = endsAt
            self.isTentative = isTentative
        }
    }

    package var name: String
    package var madeAt: Moment
    package var entries: [Entry]

    package init(name: String, madeAt: Moment, entries: [Entry]) {
        self.name = name
        self.madeAt = madeAt
        self.entries = entries
    }

    /// The calendar with the lines folded and ended as the format wants.
    package var text: String {
        let head = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//lifeboat//lifeboat//EN", "CALSCALE:GREGORIAN",
            "X-WR-CALNAME:\(Self.escaped(name))",
        ]
        let body = entries.flatMap { entry in
            [
                "BEGIN:VEVENT", "UID:\(Self.escaped(entry.id))@lifeboat", "DTSTAMP:\(madeAt.compact)",
                "DTSTART:\(entry.beginsAt.compact)", "DTEND:\(entry.endsAt.compact)",
                "SUMMARY:\(Self.escaped(entry.title))", "DESCRIPTION:\(Self.escaped(entry.detail))",
                "STATUS:\(entry.isTentative ? "TENTATIVE" : "CONFIRMED")", "TRANSP:TRANSPARENT",
                "END:VEVENT",
            ]
        }
        return (head + body + ["END:VCALENDAR"]).map(Self.folded).joined()
    }

    private static func escaped(_ text: String) -> String {
        Escaping.visible(text).replacing("\\", with: "\\\\").replacing(";", with: "\\;")
            .replacing(",", with: "\\,")
    }

    /// At most 75 bytes a line, never cutting a character.
    private static func folded(_ line: String) -> String {
        var result = ""
        var used = 0
        for character in line {
            let size = character.utf8.count
            if used + size > 75 {
                result += "\r\n "
                used = 1
            }
            result.append(character)
            used += size
        }
        return result + "\r\n"
    }
}

extension DrillRun {
    /// The run as an entry of a calendar.
    package func calendarEntry() -> CalendarText.Entry {
        CalendarText.Entry(
            id: run, title: "drill \(scenario): \(outcome.rawValue)",
            detail: "\(title). \(exercise.rawValue), \(mode.rawValue).", beginsAt: begunAt, endsAt: endedAt,
            isTentative: false)
    }
}
