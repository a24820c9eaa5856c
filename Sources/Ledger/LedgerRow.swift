// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import GRDB

/// One event exactly as the ledger keeps it, so that it can travel and come back with the same hash.
package struct LedgerRow: Hashable, Sendable, Codable {
    package let sequence: Int
    /// Nanoseconds since the epoch.
    package let recordedAt: Int64
    package let kind: String
    /// Canonical JSON, exactly the text that was hashed.
    package let body: String
    package let sha256: String

    init(_ rows: StatementRows) {
        sequence = rows.integer(0)
        recordedAt = Int64(rows.integer(1))
        kind = rows.text(2)
        body = rows.text(3)
        sha256 = rows.text(4)
    }

    /// Whether its hash follows from the row before it.
    package func continues(_ previous: LedgerRow?) -> Bool {
        var text = body
        let hash = text.withUTF8 {
            EventRow.hash(
                previous: previous?.sha256, sequence: sequence, recordedAt: recordedAt, kind: kind,
                body: UnsafeRawBufferPointer($0))
        }
        return sequence == (previous?.sequence ?? 0) + 1 && sha256 == hash
    }
}

extension Ledger {
    /// The events after a number, as they lie in the file.
    package func rows(after sequence: Int) throws -> [LedgerRow] {
        try read { connection in
            let rows = try StatementRows(
                connection,
                "SELECT \(EventCursor.columns) FROM event WHERE sequence > ? ORDER BY sequence", [sequence])
            var found: [LedgerRow] = []
            while try rows.step() { found.append(LedgerRow(rows)) }
            return found
        }
    }

    /// Goes through the events of the given kinds, or all, as they lie in the file, one at a time.
    package func forEachRow(of kinds: Set<EventKind>? = nil, _ body: (LedgerRow) throws -> Void) throws {
        let names = kinds?.map(\.rawValue)
        try read { connection in
            let rows = try StatementRows(
                connection, "SELECT \(EventCursor.columns) FROM event ORDER BY sequence")
            while try rows.step() {
                if let names, !names.contains(where: { rows.isText(2, $0) }) { continue }
                try body(LedgerRow(rows))
            }
        }
    }

    /// Fills an empty ledger with the events of a lost one, all or none.
    ///
    /// - Throws: `LedgerError` with `.damaged` when the rows are no whole chain from its beginning, or the
    ///   ledger is not empty.
    package func adopt(_ rows: [LedgerRow]) throws {
        try write { connection in
            guard try Int.fetchOne(connection, sql: "SELECT max(sequence) FROM event") == nil else {
                throw LedgerError(code: .damaged, path: path, detail: "it is not empty")
            }
            var previous: LedgerRow?
            for row in rows {
                try event(row, after: previous).insert(into: connection)
                previous = row
            }
            try LedgerState(connection: connection).rebuild()
        }
    }

    private func event(_ row: LedgerRow, after previous: LedgerRow?) throws -> EventRow {
        guard let kind = EventKind(rawValue: row.kind) else {
            throw LedgerError(
                code: .newer, path: path,
                detail: "event \(row.sequence) is of the unknown kind '\(row.kind)'",
                hint: "use the newer lifeboat that wrote it")
        }
        let event = EventRow(
            sequence: (previous?.sequence ?? 0) + 1, recordedAt: Moment(nanoseconds: row.recordedAt),
            kind: kind, body: Data(row.body.utf8), previous: previous?.sha256)
        guard event.sequence == row.sequence, event.sha256 == row.sha256 else {
            throw LedgerError(
                code: .damaged, path: path, detail: "event \(row.sequence) does not continue the chain")
        }
        return event
    }
}
