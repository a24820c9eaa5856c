// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport

/// Hosts that are folders of this machine: the same scripts, the same supervisor, no network between.
final class FolderReach: HostReaching, Sendable {
    let folder: String
    /// What puts a script into the place of its host, such as a network of its own.
    let prefix: [String]

    init(_ folder: String, prefix: [String] = []) {
        self.folder = folder
        self.prefix = prefix
    }

    func home(of host: String) -> String {
        "\(folder)/home-\(host)"
    }

    func shell(at host: String) throws -> any HostShell {
        try FileManager.default.createDirectory(atPath: home(of: host), withIntermediateDirectories: true)
        return FolderShell(host: host, home: home(of: host), prefix: prefix)
    }
}

/// A shell of this machine with a home of its own.
final class FolderShell: HostShell {
    let host: String
    private let home: String
    private let prefix: [String]

    init(host: String, home: String, prefix: [String] = []) {
        self.host = host
        self.home = home
        self.prefix = prefix
    }

    func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
        let name = "\(home)/.io-\(UInt64.random(in: 0 ... .max))"
        try Data(input).write(to: URL(fileURLWithPath: name + ".in"))
        defer {
            for end in [".in", ".out", ".err"] { try? FileManager.default.removeItem(atPath: name + end) }
        }
        let status = try spawn(prefix + ["/bin/sh", "-c", script, "drill"] + arguments, files: name)
        return ShellResult(
            status: status, output: [UInt8](FileManager.default.contents(atPath: name + ".out") ?? Data()),
            error: [UInt8](FileManager.default.contents(atPath: name + ".err") ?? Data()))
    }

    /// Not Foundation's `Process`: it waits for everything that the command left running.
    private func spawn(_ words: [String], files name: String) throws -> Int {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let create = O_WRONLY | O_CREAT | O_TRUNC
        posix_spawn_file_actions_addopen(&actions, 0, name + ".in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, name + ".out", create, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, name + ".err", create, 0o600)
        // As sshd does it: a heal timer would else keep open the pipe by which an exit test hears of its end.
        for descriptor in 3..<Int32(512) { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let environment = ["HOME=\(home)", "PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"]
        var pid = pid_t()
        let arguments = words.map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0) } + [nil]
        defer { for text in arguments + variables { free(text) } }
        guard posix_spawnp(&pid, words[0], &actions, nil, arguments, variables) == 0 else {
            throw OperationError(.failed, "spawn \(words[0])")
        }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? Int(status >> 8) & 0xff : 128 + Int(status & 0x7f)
    }
}

/// Restores by copying a folder: the one part of a drill that has tests of its own.
struct FolderRestorer: DrillRestorer {
    let source: String
    var consistencyAt = Moment(seconds: 1_795_000_000)
    /// The best first.
    var stores = ["north", "metro"]

    func choosePoint(dataset: String, by rules: PointRules) throws -> ChosenPoint {
        let usable = stores.filter { !rules.absent.contains($0) && rules.source ?? $0 == $0 }
        guard let store = usable.first else { throw OperationError(.failed, "there is no whole point") }
        return ChosenPoint(
            dataset: dataset, point: "20261122T031500Z-full-4f9c1a", store: store, site: store,
            consistencyAt: consistencyAt)
    }

    func restore(
        _ point: ChosenPoint, to host: String, path: String, isCancelled: @escaping @Sendable () -> Bool
    ) throws -> RestoreRun {
        try FileManager.default.copyItem(atPath: source, toPath: path)
        return RestoreRun(
            run: "restore", dataset: point.dataset, point: point.point, store: point.store, host: host,
            target: path, paths: [], begunAt: Moment(seconds: 0), endedAt: Moment(seconds: 1),
            succeeded: true,
            members: 2, bytes: 10, membersVerified: 2, leftOut: 0)
    }

    func files(of point: ChosenPoint) throws -> [FileHash] {
        let names = try FileManager.default.subpathsOfDirectory(atPath: source).sorted()
        return names.compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(source)/\(name)") else { return nil }
            return FileHash(path: Array(name.utf8), size: data.count, sha256: sha256(Array(data)))
        }
    }
}

/// SHA-256 by the machine's own program, so that the product is not checked with itself.
func sha256(_ bytes: [UInt8]) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    guard (try? process.run()) != nil else { return "" }
    input.fileHandleForWriting.write(Data(bytes))
    try? input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return String(text.prefix(64))
}

/// A workspace's runs, one service that is a file, and a place to see what was done in which order.
struct DrillBench {
    let scratch: Scratch
    var reach: FolderReach
    let ledger: Ledger

    /// Finds a bench that is there already, such as in the process of another controller.
    init(existing path: String) throws {
        scratch = Scratch(below: path)
        reach = FolderReach(path)
        ledger = try Ledger(path: scratch.path("ledger.sqlite"))
    }

    init(_ scratch: Scratch) throws {
        self.scratch = scratch
        reach = FolderReach(scratch.path)
        ledger = try Ledger(path: scratch.path("ledger.sqlite"))
        for folder in ["runs", "source/deep", "srv"] { try scratch.makeFolder(folder) }
        for (name, text) in [("health.txt", "ok\n"), ("deep/a b.txt", "hello\n"), (".canary", canaryText)] {
            try scratch.write(text, to: "source/\(name)")
        }
    }

