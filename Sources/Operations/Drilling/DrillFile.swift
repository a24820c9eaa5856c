// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation

/// A scenario as it was read from its file, with the bytes of everything that it runs.
///
/// Scenario and scripts are code: those that others may write to are refused.
package struct DrillFile: Sendable {
    package let path: String
    package let scenario: Scenario
    package let bytes: [UInt8]
    /// By the path in the scenario.
    package let scripts: [String: [UInt8]]
    package let problems: [Problem]

    /// Reads and checks a scenario against its plan.
    ///
    /// - Returns: the file, or `nil` with the problems that make it unusable.
    /// - Throws: `OperationError` with `.badInput` naming file and line when it is no YAML, `.noSuchFile`, or
    ///   `.permissionDenied` when others may write to it.
    package static func read(_ path: String, plan: Plan) throws -> (file: DrillFile?, problems: [Problem]) {
        let node = try DocumentLoader.load(path)
        let called = try CalledFiles(of: node) { try part($0, beside: path) }
        var (scenario, problems) = Scenario.decode(node, plan: plan, parts: called.nodes)
        let bytes = [UInt8](FileManager.default.contents(atPath: path) ?? Data())
        guard let scenario else { return (nil, problems) }
        var scripts = called.bytes
        for (name, line) in scenario.scriptPaths {
            do {
                scripts[name] = try script(name, beside: path)
            } catch let error as OperationError {
                problems.append(
                    Problem(
                        at: Place(file: path, line: line), key: "script", error.detail, hint: error.hint))
            }
        }
        guard problems.errors.isEmpty else { return (nil, problems) }
        return (
            DrillFile(path: path, scenario: scenario, bytes: bytes, scripts: scripts, problems: problems),
            problems
        )
    }

    /// A called file's bytes; `nil` when there is none, which the step that calls it complains of.
    private static func part(_ name: String, beside path: String) throws -> [UInt8]? {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard Workspace.isFile(Workspace.absolute(name, from: folder)) else { return nil }
        return try script(name, beside: path)
    }

    private static func script(_ name: String, beside path: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let file = Workspace.absolute(name, from: folder)
        guard Workspace.isFile(file) else {
            throw OperationError(
                .noSuchFile, "there is no script \(name)", hint: "it is looked for at \(file)")
        }
        try DocumentLoader.refuseForeignWriters(file)
        return [UInt8](FileManager.default.contents(atPath: file) ?? Data())
    }

    /// The drill with everything that enters its hash.
    ///
    /// `answersPath`: a file of answers by step, for a drill that nobody attends.
    /// `mode`: another mode than the scenario's own.
    package func prepared(
        plan: LoadedPlan, answersPath: String? = nil, mode: DrillMode? = nil, toolVersion: String
    ) throws -> PreparedDrill {
        let own = scenario
        let answers = try answersPath.map { try Self.answers($0, scenario: own) }
        var scenario = own
        if let mode { scenario.mode = mode }
        return PreparedDrill(
            scenario: scenario, plan: plan.plan, scenarioBytes: bytes,
            planBytes: [UInt8](FileManager.default.contents(atPath: plan.path) ?? Data()), scripts: scripts,
            answers: answers?.answers ?? [:], answersBytes: answers?.bytes ?? [], toolVersion: toolVersion)
    }

    /// Reads an answers file: step, then answer.
    static func answers(_ path: String, scenario: Scenario) throws -> (
        answers: [String: String], bytes: [UInt8]
    ) {
        let list = ProblemList()
        let fields = Fields(try DocumentLoader.load(path), path: "", list: list)
        let steps = scenario.steps.filter { step in
            if case .inject = step.verb { return scenario.pace?.driver != nil }
            return step.question != nil || step.isApproval
        }.map(\.id)
        var answers: [String: String] = [:]
        for entry in fields.entries {
            guard let answer = fields.text(entry.key) else { continue }
            answers[entry.key] = answer
            if !steps.contains(entry.key) {
                list.add(
                    Problem(
                        at: entry.place, key: entry.key, "no step of \(scenario.id) asks this",
                        hint: Spelling.suggestion(for: entry.key, among: steps)))
            } else if let choices = scenario.step(entry.key)?.question?.choices, !choices.isEmpty,
                !choices.contains(where: { $0.id == answer })
            {
                fields.complain(
                    entry.key, "'\(answer)' is none of \(choices.map(\.id).joined(separator: ", "))")
            }
        }
        if let first = list.problems.first {
            throw OperationError(.badInput, "\(first)", hint: first.hint)
        }
        return (answers, [UInt8](FileManager.default.contents(atPath: path) ?? Data()))
    }
}

