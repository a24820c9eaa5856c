// SPDX-License-Identifier: Apache-2.0

/// Decides one criterion from facts and statements.
struct CriterionJudge {
    let facts: GradeFacts
    let parameters: GradeParameters
    let profile: GradeProfile
    let attestations: AttestationBook

    func judge(_ criterion: Criterion, of table: ModelTable) -> CriterionResult {
        var result = blank(criterion)
        switch criterion.kind {
        case .descriptor: result.basis = .descriptor
        case .attested: attested(&result, criterion, table)
        case .measured: measured(&result, criterion, table)
        }
        result.wordsEn = result.state.words(result.basis)
        result.wordsZh = result.state.wordsInChinese(result.basis)
        return result
    }

    private func blank(_ criterion: Criterion) -> CriterionResult {
        CriterionResult(
            id: criterion.id, level: criterion.level, textEn: criterion.textEn, textZh: criterion.textZh,
            kind: criterion.kind, isExtension: criterion.isExtension, state: .unknown, basis: .noSource,
            effective: .unknown)
    }

    // MARK: - Attested

    private func attested(_ result: inout CriterionResult, _ criterion: Criterion, _ table: ModelTable) {
        take(attestations.standing(criterion.id, roles: table.attestedBy), into: &result, table)
        guard result.state == .met, !criterion.corroboration.isEmpty else { return }
        let measured = measure(criterion.corroboration)
        result.evidence = Self.bounded(result.evidence + measured.evidence)
        guard measured.state == .notMet else { return }
        result.basis = .contradicted
        result.note(
            "facts speak against it: \(measured.value), asked is \(measured.bar)",
            "实测与声明相反：\(measured.valueZh)，要求\(measured.barZh)")
        if profile == .strict { result.state = .unknown }
    }

    private func take(
        _ standing: AttestationBook.Standing, into result: inout CriterionResult, _ table: ModelTable
    ) {
        switch standing {
        case .valid(let note):
            result.attestation = note
            result.state = note.statement == .met ? .met : .notMet
            result.basis = .attested
            result.evidence = Self.bounded(result.evidence + [note.event])
        case .lapsed(let note, let reason):
            result.attestation = note
            result.basis = .expired
            result.settle(by: "a new attestation by \(table.speakersEn)", table.speakersZh("重新声明"))
            result.note(
                "the statement of \(note.person) no longer counts: \(reason.english)",
                "\(note.person) 的声明已不作数：\(reason.chinese)")
        case .none:
            result.settle(
                by: "an attestation by \(table.speakersEn): \(table.evidence)",
                "\(table.speakersZh("声明"))；依据：\(table.evidenceZh)")
        }
    }

    // MARK: - Measured

    private func measured(_ result: inout CriterionResult, _ criterion: Criterion, _ table: ModelTable) {
        let measured = measure(criterion.checks)
        result.state = measured.state
        result.basis = measured.basis
        result.value = measured.value
        result.valueZh = measured.valueZh
        result.bar = measured.bar
        result.barZh = measured.barZh
        result.margin = measured.margin
        result.population = measured.population
        result.isLowSample = measured.isLowSample
        result.offenders = Array(measured.offenders.prefix(20))
        result.offenderCount = measured.offenders.count
        result.settledBy = measured.settledBy
        result.settledByZh = measured.settledBy.map(SettledWords.chinese)
        for note in measured.notes { result.note(note.english, note.chinese) }
        result.evidence = Self.bounded(measured.evidence)
        guard criterion.isAttestable else { return }
        let standing = attestations.standing(criterion.id, roles: table.attestedBy)
        if measured.state == .unknown {
            let before = result
            take(standing, into: &result, table)
            if case .none = standing {
                result = before
                result.settle(
                    by: [before.settledBy, "an attestation by \(table.speakersEn)"].compactMap { $0 }
                        .joined(separator: "; or "),
                    [before.settledByZh, table.speakersZh("声明")].compactMap { $0 }.joined(separator: "；或"))
            }
            if result.state == .unknown, measured.isDeclared {
                result.state = .met
                result.basis = .declared
                result.note("the plan says so and nothing has proven it yet", "计划如此写明，尚无证明")
            }
        } else if case .valid(let note) = standing {
            result.attestation = note
            let isMet = note.statement == .met
            result.note(
                "\(note.person) states \(isMet ? "met" : "not met"); the measurement counts",
                "\(note.person) 声明\(isMet ? "满足" : "不满足")；以实测为准")
        }
    }

    /// What several checks come to together.
    private struct Measured {
        var state = CriterionState.met
        var basis = CriterionBasis.measured
        var value = ""
        var valueZh = ""
        var bar = ""
        var barZh = ""
        var margin: String?
        var population = 0
        var isLowSample = false
        var isDeclared = false
        var offenders: [Offender] = []
        var settledBy: String?
        var notes: [Remark] = []
        var evidence: [Int] = []
    }

