// SPDX-License-Identifier: Apache-2.0

extension ScenarioReader {
    /// Reads a condition, and ends its mapping.
    ///
    /// `noAlert`: why no alert may stand in it; `nil` where it may.
    func condition(_ fields: Fields, ending: Bool = true, noAlert: String? = nil) -> Condition {
        defer { if ending { fields.end() } }
        fields.exactlyOne(of: ["probe", "step", "answer", "alert", "all", "any", "not"])
        let found = [
            probeCondition(fields), fields.text("step").map { Condition.step($0) },
            answerCondition(fields), alertCondition(fields, noAlert),
            parts(fields, "all", noAlert).map { Condition.all($0) },
            parts(fields, "any", noAlert).map { Condition.any($0) },
            negation(fields, noAlert),
        ].compactMap { $0 }
        guard !fields.isRecorded else { return .all([]) }
        if !fields.has("probe") {
            refuse(["up_for", "down_for", "min_good", "from_at_least"], fields, "goes with probe")
        }
        if !fields.has("answer") { refuse(["is"], fields, "goes with answer") }
        guard let first = found.first, found.count == 1 else {
            list.add(
                Problem(
                    at: fields.node.place, key: fields.path,
                    "a condition is exactly one of probe, step, answer, alert, all, any or not"))
            return .all([])
        }
        return first
    }

    /// Complains of keys that mean nothing beside the others.
    func refuse(_ keys: [String], _ fields: Fields, _ reason: String) {
        guard !fields.isRecorded else { return }
        for key in keys where fields.has(key) { fields.complain(key, reason) }
    }

    private func negation(_ fields: Fields, _ noAlert: String?) -> Condition? {
        guard !fields.refer("not", to: "condition", isList: false) else { return nil }
        let reason =
            noAlert ?? "nobody can say that no alert was raised: one that is missing may only be late"
        return fields.fields("not").map { Condition.not(condition($0, noAlert: reason)) }
    }

    private func parts(_ fields: Fields, _ key: String, _ noAlert: String?) -> [Condition]? {
        guard !fields.refer(key, to: "condition", isList: true), fields.has(key) else { return nil }
        let conditions = fields.items(key).map {
            condition(Fields($0, path: fields.full(key), list: list), noAlert: noAlert)
        }
        if conditions.isEmpty { fields.complain(key, "must hold at least one condition") }
        return conditions
    }

    private func answerCondition(_ fields: Fields) -> Condition? {
        let value = fields.text("is")
        guard let name = fields.text("answer") else { return nil }
        if value == nil { _ = fields.require("is", value) }
        return .answer(name, is: value ?? "")
    }

    private func alertCondition(_ fields: Fields, _ noAlert: String?) -> Condition? {
        guard let name = fields.text("alert") else { return nil }
        if let noAlert { fields.complain("alert", noAlert) }
        if !Template(name).names.isEmpty {
            fields.complain("alert", "is a rule's own name; nothing is filled in")
        }
        return .alert(name)
    }

    private func probeCondition(_ fields: Fields) -> Condition? {
        let up = fields.duration("up_for")
        let down = fields.duration("down_for")
        let minimum = fields.integer("min_good") ?? 1
        let places = fields.integer("from_at_least") ?? 1
        guard let probe = fields.text("probe") else { return nil }
        if (up == nil) == (down == nil) {
            fields.complain("probe", "needs either up_for or down_for, such as up_for: 10s")
        }
        if minimum < 1 { fields.complain("min_good", "must be 1 or more") }
        if places < 1 { fields.complain("from_at_least", "must be 1 or more") }
        return .probe(
            ProbeCondition(
                probe: probe, state: up == nil ? .down : .up, window: up ?? down ?? .zero, minimum: minimum,
                fromAtLeast: places))
    }

    /// A command and what it must answer: `{host, run, exit, stdout_is, stdout_contains}`.
    func expectation(_ fields: Fields, defaultHost: String?) -> Expectation {
        defer { fields.end() }
        let arguments = fields.texts("run")
        if arguments.isEmpty { _ = fields.require("run", Optional<String>.none) }
        let host = fields.text("host") ?? defaultHost
        if host == nil { _ = fields.require("host", host) }
        return Expectation(
            host: host ?? "", arguments: arguments, exit: fields.integer("exit") ?? 0,
            output: emptyText(fields, "stdout_is"), outputContains: fields.text("stdout_contains"))
    }

    /// A text that may be empty, which a plain nothing is not.
    func emptyText(_ fields: Fields, _ key: String) -> String? {
        fields.has(key) ? fields.text(key) ?? "" : fields.text(key)
    }

    func confirmation(_ step: Fields, hosts: [String], verb: Verb) -> Confirmation? {
        guard let fields = step.fields("confirm") else { return nil }
        guard !fields.isRecorded else {
            fields.exactlyOne(of: ["run", "sql", "auto"])
            _ = fields.unbound {
                (expectation(fields, defaultHost: nil), condition(fields), fields.text("auto"))
            }
            _ = fields.fields("sql").map { sql($0, defaultHost: "") }
            return nil
        }
        if fields.has("run") {
            return .expectation(expectation(fields, defaultHost: hosts.first ?? faultHost(verb)))
        }
        if let query = fields.fields("sql") {
            fields.end()
            return .sql(sql(query, defaultHost: hosts.first ?? sqlHost(verb)))
        }
        // What the engine does itself, such as taking a person out of a role, it also knows to be so.
        if case .fault(let fault) = verb, fault.host == nil, let auto = fields.text("auto") {
            if auto != fault.automaticHeal {
                fields.complain("auto", "'\(auto)' is not \(fault.automaticHeal)")
            }
            fields.end()
            return nil
        }
        return .condition(condition(fields))
    }

    private func faultHost(_ verb: Verb) -> String? {
        if case .fault(let fault) = verb { fault.host } else { nil }
    }

    private func sqlHost(_ verb: Verb) -> String? {
        if case .sql(let query) = verb { query.host } else { nil }
    }

    func sql(_ fields: Fields, defaultHost: String?) -> SQLQuery {
        defer { fields.end() }
        let host = fields.text("host") ?? defaultHost
        if host == nil { _ = fields.require("host", host) }
        let query = fields.requiredText("query")
        if query.contains("{{") {
            fields.complain(
                "query", "values are never pasted into SQL",
                hint: "give them under variables, and write :'name' in the statement")
        }
        let (account, password) = (fields.text("as"), fields.text("password"))
        if account != nil, password != nil, !fields.isRecorded {
            fields.complain("password", "goes with no 'as': \(SQLQuery.passwordRule)")
        }
        return SQLQuery(
            host: host ?? "", query: query, account: account, database: fields.text("database"),
            password: password, variables: fields.pairs("variables"),
            expectedRow: fields.has("expect_row") ? fields.texts("expect_row") : nil)
    }
}
