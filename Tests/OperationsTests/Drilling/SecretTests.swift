// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

@Suite("A secret of a drill")
struct SecretTests {
    static let value = "correct-horse-battery-staple"

    @Test func `is a file of its own beside the command, and nowhere else`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write(Self.value + "\n", to: "secret", mode: 0o600)
            let look = #"stat -c %a "$1"; tr '\0' ' ' </proc/$PPID/cmdline; wc -c <"$1"; cut -c1-7 "$1""#
            let steps = [
                Step(
                    id: "look", phase: .prepare, verb: .run(["sh", "-c", look, "look", "{{secret.word}}"]),
                    hosts: ["north"], undo: Undo.none, because: "a test", secrets: ["word"],
                    save: ["seen": "stdout"]),
                // A program that prints what it should not.
                Step(
                    id: "leak", phase: .prepare,
                    verb: .run([
                        "sh", "-c", #"cat "$1" "$1"; cat "$1" >&2; exit 3"#, "leak", "{{secret.word}}",
                    ]),
                    hosts: ["north"], undo: Undo.none, because: "a test", secrets: ["word"], isCritical: false
                ),
                Step(
                    id: "read", phase: .prepare,
                    verb: .shell(ShellText("read -r line; printf '%s' \"${#line}\"")),
                    hosts: ["north"], needs: ["look"], undo: Undo.none, because: "a test", stdin: "word",
                    save: ["length": "stdout"]),
            ]
            var scenario = bench.scenario(steps)
            scenario.secrets = [Secret(id: "word", source: .file(scratch.path("secret")))]
            let end = try bench.runner.start(try bench.prepared(scenario))
            let state = RunState(folding: end.records)
            #expect(state.result(of: "look") == .passed, "\(end.run.findings)")
            #expect(state.saved["seen"]?.hasPrefix("600\n") == true, "\(state.saved)")
            #expect(state.saved["seen"]?.hasSuffix("correct") == true)
            #expect(state.saved["length"] == String(Self.value.count))
            #expect(try Self.traces(of: Self.value, in: scratch) == ["secret"])
            let leaks = end.records.compactMap { record -> String? in
                if case .output(let output) = record.fact, record.step == "leak" { output.tail } else { nil }
            }
            #expect(leaks == ["[secret word]\n[secret word]\n", "[secret word]\n"])
        }
    }

    @Test func `is gone at the host when the step has ended, also when it was killed`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write(Self.value, to: "secret", mode: 0o600)
            let slow = Step(
                id: "slow", phase: .prepare,
                verb: .run(["sh", "-c", "exec sleep 60", "slow", "{{secret.word}}"]),
                hosts: ["north"], timeout: .seconds(1), undo: Undo.none, because: "a test", secrets: ["word"])
            var scenario = bench.scenario([slow])
            scenario.secrets = [Secret(id: "word", source: .command(["cat", scratch.path("secret")]))]
            let seen = Seen()
            _ = try bench.runner.start(try bench.prepared(scenario)) { record in
                if case .started = record.fact {
                    seen.first = (try? Self.traces(of: Self.value, in: scratch)) ?? []
                }
                if case .finished = record.fact {
                    seen.last = (try? Self.traces(of: Self.value, in: scratch)) ?? []
                }
            }
            #expect(seen.first.contains { $0.hasSuffix("slow/secret.word") }, "\(seen.first)")
            #expect(seen.last == ["secret"])
        }
    }

    /// What reads the secret's file and says only how long it is.
    private static let measure = ["sh", "-c", #"wc -c <"$1""#, "measure", "{{secret.word}}"]

    @Test func `is there for a check, a confirmation and an undo, each time anew`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write(Self.value, to: "secret", mode: 0o600)
            let length = String(Self.value.utf8.count)
            let expected = Expectation(host: "north", arguments: Self.measure, output: length)
            var one = bench.logging("one")
            one.confirm = .expectation(expected)
            one.secrets = ["word"]
            one.undo = .run(
                ["sh", "-c", #"wc -c <"$1" >>"$2""#, "undo", "{{secret.word}}", scratch.path("log")],
                host: nil,
                timeout: nil)
            let check = Step(id: "check", phase: .validate, verb: .check(expected), secrets: ["word"])
            var scenario = bench.scenario([one, check])
            scenario.secrets = [Secret(id: "word", source: .file(scratch.path("secret")))]
            let end = try bench.runner.start(try bench.prepared(scenario))
            #expect(end.run.outcome == .passed && end.run.aftermath == .clean, "\(end.run.findings)")
            #expect(try bench.log() == ["one", length])
            #expect(try Self.traces(of: Self.value, in: scratch) == ["secret"])
            let undo = RunState(folding: end.records).steps["one"]?.intent?.undo
            #expect(undo?.contains("$unit/secret.word") == true, "\(undo ?? "")")
        }
    }

    @Test func `is there for a probe as long as it is asked`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write(Self.value, to: "secret", mode: 0o600)
            let text = ScenarioFileTests.small.replacingOccurrences(
                of: "steps:",
                with: """
                    secrets: {word: {file: "\(scratch.path("secret"))"}}
                    probes:
                      open: {from: [north], every: 100ms, timeout: 2s, secrets: [word], command: [sh, -c, 'test "$(wc -c <"$1")" = \(Self.value.utf8.count)', x, "{{secret.word}}"]}
                    steps:
                    """)
            let (decoded, problems) = try ScenarioFileTests.decode(text)
            var scenario = bench.scenario([
                Step(
                    id: "seen", phase: .prepare,
                    verb: .waitFor(
                        .probe(ProbeCondition(probe: "open", state: .up, window: .milliseconds(300))),
                        deadline: .seconds(30)))
            ])
            scenario.secrets = try #require(decoded, "\(problems)").secrets
            scenario.probes = decoded?.probes ?? []
            let seen = Seen()
            let end = try bench.runner.start(try bench.prepared(scenario)) { record in
                guard case .finished = record.fact else { return }
                seen.first = (try? Self.traces(of: Self.value, in: scratch)) ?? []
            }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(seen.first.contains { $0.hasSuffix("probe-open/secret.word") }, "\(seen.first)")
            #expect(try Self.traces(of: Self.value, in: scratch) == ["secret"])
        }
    }

    @Test func `is not left at a host for a sweep, which says what it needs`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                try bench.scratch.write(Self.value, to: "secret", mode: 0o600)
                var one = bench.logging("one")
                one.secrets = ["word"]
                one.undo = .run(Self.measure, host: nil, timeout: nil)
                var scenario = bench.scenario([one, bench.logging("two")])
                scenario.secrets = [Secret(id: "word", source: .file(bench.scratch.path("secret")))]
                _ = try bench.runner.start(try bench.prepared(scenario)) { record in
                    if case .finished = record.fact, record.step == "two" { kill(getpid(), SIGKILL) }
                }
            }
            #expect(try Self.traces(of: Self.value, in: scratch) == ["secret"])
            try FileManager.default.removeItem(atPath: scratch.path("runs"))
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            let swept = try sweeper.heal(try sweeper.look(at: "north"))
            #expect(swept.healed.contains { $0.hasSuffix("undid two") }, "\(swept)")
            #expect(
                swept.failed.contains {
                    $0.contains("could not undo one: it needs a secret that only the controller has")
                }, "\(swept)")
        }
    }

    @Test func `is taken out of what is printed also where its name is its value`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("word\n", to: "secret", mode: 0o600)
            let leak = Step(
                id: "leak", phase: .prepare,
                verb: .run(["sh", "-c", #"cat "$1""#, "leak", "{{secret.word}}"]),
                hosts: ["north"], undo: Undo.none, because: "a test", secrets: ["word"])
            var scenario = bench.scenario([leak])
            scenario.secrets = [Secret(id: "word", source: .file(scratch.path("secret")))]
            let end = try bench.runner.start(try bench.prepared(scenario))
            let said = end.records.compactMap { record -> String? in
                if case .output(let output) = record.fact { output.tail } else { nil }
            }
            #expect(said == ["[secret word]\n"])
        }
    }

    @Test func `that others may read forbids the start, with nothing done`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write(Self.value, to: "secret", mode: 0o644)
            var scenario = bench.scenario([bench.logging("one")])
            scenario.secrets = [Secret(id: "word", source: .file(scratch.path("secret")))]
            #expect { _ = try bench.runner.start(try bench.prepared(scenario)) } throws: { error in
                (error as? OperationError)?.code == .refused && "\(error)".contains("guard secret word")
            }
            #expect(try bench.log().isEmpty)
        }
    }

    static let mistakes: [(text: String, message: String)] = [
        ("secrets: [wrod]", "no secret 'wrod'"),
        ("args: [\"{{secret.word}}\"]", "'{{secret.word}}' is set by nothing"),
        (
            "confirm: {sql: {query: select 1, as: postgres, password: word}}",
            "goes with no 'as': the account that psql runs as could not read the password's file"
        ),
        ("confirm: {sql: {query: select 1, password: wrod}}", "no secret 'wrod'"),
    ]

    @Test("is named where it is needed", arguments: mistakes)
    func mistake(text: String, message: String) throws {
        let scenario = ScenarioFileTests.small.replacingOccurrences(
            of: "    run: [\"true\"]", with: "    shell: \"true\"\n    \(text)"
        ).replacingOccurrences(of: "steps:", with: "secrets: {word: {file: /etc/word}}\nsteps:")
        let problems = try ScenarioFileTests.decode(scenario).1
        #expect(problems.errors.contains { $0.message.contains(message) }, "\(problems)")
    }

    private final class Seen: @unchecked Sendable {
        // Unchecked: the engine tells of its records on the thread that waits for it.
        var first: [String] = []
        var last: [String] = []
    }

    /// The files below a folder that hold a text.
    private static func traces(of text: String, in scratch: Scratch) throws -> [String] {
        let needle = Data(text.utf8)
        return try FileManager.default.subpathsOfDirectory(atPath: scratch.path).filter { name in
            FileManager.default.contents(atPath: scratch.path(name))?.range(of: needle) != nil
        }.sorted()
    }
}