/// The files that a scenario calls, and those that they call.
struct CalledFiles {
    /// By the path from the scenario.
    private(set) var nodes: [String: Continuity.Node] = [:]
    private(set) var bytes: [String: [UInt8]] = [:]

    /// - Parameters:
    ///   - scenario: the file that calls.
    ///   - read: gives a file's bytes, or `nil` when there is none.
    /// - Throws: `OperationError` with `.badInput` for a file that is no YAML, or that calls itself.
    init(of scenario: Continuity.Node, _ read: (String) throws -> [UInt8]?) throws {
        try add(scenario.calledFiles, inside: [], read)
    }

    private mutating func add(
        _ files: [String], inside callers: [String], _ read: (String) throws -> [UInt8]?
    )
        throws
    {
        for file in files {
            guard !callers.contains(file) else {
                throw OperationError(.badInput, "\(file) calls itself, by \(callers.joined(separator: ", "))")
            }
            guard nodes[file] == nil, let content = try read(file) else { continue }
            let node = try DocumentLoader.parse(String(decoding: content, as: UTF8.self), file: file)
            nodes[file] = node
            bytes[file] = content
            let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
            try add(node.calledFiles.map { folder + $0 }, inside: callers + [file], read)
        }
    }
}

extension Scenario {
    /// The scripts that it names, each with the line of the first step that does.
    package var scriptPaths: [(path: String, line: Int)] {
        var found: [(path: String, line: Int)] = []
        func add(_ path: String, _ step: Step) {
            if !found.contains(where: { $0.path == path }) { found.append((path, step.line)) }
        }
        for step in steps {
            if case .script(let path, _) = step.verb { add(path, step) }
            if case .restore(let restore) = step.verb,
                case .script(let path, _)? = restore.acceptance?.question
            {
                add(path, step)
            }
            if case .script(let path, _, _, _)? = step.undo { add(path, step) }
            if case .fault(let fault) = step.verb, case .script(let path, _) = fault.heal { add(path, step) }
        }
        return found
    }
}

extension Step {
    var isApproval: Bool {
        if case .approve = verb { true } else { onFail != nil }
    }
}

extension PreparedDrill {
    /// The drill of a run, from the copies that were kept when it was opened.
    ///
    /// - Throws: `OperationError` when there is no such run or its copies are gone.
    package static func ofRun(_ run: String, runsFolder: String, toolVersion: String) throws -> PreparedDrill
    {
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        guard folder.exists else {
            throw OperationError(.unknownName, "there is no run \(run)", hint: "runs lie in \(runsFolder)")
        }
        let (plan, planProblems) = Plan.decode(try DocumentLoader.load(folder.planPath))
        guard let plan else { throw unusable(planProblems) }
        let node = try DocumentLoader.load(folder.scenarioPath)
        let called = try CalledFiles(of: node) { try folder.bytes(folder.scriptPath($0)) }
        let (scenario, problems) = Scenario.decode(node, plan: plan, parts: called.nodes)
        guard var scenario else { throw unusable(problems) }
        let opened = try folder.opening()
        scenario.mode = opened.mode
        var scripts = called.bytes
        for (path, _) in scenario.scriptPaths {
            scripts[path] = try folder.bytes(folder.scriptPath(path))
        }
        let answersBytes = try folder.bytes(folder.answersPath)
        let answers =
            answersBytes.isEmpty ? [:] : try DrillFile.answers(folder.answersPath, scenario: scenario).answers
        return PreparedDrill(
            scenario: scenario, plan: plan, scenarioBytes: try folder.bytes(folder.scenarioPath),
            planBytes: try folder.bytes(folder.planPath), scripts: scripts, answers: answers,
            answersBytes: answersBytes, toolVersion: toolVersion)
    }

    private static func unusable(_ problems: [Problem]) -> OperationError {
        OperationError(
            .damaged, "the copies of this run cannot be read: \(problems.errors.first?.description ?? "")")
    }
}
