// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    /// Contingency plans, monitoring that looks ahead, and what faults have shown.
    static let resilience: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "contingency_plan_count", .count("plans"), from: [.registerEntries],
                "approved contingency plans that are not overdue"
            ) { query in
                let valid = query.contingencyPlans
                return [
                    query.counted(
                        valid, "plans", .documents, valid.map(\.value.title),
                        settledBy: "contingency plans entered with 'lifeboat register add'")
                ]
            })
        all.append(
            Metric(
                "scenario_plan_coverage", .ratio, from: [.scenarios, .registerEntries],
                "scenarios of the catalogue with a valid contingency plan"
            ) { query in [scenarioCoverage(query)] })
        all.append(
            Metric(
                "app_metric_error", .ratio, from: [.registerEntries],
                "mean error of application readings against a reference"
            ) { query in [applicationError(query)] })
        all.append(
            Metric(
                "predictive_rules", .count("rules"), from: [.alerts], "alert rules that have predicted"
            ) { query in
                let alerts = query.facts.alerts.filter {
                    $0.value.isPrediction && query.within($0.value.deliveredAt)
                }
                let rules = Set(alerts.map(\.value.rule))
                let isComplete = query.facts.isComplete(
                    ImportBatch.Register.alerts, from: query.begin, to: query.end)
                return [
                    Reading(
                        "rules", from: Double(rules.count), to: isComplete ? Double(rules.count) : .infinity,
                        detail: .names(Array(rules.sorted().prefix(5))),
                        settledBy: "imported alerts of rules that predict",
                        hasNoSource: rules.isEmpty && !isComplete, population: alerts.count,
                        evidence: alerts.suffix(50).map(\.number))
                ]
            })
        all += proofs
        all.append(
            Metric(
                "distributed_share", .ratio, scoped: true, from: [.services],
                "share of services with a distributed architecture, by the plan"
            ) { query in
                let services = query.members.compactMap(query.facts.plan.service)
                guard !services.isEmpty else { return [] }
                let count = Double(services.count)
                let silos = services.filter { $0.architecture == .silo }.map(\.id)
                return [
                    Reading(
                        "services", from: 0, to: (count - Double(silos.count)) / count,
                        detail: .plan(silos.isEmpty ? .itsWord : .silos(silos)),
                        settledBy: "architecture of each service in the plan, and an attestation",
                        declared: Double(services.count { $0.architecture == .distributed }) / count,
                        hasNoSource: silos.isEmpty, population: services.count)
                ]
            })
        all.append(
            Metric(
                "active_facilities", .count("facilities"), scoped: true,
                from: [.services, .sites, .probeSamples],
                "facilities with an instance that answered its probes in the last day"
            ) { query in
                query.members.compactMap(query.facts.plan.service).map { service in
                    let places = ActivePlaces(query, service)
                    return Reading(
                        service.id, from: Double(places.answering.count),
                        to: places.named.isEmpty ? .infinity : Double(places.named.count),
                        detail: .probes(.facilities(places.answering.count, of: places.named.count)),
                        settledBy: "instances of \(service.id) in the plan, and probes that ask them",
                        declared: service.standby == .activeActive ? Double(places.named.count) : nil,
                        hasNoSource: !places.isProbed, population: places.named.count)
                }
            })
        return all
    }()

    /// What faults in drills have shown of services.
    private static let proofs: [Metric] = [
        ("ha", "survival of a lost node", FaultProof.Kind.survived),
        ("ft", "indifference to a fault", FaultProof.Kind.untouched),
    ].flatMap { short, what, kind in
        [
            Metric(
                "\(short)_count", .count("services"), scoped: true,
                from: [.services, .drills, .probeSamples],
                "services whose \(what) is proven"
            ) { query in FaultProof.reading(query, kind, isShare: false) },
            Metric(
                "\(short)_share", .ratio, scoped: true, from: [.services, .drills, .probeSamples],
                "share of services whose \(what) is proven"
            ) { query in FaultProof.reading(query, kind, isShare: true) },
        ]
    }

    private static func scenarioCoverage(_ query: MetricQuery) -> Reading {
        let catalogue = query.facts.plan.scenarios
        guard !catalogue.isEmpty else {
            return .nothing(
                "scenarios", .plan(.noScenarios), settledBy: "scenarios in the plan")
        }
        let valid = query.contingencyPlans
        let covered = Set(valid.flatMap(\.value.scenarios))
        let missing = catalogue.filter { !covered.contains($0) }
        let share = Double(catalogue.count - missing.count) / Double(catalogue.count)
        let isComplete = query.facts.isComplete(.documents, from: query.begin, to: query.end)
        return Reading(
            "scenarios", from: share, to: isComplete ? share : 1,
            detail: .missing(missing),
            settledBy: "a contingency plan of each, entered with 'lifeboat register add'",
            hasNoSource: valid.isEmpty && !isComplete, population: catalogue.count,
            evidence: valid.map(\.number))
    }

    private static func applicationError(_ query: MetricQuery) -> Reading {
        let readings = query.entries(\.reading).filter {
            $0.value.layer == "application" && query.within($0.value.at)
        }
        guard !readings.isEmpty else {
            return .nothing(
                "readings", .books(.noReading),
                settledBy: "readings entered with 'lifeboat register add'")
        }
        let mean = readings.map(\.value.error).reduce(0, +) / Double(readings.count)
        return .exactly(
            "readings", mean, detail: .over(readings.count, .readings), settledBy: "readings that are truer",
            population: readings.count, evidence: readings.suffix(50).map(\.number))
    }
}

