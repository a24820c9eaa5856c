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

    /// The name itself, or with a number behind it: a run may be reported twice in a second.
    private func freeName(_ name: String) -> String {
        let names = [name] + (2...99).map { "\(name)-\($0)" }
        return names.first {
            !FileManager.default.fileExists(atPath: "\(place.workspace.reportsFolder)/\($0)")
        } ?? name
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
            named: freeName("drill-\(run)-\(place.time.now().compact)"), signed: EvidenceBundle.signedFile)
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
        let searches = try hosts.map { try sweeper.search($0) }
        let (leftovers, unread) = (searches.flatMap(\.leftovers), searches.flatMap(\.unread))
        let swept = dryRun ? nil : try sweeper.heal(leftovers)
        try console.print(SweepOutput(leftovers: leftovers, unread: unread, swept: swept)) {
            guard !leftovers.isEmpty || !unread.isEmpty else {
                return "nothing is left at \(hosts.joined(separator: ", "))"
            }
            let found = leftovers.map { "found   \($0.host): \($0.kind.rawValue) \($0.name), run \($0.run)" }
            let healed = swept?.healed.map { "healed  \($0)" } ?? []
            let failed = swept?.failed.map { "FAILED  \($0)" } ?? []
            let hidden = unread.map { "UNREAD  \($0)" }
            return (found + healed + failed + hidden).map { Escaping.visible($0) }.joined(separator: "\n")
        }
        let isClean = unread.isEmpty && (leftovers.isEmpty || swept?.failed.isEmpty == true)
        return isClean ? .success : .unproven
    }
}

private struct SweepOutput: Encodable {
    var leftovers: [Leftover]
    /// What could not be looked into.
    var unread: [String]
    var swept: Swept?
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
