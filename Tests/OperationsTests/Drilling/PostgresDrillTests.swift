// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

/// The shipped scenario over two real servers; only its variables are other ones.
@Suite(
    "A PostgreSQL primary that dies", .serialized,
    .enabled(if: geteuid() == 0 && PostgresClusters.bin != nil, "needs root and PostgreSQL's own programs"))
struct PostgresDrillTests {
    @Test func `lets in with a password that stands nowhere to be seen`() throws {
        try Scratch.with { scratch in
            try scratch.makeFolder("pg")
            chmod(scratch.path, 0o711)
            let clusters = try PostgresClusters(
                below: scratch.path("pg"), bin: try #require(PostgresClusters.bin))
            defer { clusters.stop() }
            // With what a password file would have to escape.
            let password = #"a:planted\password-of-the-drill"#
            try clusters.sql("a", "create role locked login password '\(password)'")
            try clusters.run(
                "sed -i '1i host all locked 127.0.0.1/32 scram-sha-256' \"$1/pg_hba.conf\"",
                [clusters.data("a")])
            try clusters.sql("a", "select pg_reload_conf()")
            try scratch.write(password + "\n", to: "secret", mode: 0o600)
            try scratch.write("wrong\n", to: "wrong", mode: 0o600)
            let bench = try DrillBench(scratch)
            let database = "\(clusters.local("a")) user=locked"
            func query(_ text: String, _ password: String) -> SQLQuery {
                SQLQuery(
                    host: "north", query: text, database: database, password: password,
                    expectedRow: ["locked"])
            }
            let probe = """
                  who: {from: [north], every: 500ms, timeout: 4s, sql: select 1, database: "\(database)", password: word}
                """
            let text = ScenarioFileTests.small.replacingOccurrences(
                of: "steps:",
                with: "secrets: {word: {file: \(scratch.path("secret"))}}\nprobes:\n\(probe)\nsteps:")
            let (decoded, problems) = try ScenarioFileTests.decode(text)
            var scenario = bench.scenario([
                Step(
                    id: "ask", phase: .prepare,
                    verb: .sql(query("select current_user from pg_sleep(0.5)", "word")),
                    confirm: .sql(query("select current_user", "word")), undo: Undo.none, because: "a test"),
                Step(
                    id: "seen", phase: .prepare,
                    verb: .waitFor(
                        .probe(ProbeCondition(probe: "who", state: .up, window: .seconds(1))),
                        deadline: .seconds(60))),
                Step(
                    id: "refused", phase: .prepare, verb: .sql(query("select current_user", "wrong")),
                    timeout: .seconds(20), undo: Undo.none, because: "a test", isCritical: false),
            ])
            scenario.probes = try #require(decoded, "\(problems)").probes
            scenario.secrets = [
                Secret(id: "word", source: .file(scratch.path("secret"))),
                Secret(id: "wrong", source: .file(scratch.path("wrong"))),
            ]
            let watch = ProcessWatch(for: [password])
            let end = try bench.runner.start(try bench.prepared(scenario))
            #expect(watch.end().isEmpty)
            #expect(watch.lookCount > 10)
            let state = RunState(folding: end.records)
            for id in ["ask", "seen"] {
                #expect(state.result(of: id) == .passed, "\(id): \(state.steps[id]?.finished?.actual ?? "")")
            }
            #expect(
                state.result(of: "refused") == .failed, "the wrong password was not asked for, and failed")
            let needle = Data(password.utf8)
            let traces = try FileManager.default.subpathsOfDirectory(atPath: scratch.path).filter { name in
                !name.hasPrefix("pg/")
                    && FileManager.default.contents(atPath: scratch.path(name))?.range(of: needle) != nil
            }
            #expect(traces == ["secret"])
        }
    }

    @Test func `is followed by its standby, with every answered write accounted for`() throws {
        try Scratch.with { scratch in
            try scratch.makeFolder("pg")
            // The account of the servers must be able to pass.
            chmod(scratch.path, 0o711)
            let bin = try #require(PostgresClusters.bin)
            let clusters = try PostgresClusters(below: scratch.path("pg"), bin: bin)
            defer { clusters.stop() }
            let (runner, drill) = try Self.drill(scratch, clusters, bin)
            let end = try runner.start(drill)

            #expect(end.run.outcome == .passed, "\(end.run.findings)")
            #expect(end.run.aftermath == .clean)
            let recovery = try #require(end.run.services.first)
            #expect(recovery.recoveryTimeVerdict == .met)
            #expect(try #require(recovery.recoveryTime).lower > .zero)
            #expect(recovery.recoveryPoint != nil)
            let lost = try #require(recovery.lostRecords)

            // The truth, from the folder that was kept aside: what the dead primary had and nobody got.
            let aside = clusters.data("a") + ".before-\(end.run.run)"
            let port = freePort()
            try clusters.run(
                "rm -f \"$1/standby.signal\" \"$1/postmaster.pid\"; printf 'port = %s\\n' \"$2\" >>\"$1/postgresql.conf\"",
                [aside, String(port)])
            try clusters.asPostgres(["\(bin)/pg_ctl", "start", "-w", "-D", aside, "-l", aside + "/log"])
            defer { _ = try? clusters.asPostgres(["\(bin)/pg_ctl", "stop", "-m", "immediate", "-D", aside]) }
            let old = Set(
                try clusters.asPostgres([
                    "\(bin)/psql", "-X", "-A", "-t", "-d", "host=127.0.0.1 port=\(port) dbname=orders", "-c",
                    "select n from drill_canary",
                ]).split(separator: "\n").compactMap { Int($0) })
            let new = Set(
                try clusters.sql("b", "select n from drill_canary").split(separator: "\n").compactMap {
                    Int($0)
                })
            let evidence = try runner.evidence(of: end.run.run, drill)
            let answered = Set(
                try #require(evidence.tracks["orders_write"]?["watch"]).samples.filter { $0.state == .up }
                    .map(\.number))
            #expect(!old.isEmpty)
            #expect(lost == old.subtracting(new).intersection(answered).count)
            // The old primary follows the new one.
            #expect(try clusters.sql("a", "select pg_is_in_recovery()") == "t")
            #expect(try clusters.sql("b", "select pg_is_in_recovery()") == "f")
        }
    }

