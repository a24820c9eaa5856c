// SPDX-License-Identifier: Apache-2.0

/// Looks up every name that a scenario uses, in the plan and in itself.
struct ScenarioReferences {
    let scenario: Scenario
    let plan: Plan
    let reader: ScenarioReader

    var top: Fields { reader.top }
    var hosts: [String] { plan.hosts.map(\.id) }
    var roles: [String] { scenario.roles.map(\.id) }
    private var services: [String] { plan.services.map(\.id) }
    private var datasets: [String] { plan.datasets.map(\.id) }
    private var probes: [String] { scenario.probes.map(\.id) + plan.probes.map(\.id) }

    func check() {
        checkTop()
        checkPeople()
        checkPace()
        checkAfter()
        checkSafety()
        for step in scenario.steps { checkStep(step) }
        checkOrder()
        checkKnowledge()
    }

    // MARK: - The top

    private func checkTop() {
        for name in scenario.services { look(name, "service", services, top, "services") }
        for clock in scenario.clocks {
            look(clock.service, "service", scenario.services, top, "clock")
            switch clock.outageBegins {
            case .mark(let mark): look(mark, "mark", marks, top, "clock")
            case .probe(let probe): look(probe, "probe", probes, top, "clock")
            }
        }
        for service in scenario.services where scenario.clock(of: service) == nil {
            guard scenario.mode != .talk else { continue }
            top.complain(
                "clock", "does not say when the outage of \(service) begins",
                hint: "without it no recovery time is measured", severity: .warning)
        }
        for (service, condition) in scenario.restoredWhen.sorted(by: { $0.key < $1.key }) {
            look(service, "service", scenario.services, top, "restored_when")
            check(condition, top, "restored_when")
        }
        for role in scenario.roles where !plan.people.isEmpty {
            for name in role.people + role.deputies {
                look(name, "person", plan.people.map(\.id), top, "roles")
            }
        }
        for probe in scenario.probes {
            for name in probe.from { look(name, "host", hosts, top, "probes") }
            for name in probe.secrets + [probe.password].compactMap({ $0 }) {
                look(name, "secret", scenario.secrets.map(\.id), top, "probes")
            }
            checkSecrets(of: probe)
        }
    }

    /// A probe's command may only name the files that lie beside it.
    private func checkSecrets(of probe: Probe) {
        guard case .command(let words) = probe.kind else { return }
        let names = words.flatMap { Template($0).names }.filter { $0.hasPrefix("secret.") }
        for name in names where !probe.secrets.contains(String(name.dropFirst(7))) {
            top.complain(
                "probes", "'{{\(name)}}' of probe \(probe.id) is set by nothing",
                hint: "add secrets: [\(name.dropFirst(7))] to the probe")
        }
    }

    private var marks: [String] {
        scenario.steps.compactMap { if case .mark(let name) = $0.verb { name } else { nil } }
    }

    private func checkSafety() {
        let safety = scenario.safety
        for name in safety.hosts ?? [] { look(name, "host", hosts, top, "safety") }
        for name in safety.holdsRetention { look(name, "dataset", datasets, top, "safety") }
        for name in safety.approvals?.from ?? [] { look(name, "role", roles, top, "safety") }
        for requirement in safety.requires { check(requirement) }
        for rule in safety.stopIf {
            switch rule.trigger {
            case .condition(let condition): check(condition, top, "safety")
            case .diskFree(let host, _, _): look(host, "host", hosts, top, "safety")
            }
        }
        guard safety.announcement != nil else { return }
        if !scenario.isAnnounced {
            top.complain("announced", "is false, and safety.announce says who is told before")
        }
        for service in scenario.services {
            guard !plan.maintenance.contains(where: { $0.service == service }) else { continue }
            top.complain(
                "safety", "\(service) has no maintenance window in the plan, so nobody can announce one",
                hint: "add one to 'maintenance' in the plan, or leave out safety.announce")
        }
    }

