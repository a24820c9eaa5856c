// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// Judged by the schema library of Debian, not by ourselves.
@Suite("The JSON Schema")
struct SchemaTests {
    static let shipped = ["Drills/scenario.schema.json", "Plans/plan.schema.json"]

    @Test func `takes every plan and scenario that is shipped`() throws {
        try Scratch.with { scratch in
            var cases: [SchemaCase] = []
            for name in try Self.names("Drills") where !Self.isPart(name) {
                cases.append(try SchemaCase(name, DocumentLoader.load(Self.path(name)), isPlan: false))
            }
            #expect(cases.count >= 8)
            for name in try Self.names("Plans") {
                cases.append(try SchemaCase(name, DocumentLoader.load(Self.path(name)), isPlan: true))
            }
            for (name, faults) in try Self.judge(cases, scratch) {
                #expect(faults.isEmpty, "\(name): \(faults)")
            }
        }
    }

    /// What is put in place of what in a scenario that is good.
    static let mistakes: [(old: String, new: String)] = [
        ("drill: 1", "dril: 1"), ("mode: sandbox", "mode: sandbx"), ("mode: sandbox", "mode: [sandbox]"),
        ("exercise: simulation", "exercise: full-scale"), ("max_duration: 1h", "max_duration: 60"),
        ("max_duration: 1h", "max_duration: 1 hour"), ("    phase: prepare\n", ""),
        ("    host: north\n    undo: none", "    undo: none"),
        ("    undo: none\n    because: a test\n", ""), ("    because: a test\n", ""),
        ("    mark: m", "    mark: m\n    check: {host: north, run: [\"true\"]}"), ("    mark: m\n", ""),
        ("    run: [\"true\"]", "    run: [\"true\"]\n    on: north"),
        ("kind: dns_break", "kind: dns_brake"), ("kind: dns_break", "kind: disk_fill"),
        ("kind: dns_break, host: north", "kind: dns_break"), ("ttl: 5m", "ttl: 5"),
        ("kind: dns_break", "kind: dns_break, unit: x"),
        ("    heal: {auto: nft_table}\n", ""), ("    confirm: {run: [\"true\"]}\n", ""),
        ("confirm: {run: [\"true\"]}", "confirm: {run: [\"true\"], probe: p}"),
        ("{probe: p, up_for: 5s}", "{probe: p, up_for: 5s, step: one}"), ("{probe: p, up_for: 5s}", "{}"),
        ("{probe: p, up_for: 5s}", "{all: [{probe: p, upfor: 5s}]}"), ("every: 1s", "every: often"),
        ("tcp: \"192.0.2.1:22\"", "udp: x"), ("role: owner", "rle: owner"),
    ]

