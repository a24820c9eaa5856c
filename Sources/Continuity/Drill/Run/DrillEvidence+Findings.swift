// SPDX-License-Identifier: Apache-2.0

extension DrillEvidence {
    /// A finding before it is one of history.
    struct Found: Hashable {
        var kind: FindingKind
        var what: String

        init(_ kind: FindingKind, _ what: String) {
            self.kind = kind
            self.what = what
        }

        var text: String { "\(kind.rawValue): \(what)" }
    }

    /// What somebody has to look after, in a fixed order.
    ///
    /// Without those that the scenario chose not to open; the report shows them as deviations all the same.
    func findings(_ recoveries: [ServiceRecovery]) -> [Found] {
        let state = state
        let all =
            recoveries.flatMap(missed) + scenario.steps.compactMap { end(of: $0, state) } + notIsolated
            + lateSteps + scenario.steps.flatMap { said(by: $0, state) }
            + (state.closed?.leftovers ?? state.owedUndos).map { Found(.undoFailed, $0) }
        return all.filter {
            !FindingKind.optional.contains($0.kind) || scenario.after.findingKinds.contains($0.kind)
        }
    }

    private func missed(_ recovery: ServiceRecovery) -> [Found] {
        guard isMeasured(recovery.service) else { return [] }
        let verdicts = [recovery.recoveryTimeVerdict, recovery.recoveryPointVerdict]
        var found = recovery.reasons.map { reason in
            Found(verdicts.contains(.missed) ? .missedTarget : .unproven, reason)
        }
        if let lost = recovery.lostRecords, lost > 0 {
            found.append(Found(.dataLost, "\(lost) acknowledged records of \(recovery.service)"))
        }
        return found
    }

    /// What a step's end is to be looked after for; `nil` when it passed.
    private func end(of step: Step, _ state: RunState) -> Found? {
        guard let end = state.steps[step.id]?.finished else { return Found(.notRun, step.id) }
        let kind: FindingKind
        switch end.result {
        case .passed: return nil
        case .skipped: return Found(.skippedStep, step.id)
        case .failed: kind = .failed
        case .timedOut: kind = .timedOut
        case .gaveUp: kind = .givenUp
        case .unknown: kind = .unknown
        }
        return Found(kind, "\(step.id): \(end.actual)")
    }

    private var notIsolated: [Found] {
        records.compactMap { record in
            guard case .guardChecked(let check) = record.fact, check.isolation?.isProven == false else {
                return nil
            }
            return Found(.notIsolated, "\(record.step ?? ""): \(check.detail)")
        }
    }

    private var lateSteps: [Found] {
        records.compactMap { record in
            guard case .note(let note) = record.fact, note.text.hasPrefix("took "), let step = record.step
            else { return nil }
            return Found(.lateStep, "\(step) \(note.text)")
        }
    }

    /// What people did otherwise than the scenario hoped.
    private func said(by step: Step, _ state: RunState) -> [Found] {
        guard let known = state.steps[step.id] else { return [] }
        var found: [Found] = []
        if let person = known.waivedBy {
            found.append(Found(.manualOverride, "\(step.id): waived by \(person)"))
        }
        guard let question = step.question else { return found }
        if known.notes.contains(where: { $0.hasPrefix("hint: ") }) { found.append(Found(.hintUsed, step.id)) }
        if question.attachment != .none, let answer = known.answers.last, known.finished != nil,
            !known.answers.contains(where: { $0.attachment != nil })
        {
            found.append(Found(.noEvidence, "\(step.id): \(answer.person) answered without a document"))
        }
        return found + (late(step, question, known).map { [$0] } ?? [])
    }

    private func late(_ step: Step, _ question: Question, _ known: RunState.StepState) -> Found? {
        // A step with an 'expect' of its own has said so already.
        let isSaid = known.notes.contains { $0.hasPrefix("took ") }
        guard known.finished?.result == .passed, !isSaid, let begun = known.begunAt,
            let ended = known.finishedAt, begun.bootID == ended.bootID,
            ended.monotonic - begun.monotonic > question.expect
        else { return nil }
        let took = (ended.monotonic - begun.monotonic).text
        return Found(.lateDecision, "\(step.id) took \(took), expected \(question.expect.text)")
    }
}
