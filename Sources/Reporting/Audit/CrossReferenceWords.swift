// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// A cross-reference as rows of text, for the terminal, Markdown and the page alike.
package struct CrossReferenceWords {
    private let report: CrossReferenceReport
    private let say: ReportLanguage

    package init(_ report: CrossReferenceReport, language: ReportLanguage) {
        self.report = report
        say = language
    }

    package var title: String { say("Cross-reference", "对照") }

    package var caution: String {
        say(
            "A fact serves a control; it does not fulfil it. What a control asks is restated in few words: the "
                + "framework's own text counts. The number of a clause with a * was not held against that text: confirm "
                + "it before you cite it.",
            "事实可支撑某项控制，但不等于满足该项控制。控制要求为本工具的转述，以原文为准。"
                + "带 * 的条款号未与原文核对，引用前请自行确认。")
    }

    /// Every parameter that is not the default.
    package var changed: [String] { GradeWords(say).changed(report.changedParameters ?? []) }

    package var controlHeads: [String] {
        [say("clause", "条款"), say("asks", "要求"), say("served by", "支撑事实"), say("and judged", "评级结果")]
    }

    /// One row for each control.
    package func rows(_ framework: CrossReferenceReport.FrameworkPart) -> [[String]] {
        framework.controls.map { control in
            var seen: Set<String> = []
            let judged = control.facts.flatMap(\.judged).filter { seen.insert($0.dimension).inserted }
            return [
                control.clause + (control.isConfirmed == false ? " *" : ""),
                say(control.textEn, control.textZh),
                control.facts.map { say($0.nameEn, $0.nameZh) }.joined(separator: say("; ", "；")),
                judged.map { "\($0.dimension): \(say($0.verdictEn, $0.verdictZh))" }
                    .joined(separator: say("; ", "；")),
            ]
        }
    }

    package func name(_ framework: CrossReferenceReport.FrameworkPart) -> String {
        "\(framework.name) (\(framework.edition))"
    }

    package func caution(_ framework: CrossReferenceReport.FrameworkPart) -> String {
        say(framework.cautionEn, framework.cautionZh)
    }

    // MARK: - What was derived

    package var ruleTitle: String { say("3-2-1-1-0, dataset by dataset", "3-2-1-1-0，按数据集") }

    package var ruleHeads: [String] {
        [
            say("dataset", "数据集"), say("3 copies", "3 份"), say("2 domains", "2 域"), say("1 off site", "1 场外"),
            say("1 immutable", "1 不可变"), say("0 errors", "0 错误"), say("why", "依据"),
        ]
    }

    package var ruleRows: [[String]] {
        report.backupRule.map { rule in
            [rule.dataset] + [rule.three, rule.two, rule.offsite, rule.immutable, rule.zero].map(word)
                + [
                    say(
                        "\(rule.copies) verified copies; \(rule.detail)",
                        "\(rule.copies) 份已验证副本；\(rule.detailZh ?? rule.detail)")
                ]
        }
    }

    private func word(_ state: CriterionState) -> String {
        switch state {
        case .met: say("yes", "是")
        case .notMet: say("no", "否")
        case .unknown, .waived: say("unknown", "未知")
        }
    }

    package var recoveryTitle: String { say("Achieved, beside published levels", "实测结果与公布等级的对照") }

    package var recoveryHeads: [String] {
        [
            say("service", "服务"), say("recovery point", "恢复点"), say("recovery time", "恢复时间"),
            say("GB/T 20988-2007", "GB/T 20988-2007"), say("SHARE", "SHARE"),
        ]
    }

    package var recoveryRows: [[String]] {
        report.recovery.map { match in
            [
                match.service, length(match.recoveryPointSeconds), length(match.recoveryTimeSeconds),
                match.gbtLevel.map { level in
                    say(
                        "RPO and RTO consistent with level \(level) of the 2007 edition",
                        "RPO 与 RTO 与 2007 版 \(level) 级相符")
                } ?? say("not shown", "未能证实"),
                say("consistent with tier \(match.shareTier)", "与第 \(match.shareTier) 层相符"),
            ]
        }
    }

    private func length(_ seconds: Double?) -> String {
        seconds.map { say("at most ", "至多 ") + Duration(roundedSeconds: $0).text } ?? say("unproven", "未证实")
    }
}
