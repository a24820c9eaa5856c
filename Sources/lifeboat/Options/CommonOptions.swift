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

    /// The plan.
    ///
    /// - Throws: `OperationError` with `.badInput` after each problem was said, when it cannot be used.
    func readPlan(_ workspace: Workspace, _ console: Console) throws -> LoadedPlan {
        let path = try workspace.planPath(named: plan)
        return try usable(try LoadedPlan.read(path), path, console)
    }

    private func usable(
        _ read: (loaded: LoadedPlan?, problems: [Problem]), _ path: String, _ console: Console
    ) throws -> LoadedPlan {
        guard let loaded = read.loaded, read.problems.errors.isEmpty else {
            for problem in read.problems { console.err(problem.line) }
            throw OperationError(
                .badInput, "\(path) has \(read.problems.errors.count) errors",
                hint: "see 'lifeboat plan check'")
        }
        return loaded
    }

    /// Workspace, plan and ledger, opened; a plan that is new to the ledger is entered into it.
    func open(_ console: Console) throws -> Place {
        try open(console) { _ in }.place
    }

    /// The same, with what is asked of the ledger while the plan is read: both take a while for ten thousand datasets.
    func open<Answer>(
        _ console: Console, asking: (Ledger) throws -> Answer
    ) throws -> (place: Place, answer: Answer) {
        let workspace = try findWorkspace()
        let path = try workspace.planPath(named: plan)
        let reading = Worker("plan") { try LoadedPlan.read(path) }
        // A plan with mistakes makes no ledger, but one that is there can be asked.
        let isThere = FileManager.default.fileExists(atPath: workspace.ledgerPath)
        let known = isThere ? try ledger(of: workspace, console) : nil
        let answer = try known.map(asking)
        let loaded = try usable(try reading.join(), path, console)
        try workspace.makeFolders()
        let ledger = try known ?? self.ledger(of: workspace, console)
        try PlanAdopter(ledger: ledger).adopt(loaded, at: TimeSource.system.now())
        let place = Place(workspace: workspace, loaded: loaded, ledger: ledger)
        return (place, try answer ?? asking(ledger))
    }

    private func ledger(of workspace: Workspace, _ console: Console) throws -> Ledger {
        try Ledger(path: workspace.ledgerPath) { events in
            // Fewer take but a moment.
            guard events >= 50_000 else { return }
            console.say("making anew, once, what this version keeps beside the ledger's \(events) events …")
        }
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
