// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import TestSupport
import Testing

@Suite("A drill's journal")
struct JournalTests {
    @Test func `comes back as it was written`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let journal = try bench.create()
            let first = try journal.append(.mark(DrillFact.Mark(name: "site-lost")), step: "t0")
            let second = try journal.append(note("all \u{1b}[31mred"))
            let reading = try JournalReading(contentsOf: bench.path)
            #expect(reading.records == [first, second])
            #expect(reading.faults.isEmpty)
            #expect(reading.headSha256 == journal.head.sha256)
            #expect(reading.records.map(\.sequence) == [1, 2])
            #expect(first.previousSha256 == DrillRecord.genesis)
        }
    }

    @Test func `keeps the field names of its format`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let line = String(decoding: try bench.written(1), as: UTF8.self)
            #expect(
                line
                    == #"{"boot_id":"boot-1","data":{"text":"entry 1"},"kind":"note","mono_ns":42000000000,"#
                    + #""prev_sha256":"\#(DrillRecord.genesis)","run":"r1","seq":1,"step":"s1","#
                    + #""utc":"2027-01-15T08:00:00.000000000Z"}"# + "\n")
        }
    }

    @Test func `shows every changed byte`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let whole = try bench.written(3)
            for position in stride(from: 0, to: whole.count, by: 7) {
                var spoiled = whole
                spoiled[position] ^= 0x01
                let reading = JournalReading(bytes: spoiled)
                let lastLine = whole.dropLast().lastIndex(of: 10).map { $0 + 1 } ?? 0
                // The last line is held by the head, which closes into the ledger.
                let isSeen =
                    !reading.faults.isEmpty || reading.tornLine != nil
                    || (position >= lastLine && reading.headSha256 != JournalReading(bytes: whole).headSha256)
                #expect(isSeen, "byte \(position)")
            }
        }
    }

    @Test func `shows a dropped, a doubled and a moved line`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let lines = try bench.written(4).split(separator: 10).map { Array($0) + [10] }
            for order in [[0, 2, 3], [0, 1, 1, 2, 3], [0, 2, 1, 3], [1, 2, 3]] {
                let reading = JournalReading(bytes: order.flatMap { lines[$0] })
                #expect(!reading.faults.isEmpty, "\(order)")
            }
        }
    }

    @Test func `drops a torn last line and goes on after the whole ones`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let whole = try bench.written(2)
            try Data(whole + Array(#"{"seq":3,"pre"#.utf8)).write(to: URL(fileURLWithPath: bench.path))
            let (journal, records, torn) = try bench.resume()
            #expect(records.count == 2)
            #expect(torn == #"{"seq":3,"pre"#)
            try journal.append(note("after the crash"))
            let reading = try JournalReading(contentsOf: bench.path)
            #expect(reading.faults.isEmpty)
            #expect(reading.records.map(\.sequence) == [1, 2, 3])
        }
    }

    @Test func `is not taken up when its chain is broken`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            var spoiled = try bench.written(3)
            spoiled[try #require(spoiled.firstIndex(of: UInt8(ascii: "y")))] = UInt8(ascii: "Y")
            try Data(spoiled).write(to: URL(fileURLWithPath: bench.path))
            #expect {
                _ = try bench.resume()
            } throws: { ($0 as? LedgerError)?.code == .damaged }
        }
    }

    @Test func `has one writer at a time`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let journal = try bench.create()
            try journal.append(note("mine"))
            #expect {
                _ = try bench.resume()
            } throws: { ($0 as? LedgerError)?.code == .busy }
            withExtendedLifetime(journal) {}
        }
    }

    @Test func `is never begun over an old one`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            _ = try bench.written(1)
            #expect(throws: LedgerError.self) {
                _ = try bench.create()
            }
            #expect(JournalReading(bytes: try bench.bytes()).records.count == 1)
        }
    }

    @Test func `tells its observers of each record, after it is on disk`() throws {
        try Scratch.with { scratch in
            let bench = JournalBench(scratch)
            let copy = scratch.path("copy.jsonl")
            _ = FileManager.default.createFile(atPath: copy, contents: nil)
            let journal = try bench.create()
            journal.observe { record, line in
                guard let handle = FileHandle(forWritingAtPath: copy) else { return }
                handle.seekToEndOfFile()
                handle.write(Data(line))
                #expect(record.sequence > 0)
            }
            try journal.append(note("one"))
            try journal.append(note("two"))
            #expect(FileManager.default.contents(atPath: copy) == Data(try bench.bytes()))
        }
    }
}

private func note(_ text: String) -> DrillFact { .note(DrillFact.Reason(text: text)) }

/// A journal in a folder of its own.
private struct JournalBench {
    let path: String

    init(_ scratch: Scratch) {
        path = scratch.path("journal.jsonl")
    }

    static let clock = JournalClock(
        now: { Moment(seconds: 1_800_000_000) }, sinceBoot: { .seconds(42) }, bootID: "boot-1")

    func create() throws -> Journal {
        try Journal.create(at: path, run: "r1", clock: Self.clock)
    }

    func resume() throws -> (journal: Journal, records: [DrillRecord], tornLine: String?) {
        try Journal.resume(at: path, run: "r1", clock: Self.clock)
    }

    func written(_ count: Int) throws -> [UInt8] {
        let journal = try create()
        for number in 1...count { try journal.append(note("entry \(number)"), step: "s\(number)") }
        return try bytes()
    }

    func bytes() throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }
}
