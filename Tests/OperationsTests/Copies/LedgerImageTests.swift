// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A lost ledger", .tags(.integration), .needsServer, .mayQueue)
struct LedgerImageTests {
    private func lose(_ bench: CopyBench) throws -> String {
        let away = bench.folder.path("lost")
        try FileManager.default.createDirectory(atPath: away, withIntermediateDirectories: true)
        for end in ["", "-wal", "-shm"] where access(bench.workspace.ledgerPath + end, F_OK) == 0 {
            try FileManager.default.moveItem(
                atPath: bench.workspace.ledgerPath + end, toPath: away + "/ledger.sqlite" + end)
        }
        return away
    }

    private func rebuild(_ bench: CopyBench) throws -> (LedgerRebuild, Ledger) {
        let desk = try bench.desk()
        let rebuild = try LedgerRebuilder(
            workspace: bench.workspace, plan: desk.plan, time: bench.clock.source, connector: desk.connector
        ).rebuild()
        return (rebuild, try Ledger(path: bench.workspace.ledgerPath))
    }

    @Test func `comes back from the stores with its chain whole, and backups go on`() throws {
        try CopyBench.with([.plain("metro"), .vault("west")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            for _ in 0..<3 { try bench.backup() }
            let old = try bench.ledger.events()
            _ = try lose(bench)
            let (rebuild, ledger) = try rebuild(bench)
            #expect(rebuild.previousSequence == old.last?.sequence)
            #expect(rebuild.previousSha256 == old.last?.sha256)
            #expect(rebuild.addedPoints == [] && rebuild.missing == [], "\(rebuild)")
            #expect(try ledger.check() == [])
            #expect(try ledger.events().prefix(old.count) == old[...])
            bench.clock.pass(.hours(1))
            let run = try BackupRunner(bench.desk(ledger: ledger)).run("documents")
            #expect(run.outcome == .complete && run.kind == .incremental && run.sequence == 4)
        }
    }

    @Test func `comes back whole when an image was cut off, or two of them overlap`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let folder = bench.storePath("metro") + "/_ledger"
            func names() throws -> Set<String> {
                Set(try FileManager.default.contentsOfDirectory(atPath: folder))
            }
            try bench.backup()
            let first = try names()
            try bench.backup()
            let second = try names().subtracting(first)
            // The connection broke before the signature: the next image holds these events again.
            let signature = try #require(second.first { $0.hasSuffix(".sig") })
            let bytes = try bench.bytes("\(folder)/\(signature)")
            try bench.overwrite("\(folder)/\(signature)", [])
            try bench.backup()
            let third = try names().subtracting(first).subtracting(second)
            let image = try #require(third.first { $0.hasSuffix(".age") })
            let begin = try #require(second.first { $0.hasSuffix(".age") }?.prefix(10))
            #expect(image.hasPrefix(begin), "\(image) begins where \(second) does")
            // Had it not broken, two writers at once would have left just this.
            try bench.overwrite("\(folder)/\(signature)", bytes)
            let old = try bench.ledger.events()
            _ = try lose(bench)
            let (rebuild, ledger) = try rebuild(bench)
            #expect(rebuild.previousSequence == old.last?.sequence && rebuild.missing == [], "\(rebuild)")
            #expect(try ledger.events().prefix(old.count) == old[...])
        }
    }

    @Test func `learns of later points from their manifests, claims them, and says what is missing`() throws {
        try CopyBench.with([.plain("metro"), .plain("north")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let first = try bench.backup()
            let images = bench.storePath("metro") + "/_ledger"
            let kept = try FileManager.default.contentsOfDirectory(atPath: images)
            let second = try bench.backup()
            // The images of the second run are lost in both stores.
            for store in ["metro", "north"] {
                let folder = bench.storePath(store) + "/_ledger"
                for name in try FileManager.default.contentsOfDirectory(atPath: folder)
                where !kept.contains(name) {
                    unlink("\(folder)/\(name)")
                }
            }
            let third = try bench.backup()
            for store in ["metro", "north"] {
                let folder = bench.storePath(store) + "/_ledger"
                for name in try FileManager.default.contentsOfDirectory(atPath: folder)
                where !kept.contains(name) {
                    unlink("\(folder)/\(name)")
                }
            }
            _ = try lose(bench)
            let (rebuild, ledger) = try rebuild(bench)
            #expect(rebuild.addedPoints == [second.point, third.point].compactMap(\.self))
            #expect(rebuild.missing.contains { $0.hasPrefix("events ") }, "\(rebuild.missing)")
            let book = CopyBook(try ledger.events())
            let name = try #require(second.point)
            let added = try #require(book.point(name, of: "documents"))
            #expect(added.copies.mapValues(\.method) == ["metro": .none, "north": .none])
            #expect(added.parent == first.point)
            let found = try Verifier(bench.desk(ledger: ledger)).verify()
            #expect(found.allSatisfy { $0.result == .passed } && found.count == 6)
            let plan = try bench.plan()
            let judged = CopyBook(try ledger.events()).judge(
                try #require(plan.dataset("documents")), in: plan, at: bench.clock.source.now())
            #expect(judged.newestPoint == third.point && judged.violations == [])
        }
    }

    @Test func `comes back with what was attested after the last backup`() throws {
        try CopyBench.with([.plain("metro"), .vault("west")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            let until = String((bench.clock.source.now() + .days(100)).text(decimals: 0).prefix(10))
            let made = try bench.lifeboat([
                "attest", "t14-plans-process", "--as", "petra", "--role", "continuity_manager", "--until",
                until, "--evidence", "https://wiki.example/process",
            ])
            #expect(made.status == 0, "\(made.error)")
            #expect(!made.error.contains("ledger"), "every store took the image: \(made.error)")
            _ = try lose(bench)
            // One of the stores is gone as well; the other has everything.
            bench.servers["metro"]?.stop()
            let (rebuild, ledger) = try rebuild(bench)
            #expect(rebuild.addedPoints == [])
            let kept = try ledger.events(of: [.attestation])
            #expect(kept.count == 1 && made.text.contains("t14-plans-process"), "\(rebuild)")
            #expect(try ledger.check() == [])
        }
    }

    @Test func `that was put back as of an earlier day is found out by the manifests`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            let early = bench.folder.path("early.sqlite")
            try Command.output(
                "python3", "-c",
                "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('VACUUM INTO ?', sys.argv[2:])",
                bench.workspace.ledgerPath, early)
            try bench.backup()
            let newest = try #require(try bench.backup().point)
            #expect(try bench.lifeboat(["ledger", "check"]).status == 0)
            _ = try lose(bench)
            try FileManager.default.copyItem(atPath: early, toPath: bench.workspace.ledgerPath)
            let check = try bench.lifeboat(["ledger", "check"])
            #expect(check.status == 3, "\(check.text)\(check.error)")
            #expect(check.text.contains("the manifest of documents/\(newest) in metro"), "\(check.text)")
            // By itself the chain is whole: only what others remember shows it, and a store that is away is named.
            #expect(try bench.lifeboat(["ledger", "check", "--offline"]).status == 0)
            bench.servers["metro"]?.stop()
            let away = try bench.lifeboat(["ledger", "check"])
            #expect(away.status == 1 && away.text.contains("store metro"), "\(away.text)\(away.error)")
        }
    }

    @Test func `takes no image that nobody of ours has signed`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let run = try bench.backup()
            let folder = bench.storePath("metro") + "/_ledger"
            for name in try FileManager.default.contentsOfDirectory(atPath: folder)
            where name.hasSuffix(".age") {
                var bytes = try bench.bytes("\(folder)/\(name)")
                bytes[bytes.count - 5] ^= 1
                try bench.overwrite("\(folder)/\(name)", bytes)
            }
            _ = try lose(bench)
            let (rebuild, ledger) = try rebuild(bench)
            #expect(rebuild.previousSequence == nil)
            #expect(rebuild.missing.contains { $0.contains("cannot be used") })
            #expect(rebuild.addedPoints == [run.point].compactMap(\.self))
            #expect(try ledger.check() == [])
        }
    }

    @Test func `is not made again while there is one`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 1, noiseBytes: 10)
            try bench.backup()
            let error = #expect(throws: OperationError.self) { try rebuild(bench) }
            #expect(error?.code == .refused)
        }
    }
}