    private func check(_ requirement: Safety.Requirement) {
        switch requirement {
        case .copies(let dataset, _, let sites):
            look(dataset, "dataset", datasets, top, "safety")
            for site in sites { look(site, "site", plan.sites.map(\.id), top, "safety") }
        case .backup(let dataset, _, _): look(dataset, "dataset", datasets, top, "safety")
        case .noOpenIncident(let service): look(service, "service", services, top, "safety")
        case .clockBound(_, let names): for name in names { look(name, "host", hosts, top, "safety") }
        case .diskFree(let host, _, _): look(host, "host", hosts, top, "safety")
        case .step(let id): look(id, "step", scenario.steps.map(\.id), top, "safety")
        }
    }

    // MARK: - Steps

    private func checkStep(_ step: Step) {
        guard let fields = reader.stepFields[step.id] else { return }
        for host in Set(step.hosts + step.touchedHosts).sorted() { look(host, "host", hosts, fields, "host") }
        for host in step.undoHosts where step.undo != nil && !step.touchedHosts.contains(host) {
            look(host, "host", hosts, fields, "undo")
        }
        if let host = step.undoConfirm?.host { look(host, "host", hosts, fields, "undo") }
        for need in step.needs ?? [] {
            look(need, "step", scenario.steps.map(\.id), fields, "needs")
        }
        if let when = step.when { check(when, fields, "when") }
        if case .condition(let condition)? = step.confirm { check(condition, fields, "confirm") }
        if case .expectation(let expectation)? = step.confirm {
            look(expectation.host, "host", hosts, fields, "confirm")
        }
        if case .sql(let query)? = step.confirm { look(query.host, "host", hosts, fields, "confirm") }
        for name in step.secrets { look(name, "secret", scenario.secrets.map(\.id), fields, "secrets") }
        if let name = step.stdin { look(name, "secret", scenario.secrets.map(\.id), fields, "stdin") }
        for name in step.passwords {
            look(name, "secret", scenario.secrets.map(\.id), fields, step.verb.name)
        }
        for role in step.onFail?.from ?? [] { look(role, "role", roles, fields, "on_fail") }
        checkVerb(step, fields)
        checkTexts(step, fields)
    }

    private func checkVerb(_ step: Step, _ fields: Fields) {
        switch step.verb {
        case .waitFor(let condition, _): check(condition, fields, "wait_for")
        case .backup(let backup):
            look(backup.dataset, "dataset", datasets, fields, "backup")
            refuseForeign(backup.dataset, fields, "backup")
        case .restore(let restore):
            look(restore.dataset, "dataset", datasets, fields, "restore")
            refuseForeign(restore.dataset, fields, "restore")
            if let from = restore.from {
                look(
                    from, "store or site", plan.stores.map(\.id) + plan.sites.map(\.id), fields, "restore")
            }
            if case .mark(let mark) = restore.at { look(mark, "mark", marks, fields, "restore") }
        case .fault(let fault): checkFault(fault, fields)
        case .verify(.canary(let check)):
            look(check.canary, "canary", plan.canaries.map(\.id), fields, "verify")
        case .verify(.writes(let check)): look(check.probe, "probe", probes, fields, "verify")
        case .verify(.tree(let check)):
            guard case .step(let id) = check.against else { return }
            let restores = scenario.steps.filter { if case .restore = $0.verb { true } else { false } }
            look(id, "restore step", restores.map(\.id), fields, "verify")
        case .human(let question), .decision(let question):
            look(question.role, "role", roles, fields, step.verb.name)
            if let objective = question.objective {
                look(objective, "objective", scenario.objectives.map(\.id), fields, step.verb.name)
            }
            if let second = question.second { look(second, "role", roles, fields, step.verb.name) }
            if let mark = question.clockFrom { look(mark, "mark", marks, fields, step.verb.name) }
            for name in question.shows {
                look(name, "probe or saved name", probes + savedNames, fields, step.verb.name)
            }
            if let rule = question.escalation { look(rule.to, "role", roles, fields, step.verb.name) }
        case .approve(let approval):
            for role in approval.from { look(role, "role", roles, fields, "approve") }
        case .inject(let inject): for role in inject.to { look(role, "role", roles, fields, "inject") }
        default: break
        }
    }

