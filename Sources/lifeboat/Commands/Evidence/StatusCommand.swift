// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Dispatch
import Foundation
import Glibc
import Ledger
import Operations
import Reporting
import Synchronization

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
        let (place, heads) = try common.open(console) { try $0.copyHeads() }
        let report = try place.status(heads)
        try console.print(report) {
            nagios ? report.nagiosLine : report.text(console.style, zone: place.plan.zone)
        }
        return report.state
    }
}

extension Place {
    /// What would be lost now, service by service.
    func status(_ heads: [String: CopyHead]? = nil) throws -> StatusReport {
        let heads = try heads ?? ledger.copyHeads()
        let now = time.now()
        return StatusReport(
            plan: plan, copies: judge(heads, at: now), drills: try ledger.drillRuns(), at: now)
    }

    /// Two threads: of ten thousand datasets the judging takes longer than the reading.
    private func judge(_ heads: [String: CopyHead], at now: Moment) -> [DatasetCopies] {
        let plan = plan
        let middle = plan.datasets.count / 2
        let halves = [plan.datasets[..<middle], plan.datasets[middle...]]
        let judged = Mutex<[[DatasetCopies]]>([[], []])
        DispatchQueue.concurrentPerform(iterations: 2) { half in
            let found = StatusReport.judge(halves[half], heads, in: plan, at: now)
            judged.withLock { $0[half] = found }
        }
        return judged.withLock { $0.flatMap { $0 } }
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
