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
        #expect(svg.contains("#a63420") && svg.contains("<title>"))
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
