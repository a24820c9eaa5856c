// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What `measure --plot` draws: exposure over time, and below it availability by month.
package struct MeasureChart {
    private let exposure: ExposureChart
    private let availability: AvailabilityChart

    package init(_ report: MeasureReport, zone: String, language: ReportLanguage = .en) {
        exposure = ExposureChart(report, zone: zone, language: language)
        availability = AvailabilityChart(report, zone: zone, language: language)
    }

    /// One drawing that stands by itself; `nil` when there is nothing to draw.
    package func svg() -> String? {
        if exposure.isEmpty { return availability.isEmpty ? nil : availability.svg() }
        if availability.isEmpty { return exposure.svg() }
        let (upper, lower) = (exposure.size, availability.size)
        let (width, height) = (max(upper.width, lower.width), upper.height + lower.height + 20)
        let title = "\(exposure.title); \(availability.title)"
        return tag(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(width) \(height)",
                "width": "\(width)", "role": "img", "aria-label": title, "font-family": "sans-serif",
                "font-size": "11",
            ]
        ) {
            tag("title") { title }
            tag("desc") { "\(exposure.description) \(availability.description)" }
            tag("rect", ["width": "\(width)", "height": "\(height)", "fill": "#ffffff"])
            exposure.content
            tag("g", ["transform": "translate(0 \(upper.height + 20))"]) { availability.content }
        }.source + "\n"
    }
}
