// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// One screen: what would be lost if production failed now, service by service.
package struct StatusReport: Hashable, Sendable, Codable {
    /// The four states of a Nagios check; the raw value is not the exit status, `exitStatus` is.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        case ok
        case warning
        case critical
        case unknown

        /// 0, 1, 2 or 3.
        package var exitStatus: Int32 {
            switch self {
            case .ok: 0
            case .warning: 1
            case .critical: 2
            case .unknown: 3
            }
        }

        /// What a whole is when its parts are in several states: critical, unknown, warning, ok.
        package static func worst(_ states: some Sequence<State>) -> State {
            let states = Set(states)
            return [State.critical, .unknown, .warning].first(where: states.contains)
                ?? (states.isEmpty ? .unknown : .ok)
        }
    }

    package struct ServiceStatus: Hashable, Sendable, Codable {
        package var service: String
        package var state: State
        /// The dataset that would lose most; `nil` = the service has none.
        package var dataset: String?
        /// `nil` = everything, or not known; the reasons say which.
        package var exposureSeconds: Double?
        package var objectiveSeconds: Double?
        package var recoverableAt: Moment?
        /// The fewest verified whole copies among its datasets, and how many are asked for there.
        package var copies: Int
        package var copiesAskedFor: Int
        package var lastDrill: LastDrill?
        package var reasons: [String]
        package var repairs: [String]
        /// What would be lost if each site were gone now, by the service's worst dataset.
        package var losses: [SiteLoss]
    }

    package struct SiteLoss: Hashable, Sendable, Codable {
        package var site: String
        /// The dataset that would lose most there.
        package var dataset: String
        /// `nil` = everything.
        package var exposureSeconds: Double?
        package var copiesLeft: Int
    }

    package struct LastDrill: Hashable, Sendable, Codable {
        package var run: String
        package var endedAt: Moment
        package var outcome: DrillOutcome
        package var recoveryTime: Span?
        package var verdict: MetricVerdict
    }

    package var workspace: String
    package var judgedAt: Moment
    package var state: State
    package var services: [ServiceStatus]

    /// Judges everything at one instant; pure.
    package init(plan: Plan, book: CopyBook, drills: [DrillRun], at now: Moment) {
        self.init(
            plan: plan, copies: plan.datasets.map { book.judge($0, in: plan, at: now) }, drills: drills,
            at: now)
    }

    /// The same from heads, which costs the same however long the history is.
    package init(plan: Plan, heads: [String: CopyHead], drills: [DrillRun], at now: Moment) {
        self.init(
            plan: plan, copies: Self.judge(plan.datasets[...], heads, in: plan, at: now), drills: drills,
            at: now)
    }

    /// Judges some of a plan's datasets, so that several threads may share the work.
    package static func judge(
        _ datasets: ArraySlice<Dataset>, _ heads: [String: CopyHead], in plan: Plan, at now: Moment
    ) -> [DatasetCopies] {
        let nothing = CopyBook()
        let table = LossTable(plan)
        return datasets.map {
            heads[$0.id]?.judge($0, in: plan, at: now, losses: table) ?? nothing.judge($0, in: plan, at: now)
        }
    }

    /// From datasets that were judged at the instant.
    package init(plan: Plan, copies judged: [DatasetCopies], drills: [DrillRun], at now: Moment) {
        let copies = Dictionary(judged.map { ($0.dataset, $0) }, uniquingKeysWith: { $1 })
        workspace = plan.workspace
        judgedAt = now
        services = plan.services.map { service in
            Self.judge(service, service.datasets.compactMap { copies[$0] }, plan, drills)
        }
        state = State.worst(services.map(\.state))
    }

    private static func judge(
        _ service: Service, _ copies: [DatasetCopies], _ plan: Plan, _ drills: [DrillRun]
    ) -> ServiceStatus {
        let worst =
            copies.first { $0.exposureSeconds == nil }
            ?? copies.max { ($0.exposureSeconds ?? 0) < ($1.exposureSeconds ?? 0) }
        let fewest = copies.min { lack($0, plan) < lack($1, plan) }
        let objective = service.objectives.recoveryPoint?.inSeconds
        var status = ServiceStatus(
            service: service.id, state: .ok, dataset: worst?.dataset,
            exposureSeconds: worst?.exposureSeconds, objectiveSeconds: objective,
            recoverableAt: worst?.recoverableAt, copies: fewest?.effective.count ?? 0,
            copiesAskedFor: fewest.flatMap { plan.dataset($0.dataset) }?.copies.atLeast ?? 0,
            lastDrill: lastDrill(of: service.id, drills), reasons: [], repairs: [], losses: losses(copies))
        weigh(&status, copies)
        return status
    }

    private static func lack(_ copies: DatasetCopies, _ plan: Plan) -> Int {
        copies.effective.count - (plan.dataset(copies.dataset)?.copies.atLeast ?? 0)
    }

    /// Site by site the dataset that would lose most.
    private static func losses(_ copies: [DatasetCopies]) -> [SiteLoss] {
        var worst: [String: SiteLoss] = [:]
        var order: [String] = []
        for dataset in copies {
            for outcome in dataset.losses where outcome.loss.kind == .site {
                let loss = SiteLoss(
                    site: outcome.loss.name, dataset: dataset.dataset,
                    exposureSeconds: outcome.exposureSeconds,
                    copiesLeft: outcome.copiesLeft)
                guard let known = worst[loss.site] else {
                    order.append(loss.site)
                    worst[loss.site] = loss
                    continue
                }
                if loss.exposureSeconds ?? .infinity > known.exposureSeconds ?? .infinity {
                    worst[loss.site] = loss
                }
            }
        }
        return order.compactMap { worst[$0] }
    }

    private static func weigh(_ status: inout ServiceStatus, _ copies: [DatasetCopies]) {
        var states: [State] = []
        if copies.isEmpty {
            states.append(.unknown)
            status.reasons.append("the plan names no dataset for it")
        } else if let exposure = status.exposureSeconds {
            if let objective = status.objectiveSeconds {
                let isLate = exposure > objective
                // Warn while there is still a fifth of the promise left to act in.
                states.append(isLate ? .critical : exposure > objective * 0.8 ? .warning : .ok)
                if isLate { status.reasons.append("more would be lost than is promised") }
            } else {
                states.append(.unknown)
                status.reasons.append("nothing is promised for it, so nothing can be judged")
            }
        } else {
            states.append(.critical)
            status.reasons.append("everything would be lost: no proven copy would survive")
        }
        for violation in copies.flatMap(\.violations) {
            states.append(.warning)
            status.reasons.append(violation.text)
            if !status.repairs.contains(violation.repair) { status.repairs.append(violation.repair) }
        }
        status.state = State.worst(states)
    }

    private static func lastDrill(of service: String, _ drills: [DrillRun]) -> LastDrill? {
        let runs = drills.filter { run in run.services.contains { $0.service == service } }
        guard let run = runs.max(by: { $0.endedAt < $1.endedAt }),
            let recovery = run.services.first(where: { $0.service == service })
        else { return nil }
        return LastDrill(
            run: run.run, endedAt: run.endedAt, outcome: run.outcome, recoveryTime: recovery.recoveryTime,
            verdict: recovery.recoveryTimeVerdict)
    }
}
