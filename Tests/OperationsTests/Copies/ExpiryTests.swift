// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("Expiring points", .tags(.integration), .needsServer, .mayQueue)
struct ExpiryTests {
    static let keepTwo = ["keep: {last: 2}"]

    private func expire(
        _ bench: CopyBench, dryRun: Bool = false, share: Double = 1
    ) throws -> [ExpiryReport] {
        try Expirer(bench.desk(), quarantine: .days(2), share: share).expire(dryRun: dryRun)
    }

    private func fulls(_ bench: CopyBench, _ count: Int) throws -> [String] {
        try bench.fillSource(files: 2, noiseBytes: 100)
        return try (0..<count).map { _ in try #require(try bench.backup(.full).point) }
    }

    private func folders(_ bench: CopyBench, _ store: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: bench.storePath(store) + "/documents").sorted()
    }

    @Test func `marks first and removes when the quarantine is over, never in a vault`() throws {
        try CopyBench.with([.plain("metro"), .vault("west")], dataset: Self.keepTwo) { bench in
            let points = try fulls(bench, 4)
            let dry = try expire(bench, dryRun: true)
            #expect(dry.first?.marked == [points[0], points[1]])
            #expect(try bench.book().point(points[0], of: "documents")?.copies["metro"]?.mark == nil)

            let first = try expire(bench)
            #expect(first.map(\.store) == ["metro", "west"])
            #expect(first[0].marked == [points[0], points[1]] && first[0].removed == [])
            #expect(first[1].marked == [] && first[1].detail?.contains("store expire") == true)
            #expect(try folders(bench, "metro") == points)
            #expect(try bench.judge().points[0].markedStores == ["metro"])

            bench.clock.pass(.days(1))
            #expect(try expire(bench)[0].removed == [])
            bench.clock.pass(.days(1))
            let last = try expire(bench)
            #expect(last[0].removed == [points[0], points[1]], "\(last)")
            #expect(try folders(bench, "metro") == [points[2], points[3]])
            #expect(try folders(bench, "west") == points)
            #expect(try expire(bench)[0].decision.expired == [])
            let removed = try bench.ledger.events(of: [.copyExpiry]).compactMap { event -> CopyExpiry? in
                guard case .copyExpiry(let expiry) = event.body, expiry.step == .removed else { return nil }
                return expiry
            }
            #expect(removed.allSatisfy { $0.lease != nil } && removed.count == 2)
        }
    }

    @Test func `removes what builds on a point before the point, and keeps a needed parent`() throws {
        try CopyBench.with([.plain("metro")], dataset: Self.keepTwo) { bench in
            try bench.fillSource(files: 2, noiseBytes: 100)
            let old = try [BackupRequest.full, .incremental, .incremental].map {
                try #require(try bench.backup($0).point)
            }
            let new = try [BackupRequest.full, .incremental, .incremental].map {
                try #require(try bench.backup($0).point)
            }
            _ = try expire(bench)
            bench.clock.pass(.days(3))
            #expect(try expire(bench)[0].removed == old.reversed())
            #expect(try folders(bench, "metro") == new)
            #expect(try bench.judge().violations == [])
        }
    }

    @Test func `does nothing while a restore or a drill holds the dataset`() throws {
        try CopyBench.with([.plain("metro")], dataset: Self.keepTwo) { bench in
            _ = try fulls(bench, 3)
            let now = bench.clock.source.now()
            var hold = RetentionHold(
                id: "drill-7", dataset: "documents", reason: "drill 7", begunAt: now, endsAt: now + .days(30))
            try bench.ledger.append([.retentionHold(hold)], at: now)
            #expect(try expire(bench)[0].decision.refusal == "held: drill 7")
            hold.isReleased = true
            try bench.ledger.append([.retentionHold(hold)], at: now)
            #expect(try expire(bench)[0].marked.count == 1)
        }
    }

    @Test func `takes marks back when the rules keep a point after all`() throws {
        try CopyBench.with([.plain("metro")], dataset: Self.keepTwo) { bench in
            let points = try fulls(bench, 3)
            #expect(try expire(bench)[0].marked == [points[0]])
            bench.datasetLines = ["keep: {last: 3}"]
            #expect(try expire(bench)[0].spared == [points[0]])
            #expect(try bench.judge().points[0].markedStores == [])
        }
    }

    @Test func `refuses when the newest point is broken`() throws {
        try CopyBench.with([.plain("metro")], dataset: Self.keepTwo) { bench in
            let points = try fulls(bench, 3)
            try bench.flip("metro", points[2], "00001.tar.zst.age")
            _ = try Verifier(bench.desk()).verify()
            let report = try expire(bench)[0]
            #expect(report.decision.refusal?.contains("is not verified") == true)
            #expect(try folders(bench, "metro") == points)
        }
    }

    @Test func `waits for a lease that somebody else holds, and stops when its own is taken`() throws {
        try CopyBench.with([.plain("metro")], dataset: Self.keepTwo) { bench in
            let points = try fulls(bench, 3)
            _ = try expire(bench)
            bench.clock.pass(.days(3))
            let now = bench.clock.source.now()
            let other = Lease(
                holder: "another", token: "x", purpose: "heal", begunAt: now, endsAt: now + .minutes(5))
            try bench.ledger.append([.lease(other)], at: now)
            let error = #expect(throws: OperationError.self) { try expire(bench) }
            #expect(error?.code == .refused && error?.detail.contains("another") == true)
            #expect(try folders(bench, "metro") == points)
            bench.clock.pass(.minutes(6))
            #expect(try expire(bench)[0].removed == [points[0]])
        }
    }
}