    private func measure(_ checks: [Check]) -> Measured {
        let parts = checks.map(measure)
        guard var first = parts.first else { return Measured() }
        for part in parts.dropFirst() {
            first.basis = Self.basis(first, part)
            first.state = .all([first.state, part.state])
            first.value += "; \(part.value)"
            first.valueZh += "；\(part.valueZh)"
            first.bar += "; \(part.bar)"
            first.barZh += "；\(part.barZh)"
            first.margin = nil
            first.population = min(first.population, part.population)
            first.isLowSample = first.isLowSample || part.isLowSample
            first.isDeclared = first.isDeclared && part.isDeclared
            first.offenders += part.offenders
            first.settledBy = first.settledBy ?? part.settledBy
            for note in part.notes where !first.notes.contains(note) { first.notes.append(note) }
            first.evidence += part.evidence
        }
        return first
    }

    /// The basis of the part that decides.
    private static func basis(_ one: Measured, _ other: Measured) -> CriterionBasis {
        if one.state == other.state { return one.basis == .vacuous ? other.basis : one.basis }
        let order: [CriterionState] = [.notMet, .unknown, .met, .waived]
        let isFirst = (order.firstIndex(of: one.state) ?? 0) < (order.firstIndex(of: other.state) ?? 0)
        return isFirst ? one.basis : other.basis
    }

    private func measure(_ check: Check) -> Measured {
        guard let metric = MetricRegistry.metric(check.metric) else {
            return Measured(state: .unknown, basis: .noSource)
        }
        let query = MetricQuery(facts: facts, check: check, parameters: parameters)
        let words = BarWords(check: check, metric: metric, parameters: parameters)
        let readings = metric.read(query)
        guard !readings.isEmpty else {
            let scope = check.scope?.rawValue ?? "member"
            return Measured(
                state: .unknown, basis: .noSource, value: "unknown", valueZh: "未知", bar: words.text,
                barZh: words.textZh,
                settledBy: "a plan that names what is in scope: no \(scope) is defined")
        }
        let judged = readings.map {
            ($0, check.comparison.judge(lower: $0.lower, upper: $0.upper, bar: query.bar))
        }
        let state = CriterionState.all(judged.map(\.1))
        let failing = judged.filter { $0.1 != .met }.sorted { words.isWorse($0, than: $1) }
        let worst = failing.first?.0 ?? judged.map(\.0).min { words.isWorse(($0, .met), than: ($1, .met)) }
        return Measured(
            state: state, basis: Self.basis(state, judged), value: worst.map(words.value) ?? "",
            valueZh: worst.map(words.valueZh) ?? "", bar: words.text, barZh: words.textZh,
            margin: worst.flatMap(words.margin),
            population: readings.map(\.population).reduce(0, +),
            isLowSample: readings.contains(where: \.isLowSample),
            isDeclared: state == .unknown && judged.allSatisfy { Self.isDeclared($0, check, query.bar) },
            offenders: failing.map { offender($0, $1, words) },
            settledBy: failing.first?.0.settledBy,
            notes: Self.remarks(check, query.bar, worst, judged.map(\.0)),
            evidence: (failing.isEmpty ? judged : failing).flatMap(\.0.evidence))
    }

    private func offender(_ reading: Reading, _ state: CriterionState, _ words: BarWords) -> Offender {
        let detail = reading.detail.words
        let isName = facts.plan.dataset(reading.member) != nil || facts.plan.service(reading.member) != nil
        return Offender(
            member: reading.member, memberZh: isName ? nil : MemberWords.chinese(reading.member),
            state: state, value: words.value(reading), detail: detail.english, detailZh: detail.chinese,
            evidence: Self.bounded(reading.evidence))
    }

    private static func remarks(
        _ check: Check, _ bar: Double, _ worst: Reading?, _ readings: [Reading]
    ) -> [Remark] {
        var remarks: [Remark] = []
        let isStrict = check.comparison == .below || check.comparison == .above
        if isStrict, let worst, worst.lower == bar, worst.upper == bar {
            remarks.append(.atTheBar)
        }
        if readings.contains(where: \.isLowSample) { remarks.append(.lowSample) }
        return remarks
    }

    private static func isDeclared(
        _ judged: (Reading, CriterionState), _ check: Check, _ bar: Double
    ) -> Bool {
        if judged.1 == .met { return true }
        guard let declared = judged.0.declared, judged.1 == .unknown else { return false }
        return check.comparison.judge(lower: declared, upper: declared, bar: bar) == .met
    }

    private static func basis(
        _ state: CriterionState, _ judged: [(Reading, CriterionState)]
    ) -> CriterionBasis {
        switch state {
        case .met: judged.allSatisfy(\.0.isVacuous) ? .vacuous : .measured
        case .unknown:
            judged.filter { $0.1 == .unknown }.allSatisfy(\.0.hasNoSource) ? .noSource : .gap
        case .notMet, .waived: .measured
        }
    }

    private static func bounded(_ numbers: [Int]) -> [Int] {
        Array(Set(numbers).sorted().suffix(50))
    }
}
