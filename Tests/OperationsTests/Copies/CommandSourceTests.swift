// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("The output of a command as a source", .tags(.integration), .needsServer, .mayQueue)
struct CommandSourceTests {
    private func source(_ script: String, host: String? = nil) -> [String] {
        let place = host.map { "host: \($0), " } ?? "site: hq, "
        return ["source: {\(place)command: [sh, -c, \"\(script)\"], name: out.dump}"]
    }

    private func restored(_ bench: CopyBench) throws -> [UInt8] {
        let folder = bench.folder.path("back-\(UInt32.random(in: 0 ... .max))")
        let run = try Restorer(bench.desk()).restore(
            RestoreRequest(dataset: "documents", to: .folder(folder)))
        #expect(run.succeeded)
        return try bench.bytes(folder + "/out.dump")
    }

    @Test("becomes one member, here and at another host", arguments: [nil, "metro"])
    func output(host: String?) throws {
        let script = "i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done"
        try CopyBench.with([.plain("metro")], dataset: source(script, host: host)) { bench in
            let run = try bench.backup()
            #expect(run.outcome == .complete && run.kind == .full, "\(run.detail ?? "")")
            #expect(run.counts.totalFiles == 1)
            let expected = (0..<20_000).map { "line \($0)\n" }.joined()
            #expect(try restored(bench) == Array(expected.utf8))
            #expect(try bench.backup().kind == .full, "a command's output is always read whole")
            #expect(try FileManager.default.contentsOfDirectory(atPath: bench.workspace.spoolFolder) == [])
        }
    }

    @Test(
        "fails when the command fails, prints nothing or does not exist, and leaves no point",
        arguments: [
            (
                script: "echo half a dump; echo connection lost >&2; exit 4", host: nil,
                words: "connection lost"
            ),
            (
                script: "echo half a dump; echo connection lost >&2; exit 4", host: "metro",
                words: "connection lost"
            ),
            (script: "true", host: nil, words: "printed nothing"),
            (script: "kill -9 $$", host: nil, words: "exit status 137"),
            (script: "/no/such/program", host: "metro", words: "exit status 127"),
        ] as [(script: String, host: String?, words: String)])
    func failures(script: String, host: String?, words: String) throws {
        try CopyBench.with([.plain("metro")], dataset: source(script, host: host)) { bench in
            let run = try bench.backup()
            #expect(run.outcome == .failed && run.point == nil)
            #expect(run.detail?.contains(words) == true, "\(run.detail ?? "")")
            #expect(try bench.judge().newestPoint == nil)
        }
    }

    @Test func `stops a command that hangs when it is asked to`() throws {
        try CopyBench.with([.plain("metro")], dataset: source("sleep 600")) { bench in
            let begin = ContinuousClock.now
            let run = try BackupRunner(bench.desk()).run(
                "documents",
                supervision: Supervision(isCancelled: { ContinuousClock.now - begin > .milliseconds(500) }))
            #expect(run.outcome == .failed && run.point == nil)
            #expect(ContinuousClock.now - begin < .seconds(60))
        }
    }

    // MARK: - PostgreSQL

    static let programs = "/usr/lib/postgresql/15/bin"

    @Test(
        .enabled(
            if: access("\(programs)/initdb", X_OK) == 0 && geteuid() == 0,
            "needs PostgreSQL 15, and root to run it as nobody"))
    func `brings a real database back with pg_dump and pg_restore`() throws {
        try Scratch.with { place in
            chmod(place.path, 0o711)
            for name in ["cluster", "socket"] {
                try place.makeFolder(name)
                chown(place.path(name), 65_534, 65_534)
            }
            let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            func run(_ words: [String]) throws -> Command.Result {
                try Command(
                    nobody + words, environment: ["HOME": place.path("cluster"), "LC_ALL": "C"], folder: "/"
                ).run()
            }
            let made = try run([
                "\(Self.programs)/initdb", "-D", place.path("cluster"), "-U", "postgres", "--auth", "trust",
                "--no-sync",
            ])
            try #require(made.status == 0, "\(made.error)")
            let options = "-k \(place.path("socket")) -c listen_addresses= -c fsync=off"
            let started = try run([
                "\(Self.programs)/pg_ctl", "-D", place.path("cluster"), "-o", options, "-l",
                place.path("cluster/log"), "-w", "start",
            ])
            try #require(started.status == 0, "\(started.text) \(started.error)")
            defer {
                _ = try? run([
                    "\(Self.programs)/pg_ctl", "-D", place.path("cluster"), "-m", "immediate", "-w", "stop",
                ])
            }
            func sql(_ text: String, in database: String) throws -> String {
                let result = try run([
                    "\(Self.programs)/psql", "-h", place.path("socket"), "-U", "postgres", "-d", database,
                    "-v",
                    "ON_ERROR_STOP=1", "-Atc", text,
                ])
                try #require(result.status == 0, "\(result.error)")
                return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
            }
            _ = try sql("CREATE DATABASE shop", in: "postgres")
            _ = try sql(
                "CREATE TABLE orders AS SELECT n AS id, md5(n::text) AS note FROM generate_series(1, 50000) n",
                in: "shop")
            let sum =
                "SELECT count(*) || ' ' || sum(id) || ' ' || md5(string_agg(note, '' ORDER BY id)) FROM orders"
            let before = try sql(sum, in: "shop")
            let command =
                "\(Self.programs)/pg_dump, -h, \(place.path("socket")), -U, postgres, --format=custom, "
            try CopyBench.with(
                [.plain("metro")], dataset: ["source: {site: hq, command: [\(command)shop], name: out.dump}"]
            ) { bench in
                let run = try bench.backup()
                #expect(run.outcome == .complete, "\(run.detail ?? "")")
                let dump = try place.write(try restored(bench), to: "out.dump", mode: 0o644)
                _ = try sql("CREATE DATABASE back", in: "postgres")
                let result = try Command.run(
                    "\(Self.programs)/pg_restore", "-h", place.path("socket"), "-U", "postgres", "-d", "back",
                    dump)
                #expect(result.status == 0, "\(result.error)")
                #expect(try sql(sum, in: "back") == before)
                bench.datasetLines = [
                    "source: {site: hq, command: [\(command)no_such_database], name: out.dump}"
                ]
                let failed = try bench.backup()
                #expect(failed.outcome == .failed && failed.detail?.contains("no_such_database") == true)
            }
        }
    }
}
