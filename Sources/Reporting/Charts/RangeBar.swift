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
        // The ends keep a narrow interval visible; they add a pixel and a half to each side.
        let style = upper == nil ? "f-unknown" : "f-\(sign.style)"
        let ends = [lower] + (upper.map { [$0] } ?? [])
        let body = tag(
            "rect",
            [
                "class": style, "x": scale.x(lower), "y": "5",
                "width": scale.width(from: lower, to: upper ?? scale.end), "height": "12",
            ]
        ) {
            tag("title") { words.length.text(spanOf(lower, upper)) }
        }
        return ends.reduce(body) { drawn, end in
            drawn
                + tag(
                    "line",
                    [
                        "class": upper == nil ? "target" : style, "x1": scale.x(end), "x2": scale.x(end),
                        "y1": "4", "y2": "18", "stroke-width": "3",
                    ])
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
            if words.now - at >= .minutes(1) { ", \(words.age(at))" }
        }
        if !figure.trace.isEmpty { " · " }
        traced(figure.trace)
        if !figure.reasons.isEmpty {
            tag("br")
            figure.reasons.joined(separator: "; ")
        }
    }

    /// The same in a few words, for the first page.
    func glance(_ figure: Figure) -> Markup {
        tag("div", class: "glance") {
            tag("div", class: "what") { words.shortName(figure.kind) }
            tag("div", class: "num") {
                tag("span") { words.value(figure) }
                if figure.objectiveSeconds != nil { badge(figure.verdict) }
            }
            rangeBar(figure)
            tag("small", class: "soft") {
                "\(figure.evidence.rawValue) \(words.evidence(figure.evidence))"
                if let at = figure.measuredAt, words.now - at >= .minutes(1) { ", \(words.age(at))" }
            }
        }
    }
}
