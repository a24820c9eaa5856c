// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import TestSupport
import Testing

/// Nothing that a scenario says is read and then not heeded.
@Suite("A key of a scenario")
struct ScenarioKeysTests {
    private typealias Node = Continuity.Node

    /// What names and describes a part, for those who read it.
    private static let words: Set<String> = ["part.id", "part.title"]

    @Test("means something: another value is another scenario, or an error", arguments: ["executed", "talk"])
    func means(name: String) throws {
        let node = try Self.node(name)
        let part = try DocumentLoader.parse(EveryKey.part, file: "part.yaml")
        let plan = try Self.plan()
        let (scenario, problems) = Scenario.decode(node, plan: plan, parts: ["lib/part.yaml": part])
        let before = try #require(scenario, "\(problems.errors)")
        var ignored: [String] = []
        for place in Self.scalars(in: node) {
            let changed = Self.replacing(place, in: node, with: Self.other)
            let (after, problems) = Scenario.decode(changed, plan: plan, parts: ["lib/part.yaml": part])
            guard problems.errors.isEmpty, after == before else { continue }
            ignored.append(place.joined(separator: "."))
        }
        #expect(ignored.isEmpty, "\(ignored)")
    }

    @Test func `of a part means something as well`() throws {
        let node = try Self.node("executed")
        let part = try DocumentLoader.parse(EveryKey.part, file: "part.yaml")
        let plan = try Self.plan()
        let before = Scenario.decode(node, plan: plan, parts: ["lib/part.yaml": part]).scenario
        for place in Self.scalars(in: part) where !Self.words.contains("part.\(place.joined(separator: "."))")
        {
            // What the call gives is used and not the part's own.
            guard place != ["vars", "where"] else { continue }
            let changed = Self.replacing(place, in: part, with: Self.other)
            let (after, problems) = Scenario.decode(node, plan: plan, parts: ["lib/part.yaml": changed])
            #expect(after != before || !problems.errors.isEmpty, "\(place)")
        }
    }

