// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// One number of a report, with all that is needed to doubt it.
package struct Figure: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// Begin of the outage to the valid service, in a drill.
        case recoveryTime = "recovery_time"
        /// The same with the parts that the drill could not measure and the scenario assumes.
        case recoveryTimeProjected = "recovery_time_projected"
        /// Begin of the outage back to the newest recovered record, in a drill.
        case recoveryPoint = "recovery_point"
        /// What would have been lost at the worst moment of the period.
        case worstExposure = "worst_exposure"
        /// What would be lost if production failed when the report was made.
        case exposureNow = "exposure_now"
    }

    package var kind: Kind
    /// `nil` = not known.
    package var span: Span?
    package var objectiveSeconds: Double?
    package var verdict: MetricVerdict
    package var evidence: EvidenceClass
    /// When it was measured; its age counts from here.
    package var measuredAt: Moment?
    package var ageSeconds: Double?
    /// Why the verdict is not met, or what stands behind the number.
    package var reasons: [String]
    package var trace: EventTrace

    package init(
        kind: Kind, span: Span?, objectiveSeconds: Double?, verdict: MetricVerdict, evidence: EvidenceClass,
        measuredAt: Moment?, ageSeconds: Double?, reasons: [String], trace: EventTrace
    ) {
        self.kind = kind
        self.span = span
        self.objectiveSeconds = objectiveSeconds
        self.verdict = verdict
        self.evidence = evidence
        self.measuredAt = measuredAt
        self.ageSeconds = ageSeconds
        self.reasons = reasons
        self.trace = trace
    }

    package var objective: Duration? { objectiveSeconds.map { Duration(roundedSeconds: $0) } }

    /// The verdict on an interval by itself: met only when all of it keeps the objective.
    package static func verdict(_ span: Span?, objective: Duration?) -> MetricVerdict {
        guard let span, let objective else { return .unproven }
        if let upper = span.upper, upper <= objective { return .met }
        return span.lower > objective ? .missed : .unproven
    }
}