extension MetricQuery {
    /// The contingency plans that are approved and not overdue.
    var contingencyPlans: [Numbered<Document>] {
        entries(\.document).filter { $0.value.kind == .contingencyPlan && $0.value.isValid(at: end) }
    }
}

/// What faults that hit an instance of a service in a drill did to it.
struct FaultProof {
    enum Kind {
        /// The service was there again while the drill went on, and nothing of it was restored.
        case survived
        /// Not one sample was bad.
        case untouched
    }

    private let query: MetricQuery
    private let service: Service

    private init(_ query: MetricQuery, _ service: Service) {
        self.query = query
        self.service = service
    }

    static func reading(_ query: MetricQuery, _ kind: Kind, isShare: Bool) -> [Reading] {
        let services = query.members.compactMap(query.facts.plan.service)
        guard !services.isEmpty else { return [] }
        let proofs = services.map { FaultProof(query, $0).result(kind) }
        let proven = zip(services, proofs).filter { $0.1.isProven }.map(\.0.id)
        let hopeless = proofs.count { $0.isRefuted }
        let claimed = services.count { $0.instances.count > 1 }
        let whole = isShare ? Double(services.count) : 1
        return [
            Reading(
                "services", from: Double(proven.count) / whole,
                to: Double(services.count - hopeless) / whole,
                detail: .probes(.proven(proven)),
                settledBy: "drills with a fault at an instance of each service, and probes of it",
                declared: Double(claimed) / whole, hasNoSource: proven.isEmpty && hopeless == 0,
                population: services.count, evidence: proofs.flatMap(\.evidence))
        ]
    }

    /// A later proof is the better one; one fault that it did not stand refutes it until then.
    private func result(_ kind: Kind) -> (isProven: Bool, isRefuted: Bool, evidence: [Int]) {
        var isProven = false
        var isRefuted = false
        var evidence: [Int] = []
        for drill in query.facts.drills where drill.wasHeld && query.within(drill.run.endedAt) {
            guard let verdict = verdict(drill.run, kind) else { continue }
            isProven = verdict
            isRefuted = !verdict
            evidence.append(drill.number)
        }
        return (isProven, isRefuted, evidence)
    }

    /// `nil` when no fault hit it, or nobody was looking.
    private func verdict(_ run: DrillRun, _ kind: Kind) -> Bool? {
        guard let steps = run.steps, service.instances.count > 1,
            let fault = steps.first(where: { step in
                step.verb == "fault" && step.result == DrillFact.Result.passed.rawValue
                    && step.hosts.contains(where: service.instances.contains)
            })
        else { return nil }
        let track = query.facts.availability.track(of: service, from: fault.begunAt, to: run.endedAt)
        guard track.length(of: .up) + track.length(of: .down) > .zero else { return nil }
        switch kind {
        case .untouched:
            return track.pieces.contains { $0.state == .down }
                ? false : track.length(of: .unknown) > .zero ? nil : true
        case .survived:
            if steps.contains(where: { $0.restores(service.datasets) }) { return false }
            return track.pieces.last { $0.state != .unknown }?.state == .up
        }
    }
}
