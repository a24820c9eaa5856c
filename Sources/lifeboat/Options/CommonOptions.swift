// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Ledger
import Operations

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: "The workspace; else LIFEBOAT_WORKSPACE, else the nearest one upwards from here.",
        completion: .directory)
    var workspace: String?

    @Option(name: .long, help: "The plan, where the workspace has several.", completion: .file())
    var plan: String?

    @Flag(name: .long, help: "Print results as JSON.")
    var json = false

    @Flag(name: [.short, .long], help: "Say nothing but results and errors.")
    var quiet = false
}

/// The workspace a command works in, with its plan and ledger.
struct Place {
    let workspace: Workspace
    let loaded: LoadedPlan
    let ledger: Ledger
    let connector: SiteConnector

    init(workspace: Workspace, loaded: LoadedPlan, ledger: Ledger) {
        self.workspace = workspace
        self.loaded = loaded
        self.ledger = ledger
        connector = SiteConnector(plan: loaded.plan, workspace: workspace)
    }

    var plan: Plan { loaded.plan }
    var time: TimeSource { .system }
    var reach: any HostReaching { connector.reach }
}

extension Place {
    /// Puts new events into the stores, so that they outlive this site; a workspace without keys keeps them here.
    func shareLedger(_ console: Console) {
        guard KeyRing(workspace: workspace).exists else { return }
        let desk = CopyDesk(workspace: workspace, plan: plan, ledger: ledger, connector: connector)
        for (store, reason) in desk.shareLedger().sorted(by: { $0.key < $1.key }) {
            console.warn(
                "\(store) did not take the ledger's newest events: \(reason)",
                hint: "the next backup brings them")
        }
    }
}

extension CommonOptions {
    func findWorkspace() throws -> Workspace {
        try Workspace.find(
            named: workspace, environment: ProcessInfo.processInfo.environment,
            from: FileManager.default.currentDirectoryPath)
    }

    /// The plan, with its warnings said.
    ///
    /// - Throws: `OperationError` with `.badInput` after each problem was said, when it cannot be used.
    func readPlan(_ workspace: Workspace, _ console: Console) throws -> LoadedPlan {
        let path = try workspace.planPath(named: plan)
        let (loaded, problems) = try LoadedPlan.read(path)
        guard let loaded, problems.errors.isEmpty else {
            for problem in problems { console.err(problem.line) }
            throw OperationError(
                .badInput, "\(path) has \(problems.errors.count) errors", hint: "see 'lifeboat plan check'")
        }
        return loaded
    }

    /// Workspace, plan and ledger, opened; a plan that is new to the ledger is entered into it.
    func open(_ console: Console) throws -> Place {
        let workspace = try findWorkspace()
        let loaded = try readPlan(workspace, console)
        try workspace.makeFolders()
        let ledger = try Ledger(path: workspace.ledgerPath)
        try PlanAdopter(ledger: ledger).adopt(loaded, at: TimeSource.system.now())
        return Place(workspace: workspace, loaded: loaded, ledger: ledger)
    }
}

extension Problem {
    /// `FILE:LINE: error: KEY: message (hint)`, as editors and people read it.
    var line: String {
        let subject = key.isEmpty ? "" : "\(key): "
        let tail = hint.map { " (\($0))" } ?? ""
        return "\(place.file):\(place.line): \(severity.rawValue): \(subject)\(message)\(tail)"
    }
}
