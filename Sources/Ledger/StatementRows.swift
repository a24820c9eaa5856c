// SPDX-License-Identifier: Apache-2.0
import GRDB
import GRDBSQLite

/// The rows of one statement, read in place.
///
/// What `bytes` gives is valid until the next step. Not for two threads.
final class StatementRows {
    private let statement: Statement
    private let handle: OpaquePointer
    private let connection: Database

    init(_ connection: Database, _ sql: String, _ arguments: StatementArguments = []) throws {
        self.connection = connection
        statement = try connection.makeStatement(sql: sql)
        try statement.setArguments(arguments)
        handle = statement.sqliteStatement
    }

    deinit {
        sqlite3_reset(handle)
    }

    /// Goes on to the next row.
    func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: connection.lastErrorMessage)
        }
    }

    /// Binds whole numbers anew and begins again.
    func restart(_ values: [Int]) {
        sqlite3_reset(handle)
        for (place, value) in values.enumerated() {
            sqlite3_bind_int64(handle, Int32(place + 1), Int64(value))
        }
    }

    func integer(_ column: Int32) -> Int {
        Int(sqlite3_column_int64(handle, column))
    }

    func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        // The pointer first: asking for it may change the size.
        let start = sqlite3_column_blob(handle, column)
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }

    func text(_ column: Int32) -> String {
        String(decoding: bytes(column), as: UTF8.self)
    }

    func isText(_ column: Int32, _ known: String) -> Bool {
        let found = bytes(column)
        return found.count == known.utf8.count && found.elementsEqual(known.utf8)
    }
}
