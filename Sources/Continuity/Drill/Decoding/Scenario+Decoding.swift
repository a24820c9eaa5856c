// SPDX-License-Identifier: Apache-2.0

extension Scenario {
    /// Reads a scenario against its plan, naming everything that is wrong with it.
    ///
    /// - Parameters:
    ///   - node: the file.
    ///   - plan: what its names mean.
    ///   - parts: the files that its `call` steps name, by the path they name them with.
    /// - Returns: the scenario, or `nil` when a problem is an error; the problems in the order of the file.
    package static func decode(_ node: Node, plan: Plan, parts: [String: Node] = [:]) -> (
        scenario: Scenario?, problems: [Problem]
    ) {
        let list = ProblemList()
        let reader = ScenarioReader(Fields(node, path: "", list: list), parts: parts)
        let scenario = reader.scenario()
        ScenarioReferences(scenario: scenario, plan: plan, reader: reader).check()
        ScenarioLint(scenario: scenario, plan: plan, reader: reader).check()
        let problems = list.problems.sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        return (problems.errors.isEmpty ? scenario : nil, problems)
    }
}

/// Reads the parts of one scenario file, and remembers where each stands.
final class ScenarioReader {
    let top: Fields
    /// Where each step stands, by its id.
    var stepFields: [String: Fields] = [:]
    /// The files that `call` steps name.
    let parts: [String: Node]
    var list: ProblemList { top.list }

    init(_ top: Fields, parts: [String: Node] = [:]) {
        self.top = top
        self.parts = parts
    }

    /// Collects what would be read, for the schema.
    func record() {
        list.recorder?.define("condition") { _ = condition(Fields($0, path: "", list: list)) }
        list.recorder?.define("step") { node in
            var steps: [Step] = []
            // The phase of a group's member is its group's, unless it has its own.
            read(Fields(node, path: "", list: list), into: &steps, in: GroupFrame(phase: .prepare))
        }
        _ = scenario()
    }

    func scenario() -> Scenario {
        if let version = top.require("drill", top.integer("drill")), version != 1 {
            top.complain("drill", "this program reads scenarios of version 1, not \(version)")
        }
        var scenario = Scenario(
            id: name("id"), title: top.requiredText("title"),
            exercise: top.require("exercise", top.word("exercise", Exercise.self)) ?? .deskCheck,
            mode: top.require("mode", top.word("mode", DrillMode.self)) ?? .rehearse,
            isAnnounced: top.bool("announced") ?? true, author: top.text("author"), pace: pace(),
            services: top.texts("services"), objectives: objectives(), variables: top.pairs("vars"),
            secrets: secrets(),
            clocks: top.named("clock").map(clock), roles: top.named("roles").map(role), safety: safety(),
            probes: top.named("probes").map { Probe(id: $0.id, fields: $0.fields, takesSecrets: true) },
            restoredWhen: restoredWhen(), steps: [], after: after())
        scenario.steps = steps()
        if scenario.steps.isEmpty { _ = top.require("steps", Optional<String>.none) }
        top.end()
        return scenario
    }

    private func name(_ key: String) -> String {
        let name = top.requiredText(key)
        if !name.isEmpty, !Spelling.isName(name) {
            top.complain(
                key, "'\(name)' is no name: use letters, digits, '-' and '_', and begin with a letter")
        }
        return name
    }

    private func objectives() -> [DrillObjective] {
        top.items("objectives").map { node in
            let fields = Fields(node, path: "objectives", list: list)
            let objective = DrillObjective(
                id: fields.requiredText("id"), text: fields.requiredText("text"),
                target: fields.duration("target"))
            fields.end()
            return objective
        }
    }

    private func secrets() -> [Secret] {
        top.named("secrets").map { id, fields in
            defer { fields.end() }
            fields.exactlyOne(of: ["file", "command"])
            let file = fields.text("file")
            let command = fields.texts("command")
            if (file == nil) == command.isEmpty {
                fields.complain(
                    "file", "a secret is either a file or what a command prints, here and not at a host")
            }
            if let file, !file.hasPrefix("/"), !file.hasPrefix("{{") {
                fields.complain("file", "must begin with '/'")
            }
            return Secret(id: id, source: file.map { .file($0) } ?? .command(command))
        }
    }

    private func clock(_ service: String, _ fields: Fields) -> ServiceClock {
        let begins = fields.fields("outage_begins")
        begins?.exactlyOne(of: ["mark", "probe"])
        let mark = begins?.text("mark")
        let probe = begins?.text("probe")
        if let first = begins?.text("first"), first != "down" {
            begins?.complain("first", "'\(first)' is not down: an outage begins with the first failure")
        }
        begins?.end()
        if (mark == nil) == (probe == nil) {
            fields.complain("outage_begins", "must be {mark: NAME} or {probe: NAME, first: down}")
        }
        let parts = fields.items("not_measured").map { node -> ServiceClock.AssumedPart in
            let part = Fields(node, path: fields.full("not_measured"), list: list)
            defer { part.end() }
            return ServiceClock.AssumedPart(
                part: part.requiredText("part"),
                assume: part.require("assume", part.duration("assume")) ?? .zero,
                because: part.requiredText("because"))
        }
        fields.end()
        return ServiceClock(
            service: service, outageBegins: mark.map { .mark($0) } ?? .probe(probe ?? ""), notMeasured: parts)
    }

    private func role(_ id: String, _ fields: Fields) -> Role {
        let presence = fields.text("present")
        if let presence, presence != "required" {
            fields.complain("present", "'\(presence)' is not required: leave the key out otherwise")
        }
        let heartbeat = fields.duration("heartbeat") ?? (presence == nil ? nil : .minutes(10))
        let role = Role(
            id: id, people: fields.texts("people"),
            deputies: fields.texts("deputy"), mayAct: fields.bool("may_act") ?? true, heartbeat: heartbeat)
        if role.people.isEmpty { _ = fields.require("people", Optional<String>.none) }
        fields.end()
        return role
    }

    private func restoredWhen() -> [String: Condition] {
        var conditions: [String: Condition] = [:]
        let noAlert = "an alert says that something is wrong, not that a service is back"
        for (service, fields) in top.named("restored_when") {
            conditions[service] = condition(fields, noAlert: noAlert)
        }
        return conditions
    }
}
