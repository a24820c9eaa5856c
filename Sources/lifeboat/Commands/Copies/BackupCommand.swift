// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct BackupCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back up now: read once, write to every store, prove, sign.",
        discussion: """
            Without --full or --incremental each dataset is read in full when there is nothing to build on
            or its schedule says so, else only what has changed. Ends with the worst outcome's status: 0
            complete, 1 complete with changes or a store behind, 2 partial or too few copies, 3 failed,
            4 refused by a gate.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Read everything.")
    var full = false

    @Flag(help: "Read what has changed.")
    var incremental = false

    @Argument(help: "Datasets; without any, all of the plan.")
    var datasets: [String] = []

    func validate() throws {
        if full && incremental { throw ValidationError("--full and --incremental exclude each other") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let request: BackupRequest = full ? .full : incremental ? .incremental : .automatic
        let runner = BackupRunner(workspace: place.workspace, plan: place.plan, ledger: place.ledger)
        var runs: [BackupRun] = []
        var statuses: [ExitStatus] = []
        let chosen = try place.plan.chosenOwn(datasets)
        if chosen.isEmpty {
            console.warn(
                "Lifeboat itself backs up no dataset of this plan",
                hint: "what another program keeps is read in by 'lifeboat import'")
        }
        for dataset in chosen where !Interrupt.wasAsked {
            let run = try runner.run(dataset.id, request, supervision: console.supervision)
            runs.append(run)
            statuses.append(ExitStatus(run.standing(atLeast: dataset.copies.atLeast)))
            if !console.wantsJSON { try console.print(BackupText(run: run).text) }
        }
        if console.wantsJSON { try console.print(BackupOutput(runs: runs)) { "" } }
        return ExitStatus.worst(of: statuses + (Interrupt.wasAsked ? [.interrupted] : []))
    }
}

private struct BackupOutput: Encodable {
    var runs: [BackupRun]
}

extension ExitStatus {
    /// The status of archive.md, "Outcomes".
    init(_ standing: BackupRun.Standing) {
        self =
            switch standing {
            case .good: .success
            case .warnings: .warnings
            case .partial: .partial
            case .failed: .failed
            case .refused: .refused
            }
    }
}

/// One run for a person.
struct BackupText {
    let run: BackupRun

    var text: String {
        var lines = ["\(run.dataset): \(run.kind.rawValue) backup \(run.outcome.rawValue)" + summary]
        if let point = run.point { lines.append("  point \(point)") }
        lines += run.stores.map { store in
            "  \(store.store): \(store.state.rawValue)" + (store.detail.map { ", \($0)" } ?? "")
        }
        if let detail = run.detail { lines.append("  \(detail)") }
        if let trouble = run.hookTrouble { lines.append("  \(trouble)") }
        lines += run.findings.prefix(10).map { "  ! \($0)" }
        if run.findings.count > 10 { lines.append("  ! and \(run.findings.count - 10) more") }
        return lines.map { Escaping.visible($0) }.joined(separator: "\n")
    }

    private var summary: String {
        guard run.point != nil else { return "" }
        let counts = run.counts
        let took = run.endedAt - run.begunAt
        return ", \(counts.files) files of \(counts.totalFiles), \(ByteText.of(counts.bytesRead)) read, "
            + "\(ByteText.of(counts.bytesStored)) stored, +\(counts.added) ~\(counts.changed) -\(counts.deleted), "
            + took.text
    }
}
