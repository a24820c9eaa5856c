// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Operations
import TestSupport
import Testing

/// The loops at the hosts, as a drill runs them, against what can go wrong with a service or a prober.
@Suite("The probers of a drill")
struct DrillProberTests {
    @Test func `tell down from unknown, and one that hangs delays no other`() throws {
        try Scratch.with { scratch in
            let (closed, open) = (freePort(), try Listener())
            let known = try scratch.write("known", to: "known.bin")
            _ = known
            let hash = sha256(Array("known".utf8))
            let probes = [
                ("hangs", "command: [sleep, \"60\"]", "down timeout"),
                ("refused", "tcp: \"127.0.0.1:\(closed)\"", "down exit_1"),
                ("listens", "tcp: \"127.0.0.1:\(open.port)\"", "up 0"),
                ("broken", "command: [/no/such/program]", "unknown exit_127"),
                ("says_no", "command: [\"false\"]", "down exit_1"),
                ("same", "file_hash: {path: \(scratch.path("known.bin")), sha256: \(hash)}", "up same"),
                ("changed", "file_hash: {path: /etc/passwd, sha256: \(hash)}", "down changed"),
                ("gone", "file_hash: {path: /no/such, sha256: \(hash)}", "down exit_1"),
                (
                    "no_database", "sql: \"select 1\"\n    database: \"host=127.0.0.1 port=\(closed)\"",
                    "down psql_2"
                ),
            ]
            let text = probes.map {
                // Only one hangs; the others may be slow on a busy machine.
                let timeout = $0.0 == "hangs" ? "1s" : "20s"
                return "  \($0.0):\n    from: [metro]\n    every: 250ms\n    timeout: \(timeout)\n    \($0.1)"
            }
            let (bench, evidence) = try Self.watch(scratch, "probes:\n" + text.joined(separator: "\n"), "3")
            _ = bench
            for (name, _, expected) in probes {
                if name == "no_database", !Command.isInstalled("psql") { continue }
                let samples = try #require(evidence.tracks[name]?["metro"]).samples
                #expect(samples.count >= 3, "\(name): \(samples.count)")
                #expect(Set(samples.map { "\($0.state.rawValue) \($0.word)" }) == [expected], "\(name)")
                // Planned instants stand still, whatever a sample took: no coordinated omission.
                let first = try #require(samples.first)
                for sample in samples {
                    let due = first.planned + .milliseconds(250) * (sample.number - first.number)
                    #expect(sample.planned == due, "\(name)")
                }
            }
            let hung = try #require(evidence.tracks["hangs"]?["metro"]).samples
            #expect(hung.contains { one in hung.contains { $0.number > one.number && $0.begun < one.ended } })
        }
    }

    @Test("ask from several places, and enough of them must agree", arguments: [1, 2])
    func places(down: Int) throws {
        try Scratch.with { scratch in
            // The file is seen from both homes, or from one.
            let probes = """
                probes:
                  seen: {from: [metro, north], every: 200ms, timeout: 20s, command: [sh, -c, "test -e ~/up"]}
                """
            let bench = try DrillBench(scratch)
            for host in ["metro", "north"].suffix(3 - down) {
                _ = try bench.reach.shell(at: host)
                try scratch.write("", to: "home-\(host)/up")
            }
            let isUp = ProbeCondition(
                probe: "seen", state: .up, window: .milliseconds(400), fromAtLeast: 2)
            // Nobody waits for the whole of it but the drill that must fail.
            let deadline = Duration.seconds(down == 1 ? 120 : 5)
            let scenario = try Self.scenario(bench, probes) { scenario in
                scenario.steps = [
                    Step(id: "up", phase: .validate, verb: .waitFor(.probe(isUp), deadline: deadline))
                ]
            }
            let end = try bench.runner.start(try bench.prepared(scenario))
            #expect(end.run.outcome == (down == 1 ? .passed : .failed), "\(end.run.findings)")
        }
    }

    private static func scenario(
        _ bench: DrillBench, _ probes: String, _ change: (inout Scenario) -> Void
    ) throws -> Scenario {
        let text = """
            drill: 1
            id: probing
            title: Probing
            exercise: simulation
            mode: sandbox
            services: []
            \(probes)
            steps:
              - {id: wait, phase: recover, run: [sleep, "1"], host: north, reads_only: true}
            """
        let (scenario, problems) = Scenario.decode(
            try DocumentLoader.parse(text, file: "drill.yaml"), plan: try bench.plan())
        var found = try #require(scenario, "\(problems)")
        change(&found)
        return found
    }

    /// What the probes saw while a host slept for so many seconds.
    private static func watch(
        _ scratch: Scratch, _ probes: String, _ seconds: String
    ) throws -> (DrillBench, DrillEvidence) {
        let bench = try DrillBench(scratch)
        let scenario = try scenario(bench, probes) { scenario in
            scenario.steps = [
                Step(
                    id: "wait", phase: .recover, verb: .run(["sleep", seconds]), hosts: ["north"],
                    readsOnly: true)
            ]
        }
        let drill = try bench.prepared(scenario)
        let end = try bench.runner.start(drill)
        return (bench, try bench.runner.evidence(of: end.run.run, drill))
    }
}

/// Accepts connections for as long as it lives.
private final class Listener {
    private let descriptor: Int32
    let port: Int

    init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, length) == 0 && listen(descriptor, 128) == 0
                    && getsockname(descriptor, address, &length) == 0
            }
        }
        guard isBound else { throw OperationError(.failed, "cannot listen") }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}
