// SPDX-License-Identifier: Apache-2.0

/// From what happened to what an organisation is worth in a disaster.
package enum Grading {
    /// Grades an organisation at an instant.
    ///
    /// A pure function: the same events, plan and model give the same report, in whatever order the events are
    /// handed over. Events written down after `asOf` are left out.
    ///
    /// The model's digest is only printed with the grade.
    package static func grade(
        events: some Sequence<Event>, plan: Plan, model: MaturityModel, parameters: GradeParameters? = nil,
        profile: GradeProfile = .literal, asOf: Moment, modelSha256: String = ""
    ) -> GradeReport {
        grade(
            GradeFacts(events, plan: plan, asOf: asOf), model: model,
            parameters: parameters ?? GradeParameters(model), profile: profile, modelSha256: modelSha256)
    }

    /// The same from facts at hand.
    package static func grade(
        _ facts: GradeFacts, model: MaturityModel, parameters: GradeParameters,
        profile: GradeProfile = .literal, modelSha256: String = ""
    ) -> GradeReport {
        let judge = CriterionJudge(
            facts: facts.read(by: parameters), parameters: parameters, profile: profile,
            attestations: AttestationBook(facts.attestations, asOf: facts.asOf, parameters: parameters))
        let grader = Grader(judge: judge, exemptions: ExemptionBook(facts.exemptions, asOf: facts.asOf))
        return GradeReport(
            model: model.id, modelSha256: modelSha256, profile: profile,
            windowBegunAt: facts.asOf - parameters.duration("window"), asOf: facts.asOf,
            watchedSince: facts.watchedSince, changedParameters: parameters.changed,
            tables: model.tables.map(grader.grade))
    }
}

/// The exemptions that are on at an instant, by their subjects.
struct ExemptionBook {
    private var bySubject: [String: [Exemption]] = [:]

    init(_ exemptions: [Numbered<Exemption>], asOf: Moment) {
        var byID: [String: Numbered<Exemption>] = [:]
        for each in exemptions where each.number >= byID[each.value.id]?.number ?? 0 {
            byID[each.value.id] = each
        }
        for each in byID.values.map(\.value) {
            let isOn =
                each.madeAt <= asOf && each.expiresAt > asOf && each.revokedAt.map { $0 > asOf } ?? true
            if isOn { bySubject[each.subject, default: []].append(each) }
        }
    }

    func exemption(_ subject: String, _ kind: Exemption.Kind) -> Exemption? {
        bySubject[subject]?.filter { $0.kind == kind }.max { ($0.expiresAt, $0.id) < ($1.expiresAt, $1.id) }
    }
}

/// Grades tables and dimensions.
struct Grader {
    let judge: CriterionJudge
    let exemptions: ExemptionBook

    func grade(_ table: ModelTable) -> TableGrade {
        let dimensions = table.dimensions.map { grade($0, of: table) }
        let inScope = dimensions.filter { $0.outOfScope == nil }
        let left = dimensions.count - inScope.count
        let isGraded = left * 3 <= dimensions.count && !inScope.isEmpty
        return TableGrade(
            table: table.number, id: table.id, section: table.section, nameEn: table.nameEn,
            nameZh: table.nameZh, confirmed: isGraded ? inScope.map(\.confirmed).min() : nil,
            possible: isGraded ? inScope.map(\.possible).min() : nil,
            confirmedWithWaivers: isGraded ? inScope.map(\.confirmedWithWaivers).min() : nil,
            dimensions: dimensions)
    }

