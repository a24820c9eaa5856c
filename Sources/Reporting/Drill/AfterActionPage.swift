// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterAction {
    /// One self-contained page: no script, no network, printable.
    package func html() -> String {
        AfterActionPage(self).html()
    }

    var words: Wording { Wording(language, zone: zone, now: generatedAt) }

    /// Numbers and their units stay on one line.
    var pageWords: Wording { Wording(language, zone: zone, now: generatedAt, space: "\u{a0}") }
}

/// The after-action report as a page, in the twelve parts of drills.md.
struct AfterActionPage {
    let report: AfterAction
    let words: Wording
    let parts: PageParts

    var say: ReportLanguage { words.say }

    init(_ report: AfterAction) {
        self.report = report
        words = report.pageWords
        parts = PageParts(words: words)
    }

    func html() -> String {
        parts.page(title: say("Drill report: \(report.run.title)", "演练报告：\(report.run.title)")) {
            board
            contents
            section("timeline", page: true) { parts.timeline(report.timeline) }
            section("parts") { for service in report.services { recoveryParts(service) } }
            section("loss") { for service in report.services { loss(service) } }
            section("validation", page: true) { validation }
            section("activity") { activity }
            section("deviations") { deviations }
            section("objectives") { objectives }
            section("improvement") { improvement }
            section("method") { method }
            section("leftovers") { leftovers }
            section("hashes") { hashes }
            foot
        }
    }

    // MARK: - One page for the board

    @MarkupBuilder private var board: Markup {
        tag("p", class: "eyebrow") {
            report.organisation
            say(" · after-action report · ", " · 演练总结报告 · ")
            parts.time(report.run.begunAt)
            " · \(kind)"
        }
        tag("h1") { report.run.title }
        tag("p", class: "lead") {
            parts.badge(words.outcome(report.run.outcome), PageParts.Sign(report.run.outcome))
            " "
            leadWords
        }
        for service in report.services { card(service) }
        changeSinceLast
    }

    private var kind: String {
        let run = report.run
        return [
            words.exercise(run.exercise) + " (\(run.exercise.peerName))", words.mode(run.mode),
            run.isAnnounced ? say("announced", "预告") : say("unannounced", "未预告"),
        ].joined(separator: ", ")
    }

    private var leadWords: String {
        let run = report.run
        let length = words.length.text(run.endedAt - run.begunAt)
        let passed = report.validation.count { $0.successful == .passed }
        let hosts =
            run.aftermath == .clean
            ? say("every host was left as found", "所有主机均已恢复原状")
            : say("something was left behind", "有遗留")
        return say(
            "\(passed) of \(report.validation.count) steps succeeded in \(length); \(hosts). "
                + "\(run.findings.count) \(run.findings.count == 1 ? "finding" : "findings")."
                + (isPrepared ? " Answers were prepared in a file: the run says nothing about people." : ""),
            "\(report.validation.count) 个步骤中 \(passed) 个成功，用时 \(length)；\(hosts)。发现 \(run.findings.count) 项。"
                + (isPrepared ? "答复预先写在文件中：不能说明人员表现。" : ""))
    }

    private var isPrepared: Bool {
        report.run.participants.contains { $0.answeredBy == "file" }
    }

    private func card(_ service: AfterAction.ServicePart) -> Markup {
        let recovery = service.recovery
        let verdict = verdict(recovery)
        return tag("section", class: "card \(PageParts.Sign(verdict).style)") {
            tag("header") {
                tag("h3") { recovery.service }
                parts.badge(verdict)
                parts.evidence(recovery.evidence)
                if let owner = service.owner {
                    tag("small", class: "soft") { say("owner \(owner)", "负责人 \(owner)") }
                }
            }
            tag("div", class: "figures") { for figure in service.figures { parts.figure(figure) } }
        }
    }

    private func verdict(_ recovery: ServiceRecovery) -> MetricVerdict {
        let verdicts = [recovery.recoveryTimeVerdict, recovery.recoveryPointVerdict]
        return verdicts.contains(.missed) ? .missed : verdicts.contains(.unproven) ? .unproven : .met
    }

