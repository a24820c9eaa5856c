// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Synchronization
import TestSupport

/// Folders of this machine that can be cut off.
final class CuttableReach: HostReaching, Sendable {
    let isCut = Mutex(false)
    /// How long an answer is under way.
    let delay = Mutex(Duration.zero)
    let inner: FolderReach

    init(_ folder: String) {
        inner = FolderReach(folder)
    }

    func shell(at host: String) throws -> any HostShell {
        CuttableShell(try inner.shell(at: host), self)
    }
}

private final class CuttableShell: HostShell {
    private let inner: any HostShell
    private let reach: CuttableReach

    init(_ inner: any HostShell, _ reach: CuttableReach) {
        self.inner = inner
        self.reach = reach
    }

    var host: String { inner.host }

    func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
        guard !reach.isCut.withLock({ $0 }) else {
            throw OperationError(.unreachable, "the line to \(host) is cut")
        }
        let result = try inner.run(script, arguments, input: input)
        Thread.sleep(forTimeInterval: reach.delay.withLock(\.inSeconds))
        return result
    }
}

/// One probe every 100 ms, and what there is of it at its host and in the ledger.
struct ProbeBench {
    let scratch: Scratch
    let reach: CuttableReach
    let ledger: Ledger
    let plan: Plan

    /// With `slowDown` the service takes half a second to say that it is down.
    static func with(
        vantage: String = "north", slowDown: Bool = false, _ body: (ProbeBench) throws -> Void
    ) throws {
        try Scratch.with { scratch in
            let bench = try ProbeBench(scratch, vantage: vantage, slowDown: slowDown)
            defer { bench.cleanUp() }
            try body(bench)
        }
    }

    private init(_ scratch: Scratch, vantage: String, slowDown: Bool) throws {
        self.scratch = scratch
        reach = CuttableReach(scratch.path)
        ledger = try Ledger(path: scratch.path("ledger.sqlite"))
        let command =
            slowDown
            ? "[sh, -c, '[ -e \"$0\" ] || { sleep 0.5; exit 1; }', \"\(scratch.path("up"))\"]"
            : "[test, -e, \"\(scratch.path("up"))\"]"
        let text = """
            lifeboat: 1
            workspace: shop
            zone: UTC
            orchestrator: {site: ops}
            sites: {ops: {}, north: {facility: N}}
            hosts:
              north: {site: north, ssh: {host: a, user: u}, host_key: "ssh-ed25519 SHA256:x"}
            probes:
              web: {from: [\(vantage)], every: 100ms, timeout: 5s, command: \(command)}
            """
        let (decoded, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
        guard let decoded else { throw OperationError(.badInput, "\(problems)") }
        plan = decoded
        setUp(true)
    }

    static let spool = "probes/web@orchestrator.samples"

    func probing(
        into other: Ledger? = nil,
        ask: @escaping @Sendable ([String], Duration) -> ProbeAnswer = ProbeAnswer.ask
    ) throws -> ContinuousProber {
        try ContinuousProber(
            plan: plan, ledger: other ?? ledger, folder: scratch.path("probes"), reach: reach,
            every: .milliseconds(100), ask: ask)
    }

    func setUp(_ isUp: Bool) {
        let path = scratch.path("up")
        if isUp { _ = FileManager.default.createFile(atPath: path, contents: nil) } else { unlink(path) }
    }

    func runs(in other: Ledger? = nil) throws -> [ProbeRun] {
        try (other ?? ledger).events(of: [.probeRun]).compactMap { event in
            if case .probeRun(let run) = event.body { run } else { nil }
        }
    }

    // MARK: - At the host

    private var folder: String { reach.inner.home(of: "north") + "/.lifeboat-probes/shop/web" }

    func epochs() throws -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix("e.") }.sorted()
    }

    func loop() throws -> String { try String(contentsOfFile: folder + "/loop", encoding: .utf8) }

    private var loopProcess: pid_t? {
        (try? loop()).flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { pid_t($0) }
    }

    func isLoopAlive() -> Bool { loopProcess.map { kill($0, 0) == 0 } ?? false }

    /// Samples in the newest epoch.
    private func samples() throws -> Int {
        guard let epoch = try epochs().last else { return 0 }
        let text = try? String(contentsOfFile: "\(folder)/\(epoch)/samples.0", encoding: .utf8)
        return text?.split(separator: "\n").count ?? 0
    }

    /// Numbers that the loop came too late for, or whose samples are still to come.
    func skippedNumbers() throws -> Int {
        let text = try String(contentsOfFile: "\(folder)/e.1/samples.0", encoding: .utf8)
        let numbers = text.split(separator: "\n").compactMap {
            $0.split(separator: " ").first.flatMap { Int($0) }
        }
        return (numbers.max() ?? -1) + 1 - Set(numbers).count
    }

    func waitForSamples(_ count: Int) throws {
        try waitUntil { try samples() >= count }
    }

    /// Kills the loop and says that it was of another boot, as it is after a restart of the host.
    func pretendReboot() throws {
        guard let process = loopProcess else { throw OperationError(.failed, "there is no loop") }
        kill(-process, SIGKILL)
        try waitUntil { !isLoopAlive() }
        let boot = "00000000-0000-4000-8000-000000000000"
        let old = try loop().split(separator: " ")[0]
        try loop().replacingOccurrences(of: old, with: boot)
            .write(toFile: folder + "/loop", atomically: true, encoding: .utf8)
        let epoch = try epochs().last ?? ""
        try (boot + "\n").write(toFile: "\(folder)/\(epoch)/boot", atomically: true, encoding: .utf8)
    }

    func spooled() -> Int {
        let text = try? scratch.text(Self.spool)
        return text?.split(separator: "\n").count ?? 0
    }

    func waitUntil(_ condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(120)
        while try !condition() {
            guard ContinuousClock.now < end else { throw OperationError(.failed, "waited for too long") }
            usleep(20_000)
        }
    }

    private func cleanUp() {
        if let process = loopProcess { kill(-process, SIGKILL) }
    }
}
