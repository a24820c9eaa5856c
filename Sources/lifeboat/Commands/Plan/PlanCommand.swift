// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct PlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Check and show the plan, and what falls due.",
        subcommands: [
            PlanCheckCommand.self, PlanShowCommand.self, PlanNextCommand.self, PlanSchemaCommand.self,
        ])
}

struct PlanCheckCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Name every mistake with its line, and the promises that cannot be kept.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "A plan file; without one, that of the workspace.", completion: .file())
    var file: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let path = try file ?? common.findWorkspace().planPath(named: common.plan)
        let (_, problems) = try LoadedPlan.read(path)
        let errors = problems.errors.count
        let result = PlanCheckOutput(
            plan: path, errors: errors, warnings: problems.count - errors, problems: problems)
        try console.print(result) {
            let summary =
                problems.isEmpty
                ? "\(path): good" : "\(path): \(errors) errors, \(problems.count - errors) warnings"
            return (problems.map { Escaping.visible($0.line) } + [summary]).joined(separator: "\n")
        }
        return errors > 0 ? .badInput : problems.isEmpty ? .success : .warnings
    }
}

private struct PlanCheckOutput: Encodable {
    var plan: String
    var errors: Int
    var warnings: Int
    var problems: [Problem]
}
