// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    func performQuestion(_ step: Step, _ question: Question) throws {
        let choices = question.choices.map(\.id).joined(separator: ", ")
        let expected =
            choices.isEmpty ? "\(question.role) answers" : "\(question.role) says one of \(choices)"
        guard let answer = try ask(step, question) else {
            return try finish(
                step,
                DrillFact.Finished(
                    result: context.control.abortReason == nil ? .gaveUp : .failed, expected: expected,
                    actual: "nobody answered within \(question.giveUp.text)", performedBy: question.role))
        }
        let passes = question.choices.first { $0.id == answer.answer }?.passes ?? true
        try finish(
            step,
            DrillFact.Finished(
                result: passes ? .passed : .failed, expected: expected,
                actual: answer.text.map { "\(answer.answer): \($0)" } ?? answer.answer,
                performedBy: answer.by == "file" ? "\(answer.person), by file" : answer.person,
                saved: ["answer": answer.answer]))
    }

    /// Asks, and waits for a valid answer from another terminal or from the file.
    ///
    /// - Returns: `nil` when nobody answered in time or the drill is to stop.
    func ask(_ step: Step, _ question: Question) throws -> DrillFact.Answer? {
        if let known = state.steps[step.id]?.answers.last, isValid(known.answer, question) { return known }
        if state.steps[step.id]?.started.isEmpty != false {
            try record(.started(DrillFact.Started(host: nil, unit: nil, hostNs: nil)), step: step.id)
        }
        if let prepared = context.answers[step.id], isValid(prepared, question) {
            return try keep(
                DrillFact.Answer(
                    role: question.role, person: scenario.role(question.role)?.people.first ?? question.role,
                    answer: prepared, text: nil, by: "file", isAuthenticated: false), step)
        }
        let end = context.time.sinceBoot() + question.giveUp
        while context.time.sinceBoot() < end {
            if let answer = takeAnswer(step, question) { return try keep(answer, step) }
            if reasonToStop() != nil { return nil }
            context.control.pause(.milliseconds(100))
        }
        return nil
    }

    private func keep(_ answer: DrillFact.Answer, _ step: Step) throws -> DrillFact.Answer {
        try record(.answer(answer), step: step.id)
        return answer
    }

    private func takeAnswer(_ step: Step, _ question: Question) -> DrillFact.Answer? {
        let spool = RequestSpool(folder: context.folder)
        for (path, request) in spool.waiting() {
            guard case .answer(let id, let answer, let text, let person) = request, id == step.id else {
                continue
            }
            spool.drop(path)
            guard isValid(answer, question) else {
                note("'\(answer)' is no answer to \(id)", step: id)
                continue
            }
            let people = scenario.role(question.role)?.people ?? []
            let name = person ?? people.first ?? question.role
            guard people.isEmpty || people.contains(name) else {
                note("\(name) does not hold the role \(question.role)", step: id)
                continue
            }
            return DrillFact.Answer(
                role: question.role, person: name, answer: answer, text: text, by: "terminal",
                isAuthenticated: false)
        }
        return nil
    }

    private func isValid(_ answer: String, _ question: Question) -> Bool {
        question.choices.isEmpty || question.choices.contains { $0.id == answer }
    }
}
