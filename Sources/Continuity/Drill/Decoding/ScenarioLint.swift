// SPDX-License-Identifier: Apache-2.0

/// What is well written and would still not give what is wanted.
struct ScenarioLint {
    let scenario: Scenario
    let plan: Plan
    let reader: ScenarioReader

    private var top: Fields { reader.top }

    func check() {
        for service in scenario.services { checkProbes(of: service) }
        checkMode()
        checkRestored()
        checkExercise()
        for step in scenario.steps { check(step) }
    }

    /// `2 (period + time-out)` is how wide the measured time gets; more than a tenth of the target proves
    /// too little (measurement.md, pitfall 1).
    private func checkProbes(of service: String) {
        guard let target = plan.service(service)?.objectives.recoveryTime else { return }
        var names: [String] = (scenario.restoredWhen[service]?.leaves ?? []).compactMap {
            if case .probe(let probe) = $0 { probe.probe } else { nil }
        }
        if case .probe(let name)? = scenario.clock(of: service)?.outageBegins { names.append(name) }
        for name in Set(names).sorted() {
            guard let probe = probe(name) else { continue }
            let width = (probe.every + probe.timeout) * 2
            guard width > target / 10 else { continue }
            top.complain(
                "restored_when",
                "probe \(name) sees to within \(width.text), a tenth of the recovery time of \(service) is "
                    + (target / 10).text,
                hint: "ask more often: 2 × (every + timeout) must not be longer than \((target / 10).text)")
        }
    }

    private func probe(_ name: String) -> Probe? {
        scenario.probes.first { $0.id == name } ?? plan.probe(name)
    }

    private func checkMode() {
        switch scenario.mode {
        case .talk:
            for step in scenario.steps where step.isExecuting && step.isIn(.talk) {
                reader.stepFields[step.id]?.complain(
                    step.verb.name, "is not carried out at a table: mode talk executes nothing",
                    hint: "give the step modes: [sandbox], or the scenario another mode")
            }
        case .live:
            if scenario.safety.hosts == nil {
                top.complain("safety", "mode live needs safety.hosts, the only hosts that may be changed")
            }
            if scenario.safety.approvals == nil {
                top.complain("safety", "mode live needs safety.approvals")
            }
            if !scenario.roles.contains(where: { $0.heartbeat != nil }) {
                top.complain("roles", "mode live needs a role that is present: required")
            }
            refuseOwnSite()
        case .sandbox, .rehearse: break
        }
        checkHosts()
    }

    private func refuseOwnSite() {
        guard let own = plan.orchestrator?.site else { return }
        for step in scenario.steps {
            guard case .fault(let fault) = step.verb, case .siteBlock(own) = fault.kind else { continue }
            reader.stepFields[step.id]?.complain(
                "fault", "takes the site where Lifeboat itself stands; live, that is refused")
        }
    }

    private func checkExercise() {
        let missing = scenario.coreServicesLeftOut(plan)
        guard scenario.exercise == .full, !missing.isEmpty else { return }
        top.complain(
            "exercise", "full leaves out \(missing.joined(separator: ", ")): it counts as partial",
            hint: "name every core service of the plan under services", severity: .warning)
    }

    private func checkHosts() {
        for step in scenario.steps where step.isIn(scenario.mode) {
            let own = step.isMutating ? step.touchedHosts : []
            for name in step.changedHosts {
                checkHost(name, step, key: own.contains(name) ? step.verb.name : "undo")
            }
        }
    }

    private func checkHost(_ name: String, _ step: Step, key: String) {
        guard let host = plan.host(name) else { return }
        let fields = reader.stepFields[step.id]
        if let allowed = scenario.safety.hosts, !allowed.contains(name) {
            fields?.complain(key, "\(name) is not among safety.hosts")
        } else if scenario.mode != .rehearse, !host.drills.contains(scenario.mode) {
            fields?.complain(
                key, "the plan allows no \(scenario.mode.rawValue) drills on \(name)",
                hint: "hosts.\(name).drills must list \(scenario.mode.rawValue)", severity: .warning)
        }
    }

    private func checkRestored() {
        guard scenario.mode != .talk else { return }
        for service in scenario.services where scenario.restoredWhen[service] == nil {
            top.complain(
                "restored_when", "does not say when \(service) counts as restored", severity: .warning)
        }
        for (service, condition) in scenario.restoredWhen.sorted(by: { $0.key < $1.key }) {
            let provesData = condition.leaves.contains { leaf in
                guard case .step(let id) = leaf, let step = scenario.step(id) else { return false }
                if case .verify = step.verb { return true }
                return false
            }
            if !provesData {
                top.complain(
                    "restored_when", "\(service) would count as restored with no proof of its data",
                    hint: "name a verify step; without one the report cannot say 'data OK'",
                    severity: .warning)
            }
        }
    }

    private func check(_ step: Step) {
        let fields = reader.stepFields[step.id]
        if case .verify(.tree(let check)) = step.verb, check.spoils.isEmpty {
            fields?.complain(
                "verify", "was never seen to fail, so its green counts as a readiness check only",
                hint: "add prove_red: [{flip_byte: 1}, {drop_file: 1}]", severity: .warning)
        }
        for (name, value) in step.save where !step.resultNames.contains(value) {
            fields?.complain(
                "save", "\(name) would be '\(value)', which \(step.verb.name) does not give",
                hint: step.resultNames.isEmpty
                    ? "it gives nothing to save"
                    : "it gives \(step.resultNames.sorted().joined(separator: ", "))")
        }
        if case .fault(let fault) = step.verb, let ttl = fault.ttl, ttl < scenario.expectedLength {
            fields?.complain(
                "fault", "heals itself after \(ttl.text), before the steps behind it may have ended",
                severity: .warning)
        }
    }
}

extension Step {
    /// Whether the step is carried out in a mode.
    package func isIn(_ mode: DrillMode) -> Bool {
        modes.map { $0.contains(mode) } ?? true
    }

    /// What a step of this verb can save.
    var resultNames: Set<String> {
        switch verb {
        case .human, .decision, .approve: ["answer"]
        case .restore: ["point", "store", "consistency_time", "chain_id"]
        case .verify(.canary): ["last_seq"]
        case .verify(.writes): ["last_seq", "lost_count", "lost_window"]
        case .run, .script, .shell, .check: ["stdout"]
        case .sql: ["row"]
        case .backup: ["point"]
        case .verify(.tree), .fault, .waitFor, .clean, .mark, .inject, .notify, .group: []
        }
    }
}

extension Scenario {
    /// What the steps say they take, one after the other.
    var expectedLength: Duration {
        steps.compactMap(\.expect).reduce(.zero, +)
    }
}

extension Scenario {
    /// The core services of the plan that the scenario is not about; a full exercise has none.
    package func coreServicesLeftOut(_ plan: Plan) -> [String] {
        plan.services.filter { $0.tier == .core && !services.contains($0.id) }.map(\.id)
    }
}
