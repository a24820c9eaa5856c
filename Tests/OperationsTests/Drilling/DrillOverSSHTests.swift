// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

@Suite("A drill over a real connection", .tags(.integration), .needsServer, .mayQueue)
struct DrillOverSSHTests {
    @Test func `that is cut at every step does each of them once, and undoes all of it`() async throws {
        try await Scratch.with { scratch in
            let (end, cuts) = try await onThread { try Self.run(scratch) }
            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            let log = try scratch.text("log").split(separator: "\n").map(String.init)
            #expect(log == ["one", "two", "undo-two", "undo-one"])
            #expect(!scratch.contains("room") && scratch.contains("service"))
            // Before each intent, begin, end and undo of four steps.
            #expect(cuts >= 16, "\(cuts)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("home")).isEmpty)
        }
    }

    private static func run(_ scratch: Scratch) throws -> (DrillRunner.End, Int) {
        for folder in ["home", "runs", "source"] { try scratch.makeFolder(folder) }
        try scratch.write("up", to: "service")
        var options = SSHServer.Options()
        options.lines = ["SetEnv HOME=\(scratch.path("home"))"]
        return try SSHServer.with(options) { server in
            try TCPProxy.with(to: server.port) { proxy in
                let plan = try plan(server, proxy.port)
                let connector = SiteConnector(plan: plan, workspace: Workspace(root: scratch.path("w")))
                let runner = DrillRunner(
                    runsFolder: scratch.path("runs"), reach: connector.reach,
                    restorer: FolderRestorer(source: scratch.path("source")),
                    ledger: try Ledger(path: scratch.path("ledger.sqlite")))
                let drill = PreparedDrill(
                    scenario: story(scratch), plan: plan, scenarioBytes: [1], planBytes: [2],
                    toolVersion: "test")
                let cuts = Jump()
                let end = try runner.start(drill) { record in
                    guard [.intent, .started, .finished, .undoIntent, .undoDone].contains(record.fact.kind)
                    else { return }
                    proxy.cut()
                    cuts.length += .seconds(1)
                }
                return (end, Int(cuts.length.inSeconds))
            }
        }
    }

    private static func plan(_ server: SSHServer, _ port: Int) throws -> Plan {
        let text = """
            lifeboat: 1
            workspace: cut
            sites: {north: {name: North}}
            hosts:
              north:
                site: north
                ssh: {host: \(server.host), port: \(port), user: \(server.user), identity: \(server.keyPath)}
                host_key: "\(server.hostKey)"
                drills: [sandbox]
            """
        let (plan, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
        return try #require(plan, "\(problems)")
    }

    private static func story(_ scratch: Scratch) -> Scenario {
        let (log, service, room) = (scratch.path("log"), scratch.path("service"), scratch.path("room"))
        func say(_ word: String) -> [String] { ["sh", "-c", "echo \(word) >>\"$1\"", "x", log] }
        func logging(_ id: String) -> Step {
            Step(
                id: id, phase: .prepare, verb: .run(say(id)), hosts: ["north"],
                undo: .run(say("undo-\(id)"), host: nil, timeout: nil))
        }
        return Scenario(
            id: "cut", title: "Cut", exercise: .simulation, mode: .sandbox, services: [],
            steps: [
                logging("one"),
                Step(
                    id: "room", phase: .prepare, verb: .run(["mkdir", room]), hosts: ["north"],
                    undo: .clean(path: room, host: nil)),
                Step(
                    id: "stop", phase: .disrupt,
                    verb: .fault(
                        Fault(
                            kind: .serviceStop(stop: ["rm", service], start: ["touch", service]),
                            host: "north", ttl: .minutes(5), heal: .auto)),
                    confirm: .expectation(
                        Expectation(host: "north", arguments: ["test", "!", "-e", service]))),
                logging("two"),
            ])
    }
}
