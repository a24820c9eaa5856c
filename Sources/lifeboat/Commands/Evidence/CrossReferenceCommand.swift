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
                    hint: Spelling.suggestion(for: id, among: Framework.all.map(\.id)))
            }
            return found
        }
        let report = try grading.crossReference(place, chosen.isEmpty ? Framework.all : chosen)
        try console.print(report) { text(report, console.style) }
        return .success
    }

    private func text(_ report: CrossReferenceReport, _ style: TextStyle) -> String {
        let words = CrossReferenceWords(report, language: lang)
        var parts = [words.caution]
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
    /// What the grade of all tables says of the facts that frameworks ask for.
    func crossReference(_ place: Place, _ frameworks: [Framework] = Framework.all) throws
        -> CrossReferenceReport
    {
        let grade = try grade(place, tables: BuiltInModel.model.tables.map(\.number))
        return CrossReferenceReport(
            events: try place.ledger.events(), plan: place.plan, grade: grade,
            parameters: GradeParameters(BuiltInModel.model), frameworks: frameworks)
    }
}
