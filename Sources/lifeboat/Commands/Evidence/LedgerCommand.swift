// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Prove that the history is whole, and show it.",
        subcommands: [LedgerCheckCommand.self, LedgerExportCommand.self])
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
