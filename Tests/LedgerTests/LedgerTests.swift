// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import GRDB
import Ledger
import TestSupport
import Testing

@Suite("Ledger")
struct LedgerTests {
    private func canary(_ sequence: Int) -> EventBody {
        .canaryRecord(
            CanaryRecord(
                canary: "files_seq", dataset: "documents", sequence: sequence,
                writtenAt: Moment(seconds: Int64(sequence)),
                acknowledgedAt: Moment(seconds: Int64(sequence) + 1),
                sha256: String(repeating: "a", count: 64)))
    }

    private func claim() -> EventBody {
        .registerClaim(
            RegisterClaim(
                register: .drills, begunAt: Moment(seconds: 0), endedAt: Moment(seconds: 9), person: "dana"))
    }

    @Test func `keeps events in their order across openings`() throws {
        try Scratch.with { folder in
            let path = folder.path("ledger.sqlite")
            let first = try Ledger(path: path).append([canary(1), canary(2)], at: Moment(seconds: 5))
            let ledger = try Ledger(path: path)
            let second = try ledger.append([claim()], at: Moment(seconds: 6))
            #expect(try ledger.events() == first + second)
            #expect(try ledger.events(of: [.registerClaim]) == second)
            #expect(first.map(\.sequence) == [1, 2])
            #expect(try ledger.head() == LedgerHead(sequence: 3, sha256: second[0].sha256))
            #expect(try ledger.check().isEmpty)
        }
    }

    @Test func `has no head while nothing has happened`() throws {
        try Scratch.with { folder in
            let ledger = try Ledger(path: folder.path("ledger.sqlite"))
            #expect(try ledger.head() == nil)
            #expect(try ledger.check().isEmpty)
        }
    }

    @Test(
        "says where the chain was broken by force",
        arguments: [
            (
                sql: "UPDATE event SET body = CAST('{}' AS BLOB) WHERE sequence = 2", sequence: 2,
                word: "changed"
            ),
            (sql: "UPDATE event SET recorded_at = 7 WHERE sequence = 3", sequence: 3, word: "changed"),
            (sql: "DELETE FROM event WHERE sequence = 2", sequence: 3, word: "event 2 is missing"),
            (
                sql: "DELETE FROM event WHERE sequence IN (1, 2)", sequence: 3,
                word: "events 1 to 2 are missing"
            ),
        ])
    func broken(sql: String, sequence: Int, word: String) throws {
        try Scratch.with { folder in
            let path = folder.path("ledger.sqlite")
            let ledger = try Ledger(path: path)
            try ledger.append([canary(1), canary(2), canary(3)], at: Moment(seconds: 5))
            try DatabaseQueue(path: path).write { connection in
                try connection.execute(
                    sql: "DROP TRIGGER event_never_changes; DROP TRIGGER event_never_goes; " + sql)
            }
            let faults = try ledger.check()
            #expect(faults.first?.sequence == sequence)
            #expect(faults.first?.problem.contains(word) == true)
        }
    }

    @Test(
        "refuses to change or remove an event",
        arguments: ["UPDATE event SET kind = 'x'", "DELETE FROM event"])
    func refused(sql: String) throws {
        try Scratch.with { folder in
            let path = folder.path("ledger.sqlite")
            let ledger = try Ledger(path: path)
            try ledger.append([canary(1)], at: Moment(seconds: 5))
            #expect(throws: DatabaseError.self) {
                try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
            }
            #expect(try ledger.events().count == 1)
        }
    }

    @Test func `finds a head stated elsewhere that it does not hold`() throws {
        try Scratch.with { folder in
            let ledger = try Ledger(path: folder.path("ledger.sqlite"))
            let events = try ledger.append([canary(1), canary(2)], at: Moment(seconds: 5))
            let true1 = StatedHead(head: LedgerHead(sequence: 1, sha256: events[0].sha256), source: "point a")
            let rewritten = StatedHead(
                head: LedgerHead(sequence: 2, sha256: events[0].sha256), source: "point b")
            let rolledBack = StatedHead(
                head: LedgerHead(sequence: 9, sha256: events[0].sha256), source: "point c")
            let faults = try ledger.check(against: [true1, rewritten, rolledBack])
            #expect(faults.count == 2)
            #expect(faults[0].problem.contains("point b") && faults[0].problem.contains("rewritten"))
            #expect(faults[1].problem.contains("point c") && faults[1].problem.contains("rolled back"))
        }
    }

    @Test func `refuses a file that is no ledger`() throws {
        try Scratch.with { folder in
            let path = folder.path("ledger.sqlite")
            try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
            #expect { _ = try Ledger(path: path) } throws: { ($0 as? LedgerError)?.code == .damaged }
        }
    }

    @Test func `refuses a ledger of a later version`() throws {
        try Scratch.with { folder in
            let path = folder.path("ledger.sqlite")
            _ = try Ledger(path: path)
            try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
            #expect { _ = try Ledger(path: path) } throws: { ($0 as? LedgerError)?.code == .newer }
        }
    }

    @Test func `never forks when two writers append at once`() async throws {
        try await Scratch.with { folder in
            let path = folder.path("ledger.sqlite")
            _ = try Ledger(path: path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        let ledger = try Ledger(path: path)
                        for count in 1...10 {
                            try ledger.append([self.canary(writer * 100 + count)], at: Moment(seconds: 1))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let ledger = try Ledger(path: path)
            #expect(try ledger.head()?.sequence == 40)
            #expect(try ledger.check().isEmpty)
        }
    }

    @Test func `finds the first event of an instant by halving, and gives rows as they lie`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            #expect(try ledger.firstSequence(at: Moment(seconds: 5)) == 1)
            for second in [10, 10, 20, 30, 30, 40] {
                try ledger.append([canary(second)], at: Moment(seconds: Int64(second)))
            }
            let wanted = [(5, 1), (10, 1), (11, 3), (30, 4), (31, 6), (40, 6), (41, 7)]
            for (second, number) in wanted {
                #expect(try ledger.firstSequence(at: Moment(seconds: Int64(second))) == number, "\(second)")
            }
            var rows: [LedgerRow] = []
            try ledger.forEachRow { rows.append($0) }
            let isSame = try rows == ledger.rows(after: 0)
            #expect(isSame)
            rows = []
            try ledger.forEachRow(of: [.backupRun]) { rows.append($0) }
            #expect(rows.isEmpty)
            #expect(try ledger.counts().values.reduce(0, +) == 6)
        }
    }
}
