// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    /// One step from its guards to its end; for a step that a dead controller left, the rest of it.
    func perform(_ step: Step) throws {
        if let reason = reasonToSkip(step) {
            try finish(step, DrillFact.Finished(result: .skipped, expected: "", actual: reason))
            return
        }
        do {
            guard scenario.mode != .talk || !step.isExecuting else {
                throw OperationError(.refused, "mode talk executes nothing")
            }
            switch step.verb {
            case .run, .script, .shell, .sql, .notify, .clean: try performCommand(step)
            case .backup(let backup): try performBackup(step, backup)
            case .approve(let approval): try performApproval(step, approval)
            case .inject(let inject): try performInject(step, inject)
            case .group(let group): try performGroup(step, group)
            case .restore(let restore): try performRestore(step, restore)
            case .fault(let fault): try performFault(step, fault)
            case .check(let check): try performCheck(step, check)
            case .waitFor(let condition, let deadline): try performWait(step, condition, deadline)
            case .verify(.tree(let check)): try performTreeCheck(step, check)
            case .verify(.canary(let check)): try performCanaryCheck(step, check)
            case .verify(.writes(let check)): try performWriteCheck(step, check)
            case .mark(let name): try performMark(step, name)
            case .human(let question), .decision(let question): try performQuestion(step, question)
            }
        } catch {
            if journalFailure != nil { throw error }
            let unsure = step.isMutating && state.steps[step.id]?.started.isEmpty == false
            try finish(
                step,
                DrillFact.Finished(
                    result: unsure ? .unknown : .failed, expected: step.name, actual: "\(error)"))
        }
    }

    func reasonToSkip(_ step: Step) -> String? {
        guard state.steps[step.id]?.intent == nil else { return nil }
        if let modes = step.modes, !modes.contains(scenario.mode) {
            return "not in mode \(scenario.mode.rawValue)"
        }
        let index = scenario.steps.firstIndex { $0.id == step.id } ?? 0
        let isGroup = if case .group = step.verb { true } else { false }
        let failed = scenario.needs(of: index).first {
            state.result(of: $0)?.allowsGoingOn == false && state.steps[$0]?.waivedBy == nil
        }
        // A group judges its members itself.
        if let failed, !isGroup { return "needs \(failed), which did not pass" }
        if let when = step.when, holds(when, step: step.id) != true { return "its 'when' does not hold" }
        return nil
    }

    /// Writes the end of a step, after the confirmation it asks for.
    func finish(_ step: Step, _ end: DrillFact.Finished) throws {
        var end = end
        let saves = end.saved
        end.saved = step.save.compactMapValues { saves[$0] }
        if end.result == .passed, let expect = step.expect,
            let begun = state.steps[step.id].flatMap({ $0.intentAt ?? $0.begunAt })
        {
            let took = context.time.sinceBoot() - begun.monotonic
            if took > expect { note("took \(took.text), expected \(expect.text)", step: step.id) }
        }
        try record(.finished(end), step: step.id)
    }

    /// Waits until the confirmation of a step holds.
    ///
    /// `numbers`: samples before these were made before the step and prove nothing.
    /// Returns what was found; the step has only passed when it holds.
    func confirm(_ step: Step, from numbers: [String: Int], within limit: Duration) throws -> Bool {
        guard let confirmation = step.confirm else { return true }
        if let known = state.steps[step.id]?.confirmed, known.passed { return true }
        let (passed, detail): (Bool, String)
        switch confirmation {
        case .condition(let condition):
            passed = wait(for: condition, within: limit, from: numbers, step: step.id)
            detail =
                (passed
                    ? "\(condition.text) holds" : "\(condition.text) did not hold within \(limit.text)")
                + alertWords(condition, since: state.disturbedAt(scenario))
        case .expectation(let expectation):
            (passed, detail) = try meets(expectation, of: step, unit: step.id + ".confirm", limit: limit)
        case .sql(let query):
            (passed, detail) = try meets(query, of: step, unit: step.id + ".confirm", limit: limit)
        }
        try record(.confirmed(DrillFact.Confirmed(passed: passed, detail: detail)), step: step.id)
        return passed
    }

    private func performMark(_ step: Step, _ name: String) throws {
        if state.marks[name] == nil { try record(.mark(DrillFact.Mark(name: name)), step: step.id) }
        try finish(step, DrillFact.Finished(result: .passed, expected: "mark \(name)", actual: "set"))
    }

    private func performWait(_ step: Step, _ condition: Condition, _ deadline: Duration) throws {
        let begun = context.time.sinceBoot()
        try record(.started(DrillFact.Started(host: nil, unit: nil, hostNs: nil)), step: step.id)
        let passed = wait(for: condition, within: deadline, from: [:], step: step.id, endsWithRun: true)
        let took =
            (context.time.sinceBoot() - begun).text
            + alertWords(condition, since: state.disturbedAt(scenario))
        try finish(
            step,
            DrillFact.Finished(
                result: passed ? .passed : .timedOut, expected: "\(condition.text) within \(deadline.text)",
                actual: passed ? "so after \(took)" : "not so after \(took)"))
    }
}
