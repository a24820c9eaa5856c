// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditSource {
    /// What the last drill measured.
    func measuredFigures(_ recovery: ServiceRecovery, run: DrillRun, sequence: Int) -> [Figure] {
        let trace = EventTrace([sequence] + canaryEvents(recovery, run))
        return recovery.figures(measuredAt: run.endedAt, now: generatedAt, trace: trace)
    }

    /// No drill of the period measured the service: said, not drawn as zero.
    func missingFigures(_ service: Service) -> [Figure] {
        [
            (Figure.Kind.recoveryTime, service.objectives.recoveryTime),
            (.recoveryPoint, service.objectives.recoveryPoint),
        ].map { kind, objective in
            Figure(
                kind: kind, span: nil, objectiveSeconds: objective?.inSeconds, verdict: .unproven,
                evidence: .none, measuredAt: nil, ageSeconds: nil,
                reasons: [language("no drill of the period measured it", "期间内没有演练测量过")], trace: .none)
        }
    }

    /// What would be lost now, and what would have been lost at the worst moment, by the weakest dataset.
    func exposureFigures(_ service: Service, _ datasets: [AuditReport.DatasetPart]) -> [Figure] {
        guard !datasets.isEmpty else { return [] }
        let objective = service.objectives.recoveryPoint
        let trace = EventTrace(datasets.flatMap(\.trace.events))
        let now = worst(datasets.map { ($0.copies.dataset, $0.copies.exposureSeconds, $0.copies.judgedAt) })
        let over = worst(
            datasets.map { part in
                let loss = part.exposures.first { $0.loss.name == part.productionSite }
                return (part.copies.dataset, loss?.worstSeconds, loss?.worstAt ?? part.copies.judgedAt)
            })
        return [(Figure.Kind.exposureNow, now), (.worstExposure, over)].map { kind, worst in
            let span = worst.seconds.map { seconds in
                Span(lower: Duration(roundedSeconds: seconds), upper: Duration(roundedSeconds: seconds))
            }
            return Figure(
                kind: kind, span: span, objectiveSeconds: objective?.inSeconds,
                verdict: worst.seconds == nil ? .missed : Figure.verdict(span, objective: objective),
                evidence: worst.seconds == nil ? .none : .readiness, measuredAt: worst.at,
                ageSeconds: (generatedAt - worst.at).inSeconds,
                reasons: worst.seconds == nil
                    ? [
                        language(
                            "no proven copy of \(worst.dataset) would have survived",
                            "\(worst.dataset) 没有可存活的已验证副本")
                    ] : [language("weakest dataset: \(worst.dataset)", "最弱数据集：\(worst.dataset)")],
                trace: trace)
        }
    }

    private func worst(
        _ values: [(dataset: String, seconds: Double?, at: Moment)]
    ) -> (dataset: String, seconds: Double?, at: Moment) {
        values.first { $0.seconds == nil }
            ?? values.max { ($0.seconds ?? 0) < ($1.seconds ?? 0) } ?? ("", nil, generatedAt)
    }

    /// The acknowledged records around the recovered one: what the recovery point was read from.
    private func canaryEvents(_ recovery: ServiceRecovery, _ run: DrillRun) -> [Int] {
        guard let recovered = recovery.recoveredPointAt, let disaster = recovery.disasterAt else { return [] }
        return events.compactMap { event in
            guard case .canaryRecord(let record) = event.body, record.dataset == recovery.dataset,
                record.writtenAt >= recovered, record.writtenAt <= disaster.latest
            else { return nil }
            return event.sequence
        }
    }
}
