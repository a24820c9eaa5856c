// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

/// A real cut by nftables in a network namespace of its own, and what its counters prove.
@Suite(
    "The proof that a dead site was not used",
    .enabled(if: geteuid() == 0, "a network namespace is made by root only"))
struct DrillIsolationTests {
    @Test func `is the counters of an untouched cut, and lifts the evidence to E4`() throws {
        try Self.inNamespace { bench in
            let end = try Self.run(bench)
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            let proof = try #require(Self.proof(in: end))
            #expect(proof.passed, "\(proof.detail)")
            let isolation = try #require(proof.isolation)
            #expect(isolation.kind == .netns && isolation.isWhole)
            // The probe has tried the dead site again and again.
            #expect(isolation.dropped > 0 && isolation.passed == 0)
            #expect(end.run.services.first?.evidence == .isolatedRecovery)
            // Healed: nothing of ours is left in that network.
            let tables = try bench.reach.shell(at: "north").run("nft list tables").text
            #expect(tables.isEmpty)
        }
    }

    @Test(
        "is none when the cut was changed, opened or taken away meanwhile",
        arguments: [
            // Put back as it was: only the handles of the rules tell.
            #"nft list table inet "$t" >saved && nft delete table inet "$t" && nft -f saved"#,
            #"nft flush chain inet "$t" output"#, #"nft delete table inet "$t""#,
        ])
    func changed(command: String) throws {
        try Self.inNamespace { bench in
            let find = #"t=$(nft list tables | sed -n 's/^table inet \(drill_.*\)$/\1/p'); "#
            let step = Step(
                id: "meddle", phase: .recover, verb: .run(["sh", "-c", find + command]), hosts: ["north"],
                undo: Undo.none, because: "a test")
            let end = try Self.run(bench, adding: step)
            let proof = try #require(Self.proof(in: end))
            #expect(!proof.passed)
            #expect(proof.detail.contains("metro may have been used"))
            #expect(end.run.services.first?.evidence == .componentRestore)
            #expect(end.run.findings.contains { $0.hasPrefix("not_isolated: cut: metro may have been used") })
        }
    }

    @Test func `is swept away without a journal when a drill has left it, and foreign tables stay`() throws {
        try Self.inNamespace { bench in
            let shell = try bench.reach.shell(at: "north")
            let ours = "drill_20260101t000000z_0a1b2c3d_cut"
            let foreign = ["drill_backup", "filter", "drill_20260101t000000z_nothex"]
            for table in [ours] + foreign {
                #expect(try shell.run("nft add table inet \"$1\"", [table]).status == 0)
            }
            let sweeper = DrillSweeper(reach: bench.reach, runsFolder: bench.scratch.path("runs"))
            let found = try sweeper.look(at: "north")
            #expect(found.map(\.name) == [ours])
            #expect(found.map(\.run) == ["20260101t000000z-0a1b2c3d"])
            #expect(try sweeper.heal(found).failed.isEmpty)
            let left = try shell.run("nft list tables | cut -d' ' -f3 | sort").text.split(separator: "\n")
            #expect(left.map(String.init) == foreign.sorted())
        }
    }

    private static func proof(in end: DrillRunner.End) -> DrillFact.GuardResult? {
        end.records.compactMap { record -> DrillFact.GuardResult? in
            guard case .guardChecked(let check) = record.fact, check.name == DrillFact.Isolation.guardName
            else { return nil }
            return check
        }.first
    }

    private static func run(_ bench: DrillBench, adding step: Step? = nil) throws -> DrillRunner.End {
        var scenario = DrillFileServiceTests.story(bench)
        let cut = Step(
            id: "cut", phase: .disrupt,
            verb: .fault(
                Fault(kind: .siteBlock(site: "metro"), host: "north", ttl: .minutes(5), heal: .auto)))
        scenario.steps.insert(cut, at: 1)
        let knock = Step(
            id: "knock", phase: .disrupt,
            verb: .run(["sh", "-c", "timeout 1 bash -c 'exec 3<>/dev/tcp/192.0.2.2/22' || true"]),
            hosts: ["north"], readsOnly: true, isCritical: false)
        scenario.steps.insert(knock, at: 2)
        if let step {
            let place = try #require(scenario.steps.firstIndex { $0.id == "extract" })
            scenario.steps.insert(step, at: place)
        }
        return try bench.runner.start(try bench.prepared(scenario, answers: ["declare": "go"]))
    }

    /// Both hosts in one namespace, in which the other site's address lies on a wire that leads nowhere.
    private static func inNamespace(_ body: (DrillBench) throws -> Void) throws {
        try Scratch.with { scratch in
            let name = "lb" + String(UInt32.random(in: 0 ... .max), radix: 16)
            _ = try Command.output("ip", "netns", "add", name)
            defer { _ = try? Command.output("ip", "netns", "del", name) }
            let setUp = """
                ip link set lo up && ip link add wan type veth peer name far && ip link set far up &&
                ip address add 192.0.2.1/24 dev wan && ip link set wan up
                """
            _ = try Command.output("ip", "netns", "exec", name, "sh", "-c", setUp)
            var bench = try DrillBench(scratch)
            bench.reach = FolderReach(scratch.path, prefix: ["nsenter", "--net=/run/netns/\(name)"])
            try scratch.write("up", to: "srv/old")
            try bench.acknowledgeCanaries(at: TimeSource.system.now() - .minutes(30))
            try body(bench)
        }
    }
}
