// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import FoundationXML
import Reporting
import Testing

@Suite("What measure prints")
struct MeasureTextTests {
    private static let end = Moment(seconds: 1_795_521_600)

    private func report() throws -> MeasureReport {
        var plan = try ExamplePlan.plan()
        let probe = "files_http"
        plan.services[0].probes = [probe]
        plan.services[0].objectives.availability = 0.999
        let vantage = try #require(plan.probe(probe)?.from.first)
        func run(_ state: ProbeRun.State, _ from: Int, _ to: Int) -> EventBody {
            .probeRun(
                ProbeRun(
                    probe: probe, vantage: vantage, state: state, firstAt: Self.end - .minutes(from),
                    periodNs: 1_000_000_000, count: (from - to) * 60, word: "200"))
        }
        let incident = Incident(
            id: "i", service: plan.services[0].id, begunAt: Self.end - .hours(5),
            detectedAt: Self.end - .minutes(298), restoredAt: Self.end - .hours(4))
        let day = 86_400 / 60
        let bodies = [
            run(.up, 40 * day, 10 * day), run(.down, 10 * day, 10 * day - 90),
            run(.up, 10 * day - 90, 0), .incident(incident),
        ]
        let events = bodies.enumerated().map {
            Event(sequence: $0.offset + 1, recordedAt: Self.end - .days(40), body: $0.element, sha256: "")
        }
        return Measuring.report(events: events, plan: plan, asOf: Self.end, window: .days(40))
    }

    @Test func `holds the interval against the promise and says how much is known`() throws {
        let report = try report()
        let text = MeasureText(report, zone: "UTC", now: Self.end).text(.plain)
        // Ninety minutes of forty days.
        #expect(report.services[0].availability?.downSeconds == 5_400)
        #expect(text.contains("99.843 %") || text.contains("99.844 %"), "\(text)")
        #expect(text.contains("to restore") && text.contains("too few for a trend"))
        #expect(report.services[0].availabilityVerdict == .missed)
        #expect(report.services[0].timeToDetect.meanSeconds == 120)
    }

