// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditReport {
    /// One self-contained page: no script, no network, printable.
    package func html() -> String {
        AuditPage(self).html()
    }

    var words: Wording { Wording(language, zone: zone, now: generatedAt) }

    /// Numbers and their units stay on one line.
    var pageWords: Wording { Wording(language, zone: zone, now: generatedAt, space: "\u{a0}") }
}

/// The audit report as a page; its first screen is for a manager, the rest for whoever doubts it.
struct AuditPage {
    let report: AuditReport
    let words: Wording
    let parts: PageParts

    var say: ReportLanguage { words.say }

    init(_ report: AuditReport) {
        self.report = report
        words = report.pageWords
        parts = PageParts(words: words)
    }

    func html() -> String {
        parts.page(title: say("Continuity audit: \(report.organisation)", "业务连续性审计：\(report.organisation)")) {
            head
            summary
            contents
            numbers
            availability
            drills
            copies
            sites
            grades
            crossReference
            findings
            method
            proof
            foot
        }
    }

    // MARK: - First page

    @MarkupBuilder private var head: Markup {
        tag("p", class: "eyebrow") {
            report.organisation
            say(" · continuity audit report · ", " · 业务连续性审计报告 · ")
            parts.time(report.begunAt, words.time.date(report.begunAt))
            say(" to ", " 至 ")
            parts.time(report.endedAt, words.time.date(report.endedAt))
        }
        tag("h1") { headline }
        tag("p", class: "lead") { lead }
    }

    private var headline: String {
        guard !report.services.isEmpty else { return say("No service is defined", "未定义任何服务") }
        return switch report.verdict {
        case .met: say("What was promised was kept, and that is proven", "承诺均已兑现，且有证据")
        case .missed: say("Not everything that was promised is kept", "并非所有承诺都已兑现")
        case .unproven: say("Not everything that was promised is proven", "并非所有承诺都已证实")
        }
    }

    private var lead: String {
        let counts = MetricVerdict.allCases.map { verdict in
            (verdict, report.services.count { $0.verdict == verdict })
        }.filter { $0.1 > 0 }.map { verdict, count in
            say("\(count) \(words.verdict(verdict))", "\(count) 个\(words.verdict(verdict))")
        }.joined(separator: say(", ", "，"))
        let services = say(
            "\(report.services.count) \(report.services.count == 1 ? "service" : "services"): \(counts).",
            "\(report.services.count) 个服务：\(counts)。")
        let violated = report.findings.count { $0.weight == .violated }
        let unproven = report.findings.count { $0.weight == .unproven }
        let findings = say(
            " \(violated) findings say that something is not kept, \(unproven) that nobody knows.",
            "\(violated) 项发现表明承诺未兑现，\(unproven) 项表明情况未知。")
        return services + (violated + unproven > 0 ? findings : "") + unwatched
    }

    /// A clean record of a short time is not one of a long time.
    private var unwatched: String {
        guard report.isPartlyUnwatched else { return "" }
        let asked = words.time.date(report.askedBegunAt)
        guard report.ledger.events > 0 else {
            return say(" The ledger is empty: nothing is known.", "账本为空：一无所知。")
        }
        let length = words.length.age(report.endedAt - report.begunAt)
        return say(
            " The ledger covers only \(length) of the period asked for (from \(asked)): nothing is known of the "
                + "time before \(words.time.short(report.begunAt)).",
            "账本仅覆盖所要求期间（自 \(asked)）中的 \(length)：\(words.time.short(report.begunAt)) 之前的情况未知。")
    }

    @MarkupBuilder private var summary: Markup {
        for service in report.services { card(service) }
        if report.services.isEmpty {
            tag("p") { say("The plan promises nothing, so nothing can be kept.", "计划中没有承诺，因而无从兑现。") }
        }
    }

    private func card(_ part: AuditReport.ServicePart) -> Markup {
        let run = part.run.flatMap { name in report.drills.last { $0.run.run == name }?.run }
        return tag("section", class: "card \(PageParts.Sign(part.verdict).style)") {
            tag("header") {
                tag("h3") { part.service }
                parts.badge(part.verdict)
                tag("small", class: "soft") { subtitle(part) }
            }
            tag("p") {
                ServiceWords(words: words, part: part, run: run).sentences.joined(separator: say(" ", ""))
            }
            tag("div", class: "glances") {
                for kind in Self.firstPage {
                    if let figure = part.figures.first(where: { $0.kind == kind }) { parts.glance(figure) }
                }
            }
        }
    }

    /// The numbers of the first page; all of them stand in the section after it.
    private static let firstPage: [Figure.Kind] = [.recoveryTime, .recoveryPoint, .worstExposure]

    private var numbers: Markup {
        section("numbers", page: true) {
            for service in report.services {
                tag("h3") { service.service }
                tag("div", class: "figures") { for figure in service.figures { parts.figure(figure) } }
            }
        }
    }

    private func subtitle(_ part: AuditReport.ServicePart) -> String {
        [
            say("tier \(part.tier.rawValue)", "级别 \(part.tier.rawValue)"),
            part.owner.map { say("owner \($0)", "负责人 \($0)") },
            part.minimumService.map { say("counts as working: \($0)", "最低可用标准：\($0)") },
        ].compactMap { $0 }.joined(separator: " · ")
    }

    private var contents: Markup {
        tag("nav", ["class": "screen", "aria-label": say("Contents", "目录")]) {
            tag("ol") {
                for (id, title) in sections {
                    tag("li") { tag("a", ["href": "#\(id)"]) { title } }
                }
            }
        }
    }

    private var sections: [(String, String)] {
        let cross = report.crossReference.map { ("crossref", CrossReferenceWords($0, language: say).title) }
        return [
            ("numbers", say("Every number, with what it rests on", "全部数据及其依据")),
            ("availability", say("Availability and the times of incidents", "可用性与事故时间")),
            ("drills", say("Drills", "演练")), ("copies", say("Copies", "副本")),
            ("sites", say("Sites", "站点")), ("grade", say("Maturity", "成熟度")),
        ] + [cross].compactMap { $0 } + [
            ("findings", say("Findings", "发现")), ("method", say("Method and error bars", "方法与误差")),
            ("proof", say("Ledger, hashes, verification", "账本、哈希与验证")),
        ]
    }

    func section(_ id: String, page: Bool = false, @MarkupBuilder _ content: () -> Markup) -> Markup {
        let title = sections.first { $0.0 == id }?.1 ?? id
        return tag("section", ["aria-labelledby": id]) {
            tag("h2", ["id": id, "class": page ? "page" : nil]) { title }
            content()
        }
    }

    private var foot: Markup {
        tag("footer") {
            say("Made by Lifeboat \(report.toolVersion) at ", "由 Lifeboat \(report.toolVersion) 生成于 ")
            parts.time(report.generatedAt)
            say(
                ". Times are in \(words.time.zoneName); hover for UTC. Intervals are rounded outwards. ",
                "。时间为 \(words.time.zoneName)，悬停可见 UTC。区间向外取整。")
            say(
                "Met means that the whole interval keeps the promise; unproven never counts as met.",
                "“达标”指整个区间都满足承诺；“未证实”绝不算作达标。")
        }
    }
}
