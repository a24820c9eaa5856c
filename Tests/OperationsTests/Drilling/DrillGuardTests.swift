// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import TestSupport
import Testing

@Suite("The guards before a drill")
struct DrillGuardTests {
    /// What refuses to begin, the guard that says so, and a change that lets it begin.
    struct Scene: Sendable, CustomTestStringConvertible {
        var name: String
        var requirement: Safety.Requirement?
        var scenario: @Sendable (inout Scenario) -> Void = { _ in }
        var plan: @Sendable (inout Plan) -> Void = { _ in }
        var isRefused: Bool
        var testDescription: String { "\(name), \(isRefused ? "refused" : "allowed")" }
    }

    static func blackout(_ from: Int, _ to: Int, services: [String] = []) -> @Sendable (inout Plan) -> Void {
        { plan in
            let now = TimeSource.system.now()
            plan.blackouts = [
                Blackout(
                    begunAt: now + .minutes(from), endsAt: now + .minutes(to), because: "year-end close",
                    services: services)
            ]
        }
    }

    static func blackoutScene(
        _ from: Int, _ to: Int, _ services: [String] = [], isRefused: Bool
    ) -> Scene {
        Scene(
            name: "no_blackout: blackout", scenario: { $0.services = ["files"] },
            plan: blackout(from, to, services: services), isRefused: isRefused)
    }

    static let orchestrator: Orchestrator? = {
        let text = "lifeboat: 1\nworkspace: w\nsites: {metro: {}}\norchestrator: {site: metro}\n"
        return (try? DocumentLoader.parse(text, file: "plan.yaml")).flatMap {
            Plan.decode($0).plan?.orchestrator
        }
    }()

    static let scenes: [Scene] = [
        blackoutScene(-60, 60, isRefused: true),
        // A drill may last four hours.
        Scene(
            name: "no_blackout: the drill may last", plan: blackout(120, 180), isRefused: true),
        blackoutScene(-120, -60, isRefused: false),
        blackoutScene(300, 360, isRefused: false),
        blackoutScene(-60, 60, ["other"], isRefused: false),
        blackoutScene(-60, 60, ["files"], isRefused: true),
        Scene(
            name: "copies_of documents",
            requirement: .copies(of: "documents", atLeast: 1, sites: ["north"]), isRefused: true),
        Scene(
            name: "backup_of documents",
            requirement: .backup(of: "documents", youngerThan: .hours(24), isVerified: true), isRefused: true),
        Scene(
            name: "clock_bound_below", requirement: .clockBound(below: .nanoseconds(1), hosts: ["north"]),
            isRefused: true),
        Scene(
            name: "clock_bound_below", requirement: .clockBound(below: .minutes(1), hosts: ["north"]),
            isRefused: false),
        Scene(
            name: "disk_free", requirement: .diskFree(host: "north", path: "/", atLeast: .share(1)),
            isRefused: true),
        Scene(
            name: "disk_free", requirement: .diskFree(host: "north", path: "/", atLeast: .bytes(1)),
            isRefused: false),
        Scene(
            name: "disk_free", requirement: .diskFree(host: "north", path: "/no/such", atLeast: .bytes(1)),
            isRefused: true),
        Scene(
            name: "machine_id at north",
            plan: { plan in plan.hosts[0].machineID = "0123456789abcdef0123456789abcdef" }, isRefused: true),
        Scene(
            name: "in_scope at north", scenario: { $0.safety.hosts = ["metro"] }, isRefused: true),
        Scene(
            name: "orchestrator_elsewhere",
            scenario: { scenario in
                scenario.mode = .live
                scenario.steps.append(
                    Step(
                        id: "cut", phase: .disrupt,
                        verb: .fault(
                            Fault(
                                kind: .siteBlock(site: "metro"), host: "north", ttl: .minutes(1), heal: .auto)
                        )))
            }, plan: { plan in plan.orchestrator = orchestrator },
            isRefused: true),
    ]