    @Test func `before the point of no return is brought back by an abort`() throws {
        try Scratch.with { scratch in
            try scratch.makeFolder("pg")
            // The account of the servers must be able to pass.
            chmod(scratch.path, 0o711)
            let bin = try #require(PostgresClusters.bin)
            let clusters = try PostgresClusters(below: scratch.path("pg"), bin: bin)
            defer { clusters.stop() }
            let (runner, drill) = try Self.drill(scratch, clusters, bin)
            let control = DrillControl()
            let end = try runner.start(drill, control: control) { record in
                guard case .finished = record.fact, record.step == "noticed" else { return }
                control.abort("enough")
            }
            #expect(end.run.outcome == .aborted)
            #expect(end.run.aftermath == .clean, "\(end.run.findings)")
            #expect(try clusters.sql("a", "select pg_is_in_recovery()") == "f")
            #expect(try clusters.sql("b", "select pg_is_in_recovery()") == "t")
        }
    }

    static func drill(_ scratch: Scratch, _ clusters: PostgresClusters, _ bin: String) throws -> (
        DrillRunner, PreparedDrill
    ) {
        for folder in ["runs", "source"] { try scratch.makeFolder(folder) }
        let plan = """
            lifeboat: 1
            workspace: pg
            sites: {a: {name: A}, b: {name: B}, w: {name: Watch}}
            hosts:
              pg-a: {site: a, ssh: {host: 192.0.2.1, user: drill}, drills: [sandbox]}
              pg-b: {site: b, ssh: {host: 192.0.2.2, user: drill}, drills: [sandbox]}
              watch: {site: w, ssh: {host: 192.0.2.3, user: watch}}
            services: {orders: {tier: core, kind: business, objectives: {rpo: 1m, rto: 10m}}}
            people: {dana: {roles: [conductor]}, petra: {roles: [owner]}}
            """
        try scratch.write(plan, to: "plan.yaml")
        let values = [
            ("bin", bin), ("data_a", clusters.data("a")), ("data_b", clusters.data("b")),
            ("address_a", "127.0.0.1"), ("address_b", "127.0.0.1"), ("port_a", "\(clusters.ports.a)"),
            ("port_b", "\(clusters.ports.b)"), ("local_a", clusters.local("a")),
            ("local_b", clusters.local("b")), ("clients", clusters.clients),
        ]
        let shipped = ScenarioFileTests.repository + "/Drills"
        var lines = try String(contentsOfFile: shipped + "/orders-promote-standby.yaml", encoding: .utf8)
            .components(separatedBy: "\n")
        for (name, value) in values {
            let index = try #require(lines.firstIndex { $0.hasPrefix("  \(name): ") })
            lines[index] = "  \(name): \"\(value)\""
        }
        try scratch.write(lines.joined(separator: "\n"), to: "drill.yaml")
        try scratch.makeFolder("scripts")
        try FileManager.default.copyItem(
            atPath: shipped + "/scripts/pg-rebuild-standby.sh",
            toPath: scratch.path("scripts/pg-rebuild-standby.sh"))
        try scratch.write("declare: promote\n", to: "answers.yaml")
        let loaded = try #require(try LoadedPlan.read(scratch.path("plan.yaml")).loaded)
        let (file, problems) = try DrillFile.read(scratch.path("drill.yaml"), plan: loaded.plan)
        let drill = try #require(file, "\(problems)").prepared(
            plan: loaded, answersPath: scratch.path("answers.yaml"), toolVersion: "test")
        let runner = DrillRunner(
            runsFolder: scratch.path("runs"), reach: FolderReach(scratch.path),
            restorer: FolderRestorer(source: scratch.path("source")),
            ledger: try Ledger(path: scratch.path("ledger.sqlite")))
        return (runner, drill)
    }
}
