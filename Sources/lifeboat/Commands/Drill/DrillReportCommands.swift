// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Glibc
import Ledger
import Operations
import Reporting

struct DrillReportCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "The after-action report of a run, with its evidence, signed.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The run; without it, the newest.")
    var run: String?

    @Option(help: "en or zh.")
    var lang: ReportLanguage = .en

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let drills = place.drills
        let run = try run ?? drills.currentRun()
        let drill = try PreparedDrill.ofRun(
            run, runsFolder: place.workspace.runsFolder, toolVersion: Version.text)
        let end = try drills.judge(run, drill)
        // A controller that died at the very end has left a closed run that is not yet history.
        let isClosed = drills.runs().first { $0.run == run }?.endedAt != nil
        if isClosed, try drills.record(end) != nil { place.shareLedger(console) }
        // Of a run that is still open only a look is taken: what is sent out must be the last word.
        let report = try DrillReportMaker(place: place, language: lang).make(run, drill, isFinal: isClosed)
        try console.print(report) { DrillRunText(run: end.run).text + "\n" + report.text }
        for copy in report.copies where copy.trouble != nil { console.warn(copy.line) }
        return ExitStatus.worst(of: [end.run.status, report.status])
    }
}

/// Makes the report of a run, and sends it where its scenario says.
struct DrillReportMaker {
    let place: Place
    var language: ReportLanguage = .en

    /// What was made.
    struct Made: Encodable {
        var folder: String
        var files: [String]
        var sha256: String
        var signer: String
        var copies: [BundleDelivery.Copy]

        var text: String {
            let page = ["report.html", "report.md", "report.json"].first(where: files.contains) ?? ""
            return
                (["bundle  \(folder)", "read    \(folder)/\(page)"]
                + copies.filter { $0.trouble == nil }.map(\.line)).joined(separator: "\n")
        }

        /// A copy that did not arrive is a warning: the report itself is there.
        var status: ExitStatus {
            copies.contains { $0.trouble != nil } ? .warnings : .success
        }
    }

    /// `isFinal`: whether the copies are sent out.
    func make(_ run: String, _ drill: PreparedDrill, isFinal: Bool) throws -> Made {
        let drills = place.drills
        let rule = drill.scenario.after.report ?? DrillReporting()
        let source = AfterActionSource(
            evidence: try drills.evidence(of: run, toolVersion: Version.text), plan: drill.plan,
            generatedAt: place.time.now(), language: language, earlier: try place.ledger.drillRuns(),
            ledgerEvent: try drills.event(of: run), observations: try drills.observations())
        guard let report = source.report() else {
            throw OperationError(.damaged, "the journal of \(run) does not begin with its opening")
        }
        let writer = BundleWriter(workspace: place.workspace)
        let journal = drills.journals().first { $0.0 == run }?.1 ?? Data()
        let bundle = try EvidenceBundle(
            drill: report, journal: journal, samples: drills.samples(of: run),
            allowedSigners: writer.allowedSigners(), forms: rule.forms)
        let written = try writer.write(
            bundle.files.map { BundleWriter.File(path: $0.path, bytes: $0.bytes) },
            named: "drill-\(run)-\(place.time.now().compact)", signed: EvidenceBundle.signedFile)
        try place.ledger.append(
            [
                .reportMade(
                    ReportMade(kind: "drill", subject: run, file: written.folder, sha256: written.sha256))
            ],
            at: place.time.now())
        let copies =
            isFinal
            ? BundleDelivery(reach: place.reach).deliver(
                written.folder, files: written.files, to: rule.destinations) : []
        return Made(
            folder: written.folder, files: written.files, sha256: written.sha256, signer: written.signer,
            copies: copies)
    }
}

extension BundleDelivery.Copy {
    /// As a person reads it.
    var line: String {
        trouble.map { "the report was NOT copied to \(destination): \($0)" } ?? "copy    \(destination)"
    }
}

struct DrillBoardCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "board",
        abstract: "The drill as it goes: clock, who holds the ball, probes, undo count.",
        discussion: "Follows the journal and only reads; may run on any machine that can read the workspace. "
            + "With --once, or where the output is no terminal, it prints one picture.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The run; without it, the one that is open, else the newest.")
    var run: String?

    @Flag(help: "Print it once.")
    var once = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let run = try run ?? place.drills.currentRun()
        guard console.width != nil, !once else {
            let board = try place.drills.board(of: run, exposure: try exposure(place))
            try console.print(board.lines().joined(separator: "\n"))
            return .success
        }
        var (exposure, exposureAt) = (try exposure(place), place.time.now())
        while !Interrupt.wasAsked {
            // Asked anew each time: a window may be resized. The last line stays free, since every print
            // ends with a new line, which would push the first one out.
            let (width, height) = (console.width ?? 80, console.height ?? 24)
            if place.time.now() - exposureAt > .seconds(30) {
                (exposure, exposureAt) = (try self.exposure(place), place.time.now())
            }
            let lines = try place.drills.board(of: run, exposure: exposure)
                .lines(width: min(width, 160), height: height - 1)
            // Home, each line cleared to its end, then everything below: no flicker over a slow link.
            try console.print("\u{1b}[H" + lines.map { "\($0)\u{1b}[K" }.joined(separator: "\n") + "\u{1b}[J")
            if place.drills.runs().first(where: { $0.run == run })?.endedAt != nil { break }
            for _ in 0..<10 where !Interrupt.wasAsked { usleep(100_000) }
        }
        return .success
    }
}

