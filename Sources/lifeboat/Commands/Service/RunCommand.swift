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
            Canaries, backups, verification and healing by the plan's schedules. The plan is read again
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
        console.say("lifeboat: running in \(place.workspace.root), looking every \(every.text)")
        let served = dashboard ? try listening.start(place) : nil
        defer { if let served { waiting { await served.stop() } } }
        if let served { console.say("lifeboat: open \(served.entry)") }
        while !Interrupt.wasAsked {
            place = again(place, console)
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

extension Tick.Done {
    fileprivate var json: String {
        get throws { String(decoding: try CanonicalJSON.encode(self), as: UTF8.self) }
    }
}
