// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations

struct CanaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "canary", abstract: "Numbered records in the data, which tell later what was lost.",
        subcommands: [CanaryWriteCommand.self])
}

struct CanaryWriteCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "write", abstract: "Write one record into each canary, sync it, then acknowledge it.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "Canaries; without any, all of the plan.")
    var canaries: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let names = canaries.isEmpty ? place.plan.canaries.map(\.id) : canaries
        let writer = CanaryWriter(
            workspace: place.workspace, plan: place.plan, ledger: place.ledger, reach: place.reach)
        let records = try names.map { try writer.write($0) }
        try console.print(CanaryOutput(records: records)) {
            records.isEmpty
                ? "the plan has no canary"
                : records.map { "\($0.canary): record \($0.sequence) acknowledged" }.joined(separator: "\n")
        }
        return .success
    }
}

private struct CanaryOutput: Encodable {
    var records: [CanaryRecord]
}
