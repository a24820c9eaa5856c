// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// All that an after-action report is made from.
package struct AfterActionSource: Sendable {
    package var evidence: DrillEvidence
    package var plan: Plan
    package var generatedAt: Moment
    package var language: ReportLanguage
    /// Earlier runs, of which the newest of the same scenario is compared.
    package var earlier: [DrillRun]
    /// The number of the run's event in the ledger.
    package var ledgerEvent: Int?
    /// What evaluators have said about the run, oldest first.
    package var observations: [DrillObservation]

    package init(
        evidence: DrillEvidence, plan: Plan, generatedAt: Moment, language: ReportLanguage = .en,
        earlier: [DrillRun] = [], ledgerEvent: Int? = nil,
        observations: [DrillObservation] = []
    ) {
        self.evidence = evidence
        self.plan = plan
        self.generatedAt = generatedAt
        self.language = language
        self.earlier = earlier
        self.ledgerEvent = ledgerEvent
        self.observations = observations
    }

    var words: Wording { Wording(language, zone: plan.zone, now: generatedAt) }

    /// Makes the report.
    ///
    /// - Returns: `nil` when the journal does not begin with the opening of a run.
    package func report() -> AfterAction? {
        let state = evidence.state
        guard let run = evidence.drillRun(), let opened = state.opened else { return nil }
        let previous = earlier.filter { $0.scenario == run.scenario && $0.endedAt < run.begunAt }
            .max { $0.endedAt < $1.endedAt }
        let deviations = self.deviations(state)
        let ratings = self.ratings(run, state, deviations)
        let timeline = Timeline(evidence)
        return AfterAction(
            format: AfterAction.format, organisation: plan.organisation, workspace: plan.workspace,
            zone: plan.zone, language: language, generatedAt: generatedAt, run: run, opened: opened,
            stopped: state.stopped, services: run.services.map { servicePart($0, run, state) },
            timeline: timeline, validation: validation(state, timeline), activity: activity,
            deviations: deviations, objectives: ratings, strengths: strengths(run, state),
            areas: run.findings + observedAreas(run), improvements: improvements(run),
            method: method(state, run),
            undos: undos(state), leftovers: state.closed?.leftovers ?? state.owedUndos,
            guards: facts { if case .guardChecked(let guardResult) = $0 { guardResult } else { nil } },
            probeFiles: facts { if case .probe(let batch) = $0 { batch } else { nil } },
            previous: previous, ledgerEvent: ledgerEvent)
    }

    func facts<Value>(_ choose: (DrillFact) -> Value?) -> [Value] {
        evidence.records.compactMap { choose($0.fact) }
    }

    func journal(of step: String) -> EventTrace {
        EventTrace(evidence.records.filter { $0.step == step }.map(\.sequence))
    }

    // MARK: - Services

    private func servicePart(
        _ recovery: ServiceRecovery, _ run: DrillRun, _ state: RunState
    ) -> AfterAction.ServicePart {
        let service = plan.service(recovery.service)
        let proofs = evidence.scenario.steps.compactMap { state.steps[$0.id]?.finished?.proof }
        return AfterAction.ServicePart(
            recovery: recovery, owner: service?.owner, minimumService: service?.objectives.minimumService,
            figures: recovery.figures(
                measuredAt: run.endedAt, now: generatedAt, trace: EventTrace(ledgerEvent.map { [$0] } ?? [])),
            tolerableSeconds: service?.objectives.tolerable?.inSeconds, loss: loss(recovery),
            restored: proofs.compactMap { if case .restored(let value) = $0 { value } else { nil } },
            trees: proofs.compactMap { if case .tree(let value) = $0 { value } else { nil } },
            writes: proofs.compactMap { if case .writes(let value) = $0 { value } else { nil } })
    }

    private func loss(_ recovery: ServiceRecovery) -> AfterAction.DataLoss? {
        guard let read = evidence.canaryRead(of: recovery.service) else { return nil }
        let known = (evidence.acknowledged[read.canary] ?? []).sorted { $0.sequence < $1.sequence }
        let lost = known.filter { record in
            guard let disaster = recovery.disasterAt else { return false }
            return record.acknowledgedAt <= disaster.latest && record.sequence > (read.lastSequence ?? 0)
        }
        return AfterAction.DataLoss(
            canary: read.canary, read: read,
            lastRecovered: known.first { $0.sequence == read.lastSequence }, firstLost: lost.first,
            lastLost: lost.last, lostRecords: recovery.lostRecords, acknowledged: known.count)
    }

    // MARK: - Steps

    private func validation(_ state: RunState, _ timeline: Timeline) -> [AfterAction.ValidationRow] {
        evidence.scenario.steps.map { step in
            let finished = state.steps[step.id]?.finished
            let row = timeline.rows.first { $0.step == step.id }
            return AfterAction.ValidationRow(
                step: step.id, phase: step.phase, procedure: step.name, expected: finished?.expected ?? "",
                actual: finished?.actual ?? "", successful: finished?.result,
                by: finished?.performedBy ?? "", isCritical: step.isCritical,
                lengthSeconds: row.flatMap { row in row.endSeconds.map { $0 - row.beginSeconds } },
                journal: journal(of: step.id))
        }
    }

    private func undos(_ state: RunState) -> [AfterAction.UndoRow] {
        state.intended.compactMap { id in
            guard let step = state.steps[id], step.undo != .none else { return nil }
            let acts = evidence.records.filter { $0.step == id }.compactMap { record -> DrillFact.Undo? in
                switch record.fact {
                case .undoIntent(let undo), .undoDone(let undo), .undoFailed(let undo): undo
                default: nil
                }
            }
            let outcome: AfterAction.UndoRow.State =
                step.undo == .done ? .done : step.undo == .failed ? .failed : .owed
            return AfterAction.UndoRow(
                step: id, what: acts.last?.what ?? step.intent?.undo ?? "", host: acts.last?.host,
                state: outcome, detail: step.undoDetail, journal: journal(of: id))
        }
    }
}
