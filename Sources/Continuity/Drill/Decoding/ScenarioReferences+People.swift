// SPDX-License-Identifier: Apache-2.0

/// Who acts, at what pace, and what is left to people when the run is closed.
extension ScenarioReferences {
    /// Whoever only watches is asked nothing that moves the drill on.
    func checkPeople() {
        let watching = scenario.roles.filter { !$0.mayAct }.map(\.id)
        for step in scenario.steps {
            guard let fields = reader.stepFields[step.id] else { continue }
            for (role, key) in asked(by: step) where watching.contains(role) {
                fields.complain(
                    key, "asks the \(role), who only watches: may_act is false",
                    hint: "ask another role, or let the \(role) act")
            }
        }
    }

    /// The roles whose word a step waits for.
    private func asked(by step: Step) -> [(role: String, key: String)] {
        var roles: [(role: String, key: String)] = []
        if let question = step.question {
            roles += [question.role, question.second, question.escalation?.to].compactMap { $0 }.map {
                ($0, step.verb.name)
            }
        }
        if case .approve(let approval) = step.verb { roles += approval.from.map { ($0, "approve") } }
        return roles + (step.onFail?.from ?? []).map { ($0, "on_fail") }
    }

    func checkPace() {
        guard let pace = scenario.pace else { return }
        if scenario.mode != .talk {
            top.complain("pace", "is for people at a table: only mode talk has a story with its own time")
        }
        if let driver = pace.driver {
            look(driver, "role", roles + ["clock"], top, "pace")
            if scenario.role(driver)?.mayAct == false {
                top.complain("pace", "is moved on by the \(driver), who only watches: may_act is false")
            }
        }
        for step in scenario.steps {
            guard case .inject(let inject) = step.verb, let time = inject.storyTime,
                StoryTime(time) == nil
            else { continue }
            reader.stepFields[step.id]?.complain(
                "inject", "'\(time)' is no time of the story", hint: "write it as \"17:05\", in quotes")
        }
    }

    func checkAfter() {
        let after = scenario.after
        for role in after.observers { look(role, "role", roles, top, "after") }
        for case .host(let host, _) in after.report?.destinations ?? [] {
            look(host, "host", hosts, top, "after")
        }
        if after.ratesEachObjective, scenario.ratedObjectives.isEmpty {
            top.complain("after", "each objective is to be rated, and the scenario has none")
        }
        if after.retest == .withinNextCycle,
            !plan.calendar.contains(where: { $0.scenario == scenario.id })
        {
            top.complain(
                "after", "retest: within_next_cycle, and the plan's calendar has no cycle for \(scenario.id)",
                hint: "add the scenario to 'calendar' in the plan, or give a length such as 30d")
        }
    }
}