    /// Lifeboat cannot make or bring back what another program keeps.
    private func refuseForeign(_ dataset: String, _ fields: Fields, _ verb: String) {
        guard let tool = plan.dataset(dataset)?.copies.by else { return }
        fields.complain(
            verb, "\(dataset) is backed up by \(tool.rawValue), which Lifeboat does not drive",
            hint: "use a 'run' step with \(tool.rawValue)'s own command, and 'verify' what it brings back")
    }

    private func checkFault(_ fault: Fault, _ fields: Fields) {
        switch fault.kind {
        case .siteBlock(let site): look(site, "site", plan.sites.map(\.id), fields, "fault")
        case .vaultAbsent(let store): look(store, "store", plan.stores.map(\.id), fields, "fault")
        case .personAbsent(let person, let role):
            if let role { look(role, "role", roles, fields, "fault") }
            let missing = role.map { name in scenario.roles.filter { $0.id == name } } ?? scenario.roles
            guard !missing.isEmpty else { return }
            let people = missing.flatMap { $0.people + $0.deputies }
            look(person, role.map { "person of the \($0)" } ?? "person of a role", people, fields, "fault")
        default: break
        }
    }

    private func check(_ condition: Condition, _ fields: Fields, _ key: String) {
        for leaf in condition.leaves {
            switch leaf {
            case .probe(let probe): look(probe.probe, "probe", probes, fields, key)
            case .step(let id): look(id, "step", scenario.steps.map(\.id), fields, key)
            case .answer(let name, _): look(name, "saved answer", savedNames, fields, key)
            // Its rules are known to the monitoring alone.
            case .alert, .all, .any, .not: break
            }
        }
    }

    var savedNames: [String] {
        scenario.steps.flatMap { $0.save.keys }
    }

    // MARK: - Texts and names

    /// Every `{{name}}` must be set by `vars`, by `run.id` or `run.slot`, or by a step that may have ended before.
    private func checkTexts(_ step: Step, _ fields: Fields) {
        let known =
            Array(scenario.variables.keys) + savedNames + ["run.id", "run.slot"]
            + step.secrets.map { "secret.\($0)" }
        for name in step.texts.flatMap({ Template($0).names }) where !known.contains(name) {
            list(fields, step.verb.name, "'{{\(name)}}' is set by nothing", name, known)
        }
    }

    private func list(_ fields: Fields, _ key: String, _ text: String, _ name: String, _ known: [String]) {
        fields.complain(
            key, text,
            hint: Spelling.suggestion(for: name, among: known) ?? "set it under vars, or save it in a step")
    }

    func look(_ name: String, _ what: String, _ known: [String], _ fields: Fields, _ key: String) {
        guard !name.isEmpty, !known.contains(name) else { return }
        let place = fields.entries.first { $0.key == key }.flatMap { Self.place(of: name, in: $0.value) }
        let hint =
            Spelling.suggestion(for: name, among: known)
            ?? (known.isEmpty ? nil : "known are \(known.prefix(12).joined(separator: ", "))")
        reader.list.add(
            Problem(
                at: place ?? fields.entries.first { $0.key == key }?.value.place ?? fields.node.place,
                key: fields.full(key), "there is no \(what) '\(name)'", hint: hint))
    }

    /// Where a name stands below a node, as a key or as a text.
    private static func place(of name: String, in node: Node) -> Place? {
        switch node.value {
        case .scalar(let text, _): return text == name ? node.place : nil
        case .sequence(let items): return items.lazy.compactMap { place(of: name, in: $0) }.first
        case .mapping(let entries):
            return entries.lazy.compactMap { entry in
                place(of: name, in: entry.value) ?? (entry.key == name ? entry.place : nil)
            }.first
        }
    }
}
