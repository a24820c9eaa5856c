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
        commandName: "check", abstract: "Read the whole chain again and say where it is broken.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try common.findWorkspace()
        let ledger = try Ledger(path: workspace.ledgerPath)
        let faults = try ledger.check()
        let head = try ledger.head()
        let result = LedgerCheckOutput(events: head?.sequence ?? 0, headSha256: head?.sha256, faults: faults)
        try console.print(result) {
            let lines = faults.map { fault in
                (fault.sequence.map { "event \($0): " } ?? "") + fault.problem
            }
            let summary =
                faults.isEmpty
                ? "whole: \(result.events) events, head \(head?.sha256 ?? "none")"
                : "BROKEN: \(faults.count) faults in \(result.events) events"
            return (lines + [summary]).joined(separator: "\n")
        }
        return faults.isEmpty ? .success : .failed
    }
}

private struct LedgerCheckOutput: Encodable {
    var events: Int
    var headSha256: String?
    var faults: [LedgerFault]
}

struct LedgerExportCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print every event as one line of JSON, oldest first.")

    @OptionGroup var common: CommonOptions

    @Option(help: "Only this kind of event, such as backup_run; may be given again.")
    var kind: [EventKind] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let ledger = try Ledger(path: try common.findWorkspace().ledgerPath)
        try ledger.forEach(of: kind.isEmpty ? nil : Set(kind)) { event in
            let line = try CanonicalJSON.encode(EventLine(event))
            try console.print(String(decoding: line, as: UTF8.self))
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
