// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("The approvals before a drill")
struct DrillApprovalTests {
    @Test func `count approvals of exactly this drill, of different people, and not of its author`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var scenario = bench.scenario([bench.logging("one")])
            scenario.author = "kai"
            scenario.roles = [
                Role(id: "owner", people: ["petra", "kai"]),
                Role(id: "conductor", people: ["dana", "petra"]),
            ]
            scenario.safety.approvals = ApprovalRule(
                need: 2, from: ["owner", "conductor"], excludesAuthor: true)
            let drill = try bench.prepared(scenario)
            let desk = bench.runner.approvals
            let now = TimeSource.system.now()
            func refuses(_ drill: PreparedDrill, _ words: String) {
                #expect {
                    try bench.runner.start(drill)
                } throws: { "\($0)".contains("guard approvals: \(words)") }
            }
            refuses(drill, "0 of 2: nobody has approved")
            try desk.approve(drill, as: "petra", role: "owner", key: nil, at: now)
            // The same person in another role, and the author, count for nothing.
            try desk.approve(drill, as: "petra", role: "conductor", key: nil, at: now)
            try desk.approve(drill, as: "kai", role: "owner", key: nil, at: now)
            refuses(drill, "1 of 2: ")
            #expect(throws: OperationError.self) {
                try desk.approve(drill, as: "dana", role: "owner", key: nil, at: now)
            }
            try desk.approve(drill, as: "dana", role: "conductor", key: nil, at: now)
            // Another script, answer, plan, scenario, program or mode is another drill.
            for change in Self.changes {
                var other = drill
                change(&other)
                refuses(other, "0 of 2: nobody has approved")
            }
            #expect(!desk.check(try #require(scenario.safety.approvals), drill, now + .days(8)).passed)
            #expect(try bench.runner.start(drill).run.outcome == .passed)
        }
    }

    private static let changes: [@Sendable (inout PreparedDrill) -> Void] = [
        { $0.scripts["x.sh"] = [1] }, { $0.answersBytes = [1] }, { $0.planBytes.append(1) },
        { $0.scenarioBytes.append(1) }, { $0.toolVersion += "1" },
    ]

    @Test func `let nothing live begin that lacks its safety, whatever mode the file names`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var scenario = bench.scenario([bench.logging("one")])
            scenario.mode = .live
            let drill = try bench.prepared(scenario, answers: ["declare": "go"]) { plan in
                plan.hosts[0].drills = [.live]
            }
            let failed = try bench.runner.plan(drill).guards.filter { !$0.passed }.map(\.name)
            #expect(failed == ["live_hosts", "live_approvals", "live_presence", "live_answers"])
            #expect(throws: OperationError.self) { try bench.runner.start(drill) }
            #expect(try bench.log().isEmpty)
        }
    }

    @Test func `count a live approval only with the person's own signature`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            for name in ["dana", "other"] {
                _ = try Command.output(
                    "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", scratch.path(name))
            }
            var scenario = bench.scenario([bench.logging("one")])
            scenario.mode = .live
            scenario.roles = [Role(id: "conductor", people: ["dana"])]
            let rule = ApprovalRule(need: 1, from: ["conductor"])
            scenario.safety.approvals = rule
            let key = try scratch.text("dana.pub").trimmingCharacters(in: .whitespacesAndNewlines)
            let drill = try bench.prepared(scenario) { plan in
                plan.people[0].key = key
            }
            let (desk, now) = (bench.runner.approvals, TimeSource.system.now())
            #expect(throws: OperationError.self) {
                try desk.approve(drill, as: "dana", role: "conductor", key: nil, at: now)
            }
            try desk.approve(drill, as: "dana", role: "conductor", key: scratch.path("other"), at: now)
            #expect(!desk.check(rule, drill, now).passed)
            try desk.approve(drill, as: "dana", role: "conductor", key: scratch.path("dana"), at: now)
            #expect(desk.check(rule, drill, now).passed)
        }
    }
}
