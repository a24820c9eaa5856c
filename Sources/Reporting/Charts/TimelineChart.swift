// SPDX-License-Identifier: Apache-2.0
import Continuity

extension PageParts {
    /// A run over time: a row for each step, the probes below, the marks through all of them.
    func timeline(_ timeline: Timeline) -> Markup {
        let scale = Scale(to: extent(timeline))
        let chart = tag("div", ["class": "tl", "role": "list", "aria-label": say("Timeline", "时间线")]) {
            axis(scale, timeline)
            for (phase, rows) in phases(timeline) {
                head(words.phase(phase), scale, timeline)
                for row in rows { stepRow(scale, row, timeline) }
            }
            if !timeline.strips.isEmpty { head(say("what the probes saw", "探针所见"), scale, timeline) }
            for strip in timeline.strips { probeRow(scale, strip, timeline) }
            if !timeline.holds.isEmpty || !timeline.gaps.isEmpty { pauses(scale, timeline) }
        }
        return chart + legend(timeline)
    }

    private func extent(_ timeline: Timeline) -> Double {
        let ends = timeline.rows.map { max($0.endSeconds ?? 0, $0.undo?.endSeconds ?? 0) }
        return max(timeline.lengthSeconds, ends.max() ?? 0) * 1.02
    }

    private func phases(_ timeline: Timeline) -> [(Phase, [Timeline.Row])] {
        var groups: [(Phase, [Timeline.Row])] = []
        for row in timeline.rows {
            if let last = groups.indices.last, groups[last].0 == row.phase {
                groups[last].1.append(row)
            } else {
                groups.append((row.phase, [row]))
            }
        }
        return groups
    }

    // MARK: - Rows

    private func axis(_ scale: Scale, _ timeline: Timeline) -> Markup {
        line("axis", tag("span", class: "soft") { say("since ", "起点 ") } + clock(timeline.begunAt)) {
            tag("svg", ["aria-hidden": "true"]) {
                for tick in scale.ticks {
                    tag(
                        "line",
                        [
                            "class": "grid", "x1": scale.x(tick), "x2": scale.x(tick), "y1": "22", "y2": "30",
                        ])
                    tag(
                        "text",
                        [
                            "x": scale.x(tick), "y": "17",
                            "text-anchor": scale.percent(tick) > 94 ? "end" : "start",
                        ]
                    ) { tick == 0 ? "0" : words.seconds(tick) }
                }
            }
        }
    }

    private func head(_ text: String, _ scale: Scale, _ timeline: Timeline) -> Markup {
        tag("div", class: "tl-row head") {
            tag("div", class: "name") { text }
            tag("div", class: "cell") {
                tag("svg", ["aria-hidden": "true"]) { backdrop(scale, timeline) }
            }
        }
    }

    private func line(_ style: String, _ name: Markup, title: String? = nil, _ drawing: () -> Markup)
        -> Markup
    {
        tag("div", ["class": "tl-row \(style)", "role": "listitem"]) {
            tag("div", ["class": "name", "title": title]) { name }
            tag("div", class: "cell", drawing)
        }
    }

    private func stepRow(_ scale: Scale, _ row: Timeline.Row, _ timeline: Timeline) -> Markup {
        let end = row.endSeconds ?? timeline.lengthSeconds
        let length = Duration(roundedSeconds: max(0, end - row.beginSeconds))
        let text = "\(row.name): \(words.length.text(length))"
        return line("", Markup(row.name), title: row.name) {
            tag("svg", ["role": "img", "aria-label": text]) {
                backdrop(scale, timeline)
                bar(scale, row, end: end, text)
                if let undo = row.undo { undoBar(scale, undo) }
                stepLabel(scale, row, end: end, length)
            }
        }
    }

    private func bar(_ scale: Scale, _ row: Timeline.Row, end: Double, _ text: String) -> Markup {
        func rect(_ style: String, y: String, height: String) -> Markup {
            tag(
                "rect",
                [
                    "class": style, "x": scale.x(row.beginSeconds), "y": y,
                    "width": scale.width(from: row.beginSeconds, to: end), "height": height, "rx": "2",
                    "stroke-width": "0",
                ]
            ) { tag("title") { text } }
        }
        if row.kind == .mark {
            return tag("text", ["class": "ink", "x": scale.x(row.beginSeconds), "y": "15", "dx": "-4"]) {
                "◆"
            }
        }
        let style = "p-\(row.phase.rawValue)"
        let solid = rect(style, y: "5", height: "12")
        // At least a hair's breadth, so that a quick step is seen.
        let least = tag(
            "rect",
            [
                "class": style, "x": scale.x(row.beginSeconds), "y": "5", "width": "2", "height": "12",
            ])
        guard row.kind == .person || row.kind == .wait else { return least + solid }
        return least + solid + rect("wait", y: "5", height: "12")
    }

    private func undoBar(_ scale: Scale, _ undo: Timeline.Stretch) -> Markup {
        tag("text", ["x": scale.x(undo.beginSeconds), "y": "15"]) {
            "↺"
            tag("title") {
                "\(undo.text): \(words.seconds(max(0, undo.endSeconds - undo.beginSeconds)))"
            }
        }
    }

