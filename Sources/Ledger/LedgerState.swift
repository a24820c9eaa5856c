// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import GRDB

/// The tables that are derived from the events: an index by subject, the newest answers, and what is known
/// of each dataset's copies now.
///
/// Written in the transaction of the events they come from; whatever they say can be made again.
struct LedgerState {
    let connection: Database

    // MARK: - Following

    /// Takes over new events.
    func follow(_ events: [Event]) throws {
        var touched: [Int: String] = [:]
        var briefs: [Int: BriefRow] = [:]
        for event in events {
            if let slot = event.body.slot { try setNewest(slot, event.sequence) }
            guard let subject = event.body.subject else { continue }
            let id = try self.id(of: subject.name)
            try add(event.sequence, to: id)
            if briefs[id] == nil { briefs[id] = BriefRow(of: subject) }
            briefs[id]?.take(event)
            guard event.body.copiesOf != nil, case .dataset(let dataset) = subject else { continue }
            touched[id] = dataset
            try connection.cachedStatement(
                sql: "INSERT OR IGNORE INTO live_event (subject, sequence) VALUES (?, ?)"
            ).execute(arguments: [id, event.sequence])
        }
        for (id, row) in briefs { try row.insert(for: id, into: connection) }
        for (id, dataset) in touched.sorted(by: { $0.key < $1.key }) { try settle(dataset, id) }
    }

    /// Says that events were added which the tables do not know of.
    func setBehind() throws {
        try connection.execute(sql: "UPDATE state SET is_behind = 1")
    }

    var isBehind: Bool {
        get throws { try Bool.fetchOne(connection, sql: "SELECT is_behind FROM state") ?? true }
    }

    private func id(of subject: String) throws -> Int {
        try connection.cachedStatement(sql: "INSERT OR IGNORE INTO subject (name) VALUES (?)")
            .execute(arguments: [subject])
        let found = try Int.fetchOne(
            connection.cachedStatement(sql: "SELECT id FROM subject WHERE name = ?"), arguments: [subject])
        return found ?? 0
    }

    private func add(_ sequence: Int, to subject: Int) throws {
        try connection.cachedStatement(
            sql: "INSERT OR IGNORE INTO subject_event (subject, sequence) VALUES (?, ?)"
        ).execute(arguments: [subject, sequence])
    }

    private func setNewest(_ slot: String, _ sequence: Int) throws {
        try connection.cachedStatement(
            sql: """
                INSERT INTO newest (slot, sequence) VALUES (?, ?)
                ON CONFLICT (slot) DO UPDATE SET sequence = max(sequence, excluded.sequence)
                """
        ).execute(arguments: [slot, sequence])
    }

    // MARK: - One dataset

    /// Folds a dataset's live events again, writes what comes of them, and lets go of what is over.
    private func settle(_ dataset: String, _ id: Int) throws {
        var events: [Event] = []
        let cursor = try EventCursor(
            connection,
            """
            JOIN live_event ON live_event.sequence = event.sequence
            WHERE live_event.subject = ? ORDER BY live_event.sequence
            """, [id])
        while let event = try cursor.next() { events.append(event) }
        try settle(dataset, id, events)
    }

    private func settle(_ dataset: String, _ id: Int, _ events: [Event]) throws {
        let book = CopyBook(events)
        for sequence in book.eventsOfGonePoints(dataset, among: events) {
            try connection.cachedStatement(sql: "DELETE FROM live_event WHERE subject = ? AND sequence = ?")
                .execute(arguments: [id, sequence])
        }
        try write(CopyHead(of: dataset, in: book), id)
    }

    private func write(_ head: CopyHead, _ id: Int) throws {
        try connection.cachedStatement(
            sql: "INSERT OR REPLACE INTO copy_head (subject, body) VALUES (?, ?)"
        ).execute(arguments: [id, try CopyHeadCodec().encode(head)])
    }

    // MARK: - Making it again

    /// Empties the tables and fills them from the events.
    ///
    /// Two passes over the events; memory grows with the number of subjects, not of events.
    func rebuild() throws {
        try connection.execute(
            sql: """
                DELETE FROM copy_head; DELETE FROM live_event; DELETE FROM subject_event;
                DELETE FROM newest; DELETE FROM subject; DELETE FROM brief;
                CREATE TEMP TABLE IF NOT EXISTS gathered (subject INTEGER NOT NULL, sequence INTEGER NOT NULL);
                DELETE FROM temp.gathered;
                """)
        try gather()
        try connection.execute(
            sql: """
                INSERT INTO subject_event (subject, sequence)
                    SELECT subject, sequence FROM temp.gathered ORDER BY subject, sequence;
                DROP TABLE temp.gathered;
                """)
        try settleAll()
        try briefProbes()
        try connection.execute(sql: "UPDATE state SET is_behind = 0")
    }

    private func gather() throws {
        var ids: [EventSubject: Int] = [:]
        var newest: [String: Int] = [:]
        let insert = try connection.makeStatement(
            sql: "INSERT INTO temp.gathered (subject, sequence) VALUES (?, ?)")
        let cursor = try EventCursor(connection, "ORDER BY sequence")
        while let event = try cursor.next() {
            if let slot = event.body.slot { newest[slot] = event.sequence }
            guard let subject = event.body.subject else { continue }
            let id = ids[subject] ?? ids.count + 1
            if ids.updateValue(id, forKey: subject) == nil {
                try connection.cachedStatement(sql: "INSERT INTO subject (id, name) VALUES (?, ?)")
                    .execute(arguments: [id, subject.name])
            }
            try insert.execute(arguments: [id, event.sequence])
        }
        for (slot, sequence) in newest { try setNewest(slot, sequence) }
    }

    private func settleAll() throws {
        let subjects = try Row.fetchAll(
            connection, sql: "SELECT id, name FROM subject WHERE name LIKE 'dataset/%' ORDER BY id")
        let live = try connection.makeStatement(
            sql: "INSERT INTO live_event (subject, sequence) VALUES (?, ?)")
        let cursor = try SubjectCursor(connection)
        for row in subjects {
            let id: Int = row[0]
            guard let dataset = EventSubject.dataset(named: row[1]) else { continue }
            let events = try cursor.events(about: .dataset(dataset)).filter { $0.body.copiesOf != nil }
            try BriefRow.insert(events, of: .dataset(dataset), for: id, into: connection)
            guard !events.isEmpty else { continue }
            let book = CopyBook(events)
            let gone = Set(book.eventsOfGonePoints(dataset, among: events))
            for event in events where !gone.contains(event.sequence) {
                try live.execute(arguments: [id, event.sequence])
            }
            try write(CopyHead(of: dataset, in: book), id)
        }
    }

    private func briefProbes() throws {
        let subjects = try Row.fetchAll(
            connection, sql: "SELECT id, name FROM subject WHERE name LIKE 'probe/%' ORDER BY id")
        let cursor = try SubjectCursor(connection)
        for row in subjects {
            guard let probe = EventSubject.probe(named: row[1]) else { continue }
            try BriefRow.insert(try cursor.events(about: probe), of: probe, for: row[0], into: connection)
        }
    }
}
