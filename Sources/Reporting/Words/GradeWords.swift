// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What every telling of a grade says in the same words.
package struct GradeWords: Hashable, Sendable {
    private let say: ReportLanguage

    package init(_ language: ReportLanguage) {
        say = language
    }

    /// Every parameter that is not the default.
    package func changed(_ grade: GradeReport) -> [String] { changed(grade.changedParameters) }

    package func changed(_ parameters: [ChangedParameter]) -> [String] {
        parameters.map {
            say(
                "parameter \($0.name) is \($0.value), by default \($0.defaultValue)",
                "参数 \($0.name) 为 \($0.value)，默认 \($0.defaultValue)")
        }
    }

    /// The column with waivers; `nil` where waivers change nothing.
    package func withWaivers(_ dimension: DimensionGrade) -> String? {
        guard dimension.confirmedWithWaivers > dimension.confirmed else { return nil }
        return say(
            "with waivers level \(dimension.confirmedWithWaivers)",
            "计入豁免为\(dimension.confirmedWithWaivers)级")
    }

    /// What was measured.
    package func value(_ result: CriterionResult) -> String? {
        result.value.map { say($0, result.valueZh ?? $0) }
    }

    /// What was asked.
    package func bar(_ result: CriterionResult) -> String? {
        result.bar.map { say($0, result.barZh ?? $0) }
    }

    /// A member that fails or of which too little is known, and what is behind it.
    package func offender(_ offender: Offender) -> String {
        say(
            "\(offender.member): \(offender.detail)",
            "\(offender.memberZh ?? offender.member)：\(offender.detailZh ?? offender.detail)")
    }

    /// What would settle or repair a criterion.
    package func settledBy(_ result: CriterionResult) -> String? {
        result.settledBy.map { say($0, result.settledByZh ?? $0) }
    }

    /// The same for a step on the way up.
    package func settledBy(_ step: WayUp.Step) -> String? {
        step.settledBy.map { say($0, step.settledByZh ?? $0) }
    }

    package func effort(_ effort: WayUp.Effort) -> String {
        switch effort {
        case .attest: say("attest", "声明")
        case .plan: say("plan", "写入计划")
        case .record: say("record", "登记")
        case .probe: say("probe", "探测")
        case .drill: say("drill", "演练")
        case .repair: say("repair", "整改")
        }
    }

    package func direction(_ direction: GradeDifference.Direction) -> String {
        switch direction {
        case .better: say("better", "改善")
        case .worse: say("worse", "变差")
        case .same: say("same", "持平")
        }
    }

    /// Remarks: a contradicting fact, a statement beside a measurement, a value exactly at the bar.
    package func notes(_ result: CriterionResult) -> [String] {
        say == .zh ? result.notesZh ?? result.notes : result.notes
    }

    /// A whole table: the least of its dimensions, never the result by itself.
    package func table(_ table: TableGrade) -> String {
        guard let confirmed = table.confirmed, let possible = table.possible else {
            return say("no level: too many dimensions are out of scope", "不评级：超出范围的维度过多")
        }
        let waived = table.confirmedWithWaivers ?? confirmed
        let range = confirmed == possible ? "\(confirmed)" : "\(confirmed)-\(possible)"
        return say("least \(range)", "最低 \(range)")
            + (waived > confirmed ? say(", with waivers \(waived)", "，计入豁免 \(waived)") : "")
    }
}
