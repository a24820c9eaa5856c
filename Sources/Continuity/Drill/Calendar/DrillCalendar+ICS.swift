// SPDX-License-Identifier: Apache-2.0

extension Sequence<DrillDue> {
    /// The drills that are still to be held, as an iCalendar file (RFC 5545).
    ///
    /// The identity of an event is its scenario and period, so that a calendar takes a newer file for the
    /// same events.
    ///
    /// `redrills`: those that findings ask for, as events of their last day.
    package func iCalendar(
        organisation: String, madeAt now: Moment, redrills: [OwedRedrill] = []
    ) -> String {
        var lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Lifeboat//drills//EN", "METHOD:PUBLISH"]
        for due in self where due.state == .due || due.state == .late {
            let begin = due.nextAt ?? due.begunAt
            let end = due.nextEndsAt ?? due.endsAt
            let state = due.state == .late ? " (late)" : ""
            lines += [
                "BEGIN:VEVENT", "UID:\(due.scenario)-\(due.begunAt.compact)@lifeboat",
                "DTSTAMP:\(now.compact)",
                "DTSTART:\(begin.compact)", "DTEND:\(end.compact)",
                "SUMMARY:\(ICS.text("Drill: \(due.scenario)\(state)"))",
                "DESCRIPTION:\(ICS.text("\(organisation): to be held before \(due.endsAt)"))",
                "STATUS:\(due.nextAt == nil ? "TENTATIVE" : "CONFIRMED")", "END:VEVENT",
            ]
        }
        for redrill in redrills {
            let late = redrill.isLate ? " (late)" : ""
            lines += [
                "BEGIN:VEVENT", "UID:redrill-\(redrill.scenario)-\(redrill.dueAt.compact)@lifeboat",
                "DTSTAMP:\(now.compact)", "DTSTART:\((redrill.dueAt - .days(1)).compact)",
                "DTEND:\(redrill.dueAt.compact)",
                "SUMMARY:\(ICS.text("Re-drill: \(redrill.scenario)\(late)"))",
                "DESCRIPTION:\(ICS.text("\(organisation): \(redrill.findings) findings wait for it"))",
                "STATUS:TENTATIVE", "END:VEVENT",
            ]
        }
        lines.append("END:VCALENDAR")
        return lines.map { ICS.folded($0) + "\r\n" }.joined()
    }
}

private enum ICS {
    static func text(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "\\", ";", ",": result += "\\\(character)"
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
    }

    /// No line is longer than 75 bytes; the next one begins with a space.
    static func folded(_ line: String) -> String {
        var (result, length) = ("", 0)
        for character in line {
            let size = String(character).utf8.count
            if length + size > 75 {
                result += "\r\n "
                length = 1
            }
            result.append(character)
            length += size
        }
        return result
    }
}
