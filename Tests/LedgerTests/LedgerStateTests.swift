// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import GRDB
import Ledger
import TestSupport
import Testing

@Suite("What a ledger derives from its events")
struct LedgerStateTests {
    private static let begin = Moment(seconds: 1_790_000_000)

    /// Three datasets, some points in two stores, one of them removed again.
    private func bodies() -> [EventBody] {
        var bodies: [EventBody] = []
        for number in 0..<9 {
            let dataset = "d\(number % 3)"
            let instant = Self.begin + .hours(number)
            for store in ["metro", "north"] {
                bodies.append(
                    .copyReceipt(
                        CopyReceipt(
                            dataset: dataset, point: "p\(number)", kind: .full, parent: nil,
                            consistencyAt: instant, store: store, site: store, provenAt: instant,
                            method: .readBack, bytes: 1, parts: 1, manifestSha256: "m\(number)",
                            isAppendOnly: false)))
            }
            bodies.append(
                .backupRun(
                    BackupRun(
                        run: "r\(number)", dataset: dataset, kind: .full, outcome: .complete,
                        begunAt: instant, endedAt: instant, point: "p\(number)", consistencyAt: instant,
                        manifestSha256: "m\(number)")))
            bodies.append(
                .canaryRecord(
                    CanaryRecord(
                        canary: "seq", dataset: dataset, sequence: number + 1, writtenAt: instant,
                        acknowledgedAt: instant, sha256: "x")))
        }
        for store in ["metro", "north"] {
            bodies.append(
                .copyExpiry(
                    CopyExpiry(
                        dataset: "d0", point: "p0", store: store, step: .removed, happenedAt: Self.begin,
                        reason: "old")))
        }
        bodies.append(.probeRun(run(firstAt: 0)))
        bodies.append(.probeRun(run(firstAt: 50)))
        return bodies
    }

    private func run(firstAt seconds: Int) -> ProbeRun {
        ProbeRun(
            probe: "web", vantage: "north", state: .up, firstAt: Self.begin + .seconds(seconds),
            periodNs: 5_000_000_000, count: 10, word: "200")
    }

    private func filled(_ path: String, keeping: Ledger.StateKeeping = .atOnce) throws -> Ledger {
        let ledger = try Ledger(path: path)
        for body in bodies() { try ledger.append([body], at: Self.begin, keeping: keeping) }
        return ledger
    }

    @Test("reads some kinds in their order, from any place")
    func streamed() throws {
        try Scratch.with { folder in
            let ledger = try filled(folder.path("ledger.sqlite"))
            let all = try ledger.events()
            #expect(all.map(\.sequence) == Array(1...40))
            for kinds: Set<EventKind> in [[.canaryRecord], [.copyReceipt, .backupRun, .probeRun], []] {
                for begin in [1, 2, 17, 40, 41] {
                    var found: [Event] = []
                    try ledger.forEach(of: kinds, from: begin) { found.append($0) }
                    #expect(found == all.filter { kinds.contains($0.body.kind) && $0.sequence >= begin })
                }
                #expect(try ledger.count(of: kinds) == all.filter { kinds.contains($0.body.kind) }.count)
            }
            #expect(try ledger.events(after: 38) == Array(all.suffix(2)))
            #expect(try ledger.event(7) == all[6])
            #expect(try ledger.event(41) == nil)
            #expect(try ledger.count() == 40)
        }
    }

    @Test func `may be added to while it is read`() throws {
        try Scratch.with { folder in
            let ledger = try filled(folder.path("ledger.sqlite"))
            var seen = 0
            try ledger.forEach { event in
                seen += 1
                if event.sequence == 3 { try ledger.append([event.body], at: Self.begin) }
            }
            #expect(seen == 40)
            #expect(try ledger.count() == 41)
        }
    }

    @Test("finds events by what they are about")
    func subjects() throws {
        try Scratch.with { folder in
            let ledger = try filled(folder.path("ledger.sqlite"))
            let all = try ledger.events()
            for subject: EventSubject in [.dataset("d1"), .canary("seq"), .probe("web", vantage: "north")] {
                #expect(try ledger.events(about: subject) == all.filter { $0.body.subject == subject })
            }
            #expect(try ledger.events(about: .dataset("unknown")) == [])
            #expect(try ledger.newestRun(of: "web", vantage: "north") == run(firstAt: 50))
            #expect(try ledger.newestRun(of: "web", vantage: "south") == nil)
            let newest = try ledger.newestEvents()
            #expect(newest.map(\.sequence) == [27, 31, 35, 36, 40])
        }
    }

