// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// A scenario with all that it will use, as bytes: what is approved, journaled and printed on the report.
package struct PreparedDrill: Sendable {
    package var scenario: Scenario
    package var plan: Plan
    package var scenarioBytes: [UInt8]
    package var planBytes: [UInt8]
    /// By the path in the scenario.
    package var scripts: [String: [UInt8]]
    /// Answers given beforehand, by step.
    package var answers: [String: String]
    package var answersBytes: [UInt8]
    package var toolVersion: String

    package init(
        scenario: Scenario, plan: Plan, scenarioBytes: [UInt8], planBytes: [UInt8],
        scripts: [String: [UInt8]] = [:], answers: [String: String] = [:], answersBytes: [UInt8] = [],
        toolVersion: String
    ) {
        self.scenario = scenario
        self.plan = plan
        self.scenarioBytes = scenarioBytes
        self.planBytes = planBytes
        self.scripts = scripts
        self.answers = answers
        self.answersBytes = answersBytes
        self.toolVersion = toolVersion
    }

    /// SHA-256 over one line for each part: its name and its own SHA-256, in a fixed order.
    package var sha256: String {
        var lines = ["scenario \(Hex.sha256(scenarioBytes))", "plan \(Hex.sha256(planBytes))"]
        lines += scripts.keys.sorted().map { "script \($0) \(Hex.sha256(scripts[$0] ?? []))" }
        lines += ["answers \(Hex.sha256(answersBytes))", "tool \(toolVersion)"]
        lines.append("mode \(scenario.mode.rawValue)")
        return Hex.sha256(Array(lines.map { $0 + "\n" }.joined().utf8))
    }

    /// The rules of the company's own monitoring whose alerts the scenario asks for.
    var alertRules: Set<String> {
        conditions.reduce(into: []) { $0.formUnion($1.alerts) }
    }

    /// Everything that the scenario asks of the run, and the probes of its checks.
    private var conditions: [Condition] {
        scenario.steps.flatMap { step -> [Condition] in
            var found = [step.when].compactMap { $0 }
            if case .condition(let condition)? = step.confirm { found.append(condition) }
            if case .waitFor(let condition, _) = step.verb { found.append(condition) }
            if case .verify(.writes(let check)) = step.verb {
                found.append(.probe(ProbeCondition(probe: check.probe, state: .up, window: .zero)))
            }
            return found
        } + scenario.restoredWhen.values
            + scenario.safety.stopIf.compactMap {
                if case .condition(let condition) = $0.trigger { condition } else { nil }
            }
    }

    /// The probes of the scenario, and of the plan where the scenario or a service names them.
    var probes: [Probe] {
        var names = Set(
            conditions.flatMap(\.leaves).compactMap {
                if case .probe(let probe) = $0 { probe.probe } else { nil }
            })
        for clock in scenario.clocks {
            if case .probe(let name) = clock.outageBegins { names.insert(name) }
        }
        let own = Set(scenario.probes.map(\.id))
        return scenario.probes + plan.probes.filter { names.contains($0.id) && !own.contains($0.id) }
    }

    /// One prober for each probe and each host it is asked from.
    func probers(run: String) throws -> [Prober] {
        guard [.sandbox, .live].contains(scenario.mode) else { return [] }
        let values = DrillValues(scenario, run: run, saved: [:])
        return try probes.flatMap { probe in
            let question = try probe.question(values.fill)
            return probe.from.map { host in
                Prober(
                    probe: probe.id, host: host, every: probe.every, timeout: probe.timeout,
                    question: question, passFile: probe.password.map(SecretReader.passFileName))
            }
        }
    }
}
