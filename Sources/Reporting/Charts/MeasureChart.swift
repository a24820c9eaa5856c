// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What `measure --plot` draws: exposure over time, and below it availability by month.
package struct MeasureChart: Drawing {
    private let exposure: ExposureChart
    private let availability: AvailabilityChart

    package init(_ report: MeasureReport, zone: String, language: ReportLanguage = .en) {
        exposure = ExposureChart(report, zone: zone, language: language)
        availability = AvailabilityChart(report, zone: zone, language: language)
    }

    /// One drawing that stands by itself; `nil` when there is nothing to draw.
    package func svg() -> String? {
        if exposure.isEmpty { return availability.isEmpty ? nil : availability.svg() }
        return availability.isEmpty ? exposure.svg() : file
    }

    var title: String { "\(exposure.title); \(availability.title)" }

    var description: String { "\(exposure.description) \(availability.description)" }

    var size: (width: Int, height: Int) {
        let (upper, lower) = (exposure.size, availability.size)
        return (max(upper.width, lower.width), upper.height + lower.height + 20)
    }

    var content: Markup {
        exposure.content
            + tag("g", ["transform": "translate(0 \(exposure.size.height + 20))"]) { availability.content }
    }
}
