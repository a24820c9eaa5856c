// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterActionPage {
    var activity: Markup {
        parts.table(
            [
                .init(say("record", "记录"), "r"), .init(say("time", "时间")), .init(say("step", "步骤")),
                .init(say("what happened", "事项")), .init(say("by", "人")),
            ],
            report.activity.map { row in
                [
                    Markup("\(row.record)"), parts.clock(row.at), Markup(row.step ?? ""), Markup(row.text),
                    Markup(row.person ?? ""),
                ]
            })
    }

    @MarkupBuilder var deviations: Markup {
        if report.deviations.isEmpty {
            tag("p") { say("None: everything went as written.", "无：一切按计划进行。") }
        } else {
            parts.table(
                [
                    .init(say("what", "类型")), .init(say("step", "步骤")), .init(say("in words", "说明")),
                    .init(say("record", "记录"), "r"),
                ],
                report.deviations.map { item in
                    [
                        Markup(deviation(item.kind)), Markup(item.step ?? ""),
                        Markup(item.text + (item.lengthSeconds.map { " (\(words.seconds($0)))" } ?? "")),
                        Markup(item.journal.text),
                    ]
                })
        }
    }

    func deviation(_ kind: AfterAction.Deviation.Kind) -> String {
        switch kind {
        case .hold: say("held", "暂停")
        case .skipped: say("step skipped", "步骤跳过")
        case .notRun: say("step not run", "步骤未执行")
        case .failed: say("step did not pass", "步骤未通过")
        case .late: say("later than expected", "超出预期时间")
        case .correction: say("correction", "更正")
        case .controllerAway: say("controller away", "控制端缺席")
        case .unauthenticated: say("answer not authenticated", "答复未经认证")
        case .preparedAnswer: say("answer prepared beforehand", "预先准备的答复")
        case .guardFailed: say("guard failed", "守卫未通过")
        case .waived: say("went on by decision of", "经决定继续")
        }
    }

    // MARK: - Objectives and improvement

    @MarkupBuilder var objectives: Markup {
        parts.table(
            [
                .init(say("objective", "目标")), .init(say("rating", "评定")), .init(say("because", "依据")),
            ],
            caption: say(
                "P performed without challenges, S with some, M with major challenges, U unable. Derived from the record; "
                    + "an evaluator confirms or overrules it.",
                "P 顺利完成，S 有一些困难，M 有重大困难，U 未能完成。由记录推导，须经评估人确认或修正。"),
            report.objectives.map { rating in
                [
                    Markup(rating.objective),
                    tag("strong") { rating.rating?.rawValue ?? say("not rated: unproven", "未评定：未证实") },
                    Markup(rating.because),
                ]
            })
        tag("h3") { say("Strengths", "优点") }
        parts.list(report.strengths, none: say("None that the record proves.", "记录未能证实任何优点。"))
        tag("h3") { say("Areas for improvement", "待改进") }
        parts.list(report.areas, none: say("None found.", "未发现。"))
    }

    @MarkupBuilder var improvement: Markup {
        if report.improvements.isEmpty {
            tag("p") { say("Nothing to improve was found.", "未发现需改进之处。") }
        } else {
            parts.table(
                [
                    .init(say("finding", "发现")), .init(say("action", "措施")), .init(say("owner", "负责人")),
                    .init(say("due", "期限")), .init(say("closes by", "关闭条件")),
                ],
                report.improvements.map { item in
                    [
                        Markup(item.finding), Markup(item.action),
                        item.owner.map { Markup($0) } ?? parts.badge(say("nobody yet", "尚无"), .doubt),
                        item.dueAt.map { parts.time($0, words.time.date($0)) }
                            ?? parts.badge(say("not set", "未定"), .doubt),
                        Markup(say("a passed drill of ", "重新演练并通过：")) + tag("code") { item.redrill }
                            + (item.redrillBy.map {
                                Markup(say(" by ", "，期限 ")) + parts.time($0, words.time.date($0))
                            } ?? Markup("")),
                    ]
                })
        }
    }

    // MARK: - Method, clean-up, hashes

    @MarkupBuilder var method: Markup {
        parts.table(
            [.init(say("what", "项目")), .init(say("value", "值")), .init(say("what it means", "含义"))],
            report.method.map { [Markup($0.name), Markup($0.value), Markup($0.note)] })
        tag("p") {
            say(
                "The width of a recovery time is at most the two probe periods with their time-outs, plus the bound of "
                    + "the clocks. Met only when the upper bound keeps the objective.",
                "恢复时间的区间宽度至多为两个探测周期加超时，再加时钟误差界。仅当上界满足目标时才算达标。")
        }
    }

    @MarkupBuilder var leftovers: Markup {
        tag("p") {
            parts.badge(
                words.aftermath(report.run.aftermath), report.run.aftermath == .clean ? .good : .bad)
            " "
            report.leftovers.isEmpty
                ? say(
                    "Nothing of the run is left on any host, as far as its own undo proves.",
                    "据撤销结果，任何主机上均无遗留。")
                : report.leftovers.joined(separator: ", ")
        }
        if !report.undos.isEmpty {
            parts.table(
                [
                    .init(say("step", "步骤")), .init(say("undo", "撤销动作")), .init(say("host", "主机")),
                    .init(say("state", "状态")), .init(say("proof", "证明")), .init(say("record", "记录"), "r"),
                ],
                report.undos.map { undo in
                    [
                        Markup(undo.step), Markup(undo.what), Markup(undo.host ?? ""), undoState(undo.state),
                        Markup(undo.detail), Markup(undo.journal.text),
                    ]
                })
        }
    }

    private func undoState(_ state: AfterAction.UndoRow.State) -> Markup {
        switch state {
        case .done: parts.badge(say("undone", "已撤销"), .good)
        case .failed: parts.badge(say("FAILED", "失败"), .bad)
        case .owed: parts.badge(say("owed", "未完成"), .bad)
        }
    }

    @MarkupBuilder var hashes: Markup {
        parts.table([.init(say("what", "项目")), .init("SHA-256")], hashRows)
        tag("p") {
            say(
                "The signature is over the canonical JSON of this report. With a stock OpenSSH:",
                "签名针对本报告的规范 JSON。用标准 OpenSSH 验证：")
        }
        parts.verification(workspace: report.workspace)
    }

    private var hashRows: [[Markup]] {
        let opened = report.opened
        let known = [
            (say("what was approved", "已批准内容"), opened.approvedSha256),
            (say("scenario", "场景"), opened.scenarioSha256), (say("plan", "计划"), opened.planSha256),
            (
                say(
                    "journal, last of \(report.run.journalRecords) records",
                    "日志，共 \(report.run.journalRecords) 条记录"), report.run.journalSha256
            ),
        ]
        let files = report.probeFiles.map { batch in
            (
                "\(batch.file), \(batch.samples) "
                    + (batch.isComplete ? say("samples", "个采样") : say("samples, INCOMPLETE", "个采样，不完整")),
                batch.sha256
            )
        }
        return (known + files).map { [Markup($0.0), parts.hash($0.1)] }
            + (report.ledgerEvent.map { [[Markup(say("ledger event", "账本事件")), Markup("\($0)")]] } ?? [])
    }
}
