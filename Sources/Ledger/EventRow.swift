// SPDX-License-Identifier: Apache-2.0
import Continuity
import Crypto
import Foundation
import GRDB

/// One event as it lies in the table.
struct EventRow {
    let sequence: Int
    /// Nanoseconds since the epoch.
    let recordedAt: Int64
    let kind: String
    /// Canonical JSON, exactly the bytes that were hashed.
    let body: Data
    let sha256: String

    init(sequence: Int, recordedAt: Moment, kind: EventKind, body: Data, previous: String?) {
        self.sequence = sequence
        self.recordedAt = recordedAt.nanoseconds
        self.kind = kind.rawValue
        self.body = body
        sha256 = body.withUnsafeBytes {
            Self.hash(
                previous: previous, sequence: sequence, recordedAt: recordedAt.nanoseconds,
                kind: kind.rawValue, body: $0)
        }
    }

    func insert(into connection: Database) throws {
        let statement = try connection.cachedStatement(
            sql: "INSERT INTO event (sequence, recorded_at, kind, body, sha256) VALUES (?, ?, ?, ?, ?)")
        try statement.execute(arguments: [sequence, recordedAt, kind, body, sha256])
    }

    /// SHA-256 over the previous hash (64 zeros at the start), number, time, kind and body, each on its line.
    static func hash(
        previous: String?, sequence: Int, recordedAt: Int64, kind: String, body: UnsafeRawBufferPointer
    ) -> String {
        var hasher = SHA256()
        var head = "\(previous ?? start)\n\(sequence)\n\(recordedAt)\n\(kind)\n"
        head.withUTF8 { hasher.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        hasher.update(bufferPointer: body)
        return hex(hasher.finalize())
    }

    private static let start = String(repeating: "0", count: 64)

    private static func hex(_ digest: SHA256Digest) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 64) { room in
            var place = 0
            for byte in digest {
                room[place] = digits.utf8Start[Int(byte >> 4)]
                room[place + 1] = digits.utf8Start[Int(byte & 15)]
                place += 2
            }
            return place
        }
    }
}

/// Steps through events in their order, straight over SQLite: nothing is copied but what an event keeps.
///
/// Its statement selects `columns` and nothing else. Valid inside the access to the database it was made in.
final class EventCursor {
    static let columns = "event.sequence, event.recorded_at, event.kind, event.body, event.sha256"

    private let rows: StatementRows
    private var codec = EventCodec()
    private var lastKind = ""
    private var kind = EventKind.copyReceipt

    init(_ connection: Database, _ sql: String, _ arguments: StatementArguments = []) throws {
        rows = try StatementRows(connection, "SELECT \(Self.columns) FROM event \(sql)", arguments)
    }

    func next() throws -> Event? {
        guard try rows.step() else { return nil }
        return try current()
    }

    /// Begins again with other whole numbers in the place of the first ones.
    func restart(_ values: Int...) { rows.restart(values) }

    /// The event's number; valid after a step.
    var sequence: Int { rows.integer(0) }

    func step() throws -> Bool { try rows.step() }

    func current() throws -> Event {
        let sequence = rows.integer(0)
        if !rows.isText(2, lastKind) {
            lastKind = rows.text(2)
            guard let known = EventKind(rawValue: lastKind) else {
                throw LedgerError(
                    code: .newer, path: "event \(sequence)", detail: "unknown kind of event '\(lastKind)'",
                    hint: "use the newer lifeboat that wrote it")
            }
            kind = known
        }
        do {
            return Event(
                sequence: sequence, recordedAt: Moment(nanoseconds: Int64(rows.integer(1))),
                body: try codec.decode(kind, from: rows.bytes(3)), sha256: rows.text(4))
        } catch let error as DecodingError {
            throw LedgerError(
                code: .damaged, path: "event \(sequence)", detail: "its body cannot be read: \(error)",
                hint: "run 'lifeboat ledger check'")
        }
    }
}

/// Reads the events of one subject after another with the same statements.
final class SubjectCursor {
    private let ids: Statement
    private let cursor: EventCursor

    init(_ connection: Database) throws {
        ids = try connection.makeStatement(sql: "SELECT id FROM subject WHERE name = ?")
        cursor = try EventCursor(
            connection,
            """
            JOIN subject_event ON subject_event.sequence = event.sequence
            WHERE subject_event.subject = ? ORDER BY subject_event.sequence
            """, [0])
    }

    func events(about subject: EventSubject) throws -> [Event] {
        guard let id = try Int.fetchOne(ids, arguments: [subject.name]) else { return [] }
        cursor.restart(id)
        var events: [Event] = []
        while let event = try cursor.next() { events.append(event) }
        return events
    }
}

/// Follows the chain from its start.
struct ChainReader {
    private var last: LedgerHead?

    /// The fault of this row, if it does not continue the chain; following goes on from its own hash.
    mutating func follow(_ rows: StatementRows) -> LedgerFault? {
        let expected = (last?.sequence ?? 0) + 1
        let sequence = rows.integer(0)
        let stated = rows.text(4)
        let hash = EventRow.hash(
            previous: last?.sha256, sequence: sequence, recordedAt: Int64(rows.integer(1)),
            kind: rows.text(2), body: rows.bytes(3))
        last = LedgerHead(sequence: sequence, sha256: stated)
        if sequence != expected {
            let gap =
                expected == sequence - 1
                ? "event \(expected) is" : "events \(expected) to \(sequence - 1) are"
            return LedgerFault(sequence: sequence, problem: "\(gap) missing")
        }
        return hash == stated
            ? nil
            : LedgerFault(sequence: sequence, problem: "the hash does not match: the event was changed")
    }

    /// A fault when the chain does not hold the stated head.
    static func missing(_ stated: StatedHead, in connection: Database) throws -> LedgerFault? {
        let found = try String.fetchOne(
            connection, sql: "SELECT sha256 FROM event WHERE sequence = ?", arguments: [stated.head.sequence])
        if found == stated.head.sha256 { return nil }
        let problem =
            found == nil
            ? "\(stated.source) states event \(stated.head.sequence), which is not here: withheld or rolled back"
            : "\(stated.source) states another event \(stated.head.sequence): the history was rewritten"
        return LedgerFault(sequence: nil, problem: problem)
    }
}
