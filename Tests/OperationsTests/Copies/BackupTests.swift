// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A backup", .tags(.integration), .needsServer, .mayQueue)
struct BackupTests {
    @Test func `writes the same signed point to every store, proven, manifest last`() throws {
        try CopyBench.with([.plain("metro"), .vault("west")], dataset: ["part_size: 1MiB"]) { bench in
            try bench.fillSource(noiseBytes: 20_000_000)
            let run = try bench.backup()
            #expect(run.outcome == .complete, "\(run.detail ?? "")")
            #expect(run.kind == .full)
            #expect(run.stores.map(\.state) == [.verified, .verified])
            #expect(run.counts.totalFiles == 21)
            #expect(run.sequence == 1)
            let point = try #require(run.point)
            let expected = [
                "00001.tar.zst.age", "00002.tar.zst.age", "00003.tar.zst.age", "RESTORE.txt", "SHA256SUMS",
                "index.zst.age", "manifest.json", "manifest.json.sig",
            ]
            #expect(try bench.names("metro", point) == expected)
            #expect(try bench.names("west", point) == expected)
            for file in expected {
                #expect(
                    try bench.bytes(bench.path("metro", point, file))
                        == bench.bytes(bench.path("west", point, file)), "\(file)")
            }
            let book = try bench.book()
            let copies = try #require(book.point(point, of: "documents")).copies
            #expect(copies["metro"]?.method == .hashAtSite)
            #expect(copies["west"]?.method == .readBack)
            #expect(try bench.judge().violations == [])
            #expect(book.recipients["documents"]?.recipients.count == 1)
            try checkByHand(bench, point)
        }
    }

    /// What an operator can do without Lifeboat: signature, checksums, decryption.
    private func checkByHand(_ bench: CopyBench, _ point: String) throws {
        let keys = KeyRing(workspace: bench.workspace)
        let folder = "\(bench.storePath("metro"))/documents/\(point)"
        let verified = try Command.run(
            "ssh-keygen", "-Y", "verify", "-f", keys.allowedSignersPath, "-I", "lifeboat@bench", "-n",
            "lifeboat-manifest", "-s", "\(folder)/manifest.json.sig",
            input: bench.bytes("\(folder)/manifest.json"))
        #expect(verified.status == 0, "\(verified.error)")
        let sums = try Command.run("sha256sum", "-c", "--strict", "SHA256SUMS", folder: folder)
        #expect(sums.status == 0, "\(sums.error)")
        let unpacked = try bench.folder.makeFolder("by-hand")
        let script = """
            for p in 00001 00002 00003; do age -d -i "$1" "$2/$p.tar.zst.age"; done | zstd -d | tar -xpf - -C "$3" --warning=no-unknown-keyword
            """
        let restored = try Command.run(
            "bash", "-o", "pipefail", "-c", script, "-", keys.identityPath, folder, unpacked)
        #expect(restored.status == 0, "\(restored.error)")
        let difference = try Command.run("diff", "-r", bench.folder.path("data"), unpacked)
        #expect(difference.status == 0, "\(difference.text)")
    }

    @Test func `writes what has changed, and a point even when nothing has`() throws {
        try CopyBench.with { bench in
            try bench.fillSource()
            let full = try bench.backup()
            let nothing = try bench.backup()
            #expect(nothing.kind == .incremental && nothing.outcome == .complete)
            #expect(nothing.parent == full.point)
            #expect(nothing.counts.parts == 0)
            #expect(nothing.sequence == 2)
            try bench.folder.write("new", to: "data/new.txt")
            unlink(bench.folder.path("data/docs/1/f1.txt"))
            let changed = try bench.backup()
            #expect(changed.parent == nothing.point)
            #expect(changed.counts.added == 1 && changed.counts.deleted == 1)
            let point = try #require(changed.point)
            #expect(try bench.names("metro", point).contains("deleted.zst.age"))
            let stored = try Manifest.parse(bench.bytes(bench.path("metro", point, "manifest.json")))
            #expect(stored.previousManifestSHA256?.hex == nothing.manifestSha256)
            #expect(stored.parent?.manifestSHA256.hex == nothing.manifestSha256)
            let head = try #require(stored.ledgerHead)
            #expect(
                try bench.ledger.check(
                    against: [
                        StatedHead(
                            head: LedgerHead(sequence: head.seq, sha256: head.sha256.hex), source: point)
                    ]) == [])
            #expect(try bench.judge().effective.map(\.store) == ["metro", "north"])
        }
    }

    @Test func `is a full one again when the index is gone, the source another, or the point lost`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.backup()
            try FileManager.default.removeItem(atPath: bench.workspace.indexFolder)
            let first = try bench.backup()
            #expect(first.kind == .full && first.findings.contains { $0.contains("no index") })
            #expect(try bench.backup().kind == .incremental)
            let point = try #require(first.point)
            try bench.ledger.append(
                ["metro", "north"].map {
                    .copyVerification(
                        CopyVerification(
                            dataset: "documents", point: point, store: $0,
                            checkedAt: bench.clock.source.now(),
                            method: .readBack, result: .lost, bytesRead: 0))
                }, at: bench.clock.source.now())
            let second = try bench.backup()
            #expect(second.kind == .full && second.findings.contains { $0.contains("no store of the plan") })
        }
    }

    @Test func `leaves a sampled copy claimed until it was verified, and builds on it meanwhile`() throws {
        var west = CopyBench.Shelf.vault("west")
        west.proof = "sampled"
        try CopyBench.with(
            [.plain("metro"), west],
            dataset: ["part_size: 1MiB", "copies: {to: [metro, west], at_least: 2, verified_within: 7d}"]
        ) { bench in
            try bench.fillSource(noiseBytes: 40_000_000)
            let run = try bench.backup()
            #expect(run.counts.parts > 4)
            #expect(run.stores.map(\.state) == [.verified, .claimed], "\(run.stores)")
            #expect(run.standing(atLeast: 2) == .partial && run.standing(atLeast: 1) == .good)
            #expect(try bench.judge().violations.map(\.kind) == [.tooFewCopies, .unproven])
            #expect(try bench.judge().violations.last?.repair == "lifeboat verify documents")
            let next = try bench.backup()
            #expect(next.kind == .incremental && next.stores[1].state == .verified, "no part, so no sample")
            let checks = try Verifier(bench.desk()).verify(store: "west")
            #expect(checks.allSatisfy { $0.result == .passed && $0.method == .readBack })
            #expect(try bench.judge().violations == [])
        }
    }

    @Test func `is refused with fewer keys than the plan asks for`() throws {
        try CopyBench.with(
            [.plain("metro")], dataset: ["copies: {to: [metro], at_least: 1, recipients: 2}"]
        ) { bench in
            try bench.fillSource(files: 1, noiseBytes: 10)
            let refused = try bench.backup()
            #expect(refused.outcome == .refused)
            #expect(refused.detail?.contains("2 keys, and there are 1") == true)
            #expect(refused.detail?.contains("lifeboat key escrow") == true)
            try Scratch.with { away in
                _ = try KeyRing(workspace: bench.workspace).makeEscrow(secretAt: away.path("escrow"))
                // The first points have both keys, so no drill is awaited.
                #expect(try bench.backup().standing(atLeast: 1) == .good)
            }
        }
    }

    @Test func `to new keys is claimed until a key drill has tried them`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let old = try bench.backup()
            let keys = KeyRing(workspace: bench.workspace)
            _ = try keys.rotate()
            #expect(try bench.backup().outcome == .refused)
            let dataset = try #require(try bench.plan().dataset("documents"))
            try keys.accept(
                dataset, person: "petra", reason: "rotation", ledger: bench.ledger,
                at: bench.clock.source.now())
            let run = try bench.backup()
            #expect(run.outcome == .complete && run.kind == .incremental)
            #expect(run.stores.map(\.state) == [.claimed, .claimed])
            #expect(run.stores.allSatisfy { $0.detail?.contains("key drill") == true })
            #expect(run.standing(atLeast: 1) == .partial)
            #expect(try bench.judge().newestRecoverable == old.point)
            let another = try bench.backup()
            #expect(another.kind == .incremental && another.parent == run.point)
            // Status, whose heads the ledger keeps, says the same.
            func head() throws -> DatasetCopies {
                let head = try #require(try bench.ledger.copyHeads()["documents"])
                return head.judge(dataset, in: try bench.plan(), at: bench.clock.source.now())
            }
            #expect(try head().violations.filter { $0.kind == .keyUntried }.count == 2)
            let desk = KeyDesk(workspace: bench.workspace, plan: try bench.plan(), ledger: bench.ledger)
            let before = try #require(try desk.list().first)
            #expect(before.untried.count == 1 && before.uses.map(\.points).sorted() == [2, 3])
            let identities = try keys.identities()
            for identity in identities {
                #expect(try KeyDriller(bench.desk()).drill(identity, dataset: "documents").passed)
            }
            #expect(try bench.judge().newestRecoverable == another.point)
            #expect(try bench.judge().violations == [] && head().violations == [])
            let after = try #require(try desk.list().first)
            #expect(after.untried == [] && after.uses.allSatisfy { $0.triedAt != nil })
            #expect(try bench.backup().standing(atLeast: 2) == .good)
        }
    }

    @Test func `goes on without a store that is away, and says so`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            bench.servers["north"]?.stop()
            let run = try bench.backup()
            #expect(run.outcome == .complete)
            #expect(run.stores.map(\.state) == [.verified, .behind])
            #expect(run.stores[1].detail?.isEmpty == false)
            #expect(try bench.judge().violations.map(\.kind) == [.tooFewCopies, .storeBehind])
            try bench.servers["north"]?.restart()
            let next = try bench.backup()
            #expect(next.kind == .incremental)
            #expect(next.stores[1].state == .behind, "it does not hold what this point builds on")
        }
    }

    @Test func `costs few round trips when nothing has changed`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            let server = try #require(bench.servers["metro"])
            try TCPProxy.with(to: server.port, delay: .milliseconds(50)) { proxy in
                bench.ports["metro"] = proxy.port
                try bench.fillSource(files: 3, noiseBytes: 1000)
                try bench.backup()
                let before = proxy.rounds
                let run = try bench.backup()
                let rounds = proxy.rounds - before
                #expect(run.outcome == .complete && run.kind == .incremental && run.counts.parts == 0)
                // There are 23; one after the other its files took 60.
                #expect((5...30).contains(rounds), "\(rounds)")
                let restored = try Restorer(bench.desk()).restore(
                    RestoreRequest(dataset: "documents", to: .folder(bench.folder.path("back"))))
                #expect(restored.succeeded)
            }
        }
    }

    @Test func `names a point that the ledger does not know, before all else`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let first = try #require(bench.backup().point)
            let folder = bench.storePath("metro") + "/documents"
            let strange = first.replacingOccurrences(of: first.suffix(6), with: "0a0b0c")
            _ = try Command.output("cp", "-a", "\(folder)/\(first)", "\(folder)/\(strange)")
            // What a killed run left behind is no point.
            try FileManager.default.createDirectory(
                atPath: "\(folder)/20260101T000000Z-full-00000a", withIntermediateDirectories: false)
            let findings = try bench.backup().findings
            #expect(findings.count == 1 && findings.first?.contains(strange) == true, "\(findings)")
        }
    }

    @Test func `leaves nothing at a store when a gate refuses the run`() throws {
        try CopyBench.with(
            [.plain("metro")], dataset: ["source: {site: hq, path: DATA, at_least: {files: 100}}"]
        ) {
            bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let run = try bench.backup()
            #expect(run.outcome == .refused, "\(run.detail ?? "")")
            #expect(!FileManager.default.fileExists(atPath: bench.storePath("metro")))
        }
    }

    @Test func `fails and leaves no point when no store answers`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            bench.servers.values.forEach { $0.stop() }
            let run = try bench.backup()
            #expect(run.outcome == .failed && run.point == nil)
            #expect(run.detail?.contains("no store can be reached") == true)
            #expect(try bench.book().points(of: "documents") == [])
        }
    }

    @Test func `refuses a host whose key has changed`() throws {
        try CopyBench.with { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let plan = bench.planText
            try bench.servers["north"]?.replaceHostKey()
            let (loaded, _) = Plan.decode(try DocumentLoader.parse(plan, file: "plan.yaml"))
            let old = try #require(loaded)
            let desk = CopyDesk(
                workspace: bench.workspace, plan: old, ledger: bench.ledger, time: bench.clock.source)
            let run = try BackupRunner(desk).run("documents")
            #expect(run.stores.map(\.state) == [.verified, .behind])
            #expect(run.stores[1].detail?.contains("host key") == true, "\(run.stores[1].detail ?? "")")
        }
    }

    // MARK: - Outcomes

    @Test(.needsRoot) func `stays on the file system of its source where the plan says so`() throws {
        try CopyBench.with(
            [.plain("metro")], dataset: ["source: {site: hq, path: DATA, one_file_system: true}"]
        ) {
            bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let other = try bench.folder.makeFolder("data/other")
            try Command.output("mount", "-t", "tmpfs", "tmpfs", other)
            defer { _ = try? Command.run("umount", other) }
            try bench.folder.write("of another file system", to: "data/other/file.txt")
            let run = try bench.backup()
            #expect(run.outcome == .complete && run.counts.totalFiles == 4)
            bench.datasetLines = ["source: {site: hq, path: DATA, one_file_system: false}"]
            #expect(try bench.backup(.full).counts.totalFiles == 5)
        }
    }

    @Test(
        "is refused by each gate, before anything is committed",
        arguments: [
            (source: "source: {site: hq, path: DATA/nothing}", words: "is not there"),
            (source: "source: {site: hq, path: DATA, must_be_mount: true}", words: "no mount point"),
            (source: "source: {site: hq, path: DATA, at_least: {files: 1000}}", words: "at least 1000"),
            (source: "source: {site: hq, path: DATA, at_least: {bytes: 1GiB}}", words: "at least 1073741824"),
        ])
    func gates(source: String, words: String) throws {
        try CopyBench.with([.plain("metro")], dataset: [source]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let run = try bench.backup()
            #expect(run.outcome == .refused)
            #expect(run.detail?.contains(words) == true, "\(run.detail ?? "")")
            #expect(run.point == nil)
            #expect(try bench.judge().newestPoint == nil)
        }
    }

    @Test func `is refused when the source has shrunk too much`() throws {
        try CopyBench.with([.plain("metro")], dataset: ["source: {site: hq, path: DATA, shrink_limit: 30%}"])
        {
            bench in
            try bench.fillSource(files: 20, noiseBytes: 1000)
            #expect(try bench.backup().outcome == .complete)
            for number in 0..<4 { unlink(bench.folder.path("data/docs/\(number)/f\(number).txt")) }
            #expect(try bench.backup().outcome == .complete)
            try FileManager.default.removeItem(atPath: bench.folder.path("data/docs"))
            let run = try bench.backup()
            #expect(
                run.outcome == .refused && run.detail?.contains("17 at the last run") == true,
                "\(run.detail ?? "")")
        }
    }

    @Test func `is refused when the recipients are not those it had, until a person accepts them`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            #expect(try bench.backup().outcome == .complete)
            let keys = KeyRing(workspace: bench.workspace)
            _ = try keys.rotate()
            let refused = try bench.backup()
            #expect(refused.outcome == .refused && refused.detail?.contains("key accept documents") == true)
            let dataset = try #require(try bench.plan().dataset("documents"))
            try keys.accept(
                dataset, person: "petra", reason: "rotation", ledger: bench.ledger,
                at: bench.clock.source.now())
            let run = try bench.backup()
            #expect(run.outcome == .complete)
            let point = try #require(run.point)
            #expect(
                try Manifest.parse(bench.bytes(bench.path("metro", point, "manifest.json"))).recipients.count
                    == 2)
        }
    }

    // MARK: - Hooks

    @Test
    func `reads the snapshot that the before hook names, at the instant it names, and always runs after`()
        throws
    {
        try Scratch.with { other in
            let before =
                "echo consistency_time=2026-01-02T03:04:05Z >&3; echo path=\(other.path("snapshot")) >&3"
            let after = "echo $LIFEBOAT_DATASET $LIFEBOAT_OUTCOME >> \(other.path("after"))"
            try CopyBench.with(
                [.plain("metro")],
                dataset: [
                    "source: {site: hq, path: DATA, before: [sh, -c, \"\(before)\"], after: [sh, -c, \"\(after)\"]}"
                ]
            ) { bench in
                try bench.fillSource(files: 3, noiseBytes: 1000)
                try other.write("from the snapshot", to: "snapshot/only.txt")
                let run = try bench.backup()
                #expect(run.outcome == .complete, "\(run.detail ?? "")")
                #expect(run.counts.totalFiles == 1)
                #expect(run.consistencyAt == Moment("2026-01-02T03:04:05Z"))
                #expect(run.point?.hasPrefix("20260102T030405Z-full-") == true)
                try FileManager.default.removeItem(atPath: other.path("snapshot"))
                #expect(try bench.backup().outcome == .refused)
                #expect(try other.text("after").split(separator: "\n").count == 2)
            }
        }
    }

    @Test(
        "fails with the words of a hook that fails, says nonsense or hangs",
        arguments: [
            (
                script: "echo no snapshot today >&2; exit 3", words: "exit status 3: no snapshot today",
                limit: "1m"
            ),
            (script: "echo consistency_time=yesterday >&3", words: "is no time", limit: "1m"),
            (
                script: "echo consitency_time=2026-01-01T00:00:00Z >&3", words: "says 'consitency_time=",
                limit: "1m"
            ),
            (script: "echo consistency_time=2100-01-01T00:00:00Z >&3", words: "to come", limit: "1m"),
            (script: "sleep 60", words: "took longer than", limit: "700ms"),
        ])
    func badHooks(script: String, words: String, limit: String) throws {
        try CopyBench.with(
            [.plain("metro")],
            dataset: [
                "source: {site: hq, path: DATA, before: [sh, -c, \"\(script)\"], hook_timeout: \(limit)}"
            ]
        ) { bench in
            try bench.fillSource(files: 1, noiseBytes: 10)
            let run = try bench.backup()
            #expect(run.outcome == .failed && run.point == nil)
            #expect(run.detail?.contains(words) == true, "\(run.detail ?? "")")
        }
    }

    // MARK: - Interruption

    @Test func `is not begun twice at once`() throws {
        try Scratch.with { other in
            let script = "until test -e \(other.path("go")); do sleep 0.05; done"
            try CopyBench.with(
                [.plain("metro")],
                dataset: ["source: {site: hq, path: DATA, before: [sh, -c, \"\(script)\"]}"]
            ) { bench in
                try bench.fillSource(files: 1, noiseBytes: 10)
                let desk = try bench.desk()
                let thread = BackgroundRun { try BackupRunner(desk).run("documents") }
                while !FileManager.default.fileExists(
                    atPath: bench.workspace.runsFolder + "/backup-documents.json")
                {
                    poll(nil, 0, 5)
                }
                let error = #expect(throws: OperationError.self) {
                    try BackupRunner(desk).run("documents")
                }
                #expect(error?.code == .refused)
                try other.write("", to: "go")
                #expect(try thread.join().outcome == .complete)
            }
        }
    }

    @Test func `stops when it is asked to, and nothing of it counts`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let run = try BackupRunner(bench.desk()).run(
                "documents", supervision: Supervision(isCancelled: { true }))
            #expect(run.outcome == .failed && run.point == nil)
            #expect(run.detail?.contains("stopped") == true, "\(run.detail ?? "")")
            #expect(try bench.backup().outcome == .complete)
        }
    }
}
