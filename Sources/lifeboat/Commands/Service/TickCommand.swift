// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Ledger
import Operations
import Reporting

struct TickCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "tick", abstract: "One pass over what is due, for cron or a systemd timer.",
        discussion:
            "Canaries, backups, then verification and healing within the budget. Silent when nothing is due.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var care: CareOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let lock = try TickLock.take(place.workspace)
        defer { withExtendedLifetime(lock) {} }
        let done = try place.tick(care, console).perform { Interrupt.wasAsked }
        try console.print(TickOutput(done: done)) { done.map(\.line).joined(separator: "\n") }
        return ExitStatus.worst(of: done.map(\.status) + (Interrupt.wasAsked ? [.interrupted] : []))
    }
}

/// How much a pass may verify.
struct CareOptions: ParsableArguments {
    @Option(
        name: .customLong("verify-bytes"), help: "Verify this much in one pass.", transform: sizeArgument)
    var bytes: Int = 10 << 30

    @Option(
        name: .customLong("verify-time"), help: "Verify for this long in one pass.",
        transform: durationArgument)
    var time: Duration = .minutes(10)
}

private struct TickOutput: Encodable {
    var done: [Tick.Done]
}

extension Tick.Done {
    var line: String { Escaping.visible("\(subject) \(work): \(result.rawValue), \(detail)") }

    var status: ExitStatus {
        switch result {
        case .done: .success
        case .warnings: .warnings
        case .partial, .missed: .partial
        case .failed: .failed
        case .refused: .refused
        }
    }
}

extension Place {
    /// One pass with the real work behind it.
    func tick(_ care: CareOptions, _ console: Console) -> Tick {
        let supervision = console.supervision
        let runner = BackupRunner(workspace: workspace, plan: plan, ledger: ledger)
        let canaries = CanaryWriter(workspace: workspace, plan: plan, ledger: ledger, reach: reach)
        let copies = CopyCare(
            workspace: workspace, plan: plan, ledger: ledger,
            budget: VerificationBudget(bytes: care.bytes, time: care.time))
        return Tick(
            plan: plan, ledger: ledger,
            actions: Tick.Actions(
                settle: { try runner.settle() },
                backup: { dataset, kind in
                    try runner.run(dataset, kind == .full ? .full : .incremental, supervision: supervision)
                },
                canary: { try canaries.write($0) },
                care: { try copies.perform(supervision: supervision) }))
    }
}
