// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import SecureShell
import TestSupport
import Testing

/// Controllers that die, lose their connection, their disk or their sense of time.
@Suite("A drill whose controller dies")
struct DrillCrashTests {
    /// As many as the story has when nobody disturbs it.
    static let records = 41

    /// Eight at a time, each with every eighth record; each in a lab of its own.
    @Test(arguments: 0..<8)
    func `at any record is taken up: nothing twice, no undo lost, the same verdict`(lane: Int) async throws {
        for record in stride(from: lane + 1, through: Self.records, by: 8) {
            try await killed(at: record)
        }
    }

    @Test func `meets every record of the story`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            let end = try await onThread {
                try bench.runner.start(try bench.prepared(Self.story(bench), answers: ["declare": "go"]))
            }
            #expect(end.records.count == Self.records)
            #expect(try bench.log().sorted() == Self.expected.sorted())
        }
    }

    private func killed(at record: Int) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            let path = scratch.path
            // A real process with a real SIGKILL, in the middle of whatever else it was doing.
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, record = record as Int] in
                let bench = try DrillBench(existing: path)
                let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
                _ = try bench.runner.start(drill) { if $0.sequence == record { kill(getpid(), SIGKILL) } }
                // A run that was shorter ended by itself.
                kill(getpid(), SIGKILL)
            }
            let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
            let run = try #require(bench.runner.runs().first?.run)
            let end = try await onThread { try bench.comeBack(run, drill) }
            #expect(end.run.outcome == .passed, "killed at record \(record): \(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            #expect(try bench.log().sorted() == Self.expected.sorted(), "killed at record \(record)")
            #expect(scratch.contains("srv/service"))
            #expect(!scratch.contains("srv/room"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: bench.reach.home(of: "north")).isEmpty)
            #expect(end.records.map(\.sequence) == Array(1...end.records.count))
        }
    }

    static let expected = ["one", "two", "stopped", "three", "undo-three", "started", "undo-two", "undo-one"]

    /// Every kind of step that changes something, without a probe, so that the records are always the same.
    static func story(_ bench: DrillBench) -> Scenario {
        let (service, room) = (bench.scratch.path("srv/service"), bench.scratch.path("srv/room"))
        let log = bench.scratch.path("log")
        func flip(_ word: String, _ command: String) -> [String] {
            ["sh", "-c", "echo \(word) >>\"$2\"; \(command)", "x", service, log]
        }
        var room1 = bench.logging("one")
        room1.verb = .run(["sh", "-c", "echo one >>\"$1\"; mkdir \"$2\"", "x", log, room])
        return bench.scenario([
            room1,
            Step(
                id: "two", phase: .prepare, verb: .run(bench.logCommand("two")), hosts: ["north"],
                undo: .run(
                    ["sh", "-c", "echo undo-two >>\"$1\"; rm -rf \"$2\"", "x", log, room], host: nil,
                    timeout: nil)),
            Step(
                id: "stop", phase: .disrupt,
                verb: .fault(
                    Fault(
                        kind: .serviceStop(
                            stop: flip("stopped", "rm \"$1\""), start: flip("started", "touch \"$1\"")),
                        host: "north", ttl: .hours(2), heal: .auto)),
                confirm: .expectation(Expectation(host: "north", arguments: ["test", "!", "-e", service]))),
            Step(id: "lost", phase: .disrupt, verb: .mark("lost")),
            Step(
                id: "declare", phase: .decide,
                verb: .decision(
                    Question(
                        role: "owner", ask: "Go?", choices: [.init(id: "go")], expect: .minutes(1),
                        giveUp: .minutes(1))), save: ["declared": "answer"]),
            Step(
                id: "extract", phase: .recover,
                verb: .restore(Restore(dataset: "documents", host: "north", path: room + "/tree")),
                when: .answer("declared", is: "go"), undo: Undo.none, because: "the room is cleaned"),
            Step(
                id: "tree", phase: .validate,
                verb: .verify(
                    .tree(
                        Verification.TreeCheck(
                            host: "north", path: room + "/tree", against: .step("extract"),
                            spoils: [.flipByte(1)])))),
            bench.logging("three", phase: .work),
        ])
    }

    @Test func `is not run by two controllers at once`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try bench.prepared(bench.scenario([bench.logging("one"), bench.logging("two")]))
            let runner = bench.runner
            let end = try runner.start(drill) { record in
                guard case .finished = record.fact, record.step == "one" else { return }
                #expect {
                    try runner.resume(record.run, drill)
                } throws: { ($0 as? LedgerError)?.code == .busy }
                #expect(runner.runs().first?.isRunning == true)
            }
            #expect(end.run.outcome == .passed)
            #expect(try bench.log() == ["one", "two", "undo-two", "undo-one"])
            #expect(runner.runs().first?.isRunning == false)
        }
    }

    @Test func `drops a torn last line, and says so`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            try scratch.write("up", to: "srv/service")
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
                _ = try bench.runner.start(drill) { if $0.step == "stop" { kill(getpid(), SIGKILL) } }
            }
            let run = try #require(bench.runner.runs().first?.run)
            let journal = try #require(
                FileHandle(forWritingAtPath: scratch.path("runs/\(run)/journal.jsonl")))
            try journal.seekToEnd()
            try journal.write(contentsOf: Data("{\"seq\":99,\"prev".utf8))
            try journal.close()
            let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
            let end = try bench.runner.resume(run, drill)
            #expect(end.run.outcome == .passed)
            #expect(end.notes.contains("a torn last line was dropped"))
            #expect(end.notes.contains { $0.hasPrefix("controller away for ") })
        }
    }

    @Test("loses a reply, or the way to the host, at any call and goes on", arguments: [true, false])
    func cut(isReplyLost: Bool) async throws {
        // Every tenth call, each time at another place: all places are met in ten runs.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for offset in 0..<10 {
                group.addTask {
                    try Scratch.with { scratch in
                        let bench = try DrillBench(scratch)
                        try scratch.write("up", to: "srv/service")
                        let reach = FlakyReach(
                            bench.reach, every: 10, offset: offset, isReplyLost: isReplyLost)
                        let runner = DrillRunner(
                            runsFolder: scratch.path("runs"), reach: reach, restorer: bench.runner.restorer,
                            ledger: bench.ledger)
                        // The look before the drill gives up at the first failure: nothing was begun yet.
                        reach.isSteady = true
                        let drill = try bench.prepared(Self.story(bench), answers: ["declare": "go"])
                        let end = try runner.start(drill) { _ in reach.isSteady = false }
                        #expect(end.run.outcome == .passed, "\(offset): \(end.run.findings)")
                        #expect(try bench.log().sorted() == Self.expected.sorted(), "\(offset)")
                        #expect(end.run.aftermath == .clean)
                        #expect(reach.cuts > 2)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `measures the same although the wall clock is stepped`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let jump = Jump()
            let time = TimeSource(
                now: { TimeSource.system.now() + jump.length }, sinceBoot: TimeSource.system.sinceBoot)
            let runner = DrillRunner(
                runsFolder: scratch.path("runs"), reach: bench.reach, restorer: bench.runner.restorer,
                ledger: bench.ledger, time: time)
            let steps = [bench.logging("one"), bench.logging("two"), bench.logging("three")]
            let end = try runner.start(try bench.prepared(bench.scenario(steps))) { record in
                guard case .finished = record.fact else { return }
                if record.step == "one" { jump.length = .hours(9) }
                if record.step == "two" { jump.length = .zero - .hours(9) }
            }
            // Nine hours would be longer than a drill may take.
            #expect(end.run.outcome == .passed)
            #expect(end.notes.count { $0.hasPrefix("the wall clock was stepped by ") } == 2)
            #expect(end.records.map(\.monotonic) == end.records.map(\.monotonic).sorted())
        }
    }

    @Test func `undoes everything although its journal is taken away, and begins nothing more`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try bench.prepared(
                bench.scenario([bench.logging("one"), bench.logging("two"), bench.logging("three")]))
            _ = try? bench.runner.start(drill) { record in
                guard case .finished = record.fact, record.step == "two" else { return }
                try? FileManager.default.removeItem(atPath: scratch.path("runs"))
            }
            #expect(try bench.log() == ["one", "two", "undo-two", "undo-one"])
        }
    }

    @Test(.enabled(if: geteuid() == 0, "a small file system is mounted by root only"))
    func `undoes everything although the disk under the journal is full`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            #expect(mount("tmpfs", scratch.path("runs"), "tmpfs", 0, "size=256k") == 0)
            defer { umount(scratch.path("runs")) }
            let fill = scratch.path("runs/fill")
            let names = (1...12).map { "s\($0)" }
            let drill = try bench.prepared(bench.scenario(names.map { bench.logging($0) }))
            let end = try bench.runner.start(drill) { record in
                guard case .finished = record.fact, record.step == "s2" else { return }
                _ = FileManager.default.createFile(atPath: fill, contents: nil)
                guard let handle = FileHandle(forWritingAtPath: fill) else { return }
                while (try? handle.write(contentsOf: Data(count: 4_096))) != nil {}
            }
            // The journal's last page takes a few more records; then nothing new begins.
            let log = try bench.log()
            let done = log.filter { !$0.hasPrefix("undo-") }
            let undone = log.filter { $0.hasPrefix("undo-") }
            #expect(done.count >= 2 && done.count < names.count, "\(log)")
            #expect(Array(undone.suffix(done.count)) == done.reversed().map { "undo-\($0)" })
            #expect(end.run.outcome != .passed)
        }
    }
}

