// SPDX-License-Identifier: Apache-2.0

/// Which measured fact serves which control of which framework, at one instant.
package struct CrossReferenceReport: Hashable, Sendable, Codable {
    package var asOf: Moment
    package var frameworks: [FrameworkPart]
    /// The rule of 3-2-1-1-0, dataset by dataset.
    package var backupRule: [BackupRule]
    /// What was achieved, service by service, beside the levels of GB/T 20988 and the tiers of SHARE.
    package var recovery: [RecoveryMatch]

    package struct FrameworkPart: Hashable, Sendable, Codable {
        package var id: String
        package var name: String
        package var edition: String
        package var cautionEn: String
        package var cautionZh: String
        package var controls: [ControlPart]
    }

    package struct ControlPart: Hashable, Sendable, Codable {
        package var clause: String
        package var textEn: String
        package var textZh: String
        package var facts: [FactPart]
    }

    package struct FactPart: Hashable, Sendable, Codable {
        package var fact: FactFamily
        package var nameEn: String
        package var nameZh: String
        package var judged: [JudgedFact]
    }

    /// What the grade says of a fact; a control has no verdict of its own.
    package struct JudgedFact: Hashable, Sendable, Codable {
        package var dimension: String
        package var verdictEn: String
        package var verdictZh: String
    }

    /// The grade is one of all tables, read from the same events; a dimension that it lacks is left out.
    package init(
        events: [Event], plan: Plan, grade: GradeReport, parameters: GradeParameters,
        frameworks: [Framework] = Framework.all
    ) {
        let facts = GradeFacts(events, plan: plan, asOf: grade.asOf)
        asOf = grade.asOf
        self.frameworks = frameworks.map { Self.part($0, grade) }
        backupRule = plan.datasets.map { BackupRule($0, in: plan, facts: facts, events: events) }
        recovery = RecoveryMatch.all(facts, parameters)
    }

    private static func part(_ framework: Framework, _ grade: GradeReport) -> FrameworkPart {
        FrameworkPart(
            id: framework.id, name: framework.name, edition: framework.edition,
            cautionEn: framework.cautionEn, cautionZh: framework.cautionZh,
            controls: framework.controls.map { control in
                ControlPart(
                    clause: control.clause, textEn: control.textEn, textZh: control.textZh,
                    facts: control.facts.map { part($0, grade) })
            })
    }

    private static func part(_ fact: FactFamily, _ grade: GradeReport) -> FactPart {
        FactPart(
            fact: fact, nameEn: fact.nameEn, nameZh: fact.nameZh,
            judged: fact.dimensions.compactMap { id in
                grade.dimension(id).map {
                    JudgedFact(dimension: id, verdictEn: $0.verdictEn, verdictZh: $0.verdictZh)
                }
            })
    }
}

/// How a dataset stands by the rule of 3-2-1-1-0: each part met, not met, or not known.
package struct BackupRule: Hashable, Sendable, Codable {
    package var dataset: String
    /// Verified copies now, production not counted.
    package var copies: Int
    package var three: CriterionState
    package var two: CriterionState
    package var offsite: CriterionState
    package var immutable: CriterionState
    package var zero: CriterionState
    /// Why `zero` is what it is.
    package var detail: String

    init(_ dataset: Dataset, in plan: Plan, facts: GradeFacts, events: [Event]) {
        let judged = facts.book.judge(dataset, in: plan, at: facts.asOf)
        let counted = judged.effective
        self.dataset = dataset.id
        copies = counted.count
        three = counted.count >= 2 ? .met : .notMet
        let places = Set(counted.map { plan.store($0.store)?.host ?? "site \($0.site)" })
        two = places.count >= 2 ? .met : .notMet
        offsite = counted.contains(where: \.isOffsite) ? .met : .notMet
        immutable = counted.contains(where: \.isAppendOnly) ? .met : .notMet
        let tests = events.compactMap { event -> RestoreRun? in
            guard case .restoreRun(let run) = event.body, run.dataset == dataset.id,
                run.endedAt <= facts.asOf, run.endedAt > facts.asOf - .days(365)
            else { return nil }
            return run
        }.sorted { $0.endedAt < $1.endedAt }
        let isDamaged = judged.violations.contains { $0.kind == .corrupt || $0.kind == .lost }
        if isDamaged || tests.last?.succeeded == false {
            zero = .notMet
            detail = isDamaged ? "a copy is damaged" : "the last restore failed"
        } else if tests.isEmpty {
            zero = .unknown
            detail = "nothing was restored within a year"
        } else {
            zero = counted.isEmpty ? .notMet : .met
            detail = "\(tests.count) restores within a year, the last one passed"
        }
    }
}

/// What a service achieved, and with which published levels that agrees.
package struct RecoveryMatch: Hashable, Sendable, Codable {
    package var service: String
    /// The worst that is proven; `nil` = not proven.
    package var recoveryPointSeconds: Double?
    package var recoveryTimeSeconds: Double?
    /// The highest level of GB/T 20988-2007 that the two agree with; `nil` = none is shown.
    package var gbtLevel: Int?
    /// The highest tier of SHARE, up to 4, that copies and standby agree with.
    package var shareTier: Int

    static func all(_ facts: GradeFacts, _ parameters: GradeParameters) -> [RecoveryMatch] {
        let points = readings("rpo_eff", facts, parameters)
        let times = readings("rto_eff", facts, parameters)
        return facts.critical.map { service in
            let point = points[service.id]
            let time = times[service.id]
            return RecoveryMatch(
                service: service.id, recoveryPointSeconds: point, recoveryTimeSeconds: time,
                gbtLevel: level(point: point, time: time), shareTier: tier(service, facts))
        }
    }

    /// The upper bounds that are proven, by service.
    private static func readings(
        _ metric: String, _ facts: GradeFacts, _ parameters: GradeParameters
    ) -> [String: Double] {
        let check = Check(metric: metric, scope: .critical, comparison: .below, bar: .number(0))
        let query = MetricQuery(facts: facts, check: check, parameters: parameters)
        let found = MetricRegistry.metric(metric)?.read(query) ?? []
        return Dictionary(found.filter { $0.upper.isFinite }.map { ($0.member, $0.upper) }) { max($0, $1) }
    }

    /// By the example table of the 2007 edition's annex: the bars of the recovery point are 7 d, 7 d, 1 d, 1 d,
    /// 30 min and none; of the time, two days at levels 4 and 5, minutes at 6.
    package static func level(point: Double?, time: Double?) -> Int? {
        guard let point, let time else { return nil }
        let day = 86_400.0
        if point == 0, time < 3_600 { return 6 }
        if point <= 1_800, time <= 2 * day { return 5 }
        if point <= day, time <= 2 * day { return 4 }
        if point <= day { return 3 }
        return point <= 7 * day ? 2 : nil
    }

    private static func tier(_ service: Service, _ facts: GradeFacts) -> Int {
        let judged = service.datasets.compactMap(facts.plan.dataset).map {
            facts.book.judge($0, in: facts.plan, at: facts.asOf)
        }
        let hasOffsite =
            !judged.isEmpty && judged.allSatisfy { $0.effective.contains(where: \.isOffsite) }
        guard hasOffsite else { return 0 }
        let worst = judged.map { $0.exposureSeconds ?? .infinity }.max() ?? .infinity
        let isReady = service.standby == .warm || service.standby == .hot || service.standby == .activeActive
        guard worst <= 86_400 else { return isReady ? 2 : 1 }
        return isReady && worst <= 4 * 3_600 ? 4 : 3
    }
}
