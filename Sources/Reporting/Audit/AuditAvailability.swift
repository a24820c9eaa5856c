// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Availability and the times of incidents as the audit report tells them, on the page and in Markdown.
struct AuditAvailability {
    let report: AuditReport
    let words: Wording

    private var say: ReportLanguage { words.say }

    private var services: [ServiceMeasure] { report.measures?.services ?? [] }

    var rule: String {
        say(
            "Agreed availability leaves out maintenance that was announced in time, in its window and under its cap; "
                + "standard availability counts it as downtime. What is not known is neither up nor down: it is the "
                + "width of the interval.",
            "约定可用性扣除按规则提前公告、在窗口内且未超限额的维护；标准可用性把维护计为停机。"
                + "未知时间既不算可用也不算停机，而是区间的宽度。")
    }

    var heads: [String] {
        [
            say("service", "服务"), say("agreed", "约定"), say("promised", "承诺"), say("verdict", "结论"),
            say("standard", "标准"), say("down", "停机"), say("excluded", "扣除"), say("known", "已知"),
            say("outages", "中断次数"), say("between failures", "平均故障间隔"),
        ]
    }

    /// The service's own availability, and that with everything it needs.
    var rows: [[String]] {
        services.flatMap { service in
            [
                service.availability.map { row(service, $0, isOwn: true) },
                service.composite.map { row(service, $0, isOwn: false) },
            ].compactMap { $0 }
        }
    }

    private func row(_ service: ServiceMeasure, _ value: Availability, isOwn: Bool) -> [String] {
        let name =
            isOwn ? service.service : say("\(service.service) with all it needs", "\(service.service)（含依赖）")
        let between = service.timeBetweenFailuresSeconds.map { seconds in
            (service.failures == 0 ? "≥ " : "") + words.length.age(Duration(roundedSeconds: seconds))
        }
        return [
            name, MeasureText.range(value.agreedLow, value.agreedHigh, say),
            isOwn ? service.availabilityObjective.map { MeasureText.percent($0) } ?? "-" : "-",
            isOwn && service.availabilityObjective != nil ? words.verdict(service.availabilityVerdict) : "-",
            MeasureText.range(value.standardLow, value.standardHigh, say), length(value.downSeconds),
            length(value.excludedSeconds), MeasureText.percent(value.coverage), "\(value.outages)",
            isOwn ? between ?? "-" : "-",
        ]
    }

    var timeHeads: [String] {
        [
            say("of", "对象"), say("time", "时间"), "n", say("open", "未结"), say("mean", "平均"),
            say("median", "中位数"), "p90", say("range", "范围"),
        ]
    }

    /// Incidents service by service, drills apart, then table 15's three.
    var times: [[String]] {
        let incidents = services.flatMap { service in
            [
                (say("to restore", "恢复"), service.timeToRestore),
                (say("to detect", "发现"), service.timeToDetect),
                (say("to acknowledge", "确认"), service.timeToAcknowledge),
                (say("to respond", "响应"), service.timeToRespond),
                (say("to resolve", "解决"), service.timeToResolve),
                (say("unannounced drills", "未预告演练"), service.drills),
                (say("announced drills", "预告演练"), service.announcedDrills),
            ].filter { $0.1.count + $0.1.open > 0 }.map { [service.service, $0.0] + cells($0.1) }
        }
        let repairs = (report.measures?.repairs ?? []).filter {
            $0.population > 0 || $0.timeToRepair.open > 0
        }
        .map { [repair($0.kind), say("to repair", "修复")] + cells($0.timeToRepair) }
        return incidents + repairs
    }

    private func repair(_ kind: RepairMeasure.Kind) -> String {
        switch kind {
        case .builds: say("builds", "持续集成")
        case .deployments: say("deployments", "持续部署")
        case .platform: say("platform", "研发运维平台")
        }
    }

    private func cells(_ spread: Spread) -> [String] {
        let range = spread.leastSeconds.map { "\(length($0)) – \(length(spread.mostSeconds ?? $0))" } ?? "-"
        return ["\(spread.count)", "\(spread.open)"]
            + [spread.meanSeconds, spread.medianSeconds, spread.p90Seconds].map { $0.map(length) ?? "-" } + [
                range
            ]
    }

    private func length(_ seconds: Double) -> String {
        words.length.text(Duration(roundedSeconds: seconds.rounded()))
    }

    var nothing: String {
        say("No service has a probe, and no incident is on record.", "没有服务配置探测，也没有事故记录。")
    }
}

extension AuditPage {
    var availability: Markup {
        let part = AuditAvailability(report: report, words: words)
        return section("availability") {
            if part.rows.isEmpty, part.times.isEmpty { tag("p", class: "soft") { part.nothing } }
            if !part.rows.isEmpty {
                tag("p") { part.rule }
                if let chart { parts.scrolling(chart.markup(), say("availability by month", "按月可用性")) }
                table(part.heads, part.rows)
            }
            if !part.times.isEmpty { table(part.timeHeads, part.times) }
        }
    }

    private var chart: AvailabilityChart? {
        let chart = report.measures.map { AvailabilityChart($0, zone: report.zone, language: words.say) }
        return chart?.isEmpty == false ? chart : nil
    }

    private func table(_ heads: [String], _ rows: [[String]]) -> Markup {
        // A number and its unit stay on one line.
        let rows = rows.map { cells in cells.map { Markup($0.replacing(" %", with: "\u{a0}%")) } }
        return parts.table(heads.map { PageParts.Column($0) }, rows)
    }
}
