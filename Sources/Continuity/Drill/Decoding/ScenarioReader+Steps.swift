// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    func steps() -> [Step] {
        var steps: [Step] = []
        guard !top.refer("steps", to: "step", isList: true, requiring: ["phase"]) else { return [] }
        for (index, node) in top.items("steps").enumerated() {
            read(Fields(node, path: "steps[\(index)]", list: list), into: &steps, in: GroupFrame())
        }
        return steps
    }

    /// What a step has of the group that it stands in.
    struct GroupFrame {
        var phase: Phase?
        var needs: [String]?
        var when: Condition?
        var modes: Set<DrillMode>?
    }

    /// Reads one step; the members of a group are put before it.
    func read(_ fields: Fields, into steps: inout [Step], in frame: GroupFrame) {
        recordRules(fields)
        let id = fields.requiredText("id")
        if !id.isEmpty {
            if !Spelling.isName(id) {
                fields.complain(
                    "id", "'\(id)' is no name: use letters, digits, '-' and '_', and begin with a letter")
            }
            if stepFields[id] != nil { fields.complain("id", "another step is called \(id) already") }
            stepFields[id] = fields
        }
        let own = fields.word("phase", Phase.self) ?? frame.phase
        if own == nil { _ = fields.require("phase", own) }
        let hosts = fields.texts("host") + fields.texts("hosts")
        let needs = fields.has("needs") ? fields.texts("needs") : nil
        let when = fields.fields("when").map { condition($0) }
        let modes = fields.has("modes") ? Set(fields.words("modes", DrillMode.self)) : nil
        // What forbids a group forbids each of its members.
        let inner = GroupFrame(
            phase: own, needs: needs, when: Self.both(frame.when, when), modes: Self.both(frame.modes, modes))
        let group = members(fields, into: &steps, in: inner)
        let verb = verb(fields, hosts: hosts, group: group)
        var step = Step(
            id: id, title: fields.text("title"), phase: own ?? .prepare, verb: verb, hosts: hosts,
            needs: group.map(\.members) ?? needs, when: inner.when, modes: inner.modes,
            line: fields.node.place.line)
        complete(&step, fields)
        steps.append(step)
        fields.end()
        rules(step, fields)
    }

    private static func both(_ outer: Condition?, _ inner: Condition?) -> Condition? {
        guard let outer, let inner else { return outer ?? inner }
        return .all([outer, inner])
    }

    private static func both(_ outer: Set<DrillMode>?, _ inner: Set<DrillMode>?) -> Set<DrillMode>? {
        guard let outer, let inner else { return outer ?? inner }
        return outer.intersection(inner)
    }

    private func complete(_ step: inout Step, _ fields: Fields) {
        step.secrets = fields.texts("secrets")
        step.stdin = fields.text("stdin")
        step.timeout = fields.duration("timeout")
        if step.expect == nil { step.expect = fields.duration("expect") }
        step.confirm = confirmation(fields, hosts: step.hosts, verb: step.verb)
        step.because = because(step, fields)
        step.undo = undo(fields, &step)
        step.readsOnly = fields.bool("reads_only") ?? false
        step.isCritical = fields.bool("critical") ?? true
        step.isPivot = fields.bool("pivot") ?? false
        step.save = fields.pairs("save")
        step.onFail = onFail(fields)
    }

    /// The reason of a step; a fault may say it for its step.
    private func because(_ step: Step, _ fields: Fields) -> String? {
        let own = fields.text("because")
        guard case .fault(let fault) = step.verb, let other = fault.because else { return own }
        if own != nil { fields.complain("because", "stands with the fault already; say it once") }
        return other
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

    private func members(_ fields: Fields, into steps: inout [Step], in frame: GroupFrame) -> Group? {
        if let group = called(fields, into: &steps, in: frame) { return group }
        guard let group = fields.fields("group") else { return nil }
        defer { group.end() }
        let order = group.word("order", Group.Order.self) ?? .together
        let need = group.word("need", Group.Need.self) ?? .all
        guard !group.refer("steps", to: "step", isList: true) else { return nil }
        let nodes = group.items("steps").enumerated().map { ($1, "\(group.path).steps[\($0)]") }
        if nodes.isEmpty { _ = group.require("steps", Optional<String>.none) }
        return Group(members: read(nodes, order, into: &steps, in: frame), need: need)
    }

    /// Reads the members of a group; they begin together, or each when the one before has ended.
    func read(
        _ nodes: [(node: Node, path: String)], _ order: Group.Order, into steps: inout [Step],
        in frame: GroupFrame
    ) -> [String] {
        let first = steps.count
        let outer = frame.needs ?? (first > 0 ? [steps[first - 1].id] : [])
        var members: [String] = []
        for (node, path) in nodes {
            let start = steps.count
            read(Fields(node, path: path, list: list), into: &steps, in: frame)
            // The last that was added is the member itself; before it stand the members of its own group.
            guard let member = steps.last?.id else { continue }
            let before = order == .inTurn ? members.last.map { [$0] } ?? outer : outer
            for index in start..<steps.count {
                let own = steps[index].needs ?? before
                steps[index].needs = own + outer.filter { !own.contains($0) }
            }
            members.append(member)
        }
        // The group decides; a member that fails does not end the run by itself.
        for index in first..<steps.count { steps[index].isCritical = false }
        return members
    }

    // MARK: - Undo

    private func undo(_ step: Fields, _ whole: inout Step) -> Undo? {
        step.alsoText("undo", ["none"])
        guard let node = step.value("undo") else { return nil }
        if case .scalar(let text, _) = node.value {
            if text != "none" { step.complain("undo", "'\(text)' is neither 'none' nor a mapping") }
            return Undo.none
        }
        let fields = Fields(node, path: step.full("undo"), list: list)
        defer { fields.end() }
        let host = fields.text("host")
        if let confirm = fields.fields("confirm") {
            whole.undoConfirm = expectation(
                confirm, defaultHost: host ?? whole.hosts.first ?? whole.touchedHosts.first)
        }
        let timeout = fields.duration("timeout")
        let arguments = fields.texts("args")
        fields.exactlyOne(of: ["run", "script", "clean"])
        let run = fields.has("run") ? fields.texts("run") : nil
        if !fields.has("script"), fields.has("args") {
            fields.complain("args", "goes with script; run holds its own arguments")
        }
        if fields.has("clean"), fields.has("timeout") {
            fields.complain("timeout", "is not for clean, which removes one folder")
        }
        if let run, !fields.isRecorded { return .run(run, host: host, timeout: timeout) }
        if let path = fields.text("script") {
            return .script(path: path, arguments: arguments, host: host, timeout: timeout)
        }
        if let clean = fields.fields("clean") {
            defer { clean.end() }
            marker(clean)
            let own = clean.text("host")
            if own != nil, host != nil { clean.complain("host", "stands beside clean already; say it once") }
            return .clean(path: clean.requiredText("path"), host: own ?? host)
        }
        step.complain("undo", "must be one of run, script, clean or 'none'")
        return nil
    }

    func marker(_ fields: Fields) {
        if let marker = fields.text("marker"), marker != "{{run.id}}" {
            fields.complain("marker", "is always {{run.id}}: only what this run made is removed")
        }
    }
}
