// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

/// A real server that only this test's hosts can see: its socket is open in a network of its own.
private final class LoneServer {
    let folder: String
    let inside: [String]
    private let bin: String
    /// What keeps the network; no `Process`, which waits for whatever has inherited its files.
    private let holder: pid_t

    init(_ scratch: Scratch, bin: String) throws {
        self.bin = bin
        folder = scratch.path("pg")
        holder = try Self.begin(["unshare", "-n", "sh", "-c"], "sleep 600")
        inside = ["nsenter", "--net=/proc/\(holder)/ns/net"]
        chmod(scratch.path, 0o711)
        try scratch.makeFolder("pg")
        _ = try Command.output("chown", "postgres:", folder)
        try asPostgres("\(bin)/initdb", "-D", folder + "/data", "-A", "peer")
        let settings = "listen_addresses = ''\nunix_socket_directories = '\(folder)'\nfsync = off\n"
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder + "/data/postgresql.conf"))
        try file.seekToEnd()
        try file.write(contentsOf: Data(settings.utf8))
        try file.close()
        try asPostgres("\(bin)/pg_ctl", "start", "-w", "-D", folder + "/data", "-l", folder + "/log")
    }

    @discardableResult
    func asPostgres(_ words: String...) throws -> String {
        let result = try Command(inside + ["runuser", "-u", "postgres", "--"] + words, folder: "/").run()
        guard result.status == 0 else { throw OperationError(.failed, "\(words): \(result.error)") }
        return result.text
    }

    @discardableResult
    func sql(_ query: String) throws -> String {
        try asPostgres("\(bin)/psql", "-X", "-A", "-t", "-q", "-h", folder, "-d", "postgres", "-c", query)
    }

    var slots: [String] {
        get throws {
            try sql("select slot_name from pg_replication_slots order by 1").split(separator: "\n").map(
                String.init)
        }
    }

    /// Begins a command line that goes on, and gives its process.
    private static func begin(_ shell: [String], _ line: String) throws -> pid_t {
        let text = try Command(shell + ["\(line) >/dev/null 2>&1 </dev/null & echo $!"], folder: "/").run()
            .text
        guard let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw OperationError(.failed, "\(line) did not begin")
        }
        return pid
    }

    /// Makes use of a slot until the process that is given back is killed.
    func use(_ slot: String) throws -> pid_t {
        let account = "exec setpriv --reuid postgres --regid postgres --init-groups"
        let pid = try Self.begin(
            inside + ["sh", "-c"], "\(account) \(bin)/pg_receivewal -h \(folder) -S \(slot) -D \(folder)")
        guard try isUsed(slot, "t") else {
            kill(pid, SIGKILL)
            throw OperationError(.failed, "the slot is not used")
        }
        return pid
    }

    /// Waits until the server says so.
    func isUsed(_ slot: String, _ word: String) throws -> Bool {
        let query = "select active from pg_replication_slots where slot_name = '\(slot)'"
        return try eventually(within: .seconds(120)) { try sql(query) == word + "\n" }
    }

    func stop() {
        _ = try? asPostgres("\(bin)/pg_ctl", "stop", "-m", "immediate", "-D", folder + "/data")
        kill(holder, SIGKILL)
    }
}

@Suite(
    "A replication slot that a drill left",
    .enabled(if: geteuid() == 0 && PostgresClusters.bin != nil, "needs root and PostgreSQL's own programs"))
struct SlotSweepTests {
    private static let mark = "drill_20261124t010203z_0a1b2c3d"

