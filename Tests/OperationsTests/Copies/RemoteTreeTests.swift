// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A tree at another host as a source", .tags(.integration), .needsServer, .mayQueue)
struct RemoteTreeTests {
    private static let source = "source: {host: metro, path: DATA, must_be_mount: false}"

    /// A program that the host is asked through, as through sudo: its words come behind `-n`.
    private func wrapper(_ bench: CopyBench, _ body: String) throws -> String {
        try bench.folder.write(
            "#!/bin/bash\nshift\n\(body)\nexec \"$@\"\n", to: "wrap", mode: 0o755)
    }

    @Test(.needsRoot) func `comes back as it was, restored by Lifeboat and by the card`() throws {
        try CopyBench.with(dataset: [Self.source, "part_size: 1MiB"]) { bench in
            let data = bench.folder.path("data")
            try DifficultTree.make(at: data)
            try bench.folder.write(noise(5_000_000), to: "data/noise.bin")
            let full = try bench.backup()
            #expect(full.outcome == .complete && full.kind == .full, "\(full.detail ?? "") \(full.findings)")
            try Command.output(
                "bash", "-euc",
                """
                cd "$1"; echo changed >> d.file; rm byte d/one; mv 'd!' 'renamed!'; mkdir new; echo n > new/file
                rm -r d/inner; echo 'now a file' > d/inner; rm link; mkdir link; echo in > link/in; ln hard new/hard
                touch -d 2001-01-01 d+file; echo tail >> middle
                """, "-", data)
            let second = try bench.backup()
            #expect(second.outcome == .complete && second.kind == .incremental, "\(second.findings)")
            let point = try #require(second.point)
            let folder = bench.folder.path("back")
            let run = try Restorer(bench.desk()).restore(
                RestoreRequest(dataset: "documents", to: .folder(folder)))
            #expect(run.succeeded, "\(run.detail ?? "")")
            let keys = KeyRing(workspace: bench.workspace)
            let card = try Command.run(
                "bash", "RESTORE.txt", keys.identityPath, keys.allowedSignersPath, bench.folder.path("hand"),
                folder: "\(bench.storePath("north"))/documents/\(point)")
            #expect(card.status == 0, "\(card.text)\(card.error)")
            try Command.output(
                "bash", "-euc", "cd \"$1\"; touch -r . ../times; rm sock; touch -r ../times .", "-", data)
            for restored in ["back", "hand"] {
                let differences = try TreeDescription.differences(data, bench.folder.path(restored))
                #expect(differences.isEmpty, "\(restored): \(differences.joined(separator: "\n"))")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.workspace.spoolFolder) == [])
        }
    }

    @Test(
        "is refused by each gate",
        arguments: [
            (source: "source: {host: metro, path: DATA/nothing}", words: "is not there"),
            (source: "source: {host: metro, path: DATA, must_be_mount: true}", words: "no mount point"),
            (source: "source: {host: metro, path: DATA, at_least: {files: 1000}}", words: "at least 1000"),
            (
                source: "source: {host: metro, path: DATA, at_least: {bytes: 1GiB}}",
                words: "at least 1073741824"
            ),
        ])
    func gates(source: String, words: String) throws {
        try CopyBench.with([.plain("metro")], dataset: [source]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let run = try bench.backup()
            #expect(run.outcome == .refused && run.point == nil)
            #expect(run.detail?.contains(words) == true, "\(run.detail ?? "")")
        }
    }

    @Test func `is refused when it has shrunk too much, and let through by the mount that it must be`() throws
    {
        try CopyBench.with(
            [.plain("metro")],
            dataset: ["source: {host: metro, path: DATA, shrink_limit: 30%, must_be_mount: true}"]
        ) { bench in
            guard geteuid() == 0 else { return }
            try Command.output(
                "mount", "-t", "tmpfs", "-o", "size=8m", "lifeboat-test", bench.folder.path("data"))
            defer { _ = try? Command.run("umount", "-l", bench.folder.path("data")) }
            try bench.fillSource(files: 20, noiseBytes: 1000)
            let good = try bench.backup()
            #expect(good.outcome == .complete, "\(good.detail ?? "")")
            try FileManager.default.removeItem(atPath: bench.folder.path("data/docs"))
            let run = try bench.backup()
            #expect(
                run.outcome == .refused && run.detail?.contains("21 at the last run") == true,
                "\(run.detail ?? "")")
        }
    }

