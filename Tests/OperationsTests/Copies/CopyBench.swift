// SPDX-License-Identifier: Apache-2.0
import Archiving
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import SecureShell
import Synchronization
import TestSupport
import Testing

/// A workspace with a source tree and several stores behind real sshds, for as long as one closure.
final class CopyBench {
    /// One store of the bench.
    struct Shelf {
        var id: String
        var isVault = false
        var proof: String?
        var bandwidth: String?

        static func plain(_ id: String) -> Shelf { Shelf(id: id) }
        static func vault(_ id: String) -> Shelf { Shelf(id: id, isVault: true) }
    }

    let folder: Scratch
    let servers: [String: SSHServer]
    let workspace: Workspace
    let ledger: Ledger
    let clock: BenchClock
    private let shelves: [Shelf]
    /// Lines that stand below the dataset's name in the plan; `DATA` stands for the source's folder.
    var datasetLines: [String]
    var ports: [String: Int] = [:]
    /// What a host's commands are run by, as `sudo` would be.
    var becomes: [String: String] = [:]
    private var connectors: [SiteConnector] = []

    static func with<Result>(
        _ shelves: [Shelf] = [.plain("metro"), .plain("north")], dataset lines: [String] = [],
        _ body: (CopyBench) throws -> Result
    ) throws -> Result {
        try Scratch.with { folder in
            let bench = try CopyBench(folder, shelves, lines)
            defer { bench.stop() }
            return try body(bench)
        }
    }

    private init(_ folder: Scratch, _ shelves: [Shelf], _ lines: [String]) throws {
        self.folder = folder
        self.shelves = shelves
        datasetLines = lines
        var servers: [String: SSHServer] = [:]
        for shelf in shelves {
            var options = SSHServer.Options()
            options.isVault = shelf.isVault
            servers[shelf.id] = try SSHServer(try folder.sub("server-\(shelf.id)"), options)
        }
        self.servers = servers
        workspace = Workspace(root: folder.path("workspace"))
        try workspace.makeFolders()
        ledger = try Ledger(path: workspace.ledgerPath)
        clock = BenchClock()
        try folder.makeFolder("data")
        _ = try KeyRing(workspace: workspace).create(
            workspaceName: "bench", at: clock.source.now() - .days(400))
    }

    private func stop() {
        connectors.forEach { $0.close() }
        servers.values.forEach { $0.stop() }
    }

    // MARK: - The plan

    var planText: String {
        var text = """
            lifeboat: 1
            workspace: bench
            zone: UTC
            people: {petra: {roles: [continuity_manager]}}
            orchestrator: {site: ops}
            sites:
              hq: {facility: A, city: CNSHA, production: true}
              ops: {facility: B, city: CNSHA}

            """
        for (number, shelf) in shelves.enumerated() {
            text += "  \(shelf.id): {facility: F\(number), city: CITY\(number)}\n"
        }
        text += "hosts:\n"
        for shelf in shelves {
            guard let server = servers[shelf.id] else { continue }
            let port = ports[shelf.id] ?? server.port
            text +=
                "  \(shelf.id): {site: \(shelf.id), ssh: {host: \(server.host), port: \(port), "
                + "user: \(server.user), identity: \(server.keyPath)}, host_key: \"\(server.hostKey)\""
                + (becomes[shelf.id].map { ", become: \($0)" } ?? "") + "}\n"
        }
        text += "stores:\n"
        for shelf in shelves {
            text +=
                "  \(shelf.id): {host: \(shelf.id), path: \(storePath(shelf.id))"
                + (shelf.isVault ? ", append_only: true" : "")
                + (shelf.proof.map { ", proof: \($0)" } ?? "")
                + (shelf.bandwidth.map { ", bandwidth: \($0)" } ?? "") + "}\n"
        }
        let lines = datasetLines.map { $0.replacingOccurrences(of: "DATA", with: folder.path("data")) }
        let names = shelves.map(\.id).joined(separator: ", ")
        text += "datasets:\n  documents:\n"
        if !lines.contains(where: { $0.hasPrefix("source:") }) {
            text += "    source: {site: hq, path: \(folder.path("data"))}\n"
        }
        if !lines.contains(where: { $0.hasPrefix("copies:") }) {
            text += "    copies: {to: [\(names)], at_least: \(shelves.count), verified_within: 7d}\n"
        }
        text += lines.map { "    \($0)\n" }.joined()
        text += "services: {}\ncanaries: {seq: {dataset: documents, path: .canary}}\n"
        return text
    }