    private var canaryText: String {
        (1...3).map { "record \($0)\n" }.joined()
    }

    var runner: DrillRunner {
        DrillRunner(
            runsFolder: scratch.path("runs"), reach: reach,
            restorer: FolderRestorer(source: scratch.path("source")),
            ledger: ledger)
    }

    /// The same with a clock since boot that can be moved on, for what takes minutes.
    func runner(_ jump: Jump) -> DrillRunner {
        DrillRunner(
            runsFolder: runner.runsFolder, reach: reach, restorer: runner.restorer, ledger: ledger,
            time: TimeSource(
                now: { TimeSource.system.now() + jump.length },
                sinceBoot: { TimeSource.system.sinceBoot() + jump.length }))
    }

    /// Acknowledges records 1 to 5, of which the source holds the first three.
    func acknowledgeCanaries(at moment: Moment) throws {
        try ledger.append(
            (1...5).map { number in
                let at = moment + .seconds(number)
                return .canaryRecord(
                    CanaryRecord(
                        canary: "seq", dataset: "documents", sequence: number, writtenAt: at,
                        acknowledgedAt: at,
                        sha256: sha256(Array("record \(number)".utf8))))
            }, at: moment)
    }

    /// A step that leaves its name in the log, and another when it is undone.
    func logging(_ id: String, phase: Phase = .prepare, needs: [String]? = nil) -> Step {
        Step(
            id: id, phase: phase, verb: .run(logCommand(id)), hosts: ["north"], needs: needs,
            undo: .run(logCommand("undo-\(id)"), host: nil, timeout: nil))
    }

    func logCommand(_ text: String) -> [String] {
        ["sh", "-c", "echo \"$1\" >>\"$2\"", "log", text, scratch.path("log")]
    }

    func log() throws -> [String] {
        guard scratch.contains("log") else { return [] }
        return try scratch.text("log").split(separator: "\n").map(String.init)
    }

    /// Two sites; drills are allowed on one.
    ///
    /// The probes ask for files, and have time enough that a busy machine makes no file look lost.
    func planText(hasWitness: Bool = false) -> String {
        """
        lifeboat: 1
        workspace: bench
        \(hasWitness ? "orchestrator: {site: metro, witness: metro}" : "")
        sites: {north: {name: North}, metro: {name: Metro}}
        hosts:
          north: {site: north, ssh: {host: 192.0.2.1, user: drill}, drills: [sandbox]}
          metro: {site: metro, ssh: {host: 192.0.2.2, user: watch}}
        stores: {north: {host: north, path: /srv}}
        datasets:
          documents: {source: {path: /srv, site: north}, copies: {to: [north], at_least: 1}}
        services:
          files: {tier: core, kind: business, datasets: [documents], objectives: {rpo: 1h, rto: 10m}}
        probes:
          old: {from: [metro], every: 100ms, timeout: 5s, command: [test, -e, "\(scratch.path("srv/old"))"]}
          new: {from: [metro], every: 100ms, timeout: 5s, command: [test, -e, "\(scratch.path("srv/new"))"]}
        people: {dana: {roles: [conductor]}}
        canaries: {seq: {dataset: documents, path: .canary, every: 60s}}
        """
    }

    func plan(hasWitness: Bool = false) throws -> Plan {
        let text = planText(hasWitness: hasWitness)
        let (plan, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
        guard let plan else { throw OperationError(.badInput, "\(problems)") }
        return plan
    }

    func scenario(_ steps: [Step], services: [String] = []) -> Scenario {
        Scenario(
            id: "test", title: "A test", exercise: .simulation, mode: .sandbox, services: services,
            roles: [Role(id: "owner", people: ["petra"])], steps: steps)
    }

    /// What comes of a run whose controller died: resumed, or judged where it had closed its journal already.
    func comeBack(_ run: String, _ drill: PreparedDrill) throws -> DrillRunner.End {
        do {
            return try runner.resume(run, drill)
        } catch let error as OperationError where error.detail.contains("is closed") {
            return try runner.judge(run, drill)
        }
    }

    func prepared(
        _ scenario: Scenario, answers: [String: String] = [:],
        changing change: (inout Plan) -> Void = { _ in }
    ) throws -> PreparedDrill {
        var plan = try plan()
        change(&plan)
        return PreparedDrill(
            scenario: scenario, plan: plan, scenarioBytes: Array("scenario".utf8),
            planBytes: Array("plan".utf8),
            answers: answers, toolVersion: "test")
    }
}

extension DrillRunner.End {
    var notes: [String] {
        records.compactMap { if case .note(let note) = $0.fact { note.text } else { nil } }
    }

    /// The first record for which this is so.
    func first(_ isIt: (DrillRecord) -> Bool) -> Int? {
        records.first(where: isIt)?.sequence
    }
}

/// How far a clock is off.
final class Jump: @unchecked Sendable {
    // Unchecked: set by the thread that runs the drill, between two of its looks.
    private let lock = NSLock()
    private var value = Duration.zero

    var length: Duration {
        get { lock.withLock { value } }
        set { lock.withLock { value = newValue } }
    }
}

/// Runs what blocks on a thread of its own, so that it takes none from the tests that do not.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result(catching: body)) }
        // Eight megabytes, as a main thread has: Foundation's threads have less.
        thread.stackSize = 8 << 20
        thread.start()
    }
}
