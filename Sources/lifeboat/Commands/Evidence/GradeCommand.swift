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
            Tables 14 to 16 and those in the workspace's Models folder; others with --table.
            --what-if may be given again, and each is supposed beside the others:
              attest=CRITERION             somebody entitled to it attests it
              drill=full:files,orders      a drill is held and reported; :rto=20m :rpo=1m :hot may follow
              complete=incidents           a register is declared complete for the window
              plan=FILE                    the plan were this one
            Ends with 5 while a dimension is not confirmed as far as it is possible, with 2 when something is
            not met.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var grading: GradingOptions

    @Option(help: "Only this table; may be given again.")
    var table: [Int] = []

    @Flag(help: "All tables.")
    var all = false

    @Option(
        name: .customLong("what-if"), help: "Suppose something, and say what would be different.",
        transform: SuppositionArgument.init)
    var whatIf: [SuppositionArgument] = []

    @Option(help: "Say what is different from this earlier time.", transform: momentOrDayArgument)
    var since: Moment?

    @Option(help: "How many of the cheapest ways up to print.")
    var ways: Int = 5

    @Option(help: "en or zh.")
    var lang: ReportLanguage = .en

    func validate() throws {
        if !whatIf.isEmpty, since != nil { throw ValidationError("give --what-if or --since, not both") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let grader = try grading.grader(place, tables: all ? Array(1...23) : table)
        let now = grading.at ?? place.time.now()
        var report = try grader.grade(at: now)
        var difference: GradeDifference?
        if !whatIf.isEmpty {
            let supposed = try grader.grade(
                at: now, plan: supposedPlan(place, console), supposing: suppositions)
            difference = GradeDifference(from: report, to: supposed)
            report = supposed
        } else if let since {
            guard since < now else {
                throw OperationError(.unknownName, "--since must lie before the grade's own time")
            }
            difference = GradeDifference(from: try grader.grade(at: since), to: report)
        }
        let ways = WaysUp.ways(in: report, model: grader.model)
        let output = GradeOutput(
            report: report, waysUp: ways, difference: difference, supposed: whatIf.map(\.text))
        try console.print(output) {
            GradeText(output: output, shownWays: self.ways, style: console.style, say: lang).text
        }
        let dimensions = report.tables.flatMap(\.dimensions).filter { $0.outOfScope == nil }
        let failed = dimensions.flatMap(\.criteria).contains { $0.state == .notMet && $0.kind != .descriptor }
        if failed { return .partial }
        return dimensions.contains { $0.confirmed < $0.possible } ? .unproven : .success
    }

    private var suppositions: [Supposition] {
        whatIf.compactMap { if case .fact(let supposition) = $0.kind { supposition } else { nil } }
    }

    private func supposedPlan(_ place: Place, _ console: Console) throws -> Plan? {
        let files = whatIf.compactMap { argument -> String? in
            if case .plan(let file) = argument.kind { file } else { nil }
        }
        guard let file = files.last else { return nil }
        let (loaded, problems) = try LoadedPlan.read(file)
        guard let loaded, problems.errors.isEmpty else {
            for problem in problems.errors { console.err(problem.line) }
            throw OperationError(.badInput, "\(file) has \(problems.errors.count) errors")
        }
        return loaded.plan
    }
}

/// How a grade is taken.
struct GradingOptions: ParsableArguments {
    @Option(help: "As it was at this time.", transform: momentOrDayArgument)
    var at: Moment?

    @Flag(help: "Tell levels apart that the standard words alike, by this tool's additions.")
    var strict = false

    @Option(help: "Another value for a parameter, such as window=180d; may be given again, and is printed.")
    var set: [String] = []

    /// `tables`: those to grade; empty for those of section 6 and the user's own.
    func grader(_ place: Place, tables: [Int] = []) throws -> Grader {
        let own = try WorkspaceModel(place.workspace)
        var parameters = GradeParameters(own.model)
        for text in set {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("--set \(text): not NAME=VALUE, such as window=180d")
            }
            do {
                try parameters.set(parts[0], parts[1])
            } catch {
                throw OperationError(.unknownName, error.message, hint: error.hint)
            }
        }
        let wanted = tables.isEmpty ? [14, 15, 16] + own.ownTables : tables
        if let missing = wanted.first(where: { number in own.model.table(number) == nil }) {
            throw OperationError(
                .unknownName, "there is no table \(missing)",
                hint: "the tables are 1 to 23, and your own in \(place.workspace.modelsFolder)")
        }
        return Grader(
            place: place, model: own.model.only(tables: Set(wanted)), parameters: parameters,
            profile: strict ? .strict : .literal, sha256: own.sha256)
    }

    func grade(_ place: Place, tables: [Int] = []) throws -> GradeReport {
        try grader(place, tables: tables).grade(at: at ?? place.time.now())
    }

    struct Grader {
        let place: Place
        let model: MaturityModel
        let parameters: GradeParameters
        let profile: GradeProfile
        let sha256: String

        func grade(at moment: Moment, plan: Plan? = nil, supposing: [Supposition] = []) throws -> GradeReport
        {
            do {
                return try HistoryReader(plan: plan ?? place.plan, ledger: place.ledger).grade(
                    model: model, parameters: parameters, profile: profile, asOf: moment, modelSha256: sha256,
                    supposing: supposing)
            } catch let error as ModelError {
                throw OperationError(.unknownName, error.message, hint: error.hint)
            }
        }
    }
}
