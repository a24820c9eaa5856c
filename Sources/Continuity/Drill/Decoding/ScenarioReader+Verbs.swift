// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    /// The one verb of a step.
    func verb(_ step: Fields, hosts: [String], group: Group?) -> Verb {
        guard !step.isRecorded else {
            return record(step)
        }
        let present = Verb.supported.filter { step.has($0) }
        guard let name = present.first, present.count == 1 else {
            for name in present { _ = step.value(name) }
            let problem =
                present.isEmpty
                ? "has no verb: one of \(Verb.supported.joined(separator: ", "))"
                : "has \(present.count) verbs (\(present.joined(separator: ", "))); a step does one thing"
            let unknown = step.entries.map(\.key).filter { !Self.commonKeys.contains($0) }
            let hint = unknown.lazy.compactMap { Spelling.suggestion(for: $0, among: Verb.supported) }.first
            list.add(Problem(at: step.node.place, key: step.path, problem, hint: hint))
            return .mark("")
        }
        if let group { return .group(group) }
        return read(name, step)
    }

    static let commonKeys: Set<String> = [
        "id", "title", "phase", "host", "hosts", "needs", "when", "modes", "timeout", "expect", "confirm",
        "undo",
        "because", "reads_only", "save", "critical", "pivot", "on_fail", "args", "heal", "prove_red",
        "secrets",
        "stdin",
    ]

    /// What every verb would ask of a step.
    private func record(_ step: Fields) -> Verb {
        step.exactlyOne(of: Verb.supported)
        for name in Verb.supported where !["group", "call"].contains(name) { _ = read(name, step) }
        return .mark("")
    }

    private func read(_ name: String, _ step: Fields) -> Verb {
        switch name {
        case "run":
            let arguments = step.texts("run")
            if arguments.isEmpty { step.complain("run", "must be a list: the program and its arguments") }
            if case .scalar? = step.value("run")?.value {
                step.complain(
                    "run", "must be a list: the program and its arguments",
                    hint: "no shell reads it; write [\(arguments.first ?? "")] or use shell:")
            }
            return .run(arguments)
        case "script":
            return .script(path: step.unbound { step.requiredText("script") }, arguments: step.texts("args"))
        case "shell": return .shell(shell(step))
        case "sql": return .sql(structure(step, "sql") { sql($0, defaultHost: nil) })
        case "backup": return .backup(structure(step, "backup", backup))
        case "restore": return .restore(structure(step, "restore", restore))
        case "fault": return .fault(fault(step))
        case "check": return .check(structure(step, "check") { expectation($0, defaultHost: nil) })
        case "wait_for": return structure(step, "wait_for", wait)
        case "verify": return .verify(verification(step))
        case "clean":
            return structure(step, "clean") { fields in
                marker(fields)
                defer { fields.end() }
                return .clean(path: fields.requiredText("path"))
            }
        case "mark": return .mark(step.unbound { step.requiredText("mark") })
        case "human": return .human(structure(step, "human") { question($0, choices: "answers") })
        case "decision": return .decision(structure(step, "decision") { question($0, choices: "options") })
        case "approve": return .approve(structure(step, "approve", approval))
        case "inject": return .inject(structure(step, "inject", inject))
        default: return .notify(structure(step, "notify", notice))
        }
    }

    /// Reads the mapping below a verb; a missing one is read as an empty one, so that its keys are named.
    private func structure<Value>(_ step: Fields, _ key: String, _ read: (Fields) -> Value) -> Value {
        let node = step.value(key) ?? Node(.mapping([]), at: step.node.place)
        return read(Fields(node, path: step.full(key), list: list))
    }

    private func shell(_ step: Fields) -> ShellText {
        let text = step.unbound { step.requiredText("shell") }
        if text.contains("{{") {
            step.complain(
                "shell", "values are never pasted into a shell's text",
                hint: "give them under args, and write \"$1\" in the text")
        }
        return ShellText(text, arguments: step.texts("args"))
    }

    private func backup(_ fields: Fields) -> Backup {
        defer { fields.end() }
        return Backup(dataset: fields.requiredText("dataset"), isFull: fields.bool("full") ?? false)
    }

    private func restore(_ fields: Fields) -> Restore {
        defer { fields.end() }
        let planOnly = fields.bool("plan_only") ?? false
        fields.alsoText("at")
        let target = fields.fields("to")
        if target == nil, !planOnly { _ = fields.require("to", Optional<String>.none) }
        defer { target?.end() }
        return Restore(
            dataset: fields.requiredText("dataset"), from: fields.text("from"), at: instant(fields),
            host: target?.requiredText("host") ?? "", path: target?.requiredText("path") ?? "",
            planOnly: planOnly, acceptance: fields.fields("accept").map(acceptance))
    }

    private func acceptance(_ fields: Fields) -> Restore.Acceptance {
        defer { fields.end() }
        fields.exactlyOne(of: ["run", "script"])
        let points = fields.integer("points") ?? 1
        if points < 1 { fields.complain("points", "must be 1 or more") }
        let (run, script, arguments) = (fields.texts("run"), fields.text("script"), fields.texts("args"))
        if (script == nil) == run.isEmpty {
            fields.complain("script", "a restored point is accepted by exactly one of run or script")
        }
        if script == nil, !arguments.isEmpty {
            fields.complain("args", "goes with script; run holds its own arguments")
        }
        return Restore.Acceptance(
            question: script.map { .script(path: $0, arguments: arguments) } ?? .run(run),
            points: max(points, 1))
    }

    private func instant(_ fields: Fields) -> Restore.Instant {
        guard let node = fields.value("at") else { return .newest }
        if case .scalar(let text, _) = node.value {
            if text == "newest" { return .newest }
            if let moment = Moment(text) { return .moment(moment) }
            if let local = LocalTime(text) { return instant(local, text, fields) }
            fields.complain(
                "at", "must be newest, {mark: NAME} or a time",
                hint:
                    "such as 2026-03-01T12:00:00Z, 2026-03-01T13:00:00+01:00 or 2026-03-01T13:00:00 Europe/Berlin"
            )
            return .newest
        }
        let mark = Fields(node, path: fields.full("at"), list: list)
        defer { mark.end() }
        return .mark(mark.requiredText("mark"))
    }

    /// An hour that was skipped or doubled when clocks were changed is not guessed at.
    private func instant(_ local: LocalTime, _ text: String, _ fields: Fields) -> Restore.Instant {
        switch local.meaning {
        case .moment(let moment): return .moment(moment)
        case .skipped:
            fields.complain(
                "at", "'\(text)' never was: clocks in \(local.zone) were put forward over it")
        case .doubled(let first, let second):
            fields.complain(
                "at", "'\(text)' was twice: clocks in \(local.zone) were put back over it",
                hint: "write \(first.text(decimals: 0)) or \(second.text(decimals: 0))")
        }
        return .newest
    }

    private func wait(_ fields: Fields) -> Verb {
        let deadline = fields.require("deadline", fields.duration("deadline")) ?? .minutes(1)
        return .waitFor(condition(fields), deadline: deadline)
    }

    // MARK: - People

    private func question(_ fields: Fields, choices key: String) -> Question {
        defer { fields.end() }
        let expect = fields.duration("expect") ?? .minutes(15)
        let giveUp = fields.require("give_up", fields.duration("give_up")) ?? expect * 4
        var question = Question(
            role: fields.requiredText("role"), ask: fields.requiredText("ask"), choices: choices(fields, key),
            expect: expect, giveUp: giveUp)
        question.second = fields.text("two_person")
        question.shows = fields.texts("show")
        question.objective = fields.text("objective")
        question.clockFrom = fields.text("clock_from")
        question.attachment = fields.word("attach", Question.Attachment.self) ?? .none
        if let rule = fields.fields("escalate") {
            question.escalation = Question.Escalation(
                after: rule.require("after", rule.duration("after")) ?? expect, to: rule.requiredText("to"))
            rule.end()
        }
        if let hint = fields.fields("hint") {
            question.hint = Question.Hint(
                after: hint.require("after", hint.duration("after")) ?? expect,
                text: hint.requiredText("text"))
            hint.end()
        }
        return question
    }

    private func choices(_ fields: Fields, _ key: String) -> [Question.Choice] {
        fields.alsoText(key)
        guard let node = fields.value(key) else { return [] }
        if case .scalar(let text, _) = node.value {
            if text != "text" && text != "list" {
                fields.complain(key, "must be a list of {id, pass}, or text, or list")
            }
            return []
        }
        return fields.items(key).map { node in
            if case .scalar(let text, _) = node.value { return Question.Choice(id: text) }
            let choice = Fields(node, path: fields.full(key), list: list)
            defer { choice.end() }
            return Question.Choice(
                id: choice.requiredText("id"), label: choice.text("label"),
                passes: choice.bool("pass") ?? true)
        }
    }

    func approval(_ fields: Fields) -> Approval {
        defer { fields.end() }
        return Approval(
            need: fields.integer("need") ?? 1, from: fields.texts("from"), ask: fields.requiredText("ask"),
            giveUp: fields.duration("give_up") ?? .minutes(30))
    }

    private func inject(_ fields: Fields) -> Inject {
        defer { fields.end() }
        return Inject(
            to: fields.texts("to"), text: fields.requiredText("text"), storyTime: fields.text("story_time"))
    }

    private func notice(_ fields: Fields) -> Notice {
        defer { fields.end() }
        let command = fields.texts("run")
        let host = fields.text("host")
        if command.isEmpty { _ = fields.require("run", Optional<String>.none) }
        if host == nil { _ = fields.require("host", host) }
        return Notice(text: fields.requiredText("text"), host: host, command: command)
    }
}
