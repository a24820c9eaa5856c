// SPDX-License-Identifier: Apache-2.0
package import Continuity
import GRDB

extension Ledger {
    /// Goes through the events of the given kinds, or all, in their order, one at a time.
    ///
    /// The memory it takes does not grow with the ledger. It sees the ledger as it stood when it began;
    /// others may append meanwhile, and so may `body`. It begins with event number `sequence`.
    package func forEach(
        of kinds: Set<EventKind>? = nil, from sequence: Int = 1, _ body: (Event) throws -> Void
    ) throws {
        try read { connection in
            guard let kinds else {
                let cursor = try EventCursor(connection, "WHERE sequence >= ? ORDER BY sequence", [sequence])
                while let event = try cursor.next() { try body(event) }
                return
            }
            // One cursor for each kind: SQLite would sort all of them together first.
            let cursors = try kinds.map { kind in
                try EventCursor(
                    connection, "WHERE kind = ? AND sequence >= ? ORDER BY sequence",
                    [kind.rawValue, sequence])
            }
            var open = try cursors.filter { try $0.step() }
            while let next = open.min(by: { $0.sequence < $1.sequence }) {
                try body(try next.current())
                if try !next.step() { open.removeAll { $0 === next } }
            }
        }
    }

    /// The events of the given kinds, or all, in their order, after event number `sequence`.
    ///
    /// For what is small; `forEach(of:from:_:)` is for what may be large.
    package func events(of kinds: Set<EventKind>? = nil, after sequence: Int = 0) throws -> [Event] {
        var events: [Event] = []
        try forEach(of: kinds, from: sequence + 1) { events.append($0) }
        return events
    }

    /// The event with a number; `nil` when there is none yet.
    package func event(_ sequence: Int) throws -> Event? {
        try read { try EventCursor($0, "WHERE sequence = ?", [sequence]).next() }
    }

    /// How many events there are, of the given kinds or of all; reads no event.
    package func count(of kinds: Set<EventKind>? = nil) throws -> Int {
        try read { connection in
            guard let kinds else {
                return try Int.fetchOne(connection, sql: "SELECT max(sequence) FROM event") ?? 0
            }
            return try kinds.reduce(0) { count, kind in
                let found = try Int.fetchOne(
                    connection, sql: "SELECT count(*) FROM event WHERE kind = ?", arguments: [kind.rawValue])
                return count + (found ?? 0)
            }
        }
    }

    /// How many events there are of each kind; reads no event.
    package func counts() throws -> [EventKind: Int] {
        var counts: [EventKind: Int] = [:]
        for kind in EventKind.allCases {
            let count = try count(of: [kind])
            if count > 0 { counts[kind] = count }
        }
        return counts
    }

    /// The number of the first event that was written down at an instant or later; one past the last when there is
    /// none.
    ///
    /// Found by halving, since events are appended as the clock goes; where it was set back, a little off.
    package func firstSequence(at moment: Moment) throws -> Int {
        try read { connection in
            var low = 1
            var high = (try Int.fetchOne(connection, sql: "SELECT max(sequence) FROM event") ?? 0) + 1
            while low < high {
                let middle = (low + high) / 2
                let found = try Int64.fetchOne(
                    connection, sql: "SELECT recorded_at FROM event WHERE sequence = ?", arguments: [middle])
                if found ?? .max < moment.nanoseconds { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// Goes through the events about one dataset, canary or probe, in their order; reads no other, and none after
    /// event number `last`.
    package func forEach(
        about subject: EventSubject, from sequence: Int = 1, to last: Int = .max,
        _ body: (Event) throws -> Void
    ) throws {
        try withState { connection in
            let cursor = try EventCursor(
                connection,
                """
                JOIN subject_event ON subject_event.sequence = event.sequence
                WHERE subject_event.subject = (SELECT id FROM subject WHERE name = ?)
                    AND subject_event.sequence BETWEEN ? AND ?
                ORDER BY subject_event.sequence
                """, [subject.name, sequence, last])
            while let event = try cursor.next() { try body(event) }
        }
    }

    /// The events about one dataset, canary or probe, in their order.
    package func events(about subject: EventSubject, after sequence: Int = 0) throws -> [Event] {
        var events: [Event] = []
        try forEach(about: subject, from: sequence + 1) { events.append($0) }
        return events
    }

    /// The newest backup runs by dataset and what came of them, the newest record of each canary, and the
    /// newest run of each probe, in their order, after all plan adoptions.
    ///
    /// All that a timetable needs, however long the history is.
    package func newestEvents() throws -> [Event] {
        let adopted = try events(of: [.planAdopted])
        return try withState { connection in
            var events = adopted
            let cursor = try EventCursor(
                connection,
                "WHERE sequence IN (SELECT sequence FROM newest) ORDER BY sequence")
            while let event = try cursor.next() { events.append(event) }
            return events.sorted { $0.sequence < $1.sequence }
        }
    }

    /// The newest run of a probe at a vantage point that is kept.
    package func newestRun(of probe: String, vantage: String) throws -> ProbeRun? {
        guard case .probeRun(let run)? = try newest(.probe(probe, vantage: vantage)) else { return nil }
        return run
    }

    /// The newest acknowledged record of a canary.
    package func newestRecord(of canary: String) throws -> CanaryRecord? {
        guard case .canaryRecord(let record)? = try newest(.canary(canary)) else { return nil }
        return record
    }

    private func newest(_ subject: EventSubject) throws -> EventBody? {
        try withState { connection in
            try EventCursor(
                connection, "WHERE sequence = (SELECT sequence FROM newest WHERE slot = ?)", [subject.name]
            ).next()?.body
        }
    }
}
