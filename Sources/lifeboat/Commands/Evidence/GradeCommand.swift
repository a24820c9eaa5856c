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

/// One `--what-if`.
struct SuppositionArgument {
    enum Kind {
        case fact(Supposition)
        case plan(String)
    }

    let kind: Kind
    let text: String

    init(_ argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        let forms = ["attest", "drill", "complete", "plan"]
        guard parts.count == 2 else { throw Self.fault("not one of attest=, drill=, complete= and plan=") }
        text = argument
        switch parts[0] {
        case "attest": kind = .fact(.attestation(criterion: parts[1]))
        case "plan": kind = .plan(parts[1])
        case "complete":
            let all = RegisterClaim.Register.allCases.map(\.rawValue)
            guard let register = RegisterClaim.Register(rawValue: parts[1]) else {
                throw Self.fault("no register '\(parts[1])'", among: all, parts[1])
            }
            kind = .fact(.complete(register))
        case "drill": kind = .fact(.drill(try Self.drill(parts[1])))
        default: throw Self.fault("nothing called '\(parts[0])' can be supposed", among: forms, parts[0])
        }
    }

    private static func fault(_ words: String, among known: [String] = [], _ given: String = "")
        -> ValidationError
    {
        let near = Spelling.suggestion(for: given, among: known)
        let all = known.isEmpty ? nil : "one of \(known.joined(separator: ", "))"
        return ValidationError([words, near ?? all].compactMap { $0 }.joined(separator: "; "))
    }

