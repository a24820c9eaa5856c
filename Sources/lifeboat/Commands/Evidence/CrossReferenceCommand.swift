// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct CrossReferenceCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "crossref",
        abstract:
            "Which measured fact serves which control: GB/T 20988, ISO 22301, NIST, SOC 2, DORA and others.",
        discussion:
            "A fact serves a control and does not fulfil it; each framework's caution is printed with it.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var grading: GradingOptions

    @Option(
        help: ArgumentHelp(
            "Only this one, may be given again: \(Framework.all.map(\.id).joined(separator: ", "))."))
    var framework: [String] = []

    @Option(help: "en or zh.")
    var lang: ReportLanguage = .en

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let chosen = try framework.map { id in
            guard let found = Framework.named(id) else {
                throw OperationError(
                    .unknownName, "there is no framework '\(id)'",
                    hint: Spelling.suggestion(for: id, among: Framework.all.map(\.id))
                        ?? "one of \(Framework.all.map(\.id).joined(separator: ", "))")
            }
            return found
        }
        let report = try grading.crossReference(place, chosen.isEmpty ? Framework.all : chosen)
        try console.print(report) { text(report, console.style) }
        return .success
    }

    private func text(_ report: CrossReferenceReport, _ style: TextStyle) -> String {
        let words = CrossReferenceWords(report, language: lang)
        var parts = [words.caution] + words.changed
        parts.append(style.paint(words.ruleTitle, .strong))
        parts.append(Self.table(words.ruleHeads, words.ruleRows, style))
        parts.append(style.paint(words.recoveryTitle, .strong))
        parts.append(Self.table(words.recoveryHeads, words.recoveryRows, style))
        for framework in report.frameworks {
            parts.append(style.paint(words.name(framework), .strong))
            parts.append(words.caution(framework))
            parts.append(Self.table(words.controlHeads, words.rows(framework), style))
        }
        return parts.joined(separator: "\n\n")
    }

    private static func table(_ heads: [String], _ rows: [[String]], _ style: TextStyle) -> String {
        var table = Table(heads.map { Table.Column($0) })
        for row in rows { table.add(row.map { Table.Cell($0) }) }
        return table.text(style)
    }
}

extension GradingOptions {
    /// What the grade says of the facts that frameworks ask for, in the way the options say; only the tables that
    /// they ask for are graded.
    func crossReference(_ place: Place, _ frameworks: [Framework] = Framework.all) throws
        -> CrossReferenceReport
    {
        let tables = CrossReferenceReport.tables(of: frameworks, in: BuiltInModel.model)
        return try read(grader(place, tables: tables), place, frameworks).crossReference
    }

    /// The grade of the tables that an audit shows, and the cross-reference, from one reading of the history.
    func audited(_ place: Place) throws -> (grade: GradeReport, crossReference: CrossReferenceReport) {
        let shown = try grader(place).model.tables.map(\.number)
        let asked = CrossReferenceReport.tables(of: Framework.all, in: BuiltInModel.model)
        var found = try read(grader(place, tables: shown + asked), place, Framework.all)
        found.grade.tables.removeAll { !shown.contains($0.table) }
        return found
    }

    private func read(_ grader: Grader, _ place: Place, _ frameworks: [Framework]) throws -> (
        grade: GradeReport, crossReference: CrossReferenceReport
    ) {
        try HistoryReader(plan: place.plan, ledger: place.ledger).crossReference(
            model: grader.model, parameters: grader.parameters, profile: grader.profile,
            asOf: at ?? place.time.now(), modelSha256: grader.sha256, frameworks: frameworks)
    }
}