    @Test("say no when it is not so, and nothing was done", arguments: scenes)
    func sayNo(scene: Scene) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var scenario = bench.scenario([bench.logging("one")])
            if let requirement = scene.requirement { scenario.safety.requires = [requirement] }
            scene.scenario(&scenario)
            let drill = try bench.prepared(scenario, changing: scene.plan)
            guard scene.isRefused else {
                _ = try bench.runner.start(drill)
                return #expect(try bench.log() == ["one", "undo-one"])
            }
            #expect {
                try bench.runner.start(drill)
            } throws: { error in
                (error as? OperationError)?.code == .refused && "\(error)".contains(scene.name)
            }
            #expect(try bench.log().isEmpty)
            #expect(bench.runner.runs().isEmpty)
        }
    }

    /// What the ledger knows of the only copy.
    enum Copies: CaseIterable {
        case proven
        case stale
        case corrupt
        case marked
        case ofAFailedRun
        case anIncrementalWithoutItsFull
    }

    @Test("count a copy of a whole point that is proven now, and no other", arguments: Copies.allCases)
    func copies(state: Copies) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let now = TimeSource.system.now()
            let (point, sha256) = ("20261122T031500Z-full-4f9c1a", String(repeating: "0", count: 64))
            let at = state == .stale ? now - .days(300) : now - .hours(1)
            let kind: PointKind = state == .anIncrementalWithoutItsFull ? .incremental : .full
            var events: [EventBody] = [
                .backupRun(
                    BackupRun(
                        run: "r1", dataset: "documents", kind: kind,
                        outcome: state == .ofAFailedRun ? .failed : .complete, begunAt: at, endedAt: at,
                        point: point, parent: kind == .full ? nil : "gone", consistencyAt: now - .hours(1),
                        manifestSha256: sha256)),
                .copyReceipt(
                    CopyReceipt(
                        dataset: "documents", point: point, kind: kind, parent: kind == .full ? nil : "gone",
                        consistencyAt: now - .hours(1), store: "north", site: "north", provenAt: at,
                        method: .hashAtSite, bytes: 1, parts: 0, manifestSha256: sha256, isAppendOnly: true)),
            ]
            if state == .corrupt {
                events.append(
                    .copyVerification(
                        CopyVerification(
                            dataset: "documents", point: point, store: "north", checkedAt: now,
                            method: .hashAtSite, result: .corrupt, bytesRead: 1)))
            }
            if state == .marked {
                events.append(
                    .copyExpiry(
                        CopyExpiry(
                            dataset: "documents", point: point, store: "north", step: .marked,
                            happenedAt: now,
                            reason: "old")))
            }
            try bench.ledger.append(events, at: now)
            var scenario = bench.scenario([bench.logging("one")])
            scenario.safety.requires = [
                .copies(of: "documents", atLeast: 1, sites: ["north"]),
                .backup(of: "documents", youngerThan: .hours(24), isVerified: true),
            ]
            let guards = try bench.runner.plan(try bench.prepared(scenario)).guards.filter {
                $0.name.hasSuffix(" documents")
            }
            #expect(guards.map(\.passed) == [state == .proven, state == .proven], "\(guards)")
            guard state == .proven else {
                #expect(throws: OperationError.self) {
                    try bench.runner.start(try bench.prepared(scenario))
                }
                return
            }
            #expect(guards.first?.detail == "1 proven of \(point): north")
            _ = try bench.runner.start(try bench.prepared(scenario))
            #expect(try bench.log() == ["one", "undo-one"])
            // At another site there is none, and one is not two.
            for rule in [
                Safety.Requirement.copies(of: "documents", atLeast: 1, sites: ["metro"]),
                .copies(of: "documents", atLeast: 2, sites: []),
            ] {
                scenario.safety.requires = [rule]
                #expect(throws: OperationError.self) {
                    try bench.runner.start(try bench.prepared(scenario))
                }
            }
        }
    }

    @Test("know an open incident from a closed one, by the ledger", arguments: [false, true])
    func incidents(isRestored: Bool) throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let now = TimeSource.system.now()
            var incident = Incident(id: "i1", service: "files", begunAt: now - .hours(1))
            try bench.ledger.append([.incident(incident)], at: now)
            if isRestored {
                incident.restoredAt = now
                try bench.ledger.append([.incident(incident)], at: now)
            }
            let drill = try bench.prepared(bench.scenario([bench.logging("one")], services: ["files"]))
            if isRestored {
                _ = try bench.runner.start(drill)
            } else {
                #expect {
                    try bench.runner.start(drill)
                } throws: { "\($0)".contains("guard no_open_incident files: open: i1") }
            }
            #expect(try bench.log() == (isRestored ? ["one", "undo-one"] : []))
        }
    }

    /// What came up while a run had no controller.
    enum News: CaseIterable {
        case incident
        case blackout
        case nothing
    }

    @Test("are asked again when a dead run is taken up; its undo is never refused", arguments: News.allCases)
    func resumed(news: News) async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                let steps = [bench.logging("one"), bench.logging("two")]
                let drill = try bench.prepared(bench.scenario(steps, services: ["files"]))
                _ = try bench.runner.start(drill) { record in
                    if case .finished = record.fact { kill(getpid(), SIGKILL) }
                }
            }
            let run = try #require(bench.runner.runs().first?.run)
            let now = TimeSource.system.now()
            if news == .incident {
                try bench.ledger.append(
                    [.incident(Incident(id: "i1", service: "files", begunAt: now))], at: now)
            }
            let drill = try bench.prepared(
                bench.scenario([bench.logging("one"), bench.logging("two")], services: ["files"]),
                changing: news == .blackout ? Self.blackout(-1, 60) : { _ in })
            guard news != .nothing else {
                let end = try bench.runner.resume(run, drill)
                #expect(end.run.outcome == .incomplete, "it measures no service")
                return #expect(try bench.log() == ["one", "two", "undo-two", "undo-one"])
            }
            let before = try scratch.text("runs/\(run)/journal.jsonl")
            let name = news == .incident ? "guard no_open_incident files: open: i1" : "guard no_blackout: "
            #expect {
                try bench.runner.resume(run, drill)
            } throws: { error in
                (error as? OperationError)?.code == .refused && "\(error)".contains(name)
                    && (error as? OperationError)?.hint?.contains("--undo-only") == true
            }
            #expect(try scratch.text("runs/\(run)/journal.jsonl") == before)
            #expect(try bench.log() == ["one"])
            let end = try bench.runner.resume(
                run, drill, undoing: DrillFact.Reason(text: "the hall burns", person: "dana"))
            #expect(end.run.outcome == .aborted && end.run.aftermath == .clean)
            #expect(try bench.log() == ["one", "undo-one"], "nothing more was begun")
            let state = RunState(folding: end.records)
            #expect(state.stopped?.text == "taken up to undo only: the hall burns (dana)")
            let failed = end.records.contains {
                if case .guardChecked(let check) = $0.fact { !check.passed } else { false }
            }
            #expect(failed, "the guard's word is on record")
        }
    }

    @Test func `do not keep a run from its undo that was stopped before the crash`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                let drill = try bench.prepared(bench.scenario([bench.logging("one")], services: ["files"]))
                _ = try bench.runner.start(drill) { record in
                    if case .stop = record.fact { kill(getpid(), SIGKILL) }
                }
            }
            let run = try #require(bench.runner.runs().first?.run)
            let now = TimeSource.system.now()
            try bench.ledger.append([.incident(Incident(id: "i1", service: "files", begunAt: now))], at: now)
            let drill = try bench.prepared(bench.scenario([bench.logging("one")], services: ["files"]))
            #expect(try bench.runner.resume(run, drill).run.aftermath == .clean)
            #expect(try bench.log() == ["one", "undo-one"])
        }
    }

    @Test func `do not let what a dead controller began go on beside its undo`() async throws {
        try await Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let path = scratch.path
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let bench = try DrillBench(existing: path)
                _ = try bench.runner.start(try bench.prepared(bench.scenario([Self.late(bench)]))) { record in
                    if case .started = record.fact { kill(getpid(), SIGKILL) }
                }
            }
            let run = try #require(bench.runner.runs().first?.run)
            #expect(try eventually { try bench.log() == ["begun"] })
            let drill = try bench.prepared(bench.scenario([Self.late(bench)]))
            let end = try bench.runner.resume(run, drill, undoing: DrillFact.Reason(text: "enough"))
            #expect(end.run.aftermath == .clean)
            let log = try bench.log()
            // A dead process that nobody has waited for is still listed, as a zombie.
            #expect(log == ["begun", "Z"])
        }
    }

    /// Would still be there long after its undo, which looks for it.
    private static func late(_ bench: DrillBench) -> Step {
        let files = [bench.scratch.path("log"), bench.scratch.path("pid")]
        var late = bench.logging("late")
        late.verb = .run(
            ["sh", "-c", #"echo $$ >"$2"; echo begun >>"$1"; sleep 600 & wait; echo late >>"$1""#, "x"]
                + files)
        late.undo = .run(
            [
                "sh", "-c",
                #"state=$(sed -n 's/^State:[^A-Z]*\(.\).*/\1/p' "/proc/$(cat "$2")/status" 2>/dev/null); echo "${state:-Z}" >>"$1""#,
                "x",
            ] + files, host: nil, timeout: nil)
        return late
    }

    @Test func `let no second drill of the same service begin`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let runner = bench.runner
            let drill = try bench.prepared(
                bench.scenario([bench.logging("one"), bench.logging("two")], services: ["files"]))
            _ = try runner.start(drill) { record in
                guard case .finished = record.fact, record.step == "one" else { return }
                #expect {
                    try runner.start(drill)
                } throws: { "\($0)".contains("guard no_second_drill") }
            }
            #expect(try bench.log() == ["one", "two", "undo-two", "undo-one"])
        }
    }

    @Test func `let one drill at a time pass from its guards to its journal`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            let drill = try bench.prepared(bench.scenario([bench.logging("one")]))
            let gate = open(scratch.path("runs.starting"), O_RDWR | O_CREAT, 0o600)
            #expect(gate >= 0 && flock(gate, LOCK_EX) == 0)
            #expect {
                try bench.runner.start(drill)
            } throws: { "\($0)".contains("another drill is being started") }
            #expect(try bench.log().isEmpty && bench.runner.runs().isEmpty)
            close(gate)
            #expect(try bench.runner.start(drill).run.outcome == .passed)
        }
    }

    /// When a notice of maintenance begins and was given, by hours from now, and what the guard makes of it.
    static let notices:
        [(begin: Int, given: Int, withdrawn: Bool, counts: Bool, window: String, words: String?)] = [
            (begin: -1, given: -80, withdrawn: false, counts: false, window: "00:00-24:00", words: nil),
            (begin: -1, given: -80, withdrawn: false, counts: true, window: "00:00-24:00", words: nil),
            (
                begin: -1, given: -10, withdrawn: false, counts: false, window: "00:00-24:00",
                words: "was given 3d before it begins: tell customers, then"
            ),
            (
                begin: 1, given: -80, withdrawn: false, counts: false, window: "00:00-24:00",
                words:
                    "no notice covers this moment: tell customers, then 'lifeboat register maintenance files"
            ),
            (
                begin: -1, given: -80, withdrawn: true, counts: false, window: "00:00-24:00",
                words: "no notice covers"
            ),
            (
                begin: -1, given: -80, withdrawn: false, counts: true, window: "never",
                words: "outside the maintenance window"
            ),
        ]

    @Test("hold back a drill that was not announced as its scenario says", arguments: notices)
    func announced(begin: Int, given: Int, withdrawn: Bool, counts: Bool, window: String, words: String?)
        throws
    {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var scenario = bench.scenario([bench.logging("one")], services: ["files"])
            scenario.exercise = .walkthrough
            scenario.safety.announcement = Announcement(
                before: .hours(72), to: ["customers"], countsAsMaintenance: counts)
            let now = TimeSource.system.now()
            // Where it is never, the window is the half of the day in which now is not.
            let hour = Int(now.seconds / 3_600 % 24)
            let other = hour < 12 ? "13:00-23:00" : "01:00-11:00"
            let rule =
                "maintenance: [{service: files, window: \"\(window == "never" ? other : window)\", announced: 72h}]"
            let text = bench.planText() + "\n" + rule
            let plan = try #require(Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml")).plan)
            let drill = try bench.prepared(scenario) { $0 = plan }
            let notice = MaintenanceNotice(
                id: "m-1", service: "files", begunAt: now + .hours(begin), endedAt: now + .hours(3),
                announcedAt: now + .hours(given), person: "petra", withdrawnAt: withdrawn ? now : nil)
            try bench.ledger.append([.maintenanceNotice(notice)], at: now)
            guard let words else {
                let end = try bench.runner.start(drill)
                let detail = end.records.compactMap { record -> String? in
                    guard case .guardChecked(let check) = record.fact, check.name == "announced files" else {
                        return nil
                    }
                    return check.detail
                }
                #expect(detail == ["m-1 by petra, 3d 7h ahead"])
                return
            }
            #expect {
                try bench.runner.start(drill)
            } throws: { "\($0)".contains("guard announced files: ") && "\($0)".contains(words) }
            #expect(try bench.log().isEmpty)
        }
    }

    @Test func `look at the host that only an undo changes as at any other that is changed`() throws {
        try Scratch.with { scratch in
            let bench = try DrillBench(scratch)
            var far = bench.logging("far")
            far.undo = .run(bench.logCommand("undo-far"), host: "metro", timeout: nil)
            var scenario = bench.scenario([far])
            scenario.safety.hosts = ["north"]
            let plan = try bench.runner.plan(try bench.prepared(scenario))
            #expect(plan.hosts.map { "\($0.host) \($0.isChanged)" }.sorted() == ["metro true", "north true"])
            let failed = plan.refusals.map { "\($0.name) \($0.host ?? "")" }
            #expect(failed == ["mode_allowed metro", "in_scope metro"])
        }
    }
}