    private func stepLabel(_ scale: Scale, _ row: Timeline.Row, end: Double, _ length: Duration) -> Markup {
        let isRight = scale.percent(end) > 78
        let sign: Sign? =
            switch row.result {
            case .passed: .good
            case .failed, .timedOut, .gaveUp: .bad
            case .unknown, nil: .doubt
            case .skipped: nil
            }
        let shown = row.kind == .mark ? "" : words.length.text(length)
        return tag(
            "text",
            [
                "x": scale.x(isRight ? row.beginSeconds : end), "y": "15", "dx": isRight ? "-5" : "6",
                "text-anchor": isRight ? "end" : "start", "class": sign.map { "t-\($0.style)" },
            ]
        ) {
            sign.map { "\($0.mark) " } ?? ""
            tag("title") { row.result.map(words.result) ?? words.unknown }
            shown
        }
    }

    private func probeRow(_ scale: Scale, _ strip: Timeline.Strip, _ timeline: Timeline) -> Markup {
        let name = say("\(strip.probe) from \(strip.host)", "\(strip.probe)（自 \(strip.host)）")
        return line("", Markup(name), title: name) {
            tag("svg", ["role": "img", "aria-label": spoken(strip, name)]) {
                backdrop(scale, timeline)
                for seen in strip.stretches {
                    tag(
                        "rect",
                        [
                            "class": "s-\(seen.state.rawValue)", "x": scale.x(seen.beginSeconds),
                            "y": seen.state == .down ? "11" : "6",
                            "width": scale.width(from: seen.beginSeconds, to: seen.endSeconds),
                            "height": seen.state == .down ? "6" : "11",
                        ]
                    ) { tag("title") { "\(state(seen.state)): \(seen.samples)" } }
                }
            }
        }
    }

    private func spoken(_ strip: Timeline.Strip, _ name: String) -> String {
        name + ": "
            + strip.stretches.prefix(12).map { seen in
                "\(state(seen.state)) \(words.seconds(max(0, seen.endSeconds - seen.beginSeconds)))"
            }.joined(separator: ", ")
    }

    func state(_ state: DrillSample.State) -> String {
        switch state {
        case .up: say("up", "可用")
        case .down: say("down", "不可用")
        case .unknown: words.unknown
        }
    }

    private func pauses(_ scale: Scale, _ timeline: Timeline) -> Markup {
        line("", Markup(say("held, or no controller", "暂停或控制端缺席"))) {
            tag("svg", ["aria-hidden": "true"]) {
                for pause in timeline.holds + timeline.gaps {
                    tag(
                        "rect",
                        [
                            "class": "away", "x": scale.x(pause.beginSeconds), "y": "4",
                            "width": scale.width(from: pause.beginSeconds, to: pause.endSeconds),
                            "height": "14",
                        ]
                    ) { tag("title") { pause.text } }
                }
            }
        }
    }

    /// Gridlines and marks, the same in every row so that they run through all of them.
    @MarkupBuilder
    private func backdrop(_ scale: Scale, _ timeline: Timeline) -> Markup {
        for tick in scale.ticks {
            tag(
                "line",
                [
                    "class": "grid", "x1": scale.x(tick), "x2": scale.x(tick), "y1": "0", "y2": "100%",
                ])
        }
        for mark in timeline.marks where mark.kind != .named {
            tag(
                "line",
                [
                    "class": "m-\(mark.kind.rawValue)", "x1": scale.x(mark.latestSeconds),
                    "x2": scale.x(mark.latestSeconds), "y1": "0", "y2": "100%",
                ])
        }
    }

    // MARK: - Legend

    private func legend(_ timeline: Timeline) -> Markup {
        tag("div", class: "legend") {
            for mark in timeline.marks where mark.kind != .named {
                key(mark.kind == .outage ? "m-outage" : "m-valid", isLine: true) {
                    mark.kind == .outage
                        ? say("outage of \(mark.name) begins", "\(mark.name) 中断开始")
                        : say("\(mark.name) is valid again", "\(mark.name) 恢复有效")
                }
            }
            key("p-decide", over: "wait") { say("waiting: for a person or a condition", "等待：人或条件") }
            tag("span") { say("↺ taken back", "↺ 撤销") }
            if !timeline.strips.isEmpty {
                key("s-up") { state(.up) }
                key("s-down") { state(.down) }
                key("s-unknown") { say("unknown: the prober itself broke", "未知：探针自身故障") }
            }
        }
    }

    private func key(
        _ style: String, over: String? = nil, isLine: Bool = false, _ text: () -> String
    ) -> Markup {
        tag("span") {
            tag("svg", ["viewBox": "0 0 20 11", "aria-hidden": "true"]) {
                if isLine {
                    tag("line", ["class": style, "x1": "10", "x2": "10", "y1": "0", "y2": "11"])
                } else {
                    tag("rect", ["class": style, "x": "1", "y": "1", "width": "18", "height": "9"])
                    if let over {
                        tag("rect", ["class": over, "x": "1", "y": "1", "width": "18", "height": "9"])
                    }
                }
            }
            text()
        }
    }
}
