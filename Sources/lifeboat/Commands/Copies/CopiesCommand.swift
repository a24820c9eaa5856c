// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct CopiesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copies",
        abstract: "How many verified copies there are, where, and how many survive each loss.",
        subcommands: [CopiesShowCommand.self, HealCommand.self], defaultSubcommand: CopiesShowCommand.self)
}

struct CopiesShowCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Count the copies that count, against the policy.",
        discussion: """
            A copy counts while its whole chain lies verified in one store. Ends with 2 when the policy is
            not met, with 1 when only a store is behind.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "Datasets; without any, all of the plan.")
    var datasets: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let chosen = try place.plan.chosen(datasets)
        let book = try place.ledger.copyBook(of: chosen.map(\.id))
        let now = place.time.now()
        let all = chosen.map { book.judge($0, in: place.plan, at: now) }
        try console.print(CopiesOutput(judgedAt: now, datasets: all)) {
            all.map { CopiesText(copies: $0, now: now).text }.joined(separator: "\n\n")
        }
        let violations = all.flatMap(\.violations)
        return violations.contains(where: \.breaksPolicy)
            ? .partial : violations.isEmpty ? .success : .warnings
    }
}

private struct CopiesOutput: Encodable {
    var judgedAt: Moment
    var datasets: [DatasetCopies]
}

/// One dataset's copies for a person.
struct CopiesText {
    let copies: DatasetCopies
    let now: Moment

    var text: String {
        ([headline] + stores + losses + violations).map { Escaping.visible($0) }.joined(separator: "\n")
    }

    private var headline: String {
        guard let point = copies.newestPoint else { return "\(copies.dataset): no point" }
        let count = copies.effective.count
        let state = copies.violations.contains(where: \.breaksPolicy) ? "POLICY VIOLATED" : "policy met"
        return
            "\(copies.dataset): \(count) verified whole \(count == 1 ? "copy" : "copies") of \(point), \(state)"
    }

    private var stores: [String] {
        copies.effective.map { copy in
            let notes = [copy.isOffsite ? "off-site" : nil, copy.isAppendOnly ? "append-only" : nil]
                .compactMap { $0 }.map { ", \($0)" }.joined()
            return "  \(copy.store) at \(copy.site)\(notes), proven \((now - copy.verifiedAt).text) ago"
        }
    }

    private var losses: [String] {
        guard copies.newestPoint != nil else { return [] }
        return copies.losses.map { outcome in
            let left = outcome.storesLeft.isEmpty ? "" : " (\(outcome.storesLeft.joined(separator: ", ")))"
            let lost =
                outcome.exposureSeconds.map { "would lose \(Duration(roundedSeconds: $0).text)" }
                ?? "EVERYTHING WOULD BE LOST"
            return "  if \(outcome.loss.text): \(outcome.copiesLeft) left\(left), \(lost)"
        }
    }

    private var violations: [String] {
        copies.violations.flatMap { violation in
            [
                "  \(violation.breaksPolicy ? "violated" : "behind"): \(violation.text)",
                "    repair: \(violation.repair)",
            ]
        }
    }
}

extension Plan {
    /// The datasets named, or all that Lifeboat backs up itself.
    ///
    /// - Throws: `OperationError` with `.unknownName` and a guess, `.refused` when another program backs one up.
    func chosenOwn(_ names: [String]) throws -> [Dataset] {
        guard !names.isEmpty else { return ownDatasets }
        let chosen = try chosen(names)
        for dataset in chosen { try dataset.refuseIfKeptElsewhere() }
        return chosen
    }

    /// The datasets named, or all.
    ///
    /// - Throws: `OperationError` with `.unknownName` and a guess.
    func chosen(_ names: [String]) throws -> [Dataset] {
        guard !names.isEmpty else { return datasets }
        return try names.map { name in
            guard let dataset = dataset(name) else {
                throw OperationError(
                    .unknownName, "the plan has no dataset '\(name)'",
                    hint: Spelling.suggestion(for: name, among: datasets.map(\.id))
                        ?? "it has \(datasets.map(\.id).joined(separator: ", "))")
            }
            return dataset
        }
    }
}
