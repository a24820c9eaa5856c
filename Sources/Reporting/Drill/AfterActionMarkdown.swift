// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterAction {
    /// The same report as Markdown.
    package func markdown() -> String {
        var writer = AfterActionMarkdown(report: self)
        return writer.write()
    }
}

private struct AfterActionMarkdown {
    let report: AfterAction
    let words: Wording
    var text = MarkdownText()

    private var say: ReportLanguage { words.say }

    init(report: AfterAction) {
        self.report = report
        words = report.words
    }

    mutating func write() -> String {
        board()
        timeline()
        parts()
        loss()
        validation()
        activity()
        deviations()
        objectives()
        improvement()
        method()
        leftovers()
        hashes()
        return text.source
    }

    private mutating func board() {
        let run = report.run
        text.heading(1, run.title)
        text.paragraph(
            "\(words.outcome(run.outcome)), \(words.aftermath(run.aftermath)) · \(words.exercise(run.exercise)) "
                + "(\(run.exercise.peerName)) · \(words.mode(run.mode)) · \(words.time.text(run.begunAt))")
        text.table(
            [
                say("service", "服务"), say("number", "指标"), say("interval", "区间"), say("promised", "承诺"),
                say("verdict", "结论"), say("evidence", "证据"),
            ],
            report.services.flatMap { service in
                service.figures.map { figure in
                    [
                        service.recovery.service, words.name(figure.kind), words.value(figure),
                        figure.objective.map { words.length.text($0) } ?? "-", words.verdict(figure.verdict),
                        figure.evidence.rawValue,
                    ]
                }
            })
    }

    private mutating func timeline() {
        text.heading(2, say("2. Timeline", "2. 时间线"))
        text.table(
            [say("since", "起"), say("length", "时长"), say("phase", "阶段"), say("step", "步骤")], right: [0, 1],
            report.timeline.rows.map { row in
                [
                    words.seconds(max(0, row.beginSeconds)),
                    row.endSeconds.map { words.seconds(max(0, $0 - row.beginSeconds)) } ?? words.unknown,
                    words.phase(row.phase), row.name,
                ]
            })
    }

    private mutating func parts() {
        text.heading(2, say("3. Parts of the recovery time", "3. 恢复时间的组成"))
        text.table(
            [say("service", "服务"), say("part", "部分"), say("length", "时长"), say("how known", "来源")],
            report.services.flatMap { service in
                service.recovery.partsInOrder.map { part in
                    [
                        service.recovery.service, words.part(part.name), words.length.text(part.span),
                        part.isAssumed
                            ? say("ASSUMED", "假定") + (part.because.map { ": \($0)" } ?? "")
                            : say("measured", "实测"),
                    ]
                }
            })
    }

    private mutating func loss() {
        text.heading(2, say("4. Data loss", "4. 数据丢失"))
        for service in report.services {
            let recovery = service.recovery
            let value = recovery.recoveryPoint.map(words.length.text) ?? words.unknown
            let lost = recovery.lostRecords.map { "\($0)" } ?? words.unknown
            text.paragraph(
                say(
                    "\(recovery.service): \(value); acknowledged records lost: \(lost).",
                    "\(recovery.service)：\(value)；丢失的已确认记录：\(lost)。"))
        }
    }

    private mutating func validation() {
        text.heading(2, say("5. Validation", "5. 验证表"))
        text.table(
            [
                say("Procedure", "步骤"), say("Expected", "预期结果"), say("Actual", "实际结果"),
                say("Successful?", "是否成功"), say("By", "执行人"),
            ],
            report.validation.map { row in
                [
                    row.procedure, row.expected, row.actual,
                    row.successful.map(words.result) ?? say("not run", "未执行"), row.by,
                ]
            })
    }

    private mutating func activity() {
        text.heading(2, say("6. Activity log", "6. 活动日志"))
        text.table(
            [
                say("record", "记录"), say("time", "时间"), say("step", "步骤"), say("what happened", "事项"),
                say("by", "人"),
            ], right: [0],
            report.activity.map { row in
                ["\(row.record)", words.time.text(row.at), row.step ?? "", row.text, row.person ?? ""]
            })
    }

    private mutating func deviations() {
        text.heading(2, say("7. Deviations and holds", "7. 偏差与暂停"))
        text.list(
            report.deviations.map { item in
                "\(item.kind.rawValue)\(item.step.map { " \($0)" } ?? ""): \(item.text)"
            }, none: say("None.", "无。"))
    }

    private mutating func objectives() {
        text.heading(2, say("8. Objectives, strengths, areas", "8. 目标、优点与待改进"))
        text.table(
            [say("objective", "目标"), say("rating", "评定"), say("because", "依据")],
            report.objectives.map { [$0.objective, $0.rating?.rawValue ?? "-", $0.because] })
        text.list(report.strengths, none: say("No strength that the record proves.", "记录未能证实任何优点。"))
        text.list(report.areas, none: say("No area found.", "未发现待改进之处。"))
    }

    private mutating func improvement() {
        text.heading(2, say("9. Improvement plan", "9. 改进计划"))
        text.table(
            [
                say("finding", "发现"), say("action", "措施"), say("owner", "负责人"), say("due", "期限"),
                say("re-drill", "重新演练"),
            ],
            report.improvements.map { item in
                [
                    item.finding, item.action, item.owner ?? say("nobody yet", "尚无"),
                    item.dueAt.map { words.time.date($0) } ?? say("not set", "未定"),
                    item.redrill
                        + (item.redrillBy.map {
                            say(" by \(words.time.date($0))", "，\(words.time.date($0)) 前")
                        } ?? ""),
                ]
            })
    }

    private mutating func method() {
        text.heading(2, say("10. Method and error bars", "10. 方法与误差"))
        text.table(
            [say("what", "项目"), say("value", "值"), say("what it means", "含义")],
            report.method.map { [$0.name, $0.value, $0.note] })
    }

    private mutating func leftovers() {
        text.heading(2, say("11. Leftovers and clean-up", "11. 遗留与清理"))
        text.paragraph(words.aftermath(report.run.aftermath))
        text.table(
            [
                say("step", "步骤"), say("undo", "撤销动作"), say("host", "主机"), say("state", "状态"),
                say("proof", "证明"),
            ], report.undos.map { [$0.step, $0.what, $0.host ?? "", $0.state.rawValue, $0.detail] })
    }

    private mutating func hashes() {
        text.heading(2, say("12. Hashes and signatures", "12. 哈希与签名"))
        text.list(
            [
                "approved: \(report.opened.approvedSha256)", "scenario: \(report.opened.scenarioSha256)",
                "plan: \(report.opened.planSha256)",
                "journal (\(report.run.journalRecords)): \(report.run.journalSha256)",
            ] + report.probeFiles.map { "\($0.file): \($0.sha256)" }, none: "")
        text.code(EvidenceBundle.commands(workspace: report.workspace))
    }
}
