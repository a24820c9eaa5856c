// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations
import Reporting

struct DrillSchemaCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of scenarios, for editors that complete them.",
        discussion: """
            Made from the reader itself, so it takes what the reader takes. In an editor with the YAML language
            server: '# yaml-language-server: $schema=FILE' in the scenario's first line.
            """)

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        try console.print(DocumentSchema.scenario.trimmingCharacters(in: .newlines))
        return .success
    }
}

struct PlanSchemaCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of plans, for editors that complete them.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        try console.print(DocumentSchema.plan.trimmingCharacters(in: .newlines))
        return .success
    }
}

struct DrillImportCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a scenario of a Chaos Toolkit experiment.",
        discussion: """
            The steady state becomes probes that are waited for before and after the method, the method becomes
            steps, and the rollbacks become undos that are registered before anything is done. What has no
            counterpart is named at the head of the scenario and on standard error. Ends with 1 when something
            could not be translated.
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The experiment, in JSON or YAML.", completion: .file())
    var experiment: String

    @Option(help: "The host of the plan at which its processes run.")
    var host: String

    @Option(help: "The host its probes ask from; the same when it is not said.")
    var from: String?

    @Option(help: "The service of the plan that it is about.")
    var service: String?

    @Option(name: [.short, .long], help: "The scenario's file; else it is printed.", completion: .file())
    var output: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let workspace = try common.findWorkspace()
        let loaded = try common.readPlan(workspace, console)
        let translation = try ChaosImport.translate(
            experiment, choices: .init(host: host, prober: from ?? host, service: service))
        for line in translation.left { console.err("not translated: \(Escaping.visible(line))") }
        for problem in try ChaosImport.problems(of: translation, plan: loaded.plan) {
            console.err(Escaping.visible(problem.line))
        }
        if let output {
            try ChaosImport.write(translation, to: output)
        } else {
            try console.print(translation.yaml.trimmingCharacters(in: .newlines))
        }
        return translation.left.isEmpty ? .success : .warnings
    }
}
