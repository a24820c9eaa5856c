// SPDX-License-Identifier: Apache-2.0
import Continuity

/// One service in whole sentences: what was measured, against what was promised.
struct ServiceWords {
    let words: Wording
    let part: AuditReport.ServicePart
    let run: DrillRun?

    private var say: ReportLanguage { words.say }

    var sentences: [String] {
        [drill, time, data, exposure].compactMap { $0 }
    }

    private func figure(_ kind: Figure.Kind) -> Figure? {
        part.figures.first { $0.kind == kind }
    }

    private func promised(_ figure: Figure) -> String {
        figure.objective.map { say("\(words.length.text($0)) was promised", "承诺为 \(words.length.text($0))") }
            ?? say("nothing was promised", "未作承诺")
    }

    private var drill: String? {
        guard let run else {
            return say(
                "No drill of the period brought this service back: nobody knows how long it would take.",
                "期间内没有演练恢复过此服务：恢复所需时间未知。")
        }
        let day = words.time.date(run.endedAt)
        let announced = run.isAnnounced ? say("announced", "预告") : say("unannounced", "未预告")
        return say(
            "Last drill: \(day), \(words.exercise(run.exercise)), \(words.mode(run.mode)), \(announced); "
                + "it \(verb(run.outcome)).",
            "最近演练：\(day)，\(words.exercise(run.exercise))，\(words.mode(run.mode))，\(announced)；"
                + "结果：\(words.outcome(run.outcome))。") + prepared(run)
    }

    /// Answers from a file are no evidence about people.
    private func prepared(_ run: DrillRun) -> String {
        guard run.participants.contains(where: { $0.answeredBy == "file" }) else { return "" }
        return say(
            " Its answers were prepared in a file, so it says nothing about people.",
            "其答复预先写在文件中，不能说明人员表现。")
    }

    private func verb(_ outcome: DrillOutcome) -> String {
        switch outcome {
        case .passed: "passed"
        case .failed: "failed"
        case .incomplete: "did not settle everything"
        case .aborted: "was aborted"
        }
    }

    private var time: String? {
        guard let figure = figure(.recoveryTime), run != nil else { return nil }
        guard let span = figure.span else {
            return say(
                "How long it took is unproven; \(promised(figure)).", "恢复用时未证实；\(promised(figure))。")
        }
        guard span.upper != nil else {
            return say(
                "It was not valid again when the run ended, \(words.length.text(span.lower, .down)) after the "
                    + "outage; \(promised(figure)).",
                "演练结束时仍未恢复，距中断至少 \(words.length.text(span.lower, .down))；\(promised(figure))。")
        }
        return say(
            "It was valid again \(words.length.text(span)) after the outage; \(promised(figure)).",
            "中断后 \(words.length.text(span))恢复有效；\(promised(figure))。")
    }

    private var data: String? {
        guard let figure = figure(.recoveryPoint), run != nil else { return nil }
        guard let span = figure.span else {
            return say(
                "What was lost is unproven; \(promised(figure)).", "数据丢失量未证实；\(promised(figure))。")
        }
        guard span.upper != nil else {
            return say("No acknowledged record came back.", "没有任何已确认记录被恢复。")
        }
        let count =
            part.lostRecords.map {
                $0 == 1
                    ? say("1 acknowledged record", "1 条已确认记录")
                    : say("\($0) acknowledged records", "\($0) 条已确认记录")
            } ?? say("an unknown number of records", "数量未知的记录")
        return say(
            "Lost was what had been written in the last \(words.length.text(span)): \(count); \(promised(figure)).",
            "丢失了最后 \(words.length.text(span))内写入的数据：\(count)；\(promised(figure))。")
    }

    private var exposure: String? {
        guard let figure = figure(.worstExposure) else { return nil }
        guard let span = figure.span, let at = figure.measuredAt else {
            return say(
                "At some moment of the period the loss of the production site would have cost everything.",
                "期间内曾有时刻，生产站点失效将丢失全部数据。")
        }
        return say(
            "At the worst moment of the period (\(words.time.short(at))) the loss of the production site would "
                + "have cost \(words.length.text(span)) of data.",
            "期间内最坏时刻（\(words.time.short(at))），生产站点失效将丢失 \(words.length.text(span))的数据。")
    }
}
