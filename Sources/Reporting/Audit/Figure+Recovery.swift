// SPDX-License-Identifier: Apache-2.0
package import Continuity

extension ServiceRecovery {
    /// The numbers of a drill about one service.
    package func figures(measuredAt: Moment, now: Moment, trace: EventTrace) -> [Figure] {
        func figure(
            _ kind: Figure.Kind, _ span: Span?, _ objective: Double?, _ verdict: MetricVerdict,
            _ reasons: [String]
        ) -> Figure {
            Figure(
                kind: kind, span: span, objectiveSeconds: objective, verdict: verdict, evidence: evidence,
                measuredAt: measuredAt, ageSeconds: (now - measuredAt).inSeconds, reasons: reasons,
                trace: trace)
        }
        let about = Dictionary(grouping: reasons, by: Self.isAboutData)
        var figures = [
            figure(
                .recoveryTime, recoveryTime, recoveryTimeObjective, recoveryTimeVerdict, about[false] ?? [])
        ]
        if let projected = projectedTime {
            let objective = recoveryTimeObjective.map { Duration(roundedSeconds: $0) }
            let verdict = Figure.verdict(projected, objective: objective)
            figures.append(
                figure(
                    .recoveryTimeProjected, projected, recoveryTimeObjective,
                    recoveryTimeVerdict == .unproven ? .unproven : verdict, []))
        }
        figures.append(
            figure(
                .recoveryPoint, recoveryPoint, recoveryPointObjective, recoveryPointVerdict, about[true] ?? []
            ))
        return figures
    }

    /// Measured and assumed parts together; `nil` when nothing was assumed or nothing was measured.
    package var projectedTime: Span? {
        let assumed = parts.filter(\.isAssumed)
        guard let measured = recoveryTime, !assumed.isEmpty else { return nil }
        // The assumed length stands for a part that was measured as well, so that none counts twice.
        let names = Set(assumed.map(\.name))
        let twice = parts.filter { !$0.isAssumed && names.contains($0.name) }
        let more = assumed.reduce(Duration.zero) { $0 + $1.span.lower }
        let less = twice.reduce(Duration.zero) { $0 + $1.span.lower }
        return Span(
            lower: max(.zero, measured.lower + more - less),
            upper: measured.upper.map { max(.zero, $0 + more - less) })
    }

    /// The parts as they follow each other in a real recovery, measured before assumed.
    package var partsInOrder: [RecoveryPart] {
        let order = ["detect", "decide", "recover", "validate"]
        return parts.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            let places = (order.firstIndex(of: first.name) ?? 9, order.firstIndex(of: second.name) ?? 9)
            return (places.0, left.offset) < (places.1, right.offset)
        }.map(\.element)
    }

    /// Whether a reason speaks of the data rather than of the time.
    private static func isAboutData(_ reason: String) -> Bool {
        ["recovery point", "canary", "acknowledged", "when the outage began"].contains { reason.contains($0) }
    }
}