    @Test func `draws a month a cell, and what is not known without a bar`() throws {
        let svg = AvailabilityChart(try report(), zone: "Asia/Shanghai").svg()
        #expect(svg.hasPrefix("<svg") && svg.contains("http://www.w3.org/2000/svg"))
        let root = try XMLDocument(xmlString: svg)
        #expect(root.rootElement()?.name == "svg")
        #expect(svg.contains("2026-10") && svg.contains("2026-11"))
        // A missed promise is red, and says how much by its title.
        #expect(svg.contains("class=\"d-bad\"") && svg.contains("<title>"))
        #expect(
            svg.contains(".d-bad{fill:#a63420") && !svg.contains("var("), "a viewer may know no variables")
    }

    /// Up, unknown and down shares of four months of one service, held against 99.9 %.
    private func drawing(promised: Double?, _ language: ReportLanguage = .en) throws -> String {
        var report = try report()
        let month = try #require(report.services[0].months.first)
        report.services[0].availabilityObjective = promised
        report.services[0].months = [(1, 0, 0), (0.5, 0, 0.5), (0.7, 0.3, 0), (0.3, 0.7, 0)].map { shares in
            var month = month
            (month.upSeconds, month.unknownSeconds, month.downSeconds) = shares
            return month
        }
        return AvailabilityChart(report, zone: "Asia/Shanghai", language: language).svg()
    }

    @Test func `tells what was down from what is not known, and says what each sign means`() throws {
        let svg = try drawing(promised: 0.999)
        for (style, words) in [
            ("d-good", "promise kept, whatever is not known"),
            ("d-bad", "promise missed, whatever is not known"),
            ("d-doubt", "open: what is not known decides"), ("d-hatch", "not known: counts neither"),
            ("d-mark", "promised"),
        ] { #expect(svg.contains("class=\"\(style)\"") && svg.contains(words), "\(style): \(svg)") }
        // Kept, missed and open in one cell each, and one mark of each in the legend.
        for style in ["d-good", "d-bad", "d-doubt"] {
            #expect(svg.components(separatedBy: "class=\"\(style)\"").count == 3, "\(style)")
        }
        // Open and unknown in a cell each, and once in the legend.
        #expect(svg.components(separatedBy: "class=\"d-hatch\"").count == 4)
        #expect(svg.contains("Months in Asia/Shanghai") && svg.contains("70 % known"))
        #expect(svg.contains("70 % to 100 %") && svg.contains(">unknown<"))
        let chinese = try drawing(promised: 0.999, .zh)
        #expect(chinese.contains("月份时区：Asia/Shanghai") && chinese.contains("未定：取决于未知时段"))
        #expect(chinese.contains("70 % 至 100 %") && !chinese.contains(" to "), "\(chinese)")
        let free = try drawing(promised: nil)
        #expect(free.contains("nothing promised") && !free.contains("class=\"d-mark\""))
    }

    private func exposed() throws -> MeasureReport {
        var report = try report()
        let loss = CopyLoss(kind: .site, name: "hq")
        let begin = report.windowBegunAt
        let worst = RecoveryExposure(
            dataset: "documents", loss: loss, begunAt: begin, endedAt: Self.end, worstSeconds: 9_000,
            worstAt: begin + .days(20), point: "p", nowSeconds: 600)
        report.services[0].siteExposures = [
            SiteExposure(
                site: "hq", worst: worst, nowSeconds: 600,
                overTime: ExposureSlices(worst: [nil, .seconds(60), .seconds(9_000), .everything]))
        ]
        report.services[0].recoveryPoint.objectiveSeconds = 3_600
        report.services.removeSubrange(1...)
        return report
    }

    @Test func `says in signs how exposure went, and what would be lost now`() throws {
        let text = MeasureText(try exposed(), zone: "UTC", now: Self.end).text(.plain)
        #expect(text.contains("·▁!X") && text.contains("! more than promised"), "\(text)")
        let row = try #require(text.split(separator: "\n").first { $0.contains("·▁!X") })
        #expect(row.contains("2 h 30 min") && row.contains("10 min") && row.contains("documents"))
        #expect(
            ExposureSlices(worst: [.seconds(1), .seconds(9), nil, nil]).thinned(to: 2).worst == [
                .seconds(9), nil,
            ])
    }

    @Test func `draws exposure with its words, the promise and the worst instant`() throws {
        let report = try exposed()
        let svg = try #require(MeasureChart(report, zone: "UTC").svg())
        let root = try XMLDocument(xmlString: svg)
        #expect(root.rootElement()?.name == "svg" && svg.contains("role=\"img\""))
        let desc = try #require(root.rootElement()?.elements(forName: "desc").first?.stringValue)
        #expect(desc.contains("without hq: worst 2 h 30 min at ") && desc.contains("now 10 min"), "\(desc)")
        #expect(svg.contains("stroke-dasharray=\"5 4\"") && svg.contains("<circle"))
        #expect(svg.contains("more than promised") && svg.contains("99.8"))
        let chart = ExposureChart(report, zone: "UTC", language: .zh)
        #expect(chart.sentences.count == 1 && chart.sentences[0].contains("失去 hq"))
    }

    @Test(
        "writes a share with the digits that tell it apart",
        arguments: [
            (1.0, "100 %"), (0.999, "99.9 %"), (0.99999, "99.999 %"), (0.5, "50 %"), (0.123_456, "12.346 %"),
        ])
    func percent(share: Double, text: String) throws {
        var availability = try #require(try report().services[0].availability)
        availability.upSeconds = share * 1_000
        availability.downSeconds = (1 - share) * 1_000
        availability.unknownSeconds = 0
        availability.allDownSeconds = 0
        availability.allUnknownSeconds = 0
        var report = try report()
        report.services[0].availability = availability
        #expect(MeasureText(report, zone: "UTC", now: Self.end).text(.plain).contains(text))
    }
}
