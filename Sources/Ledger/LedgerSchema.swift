// SPDX-License-Identifier: Apache-2.0
import GRDB

/// The tables of the ledger file and how older files become newer ones.
enum LedgerSchema {
    /// Written into `user_version`; a file with a higher one is refused.
    static let version = 4

    static func migrate(
        _ database: some DatabaseWriter, path: String, _ willRenew: ((_ events: Int) -> Void)?
    ) throws {
        let found = try database.read(Self.version(of:))
        guard found <= version else {
            throw LedgerError(
                code: .newer, path: path,
                detail: "written in format \(found), this program knows \(version)",
                hint: "use the newer lifeboat that wrote it")
        }
        guard found < version else { return }
        try database.writeWithoutTransaction { connection in
            try connection.inTransaction(.immediate) {
                // Two processes can meet here with a new file; the second finds the work done.
                let found = try Self.version(of: connection)
                if found < 1 { try connection.execute(sql: events) }
                if found < 2 {
                    try connection.execute(sql: state)
                }
                if found < 4 {
                    // Derived tables of version 2 do not file recipients and key drills with their dataset, and those
                    // of version 3 hold no briefs.
                    try connection.execute(sql: briefs)
                    let events = try Int.fetchOne(connection, sql: "SELECT max(sequence) FROM event") ?? 0
                    if events > 0 { willRenew?(events) }
                    try LedgerState(connection: connection).rebuild()
                    try connection.execute(sql: "PRAGMA user_version = 4")
                }
                return .commit
            }
        }
    }

    private static func version(of connection: Database) throws -> Int {
        try Int.fetchOne(connection, sql: "PRAGMA user_version") ?? 0
    }

    /// Version 1: the events, which never change.
    private static let events = """
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
        PRAGMA user_version = 1;
        """

    /// Version 2: what is derived from the events and can be made again from them.
    private static let state = """
        CREATE TABLE subject (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE subject_event (
            subject INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (subject, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE newest (slot TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE live_event (
            subject INTEGER NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY (subject, sequence)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE copy_head (subject INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
        CREATE TABLE state (is_behind INTEGER NOT NULL) STRICT;
        INSERT INTO state VALUES (0);
        PRAGMA user_version = 2;
        """

    /// Version 4: what grading and measuring ask of a dataset's copies and of a probe's runs, in few bytes (Decision 0092).
    private static let briefs = """
        CREATE TABLE brief (
            subject INTEGER NOT NULL, sequence INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (subject, sequence)
        ) STRICT, WITHOUT ROWID;
        """
}