    func storePath(_ id: String) -> String { (servers[id]?.files ?? "/nowhere") + "/store" }

    func plan() throws -> Plan {
        let (plan, problems) = Plan.decode(try DocumentLoader.parse(planText, file: "plan.yaml"))
        return try #require(plan, "\(problems)")
    }

    /// A desk with sessions of its own.
    func desk(patience: Duration = .seconds(20), ledger other: Ledger? = nil) throws -> CopyDesk {
        let plan = try plan()
        let connector = SiteConnector(plan: plan, workspace: workspace, patience: patience)
        connectors.append(connector)
        return CopyDesk(
            workspace: workspace, plan: plan, ledger: other ?? ledger, time: clock.source,
            connector: connector)
    }

    // MARK: - Doing and looking

    /// Runs a backup; an hour passes before each, so that no two points have one name's time.
    @discardableResult
    func backup(_ request: BackupRequest = .automatic, _ change: (inout UploadSettings) -> Void = { _ in })
        throws -> BackupRun
    {
        clock.pass(.hours(1))
        var settings = UploadSettings()
        settings.pause = .milliseconds(10)
        settings.retries = 1
        change(&settings)
        return try BackupRunner(desk(), upload: settings).run("documents", request)
    }

    func book() throws -> CopyBook { CopyBook(try ledger.events()) }

    func judge() throws -> DatasetCopies {
        let plan = try plan()
        return try book().judge(try #require(plan.dataset("documents")), in: plan, at: clock.source.now())
    }

    /// The names in a point's folder of a store, sorted.
    func names(_ store: String, _ point: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(storePath(store))/documents/\(point)").sorted()
    }

    func path(_ store: String, _ point: String, _ file: String) -> String {
        "\(storePath(store))/documents/\(point)/\(file)"
    }

    /// Changes one byte in the middle of a stored file, as a failing disk would.
    func flip(_ store: String, _ point: String, _ file: String) throws {
        let path = path(store, point, file)
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[bytes.count / 2] ^= 0x40
        try overwrite(path, bytes)
    }

    func overwrite(_ path: String, _ bytes: [UInt8]) throws {
        chmod(path, 0o600)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        chmod(path, 0o400)
    }

    func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Writes a source tree of a few files, some of them large enough for several parts at 1 MiB.
    func fillSource(files: Int = 20, noiseBytes: Int = 3_000_000) throws {
        for number in 0..<files {
            try folder.write("file \(number) of the source\n", to: "data/docs/\(number % 4)/f\(number).txt")
        }
        try folder.write(noise(noiseBytes), to: "data/noise.bin")
    }
}

/// A clock that moves when the test says so, and with the machine's in between.
final class BenchClock: Sendable {
    private let shift = Mutex(Duration.zero)

    func pass(_ length: Duration) {
        shift.withLock { $0 += length }
    }

    var source: TimeSource {
        TimeSource(
            now: { TimeSource.system.now() + self.shift.withLock { $0 } },
            sinceBoot: { TimeSource.system.sinceBoot() + self.shift.withLock { $0 } })
    }
}

extension Scratch {
    /// A folder below this one that is removed with it.
    func sub(_ name: String) throws -> Scratch {
        Scratch(below: try makeFolder(name))
    }
}

/// Work on a thread of its own, and its result.
final class BackgroundRun<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () throws -> Value) {
        Thread { [self] in
            let value = Result(catching: work)
            result.withLock { $0 = value }
            done.signal()
        }.start()
    }

    func join() throws -> Value {
        done.wait()
        done.signal()
        guard let value = result.withLock({ $0 }) else { throw OperationError(.failed, "no result") }
        return try value.get()
    }
}