struct DrillNextCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "next",
        abstract: "What is asked of whom now, and with which words to answer.",
        discussion: "Steps run side by side, so several people may be asked at once.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The run; without it, the one that is open, else the newest.")
    var run: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let run = try run ?? place.drills.currentRun()
        let asked = try place.drills.openQuestions(of: run).map { NextQuestion($0.step, $0.question, run) }
        try console.print(asked) {
            asked.isEmpty ? "\(run): nobody is asked anything" : asked.map(\.text).joined(separator: "\n")
        }
        return .success
    }
}

private struct NextQuestion: Encodable {
    var step: String
    var role: String
    var ask: String
    var answers: [String]
    var needsAttachment: Bool
    var command: String

    init(_ step: Step, _ question: Question, _ run: String) {
        self.step = step.id
        role = question.role
        ask = question.ask
        answers = question.choices.map(\.id)
        needsAttachment = question.attachment == .required
        let word = question.choices.isEmpty ? "'…'" : question.choices.map(\.id).joined(separator: "|")
        command =
            "lifeboat drill answer \(step.id) \(word) --as …\(Self.attach(question.attachment))"
    }

    private static func attach(_ attachment: Question.Attachment) -> String {
        switch attachment {
        case .none: ""
        case .optional: " [--attach FILE]"
        case .required: " --attach FILE"
        }
    }

    var text: String {
        Escaping.visible("\(role) is asked by \(step): \(ask)") + "\n  \(command)"
    }
}

extension DrillBoardCommand {
    /// What would be lost now, by service, as `lifeboat status` says it.
    private func exposure(_ place: Place) throws -> [String: String] {
        let report = StatusReport(
            plan: place.plan, heads: try place.ledger.copyHeads(), drills: [], at: place.time.now())
        return Dictionary(
            uniqueKeysWithValues: report.services.map { service in
                (
                    service.service,
                    service.exposureSeconds.map { Duration(roundedSeconds: $0).text }
                        ?? (service.dataset == nil ? "not known" : "everything")
                )
            })
    }
}

struct DrillRehearseCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "rehearse", abstract: "The same code with a virtual clock and a fake executor.",
        discussion: "Gives the expected length, recovery times and the critical path; no host is reached.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var drill: DrillOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let rehearsal = try place.drills.rehearse(drill.prepare(place, console))
        try console.print(RehearsalOutput(rehearsal)) { rehearsal.text }
        return .success
    }
}

private struct RehearsalOutput: Encodable {
    var lengthSeconds: Double
    var criticalPath: [String]
    var expectedRecoverySeconds: [String: Double]

    init(_ rehearsal: Rehearsal) {
        lengthSeconds = rehearsal.length.inSeconds
        criticalPath = rehearsal.criticalPath
        expectedRecoverySeconds = rehearsal.expectedRecoveryTime.mapValues(\.inSeconds)
    }
}

struct DrillSweepCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "sweep", abstract: "Find what drills left at hosts, by its marks, and heal it.",
        discussion: "Needs no journal; what carries no mark of ours is left alone.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only this host; may be given again. Without it, every host where drills may run.")
    var host: [String] = []

    @Flag(help: "List only.")
    var dryRun = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let hosts = host.isEmpty ? place.plan.hosts.filter { !$0.drills.isEmpty }.map(\.id) : host
        let sweeper = DrillSweeper(reach: place.reach, runsFolder: place.workspace.runsFolder)
        let leftovers = try hosts.flatMap { try sweeper.look(at: $0) }
        let swept = dryRun ? nil : try sweeper.heal(leftovers)
        try console.print(SweepOutput(leftovers: leftovers, swept: swept)) {
            guard !leftovers.isEmpty else { return "nothing is left at \(hosts.joined(separator: ", "))" }
            let found = leftovers.map { "found   \($0.host): \($0.kind.rawValue) \($0.name), run \($0.run)" }
            let healed = swept?.healed.map { "healed  \($0)" } ?? []
            let failed = swept?.failed.map { "FAILED  \($0)" } ?? []
            return (found + healed + failed).map { Escaping.visible($0) }.joined(separator: "\n")
        }
        let isClean = leftovers.isEmpty || swept?.failed.isEmpty == true
        return isClean ? .success : .unproven
    }
}

private struct SweepOutput: Encodable {
    var leftovers: [Leftover]
    var swept: Swept?
}

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

struct DrillDiffCommand: Action {
    static let configuration = CommandConfiguration(commandName: "diff", abstract: "What two runs differ in.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The earlier run.")
    var before: String

    @Argument(help: "The later run.")
    var after: String

    func perform(_ console: Console) throws -> ExitStatus {
        let diff = try common.open(console).drills.diff(before, after)
        try console.print(diff) {
            let changes = diff.changes.map { "\($0.what): \($0.before) -> \($0.after)" }
            let findings =
                diff.newFindings.map { "new finding: \($0)" } + diff.goneFindings.map { "gone: \($0)" }
            let lines = changes + findings
            return lines.isEmpty
                ? "no difference" : lines.map { Escaping.visible($0) }.joined(separator: "\n")
        }
        return .success
    }
}

struct DrillRunbookCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "runbook", abstract: "The scenario on paper: what to do, who decides, how it is undone.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var drill: DrillOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let prepared = try drill.prepare(place, console)
        let book = Runbook(prepared.scenario, plan: try place.drills.plan(prepared))
        try console.print(book.markdown)
        return .success
    }
}
