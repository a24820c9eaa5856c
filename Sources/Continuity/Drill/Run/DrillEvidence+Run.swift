// SPDX-License-Identifier: Apache-2.0

extension DrillEvidence {
    /// The run as history keeps it.
    ///
    /// - Returns: `nil` when the journal does not begin with the opening of a run.
    package func drillRun() -> DrillRun? {
        let state = state
        guard let opened = state.opened, let first = records.first, let last = records.last else {
            return nil
        }
        let recoveries = opened.services.map(recovery(of:))
        return DrillRun(
            run: first.run, scenario: opened.scenario, title: opened.title, exercise: opened.exercise,
            mode: opened.mode, isAnnounced: opened.isAnnounced, begunAt: first.utc, endedAt: last.utc,
            outcome: state.closed?.outcome ?? .incomplete, aftermath: aftermath, services: recoveries,
            participants: participants, findings: findings(recoveries).map(\.text),
            approvedSha256: opened.approvedSha256,
            journalRecords: records.count, journalSha256: journalSha256, steps: stepRuns)
    }

    /// The steps that were begun and not left out, in the order of their begins.
    private var stepRuns: [DrillRun.StepRun] {
        let state = state
        let begun = scenario.steps.compactMap { step -> (sequence: Int, run: DrillRun.StepRun)? in
            guard let known = state.steps[step.id], let first = known.begunAt,
                known.finished?.result != .skipped
            else { return nil }
            return (
                first.sequence,
                DrillRun.StepRun(
                    step: step.id, verb: step.verb.name, phase: step.phase.rawValue, hosts: step.touchedHosts,
                    dataset: step.restoredDataset, begunAt: first.utc, endedAt: known.finishedAt?.utc,
                    result: known.finished?.result.rawValue)
            )
        }
        return begun.sorted { $0.sequence < $1.sequence }.map(\.run)
    }

    /// What the run came to; unproven never counts as met.
    package var outcome: DrillOutcome {
        switch state.stopped?.cause {
        case nil: return .incomplete
        case .aborted, .guarded, .real: return .aborted
        case .failed: return .failed
        case .completed: break
        }
        let verdicts = scenario.services.filter(isMeasured).map(recovery(of:)).flatMap {
            [$0.recoveryTimeVerdict, $0.recoveryPointVerdict]
        }
        if aftermath == .leftovers || verdicts.contains(.missed) { return .failed }
        // People let it go on, which does not make the step a passed one.
        let state = state
        let isWaived = scenario.steps.contains { $0.isCritical && state.steps[$0.id]?.waivedBy != nil }
        if isWaived { return .incomplete }
        return verdicts.contains(.unproven) ? .incomplete : .passed
    }

    /// Whether the run is about how soon and with what a service came back.
    ///
    /// At a table nothing comes back, so nothing is left unproven there unless the scenario asks for it. But
    /// whatever the exercise is called: where a host was disturbed or data was brought back, it is.
    func isMeasured(_ service: String) -> Bool {
        switch scenario.exercise {
        case .deskCheck, .walkthrough, .tabletop, .sandTable:
            scenario.clock(of: service) != nil || scenario.restoredWhen[service] != nil || hasActed
        case .simulation, .partial, .full: true
        }
    }

    /// Whether a host was disturbed or data was brought back, by the intents on record.
    private var hasActed: Bool {
        let state = state
        return scenario.steps.contains { step in
            guard state.steps[step.id]?.intent != nil else { return false }
            if case .fault(let fault) = step.verb { return fault.host != nil }
            return step.restoredDataset != nil
        }
    }

    package var aftermath: Aftermath {
        (state.closed?.leftovers.isEmpty ?? true) && state.owedUndos.isEmpty ? .clean : .leftovers
    }

    private var participants: [DrillRun.Participant] {
        var seen: Set<DrillRun.Participant> = []
        return records.compactMap { record in
            guard case .answer(let answer) = record.fact else { return nil }
            let person = DrillRun.Participant(
                person: answer.person, role: answer.role, answeredBy: answer.by == "file" ? "file" : "present"
            )
            return seen.insert(person).inserted ? person : nil
        }
    }
}
