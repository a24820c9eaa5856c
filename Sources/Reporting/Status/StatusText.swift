// SPDX-License-Identifier: Apache-2.0
import Continuity

extension StatusReport {
    /// The screen.
    package func text(_ style: TextStyle, zone: String) -> String {
        let words = Wording(.en, zone: zone, now: judgedAt)
        var table = Table(
            [
                .init("service", isFlexible: true), .init("state"), .init("lost if it failed now", .right),
                .init("promised", .right), .init("copies", .right), .init("last drill", isFlexible: true),
            ], empty: "the plan names no service")
        for service in services { table.add(row(service, words)) }
        let reasons = services.filter { $0.state != .ok }.flatMap { service in
            service.reasons.map { "  \(service.service): \($0)" }
                + service.repairs.map { "    repair: \($0)" }
        }
        let sites = siteTable(words)
        let head = style.paint(headline, state.tone) + " at \(words.time.text(judgedAt))"
        let tail = reasons.map { Escaping.visible($0) }
        return
            ([head, "", table.text(style)] + (sites.map { ["", $0.text(style)] } ?? [])
            + (tail.isEmpty ? [] : [""] + tail)).joined(separator: "\n")
    }

    /// What the loss of each site would cost each service now; `nil` when no service has to do with a site.
    private func siteTable(_ words: Wording) -> Table? {
        var names: [String] = []
        for loss in services.flatMap(\.losses) where !names.contains(loss.site) { names.append(loss.site) }
        guard !names.isEmpty else { return nil }
        var table = Table(
            [.init("lost if gone now", isFlexible: true)] + names.map { .init($0, .right) }, empty: "")
        for service in services where !service.losses.isEmpty {
            table.add(
                [.init(service.service, .strong)]
                    + names.map { name in
                        guard let loss = service.losses.first(where: { $0.site == name }) else {
                            return .init("-", .faint)
                        }
                        return loss.exposureSeconds.map {
                            .init(words.length.age(Duration(roundedSeconds: $0)))
                        }
                            ?? .init("everything", .bad)
                    })
        }
        return table
    }

    var headline: String {
        switch state {
        case .ok: "OK: every service keeps its promise now"
        case .warning: "WARNING: promises are kept now, with less than what was asked for behind them"
        case .critical: "CRITICAL: more would be lost now than is promised"
        case .unknown: "UNKNOWN: not everything can be judged"
        }
    }

    private func row(_ service: ServiceStatus, _ words: Wording) -> [Table.Cell] {
        [
            .init(service.service, .strong), .init(service.state.rawValue, service.state.tone),
            .init(lost(service, words), service.state == .critical ? .bad : .plain),
            .init(service.objectiveSeconds.map(words.seconds) ?? "-"),
            .init(
                "\(service.copies) of \(service.copiesAskedFor)",
                service.copies < service.copiesAskedFor ? .bad : .plain), drill(service.lastDrill, words),
        ]
    }

    func lost(_ service: ServiceStatus, _ words: Wording) -> String {
        service.exposureSeconds.map { words.length.age(Duration(roundedSeconds: $0)) }
            ?? (service.dataset == nil ? "unknown" : "everything")
    }

    func drill(_ drill: LastDrill?, _ words: Wording) -> Table.Cell {
        guard let drill else { return .init("never", .doubtful) }
        let time = drill.recoveryTime.map { ", back in \(words.length.text($0))" } ?? ""
        return .init(
            "\(drill.outcome.rawValue) \(words.ago(drill.endedAt))\(time)",
            drill.outcome == .passed ? .plain : .doubtful)
    }

    /// One line as the plugin interface of Nagios wants it, with performance data after the bar.
    package var nagiosLine: String {
        let words = Wording(.en, zone: "UTC", now: judgedAt)
        let bad = services.filter { $0.state != .ok }
        let said = bad.prefix(4).map { service in
            let lost =
                service.exposureSeconds.map { words.length.age(Duration(roundedSeconds: $0)) } ?? "everything"
            return "\(service.service) would lose \(service.dataset == nil ? "an unknown amount" : lost)"
        }
        let more = bad.count > 4 ? " and \(bad.count - 4) more" : ""
        let summary =
            bad.isEmpty
            ? "\(services.count) services keep their promise" : said.joined(separator: ", ") + more
        return "LIFEBOAT \(state.rawValue.uppercased()) - \(Self.plain(summary)) | "
            + services.compactMap(performance).joined(separator: " ")
    }

    /// `'label'=value;warning;critical;minimum`; what is not known is `U`.
    private func performance(_ service: ServiceStatus) -> String? {
        guard service.dataset != nil else { return nil }
        let value = service.exposureSeconds.map { "\(Int($0.rounded()))s" } ?? "U"
        let bounds = service.objectiveSeconds.map { "\(Int($0 * 0.8));\(Int($0))" } ?? ";"
        return "'\(Self.plain(service.service))_exposure'=\(value);\(bounds);0"
    }

    /// Without the signs that the format uses itself.
    private static func plain(_ text: String) -> String {
        Escaping.visible(text).filter { !"|'=".contains($0) }
    }
}

extension StatusReport.State {
    package var tone: Tone {
        switch self {
        case .ok: .good
        case .warning, .unknown: .doubtful
        case .critical: .bad
        }
    }
}
