// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditPage {
    // MARK: - Grade

    var grades: Markup {
        section("grade", page: true) {
            if let grade = report.grade {
                gradeHead(grade)
                for table in grade.tables { parts.gradeTable(table) }
            } else {
                tag("p") { say("Nothing was graded in this report.", "本报告未作评级。") }
            }
        }
    }

    @MarkupBuilder
    private func gradeHead(_ grade: GradeReport) -> Markup {
        tag("p") {
            say(
                "Graded by \(grade.model), profile \(grade.profile.rawValue), over the window ",
                "依据 \(grade.model)，口径 \(grade.profile.rawValue)，窗口 ")
            parts.time(grade.windowBegunAt, words.time.date(grade.windowBegunAt))
            say(" to ", " 至 ")
            parts.time(grade.asOf, words.time.date(grade.asOf))
            say(
                ". Filled levels are confirmed by evidence; hatched ones are possible: nothing speaks against "
                    + "them, and nothing proves them. There is no number for the whole organisation: the standard "
                    + "has none.",
                "。实心为已有证据确认；斜纹为可能：无反证，亦无证明。标准没有全组织总分，本报告也不给出。")
        }
        if let since = grade.watchedSince {
            tag("p", class: "soft") {
                say("The ledger has been watching since ", "账本记录始于 ")
                parts.time(since)
                say(".", "。")
            }
        }
        tag("div", class: "legend") {
            levelKey("lv-yes") { say("confirmed", "已确认") }
            levelKey("lv-maybe") { say("possible, not proven", "可能，未证实") }
            levelKey("lv-no") { say("not met", "不满足") }
            tag("span") { say("underlined together: worded alike in the standard", "下划线相连：标准中表述相同") }
        }
        if !grade.changedParameters.isEmpty {
            tag("p") {
                say("Parameters that differ from their defaults: ", "与默认值不同的参数：")
                grade.changedParameters.map { "\($0.name) = \($0.value) (\($0.defaultValue))" }
                    .joined(separator: "; ")
            }
        }
    }

    private func levelKey(_ style: String, _ text: () -> String) -> Markup {
        tag("span") {
            tag("svg", ["viewBox": "0 0 20 11", "aria-hidden": "true"]) {
                tag("rect", ["class": style, "x": "1", "y": "1", "width": "18", "height": "9", "rx": "2"])
            }
            text()
        }
    }

    // MARK: - Findings

    var findings: Markup {
        section("findings", page: true) {
            if report.findings.isEmpty {
                tag("p") { say("None.", "无。") }
            } else {
                parts.table(
                    [
                        .init(say("about", "对象")), .init(say("weight", "程度")), .init(say("finding", "发现")),
                        .init(say("what settles it", "解决办法")), .init(say("events", "事件"), "r"),
                    ],
                    report.findings.map { finding in
                        [
                            Markup(finding.subject), weight(finding.weight), Markup(finding.text),
                            remedy(finding.remedy), Markup(finding.trace.text),
                        ]
                    })
            }
        }
    }

    private func weight(_ weight: AuditReport.Finding.Weight) -> Markup {
        switch weight {
        case .violated: parts.badge(say("not kept", "未兑现"), .bad)
        case .unproven: parts.badge(say("unproven", "未证实"), .doubt)
        case .note: tag("span", class: "verdict neutral") { say("note", "备注") }
        }
    }

    private func remedy(_ remedy: String?) -> Markup {
        guard let remedy else { return Markup() }
        return remedy.hasPrefix("lifeboat ") ? tag("code") { remedy } : Markup(remedy)
    }

    // MARK: - Method

    var method: Markup {
        section("method", page: true) {
            tag("ul") {
                for line in methodLines { tag("li") { line } }
            }
            parts.table(
                [
                    .init(say("class", "级别")), .init(say("evidence", "证据")),
                    .init(say("what it may be used for", "可用于")),
                ], caption: say("Evidence classes", "证据级别"),
                EvidenceClass.allCases.map { evidence in
                    [
                        Markup(evidence.rawValue), Markup(words.evidence(evidence)),
                        Markup(use(evidence)),
                    ]
                })
        }
    }

    private var methodLines: [String] {
        [
            say(
                "Recovery time: from the outage (an interval between the last good and the first bad sample) to the "
                    + "service proven valid, as differences of one monotonic clock. A service that answers is not "
                    + "yet valid: its data must be proven, too.",
                "恢复时间：自中断（最后正常采样与首个异常采样之间的区间）到服务被证实有效，取同一单调时钟之差。能应答不等于有效：数据也须证实。"),
            say(
                "Data loss in a drill: from the newest canary record read inside the recovered service to the outage, "
                    + "on the writer's clock; the lost records are counted one by one against the ledger.",
                "演练中的数据丢失：自恢复后的服务中读到的最新金丝雀记录到中断，按写入方时钟；丢失记录逐条与账本核对。"),
            say(
                "Worst data loss: at every moment of the period, the age of the newest copy that was complete, verified "
                    + "and at a surviving site. This, not the drill's luck, is held against the objective.",
                "最坏数据丢失：期间内每一时刻，存活站点上最新的完整且已验证副本的时龄。与目标比较的是它，而非演练时的运气。"),
            say(
                "Met: the upper bound keeps the objective. Missed: the lower bound breaks it. Anything else is unproven.",
                "达标：上界满足目标。未达标：下界超出目标。其余均为未证实。"),
            say(
                "A copy counts while its whole chain lies verified in one store; a store's own word counts for nothing.",
                "副本仅在其整条链都在同一存储中得到验证时才计数；存储自身的说法不算数。"),
            say(
                "The archive's consistency time is when reading began, never when it ended or arrived.",
                "归档的一致性时刻取开始读取之时，而非结束或到达之时。"),
        ]
    }

    private func use(_ evidence: EvidenceClass) -> String {
        switch evidence {
        case .none: say("nothing", "不可用")
        case .talk: say("governance only, never a technical number", "仅用于治理，不作技术数据")
        case .readiness:
            say("that a recovery could begin; copies and exposure rest on it", "可开始恢复；副本与风险敞口基于此")
        case .componentRestore: say("that the data come back", "数据可恢复")
        case .isolatedRecovery: say("that the service works without the lost site", "失去站点后服务仍可用")
        case .announcedSwitch: say("that people and systems do it together, prepared", "人与系统在有准备时可完成")
        case .unannouncedSwitch: say("that they do it unprepared, and come back", "无准备时可完成并能回切")
        }
    }

    // MARK: - Proof

    var proof: Markup {
        section("proof") {
            parts.table(
                [.init(say("what", "项目")), .init(say("value", "值"))],
                [
                    [Markup(say("ledger events", "账本事件数")), Markup("\(report.ledger.events)")],
                    [
                        Markup(say("ledger head", "账本链首")),
                        report.ledger.headSequence.map { Markup("\($0) ") } ?? Markup(words.unknown),
                    ].enumerated().map { index, cell in
                        index == 1 ? cell + parts.hash(report.ledger.headSha256 ?? "") : cell
                    },
                    [
                        Markup(say("chain", "哈希链")),
                        chainState,
                    ],
                    [
                        Markup(say("plan", "计划")),
                        parts.hash(report.ledger.planSha256 ?? words.unknown),
                    ],
                    [Markup(say("events by kind", "各类事件")), Markup(kinds)],
                ])
            verification
        }
    }

    private var chainState: Markup {
        switch report.ledger.isWhole {
        case true?: parts.badge(say("read again and unbroken", "已重读，完好"), .good)
        case false?: parts.badge(say("BROKEN", "已断裂"), .bad)
        case nil: parts.badge(say("not read again for this report", "本报告未重读"), .doubt)
        }
    }

    private var kinds: String {
        report.ledger.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", ")
    }

    @MarkupBuilder private var verification: Markup {
        tag("p") {
            say(
                "The report is signed in its canonical JSON. With a stock OpenSSH, beside this page:",
                "报告以其规范 JSON 签名。在本页所在目录，用标准 OpenSSH 验证：")
        }
        parts.verification(workspace: report.workspace)
        tag("p") {
            say(
                "Then compare the ledger head above with one that you hold from elsewhere, such as in a point's manifest: "
                    + "'lifeboat ledger check' finds any difference.",
                "再将上面的账本链首与您从别处（例如恢复点清单）持有的链首比较：lifeboat ledger check 会发现任何差异。")
        }
    }
}