/// Loses the connection at every so many calls: before the script is run, or after it with its answer.
final class FlakyReach: HostReaching, @unchecked Sendable {
    // Unchecked: everything mutable is only touched while `lock` is held.
    private let lock = NSLock()
    private var calls: Int
    private var cutCount = 0
    private var steady = false
    private let reach: FolderReach
    private let every: Int
    private let isReplyLost: Bool

    init(_ reach: FolderReach, every: Int, offset: Int, isReplyLost: Bool) {
        self.reach = reach
        self.every = every
        self.isReplyLost = isReplyLost
        calls = offset
    }

    var isSteady: Bool {
        get { lock.withLock { steady } }
        set { lock.withLock { steady = newValue } }
    }

    var cuts: Int { lock.withLock { cutCount } }

    func shell(at host: String) throws -> any HostShell {
        FlakyShell(try reach.shell(at: host), self)
    }

    func isCut() -> Bool {
        lock.withLock {
            guard !steady else { return false }
            calls += 1
            guard calls % every == 0 else { return false }
            cutCount += 1
            return true
        }
    }

    final class FlakyShell: HostShell {
        private let shell: any HostShell
        private let reach: FlakyReach
        var host: String { shell.host }

        init(_ shell: any HostShell, _ reach: FlakyReach) {
            self.shell = shell
            self.reach = reach
        }

        func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
            guard reach.isCut() else { return try shell.run(script, arguments, input: input) }
            if reach.isReplyLost { _ = try shell.run(script, arguments, input: input) }
            throw RemoteError(
                .connectionLost, operation: "run a script", host: host, detail: "cut by a test")
        }
    }
}
