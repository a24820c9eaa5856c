// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct DrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Rehearse the disaster: check, plan, run, answer, report.",
        groupedSubcommands: [
            CommandGroup(
                name: "Before:",
                subcommands: [
                    DrillCheckCommand.self, DrillPlanCommand.self, DrillRehearseCommand.self,
                    DrillRunbookCommand.self, DrillApproveCommand.self, DrillCalendarCommand.self,
                    DrillWaiveCommand.self,
                    DrillSchemaCommand.self, DrillImportCommand.self,
                ]),
            CommandGroup(
                name: "The day:",
                subcommands: [
                    DrillStartCommand.self, DrillBoardCommand.self, DrillNextCommand.self,
                    DrillAnswerCommand.self,
                    DrillNoteCommand.self,
                    DrillMarkCommand.self, DrillHoldCommand.self, DrillReleaseCommand.self,
                    DrillPresentCommand.self, DrillRealCommand.self, DrillAbortCommand.self,
                    DrillResumeCommand.self, DrillSweepCommand.self,
                ]),
            CommandGroup(
                name: "After:",
                subcommands: [
                    DrillObserveCommand.self, DrillReportCommand.self, AuditVerifyCommand.self,
                    DrillFindingsCommand.self, DrillDiffCommand.self,
                ]),
        ])
}

struct DrillCheckCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a scenario against the plan and name every mistake with its line.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "A scenario: a file, or a name in Drills.", completion: .file())
    var scenario: String

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try common.findWorkspace()
        let loaded = try common.readPlan(workspace, console)
        let path = try workspace.scenarioPath(named: scenario)
        let (file, problems) = try DrillFile.read(path, plan: loaded.plan)
        let errors = problems.errors.count
        try console.print(DrillCheckOutput(scenario: path, errors: errors, problems: problems)) {
            let summary =
                problems.isEmpty
                ? "\(path): good, \(file?.scenario.steps.count ?? 0) steps"
                : "\(path): \(errors) errors, \(problems.count - errors) warnings"
            return (problems.map { Escaping.visible($0.line) } + [summary]).joined(separator: "\n")
        }
        return file == nil ? .badInput : problems.isEmpty ? .success : .warnings
    }
}

private struct DrillCheckOutput: Encodable {
    var scenario: String
    var errors: Int
    var problems: [Problem]
}

/// A scenario with what goes into its hash.
struct DrillOptions: ParsableArguments {
    @Argument(help: "A scenario: a file, or a name in Drills.", completion: .file())
    var scenario: String

    @Option(help: "A file of answers by step, for a drill that nobody attends.", completion: .file())
    var answers: String?

    @Option(help: "talk, rehearse, sandbox or live, instead of the scenario's own.")
    var mode: DrillMode?

    func prepare(_ place: Place, _ console: Console) throws -> PreparedDrill {
        let path = try place.workspace.scenarioPath(named: scenario)
        let (file, problems) = try DrillFile.read(path, plan: place.plan)
        guard let file else {
            for problem in problems { console.err(problem.line) }
            throw OperationError(
                .badInput, "\(path) has \(problems.errors.count) errors", hint: "see 'lifeboat drill check'")
        }
        return try file.prepared(
            plan: place.loaded, answersPath: answers, mode: mode, toolVersion: Version.text)
    }
}

extension DrillMode: ExpressibleByArgument {}

extension Place {
    var drills: DrillRunner {
        DrillRunner(
            runsFolder: workspace.runsFolder, reach: reach,
            restorer: Restorer(workspace: workspace, plan: plan, ledger: ledger), ledger: ledger)
    }
}

struct DrillPlanCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Resolve everything a drill would do, ask every guard, change nothing."
    )

    @OptionGroup var common: CommonOptions
    @OptionGroup var drill: DrillOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let plan = try place.drills.plan(drill.prepare(place, console))
        try console.print(plan) { plan.text }
        return plan.guards.allSatisfy(\.passed) ? .success : .refused
    }
}

struct DrillApproveCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve exactly this drill: scenario, plan, scripts, answers, program.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var drill: DrillOptions

    @Option(name: .customLong("as"), help: "Who approves, a person of the plan.")
    var person: String

    @Option(help: "In which role of the scenario.")
    var role: String

    @Option(help: "Sign with this private key, an OpenSSH ed25519 file of mode 0600.", completion: .file())
    var key: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let approval = try place.drills.approvals.approve(
            drill.prepare(place, console), as: person, role: role, key: key, at: place.time.now())
        try console.print(approval) {
            "\(approval.sha256) approved by \(approval.person) as \(approval.role), "
                + (approval.signature == nil ? "unauthenticated" : "signed")
                + ", until \(ZonedTime(place.plan).text(approval.expiresAt))"
        }
        return .success
    }
}
