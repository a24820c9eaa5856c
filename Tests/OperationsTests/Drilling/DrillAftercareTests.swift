// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

@Suite("What a dead drill left at its hosts")
struct DrillAftercareTests {
    @Test func `heals itself by the timer at the host while nobody is there`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            // The controller sees the fault in force before it dies; eight seconds are enough for that.
            try await Self.die(in: scratch, ttl: 8)
            #expect(eventually { scratch.contains("srv/service") })
            // A controller that comes back later finds it healed and says so.
            let run = try #require(bench.runner.runs().first?.run)
            let end = try bench.runner.resume(run, try bench.prepared(Self.story(bench, ttl: 8)))
            #expect(end.run.aftermath == .clean)
            #expect(
                end.records.contains {
                    if case .undoDone(let undo) = $0.fact {
                        undo.detail.contains("the timer had healed it before")
                    } else {
                        false
                    }
                })
        }
    }

    @Test func `is found and healed without a journal, and foreign things stay`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            // Other tests may hold every thread for minutes before this one goes on.
            try await Self.die(in: scratch, ttl: 3_600)
            try FileManager.default.removeItem(atPath: scratch.path("runs"))
            let drills = bench.reach.home(of: "north") + "/.lifeboat-drills"
            try FileManager.default.createDirectory(
                atPath: drills + "/not-a-drill.north", withIntermediateDirectories: true)

            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            let found = try sweeper.look(at: "north")
            #expect(found.map(\.kind).contains(.fault))
            #expect(found.filter { $0.kind == .undo }.map(\.name).sorted() == ["one"])
            #expect(!found.contains { $0.name == "not-a-drill.north" })
            // To look changes nothing.
            #expect(!scratch.contains("srv/service"))

            let swept = try sweeper.heal(found)
            #expect(swept.failed.isEmpty, "\(swept)")
            #expect(scratch.contains("srv/service"))
            #expect(try bench.log() == ["one", "undo-one"])
            #expect(try sweeper.look(at: "north").isEmpty)
            #expect(try FileManager.default.contentsOfDirectory(atPath: drills) == ["not-a-drill.north"])
        }
    }

    /// Networks of their own, which only this test's hosts can see.
    @Test func `is a network of its own as well, with what runs in it`() throws {
        try Scratch.with { scratch in
            let place = Process()
            place.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
            let script =
                "mkdir -p /run/netns && mount -t tmpfs none /run/netns && : >\"$1\" && exec sleep 600"
            place.arguments = ["-m", "--propagation", "private", "sh", "-c", script, "x", scratch.path("up")]
            try place.run()
            defer {
                place.terminate()
                place.waitUntilExit()
            }
            #expect(eventually { scratch.contains("up") })
            let inside = ["nsenter", "--mount=/proc/\(place.processIdentifier)/ns/mnt"]
            let names = [
                "drill-20261124t010203z-0a1b2c3d", "drill-20261124t010203z-0a1b2c3d-a", "drill-lab", "other",
            ]
            for name in names { _ = try Command.output(["ip", "netns", "add", name], in: inside) }
            let worker = try Command.output(
                ["sh", "-c", "ip netns exec \(names[0]) sleep 600 >/dev/null 2>&1 & echo $!"], in: inside)
            var bench = try DrillBench(scratch)
            bench.reach = FolderReach(scratch.path, prefix: inside)
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            let found = try sweeper.look(at: "north").filter { $0.kind == .netns }
            #expect(found.map(\.name).sorted() == Array(names.prefix(2)))
            #expect(Set(found.map(\.run)) == ["20261124t010203z-0a1b2c3d"])
            let swept = try sweeper.heal(found)
            #expect(swept.failed.isEmpty && swept.healed.count == 2, "\(swept)")
            #expect(try sweeper.look(at: "north").isEmpty)
            let left = try Command.output(["ip", "netns", "list"], in: inside)
            #expect(left.contains("drill-lab") && left.contains("other") && !left.contains("0a1b2c3d"))
            let pid = try #require(pid_t(worker.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(eventually { kill(pid, 0) != 0 })
        }
    }

    @Test func `holds the undo of a restore, and of a step that another host undoes`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                var far = bench.logging("far")
                far.undo = .run(bench.logCommand("undo-far"), host: "metro", timeout: nil)
                let tree = bench.scratch.path("srv/tree")
                let extract = Step(
                    id: "extract", phase: .recover,
                    verb: .restore(Restore(dataset: "documents", host: "north", path: tree)),
                    undo: .run(["rm", "-r", tree], host: nil, timeout: nil))
                _ = try bench.runner.start(
                    try bench.prepared(bench.scenario([far, extract])) { plan in
                        for index in plan.hosts.indices { plan.hosts[index].drills = [.sandbox] }
                    }
                ) { record in
                    if case .finished = record.fact, record.step == "extract" { kill(getpid(), SIGKILL) }
                }
            }
            #expect(scratch.contains("srv/tree/health.txt"))
            try FileManager.default.removeItem(atPath: scratch.path("runs"))
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            let found = try ["metro", "north"].flatMap { try sweeper.look(at: $0) }
            #expect(
                found.filter { $0.kind == .undo }.map { "\($0.host) \($0.name)" } == [
                    "metro far", "north extract",
                ])
            #expect(try sweeper.heal(found).failed.isEmpty)
            #expect(try bench.log() == ["far", "undo-far"])
            #expect(!scratch.contains("srv/tree"))
        }
    }

    @Test(
        "is undone in time, or said not to be: one that hangs keeps no other waiting",
        arguments: [true, false])
    func limits(hasOwnTime: Bool) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, hasOwnTime = hasOwnTime as Bool] in
                let bench = try DrillBench(existing: path)
                var hanging = bench.logging("hanging")
                let words = ["sh", "-c", "trap '' TERM; echo hangs >>\"$1\"; sleep 600", "x"]
                hanging.undo = .run(
                    words + [bench.scratch.path("log")], host: nil, timeout: hasOwnTime ? .seconds(1) : nil)
                let steps = [bench.logging("one"), hanging, bench.logging("two")]
                _ = try bench.runner.start(try bench.prepared(bench.scenario(steps))) { record in
                    if case .finished = record.fact, record.step == "two" { kill(getpid(), SIGKILL) }
                }
            }
            try FileManager.default.removeItem(atPath: scratch.path("runs"))
            let sweeper = DrillSweeper(
                reach: bench.reach, runsFolder: scratch.path("runs"), limit: .seconds(1))
            let begun = ContinuousClock.now
            // Where the step says nothing the engine's own two minutes were left beside the undo.
            if !hasOwnTime {
                let limit = bench.reach.home(of: "north") + "/.lifeboat-drills"
                let folder = try #require(try FileManager.default.contentsOfDirectory(atPath: limit).first)
                let file = "\(limit)/\(folder)/undo/hanging/limit"
                #expect(try String(contentsOfFile: file, encoding: .utf8) == "120\n")
                try FileManager.default.removeItem(atPath: file)
            }
            let swept = try sweeper.heal(try sweeper.look(at: "north"))
            #expect(ContinuousClock.now - begun < .seconds(60))
            #expect(try bench.log() == ["one", "hanging", "two", "undo-two", "hangs", "undo-one"])
            #expect(
                swept.failed.contains {
                    $0.contains("could not undo hanging: it took too long and was killed")
                },
                "\(swept)")
            // What was done is not done again, and what is left is still found.
            #expect(try sweeper.look(at: "north").filter { $0.kind == .undo }.map(\.name) == ["hanging"])
        }
    }

    @Test func `leaves a drill alone that still runs`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            _ = try bench.runner.start(
                try bench.prepared(bench.scenario([bench.logging("one"), bench.logging("two")]))
            ) { record in
                guard case .finished = record.fact, record.step == "one" else { return }
                #expect((try? sweeper.look(at: "north")) == [])
            }
            #expect(try bench.log() == ["one", "two", "undo-two", "undo-one"])
        }
    }

    @Test func `goes on from the witness's copy when the controller's machine is lost`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            try await Self.die(in: scratch, ttl: 3_600, witness: true)
            let run = try #require(bench.runner.runs().first?.run)
            try FileManager.default.removeItem(atPath: scratch.path("runs"))
            try FileManager.default.createDirectory(
                atPath: scratch.path("runs"), withIntermediateDirectories: false)

            try bench.runner.fetch(run: run, from: "metro")
            var drill = try bench.prepared(Self.story(bench, ttl: 3_600))
            drill.plan = try bench.plan(hasWitness: true)
            let end = try bench.runner.resume(run, drill)
            #expect(end.run.aftermath == .clean)
            #expect(scratch.contains("srv/service"))
            #expect(try bench.log().sorted() == ["one", "three", "undo-one", "undo-three"])
            let copy = try String(
                contentsOfFile: bench.reach.home(of: "metro") + "/.lifeboat-witness/\(run)/journal.jsonl",
                encoding: .utf8)
            #expect(copy == (try scratch.text("runs/\(run)/journal.jsonl")))
        }
    }

    @Test func `never waits for a witness that cannot be reached, and says what is missing there`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = DrillRunner(
                runsFolder: scratch.path("runs"), reach: LostHost("metro", bench.reach),
                restorer: bench.runner.restorer, ledger: bench.ledger)
            var drill = try bench.prepared(bench.scenario([bench.logging("one"), bench.logging("two")]))
            drill.plan = try bench.plan(hasWitness: true)
            let end = try runner.start(drill)
            #expect(end.run.outcome == .passed)
            #expect(try bench.log() == ["one", "two", "undo-two", "undo-one"])
            #expect(
                end.run.findings.contains {
                    $0.hasPrefix("witness: the witness metro has not all of the journal")
                })
        }
    }

    /// A controller that dies right after its fault is in force.
    static func die(in scratch: Scratch, ttl: Int, witness: Bool = false) async throws {
        let path = scratch.path
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, ttl = ttl as Int, witness = witness as Bool] in
            let bench = try DrillBench(existing: path)
            var drill = try bench.prepared(Self.story(bench, ttl: ttl))
            if witness { drill.plan = try bench.plan(hasWitness: true) }
            _ = try bench.runner.start(drill) { record in
                guard case .finished = record.fact, record.step == "stop" else { return }
                // The copy is written by a thread of its own, moments later.
                guard !bench.scratch.contains("srv/service") else { return }
                let copies = "\(path)/home-metro/.lifeboat-witness"
                if witness { _ = eventually { Self.isCopied(copies, path) } }
                kill(getpid(), SIGKILL)
            }
        }
    }

    private static func isCopied(_ copies: String, _ path: String) -> Bool {
        guard let run = (try? FileManager.default.contentsOfDirectory(atPath: copies))?.first else {
            return false
        }
        return FileManager.default.contents(atPath: "\(copies)/\(run)/journal.jsonl")
            == FileManager.default.contents(atPath: "\(path)/runs/\(run)/journal.jsonl")
    }

    static func story(_ bench: DrillBench, ttl: Int) -> Scenario {
        let service = bench.scratch.path("srv/service")
        return bench.scenario([
            bench.logging("one"),
            Step(
                id: "stop", phase: .disrupt,
                verb: .fault(
                    Fault(
                        kind: .serviceStop(stop: ["rm", service], start: ["touch", service]), host: "north",
                        ttl: .seconds(ttl), heal: .auto)),
                confirm: .expectation(Expectation(host: "north", arguments: ["test", "!", "-e", service]))),
            bench.logging("three"),
        ])
    }
}

/// One host that nobody reaches.
private struct LostHost: HostReaching {
    let lost: String
    let reach: FolderReach

    init(_ lost: String, _ reach: FolderReach) {
        self.lost = lost
        self.reach = reach
    }

    func shell(at host: String) throws -> any HostShell {
        guard host != lost else { throw OperationError(.unreachable, "\(host) does not answer") }
        return try reach.shell(at: host)
    }
}

extension Command {
    /// The output of a command in the place that the words before it lead to.
    fileprivate static func output(_ words: [String], in place: [String]) throws -> String {
        let result = try Command(place + words).run()
        #expect(result.status == 0, "\(result)")
        return result.text
    }
}
