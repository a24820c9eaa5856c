// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditSource {
    /// What is wrong or not known, the worst first.
    func findings(
        _ services: [AuditReport.ServicePart], _ datasets: [AuditReport.DatasetPart]
    ) -> [AuditReport.Finding] {
        let words = Wording(language, zone: plan.zone, now: generatedAt)
        let all =
            services.flatMap { findings(of: $0, words) } + datasets.flatMap(findings(of:))
            + drillFindings(words)
        var seen: Set<String> = []
        return all.filter { seen.insert($0.subject + "\n" + $0.text).inserted }
            .enumerated().sorted { ($0.element.weight, $0.offset) < ($1.element.weight, $1.offset) }
            .map(\.element)
    }

    private func findings(
        of part: AuditReport.ServicePart, _ words: Wording
    ) -> [AuditReport.Finding] {
        part.figures.filter { $0.verdict != .met && $0.kind != .recoveryTimeProjected }.compactMap { figure in
            guard figure.objectiveSeconds != nil else { return nil }
            let text = [words.sentence(figure), figure.reasons.joined(separator: "; ")]
            return AuditReport.Finding(
                weight: figure.verdict == .missed ? .violated : .unproven, subject: part.service,
                text: text.filter { !$0.isEmpty }.joined(separator: " - "),
                remedy: figure.verdict == .missed
                    ? nil : language("run a drill that measures it", "安排一次能测量它的演练"),
                trace: figure.trace)
        }
    }

    private func findings(of part: AuditReport.DatasetPart) -> [AuditReport.Finding] {
        part.copies.violations.map { violation in
            AuditReport.Finding(
                weight: violation.breaksPolicy ? .violated : .note, subject: part.copies.dataset,
                text: violation.text, remedy: violation.repair, trace: part.trace)
        }
    }

    private func drillFindings(_ words: Wording) -> [AuditReport.Finding] {
        events.flatMap { event -> [AuditReport.Finding] in
            guard case .drillRun(let run) = event.body, run.endedAt > begin, run.begunAt <= end else {
                return []
            }
            return run.findings.map { text in
                let isBad = ["missed_target", "undo_failed", "failed"].contains { text.hasPrefix($0) }
                return AuditReport.Finding(
                    weight: isBad ? .violated : text.hasPrefix("unproven") ? .unproven : .note,
                    subject: run.run, text: text, remedy: nil, trace: EventTrace([event.sequence]))
            }
        }
    }
}

extension Wording {
    /// What a figure is called.
    package func name(_ kind: Figure.Kind) -> String {
        switch kind {
        case .recoveryTime: say("Recovery time", "恢复时间")
        case .recoveryTimeProjected: say("Recovery time, with assumed parts", "恢复时间（含假定部分）")
        case .recoveryPoint: say("Data loss in the drill", "演练中的数据丢失")
        case .worstExposure: say("Worst data loss possible in the period", "期间内最坏可能的数据丢失")
        case .exposureNow: say("Data loss if it happened now", "此刻失效的数据丢失")
        }
    }

    /// The same for the first page.
    package func shortName(_ kind: Figure.Kind) -> String {
        switch kind {
        case .recoveryTime: say("back in", "恢复用时")
        case .recoveryTimeProjected: say("back in, with assumed parts", "恢复用时（含假定）")
        case .recoveryPoint: say("lost in the drill", "演练中丢失")
        case .worstExposure: say("lost at the worst moment", "最坏时刻丢失")
        case .exposureNow: say("lost if it happened now", "此刻将丢失")
        }
    }

    /// The value of a figure; never zero for what is not known.
    package func value(_ figure: Figure) -> String {
        if let span = figure.span { return length.text(span) }
        switch figure.kind {
        case .worstExposure, .exposureNow: return say("everything", "全部")
        default: return unknown
        }
    }

    /// A figure against its objective, such as `Recovery time: 41 s to 43 s, promised 2 h: met`.
    package func sentence(_ figure: Figure) -> String {
        let promised =
            figure.objective.map { say("promised \(length.text($0))", "承诺 \(length.text($0))") }
            ?? say("nothing promised", "未作承诺")
        return "\(name(figure.kind))\(say(": ", "："))\(value(figure))\(say(", ", "，"))\(promised)"
            + "\(say(": ", "："))\(verdict(figure.verdict))"
    }
}
