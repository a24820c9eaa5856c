// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("An experiment of the Chaos Toolkit")
struct ChaosImportTests {
    /// The shape of the toolkit's own tutorials: a service behind HTTP, a process that is stopped, a rollback.
    static let experiment = #"""
        {
            "version": "1.0.0",
            "title": "Does our service tolerate the loss of its exchange file?",
            "description": "Our service reads data from an exchange file,\ncan it support that file disappearing?",
            "tags": ["tutorial", "filesystem"],
            "contributions": {"reliability": "high"},
            "configuration": {
                "app_url": "http:\/\/192.0.2.10:8080",
                "app_token": {"type": "env", "key": "APP_TOKEN"}
            },
            "secrets": {"vault": {"token": {"type": "env", "key": "VAULT_TOKEN"}}},
            "steady-state-hypothesis": {
                "title": "The exchange file must exist",
                "probes": [
                    {"type": "probe", "name": "service-is-unavailable", "tolerance": [200, 503],
                     "provider": {"type": "http", "url": "${app_url}/", "timeout": 3}},
                    {"type": "probe", "name": "service-answers", "tolerance": 200,
                     "provider": {"type": "http", "url": "${app_url}/health", "timeout": 2}},
                    {"type": "probe", "name": "file-is-there", "tolerance": 0,
                     "provider": {"type": "process", "path": "test", "arguments": "-e '/srv/ex change'", "timeout": 1}},
                    {"type": "probe", "name": "pods-are-ready", "tolerance": true,
                     "provider": {"type": "python", "module": "chaosk8s.probes", "func": "all_microservices_healthy"}}
                ]
            },
            "method": [
                {"type": "action", "name": "move-file-away",
                 "provider": {"type": "process", "path": "mv", "arguments": ["FILE", "FILE.away"], "timeout": 10},
                 "pauses": {"after": 0.2}},
                {"ref": "file-is-there"},
                {"type": "action", "name": "post-an-order", "background": true,
                 "provider": {"type": "http", "url": "${app_url}/orders", "method": "POST", "headers": {"X-Drill": "1"}}},
                {"type": "action", "name": "terminate-pod",
                 "provider": {"type": "python", "module": "chaosk8s.pod.actions", "func": "terminate_pods"}},
                {"type": "probe", "name": "file-is-away", "tolerance": 1,
                 "provider": {"type": "process", "path": "test", "arguments": {"-e": "FILE"}}}
            ],
            "rollbacks": [
                {"type": "action", "name": "move-file-back",
                 "provider": {"type": "process", "path": "mv", "arguments": ["FILE.away", "FILE"]}},
                {"type": "action", "name": "say-so", "provider": {"type": "process", "path": "touch", "arguments": "FILE.said"}}
            ]
        }
        """#

    private func translate(_ text: String, _ scratch: Scratch, service: String? = nil) throws
        -> ChaosTranslation
    {
        let path = try scratch.write(text, to: "experiment.json")
        return try ChaosImport.translate(
            path, choices: .init(host: "north", prober: "north", service: service))
    }

    @Test func `becomes a scenario that reads without an error`() throws {
        try Scratch.with { scratch in
            let translation = try translate(Self.experiment, scratch, service: "files")
            let (scenario, problems) = try ScenarioFileTests.decode(translation.yaml)
            let found = try #require(scenario, "\(problems)\n\(translation.yaml)")
            #expect(found.title == "Does our service tolerate the loss of its exchange file?")
            #expect(found.probes.map(\.id) == ["service_answers", "file_is_there"])
            #expect(found.probes.first?.kind == .http(url: "{{app_url}}/health"))
            #expect(found.probes.last?.kind == .command(["test", "-e", "/srv/ex change"]))
            #expect(
                found.steps.map(\.id) == [
                    "steady_service_answers", "steady_file_is_there", "register_say_so",
                    "register_move_file_back",
                    "method_begins", "move_file_away", "pause_after_move_file_away", "file_is_there_2",
                    "post_an_order", "file_is_away", "again_service_answers", "again_file_is_there",
                ])
            #expect(found.step("move_file_away")?.verb == .run(["mv", "FILE", "FILE.away"]))
            #expect(found.step("move_file_away")?.timeout == .seconds(10))
            #expect(
                found.step("register_move_file_back")?.undo
                    == .run(["mv", "FILE.away", "FILE"], host: nil, timeout: nil))
            #expect(found.step("file_is_away")?.needs == ["file_is_there_2"])
            #expect(found.variables["app_url"] == "http://192.0.2.10:8080")
            guard case .check(let check)? = found.step("file_is_away")?.verb else {
                Issue.record("no check")
                return
            }
            #expect(check.arguments == ["test", "-e", "FILE"])
            #expect(check.exit == 1)
        }
    }

    @Test func `says what it could not translate, at the head of the scenario too`() throws {
        try Scratch.with { scratch in
            let translation = try translate(Self.experiment, scratch)
            for word in [
                "configuration.app_token", "secrets.vault.token", "contributions",
                "service-is-unavailable: its tolerance",
                "pods-are-ready: the Python function chaosk8s.probes",
                "terminate-pod: the Python function chaosk8s.pod.actions.terminate_pods",
            ] {
                #expect(translation.left.contains { $0.hasPrefix(word) }, "\(word): \(translation.left)")
                #expect(translation.yaml.contains("#   - \(word)"))
            }
            #expect(translation.left.count == 6, "\(translation.left)")
        }
    }

    @Test func `does what the experiment did, and rolls back in its order`() throws {
        try Scratch.with { scratch in
            let file = try scratch.write("x", to: "srv/file")
            let small = #"""
                {"title": "Small", "steady-state-hypothesis": {"title": "s", "probes": [
                   {"type": "probe", "name": "there", "tolerance": 0,
                    "provider": {"type": "process", "path": "test", "arguments": ["-e", "FILE"], "timeout": 1}}]},
                 "method": [
                   {"type": "action", "name": "away", "provider": {"type": "process", "path": "mv", "arguments": "FILE FILE.away"}},
                   {"type": "probe", "name": "gone", "tolerance": 1,
                    "provider": {"type": "process", "path": "test", "arguments": "-e FILE"}},
                   {"type": "action", "name": "again", "provider": {"type": "process", "path": "cp", "arguments": "FILE.away FILE"}}],
                 "rollbacks": [
                   {"type": "action", "name": "back", "provider": {"type": "process", "path": "mv", "arguments": "FILE.away FILE"}},
                   {"type": "action", "name": "copy", "provider": {"type": "process", "path": "cp", "arguments": "FILE FILE.said"}}]}
                """#
            let translation = try translate(small.replacingOccurrences(of: "FILE", with: file), scratch)
            #expect(translation.left.isEmpty, "\(translation.left)")
            let scenario = try #require(try ScenarioFileTests.decode(translation.yaml).0)
            let bench = try DrillBench(scratch)
            let end = try bench.runner.start(try bench.prepared(scenario))
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            #expect(!scratch.contains("srv/file.away"))
            #expect(try scratch.text("srv/file.said") == "x")
        }
    }

    @Test("is refused when it is none", arguments: [#"{"title": "x"}"#, "[1, 2]", "just words"])
    func none(text: String) throws {
        try Scratch.with { (scratch: Scratch) -> Void in
            #expect { _ = try translate(text, scratch) } throws: {
                ($0 as? OperationError)?.code == .badInput
            }
        }
    }
}
