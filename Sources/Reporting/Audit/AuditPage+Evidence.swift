// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditPage {
    // MARK: - Drills

    var drills: Markup {
        section("drills", page: true) {
            if report.drills.isEmpty {
                tag("p") { say("The ledger holds no drill of this period.", "账本中没有此期间的演练。") }
            } else {
                drillTable
                for drill in shownTimelines { drillTimeline(drill) }
            }
        }
    }

    private var drillTable: Markup {
        parts.table(
            [
                .init(say("run", "演练")), .init(say("begun", "开始")), .init(say("kind", "类型")),
                .init(say("outcome", "结果")), .init(say("recovery time", "恢复时间")),
                .init(say("data loss", "数据丢失")), .init(say("evidence", "证据")), .init(say("event", "事件"), "r"),
            ],
            report.drills.map { drill in
                [
                    Markup(drill.run.title) + tag("br") + tag("small", class: "soft") { drill.run.run },
                    parts.time(drill.run.begunAt, words.time.short(drill.run.begunAt)),
                    Markup("\(words.exercise(drill.run.exercise)), \(words.mode(drill.run.mode))"),
                    parts.badge(words.outcome(drill.run.outcome), PageParts.Sign(drill.run.outcome))
                        + Markup(
                            drill.run.aftermath == .leftovers ? " \(words.aftermath(.leftovers))" : ""),
                    lines(drill.run.services) { $0.recoveryTime },
                    lines(drill.run.services) { $0.recoveryPoint },
                    Markup(drill.run.services.map(\.evidence.rawValue).joined(separator: ", ")),
                    Markup(drill.trace.text),
                ]
            })
    }

    private func lines(_ recoveries: [ServiceRecovery], _ span: (ServiceRecovery) -> Span?) -> Markup {
        recoveries.reduce(Markup()) { lines, recovery in
            let text = span(recovery).map(words.length.text) ?? words.unknown
            let name = recoveries.count > 1 ? "\(recovery.service): " : ""
            return lines + (lines.isEmpty ? Markup() : tag("br")) + Markup(name + text)
        }
    }

    /// The newest run of each scenario whose journal was at hand.
    private var shownTimelines: [AuditReport.DrillPart] {
        var seen: Set<String> = []
        return report.drills.reversed().filter {
            $0.timeline != nil && seen.insert($0.run.scenario).inserted
        }
    }

    @MarkupBuilder
    private func drillTimeline(_ drill: AuditReport.DrillPart) -> Markup {
        tag("h3") { drill.run.title }
        if let timeline = drill.timeline { parts.timeline(timeline) }
    }

    // MARK: - Copies

    var copies: Markup {
        section("copies", page: true) {
            overTime
            for dataset in report.datasets { copies(dataset) }
            if report.datasets.isEmpty { tag("p") { say("The plan names no dataset.", "计划中没有数据集。") } }
        }
    }

    /// What would have been lost over the period, service by service and site by site.
    @MarkupBuilder private var overTime: Markup {
        if let measures = report.measures {
            let chart = ExposureChart(measures, zone: report.zone, language: words.say)
            if !chart.isEmpty {
                tag("h3") { say("Exposure over time", "暴露随时间的变化") }
                parts.scrolling(chart.markup(), chart.title)
                parts.list(Array(chart.sentences.prefix(Self.saidExposures)), none: "")
            }
        }
    }

    /// More than that is read from the drawing, or from the report's JSON.
    private static let saidExposures = 40

    @MarkupBuilder
    private func copies(_ dataset: AuditReport.DatasetPart) -> Markup {
        let breaks = dataset.copies.violations.filter(\.breaksPolicy)
        tag("h3") {
            dataset.copies.dataset
            " "
            parts.badge(
                breaks.isEmpty ? say("policy met", "符合策略") : say("policy violated", "违反策略"),
                breaks.isEmpty ? .good : .bad)
        }
        tag("p") { policyWords(dataset) }
        parts.copyMap(dataset, report)
        parts.lossTable(dataset)
        exposureTable(dataset)
        for violation in dataset.copies.violations {
            tag("p") {
                parts.sign(violation.breaksPolicy ? .bad : .doubt, violation.kind.rawValue)
                " \(violation.text) - "
                tag("code") { violation.repair }
            }
        }
        tag("p") {
            tag("small", class: "soft") {
                runWords(dataset)
                " "
                parts.traced(EventTrace(dataset.trace.events + dataset.runs.trace.events))
            }
        }
    }

    private func policyWords(_ dataset: AuditReport.DatasetPart) -> String {
        let have = dataset.copies.effective
        let policy = dataset.policy
        let point =
            dataset.copies.newestPoint.map { say(" of the newest point \($0)", "（最新恢复点 \($0)）") } ?? ""
        return say(
            "\(have.count) verified whole copies\(point), \(policy.atLeast) asked for; "
                + "\(have.count(where: \.isOffsite)) off-site, \(policy.offsite) asked for; "
                + "\(have.count(where: \.isAppendOnly)) append-only, \(policy.appendOnly) asked for. "
                + "A proof counts for \(words.seconds(policy.verifiedWithinSeconds)).",
            "\(have.count) 份已验证的完整副本\(point)，要求 \(policy.atLeast) 份；"
                + "异站 \(have.count(where: \.isOffsite)) 份，要求 \(policy.offsite) 份；"
                + "只增 \(have.count(where: \.isAppendOnly)) 份，要求 \(policy.appendOnly) 份。"
                + "验证有效期 \(words.seconds(policy.verifiedWithinSeconds))。")
    }

    private func exposureTable(_ dataset: AuditReport.DatasetPart) -> Markup {
        let rows = dataset.exposures.map { exposure in
            [
                Markup(words.loss(exposure.loss)),
                exposure.worstSeconds.map { Markup(words.seconds($0)) }
                    ?? parts.badge(say("everything", "全部"), .bad),
                parts.time(exposure.worstAt, words.time.short(exposure.worstAt)),
                parts.time(exposure.begunAt, words.time.short(exposure.begunAt)),
                Markup(exposure.point ?? say("none", "无")),
            ]
        }
        return parts.table(
            [
                .init(say("if this had been lost", "假如失去")), .init(say("worst loss of data", "最坏数据丢失"), "r"),
                .init(say("at", "时刻")), .init(say("watched since", "起算")),
                .init(say("recovered from", "可恢复自")),
            ],
            caption: say(
                "The worst moment of the period, from when a first copy was proven that survives the loss",
                "期间内最坏的时刻，自首个可存活副本得到验证起"), rows)
    }

    private func runWords(_ dataset: AuditReport.DatasetPart) -> String {
        let counts = dataset.runs.byOutcome.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        guard !counts.isEmpty else {
            return say("The ledger holds no backup run of this period.", "账本中没有此期间的备份。")
        }
        return say(
            "Backup runs of the period: \(counts.joined(separator: ", ")); "
                + "\(dataset.runs.fulls) full and \(dataset.runs.incrementals) incremental points, "
                + "\(dataset.pointCount) points in all;",
            "期间内的备份：\(counts.joined(separator: "，"))；"
                + "全量点 \(dataset.runs.fulls) 个，增量点 \(dataset.runs.incrementals) 个，共 \(dataset.pointCount) 个恢复点；"
        )
    }

    // MARK: - Sites

    var sites: Markup {
        section("sites") {
            parts.table(
                [
                    .init(say("site", "站点")), .init(say("place", "位置")), .init(say("stores", "存储")),
                    .init(say("last check", "最近检查")), .init(say("clock", "时钟"), "r"),
                    .init(say("free", "可用空间"), "r"), .init(say("event", "事件"), "r"),
                ],
                report.sites.map(siteRow))
        }
    }

    private func siteRow(_ site: AuditReport.SitePart) -> [Markup] {
        let roles = [
            site.isProduction ? say("production", "生产") : nil,
            site.isOrchestrator ? say("Lifeboat stands here", "Lifeboat 所在") : nil,
        ].compactMap { $0 }.map { ", \($0)" }.joined()
        let place = [site.facility, site.city].compactMap { $0 }.joined(separator: ", ")
        let clock = site.lastCheck.flatMap { check in
            check.clockOffsetSeconds.map { offset in
                words.seconds(offset)
                    + (check.clockBoundSeconds.map { " ± \(words.seconds($0))" } ?? "")
            }
        }
        let checked =
            site.lastCheckAt.map { at in
                parts.sign(
                    site.lastCheck?.succeeded == true ? .good : .bad,
                    site.lastCheck?.succeeded == true ? say("reached", "可达") : say("failed", "失败"))
                    + Markup(" ") + parts.time(at, words.ago(at))
                    + Markup(site.lastCheck?.detail.map { " \($0)" } ?? "")
            } ?? tag("span", class: "soft") { say("never checked", "从未检查") }
        return [
            Markup(site.site) + tag("small", class: "soft") { " \(site.name)\(roles)" }, Markup(place),
            Markup(
                site.stores.map { $0.store + ($0.isAppendOnly ? say(" (append-only)", "（只增）") : "") }
                    .joined(separator: ", ")),
            checked, Markup(clock ?? words.unknown),
            Markup(site.lastCheck?.freeBytes.map(ByteText.of) ?? words.unknown), Markup(site.trace.text),
        ]
    }
}
