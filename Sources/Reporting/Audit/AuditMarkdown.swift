// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditReport {
    /// The same report as Markdown.
    package func markdown() -> String {
        var writer = AuditMarkdown(report: self)
        return writer.write()
    }
}

private struct AuditMarkdown {
    let report: AuditReport
    let words: Wording
    var text = MarkdownText()

    private var say: ReportLanguage { words.say }

    init(report: AuditReport) {
        self.report = report
        words = report.words
    }

    mutating func write() -> String {
        text.heading(1, say("Continuity audit: \(report.organisation)", "业务连续性审计：\(report.organisation)"))
        text.paragraph(
            "\(words.time.text(report.begunAt)) – \(words.time.text(report.endedAt)), \(words.time.zoneName)")
        if report.isPartlyUnwatched {
            text.paragraph(
                say(
                    "The period asked for begins \(words.time.text(report.askedBegunAt)); of the time before the "
                        + "ledger's first event nothing is known.",
                    "所要求的期间始于 \(words.time.text(report.askedBegunAt))；账本首个事件之前的情况未知。"))
        }
        for service in report.services { write(service) }
        availability()
        drills()
        exposure()
        for dataset in report.datasets { write(dataset) }
        grade()
        crossReference()
        findings()
        proof()
        return text.source
    }

    private mutating func write(_ part: AuditReport.ServicePart) {
        text.heading(2, "\(part.service): \(words.verdict(part.verdict))")
        let run = part.run.flatMap { name in report.drills.last { $0.run.run == name }?.run }
        text.paragraph(
            ServiceWords(words: words, part: part, run: run).sentences.joined(separator: say(" ", "")))
        text.table(
            [
                say("number", "指标"), say("interval", "区间"), say("promised", "承诺"), say("verdict", "结论"),
                say("evidence", "证据"), say("age", "时龄"), say("events", "事件"),
            ],
            part.figures.map { figure in
                [
                    words.name(figure.kind), words.value(figure),
                    figure.objective.map { words.length.text($0) } ?? "-", words.verdict(figure.verdict),
                    figure.evidence.rawValue,
                    figure.ageSeconds.map { words.length.age(Duration(roundedSeconds: $0)) } ?? "-",
                    figure.trace.text,
                ]
            })
    }

    private mutating func availability() {
        let part = AuditAvailability(report: report, words: words)
        text.heading(2, say("Availability and the times of incidents", "可用性与事故时间"))
        if part.rows.isEmpty, part.times.isEmpty { return text.paragraph(part.nothing) }
        if !part.rows.isEmpty {
            text.paragraph(part.rule)
            text.table(part.heads, part.rows)
        }
        if !part.times.isEmpty { text.table(part.timeHeads, part.times) }
    }

    private mutating func exposure() {
        guard let measures = report.measures else { return }
        let chart = ExposureChart(measures, zone: report.zone, language: say)
        guard !chart.isEmpty else { return }
        text.heading(2, say("Exposure over time", "暴露随时间的变化"))
        text.list(chart.sentences, none: "")
    }

    private mutating func drills() {
        text.heading(2, say("Drills", "演练"))
        guard !report.drills.isEmpty else {
            return text.paragraph(say("The ledger holds no drill of this period.", "账本中没有此期间的演练。"))
        }
        text.table(
            [
                say("run", "演练"), say("begun", "开始"), say("kind", "类型"), say("outcome", "结果"),
                say("recovery time", "恢复时间"), say("data loss", "数据丢失"), say("event", "事件"),
            ],
            report.drills.map { drill in
                let run = drill.run
                return [
                    run.run, words.time.text(run.begunAt),
                    "\(words.exercise(run.exercise)), \(words.mode(run.mode))", words.outcome(run.outcome),
                    run.services.map { spanned($0.service, $0.recoveryTime) }.joined(separator: "; "),
                    run.services.map { spanned($0.service, $0.recoveryPoint) }.joined(separator: "; "),
                    drill.trace.text,
                ]
            })
    }

    private func spanned(_ name: String, _ span: Span?) -> String {
        "\(name) \(span.map(words.length.text) ?? words.unknown)"
    }