    /// `full`, `full:files,orders`, `full:files:rto=20m:rpo=1m:hot`.
    private static func drill(_ text: String) throws -> SupposedDrill {
        let words = text.split(separator: ":").map(String.init)
        guard let first = words.first, let exercise = Exercise(rawValue: first) else {
            let kinds = Exercise.allCases.map(\.rawValue)
            throw fault("no kind of drill '\(words.first ?? "")'", among: kinds, words.first ?? "")
        }
        var drill = SupposedDrill(exercise: exercise)
        for word in words.dropFirst() {
            if word == "hot" {
                drill.isHot = true
            } else if word.hasPrefix("rto=") || word.hasPrefix("rpo=") {
                guard let length = Duration(text: String(word.dropFirst(4))) else {
                    throw fault("'\(word)' is not a length of time such as rto=20m")
                }
                if word.hasPrefix("rto=") {
                    drill.recoveryTime = length
                } else {
                    drill.recoveryPoint = length
                }
            } else {
                drill.services = word.split(separator: ",").map(String.init)
            }
        }
        return drill
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

/// The grade as `--json` prints it: its own keys, and what goes with it.
struct GradeOutput: Encodable {
    let report: GradeReport
    let waysUp: [WayUp]
    let difference: GradeDifference?
    let supposed: [String]

    private enum Key: String, CodingKey {
        case waysUp, difference, supposed
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(waysUp, forKey: .waysUp)
        try container.encodeIfPresent(difference, forKey: .difference)
        if !supposed.isEmpty { try container.encode(supposed, forKey: .supposed) }
    }
}

/// A grade for a person: the profile, never one number.
struct GradeText {
    let output: GradeOutput
    let shownWays: Int
    let style: TextStyle
    var say = ReportLanguage.en

    private var report: GradeReport { output.report }
    private var words: GradeWords { GradeWords(say) }

    var text: String {
        let (from, to) = (report.windowBegunAt.text(decimals: 0), report.asOf.text(decimals: 0))
        let profile = report.profile.rawValue
        let head = say(
            "as of \(to), window from \(from), profile \(profile)", "截至 \(to)，窗口自 \(from)，口径 \(profile)")
        let changed = words.changed(report)
        let supposed = output.supposed.map { say("SUPPOSED, not so: ", "仅为假设：") + Escaping.visible($0) }
        return
            ([head] + supposed + changed + report.tables.flatMap(lines) + differences + waysUp)
            .joined(separator: "\n")
    }

    private var waysUp: [String] {
        guard !output.waysUp.isEmpty, shownWays > 0 else { return [] }
        let shown = output.waysUp.prefix(shownWays)
        let title = style.paint(
            say("cheapest ways up, the lowest dimension of each table first", "提级的最省途径，各表最低的维度在先"), .strong)
        return ["", title]
            + shown.flatMap { way in
                [
                    say(
                        "  \(way.dimension): level \(way.from) to \(way.to)"
                            + (way.isLowest ? ", lifts its table" : ""),
                        "  \(way.nameZh)（\(way.dimension)）：\(way.from) 级升至 \(way.to) 级"
                            + (way.isLowest ? "，全表随之提升" : ""))
                ]
                    + way.steps.map { step in
                        Escaping.visible(
                            "    \(words.effort(step.effort))\(say(": ", "："))\(say(step.textEn, step.textZh))  "
                                + "[\(step.criterion)]"
                                + (words.settledBy(step).map { say("; ", "；") + $0 } ?? ""))
                    }
            }
    }

    private var differences: [String] {
        guard let difference = output.difference else { return [] }
        let before = difference.before.text(decimals: 0)
        let what =
            output.supposed.isEmpty
            ? say("since \(before)", "自 \(before) 以来") : say("beside what is so", "与现状相比")
        guard !difference.dimensions.isEmpty else {
            return ["", say("nothing is different \(what)", "\(what)没有变化")]
        }
        return ["", style.paint(say("different \(what)", "\(what)的变化"), .strong)]
            + difference.dimensions.flatMap { change in
                [
                    say(
                        "  \(change.dimension): \(change.verdictBefore) -> \(change.verdictAfter)",
                        "  \(change.nameZh)（\(change.dimension)）："
                            + "\(change.verdictBeforeZh ?? change.verdictBefore) -> "
                            + (change.verdictAfterZh ?? change.verdictAfter))
                ]
                    + change.criteria.map { one in
                        "    "
                            + style.paint(
                                words.direction(one.direction), one.direction == .worse ? .bad : .good)
                            + Escaping.visible(
                                " \(one.criterion): \(say(one.before, one.beforeZh ?? one.before)) -> "
                                    + say(one.after, one.afterZh ?? one.after))
                    }
            }
    }

    private func lines(of table: TableGrade) -> [String] {
        var lines = [
            "",
            style.paint(
                say("table \(table.table), \(table.nameEn)", "表 \(table.table)，\(table.nameZh)"), .strong)
                + say(": ", "：") + words.table(table),
        ]
        for dimension in table.dimensions {
            lines.append(
                say(
                    "  \(dimension.nameEn): \(dimension.verdictEn)",
                    "  \(dimension.nameZh)：\(dimension.verdictZh)")
                    + (words.withWaivers(dimension).map { say("; ", "；") + $0 } ?? ""))
            if let reason = dimension.outOfScope {
                lines.append(say("    out of scope: ", "    不在范围内：") + Escaping.visible(reason))
            }
            lines += dimension.blockers.prefix(4).compactMap { dimension.criterion($0) }.flatMap(self.lines)
            let more = dimension.blockers.count - 4
            if more > 0 { lines.append(say("    and \(more) more", "    另有 \(more) 项")) }
        }
        return lines
    }

    private func lines(of criterion: CriterionResult) -> [String] {
        let tone: Tone = criterion.effective == .notMet ? .bad : .doubtful
        let value = words.value(criterion).map { say(": ", "：") + $0 } ?? ""
        let bar = words.bar(criterion).map { say(", asked \($0)", "，要求\($0)") } ?? ""
        var lines = [
            say("    level \(criterion.level) ", "    \(criterion.level) 级 ")
                + style.paint(say(criterion.wordsEn, criterion.wordsZh), tone)
                + Escaping.visible(
                    "  \(say(criterion.textEn, criterion.textZh))\(value)\(bar)  [\(criterion.id)]")
        ]
        lines += criterion.offenders.prefix(3).map { Escaping.visible("      \($0.member): \($0.detail)") }
        lines += words.notes(criterion).map { Escaping.visible("      \($0)") }
        if let settled = words.settledBy(criterion) {
            lines.append(say("      settled by: ", "      解决办法：") + Escaping.visible(settled))
        }
        return lines
    }
}
