// SPDX-License-Identifier: Apache-2.0
import Continuity
import Crypto
import Foundation
import GRDB

/// The tables of the ledger file and how older files become newer ones.
enum LedgerSchema {
    /// Written into `user_version`; a file with a higher one is refused.
    static let version = 1

    static func migrate(_ database: DatabaseQueue) throws {
        let found = try database.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        guard found <= version else {
            throw LedgerError(
                code: .newer, path: database.path,
                detail: "written in format \(found), this program knows \(version)",
                hint: "use the newer lifeboat that wrote it")
        }
        guard found < version else { return }
        try database.writeWithoutTransaction { connection in
            try connection.inTransaction(.immediate) {
                // Two processes can meet here with a new file; the second finds the work done.
                if try Int.fetchOne(connection, sql: "PRAGMA user_version") == version { return .commit }
                try connection.execute(sql: statements)
                return .commit
            }
        }
    }

    private static let statements = """
        CREATE TABLE event (
            sequence INTEGER PRIMARY KEY CHECK (sequence > 0),
            recorded_at INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body BLOB NOT NULL,
            sha256 TEXT NOT NULL CHECK (length(sha256) = 64)
        ) STRICT;
        CREATE INDEX event_kind ON event (kind, sequence);
        CREATE TRIGGER event_never_changes BEFORE UPDATE ON event
            BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
        CREATE TRIGGER event_never_goes BEFORE DELETE ON event
            BEGIN SELECT RAISE(ABORT, 'events are never removed'); END;
        PRAGMA user_version = \(version);
        """
}

/// One event as it lies in the table.
struct EventRow: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "event"

    let sequence: Int
    /// Nanoseconds since the epoch.
    let recordedAt: Int64
    let kind: String
    /// Canonical JSON, exactly the bytes that were hashed.
    let body: Data
    let sha256: String

    enum CodingKeys: String, CodingKey {
        case sequence, kind, body, sha256
        case recordedAt = "recorded_at"
    }

    init(sequence: Int, recordedAt: Moment, kind: EventKind, body: Data, previous: String?) {
        self.sequence = sequence
        self.recordedAt = recordedAt.nanoseconds
        self.kind = kind.rawValue
        self.body = body
        self.sha256 = Self.hash(
            previous: previous, sequence: sequence, recordedAt: recordedAt.nanoseconds, kind: kind.rawValue,
            body: body)
    }

    /// SHA-256 over the previous hash (64 zeros at the start), number, time, kind and body, each on its line.
    static func hash(previous: String?, sequence: Int, recordedAt: Int64, kind: String, body: Data) -> String
    {
        var hasher = SHA256()
        let start = String(repeating: "0", count: 64)
        hasher.update(data: Data("\(previous ?? start)\n\(sequence)\n\(recordedAt)\n\(kind)\n".utf8))
        hasher.update(data: body)
        return hasher.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    func event() throws -> Event {
        guard let kind = EventKind(rawValue: kind) else {
            throw LedgerError(
                code: .newer, path: "event \(sequence)", detail: "unknown kind of event '\(kind)'",
                hint: "use the newer lifeboat that wrote it")
        }
        return Event(
            sequence: sequence, recordedAt: Moment(nanoseconds: recordedAt),
            body: try EventBody(kind: kind, reading: StoredBody(data: body, sequence: sequence)),
            sha256: sha256)
    }
}

private struct StoredBody: EventReader {
    let data: Data
    let sequence: Int

    func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try CanonicalJSON.decode(type, from: data)
        } catch {
            throw LedgerError(
                code: .damaged, path: "event \(sequence)", detail: "its body cannot be read: \(error)",
                hint: "run 'lifeboat ledger check'")
        }
    }
}

/// Follows the chain from its start, remembering every hash so that stated heads can be looked up.
struct ChainReader {
    private var hashes: [Int: String] = [:]
    private var last: LedgerHead?

    /// The fault of this row, if it does not continue the chain; following goes on from its own hash.
    mutating func follow(_ row: EventRow) -> LedgerFault? {
        let expected = (last?.sequence ?? 0) + 1
        let hash = EventRow.hash(
            previous: last?.sha256, sequence: row.sequence, recordedAt: row.recordedAt, kind: row.kind,
            body: row.body)
        last = LedgerHead(sequence: row.sequence, sha256: row.sha256)
        hashes[row.sequence] = row.sha256
        if row.sequence != expected {
            let gap =
                expected == row.sequence - 1
                ? "event \(expected) is" : "events \(expected) to \(row.sequence - 1) are"
            return LedgerFault(sequence: row.sequence, problem: "\(gap) missing")
        }
        return hash == row.sha256
            ? nil
            : LedgerFault(sequence: row.sequence, problem: "the hash does not match: the event was changed")
    }

    /// A fault when the chain does not hold the stated head.
    func missing(_ stated: StatedHead) -> LedgerFault? {
        switch hashes[stated.head.sequence] {
        case stated.head.sha256: nil
        case nil:
            LedgerFault(
                sequence: nil,
                problem:
                    "\(stated.source) states event \(stated.head.sequence), which is not here: withheld or rolled back"
            )
        default:
            LedgerFault(
                sequence: nil,
                problem:
                    "\(stated.source) states another event \(stated.head.sequence): the history was rewritten"
            )
        }
    }
}
