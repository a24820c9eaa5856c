// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations
import Reporting

struct MeasureCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "What was achieved against the objectives, with intervals.",
        discussion: """
            Recovery time and point by the drills of the period, the worst that could have been lost at any
            moment of it, availability with what is not known kept apart, and how long incidents lasted: n,
            median, 90th percentile and range beside each mean. Ends with 2 when an objective was missed, with
            5 when one is unproven.
            """)

    @OptionGroup var common: CommonOptions

    @Option(help: "A year such as 2026, a month such as 2026-11, or FROM..TO; without it, the last 365 days.")
    var period: String?

    @Option(help: "Only this service; may be given again.")
    var service: [String] = []

    @Option(
        help: "Write what would have been lost over time, and availability by month, as SVG into this file.",
        completion: .file())
    var plot: String?

    @Flag(help: "With --json, say step by step and exactly what could have been recovered at each instant.")
    var curve = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let range = try AuditPeriod(period, now: now)
        for name in service where place.plan.service(name) == nil {
            throw OperationError(
                .unknownName, "the plan has no service '\(name)'",
                hint: Spelling.suggestion(for: name, among: place.plan.services.map(\.id))
                    ?? "the services are \(place.plan.services.map(\.id).joined(separator: ", "))")
        }
        let chosen = service.isEmpty ? place.plan.services.map(\.id) : service
        let question = MeasureQuestion(
            slices: plot == nil ? 24 : ExposureChart.slices, curvesOf: curve ? Set(chosen) : [])
        var report = try HistoryReader(plan: place.plan, ledger: place.ledger)
            .measure(from: range.begin, to: min(range.end, now), asking: question)
        if !service.isEmpty { report.services.removeAll { !service.contains($0.service) } }
        if let plot { try draw(report, to: plot, place, console) }
        try console.print(report) {
            MeasureText(report, zone: place.plan.zone, now: now).text(console.style)
        }
        let verdicts = report.services.compactMap(\.verdict)
        return verdicts.contains(.missed) ? .partial : verdicts.contains(.unproven) ? .unproven : .success
    }

    private func draw(_ report: MeasureReport, to path: String, _ place: Place, _ console: Console) throws {
        guard let svg = MeasureChart(report, zone: place.plan.zone).svg() else {
            return console.warn(
                "nothing to draw: no service has a dataset or a probe", hint: "name them in the plan")
        }
        do {
            try svg.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw OperationError(.ioFailed, "cannot write \(path): \(OperationError.words(of: error))")
        }
        console.say("drawn into \(path)")
    }
}
