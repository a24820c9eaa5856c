// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

@Suite("A scenario file")
struct ScenarioFileTests {
    static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    static let shipped: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: repository + "/Drills")) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test("of ours reads without an error against the example plan", arguments: shipped)
    func reads(name: String) throws {
        // The twin without a cut is for a lab whose plan allows drills at its headquarters.
        let (file, problems) = try DrillFile.read(
            "\(Self.repository)/Drills/\(name)", plan: try Self.examplePlan())
        #expect(problems.errors.isEmpty, "\(problems)")
        let scenario = try #require(file?.scenario)
        #expect(!scenario.steps.isEmpty)
        #expect(file?.scripts.count == scenario.scriptPaths.count)
    }

    @Test("of ours can be rehearsed to its end", arguments: shipped)
    func rehearses(name: String) throws {
        try Scratch.with { scratch in
            let loaded = try #require(try LoadedPlan.read(Self.repository + "/Plans/example.yaml").loaded)
            let file = try #require(
                try DrillFile.read("\(Self.repository)/Drills/\(name)", plan: loaded.plan).file)
            let answers = "\(Self.repository)/Drills/answers/\(file.scenario.id).yaml"
            let drill = try file.prepared(
                plan: loaded, answersPath: FileManager.default.fileExists(atPath: answers) ? answers : nil,
                toolVersion: "test")
            let rehearsal = try DrillBench(scratch).runner.rehearse(drill)
            let state = RunState(folding: rehearsal.records)
            for step in file.scenario.steps {
                let result = state.result(of: step.id)
                #expect(
                    result == .passed || result == .skipped,
                    "\(step.id): \(result.map(\.rawValue) ?? "never ended")")
            }
            #expect(state.stopped?.cause == .completed, "\(state.stopped?.text ?? "")")
            #expect(state.owedUndos.isEmpty)
            #expect(rehearsal.length > .zero)
        }
    }

    @Test func `keeps every part of the file service drill`() throws {
        let path = "\(Self.repository)/Drills/file-service-at-second-site.yaml"
        let scenario = try #require(try DrillFile.read(path, plan: try Self.examplePlan()).file?.scenario)
        #expect(scenario.id == "files_at_north")
        #expect(scenario.clock(of: "files")?.outageBegins == .probe("files_http"))
        #expect(scenario.clock(of: "files")?.notMeasured.map(\.assume) == [.minutes(5), .minutes(10)])
        #expect(scenario.safety.requires == [.copies(of: "documents", atLeast: 1, sites: ["north"])])
        #expect(scenario.safety.holdsRetention == ["documents"])
        #expect(scenario.step("room")?.undo == .clean(path: "{{scratch}}", host: nil))
        guard case .fault(let fault)? = scenario.step("cut_at_north")?.verb else {
            Issue.record("no fault")
            return
        }
        #expect(fault.kind == .siteBlock(site: "hq"))
        #expect(fault.ttl == .minutes(30))
        #expect(scenario.step("extract")?.when == .answer("declared", is: "go"))
        guard case .verify(.tree(let tree))? = scenario.step("tree_matches")?.verb else {
            Issue.record("no tree check")
            return
        }
        #expect(tree.spoils == [.flipByte(1), .dropFile(1)])
        #expect(scenario.step("owner_looks")?.question?.choices.map(\.passes) == [true, false, false])
    }

    /// What is put in place of a line, what must be complained of, and the hint.
    static let mistakes:
        [(old: String, new: String, line: Int, key: String, message: String, hint: String?)] =
            [
                ("title: T", "titel: T", 3, "titel", "unknown key", "did you mean 'title'?"),
                ("mode: sandbox", "mode: sandbx", 5, "mode", "must be one of", "did you mean 'sandbox'?"),
                (
                    "    host: north", "    host: nort", 11, "steps[0].host", "no host 'nort'",
                    "did you mean 'north'?"
                ),
                (
                    "    undo: {run: [\"true\"]}", "    title: x", 8, "steps[0].undo", "is missing",
                    "reads_only"
                ),
                ("    undo: {run: [\"true\"]}", "    undo: none", 12, "steps[0].undo", "needs a reason", nil),
                (
                    "    mark: m", "    mark: m\n    check: {host: north, run: [\"true\"]}", 13, "steps[1]",
                    "has 2 verbs (check, mark)", nil
                ),
                ("    mark: m", "    mrak: m", 13, "steps[1]", "has no verb", "did you mean 'mark'?"),
                (
                    "    needs: [one]", "    needs: [on]", 16, "steps[1].needs", "no step 'on'",
                    "did you mean 'one'?"
                ),
                ("    needs: [one]", "    needs: [two]", 16, "steps[1].needs", "wait for itself", nil),
                ("    run: [\"true\"]", "    run: \"true\"", 10, "steps[0].run", "must be a list", "shell:"),
                (
                    "    phase: recover", "    phase: recovr", 14, "steps[1].phase", "must be one of",
                    "did you mean 'recover'?"
                ),
                ("id: two", "id: one", 13, "steps[1].id", "another step", nil),
                (
                    "    run: [\"true\"]", "    run: [echo, \"{{nam}}\"]", 10, "steps[0].run",
                    "'{{nam}}' is set by nothing", "did you mean 'name'?"
                ),
                (
                    "    run: [\"true\"]", "    shell: \"echo {{name}}\"", 10, "steps[0].shell",
                    "never pasted", "args"
                ),
                (
                    "services: [files]", "services: [flies]", 6, "services", "no service 'flies'",
                    "did you mean 'files'?"
                ),
                (
                    "    mark: m", "    save: {x: stdout}\n    mark: m", 15, "steps[1].save", "does not give",
                    "nothing to save"
                ),
                (
                    "    mark: m", "    when: {answer: x, is: \"on\"}\n    mark: m", 15, "steps[1].when",
                    "no saved answer 'x'", nil
                ),
                ("    mark: m", "    call: {}", 15, "steps[1].call.file", "is missing", nil),
                ("    host: north", "    on: north", 11, "steps[0].on", "unknown key", "write 'host:'"),
                ("vars: {name: x}", "vars: {\"a b\": x}", 17, "vars.a b", "is no name", nil),
            ]

    @Test("names its mistakes with line, key and a guess", arguments: mistakes)
    func mistake(old: String, new: String, line: Int, key: String, message: String, hint: String?) throws {
        let text = Self.small.replacingOccurrences(of: old, with: new)
        try #require(text != Self.small)
        let (scenario, problems) = try Self.decode(text)
        #expect(scenario == nil)
        let found = problems.errors.filter { $0.key == key && $0.message.contains(message) }
        #expect(found.count == 1, "\(problems)")
        #expect(found.first?.place.line == line, "\(problems)")
        if let hint { #expect(found.first?.hint?.contains(hint) == true, "\(found)") }
    }

    @Test func `is right as it stands before the mistakes`() throws {
        let (scenario, problems) = try Self.decode(Self.small)
        #expect(scenario != nil, "\(problems)")
    }

    @Test(
        "keeps words that YAML 1.1 would take for something else",
        arguments: ["on", "no", "yes", "off", "17:05", "1e3"])
    func words(word: String) throws {
        let text = Self.small.replacingOccurrences(of: "title: T", with: "title: \(word)")
        #expect(try Self.decode(text).0?.title == word)
    }

    @Test(
        "may use of another step only what is there by then",
        arguments: [
            (step: "run: [echo, \"{{word}}\"], host: north, reads_only: true", key: "run", what: "'word'"),
            (step: "mark: n, when: {answer: word, is: go}", key: "when", what: "'word'"),
            (step: "mark: n, when: {step: look}", key: "when", what: "the end"),
        ])
    func knowledge(step: String, key: String, what: String) throws {
        func text(_ needs: String) -> String {
            Self.small.replacingOccurrences(
                of: "vars:",
                with: """
                      - {id: look, phase: work, run: [cat, /x], host: north, reads_only: true, save: {word: stdout}}
                      - {id: user, phase: work, needs: [\(needs)], \(step)}
                    vars:
                    """)
        }
        let problems = try Self.decode(text("one")).1.errors
        #expect(problems.map(\.key) == ["steps[3].\(key)"], "\(problems)")
        let message = "uses \(what) of look, which may not have ended when this step begins"
        #expect(problems.first?.message == message)
        #expect(problems.first?.hint == "add look to its needs")
        // Through another step is as good as directly.
        for needs in ["look", "after"] {
            let between = text(needs).replacingOccurrences(
                of: "vars:", with: "  - {id: after, phase: work, needs: [look], mark: after}\nvars:")
            #expect(try Self.decode(between).1.errors.isEmpty)
        }
    }

    @Test(
        "may name the point to restore by a wall clock and its zone",
        arguments: [
            (
                at: "2026-07-01T12:00:00 Europe/Berlin", instant: "2026-07-01T10:00:00Z", message: nil,
                hint: nil
            ),
            (at: "2026-07-01T10:00:00Z", instant: "2026-07-01T10:00:00Z", message: nil, hint: nil),
            (
                at: "2026-03-29T02:30:00 Europe/Berlin", instant: nil,
                message: "never was: clocks in Europe/Berlin were put forward over it", hint: nil
            ),
            (
                at: "2026-10-25T02:30:00 Europe/Berlin", instant: nil,
                message: "was twice: clocks in Europe/Berlin were put back over it",
                hint: "write 2026-10-25T00:30:00Z or 2026-10-25T01:30:00Z"
            ),
            (
                at: "2026-07-01T12:00:00", instant: nil, message: "must be newest, {mark: NAME} or a time",
                hint: "Berlin"
            ),
        ] as [(at: String, instant: String?, message: String?, hint: String?)])
    func restoreAt(at: String, instant: String?, message: String?, hint: String?) throws {
        let text = """
            drill: 1
            id: small
            title: T
            exercise: simulation
            mode: sandbox
            services: [files]
            steps:
              - id: extract
                phase: recover
                restore: {dataset: documents, at: "\(at)", to: {host: north-dr, path: /srv/drill}}
                undo: none
                because: a test
            """
        let (scenario, problems) = Scenario.decode(
            try DocumentLoader.parse(text, file: "s.yaml"), plan: try Self.examplePlan())
        let found = problems.errors.filter { $0.key == "steps[0].restore.at" }
        #expect(found.count == (message == nil ? 0 : 1), "\(problems)")
        if let message { #expect(found.first?.message.contains(message) == true, "\(found)") }
        if let hint { #expect(found.first?.hint?.contains(hint) == true, "\(found)") }
        guard let instant else { return #expect(scenario == nil) }
        guard case .restore(let restore)? = scenario?.step("extract")?.verb else {
            return #expect(Bool(false), "\(problems)")
        }
        #expect(restore.at == .moment(try #require(Moment(instant))))
    }

    @Test func `is told that a full exercise without every core service counts as partial`() throws {
        let text = Self.small.replacingOccurrences(of: "exercise: simulation", with: "exercise: full")
        func warnings(_ text: String) throws -> [String] {
            try Self.decode(text).1.filter { $0.key == "exercise" }.map(\.message)
        }
        #expect(try warnings(text).isEmpty)
        let other = text.replacingOccurrences(of: "services: [files]", with: "services: []")
        #expect(try warnings(other) == ["full leaves out files: it counts as partial"])
    }

    @Test func `needs probes that see sharply enough for the objective`() throws {
        let text = Self.small.replacingOccurrences(
            of: "steps:", with: "restored_when: {files: {probe: slow, up_for: 9s}}\nsteps:")
        let problems = try Self.decode(text).1
        let found = problems.errors.first { $0.key == "restored_when" }
        #expect(found?.message.contains("probe slow sees to within 2m") == true, "\(problems)")
        #expect(found?.hint?.contains("must not be longer than 1m") == true)
    }

    @Test func `is refused when others may write to it or to its script`() throws {
        try Scratch.with { scratch in
            let script = "    script: do.sh\n    args: [a]"
            try scratch.write(
                Self.small.replacingOccurrences(of: "    run: [\"true\"]", with: script), to: "s.yaml")
            try scratch.write("#!/bin/sh\n", to: "do.sh")
            let path = scratch.path("s.yaml")
            #expect(try DrillFile.read(path, plan: Self.plan()).file?.scripts.keys.sorted() == ["do.sh"])

            try FileManager.default.setAttributes(
                [.posixPermissions: 0o666], ofItemAtPath: scratch.path("do.sh"))
            let (file, problems) = try DrillFile.read(path, plan: Self.plan())
            #expect(file == nil)
            #expect(problems.errors.first?.message.contains("can be written to by others") == true)
            #expect(problems.errors.first?.place.line == 8)

            try FileManager.default.setAttributes([.posixPermissions: 0o664], ofItemAtPath: path)
            #expect { try DrillFile.read(path, plan: Self.plan()) } throws: {
                ($0 as? OperationError)?.code == .permissionDenied
            }
        }
    }

    @Test func `has a hash that changes with every part`() throws {
        try Scratch.with { scratch in
            let script = "    script: do.sh"
            try scratch.write(
                Self.small.replacingOccurrences(of: "    run: [\"true\"]", with: script), to: "s.yaml")
            try scratch.write("#!/bin/sh\n", to: "do.sh")
            try scratch.write(Self.planText, to: "plan.yaml")
            func hash(mode: DrillMode? = nil, version: String = "1") throws -> String {
                let plan = try #require(try LoadedPlan.read(scratch.path("plan.yaml")).loaded)
                let file = try #require(try DrillFile.read(scratch.path("s.yaml"), plan: plan.plan).file)
                return try file.prepared(plan: plan, mode: mode, toolVersion: version).sha256
            }
            let first = try hash()
            #expect(try hash() == first)
            var seen: Set<String> = [first, try hash(version: "2"), try hash(mode: .rehearse)]
            try scratch.write("#!/bin/sh\n\n", to: "do.sh")
            seen.insert(try hash())
            try scratch.write(Self.planText + "\n# changed\n", to: "plan.yaml")
            seen.insert(try hash())
            #expect(seen.count == 5)
        }
    }

    // MARK: - Material

    static let small = """
        drill: 1
        id: small
        title: T
        exercise: simulation
        mode: sandbox
        services: [files]
        steps:
          - id: one
            phase: prepare
            run: ["true"]
            host: north
            undo: {run: ["true"]}
          - id: two
            phase: recover
            mark: m
            needs: [one]
        vars: {name: x}
        """

    static let planText = """
        lifeboat: 1
        workspace: small
        sites: {north: {name: North}}
        hosts: {north: {site: north, ssh: {host: 192.0.2.1, user: drill}, drills: [sandbox]}}
        services: {files: {tier: core, kind: business, objectives: {rpo: 1h, rto: 10m}}}
        probes: {slow: {from: [north], every: 50s, timeout: 10s, tcp: "192.0.2.1:22"}}
        """

    static func plan() throws -> Plan {
        try #require(Plan.decode(try DocumentLoader.parse(planText, file: "plan.yaml")).plan)
    }

    static func decode(_ text: String) throws -> (Scenario?, [Problem]) {
        Scenario.decode(try DocumentLoader.parse(text, file: "small.yaml"), plan: try plan())
    }

    static func examplePlan() throws -> Plan {
        let node = try DocumentLoader.load(repository + "/Plans/example.yaml")
        return try #require(Plan.decode(node).plan)
    }
}
