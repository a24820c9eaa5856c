// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Availability month by month as one SVG that stands by itself: a row for each service, a cell for each month.
///
/// The height of a cell's bar is the share known and up on a scale that tells 99 from 99.9; a month of which
/// less than half is known is hatched and has no bar.
package struct AvailabilityChart: Drawing {
    private let report: MeasureReport
    private let say: ReportLanguage
    private let zone: LocalTime

    private static let left = 170
    private static let cell = 58
    private static let row = 46

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
                "\(service.service): \(MeasureText.range($0.agreedLow, $0.agreedHigh))."
            }
        }.joined(separator: " ")
    }

    var size: (width: Int, height: Int) {
        let months = services.map(\.months.count).max() ?? 0
        return (Self.left + months * Self.cell + 10, services.count * Self.row + 26)
    }

    /// The drawing without its frame.
    var content: Markup {
        services.enumerated().reduce(Markup()) { $0 + row($1.element, at: $1.offset * Self.row) }
            + axis(at: services.count * Self.row)
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

    private func cell(_ month: Availability, _ objective: Double?, x: Int, _ top: Int) -> Markup {
        let box = tag(
            "rect",
            [
                "x": "\(x)", "y": "\(top + 4)", "width": "\(Self.cell - 4)", "height": "26",
                "class": "d-axis",
                "stroke-dasharray": month.coverage < 0.5 ? "3 3" : nil,
            ])
        let label = tag(
            "text", ["x": "\(x + (Self.cell - 4) / 2)", "y": "\(top + 42)", "text-anchor": "middle"]
        ) {
            month.coverage < 0.5 ? say("unknown", "未知") : MeasureText.percent(month.agreed ?? 0)
        }
        guard let agreed = month.agreed, month.coverage >= 0.5 else { return box + label }
        let height = Int((Self.scale(agreed) * 26).rounded())
        let colour = objective.map { agreed >= $0 ? "d-good" : "d-bad" } ?? "d-plain"
        let bar = tag(
            "rect",
            [
                "x": "\(x)", "y": "\(top + 30 - height)", "width": "\(Self.cell - 4)", "height": "\(height)",
                "class": colour,
            ]
        ) {
            tag("title") {
                "\(month.service) \(zone.date(month.begunAt)): "
                    + MeasureText.range(month.agreedLow, month.agreedHigh)
            }
        }
        return box + bar + label
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
