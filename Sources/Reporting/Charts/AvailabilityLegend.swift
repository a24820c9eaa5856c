// SPDX-License-Identifier: Apache-2.0

/// What the bars and colours of availability by month mean, and in which zone its months are.
struct AvailabilityLegend {
    let say: ReportLanguage
    /// Those that occur.
    let verdicts: Set<AvailabilityChart.Verdict>
    let zone: String

    /// How much room the heading takes.
    static let head = 44
    private static let line = 16

    /// Hatching, for what is not known.
    static var pattern: Markup {
        tag("defs") {
            tag(
                "pattern",
                [
                    "id": "d-hatching", "width": "5", "height": "5", "patternUnits": "userSpaceOnUse",
                    "patternTransform": "rotate(45)",
                ]
            ) { tag("rect", ["width": "1.6", "height": "5", "class": "d-stripe"]) }
        }
    }

    /// How to read the drawing.
    var caption: String {
        say(
            "Bar: the share surely up, in %: empty at 90, then a fifth for 99, 99.9 and each further nine. "
                + "Below: of the time known. Months in \(zone).",
            "柱高：确定可用的占比（%）：90 为空，99、99.9 及其后每多一个 9 增五分之一。柱下为已知时段的可用性。月份时区：\(zone)。")
    }

    var height: Int { ((items.count + 1) / 2) * Self.line + 8 }

    private var items: [(mark: String, words: String)] {
        AvailabilityChart.Verdict.allCases.filter(verdicts.contains).map { ($0.style, words(of: $0)) }
            + [
                (
                    "d-hatch",
                    say("not known: counts neither as up nor as down", "未知：既不算可用也不算停机")
                ),
                ("d-mark", say("promised", "承诺")),
            ].filter { $0.0 != "d-mark" || verdicts != [.unpromised] }
    }

    private func words(of verdict: AvailabilityChart.Verdict) -> String {
        switch verdict {
        case .met: say("promise kept, whatever is not known", "达到承诺，与未知时段无关")
        case .missed: say("promise missed, whatever is not known", "未达承诺，与未知时段无关")
        case .open: say("open: what is not known decides", "未定：取决于未知时段")
        case .unpromised: say("nothing promised", "没有承诺")
        }
    }

    /// In two columns.
    func key(left: Int, at top: Int) -> Markup {
        items.enumerated().reduce(Markup()) { drawn, item in
            let x = left + (item.offset % 2) * 300
            let y = top + (item.offset / 2) * Self.line
            return drawn + mark(item.element.mark, x, y)
                + tag("text", ["x": "\(x + 26)", "y": "\(y + 9)"]) { item.element.words }
        }
    }

    private func mark(_ style: String, _ x: Int, _ y: Int) -> Markup {
        guard style == "d-mark" else {
            return tag("rect", ["x": "\(x)", "y": "\(y)", "width": "20", "height": "10", "class": style])
        }
        return tag(
            "line",
            [
                "x1": "\(x)", "x2": "\(x + 20)", "y1": "\(y + 5)", "y2": "\(y + 5)", "class": style,
                "stroke-dasharray": "5 4",
            ])
    }
}
