// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Dashboard
import Foundation
import Glibc
import Ledger
import Operations

struct RunCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "The service: does what falls due, until it is told to stop.",
        discussion: """
            Canaries, backups, verification and healing by the plan's schedules, and the plan's probes without
            a pause: their loops at the hosts go on when the service stops, and are found again. The plan is read again
            before each pass; one that is not good any more is said and the old one goes on. Ends cleanly
            on SIGINT or SIGTERM.
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var care: CareOptions

    @OptionGroup(title: "Dashboard") var listening: DashboardOptions

    @Flag(help: "Serve the dashboard as well; its address with the token goes to standard error.")
    var dashboard = false

    @Option(help: "How often to look.", transform: durationArgument)
    var every: Duration = .seconds(15)

    func validate() throws {
        guard every >= .seconds(1) else { throw ValidationError("--every must be at least 1s") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        var place = try common.open(console)
        let lock = try TickLock.take(place.workspace)
        defer { withExtendedLifetime(lock) {} }
        var probing = try Probing(place, console)
        probing.start()
        defer { probing.stop() }
        console.say("lifeboat: running in \(place.workspace.root), looking every \(every.text)")
        let served = dashboard ? try listening.start(place) : nil
        defer { if let served { waiting { await served.stop() } } }
        if let served { console.say("lifeboat: open \(served.entry)") }
        while !Interrupt.wasAsked {
            let adopted = again(place, console)
            if adopted.loaded.sha256 != place.loaded.sha256 {
                probing.stop()
                probing = try Probing(adopted, console)
                probing.start()
            }
            place = adopted
            probing.report()
            for done in try place.tick(care, console).perform(isCancelled: { Interrupt.wasAsked }) {
                try console.print(console.wantsJSON ? try done.json : "\(place.time.now()) \(done.line)")
            }
            pause()
        }
        console.say("lifeboat: stopped cleanly")
        return .success
    }

    /// The plan as it stands now; the old one when it cannot be used.
    private func again(_ place: Place, _ console: Console) -> Place {
        do {
            let loaded = try common.readPlan(place.workspace, console)
            guard loaded.sha256 != place.loaded.sha256 else { return place }
            try PlanAdopter(ledger: place.ledger).adopt(loaded, at: place.time.now())
            console.say("lifeboat: the plan has changed and is adopted")
            return Place(workspace: place.workspace, loaded: loaded, ledger: place.ledger)
        } catch {
            console.warn(
                "the plan cannot be used, the old one goes on: \(OperationError(describing: error).detail)")
            return place
        }
    }

    /// Waits for the next look in small pieces, so that a signal ends it at once.
    private func pause() {
        let end = TimeSource.system.sinceBoot() + every
        while !Interrupt.wasAsked, TimeSource.system.sinceBoot() < end { usleep(100_000) }
    }
}

/// The plan's probes, kept going beside the passes.
private final class Probing {
    private let prober: ContinuousProber?
    private let console: Console
    /// What was said last of each vantage point, so that nothing is said twice.
    private var said: [String: String] = [:]

    init(_ place: Place, _ console: Console) throws {
        self.console = console
        prober =
            place.plan.probes.isEmpty
            ? nil
            : try ContinuousProber(
                plan: place.plan, ledger: place.ledger, folder: place.workspace.privateFolder + "/probes",
                reach: place.reach)
    }

    func start() { prober?.start() }

    /// Brings in what there is; the loops at the hosts go on.
    func stop() { prober?.stop() }

    /// Says what has gone wrong or come right since the last time.
    func report() {
        let problems = prober?.problems ?? [:]
        for (vantage, problem) in problems.sorted(by: { $0.key < $1.key }) where said[vantage] != problem {
            console.warn("probes at \(vantage): \(problem)")
        }
        for vantage in said.keys.sorted() where problems[vantage] == nil {
            console.say("lifeboat: probes at \(vantage) are followed again")
        }
        said = problems
    }
}

extension Tick.Done {
    fileprivate var json: String {
        get throws { String(decoding: try CanonicalJSON.encode(self), as: UTF8.self) }
    }
}
