// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    /// Table 14, disaster tolerance of key business.
    static let recovery: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "rpo_eff", .seconds, scoped: true, from: [.drills, .copies, .datasets, .services],
                "the larger of the worst recovery point that a drill measured and the worst exposure of the window"
            ) { query in
                query.members.map { RecoveryMeasurement(query, service: $0).recoveryPoint() }
            })
        all.append(
            Metric(
                "rto_eff", .seconds, scoped: true, from: [.drills, .services],
                "the worst time from the disaster to the verified service, with the parts that were assumed"
            ) { query in
                query.members.map { RecoveryMeasurement(query, service: $0).recoveryTime() }
            })
        all.append(
            Metric(
                "standby_rank", .rank, scoped: true, from: [.services, .drills],
                "what stands ready: 1 cold, 2 warm, 3 hot, 4 active at several places"
            ) { query in
                query.members.map { RecoveryMeasurement(query, service: $0).standby() }
            })
        return all
    }()
}

/// What the drills of the window and the copies say about the recovery of one service.
struct RecoveryMeasurement {
    let query: MetricQuery
    let service: String
    let recoveries: [(drill: HeldDrill, recovery: ServiceRecovery)]

    init(_ query: MetricQuery, service: String) {
        self.query = query
        self.service = service
        recoveries = query.facts.drills.flatMap { drill in
            Self.qualifies(drill) && drill.run.endedAt >= query.begin
                ? drill.run.services.filter { $0.service == service }.map { (drill, $0) } : []
        }
    }

    /// A simulation, a partial or a full drill in which something was really done.
    static func qualifies(_ drill: HeldDrill) -> Bool {
        drill.run.exercise >= .simulation && drill.wasHeld && drill.run.mode != .talk
    }

    private var numbers: [Int] { recoveries.map(\.drill.number) }

    private var noRecovery: Reading {
        .nothing(
            service, .recovery(.none(service: service)),
            settledBy: "a simulation, partial or full drill that recovers \(service)")
    }

    // MARK: - Recovery time

    func recoveryTime() -> Reading {
        guard !recoveries.isEmpty else { return noRecovery }
        let times = recoveries.map { Self.time(of: $0.recovery) }
        let worst = times.indices.max { times[$0].upper < times[$1].upper } ?? 0
        return Reading(
            service, from: times.map(\.lower).max() ?? 0, to: times[worst].upper,
            detail: .recovery(.inDrill(times[worst].detail, run: recoveries[worst].drill.run.run)),
            settledBy: "a drill that measures the recovery time of \(service)", population: recoveries.count,
            evidence: numbers)
    }

    /// Bounds in seconds; a service that did not come back has no end.
    private static func time(of recovery: ServiceRecovery) -> (
        lower: Double, upper: Double, detail: Detail.OfRecovery
    ) {
        guard let span = recovery.recoveryTime else {
            return (0, .infinity, .timeNotMeasured(service: recovery.service))
        }
        guard let upper = span.upper else {
            return (.infinity, .infinity, .notBack(service: recovery.service))
        }
        let assumed = recovery.parts.filter(\.isAssumed).map { ($0.span.upper ?? $0.span.lower).inSeconds }
            .reduce(0, +)
        return (
            span.lower.inSeconds + assumed, upper.inSeconds + assumed,
            .back(service: recovery.service, after: span, assumed: Duration(roundedSeconds: assumed))
        )
    }

    // MARK: - Recovery point

    func recoveryPoint() -> Reading {
        let exposure = exposure()
        guard !recoveries.isEmpty else {
            var reading = noRecovery
            reading.lower = exposure.lower
            reading.detail = reading.detail + .exposure(exposure.detail)
            reading.hasNoSource = exposure.lower == 0
            return reading
        }
        let points = recoveries.map { Self.point(of: $0.recovery) }
        let drilled = points.map(\.lower).max() ?? 0
        let worst = points.indices.max { points[$0].upper < points[$1].upper } ?? 0
        var detail =
            .recovery(.inDrill(points[worst].detail, run: recoveries[worst].drill.run.run))
            + Detail.exposure(exposure.detail)
        // A proven hot standby keeps what the copies do not have; how far it lags between drills nobody measures.
        let isHot = exposure.lower > drilled && standby().lower >= Double(Self.rank(of: .hot))
        if isHot {
            detail = detail + .recovery(.beyondTheCopies)
        }
        return Reading(
            service, from: isHot ? drilled : max(drilled, exposure.lower),
            to: max(points.map(\.upper).max() ?? 0, exposure.upper), detail: detail,
            settledBy: isHot
                ? "copies of \(service) as fresh as that: how far a standby lags is not measured"
                : exposure.upper == .infinity && exposure.lower < .infinity
                    ? "copies away from production over the whole window"
                    : "a drill that reads a canary of \(service)",
            population: recoveries.count, evidence: numbers)
    }

    private static func point(of recovery: ServiceRecovery) -> (
        lower: Double, upper: Double, detail: Detail.OfRecovery
    ) {
        guard let span = recovery.recoveryPoint else {
            return (0, .infinity, .pointNotMeasured(service: recovery.service))
        }
        guard let upper = span.upper else {
            return (.infinity, .infinity, .nothingBack(service: recovery.service))
        }
        return (span.lower.inSeconds, upper.inSeconds, .lost(service: recovery.service, span))
    }

    /// The worst that could have been lost at any moment of the window, were production gone.
    private func exposure() -> ExposureBounds {
        let names = query.facts.plan.service(service)?.datasets ?? []
        let all = names.compactMap(query.facts.plan.dataset).map {
            query.facts.digests[$0.id]?.exposure
                ?? query.facts.exposureBounds(of: query.facts.dataset($0.id), in: $0, from: query.begin)
        }
        guard let worst = all.max(by: { ($0.upper, $0.lower) < ($1.upper, $1.lower) }) else {
            return ExposureBounds(lower: 0, upper: .infinity, detail: .noDataset(service: service))
        }
        return ExposureBounds(lower: all.map(\.lower).max() ?? 0, upper: worst.upper, detail: worst.detail)
    }
}
