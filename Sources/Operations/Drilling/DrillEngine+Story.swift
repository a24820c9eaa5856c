// SPDX-License-Identifier: Apache-2.0
import Continuity
import Ledger

/// News for people at a table, at the pace of their story.
extension DrillEngine {
    func performInject(_ step: Step, _ inject: Inject) throws {
        let time = inject.storyTime.map { "\($0) " } ?? ""
        let teller = try scenario.pace.map { try awaitCue(for: step, inject, $0) } ?? .clock
        let expected = "told \(inject.to.joined(separator: ", "))"
        guard let teller else {
            return try finish(
                step,
                DrillFact.Finished(
                    result: .failed, expected: expected, actual: "not told before the run was stopped"))
        }
        var end = DrillFact.Finished(
            result: .passed, expected: expected, actual: "\(time)\(try values.fill(inject.text))")
        if case .person(let name) = teller { end.performedBy = name }
        try finish(step, end)
    }

    private enum Teller {
        case clock
        case person(String)
    }

    /// Waits until the story has come so far, or until whoever moves it on says so.
    ///
    /// - Returns: `nil` when the run was stopped before.
    private func awaitCue(for step: Step, _ inject: Inject, _ pace: StoryPace) throws -> Teller? {
        guard let driver = pace.driver else { return try awaitStory(step, inject) ? .clock : nil }
        // A drill that answers itself from a file has nobody who could say it, unless the file does.
        guard context.answers.isEmpty || context.answers[step.id] != nil else { return .clock }
        var cue = inject
        cue.text = try values.fill(inject.text)
        let question = Question(
            role: driver, ask: cue.cue, choices: [Question.Choice(id: Inject.told)],
            expect: scenario.safety.maxDuration, giveUp: scenario.safety.maxDuration)
        return try ask(step, question).map { .person($0.person) }
    }

    private func awaitStory(_ step: Step, _ inject: Inject) throws -> Bool {
        guard let time = scenario.storyTimes.first(where: { $0.step == step.id })?.time else { return true }
        if state.steps[step.id]?.started.isEmpty != false {
            try record(.started(DrillFact.Started(host: nil, unit: nil, hostNs: nil)), step: step.id)
        }
        // The first news sets the clock.
        while let clock = StoryClock(scenario, state) {
            let now = StoryClock.Instant(
                utc: context.time.now(), monotonic: context.time.sinceBoot(), bootID: journal.bootID)
            if clock.wait(for: time, at: now) <= .zero { return true }
            if ending != nil || reasonToStop() != nil { return false }
            pause(.milliseconds(100))
        }
        return true
    }
}
