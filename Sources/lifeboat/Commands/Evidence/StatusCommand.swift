// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Reporting

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "One screen: what would be lost now, service by service.",
        discussion: "Ends with 0, 1, 2 or 3 (unknown), as a Nagios check does.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "One line, as Nagios and its kin read it.")
    var nagios = false

    /// Its statuses are not those of the one table, so it ends the program itself.
    func run() throws {
        let console = Console(common)
        let state: StatusReport.State
        do {
            state = try perform(console)
        } catch {
            _ = console.report(error)
            Glibc.exit(StatusReport.State.unknown.exitStatus)
        }
        Glibc.exit(state.exitStatus)
    }

    private func perform(_ console: Console) throws -> StatusReport.State {
        let place = try common.open(console)
        let report = try place.status()
        try console.print(report) {
            nagios ? report.nagiosLine : report.text(console.style, zone: place.plan.zone)
        }
        return report.state
    }
}

extension Place {
    /// What would be lost now, service by service.
    func status() throws -> StatusReport {
        let book = CopyBook(try ledger.events(of: CopyBook.kinds))
        return StatusReport(plan: plan, book: book, drills: try ledger.drillRuns(), at: time.now())
    }
}

extension Ledger {
    /// The closed drill runs, oldest first.
    func drillRuns() throws -> [DrillRun] {
        try events(of: [.drillRun]).compactMap { event in
            if case .drillRun(let run) = event.body { run } else { nil }
        }
    }
}

struct MeasureCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "What was achieved against the objectives, with intervals.",
        discussion: "Ends with 2 when an objective was missed, with 5 when one is unproven.")

    @OptionGroup var common: CommonOptions

    @Option(help: "A year such as 2026, a month such as 2026-11, or FROM..TO; without it, the last 365 days.")
    var period: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let range = try AuditPeriod(period, now: now)
        let report = AuditSource(
            plan: place.plan, events: try place.ledger.events(), begin: range.begin, end: range.end,
            generatedAt: now, toolVersion: Version.text
        ).report()
        try console.print(MeasureOutput(report)) { Table.figures(report).text(console.style) }
        let verdicts = report.services.map(\.verdict)
        return verdicts.contains(.missed) ? .partial : verdicts.contains(.unproven) ? .unproven : .success
    }
}

private struct MeasureOutput: Encodable {
    var begunAt: Moment
    var endedAt: Moment
    var services: [AuditReport.ServicePart]

    init(_ report: AuditReport) {
        begunAt = report.begunAt
        endedAt = report.endedAt
        services = report.services
    }
}
