// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import Synchronization
import TestSupport
import Testing

@Suite("A drill run")
struct DrillRunTests {
    @Test func `undoes what it did, newest first`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let steps = ["one", "two", "three"].map { bench.logging($0) }
            let end = try bench.runner.start(try bench.prepared(bench.scenario(steps)))
            #expect(try bench.log() == ["one", "two", "three", "undo-three", "undo-two", "undo-one"])
            #expect(end.run.outcome == .passed)
            #expect(end.run.aftermath == .clean)
        }
    }

    @Test func `undoes after a failure, the failed step too, and says which step it was`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var broken = bench.logging("two")
            broken.verb = .run(["false"])
            let steps = [bench.logging("one"), broken, bench.logging("three")]
            let end = try bench.runner.start(try bench.prepared(bench.scenario(steps)))
            #expect(try bench.log() == ["one", "undo-two", "undo-one"])
            #expect(end.run.outcome == .failed)
            #expect(end.run.findings.contains { $0.hasPrefix("failed: two: exit status 1") })
            #expect(end.run.findings.contains("not_run: three"))
        }
    }

    @Test func `tries every undo although one fails, and has left something over then`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var stubborn = bench.logging("two")
            stubborn.undo = .run(["sh", "-c", "echo no >&2; exit 7"], host: nil, timeout: nil)
            let end = try bench.runner.start(
                try bench.prepared(bench.scenario([bench.logging("one"), stubborn])))
            #expect(try bench.log() == ["one", "two", "undo-one"])
            #expect(end.run.outcome == .failed)
            #expect(end.run.aftermath == .leftovers)
            #expect(
                end.run.findings.contains {
                    $0.hasPrefix("undo_failed: two") && $0.contains("exit status 7: no")
                })
        }
    }

    @Test(
        "has undone something only when the undo's own confirmation says so", arguments: [true, false])
    func undoConfirmed(isGone: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var step = bench.logging("one")
            step.undoConfirm = Expectation(
                host: "north", arguments: ["sh", "-c", "echo \(isGone ? "gone" : "there")"], output: "gone")
            let end = try bench.runner.start(try bench.prepared(bench.scenario([step])))
            #expect(try bench.log() == ["one", "undo-one"])
            #expect(end.run.aftermath == (isGone ? .clean : .leftovers))
            let intent = try #require(RunState(folding: end.records).steps["one"]?.intent?.undo)
            #expect(
                intent.contains("and at north sh -c ") && intent.hasSuffix("must confirm it"), "\(intent)")
            let words = isGone ? "confirmed: exit status 0" : "undone, and not confirmed: it said 'there'"
            #expect(RunState(folding: end.records).steps["one"]?.undoDetail.contains(words) == true)
        }
    }

    /// A tree that takes minutes to hash, since it holds a file of 256 GiB of nothing.
    static func endlessVerify(_ bench: DrillBench, timeout: Duration?) -> Scenario {
        let tree = bench.scratch.path("srv/tree")
        let extract = Step(
            id: "extract", phase: .recover,
            verb: .restore(Restore(dataset: "documents", host: "north", path: tree)),
            undo: .run(["rm", "-r", tree], host: nil, timeout: nil))
        var large = bench.logging("large")
        large.verb = .run(["truncate", "-s", "256G", tree + "/large"])
        let verify = Step(
            id: "tree", phase: .validate,
            verb: .verify(
                .tree(.init(host: "north", path: tree, against: .step("extract"), spoils: []))),
            timeout: timeout)
        return bench.scenario([extract, large, verify])
    }

    @Test func `ends a verification that takes too long`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let begun = ContinuousClock.now
            let end = try bench.runner.start(
                try bench.prepared(Self.endlessVerify(bench, timeout: .seconds(1))))
            #expect(end.run.findings.contains("failed: tree: not done within 1s"), "\(end.run.findings)")
            #expect(end.run.aftermath == .clean && !scratch.contains("srv/tree"))
            #expect(ContinuousClock.now - begun < .seconds(60))
        }
    }

    @Test func `ends a verification at once when it is stopped`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let begun = ContinuousClock.now
            let end = try runner.start(try bench.prepared(Self.endlessVerify(bench, timeout: nil))) {
                record in
                guard case .started = record.fact, record.step == "tree" else { return }
                try? runner.abort(run: record.run, because: "enough", person: "petra")
            }
            #expect(end.run.outcome == .aborted)
            #expect(
                end.run.findings.contains("failed: tree: ended with the run: enough (petra)"),
                "\(end.run.findings)")
            #expect(end.run.aftermath == .clean && !scratch.contains("srv/tree"))
            #expect(ContinuousClock.now - begun < .seconds(60))
        }
    }

    @Test func `kills a command that takes too long, with what it began`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var slow = bench.logging("slow")
            slow.verb = .run(
                ["sh", "-c", #"sleep 600 & echo $! >"$1"; wait"#, "slow", scratch.path("begun")])
            slow.timeout = .seconds(3)
            let end = try bench.runner.start(try bench.prepared(bench.scenario([slow])))
            #expect(end.run.findings.contains { $0.hasPrefix("timed_out: slow: killed after") })
            #expect(try bench.log() == ["undo-slow"])
            // Killed and perhaps not yet waited for: a zombie does nothing any more.
            let begun = try scratch.text("begun").trimmingCharacters(in: .whitespacesAndNewlines)
            let state = try? String(contentsOfFile: "/proc/\(begun)/stat", encoding: .utf8)
            #expect(Int(begun) != nil && (state.map { $0.contains(") Z ") } ?? true), "\(state ?? "")")
        }
    }

    @Test func `stops at an abort, kills what runs, and undoes`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var endless = bench.logging("endless")
            endless.verb = .run(["sleep", "600"])
            let control = DrillControl()
            let end = try bench.runner.start(
                try bench.prepared(bench.scenario([bench.logging("one"), endless, bench.logging("three")])),
                control: control
            ) { record in
                if case .started = record.fact, record.step == "endless" { control.abort("enough") }
            }
            #expect(try bench.log() == ["one", "undo-endless", "undo-one"])
            #expect(end.run.outcome == .aborted)
            #expect(end.run.aftermath == .clean)
        }
    }

    @Test func `takes an answer from another terminal, and only a right one`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let ask = Step(
                id: "declare", phase: .decide,
                verb: .decision(
                    Question(
                        role: "owner", ask: "Go?",
                        choices: [.init(id: "go"), .init(id: "wait", passes: false)],
                        expect: .minutes(1), giveUp: .minutes(1))), save: ["declared": "answer"])
            var after = bench.logging("after")
            after.when = .answer("declared", is: "go")
            let end = try runner.start(try bench.prepared(bench.scenario([ask, after]))) { record in
                guard case .started = record.fact, record.step == "declare" else { return }
                try? runner.answer(run: record.run, step: "declare", answer: "perhaps", person: "petra")
                try? runner.answer(run: record.run, step: "declare", answer: "go", person: "kai")
                try? runner.answer(
                    run: record.run, step: "declare", answer: "go", text: "yes", person: "petra")
            }
            #expect(try bench.log() == ["after", "undo-after"])
            #expect(
                end.run.participants == [.init(person: "petra", role: "owner", answeredBy: "present")])
            let notes = end.records.compactMap { record -> String? in
                if case .note(let note) = record.fact { note.text } else { nil }
            }
            #expect(notes == ["'perhaps' is no answer to declare", "kai does not hold the role owner"])
        }
    }

    @Test func `gives up on a person who does not answer`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let ask = Step(
                id: "declare", phase: .decide,
                verb: .human(
                    Question(
                        role: "owner", ask: "Go?", choices: [], expect: .milliseconds(100),
                        giveUp: .milliseconds(200))))
            let end = try bench.runner.start(try bench.prepared(bench.scenario([bench.logging("one"), ask])))
            #expect(end.run.findings.contains { $0.hasPrefix("given_up: declare") })
            #expect(end.run.outcome == .failed)
            #expect(try bench.log() == ["one", "undo-one"])
        }
    }

    @Test func `is refused on a host that allows no drills, with nothing done`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var step = bench.logging("one")
            step.hosts = ["metro"]
            #expect {
                _ = try bench.runner.start(try bench.prepared(bench.scenario([step])))
            } throws: { error in
                (error as? OperationError)?.code == .refused && "\(error)".contains("mode_allowed at metro")
            }
            #expect(try bench.log().isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("runs")).isEmpty)
        }
    }

    @Test func `removes only the folder that it made and marked`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let room = scratch.path("srv/room")
            let step = Step(
                id: "room", phase: .prepare, verb: .run(["mkdir", room]), hosts: ["north"],
                undo: .clean(path: room, host: nil))
            let end = try bench.runner.start(
                try bench.prepared(bench.scenario([step, bench.logging("two")])))
            #expect(end.run.outcome == .passed)
            #expect(!scratch.contains("srv/room"))

            try scratch.write("precious", to: "srv/room/file")
            let second = try bench.runner.start(
                try bench.prepared(bench.scenario([step, bench.logging("two")])))
            #expect(second.run.outcome == .failed)
            #expect(second.run.findings.contains { $0.contains("is there already") })
            #expect(try scratch.text("srv/room/file") == "precious")
        }
    }
}
