// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import Operations

/// The command line: parse, call, render.
struct Lifeboat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifeboat",
        abstract: "Verified copies, rehearsed disasters, measured recoveries.",
        discussion: ExitStatus.table,
        version: Version.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Workspace:", subcommands: [InitCommand.self, PlanCommand.self, SiteCommand.self]),
            CommandGroup(
                name: "Copies:",
                subcommands: [
                    BackupCommand.self, PointsCommand.self, CopiesCommand.self, VerifyCommand.self,
                    ExpireCommand.self, StoreCommand.self, CanaryCommand.self, KeyCommand.self,
                ]),
            CommandGroup(
                name: "Restore:",
                subcommands: [
                    RestoreCommand.self, ListCommand.self, FindCommand.self, DifferenceCommand.self,
                ]),
            CommandGroup(name: "Drills:", subcommands: [DrillCommand.self]),
            CommandGroup(
                name: "Service:", subcommands: [RunCommand.self, TickCommand.self, DashboardCommand.self]),
            CommandGroup(
                name: "Evidence:",
                subcommands: [
                    StatusCommand.self, MeasureCommand.self, GradeCommand.self,
                    CrossReferenceCommand.self, AuditCommand.self,
                    AttestCommand.self, IncidentCommand.self, ImportCommand.self, RegisterCommand.self,
                    LedgerCommand.self,
                ]),
        ])
}

/// A command that ends with a status of the one table.
protocol Action: ParsableCommand {
    func perform(_ console: Console) throws -> ExitStatus
    /// Whether results are wanted as JSON, so that an error is said that way too.
    var common: CommonOptions { get }
}

extension Action {
    // The parser asks for it; `Main` calls `perform`.
    mutating func run() throws {}
}

@main
enum Main {
    static func main() {
        // A reader that goes away, such as `head`, ends the program when it writes next, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        Interrupt.install()
        let status: ExitStatus
        do {
            var command = try Lifeboat.parseAsRoot()
            guard let action = command as? any Action else {
                try command.run()
                exit(ExitStatus.success.rawValue)
            }
            status = run(action)
        } catch {
            // Help, version, completion scripts and usage errors are the parser's own to print.
            Lifeboat.exit(withError: error)
        }
        // A thread that still waits for a host must not meet what exit(3) takes apart: the ciphers it uses.
        fflush(nil)
        _exit(status.rawValue)
    }

    private static func run(_ action: any Action) -> ExitStatus {
        let console = Console(action.common)
        do {
            let status = try action.perform(console)
            console.endProgress()
            return Interrupt.wasAsked && status != .success ? .interrupted : status
        } catch is ClosedOutput {
            return .success
        } catch {
            console.endProgress()
            return console.report(error)
        }
    }
}