    func grade(_ dimension: ModelDimension, of table: ModelTable) -> DimensionGrade {
        let profile = judge.profile
        let logic = LevelLogic(dimension, profile: profile, severed: severed)
        var results = dimension.criteria.filter { profile == .strict || !$0.isExtension }
            .map { judge.judge($0, of: table) }
        let required = results.filter { $0.kind != .descriptor }
        let states = Dictionary(required.map { ($0.id, $0.state) }) { first, _ in first }
        waive(&results)
        let waived = states.merging(results.filter { $0.state == .waived }.map { ($0.id, .met) }) { $1 }
        for place in results.indices where results[place].kind != .descriptor {
            let effective = logic.effective(results[place].id, states)
            results[place].effective = effective.state
            results[place].metBy = effective.state == .met ? effective.by : nil
        }
        let outcome = logic.outcome(states)
        let words = VerdictWords(
            dimension: dimension, outcome: outcome, hasEvidence: required.contains(where: Self.isEvidence))
        return DimensionGrade(
            id: dimension.id, nameEn: dimension.nameEn, nameZh: dimension.nameZh, mode: dimension.mode,
            confirmed: outcome.confirmed, possible: outcome.possible,
            confirmedWithWaivers: logic.outcome(waived).confirmed, floor: dimension.floor,
            hasEvidence: words.hasEvidence, alike: words.alike, verdictEn: words.english,
            verdictZh: words.chinese, outOfScope: scopeReason(dimension),
            levels: MaturityModel.levels.map { level in
                LevelGrade(
                    level: level, state: outcome.levels[level - 1],
                    criteria: dimension.stated[level - 1]
                        + (profile == .strict ? dimension.strict[level - 1] : []))
            },
            criteria: results, blockers: logic.blockers(of: outcome.confirmed + 1, states))
    }

    private static func isEvidence(_ result: CriterionResult) -> Bool {
        result.state == .met || result.state == .notMet || result.basis == .gap
    }

    private func scopeReason(_ dimension: ModelDimension) -> String? {
        exemptions.exemption(dimension.id, .outOfScope).map { "\($0.reason) (\($0.person), \($0.role))" }
    }

    private func waive(_ results: inout [CriterionResult]) {
        for place in results.indices where results[place].state != .met && results[place].kind != .descriptor
        {
            guard let waiver = exemptions.exemption(results[place].id, .waiver) else { continue }
            let until = waiver.expiresAt.text(decimals: 0)
            results[place].note(
                "waived by \(waiver.person) until \(until): \(waiver.reason); "
                    + "without the waiver it is \(results[place].wordsEn)",
                "由 \(waiver.person) 豁免至 \(until)：\(waiver.reason)；不计豁免为：\(results[place].wordsZh)")
            results[place].state = .waived
            results[place].wordsEn = CriterionState.waived.words(results[place].basis)
            results[place].wordsZh = CriterionState.waived.wordsInChinese(results[place].basis)
        }
    }

    /// With the parameter, a remote copy or site does not stand in for one in the same city (D21, D34).
    private var severed: Set<SupersedePair> {
        guard judge.parameters.flag("require_both_city_and_remote") else { return [] }
        return [
            SupersedePair(upper: "t14-backup-remote", lower: "t14-backup-same-city"),
            SupersedePair(upper: "t15-architecture-dr-remote", lower: "t15-architecture-dr-same-city"),
        ]
    }
}

/// The result of a dimension in words.
struct VerdictWords {
    let dimension: ModelDimension
    let outcome: LevelLogic.Outcome
    let hasEvidence: Bool

    /// The group of levels worded alike that the confirmed level belongs to.
    var alike: [Int] { dimension.alike.first { $0.contains(outcome.confirmed) } ?? [] }

    var english: String {
        let confirmed = outcome.confirmed
        let possible = outcome.possible
        guard hasEvidence else {
            let none = dimension.floor > 0 ? "no evidence (floor \(dimension.floor))" : "no evidence"
            return possible > dimension.floor ? "\(none), up to level \(possible) possible" : none
        }
        let level = confirmed == 0 ? "below level 1" : "level \(confirmed)"
        let result = possible > confirmed ? "\(level) confirmed, up to \(possible) possible" : level
        guard !alike.isEmpty else { return result }
        return result + " (levels \(Self.list(alike, "and")) are worded alike in the standard)"
    }

    var chinese: String {
        let confirmed = outcome.confirmed
        let possible = outcome.possible
        guard hasEvidence else {
            let none = dimension.floor > 0 ? "无证据（下限\(dimension.floor)级）" : "无证据"
            return possible > dimension.floor ? "\(none)，最高可能\(possible)级" : none
        }
        let level = confirmed == 0 ? "未达1级" : "\(confirmed)级"
        let result = possible > confirmed ? "确认\(level)，最高可能\(possible)级" : level
        guard !alike.isEmpty else { return result }
        return result + "（标准对\(alike.map(String.init).joined(separator: "、"))级的表述相同）"
    }

    private static func list(_ levels: [Int], _ word: String) -> String {
        let texts = levels.map(String.init)
        return texts.dropLast().joined(separator: ", ") + " \(word) " + (texts.last ?? "")
    }
}