    @Test func `knows the copies of each dataset as a book of all events does`() throws {
        try Scratch.with { folder in
            let ledger = try filled(folder.path("ledger.sqlite"))
            let whole = CopyBook(try ledger.events(of: CopyBook.kinds))
            let heads = try ledger.copyHeads()
            #expect(heads.keys.sorted() == ["d0", "d1", "d2"])
            for (dataset, head) in heads { #expect(head == CopyHead(of: dataset, in: whole)) }
            let live = try ledger.copyBook(of: ["d0", "d1"])
            #expect(live.datasets == ["d0", "d1"])
            #expect(live.points(of: "d0").map(\.name) == ["p3", "p6"])
            #expect(live.points(of: "d1") == whole.points(of: "d1"))
            #expect(try ledger.copyBook().points(of: "d2") == whole.points(of: "d2"))
            let histories = try ledger.mapHistories(of: [.dataset("d2"), .dataset("d0")]) { subject, events in
                #expect(events.allSatisfy { $0.body.subject == subject })
                return CopyBook(events)
            }
            #expect(histories[0].points(of: "d2") == whole.points(of: "d2"))
            #expect(histories[1].points(of: "d0") == whole.points(of: "d0"))
        }
    }

    @Test("is the same when it is made again", arguments: [Ledger.StateKeeping.atOnce, .later])
    func again(keeping: Ledger.StateKeeping) throws {
        try Scratch.with { folder in
            let now = try filled(folder.path("now.sqlite"))
            let again = try filled(folder.path("again.sqlite"), keeping: keeping)
            if keeping == .atOnce {
                try DatabasePool(path: again.path).write { connection in
                    try connection.execute(
                        sql:
                            "DELETE FROM copy_head; DELETE FROM subject; DELETE FROM brief; UPDATE newest SET sequence = 1"
                    )
                }
                #expect(try again.repair() == Ledger.Repair(events: 40, subjects: 5))
            }
            #expect(try again.copyHeads() == now.copyHeads())
            #expect(try again.newestEvents() == now.newestEvents())
            #expect(try again.copyBook().datasets == now.copyBook().datasets)
            #expect(try histories(again) == histories(now))
            #expect(try stretches(again) == stretches(now) && stretches(now).count == 1)
            #expect(try again.events(about: .canary("seq")) == now.events(about: .canary("seq")))
            try again.append([.probeRun(run(firstAt: 100))], at: Self.begin)
            #expect(try again.newestRun(of: "web", vantage: "north") == run(firstAt: 100))
        }
    }

    private func histories(_ ledger: Ledger, asOf: Moment = begin + .days(99)) throws -> [CopyHistory] {
        try ledger.mapCopyHistories(of: ["d2", "d0", "unknown", "d1"], asOf: asOf) { $0 }
    }

    private func stretches(_ ledger: Ledger) throws -> [[ProbeStretch]] {
        try ledger.probeStretches(of: ledger.probeSubjects(), asOf: Self.begin + .days(99))
    }

    @Test func `keeps in brief what the events of each dataset and probe say`() throws {
        try Scratch.with { folder in
            let ledger = try filled(folder.path("ledger.sqlite"))
            let all = CopyHistory.all(try ledger.events(), asOf: Self.begin + .days(99))
            let found = try histories(ledger)
            #expect(found.map(\.dataset) == ["d2", "d0", "unknown", "d1"])
            for history in found where history.dataset != "unknown" {
                #expect(history == all[history.dataset] && !history.points.isEmpty)
            }
            #expect(found[2].points.isEmpty && found[2].firstSeenAt == nil)
            #expect(try histories(ledger, asOf: Self.begin - .days(1)).allSatisfy(\.points.isEmpty))
            let runs = try ledger.events(of: [.probeRun]).compactMap { event in
                if case .probeRun(let run) = event.body { run } else { nil }
            }
            #expect(try stretches(ledger) == [ProbeTimeline().stretches(runs)])
        }
    }

    @Test(arguments: ["UPDATE brief SET body = substr(body, 2)", "UPDATE brief SET body = x''"])
    func `refuses a damaged brief and can make it again`(damage: String) throws {
        try Scratch.with { folder in
            let ledger = try filled(folder.path("ledger.sqlite"))
            let whole = try histories(ledger)
            try DatabasePool(path: ledger.path).write { try $0.execute(sql: damage) }
            let error = #expect(throws: LedgerError.self) { try histories(ledger) }
            #expect(error?.code == .damaged && error?.hint?.contains("--repair") == true)
            #expect(throws: LedgerError.self) { try stretches(ledger) }
            try ledger.repair()
            #expect(try histories(ledger) == whole)
        }
    }

    @Test func `is made when a file of the first version is opened`() throws {
        try Scratch.with { folder in
            let path = folder.path("old.sqlite")
            let events = try filled(folder.path("new.sqlite")).events()
            try DatabaseQueue(path: path).write { connection in
                try connection.execute(sql: Self.firstVersion)
                for event in events {
                    try connection.execute(
                        sql: "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
                        arguments: [
                            event.sequence, event.recordedAt.nanoseconds, event.body.kind.rawValue,
                            try CanonicalJSON.encode(event.body.value), event.sha256,
                        ])
                }
            }
            var renewed: [Int] = []
            let old = try Ledger(path: path) { renewed.append($0) }
            _ = try Ledger(path: path) { renewed.append($0) }
            #expect(renewed == [40])
            #expect(try old.check().isEmpty)
            #expect(try old.events() == events)
            #expect(try old.copyHeads() == Ledger(path: folder.path("new.sqlite")).copyHeads())
            #expect(try old.newestRun(of: "web", vantage: "north") == run(firstAt: 50))
            #expect(try histories(old) == histories(try Ledger(path: folder.path("new.sqlite"))))
        }
    }

    /// The tables as the first version made them.
    private static let firstVersion = """
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
}