    @Test func `is found by its mark, and dropped unless it is in use; others are left alone`() throws {
        try Scratch.with { scratch in
            let server = try LoneServer(scratch, bin: try #require(PostgresClusters.bin))
            defer { server.stop() }
            let mine = [Self.mark, Self.mark + "_orders"]
            let others = ["drill_lab", "standby_b", "x" + Self.mark]
            for name in mine + others {
                try server.sql("select pg_create_physical_replication_slot('\(name)')")
            }
            var bench = try DrillBench(scratch)
            bench.reach = FolderReach(scratch.path, prefix: server.inside)
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: scratch.path("runs"))
            let user = try server.use(mine[1])
            let search = try sweeper.search("north")
            #expect(search.unread.isEmpty, "\(search)")
            let found = search.leftovers.filter { $0.kind == .slot }
            let socket = "\(server.folder)/.s.PGSQL.5432"
            #expect(found.map(\.name) == mine.map { "\($0)@\(socket)" })
            #expect(Set(found.map(\.run)) == ["20261124t010203z-0a1b2c3d"])
            #expect(try server.slots == (mine + others).sorted(), "to look changes nothing")

            let swept = try sweeper.heal(found)
            #expect(swept.healed == ["north: slot \(mine[0])@\(socket)"], "\(swept)")
            #expect(swept.failed.count == 1 && swept.failed[0].contains("is active for PID"), "\(swept)")
            #expect(try server.slots == ([mine[1]] + others).sorted())

            kill(user, SIGKILL)
            #expect(try server.isUsed(mine[1], "f"))
            #expect(try sweeper.heal(found).failed.isEmpty)
            #expect(try server.slots == others.sorted())
        }
    }

    @Test func `is not said to be gone where the account may not look`() throws {
        try Scratch.with { scratch in
            let server = try LoneServer(scratch, bin: try #require(PostgresClusters.bin))
            defer { server.stop() }
            let nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
            let reach = FolderReach(scratch.path, prefix: server.inside + nobody)
            let search = try DrillSweeper(reach: reach, runsFolder: scratch.path("runs")).search("north")
            #expect(search.leftovers.allSatisfy { $0.kind != .slot })
            #expect(search.unread.count == 1)
            let said = search.unread.first ?? ""
            #expect(said.hasPrefix("north: PostgreSQL at \(server.folder)/.s.PGSQL.5432: "), "\(said)")
            #expect(said.contains("failed") || said.contains("FATAL"), "\(said)")
        }
    }

    @Test func `is not said to be gone where the server does not answer`() throws {
        try Scratch.with { scratch in
            let server = try LoneServer(scratch, bin: try #require(PostgresClusters.bin))
            defer { server.stop() }
            let first = try scratch.text("pg/data/postmaster.pid").prefix { $0 != "\n" }
            let postmaster = try #require(pid_t(first))
            kill(postmaster, SIGSTOP)
            defer { kill(postmaster, SIGCONT) }
            let reach = FolderReach(scratch.path, prefix: server.inside)
            let search = try DrillSweeper(reach: reach, runsFolder: scratch.path("runs")).search("north")
            #expect(search.unread.count == 1, "\(search)")
        }
    }
}

@Suite("The name of a run's slots")
struct RunSlotTests {
    @Test func `is filled in, and is one that PostgreSQL takes`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var step = bench.logging("one")
            step.verb = .run(bench.logCommand("{{run.slot}}_orders"))
            let end = try bench.runner.start(try bench.prepared(bench.scenario([step])))
            let name = try #require(try bench.log().first)
            #expect(name == "drill_\(end.run.run.replacingOccurrences(of: "-", with: "_"))_orders")
            #expect(
                name.wholeMatch(of: /drill_[0-9]{8}t[0-9]{6}z_[0-9a-f]{8}_orders/) != nil && name.count < 64)
        }
    }

    @Test func `may stand in a scenario`() throws {
        let text = ScenarioFileTests.small.replacingOccurrences(
            of: "run: [\"true\"]\n    host", with: "run: [echo, \"{{run.slot}}\"]\n    host")
        try #require(text != ScenarioFileTests.small)
        let (scenario, problems) = try ScenarioFileTests.decode(text)
        #expect(scenario != nil, "\(problems)")
    }
}