    private mutating func write(_ dataset: AuditReport.DatasetPart) {
        let copies = dataset.copies
        text.heading(2, say("Copies of \(copies.dataset)", "\(copies.dataset) 的副本"))
        text.paragraph(
            say(
                "\(copies.effective.count) verified whole copies of \(copies.newestPoint ?? "no point"), "
                    + "\(dataset.policy.atLeast) asked for.",
                "\(copies.newestPoint ?? "无恢复点") 有 \(copies.effective.count) 份已验证的完整副本，要求 "
                    + "\(dataset.policy.atLeast) 份。"))
        text.table(
            [
                say("if this is lost", "若失去"), say("copies left", "剩余副本"), say("stores", "存储"),
                say("would be lost", "将丢失"),
            ], right: [1],
            copies.losses.map { outcome in
                [
                    words.loss(outcome.loss), "\(outcome.copiesLeft)",
                    outcome.storesLeft.joined(separator: ", "),
                    outcome.exposureSeconds.map(words.seconds) ?? say("everything", "全部"),
                ]
            })
        text.list(
            copies.violations.map { "\($0.text) - \($0.repair)" }, none: say("The policy is met.", "符合策略。"))
    }

    private mutating func grade() {
        guard let grade = report.grade else { return }
        text.heading(2, say("Maturity", "成熟度"))
        text.paragraph(
            say(
                "Model \(grade.model), profile \(grade.profile.rawValue), as of \(words.time.text(grade.asOf)).",
                "模型 \(grade.model)，口径 \(grade.profile.rawValue)，截至 \(words.time.text(grade.asOf))。"))
        for changed in GradeWords(say).changed(grade) { text.paragraph(changed) }
        for table in grade.tables {
            text.heading(3, say("Table \(table.table): \(table.nameEn)", "表 \(table.table)：\(table.nameZh)"))
            text.table(
                [
                    say("dimension", "维度"), say("result", "结果"), say("blocks the next level", "下一级受阻于"),
                ],
                table.dimensions.map { dimension in
                    let blockers = dimension.blockers.compactMap(dimension.criterion).map { criterion in
                        "\(say(criterion.textEn, criterion.textZh)) "
                            + "(\(say(criterion.wordsEn, criterion.wordsZh)))"
                    }
                    return [
                        say(dimension.nameEn, dimension.nameZh),
                        say(dimension.verdictEn, dimension.verdictZh)
                            + (GradeWords(say).withWaivers(dimension).map { "; \($0)" } ?? ""),
                        dimension.outOfScope ?? blockers.joined(separator: "; "),
                    ]
                })
        }
    }

    private mutating func crossReference() {
        guard let cross = report.crossReference else { return }
        let lines = CrossReferenceWords(cross, language: say)
        text.heading(2, lines.title)
        text.paragraph(lines.caution)
        text.heading(3, lines.ruleTitle)
        text.table(lines.ruleHeads, lines.ruleRows)
        text.heading(3, lines.recoveryTitle)
        text.table(lines.recoveryHeads, lines.recoveryRows)
        for framework in cross.frameworks {
            text.heading(3, lines.name(framework))
            text.paragraph(lines.caution(framework))
            text.table(lines.controlHeads, lines.rows(framework))
        }
    }

    private mutating func findings() {
        text.heading(2, say("Findings", "发现"))
        guard !report.findings.isEmpty else { return text.paragraph(say("None.", "无。")) }
        text.table(
            [
                say("about", "对象"), say("weight", "程度"), say("finding", "发现"),
                say("what settles it", "解决办法"), say("events", "事件"),
            ],
            report.findings.map {
                [$0.subject, $0.weight.rawValue, $0.text, $0.remedy ?? "", $0.trace.text]
            })
    }

    private mutating func proof() {
        text.heading(2, say("Ledger", "账本"))
        text.list(
            [
                say("events: \(report.ledger.events)", "事件数：\(report.ledger.events)"),
                say("head: ", "链首：")
                    + (report.ledger.headSequence.map { "\($0) " } ?? words.unknown)
                    + (report.ledger.headSha256 ?? ""),
                say("plan: ", "计划：") + (report.ledger.planSha256 ?? words.unknown),
                say("made by Lifeboat \(report.toolVersion) at ", "由 Lifeboat \(report.toolVersion) 生成于 ")
                    + words.time.text(report.generatedAt),
            ], none: "")
        text.code(EvidenceBundle.commands(workspace: report.workspace))
    }
}