    @Test func `is partial for what the account there cannot read, and keeps it as it was`() throws {
        try CopyBench.with([.plain("metro")], dataset: [Self.source]) { bench in
            guard geteuid() == 0 else { return }
            try bench.fillSource(files: 8, noiseBytes: 1000)
            #expect(try bench.backup().outcome == .complete)
            try Command.output("chmod", "711", bench.folder.path)
            try Command.output("chmod", "600", bench.folder.path("data/noise.bin"))
            try Command.output("chmod", "700", bench.folder.path("data/docs/3"))
            bench.becomes["metro"] = try wrapper(
                bench, "set -- setpriv --reuid 65534 --regid 65534 --clear-groups \"$@\"")
            let run = try bench.backup()
            #expect(run.outcome == .partial && run.point != nil, "\(run.detail ?? "") \(run.findings)")
            #expect(
                run.findings.contains { $0.contains("noise.bin") }
                    && run.findings.contains { $0.contains("docs/3") })
            #expect(run.counts.deleted == 0)
            let restored = try Restorer(bench.desk()).restore(
                RestoreRequest(dataset: "documents", to: .folder(bench.folder.path("back")), point: run.point)
            )
            #expect(restored.succeeded || restored.detail != nil)
            let same = try Command.run("diff", "-r", bench.folder.path("data"), bench.folder.path("back"))
            #expect(same.status == 0, "\(same.text)")
        }
    }

    @Test func `is complete with changes when a file vanishes before it is read`() throws {
        try CopyBench.with([.plain("metro")], dataset: [Self.source]) { bench in
            try bench.fillSource(files: 4, noiseBytes: 1000)
            bench.becomes["metro"] = try wrapper(
                bench, "case \"$*\" in *--create*) rm -f \(bench.folder.path("data/docs/1/f1.txt"));; esac")
            let run = try bench.backup()
            #expect(run.outcome == .completeWithChanges, "\(run.detail ?? "") \(run.findings)")
            #expect(run.findings.contains { $0.hasPrefix("vanished: docs/1/f1.txt") }, "\(run.findings)")
        }
    }

    @Test
    func `fails and leaves no point when the connection is cut, tar is ended, or the tools are not GNU's`()
        throws
    {
        try CopyBench.with([.plain("metro")], dataset: [Self.source]) { bench in
            try bench.fillSource(files: 4, noiseBytes: 8_000_000)
            try bench.folder.write("#!/bin/sh\necho BusyBox v1.36\n", to: "busy/find", mode: 0o755)
            for (body, words) in [
                ("case \"$*\" in *--create*) kill -KILL $$;; esac", "tar at metro"),
                ("case \"$*\" in *--create*) kill -KILL $PPID;; esac", "127.0.0.1"),
                ("case \"$*\" in *%U*) echo 'find: cannot' >&2; exit 3;; esac", "cannot list"),
                ("PATH=\(bench.folder.path("busy")):$PATH", "GNU find is needed to read a tree here"),
            ] {
                bench.becomes["metro"] = try wrapper(bench, body)
                let run = try bench.backup()
                #expect(run.outcome == .failed && run.point == nil, "\(body): \(run.outcome)")
                #expect(run.detail?.contains(words) == true, "\(body): \(run.detail ?? "")")
            }
            bench.becomes["metro"] = nil
            #expect(try bench.backup().outcome == .complete)
        }
    }
}
