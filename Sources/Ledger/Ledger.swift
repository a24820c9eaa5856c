// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Crypto
import Foundation
import GRDB

/// What happened, kept for ever: events in a hash chain, in one SQLite file.
///
/// Events are appended and never changed; triggers refuse what the type does not offer. Each append is one
/// transaction that is on the disk when the call returns (WAL, `synchronous = FULL`). Several processes may
/// have the same ledger open: an append waits up to ten seconds for its turn and reads the head inside its
/// own transaction, so the chain never forks. All calls block.
package final class Ledger: Sendable {
    /// When the tables that are derived from the events take over new ones.
    package enum StateKeeping: Hashable, Sendable {
        /// In the same transaction.
        case atOnce
        /// When they are next asked for, all of them anew: for bringing in a whole history.
        case later
    }

    private let database: DatabasePool
    package let path: String

    /// Opens the ledger at `path`, or makes a new one when there is none.
    ///
    /// An older file becomes one of this version, which reads its history once, some 50,000 events a second; before that
    /// begins `willRenew` is told of how many.
    ///
    /// - Throws: `LedgerError` with `.newer` when a later version of Lifeboat wrote it, `.damaged` when the
    ///   file is no ledger, `.unavailable` when it cannot be opened.
    package init(path: String, willRenew: ((_ events: Int) -> Void)? = nil) throws {
        self.path = path
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Read in place: a long history is read at the speed of memory. 1 TiB is more than any ledger.
            try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA mmap_size = 1099511627776")
        }
        database = try Self.translating(path) { try DatabasePool(path: path, configuration: configuration) }
        try Self.translating(path) { try LedgerSchema.migrate(database, path: path, willRenew) }
    }

    /// Adds events to the end of the chain, all or none, and gives them as they now stand, with their numbers
    /// and hashes.
    @discardableResult
    package func append(
        _ bodies: [EventBody], at moment: Moment, keeping: StateKeeping = .atOnce
    ) throws -> [Event] {
        try write { connection in
            let added = try Self.insert(bodies, at: moment, into: connection)
            let state = LedgerState(connection: connection)
            switch keeping {
            case .atOnce: if try !state.isBehind { try state.follow(added) }
            case .later: try state.setBehind()
            }
            return added
        }
    }

    /// The last event's number and hash; `nil` when nothing has happened yet.
    package func head() throws -> LedgerHead? {
        try read(Self.head(in:))
    }

    /// Reads the whole chain again and says where it is broken.
    ///
    /// - Parameter heads: heads that were stated elsewhere, in manifests and reports, with where each stands.
    ///   A head that the chain does not contain is a fault: the ledger was rolled back or rewritten.
    /// - Returns: the faults in the order of the chain; empty when it is whole.
    /// - Throws: `LedgerError` when the file cannot be read at all.
    package func check(against heads: [StatedHead] = []) throws -> [LedgerFault] {
        try read { connection in
            let integrity = try String.fetchAll(connection, sql: "PRAGMA integrity_check")
            var faults = integrity.filter { $0 != "ok" }.map { LedgerFault(sequence: nil, problem: $0) }
            var chain = ChainReader()
            let rows = try StatementRows(
                connection, "SELECT \(EventCursor.columns) FROM event ORDER BY sequence")
            while try rows.step() {
                if let fault = chain.follow(rows) { faults.append(fault) }
            }
            return try faults + heads.compactMap { try ChainReader.missing($0, in: connection) }
        }
    }

    // MARK: - Access

    /// Reads the ledger as it stands now; others may write meanwhile.
    func read<Value>(_ work: (Database) throws -> Value) throws -> Value {
        try Self.translating(path) { try database.read(work) }
    }

    /// Writes in one transaction that waits for its turn.
    func write<Value>(_ work: (Database) throws -> Value) throws -> Value {
        try Self.translating(path) {
            try database.writeWithoutTransaction { connection in
                var result: Value?
                try connection.inTransaction(.immediate) {
                    result = try work(connection)
                    return .commit
                }
                guard let result else { throw DatabaseError(message: "the transaction gave no result") }
                return result
            }
        }
    }

    // MARK: - Inside a transaction

    private static func insert(
        _ bodies: [EventBody], at moment: Moment, into connection: Database
    ) throws -> [Event] {
        var head = try head(in: connection)
        let codec = EventCodec()
        return try bodies.map { body in
            let row = EventRow(
                sequence: (head?.sequence ?? 0) + 1, recordedAt: moment, kind: body.kind,
                body: try codec.encode(body), previous: head?.sha256)
            try row.insert(into: connection)
            head = LedgerHead(sequence: row.sequence, sha256: row.sha256)
            return Event(sequence: row.sequence, recordedAt: moment, body: body, sha256: row.sha256)
        }
    }

    private static func head(in connection: Database) throws -> LedgerHead? {
        let row = try Row.fetchOne(
            connection, sql: "SELECT sequence, sha256 FROM event ORDER BY sequence DESC LIMIT 1")
        return row.map { LedgerHead(sequence: $0[0], sha256: $0[1]) }
    }

    private static func translating<Value>(_ path: String, _ work: () throws -> Value) throws -> Value {
        do {
            return try work()
        } catch let error as DatabaseError {
            throw LedgerError(error, path: path)
        }
    }
}

/// The end of the chain: one number and one hash that stand for everything before.
package struct LedgerHead: Hashable, Sendable, Codable {
    package let sequence: Int
    /// In hex.
    package let sha256: String

    package init(sequence: Int, sha256: String) {
        self.sequence = sequence
        self.sha256 = sha256
    }
}

/// A head of this ledger as something outside it remembers.
package struct StatedHead: Hashable, Sendable {
    package let head: LedgerHead
    /// Where it stands, such as the manifest of a point.
    package let source: String

    package init(head: LedgerHead, source: String) {
        self.head = head
        self.source = source
    }
}

/// One place in which the chain is not what it was.
package struct LedgerFault: Hashable, Sendable, Codable {
    /// The event; `nil` when the fault is in the file or in a head stated elsewhere.
    package let sequence: Int?
    package let problem: String

    package init(sequence: Int?, problem: String) {
        self.sequence = sequence
        self.problem = problem
    }
}