    @MarkupBuilder private var changeSinceLast: Markup {
        tag("h3") { say("Since the last time", "与上次相比") }
        if let previous = report.previous {
            tag("p") {
                say("Last time, ", "上次：")
                parts.time(previous.begunAt, words.time.date(previous.begunAt))
                say(", it was ", "，结果 ")
                parts.badge(words.outcome(previous.outcome), PageParts.Sign(previous.outcome))
            }
            comparison(previous)
        } else {
            tag("p", class: "soft") { say("This scenario was not run before.", "此场景此前未演练过。") }
        }
    }

    private func comparison(_ previous: DrillRun) -> Markup {
        parts.table(
            [
                .init(say("service", "服务")), .init(say("number", "指标")), .init(say("last time", "上次")),
                .init(say("this time", "本次")),
            ],
            DrillComparison(before: previous, after: report.run).rows.map { row in
                [
                    Markup(row.service), Markup(words.name(row.kind)), spanned(row.before, row.verdictBefore),
                    spanned(row.after, row.verdictAfter),
                ]
            })
    }

    private func spanned(_ span: Span?, _ verdict: MetricVerdict?) -> Markup {
        Markup(span.map(words.length.text) ?? words.unknown)
            + (verdict.map { Markup(" ") + parts.badge($0) } ?? Markup())
    }

    // MARK: - Sections

    private var contents: Markup {
        tag("nav", ["class": "screen", "aria-label": say("Contents", "目录")]) {
            tag("ol", ["start": "2"]) {
                for (id, title) in sections { tag("li") { tag("a", ["href": "#\(id)"]) { title } } }
            }
        }
    }

    private var sections: [(String, String)] {
        [
            ("timeline", say("Timeline", "时间线")), ("parts", say("Parts of the recovery time", "恢复时间的组成")),
            ("loss", say("Data loss", "数据丢失")), ("validation", say("Validation", "验证表")),
            ("activity", say("Activity log", "活动日志")),
            ("deviations", say("Deviations and holds", "偏差与暂停")),
            ("objectives", say("Objectives, strengths, areas", "目标、优点与待改进")),
            ("improvement", say("Improvement plan", "改进计划")),
            ("method", say("Method and error bars", "方法与误差")),
            ("leftovers", say("Leftovers and clean-up", "遗留与清理")),
            ("hashes", say("Hashes and signatures", "哈希与签名")),
        ]
    }

    func section(_ id: String, page: Bool = false, @MarkupBuilder _ content: () -> Markup) -> Markup {
        let number = (sections.firstIndex { $0.0 == id } ?? 0) + 2
        let title = sections.first { $0.0 == id }?.1 ?? id
        return tag("section", ["aria-labelledby": id]) {
            tag("h2", ["id": id, "class": page ? "page" : nil]) { "\(number). \(title)" }
            content()
        }
    }

    private var foot: Markup {
        tag("footer") {
            say(
                "Made by Lifeboat \(report.opened.toolVersion) at ",
                "由 Lifeboat \(report.opened.toolVersion) 生成于 ")
            parts.time(report.generatedAt)
            say(
                ". Times are in \(words.time.zoneName); hover for UTC. Intervals are rounded outwards.",
                "。时间为 \(words.time.zoneName)，悬停可见 UTC。区间向外取整。")
        }
    }
}

extension Exercise {
    /// What NIST SP 800-84 and HSEEP call it.
    package var peerName: String {
        switch self {
        case .deskCheck: "NIST test, HSEEP workshop"
        case .walkthrough: "NIST tabletop, HSEEP seminar"
        case .tabletop: "NIST tabletop, HSEEP tabletop"
        case .sandTable: "NIST tabletop, HSEEP game"
        case .simulation: "NIST functional, HSEEP drill"
        case .partial: "NIST functional, HSEEP functional"
        case .full: "NIST full-scale functional, HSEEP full-scale"
        }
    }
}
