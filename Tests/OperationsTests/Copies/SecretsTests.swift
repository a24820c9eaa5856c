// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import Synchronization
import TestSupport
import Testing

/// Looks again and again at what every process shows of itself, and keeps where a secret stood.
final class ProcessWatch: Sendable {
    private let secrets: [String]
    private let found = Mutex<Set<String>>([])
    private let isOver = Atomic(false)
    private let looks = Atomic(0)

    init(for secrets: [String]) {
        self.secrets = secrets
        Thread { [self] in
            while !isOver.load(ordering: .relaxed) {
                look()
                // Leaves the processor to those it watches.
                usleep(3_000)
            }
        }.start()
    }

    private func look() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        where Int(name) != nil {
            for file in ["cmdline", "environ"] {
                guard let data = FileManager.default.contents(atPath: "/proc/\(name)/\(file)") else {
                    continue
                }
                for (number, secret) in secrets.enumerated() where data.range(of: Data(secret.utf8)) != nil {
                    found.withLock { _ = $0.insert("secret \(number) in \(file)") }
                }
            }
        }
        looks.add(1, ordering: .relaxed)
    }

    var lookCount: Int { looks.load(ordering: .relaxed) }

    func end() -> Set<String> {
        isOver.store(true, ordering: .relaxed)
        return found.withLock { $0 }
    }
}

@Suite("Secrets", .serialized, .tags(.integration), .needsServer, .mayQueue)
struct SecretsTests {
    /// The secret halves of a bench: lines that stand nowhere but in key files.
    private func secrets(_ bench: CopyBench, _ escrow: String) throws -> [String] {
        let keys = KeyRing(workspace: bench.workspace)
        let server = try #require(bench.servers["metro"])
        func longest(_ path: String) throws -> String {
            let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(
                String.init)
            // The last full line of an OpenSSH key is within its secret part; the first ones hold the public half.
            return lines.first { $0.hasPrefix("AGE-SECRET-KEY") } ?? lines.filter { $0.utf8.count > 40 }.last
                ?? ""
        }
        let found = try [keys.identityPath, keys.signerPath, server.keyPath, escrow].map(longest)
        #expect(found.allSatisfy { $0.utf8.count > 40 })
        return found
    }

    @Test func `stand in no arguments, environment, output, log, ledger, report or store`() throws {
        try CopyBench.with(dataset: [
            "source: {site: hq, path: DATA, before: [sh, -c, 'env; true'], after: [env]}"
        ]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 100_000)
            let escrow = bench.folder.path("escrow.age")
            let made = try bench.lifeboat(["key", "escrow", "--to", escrow])
            #expect(made.status == 0, "\(made.error)")
            let secrets = try secrets(bench, escrow)
            let watch = ProcessWatch(for: secrets + ["a-planted-word-to-see-the-watch-work"])
            var said = made.text + made.error
            for words in [
                ["backup", "documents"], ["verify", "documents"], ["key", "list"], ["key", "rotate"],
                ["key", "drill", "documents", "--key", escrow], ["points", "--json"], ["copies"], ["status"],
                ["restore", "documents", "--to", bench.folder.path("back")],
                ["restore", "documents", "--to", bench.folder.path("far"), "--host", "north"],
                ["ledger", "export"], ["ledger", "check"], ["audit"], ["site", "check", "metro"],
            ] {
                let result = try bench.lifeboat(words)
                // A status above 5 would say that the command did not do its work.
                #expect(result.status <= 5, "\(words): \(result.error)")
                said += result.text + result.error
            }
            let before = watch.lookCount
            _ = try Command.run("sh", "-c", "sleep 0.3; : a-planted-word-to-see-the-watch-work")
            #expect(watch.lookCount > before)
            let seen = watch.end()
            #expect(seen == ["secret \(secrets.count) in cmdline"], "the watch works, and saw nothing else")
            for (number, secret) in secrets.enumerated() {
                #expect(!said.contains(secret), "secret \(number) was printed")
                let files = try Command.run(
                    "grep", "-rlaF", "--exclude-dir=keys", "-e", secret, bench.workspace.root,
                    bench.storePath("metro"), bench.storePath("north"))
                #expect(files.status == 1, "secret \(number) stands in \(files.text)")
            }
        }
    }

    @Test(
        "are refused when others may read them",
        arguments: [
            (file: "identity.age", words: ["restore", "documents", "--to", "OUT"]),
            (file: "signer", words: ["backup", "documents"]),
        ])
    func worldReadable(file: String, words: [String]) throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            #expect(try bench.lifeboat(["backup", "documents"]).status == 0)
            chmod("\(bench.workspace.keysFolder)/\(file)", 0o644)
            let result = try bench.lifeboat(words.map { $0 == "OUT" ? bench.folder.path("out") : $0 })
            #expect(result.status != 0)
            #expect((result.text + result.error).contains("others may read"), "\(result.text)\(result.error)")
            #expect((result.text + result.error).contains("chmod 600"))
        }
    }

    @Test func `open a point on an empty machine, with its folder and the key alone`() throws {
        try CopyBench.with([.plain("metro")]) { bench in
            try bench.fillSource(files: 3, noiseBytes: 1000)
            let escrow = bench.folder.path("escrow.age")
            _ = try bench.lifeboat(["key", "escrow", "--to", escrow])
            let point = try #require(try bench.backup().point)
            let folder = "\(bench.storePath("metro"))/documents/\(point)"
            let signers = KeyRing(workspace: bench.workspace).allowedSignersPath
            let result = try Command.run(
                Program.path, "key", "drill", "--folder", folder, "--key", escrow, "--signers", signers,
                environment: ["LIFEBOAT_WORKSPACE": "/nowhere"], folder: "/")
            #expect(
                result.status == 0 && result.text.hasPrefix("passed: age1"), "\(result.text)\(result.error)")
            try bench.flip("metro", point, "00001.tar.zst.age")
            let bad = try Command.run(
                Program.path, "key", "drill", "--folder", folder, "--key", escrow, folder: "/")
            #expect(bad.status == 3 && bad.text.hasPrefix("FAILED"), "\(bad.text)")
        }
    }
}