    @Test func `refuses what the reader refuses`() throws {
        try Scratch.with { scratch in
            var cases = [try SchemaCase("good", Self.good, isPlan: false)]
            for (number, mistake) in Self.mistakes.enumerated() {
                let text = Self.good.replacingOccurrences(of: mistake.old, with: mistake.new)
                try #require(text != Self.good, "\(mistake.old) is not in the text")
                let node = try DocumentLoader.parse(text, file: "bad.yaml")
                #expect(
                    Scenario.decode(node, plan: try Self.plan()).scenario == nil,
                    "the reader takes \(mistake.new)")
                cases.append(try SchemaCase("\(number): \(mistake.new)", node, isPlan: false))
            }
            let plain = try DocumentLoader.parse(Self.good, file: "good.yaml")
            let (scenario, problems) = Scenario.decode(plain, plan: try Self.plan())
            #expect(scenario != nil, "\(problems)")
            for (name, faults) in try Self.judge(cases, scratch) {
                #expect(faults.isEmpty == (name == "good"), "\(name): \(faults)")
            }
        }
    }

    @Test func `lies beside the examples as the program prints it`() throws {
        for (name, text) in zip(Self.shipped, [DocumentSchema.scenario, DocumentSchema.plan]) {
            if ProcessInfo.processInfo.environment["LIFEBOAT_RENEW_SCHEMAS"] != nil {
                try text.write(toFile: Self.path(name), atomically: true, encoding: .utf8)
            }
            #expect(
                try String(contentsOfFile: Self.path(name), encoding: .utf8) == text,
                "\(name) has changed: run 'make examples'")
        }
    }

    // MARK: - Material

    static let good = """
        drill: 1
        id: small
        title: T
        exercise: simulation
        mode: sandbox
        services: [files]
        roles: {owner: {people: [petra]}}
        safety: {max_duration: 1h, stop_if: [{probe: p, down_for: 1m, because: x}]}
        probes: {p: {from: [north], every: 1s, timeout: 1s, tcp: "192.0.2.1:22"}}
        restored_when: {files: {probe: p, up_for: 5s}}
        steps:
          - id: one
            phase: prepare
            run: ["true"]
            host: north
            undo: none
            because: a test
          - id: two
            phase: recover
            mark: m
          - id: three
            phase: disrupt
            fault: {kind: dns_break, host: north, ttl: 5m}
            confirm: {run: ["true"]}
            heal: {auto: nft_table}
          - id: four
            phase: decide
            human: {role: owner, ask: "?", answers: [{id: yes, pass: true}], give_up: 1m}
          - id: five
            phase: validate
            group:
              need: any
              steps:
                - {id: six, check: {host: north, run: ["true"]}}
                - {id: seven, needs: [], wait_for: {any: [{probe: p, up_for: 1s}, {not: {step: one}}], deadline: 1s}}
        """

    static func plan() throws -> Plan {
        let text = ScenarioFileTests.planText + "\npeople: {petra: {roles: [owner]}}\n"
        return try #require(Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml")).plan)
    }

    static func path(_ name: String) -> String { "\(ScenarioFileTests.repository)/\(name)" }

    static func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(folder)).filter { $0.hasSuffix(".yaml") }
            .sorted().map { "\(folder)/\($0)" }
    }

    static func isPart(_ name: String) -> Bool {
        (try? String(contentsOfFile: path(name), encoding: .utf8))?.contains("\npart: 1") == true
    }

    /// What Debian's python3-jsonschema finds wrong with each case.
    static func judge(_ cases: [SchemaCase], _ scratch: Scratch) throws -> [(String, [String])] {
        try scratch.write(DocumentSchema.scenario, to: "scenario.json")
        try scratch.write(DocumentSchema.plan, to: "plan.json")
        let documents = cases.map { ["schema": $0.isPlan ? "plan" : "scenario", "document": $0.document] }
        let data = try JSONSerialization.data(withJSONObject: documents)
        try scratch.write(data, to: "cases.json")
        let script = """
            import json, sys
            from jsonschema import Draft202012Validator
            folder = sys.argv[1]
            judges = {}
            for name in ("scenario", "plan"):
                schema = json.load(open(f"{folder}/{name}.json"))
                Draft202012Validator.check_schema(schema)
                judges[name] = Draft202012Validator(schema)
            faults = [[f"{list(e.path)}: {e.message[:200]}" for e in judges[c["schema"]].iter_errors(c["document"])]
                      for c in json.load(open(f"{folder}/cases.json"))]
            json.dump(faults, sys.stdout)
            """
        let result = try Command.run("/usr/bin/python3", "-c", script, scratch.path)
        try #require(result.status == 0, "\(result.error)")
        let faults = try JSONDecoder().decode([[String]].self, from: Data(result.output))
        return zip(cases.map(\.name), faults).map { ($0, $1) }
    }
}

/// A document as a JSON library holds it, typed by the YAML 1.2 core schema.
struct SchemaCase {
    let name: String
    let document: Any
    let isPlan: Bool

    init(_ name: String, _ node: Node, isPlan: Bool) throws {
        self.name = name
        self.isPlan = isPlan
        document = Self.value(node)
    }

    init(_ name: String, _ text: String, isPlan: Bool) throws {
        try self.init(name, DocumentLoader.parse(text, file: name), isPlan: isPlan)
    }

    private static func value(_ node: Node) -> Any {
        switch node.value {
        case .scalar(let text, let isPlain):
            guard isPlain else { return text }
            if node.isNull { return NSNull() }
            if text == "true" || text == "false" { return text == "true" }
            if let number = Int(text) { return number }
            return Double(text).flatMap { text.first?.isNumber == true ? $0 : nil } ?? text
        case .sequence(let items): return items.map(value)
        case .mapping(let entries):
            return Dictionary(entries.map { ($0.key, value($0.value)) }) { first, _ in first }
        }
    }
}
