// SPDX-License-Identifier: Apache-2.0

/// Which measured fact serves which control of which framework, at one instant.
package struct CrossReferenceReport: Hashable, Sendable, Codable {
    package var asOf: Moment
    package var frameworks: [FrameworkPart]
    /// The rule of 3-2-1-1-0, dataset by dataset.
    package var backupRule: [BackupRule]
    /// What was achieved, service by service, beside the levels of GB/T 20988 and the tiers of SHARE.
    package var recovery: [RecoveryMatch]
    /// Every parameter of the grade that is not the default; `nil` in reports of older programs.
    package var changedParameters: [ChangedParameter]?

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
        /// Whether the number of the clause was held against a published text; `nil` in reports of older programs.
        package var isConfirmed: Bool?
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

    /// The grade is read from the same events; a dimension that it lacks is left out.
    package init(
        events: [Event], plan: Plan, grade: GradeReport, parameters: GradeParameters,
        frameworks: [Framework] = Framework.all
    ) {
        let facts = GradeFacts(events, plan: plan, asOf: grade.asOf)
        var work = DigestWork(
            grading: MaturityModel(id: "", version: 1, parameters: [], tables: []), parameters: parameters,
            asOf: grade.asOf, rules: true)
        work.wantsBounds = true
        let digests = plan.datasets.map { dataset in
            var digest = facts.digest(of: facts.dataset(dataset.id).history, for: work)
            digest.rule = facts.rule(of: dataset, events.filter { $0.body.isAbout(dataset.id) })
            return digest
        }
        self.init(
            facts.knowing(digests), grade: grade, parameters: parameters, frameworks: frameworks)
    }

    /// The same from facts that know a digest of every dataset, made by a work that wants rules.
    package init(
        _ facts: GradeFacts, grade: GradeReport, parameters: GradeParameters,
        frameworks: [Framework] = Framework.all
    ) {
        asOf = grade.asOf
        self.frameworks = frameworks.map { Self.part($0, grade) }
        backupRule = facts.plan.datasets.compactMap { facts.digests[$0.id]?.rule }
        recovery = RecoveryMatch.all(facts.read(by: parameters), parameters)
        changedParameters = parameters.changed
    }

    /// The tables of the built-in model that frameworks ask for, in their order.
    package static func tables(of frameworks: [Framework], in model: MaturityModel) -> [Int] {
        let wanted = Set(frameworks.flatMap(\.controls).flatMap(\.facts).flatMap(\.dimensions))
        return model.tables.filter { $0.dimensions.contains { wanted.contains($0.id) } }.map(\.number)
    }

    private static func part(_ framework: Framework, _ grade: GradeReport) -> FrameworkPart {
        FrameworkPart(
            id: framework.id, name: framework.name, edition: framework.edition,
            cautionEn: framework.cautionEn, cautionZh: framework.cautionZh,
            controls: framework.controls.map { control in
                ControlPart(
                    clause: control.clause, textEn: control.textEn, textZh: control.textZh,
                    facts: control.facts.map { part($0, grade) }, isConfirmed: control.isConfirmed)
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
    package var detailZh: String?

    /// What would be lost now without production; `nil` = everything.
    package var exposureSeconds: Double?

    /// `restores`: those of the dataset, in any order.
    init(_ judged: DatasetCopies, in plan: Plan, restores: [RestoreRun], at now: Moment) {
        let counted = judged.effective
        dataset = judged.dataset
        exposureSeconds = judged.exposureSeconds
        copies = counted.count
        three = counted.count >= 2 ? .met : .notMet
        let places = Set(counted.map { plan.store($0.store)?.host ?? "site \($0.site)" })
        two = places.count >= 2 ? .met : .notMet
        offsite = counted.contains(where: \.isOffsite) ? .met : .notMet
        immutable = counted.contains(where: \.isAppendOnly) ? .met : .notMet
        let tests = restores.filter { $0.endedAt <= now && $0.endedAt > now - .days(365) }
            .sorted { $0.endedAt < $1.endedAt }
        let isDamaged = judged.violations.contains { $0.kind == .corrupt || $0.kind == .lost }
        let why: Remark
        if isDamaged || tests.last?.succeeded == false {
            zero = .notMet
            why =
                isDamaged
                ? Remark("a copy is damaged", "有副本损坏") : Remark("the last restore failed", "最近一次恢复失败")
        } else if tests.isEmpty {
            zero = .unknown
            why = Remark("nothing was restored within a year", "一年内未作恢复")
        } else {
            zero = counted.isEmpty ? .notMet : .met
            why = Remark(
                "\(tests.count) restores within a year, the last one passed",
                "一年内恢复 \(tests.count) 次，最近一次成功")
        }
        detail = why.english
        detailZh = why.chinese
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
        let rules = service.datasets.compactMap { facts.digests[$0]?.rule }
        guard !rules.isEmpty, rules.allSatisfy({ $0.offsite == .met }) else { return 0 }
        let worst = rules.map { $0.exposureSeconds ?? .infinity }.max() ?? .infinity
        let isReady = service.standby == .warm || service.standby == .hot || service.standby == .activeActive
        guard worst <= 86_400 else { return isReady ? 2 : 1 }
        return isReady && worst <= 4 * 3_600 ? 4 : 3
    }
}

extension EventBody {
    /// Whether it belongs to the history of one dataset.
    func isAbout(_ dataset: String) -> Bool {
        if case .restoreRun(let run) = self { return run.dataset == dataset }
        return copiesOf == dataset
    }
}

extension Sequence<Event> {
    /// The restores among them, in their order.
    package var restores: [RestoreRun] {
        compactMap { event in if case .restoreRun(let run) = event.body { run } else { nil } }
    }
}