    /// What is taken out of a table of everything would otherwise be looked after by nobody.
    @Test func `is among those that are tried here`() throws {
        var known: Set<String> = []
        let schema = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: SchemaTests.path("Drills/scenario.schema.json"))))
        Self.collect(schema, &known)
        let tried = Set(
            try ["executed", "talk"].flatMap { Self.keys(in: try Self.node($0)) }
                + Self.keys(in: try DocumentLoader.parse(EveryKey.part, file: "part.yaml")))
        #expect(known.subtracting(tried).sorted() == [])
        #expect(known.count > 150)
    }

    /// What is put in place of what, the key that is complained of, and a part of the complaint.
    static let refusals: [(old: String, new: String, key: String, message: String)] = [
        ("sign: ssh_key", "sign: none", "after.report.sign", "every report is signed"),
        ("template: aar-ip", "template: board", "after.report.template", "'board' is not aar-ip"),
        ("scale: PSMU", "scale: 1-5", "after.observations.scale", "'1-5' is not PSMU"),
        ("[md, html]", "[docx]", "after.report.formats", "must be one of json, md, html, junit"),
        ("[/mnt/audit,", "[audit,", "after.report.to", "is no place for a report"),
        (
            "{host: metro-nas, path: /srv/audit}", "{host: metro, path: /srv/audit}", "after",
            "no host 'metro'"
        ),
        ("path: /srv/audit}", "path: audit}", "after.report.to.path", "must begin with '/'"),
        ("auto: [missed_target,", "auto: [missed,", "after.findings.auto", "must be one of missed_target"),
        ("per: objective", "per: person", "after.observations.per", "must be one of run, objective"),
        ("retest: 90d", "retest: soon", "after.findings.retest", "'soon' is not a length of time"),
        (
            "counts_as_maintenance: true", "counts_as_maintenance: false",
            "safety.announce.counts_as_maintenance", "counts as the plan's maintenance rule says"
        ),
        ("announced: true", "announced: false", "announced", "safety.announce says who is told"),
        ("services: [files]", "services: [files, orders]", "safety", "orders has no maintenance window"),
        (
            "{id: lost, phase: disrupt, mark: lost}", "{id: lost, phase: disrupt, mark: lost, timeout: 5s}",
            "steps[25].timeout", "the verb mark takes none"
        ),
        (
            "{id: lost, phase: disrupt, mark: lost}", "{id: lost, phase: disrupt, mark: lost, pivot: true}",
            "steps[25].pivot", "changes nothing here"
        ),
        (
            "full: true}", "full: true}, confirm: {probe: web, up_for: 1s}", "steps[7].confirm",
            "the verb backup takes none"
        ),
        (
            "full: true}", "full: true}, undo: {run: [rm]}", "steps[7].undo",
            "changes nothing that could be undone"
        ),
        (
            "no_holes: true}", "no_holes: true}, prove_red: [{flip_byte: 1}]", "steps[36].prove_red",
            "compares no tree"
        ),
        (
            "path: \"{{scratch}}\", marker: \"{{run.id}}\"}, host: north-dr}",
            "path: \"{{scratch}}\"}, host: north-dr, reads_only: true}", "steps[39].reads_only",
            "changes something"
        ),
        (
            "undo: {run: [b], timeout: 2m,", "undo: {run: [b], args: [c],", "steps[4].undo.args",
            "goes with script"
        ),
        (
            "because: two writers}", "because: two writers}\n    because: twice", "steps[8].because",
            "stands with the fault already"
        ),
        (
            "heal: {auto: nft_table}}", "heal: {auto: table}}", "steps[9].heal.auto",
            "'table' is not nft_table"
        ),
        ("confirm: {auto: vault}", "confirm: {auto: it}", "steps[24].confirm.auto", "'it' is not vault"),
        ("heal: {run: [heal]}", "heal: {run: [heal], args: [a]}", "steps[10].heal.args", "goes with script"),
        (
            "accept: {run: [a]}", "accept: {run: [a], args: [b]}", "steps[32].restore.accept.args",
            "goes with script"
        ),
        (
            "{no_open_incident: files}", "{no_open_incident: files, at_least: 2}", "safety.require.at_least",
            "goes with copies_of"
        ),
        (
            "{step: looked}", "{step: looked, younger_than: 2h}", "safety.require.younger_than",
            "goes with backup_of"
        ),
        (
            "{step: looked}", "{step: looked, hosts: [pg-b]}", "safety.require.hosts",
            "goes with clock_bound_below"
        ),
        (
            "[{step: tree},", "[{step: tree, up_for: 2s},", "restored_when.files.all.any.up_for",
            "goes with probe"
        ),
        ("[{step: tree},", "[{step: tree, is: go},", "restored_when.files.all.any.is", "goes with answer"),
        (
            "tcp: \"192.0.2.1:22\"", "tcp: \"192.0.2.1:22\", database: orders", "probes.port.database",
            "unknown key"
        ),
        ("from: [owner], ask", "from: [observer], ask", "steps[29].approve", "who only watches"),
        (
            "from: [owner, conductor], ask", "from: [observer, conductor], ask", "steps[28].on_fail",
            "who only watches"
        ),
        ("role: owner\n", "role: observer\n", "steps[27].decision", "who only watches"),
        (
            "save: {last: last_seq}", "save: {last: lost_count}", "steps[36].save",
            "which verify does not give"
        ),
        (
            "host: metro-nas, timeout: 1m}}", "host: metro-nass, timeout: 1m}}", "steps[3].undo",
            "no host 'metro-nass'"
        ),
        (
            "hosts: [north-dr, pg-b, metro-nas]", "hosts: [north-dr, pg-b]", "steps[3].undo",
            "metro-nas is not among safety.hosts"
        ),
        ("show: [web]", "show: [web]\n      objective: O9", "steps[27].decision", "no objective 'O9'"),
    ]

    @Test("that would not be heeded is refused, by its name", arguments: refusals)
    func refused(old: String, new: String, key: String, message: String) throws {
        try expectRefusal(of: EveryKey.executed, old, new, key, message)
    }

    static let talkRefusals: [(old: String, new: String, key: String, message: String)] = [
        ("mode: talk", "mode: sandbox", "pace", "only mode talk has a story"),
        ("driven_by: conductor", "driven_by: nobody", "pace", "no role 'nobody'"),
        ("story_clock: compressed, scale: 6", "story_clock: compressed", "pace.scale", "is missing"),
        ("scale: 6", "scale: 0.5", "pace.scale", "must be more than 1"),
        ("scale: 6", "scale: fast", "pace.scale", "'fast' is not a number"),
        ("story_clock: compressed", "story_clock: real", "pace.scale", "goes with story_clock: compressed"),
        ("\"17:05\"", "\"five\"", "steps[0].inject", "'five' is no time of the story"),
        ("dana]}", "dana], may_act: false}", "pace", "who only watches"),
        ("attach: optional", "attach: maybe", "steps[3].human.attach", "must be one of none, optional"),
        (
            "person: petra, role: owner", "person: dana, role: owner", "steps[1].fault",
            "no person of the owner 'dana'"
        ),
        ("role: owner}, confirm", "role: boss}, confirm", "steps[1].fault", "no role 'boss'"),
        ("heal: {auto: document}", "heal: {run: [a]}", "steps[2].heal.run", "touches no host"),
        ("id: ransomware_friday_talk", "id: other", "after", "has no cycle for other"),
    ]

    @Test("at a table is refused as well where it would not be heeded", arguments: talkRefusals)
    func refusedAtTable(old: String, new: String, key: String, message: String) throws {
        try expectRefusal(of: EveryKey.talk, old, new, key, message)
    }

    private func expectRefusal(
        of whole: String, _ old: String, _ new: String, _ key: String, _ message: String
    ) throws {
        let text = whole.replacingOccurrences(of: old, with: new)
        try #require(text != whole, "\(old) is not in the text")
        let problems = try Self.problems(text)
        let found = problems.errors.filter { $0.key == key && $0.message.contains(message) }
        #expect(found.count == 1, "\(problems.errors)")
    }

    // MARK: - Material

    private static func node(_ name: String) throws -> Node {
        try DocumentLoader.parse(name == "talk" ? EveryKey.talk : EveryKey.executed, file: "\(name).yaml")
    }

    private static func problems(_ text: String) throws -> [Problem] {
        let part = try DocumentLoader.parse(EveryKey.part, file: "part.yaml")
        return Scenario.decode(
            try DocumentLoader.parse(text, file: "s.yaml"), plan: try plan(), parts: ["lib/part.yaml": part]
        ).problems
    }

    /// The example plan; its drill hosts take live drills, too.
    private static func plan() throws -> Plan {
        var plan = try ScenarioFileTests.examplePlan()
        for index in plan.hosts.indices { plan.hosts[index].drills = [.sandbox, .live] }
        return plan
    }

    private static func scalars(in node: Node, _ path: [String] = []) -> [[String]] {
        switch node.value {
        case .scalar: return [path]
        case .sequence(let items):
            return items.enumerated().flatMap { scalars(in: $1, path + [String($0)]) }
        case .mapping(let entries): return entries.flatMap { scalars(in: $0.value, path + [$0.key]) }
        }
    }

    /// Another value of the kind that stood there, so that not only its reader refuses it.
    private static func other(_ text: String) -> String {
        let ends = ["ms", "s", "m", "h", "d", "%", "MiB", "GiB"]
        if text == "true" || text == "false" { return text == "true" ? "false" : "true" }
        if Int(text) != nil { return "7" }
        if let end = ends.first(where: { text.hasSuffix($0) && Int(text.dropLast($0.count)) != nil }) {
            return "7\(end)"
        }
        if StoryTime(text) != nil { return "17:06" }
        return text.hasPrefix("/") ? "/zzz" : "zzz"
    }

    private static func replacing(
        _ path: [String], in node: Node, with other: (String) -> String
    ) -> Node {
        let rest = Array(path.dropFirst())
        switch node.value {
        case .scalar(let text, let isPlain):
            return Node(.scalar(other(text), isPlain: isPlain), at: node.place)
        case .sequence(var items):
            if let index = path.first.flatMap(Int.init) {
                items[index] = replacing(rest, in: items[index], with: other)
            }
            return Node(.sequence(items), at: node.place)
        case .mapping(let entries):
            return Node(
                .mapping(
                    entries.map { entry in
                        entry.key == path.first
                            ? Node.Entry(
                                key: entry.key, place: entry.place,
                                value: replacing(rest, in: entry.value, with: other)) : entry
                    }), at: node.place)
        }
    }

    private static func keys(in node: Node) -> [String] {
        switch node.value {
        case .scalar: []
        case .sequence(let items): items.flatMap { keys(in: $0) }
        case .mapping(let entries): entries.flatMap { [$0.key] + keys(in: $0.value) }
        }
    }

    private static func collect(_ value: Any, _ keys: inout Set<String>) {
        if let object = value as? [String: Any] {
            for (key, inner) in object {
                if key == "properties", let properties = inner as? [String: Any] {
                    keys.formUnion(properties.keys)
                }
                collect(inner, &keys)
            }
        }
        if let list = value as? [Any] { for inner in list { collect(inner, &keys) } }
    }
}
