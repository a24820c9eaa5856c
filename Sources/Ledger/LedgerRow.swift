// SPDX-License-Identifier: Apache-2.0
import Continuity
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

    init(_ row: EventRow) {
        sequence = row.sequence
        recordedAt = row.recordedAt
        kind = row.kind
        body = String(decoding: row.body, as: UTF8.self)
        sha256 = row.sha256
    }

    /// Whether its hash follows from the row before it.
    package func continues(_ previous: LedgerRow?) -> Bool {
        sequence == (previous?.sequence ?? 0) + 1
            && sha256
                == EventRow.hash(
                    previous: previous?.sha256, sequence: sequence, recordedAt: recordedAt, kind: kind,
                    body: Data(body.utf8))
    }
}

extension Ledger {
    /// The events after a number, as they lie in the file.
    package func rows(after sequence: Int) throws -> [LedgerRow] {
        try Self.translating(path) {
            try database.read { connection in
                try EventRow.filter(Column("sequence") > sequence).order(Column("sequence"))
                    .fetchAll(connection).map(LedgerRow.init)
            }
        }
    }

    /// Fills an empty ledger with the events of a lost one, all or none.
    ///
    /// - Throws: `LedgerError` with `.damaged` when the rows are no whole chain from its beginning, or the
    ///   ledger is not empty.
    package func adopt(_ rows: [LedgerRow]) throws {
        try Self.translating(path) {
            try database.writeWithoutTransaction { connection in
                try connection.inTransaction(.immediate) {
                    guard try EventRow.fetchCount(connection) == 0 else {
                        throw LedgerError(code: .damaged, path: path, detail: "it is not empty")
                    }
                    var previous: LedgerRow?
                    for row in rows {
                        let event = try event(row, after: previous)
                        try event.insert(connection)
                        previous = row
                    }
                    return .commit
                }
            }
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
