// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Reporting

struct DrillCalendarCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "calendar",
        abstract:
            "Which drills are held, due, late, missed, waived or to be held again, and who has still to rate one.",
        discussion: "Ends with 2 when one is late or missed, or a rating is late.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "Print an iCalendar file.")
    var ics = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let adopted = try place.ledger.events(of: [.planAdopted]).first?.recordedAt ?? now
        let entries = DrillCalendar(
            plan: place.plan, runs: try place.ledger.drillRuns(), waivers: try place.drills.waivers(),
            since: adopted
        ).entries(at: now)
        let findings = try place.findings(at: now)
        let redrills = OwedRedrill.all(of: findings, at: now)
        if ics {
            try console.print(
                entries.iCalendar(
                    organisation: place.plan.organisation, madeAt: now, redrills: redrills))
            return .success
        }
        let zone = ZonedTime(place.plan)
        let ratings = try place.drills.owedRatings(at: now)
        try console.print(CalendarOutput(entries: entries, ratings: ratings, redrills: redrills)) {
            var table = Table(
                [
                    Table.Column("scenario", isFlexible: true), Table.Column("state"), Table.Column("until"),
                    Table.Column("next"), Table.Column("detail", isFlexible: true),
                ], empty: "the plan's calendar is empty")
            for entry in entries {
                let isBad = [.late, .missed].contains(entry.state)
                table.add([
                    Table.Cell(entry.scenario), Table.Cell(entry.state.rawValue, isBad ? .bad : .plain),
                    Table.Cell(zone.text(entry.endsAt)), Table.Cell(entry.nextAt.map(zone.text) ?? ""),
                    Table.Cell(entry.detail ?? ""),
                ])
            }
            let owed = ratings.map { Escaping.visible("\($0.text), due \(zone.text($0.dueAt))") }
            let again = redrills.map {
                "\($0.scenario) is to be drilled again before \(zone.text($0.dueAt)): \($0.findings) findings "
                    + "wait for it\($0.isLate ? " (LATE)" : "")"
            }
            return ([table.text(console.style)] + again + owed).joined(separator: "\n")
        }
        let isLate =
            entries.contains { [.late, .missed].contains($0.state) } || ratings.contains { $0.state == .late }
            || redrills.contains(where: \.isLate)
        return isLate ? .partial : .success
    }
}

private struct CalendarOutput: Encodable {
    var entries: [DrillDue]
    var ratings: [OwedRating]
    var redrills: [OwedRedrill]
}

struct DrillFindingsCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "findings", abstract: "What drills found; a finding closes only by a passed re-drill.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "Closed ones too.")
    var all = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let findings = try place.findings(at: place.time.now()).filter { all || $0.state != .closed }
        let zone = ZonedTime(place.plan)
        try console.print(FindingsOutput(findings: findings)) {
            var table = Table(
                [
                    Table.Column("finding"), Table.Column("state"), Table.Column("owner"),
                    Table.Column("due"), Table.Column("re-drill"),
                    Table.Column("times", .right), Table.Column("what", isFlexible: true),
                ], empty: "nothing is open")
            for finding in findings {
                table.add([
                    Table.Cell(finding.id),
                    Table.Cell(finding.state.rawValue, finding.state == .overdue ? .bad : .plain),
                    Table.Cell(finding.owner ?? "nobody yet"), Table.Cell(zone.text(finding.dueAt)),
                    Table.Cell(finding.retestBy.map(zone.text) ?? ""),
                    Table.Cell("\(finding.times)"),
                    Table.Cell(finding.text),
                ])
            }
            return table.text(console.style)
        }
        return findings.contains { $0.state == .overdue } ? .partial : .success
    }
}

private struct FindingsOutput: Encodable {
    var findings: [DrillFinding]
}

extension Place {
    /// The findings of every drill, as they stand.
    fileprivate func findings(at now: Moment) throws -> [DrillFinding] {
        DrillFindings(try ledger.drillRuns(), rules: drills.findingRules(), plan: plan).all(at: now)
    }
}
