// SPDX-License-Identifier: Apache-2.0
import Continuity
import Reporting

/// The grade as `--json` prints it: its own keys, and what goes with it.
struct GradeOutput: Encodable {
    let report: GradeReport
    let waysUp: [WayUp]
    let difference: GradeDifference?
    let supposed: [String]

    private enum Key: String, CodingKey {
        case waysUp, difference, supposed
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(waysUp, forKey: .waysUp)
        try container.encodeIfPresent(difference, forKey: .difference)
        if !supposed.isEmpty { try container.encode(supposed, forKey: .supposed) }
    }
}

/// A grade for a person: the profile, never one number.
struct GradeText {
    let output: GradeOutput
    let shownWays: Int
    let style: TextStyle
    var say = ReportLanguage.en

    private var report: GradeReport { output.report }
    private var words: GradeWords { GradeWords(say) }

    var text: String {
        let (from, to) = (report.windowBegunAt.text(decimals: 0), report.asOf.text(decimals: 0))
        let profile = report.profile.rawValue
        let head = say(
            "as of \(to), window from \(from), profile \(profile)", "截至 \(to)，窗口自 \(from)，口径 \(profile)")
        let changed = words.changed(report)
        let supposed = output.supposed.map { say("SUPPOSED, not so: ", "仅为假设：") + Escaping.visible($0) }
        return
            ([head] + supposed + changed + report.tables.flatMap(lines) + differences + waysUp)
            .joined(separator: "\n")
    }

    private var waysUp: [String] {
        guard !output.waysUp.isEmpty, shownWays > 0 else { return [] }
        let shown = output.waysUp.prefix(shownWays)
        let title = style.paint(
            say("cheapest ways up, the lowest dimension of each table first", "提级的最省途径，各表最低的维度在先"), .strong)
        return ["", title]
            + shown.flatMap { way in
                [
                    say(
                        "  \(way.dimension): level \(way.from) to \(way.to)"
                            + (way.isLowest ? ", lifts its table" : ""),
                        "  \(way.nameZh)（\(way.dimension)）：\(way.from) 级升至 \(way.to) 级"
                            + (way.isLowest ? "，全表随之提升" : ""))
                ]
                    + way.steps.map { step in
                        Escaping.visible(
                            "    \(words.effort(step.effort))\(say(": ", "："))\(say(step.textEn, step.textZh))  "
                                + "[\(step.criterion)]"
                                + (words.settledBy(step).map { say("; ", "；") + $0 } ?? ""))
                    }
            }
    }

    private var differences: [String] {
        guard let difference = output.difference else { return [] }
        let before = difference.before.text(decimals: 0)
        let what =
            output.supposed.isEmpty
            ? say("since \(before)", "自 \(before) 以来") : say("beside what is so", "与现状相比")
        guard !difference.dimensions.isEmpty else {
            return ["", say("nothing is different \(what)", "\(what)没有变化")]
        }
        return ["", style.paint(say("different \(what)", "\(what)的变化"), .strong)]
            + difference.dimensions.flatMap { change in
                [
                    say(
                        "  \(change.dimension): \(change.verdictBefore) -> \(change.verdictAfter)",
                        "  \(change.nameZh)（\(change.dimension)）："
                            + "\(change.verdictBeforeZh ?? change.verdictBefore) -> "
                            + (change.verdictAfterZh ?? change.verdictAfter))
                ]
                    + change.criteria.map { one in
                        "    "
                            + style.paint(
                                words.direction(one.direction), one.direction == .worse ? .bad : .good)
                            + Escaping.visible(
                                " \(one.criterion): \(say(one.before, one.beforeZh ?? one.before)) -> "
                                    + say(one.after, one.afterZh ?? one.after))
                    }
            }
    }

    private func lines(of table: TableGrade) -> [String] {
        var lines = [
            "",
            style.paint(
                say("table \(table.table), \(table.nameEn)", "表 \(table.table)，\(table.nameZh)"), .strong)
                + say(": ", "：") + words.table(table),
        ]
        for dimension in table.dimensions {
            lines.append(
                say(
                    "  \(dimension.nameEn): \(dimension.verdictEn)",
                    "  \(dimension.nameZh)：\(dimension.verdictZh)")
                    + (words.withWaivers(dimension).map { say("; ", "；") + $0 } ?? ""))
            if let reason = dimension.outOfScope {
                lines.append(say("    out of scope: ", "    不在范围内：") + Escaping.visible(reason))
            }
            lines += dimension.blockers.prefix(4).compactMap { dimension.criterion($0) }.flatMap(self.lines)
            let more = dimension.blockers.count - 4
            if more > 0 { lines.append(say("    and \(more) more", "    另有 \(more) 项")) }
        }
        return lines
    }

    private func lines(of criterion: CriterionResult) -> [String] {
        let tone: Tone = criterion.effective == .notMet ? .bad : .doubtful
        let value = words.value(criterion).map { say(": ", "：") + $0 } ?? ""
        let bar = words.bar(criterion).map { say(", asked \($0)", "，要求\($0)") } ?? ""
        var lines = [
            say("    level \(criterion.level) ", "    \(criterion.level) 级 ")
                + style.paint(say(criterion.wordsEn, criterion.wordsZh), tone)
                + Escaping.visible(
                    "  \(say(criterion.textEn, criterion.textZh))\(value)\(bar)  [\(criterion.id)]")
        ]
        lines += criterion.offenders.prefix(3).map { Escaping.visible("      \(words.offender($0))") }
        lines += words.notes(criterion).map { Escaping.visible("      \($0)") }
        if let settled = words.settledBy(criterion) {
            lines.append(say("      settled by: ", "      解决办法：") + Escaping.visible(settled))
        }
        return lines
    }
}
