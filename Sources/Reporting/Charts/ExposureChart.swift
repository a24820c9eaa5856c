// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What would have been lost over time, as one SVG that stands by itself: a row for each service and each site that
/// might have been gone.
///
/// A row climbs with the clock and falls when a newer point is proven elsewhere; the promise is a dashed line, the
/// worst instant a ring with its words. Where everything would have been lost the row is full and hatched, and where
/// nothing was known yet it is empty.
package struct ExposureChart: Drawing {
    private let report: MeasureReport
    private let words: Wording

    /// How many stretches of time it draws.
    package static let slices = 120

    private static let left = 190
    private static let width = 720
    private static let row = 92
    private static let height = 52
    /// What the words above the rows take.
    private static let head = 46

    package init(_ report: MeasureReport, zone: String, language: ReportLanguage = .en) {
        self.report = report
        words = Wording(language, zone: zone, now: report.asOf)
    }

    private var say: ReportLanguage { words.say }

    private var rows: [(service: ServiceMeasure, exposure: SiteExposure)] {
        report.services.flatMap { service in service.siteExposures.map { (service, $0) } }
    }

    /// Nothing when no service has a dataset.
    package var isEmpty: Bool { rows.isEmpty }

    package func svg() -> String { file }

    var size: (width: Int, height: Int) {
        (Self.left + Self.width + 20, Self.head + rows.count * Self.row + 30)
    }

    /// The drawing without its frame.
    var content: Markup {
        rows.enumerated().reduce(heading(caption)) { done, row in
            done + drawn(row.element.service, row.element.exposure, at: Self.head + row.offset * Self.row)
        } + axis(at: Self.head + rows.count * Self.row)
    }

    private var caption: String {
        say(
            "Height: time's worth of data lost. Dashed: promised. Ring: the worst. "
                + "Full and red: everything. Empty: nothing known yet. Times in \(words.time.zoneName).",
            "高度：丢失的数据，以时间计。虚线：承诺。圆圈：最坏时刻。全高红色：全部丢失。空白：尚无所知。时区：\(words.time.zoneName)。")
    }

    /// The text that stands in for the drawing.
    package var description: String { sentences.joined(separator: " ") }

    /// One for each row.
    package var sentences: [String] { rows.map { sentence($0.service, $0.exposure) } }

    package var title: String {
        say("what would have been lost, by service and lost site", "若失去站点将丢失的数据：按服务与站点")
    }

    private func sentence(_ service: ServiceMeasure, _ exposure: SiteExposure) -> String {
        let promised = service.recoveryPoint.objectiveSeconds.map {
            say(", promised \(words.seconds($0))", "，承诺 \(words.seconds($0))")
        }
        let head = say(
            "\(service.service) without \(exposure.site): ", "\(service.service) 失去 \(exposure.site)：")
        return head + worst(exposure) + (promised ?? "")
            + say(", now \(lost(exposure.nowSeconds)).", "，此刻 \(lost(exposure.nowSeconds))。")
    }

    private func worst(_ exposure: SiteExposure) -> String {
        let at = words.time.short(exposure.worst.worstAt)
        return say(
            "worst \(lost(exposure.worst.worstSeconds)) at \(at), by \(exposure.worst.dataset)",
            "最坏 \(lost(exposure.worst.worstSeconds))，时刻 \(at)，数据集 \(exposure.worst.dataset)")
    }

    private func lost(_ seconds: Double?) -> String {
        seconds.map(words.seconds) ?? say("everything", "全部")
    }

    // MARK: - One row

    private func drawn(_ service: ServiceMeasure, _ exposure: SiteExposure, at top: Int) -> Markup {
        let objective = service.recoveryPoint.objectiveSeconds
        let most = max(exposure.overTime.most ?? 0, (objective ?? 0) * 1.15, 1)
        let base = top + 8 + Self.height
        func y(_ seconds: Double) -> String {
            Scale.text(Double(base) - min(1, seconds / most) * Double(Self.height))
        }
        return tag("g", ["role": "img", "aria-label": sentence(service, exposure)]) {
            tag("text", ["x": "4", "y": "\(top + 24)", "class": "ink"]) { service.service }
            tag("text", ["x": "4", "y": "\(top + 40)"]) {
                say("without \(exposure.site)", "失去 \(exposure.site)")
            }
            tag("text", ["x": "4", "y": "\(top + 56)"]) {
                say("now \(lost(exposure.nowSeconds))", "此刻 \(lost(exposure.nowSeconds))")
            }
            tag(
                "line",
                [
                    "x1": "\(Self.left)", "x2": "\(Self.left + Self.width)", "y1": "\(base)", "y2": "\(base)",
                    "class": "d-axis",
                ])
            area(exposure.overTime, base: base, y)
            if let objective {
                tag(
                    "line",
                    [
                        "x1": "\(Self.left)", "x2": "\(Self.left + Self.width)", "y1": y(objective),
                        "y2": y(objective), "class": "d-promise", "stroke-dasharray": "5 4",
                    ])
                tag(
                    "text",
                    [
                        "x": "\(Self.left - 6)", "y": y(objective), "text-anchor": "end",
                        "class": "d-good-text",
                    ]
                ) { words.seconds(objective) }
            }
            worstMark(exposure, objective, base: base, y)
        }
    }

    /// One rectangle for each stretch: its height is the worst of it.
    private func area(_ slices: ExposureSlices, base: Int, _ y: (Double) -> String) -> Markup {
        let count = max(1, slices.worst.count)
        return slices.worst.enumerated().reduce(Markup()) { drawn, slice in
            guard let value = slice.element else { return drawn }
            let x = Double(Self.left) + Double(Self.width * slice.offset) / Double(count)
            let end = Double(Self.left) + Double(Self.width * (slice.offset + 1)) / Double(count)
            let isAll = value == .everything
            var top = Double(base - Self.height)
            if case .seconds(let seconds) = value { top = Double(y(seconds)) ?? top }
            return drawn
                + tag(
                    "rect",
                    [
                        "x": Scale.text(x), "y": Scale.text(top), "width": Scale.text(end - x),
                        "height": Scale.text(Double(base) - top), "class": isAll ? "d-all" : "d-plain",
                        "stroke-dasharray": isAll ? "2 2" : nil,
                    ])
        }
    }

    private func worstMark(
        _ exposure: SiteExposure, _ objective: Double?, base: Int, _ y: (Double) -> String
    ) -> Markup {
        let whole = (report.asOf - report.windowBegunAt).inSeconds
        let share = whole > 0 ? (exposure.worst.worstAt - report.windowBegunAt).inSeconds / whole : 1
        let x = Double(Self.left) + min(1, max(0, share)) * Double(Self.width)
        let seconds = exposure.worst.worstSeconds
        let isMissed = seconds.map { worst in objective.map { worst > $0 } ?? false } ?? true
        let anchor = share > 0.66 ? "end" : share < 0.33 ? "start" : "middle"
        return tag(
            "circle",
            [
                "cx": Scale.text(x), "cy": seconds.map(y) ?? "\(base - Self.height)", "r": "4",
                "class": isMissed ? "d-ring bad" : "d-ring",
            ])
            + tag(
                "text",
                [
                    "x": Scale.text(x), "y": "\(base + 14)", "text-anchor": anchor,
                    "class": isMissed ? "d-bad-text" : "d-plain-text",
                ]
            ) { worst(exposure) + (isMissed ? say(" - more than promised", "（超出承诺）") : "") }
    }

    private func axis(at top: Int) -> Markup {
        let whole = (report.asOf - report.windowBegunAt).inSeconds
        return (0...4).reduce(Markup()) { drawn, quarter in
            let moment =
                report.windowBegunAt + Duration(roundedSeconds: whole * Double(quarter) / 4)
            let anchor = quarter == 0 ? "start" : quarter == 4 ? "end" : "middle"
            return drawn
                + tag(
                    "text",
                    [
                        "x": "\(Self.left + Self.width * quarter / 4)", "y": "\(top + 16)",
                        "text-anchor": anchor,
                    ]
                ) { whole > 40 * 86_400 ? words.time.date(moment) : words.time.short(moment) }
        }
    }
}

extension ExposureSlices {
    /// So many signs or fewer, for a terminal; what is not known is a dot.
    ///
    /// The highest bar stands for `most`: the promise, or without one the largest of all.
    package func sparkline(_ count: Int = 24, to most: Double) -> String {
        String(
            thinned(to: count).worst.map { value in
                switch value {
                case nil: "·"
                case .everything?: "X"
                case .seconds(let seconds)?:
                    seconds > most
                        ? "!" : Self.steps[min(Self.steps.count - 1, Int(seconds / max(most, 1e-9) * 8))]
                }
            })
    }

    /// The worst of each of fewer stretches.
    package func thinned(to count: Int) -> ExposureSlices {
        guard worst.count > count, count > 0 else { return self }
        return ExposureSlices(
            worst: (0..<count).map { place in
                let part = worst[place * worst.count / count..<(place + 1) * worst.count / count]
                return part.compactMap { $0 }.max()
            })
    }

    private static let steps: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    package static let legend =
        "▁ to █ up to the promised recovery point; ! more than promised; X everything; · nothing known yet"
}
