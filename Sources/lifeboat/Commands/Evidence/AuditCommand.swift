// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Ledger
import Operations
import Reporting

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "The report and the signed evidence bundle, into Reports.",
        subcommands: [AuditMakeCommand.self, AuditVerifyCommand.self],
        defaultSubcommand: AuditMakeCommand.self)
}

struct AuditMakeCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Write the report of a period as HTML, Markdown and JSON, and sign it.",
        discussion: """
            Ends with 2 when an objective was missed or a policy is violated, with 5 when something is
            unproven.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var grading: GradingOptions

    @Option(help: "A year such as 2026, a month such as 2026-11, or FROM..TO; without it, the last 365 days.")
    var period: String?

    @Option(help: "en or zh.")
    var lang: ReportLanguage = .en

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let range = try AuditPeriod(period, now: now)
        let (grade, crossReference) = try grading.audited(place)
        let report = try place.auditReport(
            of: range, grade: grade, crossReference: crossReference, language: lang)
        let writer = BundleWriter(workspace: place.workspace)
        let journals = Dictionary(uniqueKeysWithValues: place.drills.journals())
        let bundle = try EvidenceBundle(
            audit: report, journals: journals, others: [Self.ledgerFile],
            allowedSigners: writer.allowedSigners())
        let ledger = BundleWriter.File(path: Self.ledgerFile) { try place.ledger.export($0) }
        let written = try writer.write(
            bundle.files.map { BundleWriter.File(path: $0.path, bytes: $0.bytes) } + [ledger],
            named: "audit-\(range.name)-\(now.compact)", signed: EvidenceBundle.signedFile)
        try place.ledger.append(
            [
                .reportMade(
                    ReportMade(
                        kind: "audit", subject: range.name, file: written.folder, sha256: written.sha256))
            ], at: now)
        try console.print(written) { text(report, written) }
        return status(report)
    }

    private static let ledgerFile = "ledger.jsonl"

    private func text(_ report: AuditReport, _ written: BundleWriter.Written) -> String {
        let services = report.services.map { "  \($0.service): \($0.verdict.rawValue)" }
        let head =
            "report of \(report.services.count) services, \(report.drills.count) drills, "
            + "\(report.ledger.events) events"
        return
            ([head] + services + ["  \(report.findings.count) findings"] + [
                "bundle  \(written.folder)", "read    \(written.folder)/report.html",
                "signed  report.json by \(written.signer)",
            ]).map { Escaping.visible($0) }.joined(separator: "\n")
    }

    private func status(_ report: AuditReport) -> ExitStatus {
        let verdicts = report.services.map(\.verdict)
        let isViolated = report.datasets.flatMap(\.copies.violations).contains(where: \.breaksPolicy)
        if verdicts.contains(.missed) || isViolated { return .partial }
        return verdicts.contains(.unproven) ? .unproven : .success
    }
}

extension Place {
    /// The report of a period as it would be written now; the whole ledger is checked for it.
    func auditReport(
        of range: AuditPeriod, grade: GradeReport, crossReference: CrossReferenceReport? = nil,
        language: ReportLanguage
    ) throws -> AuditReport {
        let now = time.now()
        let reader = HistoryReader(plan: plan, ledger: ledger)
        let datasets = AuditDatasetReader(plan: plan, begin: range.begin, end: range.end, generatedAt: now)
        let end = min(range.end, now)
        let stage = try reader.stage { events in
            AuditSource.wantedRecords(events, plan: plan, begin: range.begin, end: end)
        }
        return AuditSource(
            plan: plan, events: stage,
            datasets: try reader.datasets { datasets.part($0, $1) },
            measures: try reader.measure(from: range.begin, to: end, asking: AuditSource.question),
            chain: try chain(), grade: grade, crossReference: crossReference, evidence: journalEvidence(),
            begin: range.begin, end: range.end, generatedAt: now, language: language,
            toolVersion: Version.text, isLedgerWhole: try ledger.check().isEmpty
        ).report()
    }

    private func chain() throws -> AuditReport.LedgerState {
        let head = try ledger.head()
        let counts = try ledger.counts()
        return AuditReport.LedgerState(
            events: head?.sequence ?? 0, headSequence: head?.sequence, headSha256: head?.sha256,
            firstEventAt: try ledger.event(1)?.recordedAt,
            counts: Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) }))
    }

    /// The journals of runs that are at hand; a run that cannot be read has its place in the report all the same.
    private func journalEvidence() -> [String: DrillEvidence] {
        var found: [String: DrillEvidence] = [:]
        for run in drills.runs() where run.endedAt != nil {
            found[run.run] = try? drills.evidence(of: run.run, toolVersion: Version.text)
        }
        return found
    }
}

extension ReportLanguage: ExpressibleByArgument {}

/// The stretch of time that a report speaks of.
struct AuditPeriod {
    let name: String
    let begin: Moment
    let end: Moment

    init(_ text: String?, now: Moment) throws {
        guard let text else {
            self.init(name: "year", begin: now - .days(365), end: now)
            return
        }
        let ends = text.components(separatedBy: "..")
        guard let first = Self.range(ends[0]), let last = Self.range(ends[ends.count - 1]), ends.count <= 2,
            first.begin < last.end
        else {
            throw ValidationError("'\(text)' is not a period such as 2026, 2026-11 or 2026-01-01..2026-06-30")
        }
        self.init(name: text, begin: first.begin, end: last.end)
    }

    private init(name: String, begin: Moment, end: Moment) {
        self.name = name
        self.begin = begin
        self.end = end
    }

    private static func range(_ text: String) -> (begin: Moment, end: Moment)? {
        let parts = text.split(separator: "-").map(String.init)
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, (1...3).contains(parts.count) else { return nil }
        let padded = text + ["-01-01", "-01", ""][parts.count - 1]
        guard let begin = Moment("\(padded)T00:00:00Z") else { return nil }
        let next: String
        switch parts.count {
        case 1: next = "\(numbers[0] + 1)-01-01"
        case 2:
            let month = numbers[1] % 12 + 1
            next = "\(numbers[0] + numbers[1] / 12)-\(month < 10 ? "0" : "")\(month)-01"
        default: return (begin, begin + .days(1))
        }
        return Moment("\(next)T00:00:00Z").map { (begin, $0) }
    }
}

struct AuditVerifyCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a bundle: every sum, nothing added or missing, the signature.",
        discussion: "Within a workspace its own signers decide; elsewhere the bundle's, and that is said.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The bundle's folder.", completion: .directory)
    var bundle: String

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try? common.findWorkspace()
        let path = URL(fileURLWithPath: bundle).standardizedFileURL.path
        let result = try BundleVerifier.verify(path, workspace: workspace, at: TimeSource.system.now())
        try console.print(result) {
            let faults = result.faults.map { "  ! \(Escaping.visible($0))" }
            let signer = result.signer.map { "signed by \($0)" } ?? "NO GOOD SIGNATURE"
            let known = result.isSignerKnown ? "" : ", known from the bundle alone"
            return
                (["\(path): \(result.isGood ? "good" : "NOT GOOD"), \(result.files) files, \(signer)\(known)"]
                + faults).joined(separator: "\n")
        }
        if !result.isGood { return .failed }
        return result.isSignerKnown ? .success : .warnings
    }
}
