// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import GRDB
import Synchronization

extension Ledger {
    /// What `repair()` did.
    package struct Repair: Hashable, Sendable, Codable {
        package var events: Int
        package var subjects: Int

        package init(events: Int, subjects: Int) {
            self.events = events
            self.subjects = subjects
        }
    }

    /// Makes the derived tables again from the events; the events themselves are only read.
    ///
    /// Reads the whole history once.
    @discardableResult
    package func repair() throws -> Repair {
        try write { connection in
            try LedgerState(connection: connection).rebuild()
            return Repair(
                events: try Int.fetchOne(connection, sql: "SELECT max(sequence) FROM event") ?? 0,
                subjects: try Int.fetchOne(connection, sql: "SELECT count(*) FROM subject") ?? 0)
        }
    }

    /// The state of each dataset's copies, by dataset; cheap, whatever the history.
    package func copyHeads() throws -> [String: CopyHead] {
        try withState { connection in
            var heads: [String: CopyHead] = [:]
            let codec = CopyHeadCodec()
            let rows = try StatementRows(connection, "SELECT body FROM copy_head")
            while try rows.step() {
                let head = try codec.decode(rows.bytes(0))
                heads[head.dataset] = head
            }
            return heads
        }
    }

    /// The copies that there may still be, of the given datasets or of all.
    ///
    /// Points of which every copy was removed are left out; for the whole history see `mapCopyHistories`.
    package func copyBook(of datasets: [String]? = nil) throws -> CopyBook {
        var book = CopyBook(try events(of: [.retentionHold, .lease]))
        try withState { connection in
            guard let datasets else {
                let cursor = try EventCursor(
                    connection,
                    "WHERE sequence IN (SELECT sequence FROM live_event) ORDER BY sequence")
                while let event = try cursor.next() { book.take(event) }
                return
            }
            for dataset in datasets {
                let cursor = try EventCursor(
                    connection,
                    """
                    JOIN live_event ON live_event.sequence = event.sequence
                    WHERE live_event.subject = (SELECT id FROM subject WHERE name = ?)
                    ORDER BY live_event.sequence
                    """, [EventSubject.dataset(dataset).name])
                while let event = try cursor.next() { book.take(event) }
            }
        }
        return book
    }

    /// Goes through subjects with all events about each, two at a time.
    ///
    /// Memory is that of two subjects. The order of the results is that of `subjects`; `work` is called on
    /// several threads.
    package func mapHistories<Value: Sendable>(
        of subjects: [EventSubject],
        _ work: @Sendable (_ subject: EventSubject, _ events: [Event]) throws -> Value
    ) throws -> [Value] {
        try mapSubjects(subjects, SubjectCursor.init) { subject, rows in
            try work(subject, try rows.events(about: subject))
        }
    }

    /// Goes through datasets with what their copies were at an instant, two at a time, read from what the ledger keeps of
    /// them in brief.
    ///
    /// Some fifty times as fast as reading their events. The order of the results is that of `datasets`; `work` is
    /// called on several threads.
    package func mapCopyHistories<Value: Sendable>(
        of datasets: [String], asOf: Moment, _ work: @Sendable (CopyHistory) throws -> Value
    ) throws -> [Value] {
        try mapSubjects(datasets, BriefCursor.init) { dataset, briefs in
            try work(try briefs.copies(of: dataset, asOf: asOf))
        }
    }

    /// What each of some probes saw by what was written down until an instant; in their order.
    package func probeStretches(
        of probes: [EventSubject], asOf: Moment, timeline: ProbeTimeline = ProbeTimeline()
    ) throws -> [[ProbeStretch]] {
        try mapSubjects(probes, BriefCursor.init) { probe, briefs in
            try briefs.stretches(of: probe, asOf: asOf, timeline)
        }
    }

    /// The probes of which there are runs, each at each of its vantage points.
    package func probeSubjects() throws -> [EventSubject] {
        try withState { connection in
            let names = try String.fetchAll(
                connection, sql: "SELECT name FROM subject WHERE name LIKE 'probe/%' ORDER BY name")
            return names.compactMap(EventSubject.probe(named:))
        }
    }

    // MARK: - Inside

    /// Does something with each of some subjects on two threads, each with a cursor of its own.
    private func mapSubjects<Subject: Sendable, Cursor, Value: Sendable>(
        _ subjects: [Subject], _ open: @Sendable (Database) throws -> Cursor,
        _ work: @Sendable (Subject, Cursor) throws -> Value
    ) throws -> [Value] {
        try settleIfBehind()
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: 2) { _ in
            do {
                try read { connection in
                    let cursor = try open(connection)
                    while case let place = next.add(1, ordering: .relaxed).oldValue, place < subjects.count {
                        let result = Result { try work(subjects[place], cursor) }
                        results.withLock { $0[place] = result }
                    }
                }
            } catch {
                results.withLock { $0[-1] = .failure(error) }
            }
        }
        let found = results.withLock { $0 }
        if case .failure(let error)? = found[-1] { throw error }
        return try subjects.indices.compactMap { try found[$0]?.get() }
    }

    func settleIfBehind() throws {
        let isBehind = try read { try LedgerState(connection: $0).isBehind }
        if isBehind { try repair() }
    }

    /// Reads the derived tables, after making them again if they are behind.
    func withState<Value>(_ work: (Database) throws -> Value) throws -> Value {
        try settleIfBehind()
        return try read(work)
    }
}
