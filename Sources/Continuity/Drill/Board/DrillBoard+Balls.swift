// SPDX-License-Identifier: Apache-2.0

/// Who holds the ball: a line for each step under way, people first, since it is they who are waited for.
extension DrillBoard {
    /// Four lines at most: eighty columns and twenty-four lines must hold the rest as well.
    func balls(_ state: RunState) -> [String] {
        let open = evidence.scenario.steps.filter { isOpen($0, state) }
        guard !open.isEmpty else {
            return [state.closed == nil ? "BALL: lifeboat, between two steps" : "BALL: nobody's, it is over"]
        }
        let asking = open.filter { isAsking($0, state) }
        let lines =
            asking.map { ball(of: $0, state) }
            + open.filter { !isAsking($0, state) }.map {
                ball(of: $0, state)
            }
        guard lines.count > 4 else { return lines }
        return lines.prefix(3) + ["BALL: and \(lines.count - 3) more steps under way"]
    }

    private func isOpen(_ step: Step, _ state: RunState) -> Bool {
        state.steps[step.id]?.isGoingOn == true || waiver(of: step, state) != nil
    }

    private func isAsking(_ step: Step, _ state: RunState) -> Bool {
        if waiver(of: step, state) != nil { return true }
        switch step.verb {
        case .human, .decision, .approve: return true
        case .inject: return evidence.scenario.pace?.driver != nil
        default: return false
        }
    }

    /// The question whether the run may go on although the step failed, while nobody has answered it.
    private func waiver(of step: Step, _ state: RunState) -> Approval? {
        guard let known = state.steps[step.id], let end = known.finished, state.stopped == nil,
            step.isCritical, known.waivedBy == nil, ![.passed, .skipped].contains(end.result)
        else { return nil }
        return step.onFail
    }

    private func ball(of step: Step, _ state: RunState) -> String {
        let begun = state.steps[step.id]?.begunAt?.monotonic ?? now
        let expected =
            timeline.slots.first { $0.step == step.id }.map { " of \(Self.clock($0.length))" } ?? ""
        let took = "\(Self.clock(now - begun))\(expected)"
        if let waiver = waiver(of: step, state) {
            return "BALL: \(waiver.from.joined(separator: ", ")) \(step.id) FAILED: \(waiver.ask)"
        }
        switch step.verb {
        case .human(let question), .decision(let question):
            let holder = holder(of: question, step, state, waited: now - begun)
            let shown = evidence.shown(beside: question)
            let beside = shown.isEmpty ? "" : "[\(shown.joined(separator: "; "))] "
            return "BALL: \(holder) \(step.id) \(took): \(beside)\(question.ask)"
        case .inject(let inject):
            guard let driver = evidence.scenario.pace?.driver else {
                return
                    "BALL: the story's clock, \(step.id) \(took): to be told at \(inject.storyTime ?? "once")"
            }
            let people = evidence.scenario.role(driver)?.people ?? []
            return "BALL: \(Self.named(driver, people)) \(step.id) \(took): \(inject.cue)"
        case .approve(let approval):
            return "BALL: \(approval.from.joined(separator: ", ")) \(step.id) \(took): \(approval.ask)"
        default:
            let place = step.touchedHosts.isEmpty ? "" : " at \(step.touchedHosts.joined(separator: ", "))"
            return "BALL: lifeboat, \(step.id)\(place) \(took): \(step.name)"
        }
    }

    /// The role that has to answer now, with the people who can: nobody absent is waited for.
    private func holder(
        of question: Question, _ step: Step, _ state: RunState, waited: Duration
    ) -> String {
        let absent = state.absentPeople(evidence.scenario)
        let answered = state.steps[step.id]?.answers.contains { $0.role == question.role } == true
        let role = answered ? question.second ?? question.role : question.role
        let people = evidence.scenario.role(role)?.holders(without: absent) ?? []
        guard let rule = question.escalation else {
            return people.isEmpty ? "\(role) (nobody can be reached)" : Self.named(role, people)
        }
        let next = Self.named(rule.to, evidence.scenario.role(rule.to)?.holders(without: absent) ?? [])
        if waited >= rule.after { return people.isEmpty ? next : "\(Self.named(role, people)) and \(next)" }
        guard people.isEmpty else { return Self.named(role, people) }
        return "\(role) (nobody can be reached; \(next) in \(Self.clock(rule.after - waited)))"
    }

    private static func named(_ role: String, _ people: [String]) -> String {
        people.isEmpty ? role : "\(role) (\(people.joined(separator: ", ")))"
    }
}
