// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct GradeCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "grade", abstract: "The level of each dimension, and what blocks the next one.",
        discussion: """
            Levels go from what is confirmed to what nothing speaks against; unknown is never counted as met.
            Ends with 5 while a dimension is not confirmed as far as it is possible, with 2 when something is
            not met.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var grading: GradingOptions

    @Option(help: "Only this table of the standard; may be given again.")
    var table: [Int] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let report = try grading.grade(place, tables: table)
        try console.print(report) { GradeText(report: report, style: console.style).text }
        let dimensions = report.tables.flatMap(\.dimensions).filter { $0.outOfScope == nil }
        let failed = dimensions.flatMap(\.criteria).contains { $0.state == .notMet && $0.kind != .descriptor }
        if failed { return .partial }
        return dimensions.contains { $0.confirmed < $0.possible } ? .unproven : .success
    }
}

/// How a grade is taken.
struct GradingOptions: ParsableArguments {
    @Option(help: "As it was at this time.", transform: momentArgument)
    var at: Moment?

    @Flag(help: "Tell levels apart that the standard words alike, by this tool's additions.")
    var strict = false

    @Option(help: "Another value for a parameter, such as window=180d; may be given again, and is printed.")
    var set: [String] = []

    /// `tables`: those to grade; empty for continuity management, table 14, and its two
    /// neighbours in section 6.
    func grade(_ place: Place, tables: [Int] = []) throws -> GradeReport {
        let model = BuiltInModel.model
        var parameters = GradeParameters(model)
        for text in set {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("'\(text)' is not NAME=VALUE") }
            do {
                try parameters.set(parts[0], parts[1])
            } catch {
                throw OperationError(.unknownName, error.message, hint: error.hint)
            }
        }
        var report = Grading.grade(
            events: try place.ledger.events(), plan: place.plan, model: model, parameters: parameters,
            profile: strict ? .strict : .literal, asOf: at ?? place.time.now(),
            modelSha256: ModelDigest.builtIn)
        let wanted = tables.isEmpty ? [14] : tables
        if let missing = wanted.first(where: { number in report.table(number) == nil }) {
            throw OperationError(.unknownName, "there is no table \(missing)", hint: "the tables are 1 to 23")
        }
        report.tables = report.tables.filter { wanted.contains($0.table) }
        return report
    }
}

/// A grade for a person: the profile, never one number.
struct GradeText {
    let report: GradeReport
    let style: TextStyle

    var text: String {
        let head =
            "as of \(report.asOf.text(decimals: 0)), window from \(report.windowBegunAt.text(decimals: 0)), "
            + "profile \(report.profile.rawValue)"
        let changed = report.changedParameters.map {
            "parameter \($0.name) is \($0.value), by default \($0.defaultValue)"
        }
        return ([head] + changed + report.tables.flatMap(lines)).joined(separator: "\n")
    }

    private func lines(of table: TableGrade) -> [String] {
        var lines = ["", style.paint("table \(table.table), \(table.nameEn)", .strong)]
        for dimension in table.dimensions {
            lines.append("  \(dimension.nameEn): \(dimension.verdictEn)")
            if let reason = dimension.outOfScope {
                lines.append("    out of scope: \(Escaping.visible(reason))")
            }
            lines += dimension.blockers.prefix(4).compactMap { dimension.criterion($0) }.flatMap(self.lines)
            if dimension.blockers.count > 4 { lines.append("    and \(dimension.blockers.count - 4) more") }
        }
        return lines
    }

    private func lines(of criterion: CriterionResult) -> [String] {
        let tone: Tone = criterion.effective == .notMet ? .bad : .doubtful
        let value = criterion.value.map { ": \($0)" } ?? ""
        let bar = criterion.bar.map { ", asked \($0)" } ?? ""
        var lines = [
            "    level \(criterion.level) " + style.paint(criterion.wordsEn, tone)
                + Escaping.visible("  \(criterion.textEn)\(value)\(bar)  [\(criterion.id)]")
        ]
        lines += criterion.offenders.prefix(3).map { Escaping.visible("      \($0.member): \($0.detail)") }
        if let settled = criterion.settledBy {
            lines.append(Escaping.visible("      settled by: \(settled)"))
        }
        return lines
    }
}
