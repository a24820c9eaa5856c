// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations
import Reporting

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Read in what other programs know: incidents, changes, alerts, pipelines, their backups.",
        discussion: """
            The same record counts once, however often it comes. The file's hash is kept with what was taken,
            what was left out and why; 'import withdraw' takes a whole batch back.
            """,
        subcommands: [
            ImportFileCommand.self, ImportListCommand.self, ImportWithdrawCommand.self,
            ImportFormsCommand.self,
        ],
        defaultSubcommand: ImportFileCommand.self)
}

struct ImportFileCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "file", abstract: "Read in one file; the word 'file' may be left out.",
        discussion: """
            Ends with 1 when records were left out, with 2 when a check of a repository failed.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var rules: ImportRuleOptions
    @OptionGroup var repository: RepositoryOptions

    @Argument(help: "What the file is; 'lifeboat import forms' lists the kinds.")
    var kind: ImportKind

    @Argument(help: "The file; - is standard input.", completion: .file())
    var file: String

    @Option(
        name: .customLong("complete-from"), help: "Nothing of its kind is missing since then.",
        transform: momentArgument)
    var completeFrom: Moment?

    @Option(name: .customLong("complete-to"), help: "Nor until then.", transform: momentArgument)
    var completeTo: Moment?

    @Option(name: .customLong("as"), help: "Who says that it is complete, a person of the plan.")
    var person: String?

    func validate() throws {
        let given = [completeFrom != nil, completeTo != nil, person != nil]
        guard Set(given).count == 1 else {
            throw ValidationError("--complete-from, --complete-to and --as go together")
        }
        if kind.isRepository {
            guard repository.repository != nil else {
                throw ValidationError("'\(kind.rawValue)' needs --repository, its name in the reports")
            }
            guard completeFrom == nil else {
                throw ValidationError("a repository's listing is complete for its own time only")
            }
        } else if repository.isGiven {
            throw ValidationError("'\(kind.rawValue)' comes from no repository of backups")
        }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let desk = ImportDesk(plan: place.plan, ledger: place.ledger)
        let read = try ImportFile.read(file)
        let rules = try rules.rules(zone: place.plan.zone, writtenAt: read.writtenAt)
        let outcome: ImportDesk.Outcome
        if kind.isRepository {
            outcome = try desk.take(
                read, as: kind, of: try repository.value(), rules: rules, at: place.time.now())
        } else {
            var coverage: ImportDesk.Coverage?
            if let completeFrom, let completeTo, let person {
                coverage = ImportDesk.Coverage(from: completeFrom, to: completeTo, person: person)
            }
            outcome = try desk.take(read, as: kind, rules: rules, coverage: coverage, at: place.time.now())
        }
        try console.print(outcome) { Self.text(outcome) }
        if outcome.hasFailedCheck { return .partial }
        return outcome.batch.skippedCount > 0 ? .warnings : .success
    }

    private static func text(_ outcome: ImportDesk.Outcome) -> String {
        let batch = outcome.batch
        let head =
            outcome.isRepeated
            ? "\(batch.id): the same file was taken before; nothing was written"
            : "\(batch.id): \(batch.taken) taken (\(outcome.updated) of them replace what was known), "
                + "\(batch.known) known already, \(batch.skippedCount) left out"
        let skipped = outcome.skipped.prefix(20).map { "  left out: \($0)" }
        let more = outcome.skipped.count > 20 ? ["  and \(outcome.skipped.count - 20) more"] : []
        let lines = [head] + skipped + more + outcome.notes.map { "  note: \($0)" }
        return lines.map { Escaping.visible($0) }.joined(separator: "\n")
    }
}

extension ImportDesk.Outcome {
    fileprivate var hasFailedCheck: Bool { notes.contains { $0.hasPrefix("the check FAILED") } }
}

extension ImportKind: ExpressibleByArgument {}

/// How the words of a file become ours.
struct ImportRuleOptions: ParsableArguments {
    @Option(help: "OURS=THEIRS: the column or key that a field stands in; may be given again.")
    var column: [String] = []

    @Option(help: "FIELD:THEIRS=OURS: what a word of theirs is here, nothing behind '=' for none; again.")
    var word: [String] = []

    @Option(name: .customLong("default"), help: "FIELD=VALUE for records that say nothing of it; again.")
    var defaults: [String] = []

    @Option(help: "The zone of times without an offset; else that of the plan.")
    var zone: String?

    @Option(help: "A branch that counts as main, * at its end for anything; else main and master. Again.")
    var main: [String] = []

    @Option(help: "An environment that is production; else production and prod. Again.")
    var production: [String] = []

    @Option(help: "A workflow or job that deploys, * at its end for anything; again.")
    var deployment: [String] = []

    @Option(help: "A severity of alerts that is important; else critical, important, major and page. Again.")
    var important: [String] = []

    @Option(help: "When a body was received that does not say so: a time, or 'file' for the file's own.")
    var received: String?

    @Option(help: "How long a condition holds before it fires, such as 5m.")
    var hold: String?

    func rules(zone planZone: String, writtenAt: Moment?) throws -> ImportRules {
        var rules = ImportRules()
        for text in column {
            let pair = try Self.pair(text, "OURS=THEIRS")
            rules.columns[pair.0] = pair.1
        }
        for text in word {
            let pair = try Self.pair(text, "FIELD:THEIRS=OURS", splitAtLast: true)
            let parts = pair.0.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("'\(text)' is not FIELD:THEIRS=OURS") }
            rules.words[parts[0], default: [:]][parts[1]] = pair.1
        }
        for text in defaults {
            let pair = try Self.pair(text, "FIELD=VALUE")
            rules.defaults[pair.0] = pair.1
        }
        rules.zone = zone ?? planZone
        guard TimeZone(identifier: rules.zone) != nil else {
            throw ValidationError("there is no zone '\(rules.zone)'")
        }
        if !main.isEmpty { rules.mainBranches = main }
        if !production.isEmpty { rules.productionEnvironments = production }
        if !important.isEmpty { rules.importantSeverities = important }
        rules.deployments = deployment
        if let received {
            rules.receivedAt = received == "file" ? writtenAt : try momentArgument(received)
        }
        if let hold {
            guard let length = Duration(text: hold) else {
                throw ValidationError("'\(hold)' is no length of time such as 90s or 5m")
            }
            rules.hold = length
        }
        return rules
    }

    static func pair(_ text: String, _ form: String, splitAtLast: Bool = false) throws -> (String, String) {
        let place = splitAtLast ? text.lastIndex(of: "=") : text.firstIndex(of: "=")
        guard let place, place != text.startIndex else { throw ValidationError("'\(text)' is not \(form)") }
        return (String(text[..<place]), String(text[text.index(after: place)...]))
    }
}

/// Where the backups of another program lie, and of what they are.
struct RepositoryOptions: ParsableArguments {
    @Option(help: "restic, Borg, pgBackRest: the repository's name in reports, the same for each import.")
    var repository: String?

    @Option(help: "The same: the dataset of the plan that it holds.")
    var dataset: String?

    @Option(help: "The same: the site of the plan where it lies.")
    var site: String?

    @Flag(name: .customLong("append-only"), help: "The same: nobody can remove from it.")
    var isAppendOnly = false

    @Option(help: "The same: only snapshots with host=, path=, tag=, name=, stanza= or repo=; again.")
    var only: [String] = []

    @Option(
        name: .customLong("asked-at"), help: "When the program was asked; else when the file was written.",
        transform: momentArgument)
    var askedAt: Moment?

    var isGiven: Bool {
        repository != nil || dataset != nil || site != nil || isAppendOnly || !only.isEmpty || askedAt != nil
    }

    func value() throws -> ImportDesk.Repository {
        var value = ImportDesk.Repository(name: repository ?? "")
        value.dataset = dataset
        value.site = site
        value.isAppendOnly = isAppendOnly
        value.askedAt = askedAt
        for text in only {
            let pair = try ImportRuleOptions.pair(text, "KEY=VALUE")
            value.only[pair.0] = pair.1
        }
        return value
    }
}
