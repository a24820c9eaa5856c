// SPDX-License-Identifier: Apache-2.0

/// Something that has not happened, for a grade of what might be.
package enum Supposition: Hashable, Sendable {
    /// Somebody entitled to it attests a criterion.
    case attestation(criterion: String)
    /// A drill is held and reported, in which the services come back in time.
    case drill(SupposedDrill)
    /// A register is declared complete for the whole window.
    case complete(RegisterClaim.Register)

    /// The events it would leave, written down at an instant, with numbers from `number` on.
    ///
    /// - Throws: `ModelError` when it names what does not exist.
    package func events(
        in plan: Plan, model: MaturityModel, parameters: GradeParameters, at now: Moment, number: Int
    ) throws(ModelError) -> [Event] {
        let bodies: [EventBody] =
            switch self {
            case .attestation(let criterion):
                [.attestation(try Self.attestation(criterion, model, parameters, now))]
            case .drill(let drill): try drill.bodies(in: plan, at: now)
            case .complete(let register):
                [
                    .registerClaim(
                        RegisterClaim(
                            register: register,
                            begunAt: now - parameters.duration("window") - .days(100), endedAt: now,
                            person: "supposed"))
                ]
            }
        return bodies.enumerated().map { place, body in
            Event(sequence: number + place, recordedAt: now, body: body, sha256: "supposed")
        }
    }

    private static func attestation(
        _ id: String, _ model: MaturityModel, _ parameters: GradeParameters, _ now: Moment
    ) throws(ModelError) -> Attestation {
        guard let (table, _, criterion) = model.find(id) else {
            let all = model.dimensions.flatMap(\.criteria).map(\.id)
            throw ModelError("no criterion '\(id)'", hint: Spelling.suggestion(for: id, among: all))
        }
        guard criterion.takesAttestations else {
            throw ModelError("'\(id)' is measured; nobody's word counts for it")
        }
        return Attestation(
            id: "supposed-\(id)", criterion: id, statement: .met, person: "supposed",
            role: table.attestedBy.first ?? "",
            evidence: [.init(title: "supposed", location: "", sha256: nil)],
            madeAt: now, expiresAt: now + parameters.duration("attestation_max_age"))
    }
}

/// A drill that might be held.
package struct SupposedDrill: Hashable, Sendable {
    package var exercise: Exercise
    /// Empty is every core service of the plan.
    package var services: [String]
    /// `nil` is the service's objective.
    package var recoveryTime: Duration?
    package var recoveryPoint: Duration?
    /// Whether the services come back without a restore.
    package var isHot: Bool

    package init(
        exercise: Exercise, services: [String] = [], recoveryTime: Duration? = nil,
        recoveryPoint: Duration? = nil, isHot: Bool = false
    ) {
        self.exercise = exercise
        self.services = services
        self.recoveryTime = recoveryTime
        self.recoveryPoint = recoveryPoint
        self.isHot = isHot
    }

    func bodies(in plan: Plan, at now: Moment) throws(ModelError) -> [EventBody] {
        for name in services where plan.service(name) == nil {
            throw ModelError(
                "the plan has no service '\(name)'",
                hint: Spelling.suggestion(for: name, among: plan.services.map(\.id)))
        }
        let chosen =
            services.isEmpty ? plan.services.filter { $0.tier == .core } : services.compactMap(plan.service)
        let run = "supposed-\(exercise.rawValue)"
        let mode: DrillMode = exercise < .simulation ? .talk : .live
        let steps = isHot ? [] : chosen.flatMap(\.datasets).map { restore(of: $0, at: now) }
        return [
            .drillRun(
                DrillRun(
                    run: run, scenario: "supposed", title: "supposed", exercise: exercise, mode: mode,
                    isAnnounced: true, begunAt: now, endedAt: now, outcome: .passed, aftermath: .clean,
                    services: chosen.map { recovery(of: $0, at: now) },
                    participants: [.init(person: "supposed", role: "conductor", answeredBy: "present")],
                    findings: [], approvedSha256: "", journalRecords: 0, journalSha256: "", steps: steps)),
            .reportMade(ReportMade(kind: "drill", subject: run, file: "", sha256: "")),
        ]
    }

    private func restore(of dataset: String, at now: Moment) -> DrillRun.StepRun {
        DrillRun.StepRun(
            step: "restore_\(dataset)", verb: "restore", phase: Phase.recover.rawValue, hosts: [],
            dataset: dataset, begunAt: now, endedAt: now, result: DrillFact.Result.passed.rawValue)
    }

    private func recovery(of service: Service, at now: Moment) -> ServiceRecovery {
        let objectives = service.objectives
        let time = recoveryTime ?? objectives.recoveryTime
        let point = recoveryPoint ?? objectives.recoveryPoint
        return ServiceRecovery(
            service: service.id, dataset: service.datasets.first,
            recoveryTime: time.map { Span(lower: $0, upper: $0) },
            recoveryTimeObjective: objectives.recoveryTime, recoveryTimeVerdict: .met,
            recoveryPoint: point.map { Span(lower: $0, upper: $0) },
            recoveryPointObjective: objectives.recoveryPoint, recoveryPointVerdict: .met, lostRecords: nil,
            reasons: [], disasterAt: MomentRange(earliest: now, latest: now), recoveredPointAt: nil,
            serviceVerifiedAt: MomentRange(earliest: now, latest: now), evidence: .announcedSwitch, parts: [])
    }
}
