// SPDX-License-Identifier: Apache-2.0
import Continuity

extension PageParts {
    /// An interval against its objective: the bar is what is known, the line is what was promised.
    ///
    /// What is not known is hatched over the whole width and never drawn as zero.
    func rangeBar(_ figure: Figure) -> Markup {
        let objective = figure.objectiveSeconds
        let lower = figure.span?.lower.inSeconds
        let upper = figure.span?.upper?.inSeconds
        let scale = Scale(to: max(objective ?? 0, upper ?? lower ?? 0, 0.001) * 1.12)
        let sign = Sign(figure.verdict)
        return tag(
            "svg",
            ["class": "bar", "height": "34", "role": "img", "aria-label": words.sentence(figure)]
        ) {
            tag("rect", ["class": "track", "x": "0", "y": "5", "width": "100%", "height": "12", "rx": "2"])
            if let lower {
                rangeRect(scale, lower, upper, sign)
            } else {
                tag(
                    "rect",
                    [
                        "class": "f-unknown", "x": "0", "y": "5", "width": "100%", "height": "12", "rx": "2",
                    ])
            }
            if let objective { objectiveLine(scale, objective) }
        }
    }

    private func rangeRect(_ scale: Scale, _ lower: Double, _ upper: Double?, _ sign: Sign) -> Markup {
        // The outline keeps a narrow interval visible; it adds a pixel and a half to each side.
        let from = scale.x(lower)
        let width = scale.width(from: lower, to: upper ?? scale.end)
        return tag(
            "rect",
            [
                "class": upper == nil ? "f-unknown" : "f-\(sign.style)", "x": from, "y": "5", "width": width,
                "height": "12", "stroke-width": "3", "stroke-linejoin": "round",
            ]
        ) {
            tag("title") { words.length.text(spanOf(lower, upper)) }
        }
    }

    private func spanOf(_ lower: Double, _ upper: Double?) -> Span {
        Span(lower: Duration(roundedSeconds: lower), upper: upper.map { Duration(roundedSeconds: $0) })
    }

    private func objectiveLine(_ scale: Scale, _ objective: Double) -> Markup {
        let isRight = scale.percent(objective) > 60
        return tag(
            "line",
            [
                "class": "target", "x1": scale.x(objective), "x2": scale.x(objective), "y1": "1", "y2": "21",
            ])
            + tag(
                "text",
                [
                    "class": "ink", "x": scale.x(objective), "y": "32", "dx": isRight ? "2" : "-2",
                    "text-anchor": isRight ? "end" : "start",
                ]
            ) {
                say("promised ", "承诺 ") + words.seconds(objective)
            }
    }

    /// The block of one figure: its name, its number, its bar, and what it rests on.
    func figure(_ figure: Figure) -> Markup {
        tag("div", class: "figure") {
            tag("div", class: "what") {
                words.name(figure.kind)
                if let about = explanation(figure.kind) { tag("small", class: "soft") { about } }
            }
            tag("div") {
                tag("div", class: "num") {
                    tag("span") { words.value(figure) }
                    if figure.objectiveSeconds == nil {
                        tag("span", class: "verdict neutral") { say("nothing promised", "未作承诺") }
                    } else {
                        badge(figure.verdict)
                    }
                }
                rangeBar(figure)
                tag("small", class: "soft") { grounds(figure) }
            }
        }
    }

    private func explanation(_ kind: Figure.Kind) -> String? {
        switch kind {
        case .recoveryTime: say("from the outage to the service proven valid", "从中断到服务被证实有效")
        case .recoveryTimeProjected:
            say("with the parts that a drill cannot measure, as assumed", "加上演练无法测量、按假定计入的部分")
        case .recoveryPoint: say("from the newest record that came back to the outage", "从最后恢复的记录到中断")
        case .worstExposure:
            say("had production failed at the worst moment of the period", "假如生产在期间内最坏的时刻失效")
        case .exposureNow: say("had production failed at the end of the period", "假如生产在期末失效")
        }
    }

    @MarkupBuilder
    private func grounds(_ figure: Figure) -> Markup {
        "\(figure.evidence.rawValue) \(words.evidence(figure.evidence))"
        if let at = figure.measuredAt {
            say(" · measured ", " · 测于 ")
            time(at)
            ", \(words.age(at))"
        }
        if !figure.trace.isEmpty { " · " }
        traced(figure.trace)
        if !figure.reasons.isEmpty {
            tag("br")
            figure.reasons.joined(separator: "; ")
        }
    }
}
