// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Availability month by month as one SVG that stands by itself: a row for each service, a cell for each month.
///
/// The height of a cell's bar is the share that was surely up, on a scale that tells 99 from 99.9; what is not known
/// is hatched above it, and the promise a dashed line across. The colour is the verdict that holds whatever the hours
/// that are not known were. A month of which less than half is known is hatched and has no bar.
package struct AvailabilityChart: Drawing {
    private let report: MeasureReport
    private let say: ReportLanguage
    private let zone: LocalTime

    private static let left = 190
    private static let cell = 58
    private static let row = 52
    private static let height = 26
    /// What the words above and below need, also when there are few months.
    private static let least = 930

    package init(_ report: MeasureReport, zone: String, language: ReportLanguage = .en) {
        self.report = report
        say = language
        self.zone = Wording(language, zone: zone, now: report.asOf).time
    }

    private var services: [ServiceMeasure] { report.services.filter { !$0.months.isEmpty } }

    /// Nothing when no service has a probe.
    package var isEmpty: Bool { services.isEmpty }

    package func svg() -> String { file }

    var title: String { say("availability by month", "按月可用性") }

    /// What the drawing says, in words.
    var description: String {
        services.compactMap { service in
            service.availability.map {
                "\(service.service): \(MeasureText.range($0.agreedLow, $0.agreedHigh, say))."
            }
        }.joined(separator: " ")
    }

    var size: (width: Int, height: Int) {
        let months = services.map(\.months.count).max() ?? 0
        return (
            max(Self.least, Self.left + months * Self.cell + 10),
            AvailabilityLegend.head + services.count * Self.row + 26 + legend.height
        )
    }

    private var legend: AvailabilityLegend {
        AvailabilityLegend(
            say: say,
            verdicts: Set(
                services.flatMap { service in
                    service.months.filter { $0.coverage >= 0.5 }.map {
                        Verdict($0, service.availabilityObjective)
                    }
                }), zone: zone.zoneName)
    }

    /// The drawing without its frame.
    var content: Markup {
        let head = AvailabilityLegend.head
        let bottom = head + services.count * Self.row
        return AvailabilityLegend.pattern + heading(legend.caption)
            + services.enumerated().reduce(Markup()) { $0 + row($1.element, at: head + $1.offset * Self.row) }
            + axis(at: bottom) + legend.key(left: Self.left, at: bottom + 30)
    }

    private func row(_ service: ServiceMeasure, at top: Int) -> Markup {
        let name = tag("text", ["x": "4", "y": "\(top + 20)", "class": "ink"]) { service.service }
        let promised = tag("text", ["x": "4", "y": "\(top + 34)"]) {
            service.availabilityObjective.map { say("promised ", "承诺 ") + MeasureText.percent($0) } ?? ""
        }
        return service.months.enumerated().reduce(name + promised) { drawn, month in
            drawn
                + cell(
                    month.element, service.availabilityObjective, x: Self.left + month.offset * Self.cell, top
                )
        }
    }

    /// What is surely so of a month, whatever was when nobody knows.
    enum Verdict: Hashable, CaseIterable {
        case met
        case missed
        case open
        case unpromised

        init(_ month: Availability, _ objective: Double?) {
            guard let objective else { self = .unpromised; return }
            self = month.agreedLow >= objective ? .met : month.agreedHigh < objective ? .missed : .open
        }

        var style: String {
            switch self {
            case .met: "d-good"
            case .missed: "d-bad"
            case .open: "d-doubt"
            case .unpromised: "d-plain"
            }
        }
    }

    private func cell(_ month: Availability, _ objective: Double?, x: Int, _ top: Int) -> Markup {
        let base = top + 4 + Self.height
        let isKnown = month.coverage >= 0.5
        let low = isKnown ? Self.rise(month.agreedLow) : 0
        let high = isKnown ? Self.rise(month.agreedHigh) : Self.height
        let label = isKnown ? MeasureText.percent(month.agreed ?? 0) : say("unknown", "未知")
        return tag("g") {
            tag("title") { words(month) }
            box(x, base, low, Verdict(month, objective).style)
            box(x, base - low, high - low, "d-hatch")
            box(x, base, Self.height, "d-axis")
            if let objective { promise(x, base - Self.rise(objective)) }
            tag(
                "text",
                ["x": "\(x + (Self.cell - 4) / 2)", "y": "\(top + 42)", "text-anchor": "middle"]
            ) { label }
        }
    }

    /// What a cell says to the one who points at it.
    private func words(_ month: Availability) -> String {
        "\(month.service) \(zone.date(month.begunAt)): "
            + MeasureText.range(month.agreedLow, month.agreedHigh, say)
            + say(
                ", \(MeasureText.percent(month.coverage, .down)) known",
                "，已知 \(MeasureText.percent(month.coverage, .down))")
    }

    /// A rectangle as wide as a cell that stands on `base`; nothing without height.
    private func box(_ x: Int, _ base: Int, _ height: Int, _ style: String) -> Markup {
        guard height > 0 else { return Markup() }
        return tag(
            "rect",
            [
                "x": "\(x)", "y": "\(base - height)", "width": "\(Self.cell - 4)", "height": "\(height)",
                "class": style,
            ])
    }

    private func promise(_ x: Int, _ y: Int) -> Markup {
        tag(
            "line",
            [
                "x1": "\(x)", "x2": "\(x + Self.cell - 4)", "y1": "\(y)", "y2": "\(y)", "class": "d-mark",
                "stroke-dasharray": "5 4",
            ])
    }

    /// Never so little that a bar could not be seen.
    private static func rise(_ share: Double) -> Int {
        max(2, Int((scale(share) * Double(height)).rounded()))
    }

    /// 0 at 90 %, then a fifth for each further nine.
    static func scale(_ share: Double) -> Double {
        var lost = max(1 - share, 1e-6)
        var nines = 0.0
        while lost < 0.1, nines < 5 {
            nines += 1
            lost *= 10
        }
        let rest = min(1, max(0, (1 - lost) / 0.9))
        return min(1, max(0.02, (nines - 1 + rest) / 5))
    }

    private func axis(at top: Int) -> Markup {
        let months = services.max { $0.months.count < $1.months.count }?.months ?? []
        return months.enumerated().reduce(Markup()) { drawn, month in
            drawn
                + tag(
                    "text",
                    [
                        "x": "\(Self.left + month.offset * Self.cell + (Self.cell - 4) / 2)",
                        "y": "\(top + 16)",
                        "text-anchor": "middle",
                    ]
                ) { String(zone.date(month.element.begunAt).prefix(7)) }
        }
    }
}
