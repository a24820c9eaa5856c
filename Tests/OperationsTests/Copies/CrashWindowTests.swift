// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite(
    "A backup that was killed",
    .enabled(
        if: ProcessInfo.processInfo.environment["LIFEBOAT_LONG"] != nil, "takes minutes: make test-long"),
    .tags(.integration), .needsServer, .mayQueue)
struct CrashWindowTests {
    /// Where the process ended.
    ///
    /// Files are created once, in a fixed order, so what a kill leaves behind is a
    /// finished run without what comes after.
    enum Window: String, CaseIterable, CustomTestStringConvertible {
        case beforeFirstPart, midPart, betweenParts, beforeSignature, beforeManifest, betweenStores,
            beforeReceipt

        var testDescription: String { rawValue }

        /// The stores that hold the point when the process ends.
        var committed: [String] {
            switch self {
            case .betweenStores: ["metro"]
            case .beforeReceipt: ["metro", "north"]
            default: []
            }
        }

        func leave(_ bench: CopyBench, _ store: String, _ point: String) throws {
            let folder = "\(bench.storePath(store))/documents/\(point)"
            func remove(_ unwanted: (StoreFile.Role) -> Bool) throws {
                for name in try bench.names(store, point) {
                    if let role = StoreFile(name: name)?.role, unwanted(role) { unlink("\(folder)/\(name)") }
                }
            }
            func isFirst(_ role: StoreFile.Role) -> Bool { role == .part(1) }
            switch self {
            case .beforeFirstPart: try remove { _ in true }
            case .midPart:
                try remove { !isFirst($0) }
                let path = "\(folder)/00001.tar.zst.age"
                try bench.overwrite(path, Array(try bench.bytes(path).prefix(100_000)))
            case .betweenParts: try remove { !isFirst($0) }
            case .beforeSignature: try remove { $0 == .signature || $0 == .manifest }
            case .beforeManifest: try remove { $0 == .manifest }
            case .betweenStores: if store == "north" { try remove { $0 == .manifest } }
            case .beforeReceipt: break
            }
        }
    }

    @Test(
        "leaves every committed point, no half one, is not forgotten, and the next run goes on by itself",
        arguments: Window.allCases)
    func windows(window: Window) throws {
        try CopyBench.with(dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 4, noiseBytes: 1_000)
            let base = try bench.backup()
            let index = bench.workspace.indexFolder
            _ = try Command.output("cp", "-a", index, bench.folder.path("index-before"))
            let rows = try bench.ledger.rows(after: 0)
            try bench.folder.write(noise(20_000_000, seed: 7), to: "data/large.bin")
            let killed = try bench.backup()
            let point = try #require(killed.point)

            // What the disk looks like when the process is gone.
            for store in ["metro", "north"] { try window.leave(bench, store, point) }
            _ = try Command.output("rm", "-rf", index)
            _ = try Command.output("cp", "-a", bench.folder.path("index-before"), index)
            try bench.folder.write(
                """
                {"begun_at":"\(killed.begunAt)","dataset":"documents","kind":"incremental","point":"\(point)","run":"\(killed.run)"}
                """, to: "workspace/.lifeboat/runs/backup-documents.json", mode: 0o600)
            let ledger = try Ledger(path: bench.folder.path("ledger-before"))
            try ledger.adopt(rows)

            bench.clock.pass(.hours(1))
            let desk = try bench.desk(ledger: ledger)
            let next = try BackupRunner(desk).run("documents")
            #expect(next.outcome == .complete, "\(next.detail ?? "")")
            let book = CopyBook(try ledger.events())
            let told = try #require(
                try ledger.events(of: [.backupRun]).compactMap { event -> BackupRun? in
                    guard case .backupRun(let run) = event.body, run.run == killed.run else { return nil }
                    return run
                }.first, "the killed run stands in the ledger")
            if window.committed.isEmpty {
                #expect(told.outcome == .didNotRun && told.point == nil)
                #expect(book.point(point, of: "documents") == nil, "half a point is no point")
                #expect(next.sequence == 2 && next.kind == .incremental && next.parent == base.point)
            } else {
                #expect(told.outcome == .complete && told.point == point)
                let copies = try #require(book.point(point, of: "documents")).copies
                #expect(copies.keys.sorted() == window.committed)
                #expect(next.sequence == 3)
                let old = try Restorer(desk).restore(
                    RestoreRequest(
                        dataset: "documents", to: .folder(bench.folder.path("killed")), point: point))
                #expect(old.succeeded)
            }
            _ = try Healer(desk).heal()
            let plan = try bench.plan()
            let judged = CopyBook(try ledger.events()).judge(
                try #require(plan.dataset("documents")), in: plan, at: bench.clock.source.now())
            #expect(judged.violations == [], "\(judged.violations)")
            let restored = try Restorer(desk).restore(
                RestoreRequest(dataset: "documents", to: .folder(bench.folder.path("back"))))
            #expect(restored.succeeded)
            let same = try Command.run("diff", "-r", bench.folder.path("data"), bench.folder.path("back"))
            #expect(same.status == 0, "\(same.text)")
            #expect(!bench.folder.contains("workspace/.lifeboat/runs/backup-documents.json"))
        }
    }

    /// The real program, killed with SIGKILL at moments spread over its whole run.
    @Test(
        "never harms what was committed, whenever it is killed", arguments: [60, 200, 400, 700, 1_100, 1_800])
    func anyMoment(milliseconds: Int) throws {
        try CopyBench.with(dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(files: 4, noiseBytes: 1_000)
            // Not through the bench's clock: the program has only the machine's.
            let base = try BackupRunner(bench.desk()).run("documents")
            try bench.folder.write(noise(20_000_000, seed: 9), to: "data/large.bin")
            let plan = try bench.folder.write(bench.planText, to: "workspace/Plans/plan.yaml", mode: 0o644)
            #expect(FileManager.default.fileExists(atPath: plan))
            let script = #"""
                "$1" backup documents >/dev/null 2>&1 & pid=$!
                sleep "$2"; kill -KILL $pid 2>/dev/null; wait $pid 2>/dev/null; exit 0
                """#
            _ = try Command.output(
                "bash", "-c", script, "-", Program.path, "\(Double(milliseconds) / 1_000)",
                environment: ["LIFEBOAT_WORKSPACE": bench.workspace.root])
            let next = try BackupRunner(bench.desk()).run("documents")
            #expect(next.outcome == .complete, "\(next.detail ?? "")")
            let book = try bench.book()
            #expect(book.points(of: "documents").contains { $0.name == base.point })
            for point in book.points(of: "documents") {
                let folder = bench.folder.path("back-\(point.name)")
                let run = try Restorer(bench.desk()).restore(
                    RestoreRequest(dataset: "documents", to: .folder(folder), point: point.name))
                #expect(run.succeeded, "\(point.name): \(run.detail ?? "")")
            }
            #expect(try bench.ledger.check() == [])
        }
    }
}
