// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    func steps(_ scenario: Scenario) -> [Step] {
        var steps: [Step] = []
        for (index, node) in top.items("steps").enumerated() {
            read(Fields(node, path: "steps[\(index)]", list: list), scenario, into: &steps, phase: nil)
        }
        return steps
    }

    /// Reads one step; the members of a group are put before it.
    private func read(_ fields: Fields, _ scenario: Scenario, into steps: inout [Step], phase: Phase?) {
        let id = fields.requiredText("id")
        if !id.isEmpty {
            if !Spelling.isName(id) {
                fields.complain(
                    "id", "'\(id)' is no name: use letters, digits, '-' and '_', and begin with a letter")
            }
            if stepFields[id] != nil { fields.complain("id", "another step is called \(id) already") }
            stepFields[id] = fields
        }
        let own = fields.word("phase", Phase.self) ?? phase
        if own == nil { _ = fields.require("phase", own) }
        let hosts = fields.texts("host") + fields.texts("hosts")
        let needs = fields.has("needs") ? fields.texts("needs") : nil
        var first = steps.count
        let group = members(fields, scenario, into: &steps, phase: own, needs: needs)
        first = group == nil ? steps.count : first
        let verb = verb(fields, hosts: hosts, group: group)
        var step = Step(
            id: id, title: fields.text("title"), phase: own ?? .prepare, verb: verb, hosts: hosts,
            needs: group.map(\.members) ?? needs, line: fields.node.place.line)
        complete(&step, fields)
        steps.append(step)
        fields.end()
        rules(step, fields)
    }

    private func complete(_ step: inout Step, _ fields: Fields) {
        step.when = fields.fields("when").map { condition($0) }
        step.modes = fields.has("modes") ? Set(fields.words("modes", DrillMode.self)) : nil
        step.timeout = fields.duration("timeout")
        if step.expect == nil { step.expect = fields.duration("expect") }
        step.confirm = confirmation(fields, hosts: step.hosts, verb: step.verb)
        step.because = fields.text("because")
        step.undo = undo(fields)
        step.readsOnly = fields.bool("reads_only") ?? false
        step.isCritical = fields.bool("critical") ?? true
        step.isPivot = fields.bool("pivot") ?? false
        if let saves = fields.fields("save") {
            for entry in saves.entries { step.save[entry.key] = saves.text(entry.key) ?? "" }
        }
        step.onFail = onFail(fields)
    }

    private func onFail(_ fields: Fields) -> Approval? {
        guard let rule = fields.fields("on_fail") else { return nil }
        defer { rule.end() }
        guard let approval = rule.fields("approve") else {
            _ = rule.require("approve", Optional<String>.none)
            return nil
        }
        return self.approval(approval)
    }

    private func members(
        _ fields: Fields, _ scenario: Scenario, into steps: inout [Step], phase: Phase?, needs: [String]?
    ) -> Group? {
        guard let group = fields.fields("group") else { return nil }
        defer { group.end() }
        _ = group.text("order")
        let need = group.word("need", Group.Need.self) ?? .all
        let first = steps.count
        for (index, node) in group.items("steps").enumerated() {
            let member = Fields(node, path: "\(group.path).steps[\(index)]", list: list)
            read(member, scenario, into: &steps, phase: phase)
        }
        if steps.count == first { _ = group.require("steps", Optional<String>.none) }
        for index in first..<steps.count {
            // The group decides; a member that fails does not end the run by itself.
            steps[index].isCritical = false
            if index == first, let needs { steps[index].needs = needs }
            if index > first, steps[index].needs == nil {
                steps[index].needs = needs ?? (first > 0 ? [steps[first - 1].id] : [])
            }
        }
        return Group(members: steps[first...].map(\.id), need: need)
    }

    // MARK: - Undo

    private func undo(_ step: Fields) -> Undo? {
        guard let node = step.value("undo") else { return nil }
        if case .scalar(let text, _) = node.value {
            if text != "none" { step.complain("undo", "'\(text)' is neither 'none' nor a mapping") }
            return Undo.none
        }
        let fields = Fields(node, path: step.full("undo"), list: list)
        defer { fields.end() }
        let host = fields.text("host")
        let timeout = fields.duration("timeout")
        let arguments = fields.texts("args")
        if fields.has("run") { return .run(fields.texts("run"), host: host, timeout: timeout) }
        if let path = fields.text("script") {
            return .script(path: path, arguments: arguments, host: host, timeout: timeout)
        }
        if let clean = fields.fields("clean") {
            defer { clean.end() }
            marker(clean)
            return .clean(path: clean.requiredText("path"), host: clean.text("host") ?? host)
        }
        step.complain("undo", "must be one of run, script, clean or 'none'")
        return nil
    }

    func marker(_ fields: Fields) {
        if let marker = fields.text("marker"), marker != "{{run.id}}" {
            fields.complain("marker", "is always {{run.id}}: only what this run made is removed")
        }
    }

    // MARK: - Rules of the format

    private func rules(_ step: Step, _ fields: Fields) {
        if case .fault(let fault) = step.verb {
            if fault.host != nil, step.confirm == nil { _ = fields.require("confirm", Optional<String>.none) }
            if fault.ttl == nil, fault.host != nil, step.because == nil {
                fields.complain("because", "is missing: why this fault may never heal by itself")
            }
            if step.undo != nil { fields.complain("undo", "a fault is undone by its heal") }
            return
        }
        let isCleaning = if case .clean = step.verb { true } else { false }
        if step.isMutating, !isCleaning {
            if step.undo == nil {
                list.add(
                    Problem(
                        at: fields.node.place, key: fields.full("undo"), "is missing",
                        hint: "say how to undo it, 'reads_only: true', or 'undo: none' with 'because:'"))
            } else if step.undo == Undo.none, step.because == nil {
                fields.complain("undo", "'none' needs a reason under because")
            }
        }
        if step.isMutating || step.readsOnly || !step.hosts.isEmpty || isCleaning { needsHost(step, fields) }
    }

    private func needsHost(_ step: Step, _ fields: Fields) {
        switch step.verb {
        case .run, .script, .shell, .clean:
            if step.hosts.isEmpty { _ = fields.require("host", Optional<String>.none) }
        default:
            if !step.hosts.isEmpty {
                fields.complain("host", "the verb \(step.verb.name) says by itself where it acts")
            }
        }
    }
}
