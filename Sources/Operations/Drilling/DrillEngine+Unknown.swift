// SPDX-License-Identifier: Apache-2.0
import Continuity

/// What is done when nobody can know whether a step was carried out: never again blindly.
extension DrillEngine {
    /// Settles a step whose end its host has lost: by its own confirmation, else by a person's word.
    ///
    /// - Returns: the end of the step; `.unknown` when nobody could say.
    func settle(
        _ lost: DrillFact.Finished, _ command: PreparedCommand, at host: String, step: Step, limit: Duration
    ) throws -> DrillFact.Finished {
        guard step.isMutating else { return lost }
        if step.confirm != nil {
            guard try confirm(step, from: [:], within: limit) else { return lost }
            var known = lost
            known.result = .passed
            known.actual = "its end is not known; its confirmation holds"
            return known
        }
        let answer = try holdAndAsk(
            step, because: "nobody knows whether \(step.id) was done at \(host)",
            ask: "\(host) lost \(step.id) (\(step.name)) in the middle: was it done?",
            [
                Question.Choice(id: "done"), Question.Choice(id: "not_done"),
                Question.Choice(id: "give_up", passes: false),
            ])
        switch answer?.answer {
        case "done":
            var known = lost
            known.result = .passed
            known.actual = "its end is not known; done, says \(answer?.person ?? "")"
            known.performedBy = answer?.person ?? known.performedBy
            return known
        case "not_done":
            note("run again on the word of \(answer?.person ?? "")", step: step.id)
            return try execute(command, unit: step.id + ".again", at: host, step: step, limit: limit)
        default: return lost
        }
    }

    /// Holds the run and asks whoever leads it; an answer that an earlier controller took counts.
    ///
    /// - Returns: `nil` when nobody answered, or nobody is expected to be there.
    func holdAndAsk(
        _ step: Step, because reason: String, ask text: String, _ choices: [Question.Choice]
    ) throws -> DrillFact.Answer? {
        guard watchesPresence else { return nil }
        let words = choices.map(\.id).joined(separator: ", ")
        try record(
            .hold(DrillFact.Reason(text: "\(reason); answer \(step.id) with one of \(words)")), step: step.id)
        let answer = try ask(
            step,
            Question(
                role: "conductor", ask: text, choices: choices, expect: .minutes(5), giveUp: .minutes(30)))
        try record(.release(DrillFact.Reason(text: answer?.answer ?? "nobody answered")), step: step.id)
        return answer
    }
}
