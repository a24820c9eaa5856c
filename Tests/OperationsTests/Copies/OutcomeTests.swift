// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

/// Each way in which a backup comes out, by the real program: status, JSON, ledger and report must say the same.
@Suite("The outcome of a backup, end to end", .tags(.integration), .needsServer, .needsRoot, .mayQueue)
struct OutcomeTests {
    struct Scene: CustomTestStringConvertible {
        var name: String
        var source: String
        var outcome: BackupOutcome
        var status: Int32
        var words: String
        var prefix: [String] = []
        /// A file that goes between being listed and being opened.
        var gone: String?

        var testDescription: String { name }
    }

    private static let withoutOverride = [
        "setpriv", "--bounding-set=-dac_override,-dac_read_search",
        "--inh-caps=-dac_override,-dac_read_search",
    ]

    static let scenes = [
        Scene(name: "complete", source: "path: DATA", outcome: .complete, status: 0, words: ""),
        Scene(
            name: "a file changes while it is read",
            source: """
                path: DATA, before: [sh, -c, "timeout 60 sh -c 'while [ -e DATA/../go ]; do echo x >> DATA/busy; done' >/dev/null 2>&1 3>&- & :"], after: [rm, DATA/../go]
                """,
            outcome: .completeWithChanges, status: 1, words: "changed: busy"),
        Scene(
            name: "a file vanishes before it is read", source: "path: DATA",
            outcome: .completeWithChanges, status: 1, words: "vanished: docs/1/f1.txt", gone: "f1.txt"),
        Scene(
            name: "a file cannot be read", source: "path: DATA", outcome: .partial, status: 2,
            words: "unreadable: secret", prefix: withoutOverride),
        Scene(
            name: "the before hook fails",
            source: "path: DATA, before: [sh, -c, 'echo no snapshot today >&2; exit 7']", outcome: .failed,
            status: 3,
            words: "no snapshot today"),
        Scene(
            name: "the before hook takes too long",
            source: "path: DATA, before: [sleep, '60'], hook_timeout: 1s", outcome: .failed, status: 3,
            words: "took longer than"),
        Scene(
            name: "the after hook fails",
            source: "path: DATA, after: [sh, -c, 'echo snapshot stays >&2; exit 1']", outcome: .complete,
            status: 1,
            words: "snapshot stays"),
        Scene(
            name: "the dump fails",
            source: "command: [sh, -c, 'echo half; echo gone >&2; exit 2'], name: d.dump",
            outcome: .failed, status: 3, words: "gone"),
        Scene(
            name: "the share is not mounted", source: "path: DATA, must_be_mount: true", outcome: .refused,
            status: 4,
            words: "no mount point"),
        Scene(
            name: "the source is empty", source: "path: DATA/docs/none, at_least: {files: 1}",
            outcome: .refused,
            status: 4, words: "at least 1"),
    ]

    private struct Output: Decodable {
        struct Run: Decodable {
            var outcome: String
            var detail: String?
            var findings: [String]
            var hookTrouble: String?
        }

        var runs: [Run]
    }

    @Test("is the same in status, JSON, ledger and report", arguments: scenes)
    func outcome(scene: Scene) throws {
        try CopyBench.with([.plain("metro")], dataset: ["source: {site: hq, \(scene.source)}"]) { bench in
            bench.datasetLines = bench.datasetLines.map {
                $0.replacingOccurrences(of: "DATA", with: bench.folder.path("data"))
            }
            try bench.fillSource(files: 3, noiseBytes: 1000)
            try bench.folder.makeFolder("data/docs/none")
            try bench.folder.write(noise(40_000_000), to: "data/busy")
            try bench.folder.write("", to: "go")
            let secret = try bench.folder.write("not for everybody", to: "data/secret", mode: 0o600)
            chown(secret, 65_534, 65_534)
            try bench.folder.write(bench.planText, to: "workspace/Plans/plan.yaml", mode: 0o644)
            var command = Command(
                scene.prefix + [Program.path, "backup", "documents", "--json", "-w", bench.workspace.root])
            if let gone = scene.gone {
                command.environment = try FaultyCalls(in: bench.folder).environment(gone: gone)
            }
            let result = try command.run()
            #expect(result.status == scene.status, "\(result.text)\(result.error)")
            let run = try #require(CanonicalJSON.decode(Output.self, from: Data(result.output)).runs.first)
            #expect(run.outcome == scene.outcome.rawValue)
            let words = ([run.detail, run.hookTrouble] + run.findings).compactMap(\.self).joined(
                separator: "\n")
            #expect(scene.words.isEmpty || words.contains(scene.words), "\(words)")
            #expect((run.hookTrouble != nil) == (scene.name == "the after hook fails"))
            let told = try bench.ledger.events(of: [.backupRun]).compactMap { event -> BackupRun? in
                guard case .backupRun(let run) = event.body else { return nil }
                return run
            }
            #expect(told.map(\.outcome) == [scene.outcome])
            #expect(
                (told.first?.point != nil)
                    == [.complete, .completeWithChanges, .partial].contains(scene.outcome))
            if scene.outcome == .partial {
                let judged = try bench.judgeNow()
                #expect(judged.newestPoint == nil, "a partial point does not stand for the whole dataset")
            }
            let audit = try Command.run(Program.path, "audit", "-w", bench.workspace.root)
            let folder = try #require(
                FileManager.default.contentsOfDirectory(atPath: bench.workspace.reportsFolder).first,
                "\(audit.error)")
            let report = try String(
                contentsOfFile: "\(bench.workspace.reportsFolder)/\(folder)/report.json", encoding: .utf8)
            #expect(
                report.contains("\"by_outcome\":{\"\(scene.outcome.rawValue)\":1}"), "the report counts it")
        }
    }

    @Test func `of an after hook reaches the hook itself`() throws {
        try CopyBench.with(
            [.plain("metro")],
            dataset: [
                "source: {site: hq, path: DATA, after: [sh, -c, 'env | grep ^LIFEBOAT_O > DATA/../told']}"
            ]
        ) { bench in
            try bench.fillSource(files: 1, noiseBytes: 10)
            #expect(try bench.backup().outcome == .complete)
            let told = try bench.folder.text("told")
            #expect(told == "LIFEBOAT_OUTCOME=complete\n", "\(told)")
        }
    }
}
