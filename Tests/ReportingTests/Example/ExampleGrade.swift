// SPDX-License-Identifier: Apache-2.0
import Continuity

/// A grade with every kind of result in it: confirmed, possible, alike, unknown, out of scope.
enum ExampleGrade {
    static func report() -> GradeReport {
        GradeReport(
            model: "technical-operations-capability", modelSha256: ExampleHistory.hash("model"),
            profile: .literal, windowBegunAt: ExampleHistory.end - .days(365), asOf: ExampleHistory.end,
            watchedSince: ExampleHistory.begin,
            changedParameters: [
                ChangedParameter(name: "verify_max_age", value: "7 d", defaultValue: "35 d")
            ],
            tables: [
                TableGrade(
                    table: 14, id: "t14", section: "6.1", nameEn: "Continuity management", nameZh: "业务连续性管理",
                    confirmed: 0, possible: 2, confirmedWithWaivers: 0,
                    dimensions: [plans, backup, drills, recovery, people, culture])
            ])
    }

    private static func dimension(
        _ id: String, _ english: String, _ chinese: String, _ confirmed: Int, _ possible: Int,
        _ verdict: (String, String), hasEvidence: Bool = true, alike: [Int] = [],
        outOfScope: String? = nil, _ criteria: [CriterionResult]
    ) -> DimensionGrade {
        DimensionGrade(
            id: id, nameEn: english, nameZh: chinese, mode: .additive, confirmed: confirmed,
            possible: possible, confirmedWithWaivers: confirmed, floor: 1, hasEvidence: hasEvidence,
            alike: alike, verdictEn: verdict.0, verdictZh: verdict.1, outOfScope: outOfScope,
            levels: (1...5).map { level in
                LevelGrade(
                    level: level,
                    state: level <= confirmed ? .met : level <= possible ? .unknown : .notMet,
                    criteria: criteria.filter { $0.level == level }.map(\.id))
            }, criteria: criteria,
            blockers: criteria.filter { $0.effective != .met }.map(\.id))
    }

    private static func criterion(
        _ id: String, _ level: Int, _ english: String, _ chinese: String, _ state: CriterionState,
        _ basis: CriterionBasis, value: String? = nil, bar: String? = nil, offenders: [Offender] = [],
        settledBy: String? = nil, evidence: [Int] = []
    ) -> CriterionResult {
        CriterionResult(
            id: id, level: level, textEn: english, textZh: chinese,
            kind: basis == .noSource ? .attested : .measured, isExtension: false, state: state, basis: basis,
            effective: state, value: value, bar: bar, population: 3, offenders: offenders,
            offenderCount: offenders.count, settledBy: settledBy, evidence: evidence)
    }

    private static var plans: DimensionGrade {
        dimension(
            "t14-plans", "Plans", "预案", 0, 5, ("no evidence (floor 1)", "无证据（下限 1 级）"), hasEvidence: false,
            [
                criterion(
                    "t14-plans-process", 1, "A continuity process exists", "有业务连续性管理流程", .unknown, .noSource,
                    settledBy: "lifeboat attest t14-plans-process")
            ])
    }

    private static var backup: DimensionGrade {
        dimension(
            "t14-backup", "Data backup", "数据备份", 2, 2, ("level 2", "2 级"),
            [
                criterion(
                    "t14-backup-full-weekly", 2, "Full backup at least weekly", "至少每周全量备份", .met, .measured,
                    value: "24 h", bar: "at most 7 d + 12 h grace", evidence: [5, 8, 11, 31, 34, 37]),
                criterion(
                    "t14-backup-remote", 3, "A remote copy", "有异地副本", .notMet, .measured, value: "rank 1",
                    bar: "rank 2",
                    offenders: [
                        Offender(
                            member: "documents", state: .notMet, value: "rank 1",
                            detail: "the vault in Chengdu has lagged since 2026-11-22",
                            detailZh: "成都的保险库自 2026-11-22 起滞后", evidence: [157])
                    ], settledBy: "lifeboat copies heal documents", evidence: [157]),
            ])
    }

    private static var drills: DimensionGrade {
        dimension(
            "t14-drills", "Drills", "演练", 1, 3,
            (
                "level 1 confirmed, up to 3 possible (levels 2 and 3 are worded alike)",
                "已确认 1 级，可能至 3 级（2、3 级表述相同）"
            ),
            alike: [2, 3],
            [
                criterion(
                    "t14-drills-paper", 2, "At least one paper exercise in the window", "窗口内至少一次纸面演练",
                    .unknown,
                    .gap, value: "0 in 7 d of 365 d",
                    settledBy: "hold a tabletop, or claim the register complete"),
                criterion(
                    "t14-drills-simulation", 2, "At least one simulation", "至少一次模拟演练", .met, .measured,
                    value: "2", evidence: [221]),
            ])
    }

    private static var recovery: DimensionGrade {
        dimension(
            "t14-dr", "Disaster tolerance", "容灾", 1, 5,
            ("level 1 confirmed, up to 5 possible", "已确认 1 级，可能至 5 级"),
            [
                criterion(
                    "t14-dr-rpo-24h", 2, "Key services lose less than 24 h", "关键业务 RPO 小于 24 小时", .unknown,
                    .gap,
                    offenders: [
                        Offender(
                            member: "orders", state: .unknown, value: "unknown",
                            detail: "no recovery in the window", detailZh: "窗口内没有恢复", evidence: [])
                    ], settledBy: "a drill that recovers orders")
            ])
    }

    private static var people: DimensionGrade {
        dimension(
            "t14-people", "People", "组织人员", 0, 0, ("below level 1", "低于 1 级"),
            [
                criterion(
                    "t14-people-team", 1, "A recovery team of technicians", "有技术人员组成的灾备团队", .notMet,
                    .attested,
                    settledBy: "name the team in the plan")
            ])
    }

    private static var culture: DimensionGrade {
        dimension(
            "t14-culture", "Culture", "文化", 0, 0, ("out of scope", "超出范围"),
            outOfScope: "declared by petra: fewer than five people", [])
    }
}
