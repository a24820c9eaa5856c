// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import GRDB

/// A row of briefs: what some events that follow each other say of one subject.
///
/// An append makes one of its own; making all again gathers as many events as fit.
struct BriefRow {
    /// About how many bytes are gathered in a row.
    private static let size = 16_384

    private var copies: CopyBriefWriter?
    private var probe: ProbeBriefWriter?
    private var first: Int?

    /// `nil` for subjects of which nobody asks the whole history.
    init?(of subject: EventSubject) {
        switch subject {
        case .dataset: copies = CopyBriefWriter()
        case .probe: probe = ProbeBriefWriter()
        case .canary: return nil
        }
    }

    private var count: Int { copies?.count ?? probe?.count ?? 0 }

    /// Takes the next event about the subject.
    mutating func take(_ event: Event) {
        copies?.take(event)
        probe?.take(event)
        if first == nil, count > 0 { first = event.sequence }
    }

    /// Writes nothing where its events say nothing that is asked for.
    func insert(for subject: Int, into connection: Database) throws {
        guard let first else { return }
        try connection.cachedStatement(
            sql: "INSERT OR REPLACE INTO brief (subject, sequence, body) VALUES (?, ?, ?)"
        ).execute(arguments: [subject, first, Data(copies?.bytes ?? probe?.bytes ?? [])])
    }

    /// Writes many events about a subject, in their order.
    static func insert(
        _ events: [Event], of subject: EventSubject, for id: Int, into connection: Database
    ) throws {
        var row = BriefRow(of: subject)
        for event in events {
            row?.take(event)
            guard let full = row, full.count >= size else { continue }
            try full.insert(for: id, into: connection)
            row = BriefRow(of: subject)
        }
        try row?.insert(for: id, into: connection)
    }
}

/// Reads the briefs of one subject after another with the same statements.
final class BriefCursor {
    private let rows: StatementRows
    private let elsewhere: EventCursor
    private let ids: Statement

    init(_ connection: Database) throws {
        ids = try connection.makeStatement(sql: "SELECT id FROM subject WHERE name = ?")
        rows = try StatementRows(
            connection, "SELECT body, sequence FROM brief WHERE subject = ? ORDER BY sequence", [0])
        elsewhere = try EventCursor(connection, "WHERE sequence = ?", [0])
    }

    /// What a dataset's copies were by what was written down until an instant.
    func copies(of dataset: String, asOf: Moment) throws -> CopyHistory {
        var fold = CopyHistoryFold(dataset: dataset, asOf: asOf)
        try forEach(.dataset(dataset)) { brief in
            try fold.take(brief: brief) { number in
                elsewhere.restart(number)
                return try elsewhere.next()
            }
        }
        return fold.history()
    }

    /// What a probe saw, by what was written down until an instant.
    func stretches(
        of probe: EventSubject, asOf: Moment, _ timeline: ProbeTimeline
    ) throws -> [ProbeStretch] {
        var reader = ProbeBriefReader(asOf: asOf)
        try forEach(probe) { try reader.take(brief: $0) }
        return reader.stretches(timeline)
    }

    private func forEach(_ subject: EventSubject, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
        guard let id = try Int.fetchOne(ids, arguments: [subject.name]) else { return }
        rows.restart([id])
        while try rows.step() {
            do {
                try body(rows.bytes(0))
            } catch is DamagedBrief {
                throw LedgerError(
                    code: .damaged, path: "brief \(rows.integer(1))",
                    detail: "what the ledger keeps in brief of \(subject.name) cannot be read",
                    hint: "run 'lifeboat ledger check --repair', which makes it again from the events")
            }
        }
    }
}
