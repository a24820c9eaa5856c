// SPDX-License-Identifier: Apache-2.0
import Continuity

extension PageParts {
    /// The dimensions of one table, from what is confirmed to what is possible.
    func gradeTable(_ table: TableGrade) -> Markup {
        tag("h3") {
            say("Table \(table.table): \(table.nameEn)", "表 \(table.table)：\(table.nameZh)")
            " "
            tag("small", class: "soft") { tableLevel(table) }
        }
            + tag("div", class: "grades") {
                for dimension in table.dimensions { gradeRow(dimension) }
            }
    }

    private func tableLevel(_ table: TableGrade) -> String {
        guard let confirmed = table.confirmed, let possible = table.possible else {
            return say("no level: too much is out of scope", "不评级：超出范围的维度过多")
        }
        let low =
            confirmed == 0 ? say("below level 1", "低于 1 级") : say("level \(confirmed)", "\(confirmed) 级")
        return confirmed == possible
            ? say("weakest dimension: \(low)", "最弱维度：\(low)")
            : say(
                "weakest dimension: \(low) confirmed, \(possible) possible", "最弱维度：已确认\(low)，可能 \(possible) 级"
            )
    }

    private func gradeRow(_ dimension: DimensionGrade) -> Markup {
        tag("div", class: "grade") {
            tag("div") { tag("strong") { say(dimension.nameEn, dimension.nameZh) } }
            levels(dimension)
            tag("div") { say(dimension.verdictEn, dimension.verdictZh) }
            if let reason = dimension.outOfScope {
                tag("div", class: "more soft") { say("out of scope: ", "超出范围：") + reason }
            } else {
                blockers(dimension)
            }
        }
    }

    private func levels(_ dimension: DimensionGrade) -> Markup {
        let verdict = say(dimension.verdictEn, dimension.verdictZh)
        return tag("svg", ["height": "26", "role": "img", "aria-label": verdict]) {
            for level in 1...5 { levelCell(dimension, level) }
            if dimension.alike.count > 1, let first = dimension.alike.min(), let last = dimension.alike.max()
            {
                // Levels worded alike hang together.
                tag(
                    "line",
                    [
                        "class": "target", "x1": "\((first - 1) * 20 + 2)%", "x2": "\(last * 20 - 2)%",
                        "y1": "25",
                        "y2": "25",
                    ]
                ) { tag("title") { say("worded alike in the standard", "标准中表述相同") } }
            }
        }
    }

    private func levelCell(_ dimension: DimensionGrade, _ level: Int) -> Markup {
        let isConfirmed = dimension.hasEvidence && level <= dimension.confirmed
        let style =
            dimension.outOfScope != nil
            ? "lv-no" : isConfirmed ? "lv-yes" : level <= dimension.possible ? "lv-maybe" : "lv-no"
        return tag(
            "rect",
            [
                "class": style, "x": "\((level - 1) * 20)%", "y": "2", "width": "18.6%", "height": "19",
                "rx": "3",
            ])
            + tag(
                "text",
                [
                    "class": isConfirmed && dimension.outOfScope == nil ? "lv-text-yes" : nil,
                    "x": "\((level - 1) * 20 + 9)%", "y": "15.5", "text-anchor": "middle",
                ]
            ) { "\(level)" }
    }

    private func blockers(_ dimension: DimensionGrade) -> Markup {
        let blocking = dimension.blockers.compactMap(dimension.criterion)
        guard !blocking.isEmpty else { return Markup() }
        let next = dimension.confirmed + 1
        return tag("div", class: "more") {
            tag("span", class: "soft") { say("Level \(next) is blocked by:", "\(next) 级受阻于：") }
            tag("ul") {
                for criterion in blocking.prefix(6) { tag("li") { blocker(criterion) } }
                if blocking.count > 6 {
                    tag("li", class: "soft") {
                        say("\(blocking.count - 6) more", "另有 \(blocking.count - 6) 项")
                    }
                }
            }
        }
    }

    @MarkupBuilder
    private func blocker(_ criterion: CriterionResult) -> Markup {
        sign(
            criterion.effective == .notMet ? .bad : .doubt, say(criterion.wordsEn, criterion.wordsZh))
        " \(say(criterion.textEn, criterion.textZh)) "
        tag("small", class: "soft") {
            grounds(criterion)
        }
    }

    private func grounds(_ criterion: CriterionResult) -> String {
        var parts = [say(criterion.wordsEn, criterion.wordsZh)]
        let words = GradeWords(say)
        if let value = words.value(criterion) {
            parts.append(value + (words.bar(criterion).map { say(", asked: \($0)", "，要求：\($0)") } ?? ""))
        }
        if let offender = criterion.offenders.first {
            let more = criterion.offenderCount - 1
            parts.append(
                words.offender(offender)
                    + (more > 0 ? say(" and \(more) more", "，另有 \(more) 项") : ""))
        }
        parts += words.notes(criterion)
        if let settledBy = words.settledBy(criterion) {
            parts.append(say("settled by: ", "解决办法：") + settledBy)
        }
        if !criterion.evidence.isEmpty {
            parts.append(say("events ", "事件 ") + EventTrace(criterion.evidence).text)
        }
        return parts.joined(separator: " · ")
    }
}
