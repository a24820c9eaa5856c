// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Prove that the history is whole, and show it.",
        subcommands: [LedgerCheckCommand.self, LedgerExportCommand.self, LedgerRebuildCommand.self])
}

struct LedgerCheckCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read the whole chain again, compare it with what others remember, say where it is broken.",
        discussion: """
            Manifests in the stores and reports state the ledger's head of their time: a chain that does not
            contain it was rolled back or rewritten. A store that does not answer makes the status 1.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Look at this machine only: the chain and the reports, not the stores.")
    var offline = false

    @Flag(help: "Make the tables that are derived from the events again; the events are only read.")
    var repair = false

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try common.findWorkspace()
        let ledger = try Ledger(path: workspace.ledgerPath)
        let heads = heads(workspace, console)
        let faults = try ledger.check(against: heads.stated)
        let head = try ledger.head()
        let result = LedgerCheckOutput(
            events: head?.sequence ?? 0, headSha256: head?.sha256, faults: faults,
            statedHeads: heads.stated.count, unasked: heads.unasked,
            repaired: repair ? try ledger.repair() : nil)
        try console.print(result) { result.text }
        return !faults.isEmpty ? .failed : heads.unasked.isEmpty ? .success : .warnings
    }

    /// What others remember; a plan or keys that cannot be read leave the stores unasked and stop nothing.
    private func heads(_ workspace: Workspace, _ console: Console) -> HeadCollector.Heads {
        let reports = HeadCollector.reports(in: workspace)
        guard !offline else { return HeadCollector.Heads(stated: reports, unasked: []) }
        do {
            let plan = try common.readPlan(workspace, console).plan
            let collector = HeadCollector(
                workspace: workspace, plan: plan, connector: SiteConnector(plan: plan, workspace: workspace))
            var heads = try collector.collect(supervision: console.supervision)
            heads.stated += reports
            return heads
        } catch {
            return HeadCollector.Heads(
                stated: reports, unasked: ["the stores: \(OperationError(describing: error).detail)"])
        }
    }
}

private struct LedgerCheckOutput: Encodable {
    var events: Int
    var headSha256: String?
    var faults: [LedgerFault]
    var statedHeads: Int
    var unasked: [String]
    var repaired: Ledger.Repair?

    var text: String {
        var lines = faults.map { fault in
            (fault.sequence.map { "event \($0): " } ?? "") + fault.problem
        }
        lines += unasked.map { "not asked: \($0)" }
        if let repaired {
            lines.append(
                "derived tables made again: \(repaired.events) events, \(repaired.subjects) subjects")
        }
        lines.append(
            faults.isEmpty
                ? "whole: \(events) events, \(statedHeads) stated heads agree, head \(headSha256 ?? "none")"
                : "BROKEN: \(faults.count) faults in \(events) events")
        return lines.map { Escaping.visible($0) }.joined(separator: "\n")
    }
}

struct LedgerExportCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print every event as one line of JSON, oldest first.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only this kind of event, such as backup_run; may be given again.")
    var kind: [EventKind] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let ledger = try Ledger(path: try common.findWorkspace().ledgerPath)
        try ledger.forEachRow(of: kind.isEmpty ? nil : Set(kind)) { row in
            try console.print(String(row.line.dropLast()))
        }
        return .success
    }
}

extension EventKind: ExpressibleByArgument {}

struct LedgerRebuildCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Make a new ledger from what the stores know, when the old one is lost.",
        discussion: """
            Takes the newest verified images, adds what the manifests show, opens a chain that names the old
            head, and lists what may be missing. Refused while there is a ledger with events.
            """)

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try common.findWorkspace()
        let loaded = try common.readPlan(workspace, console)
        let result = try LedgerRebuilder(workspace: workspace, plan: loaded.plan)
            .rebuild(supervision: console.supervision)
        try console.print(result) {
            let head =
                result.previousSequence.map { "up to event \($0) of the old ledger" } ?? "no image was found"
            let source = result.source.map { " from \($0)" } ?? ""
            let missing = result.missing.map { "  may be missing: \($0)" }
            return
                (["rebuilt\(source), \(head); \(result.addedPoints.count) points added from manifests"]
                + missing)
                .map { Escaping.visible($0) }.joined(separator: "\n")
        }
        return result.missing.isEmpty ? .success : .warnings
    }
}
