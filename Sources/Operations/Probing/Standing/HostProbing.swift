// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// All probes at one host, with its clock; used by one thread at a time.
final class HostProbing: @unchecked Sendable {
    // Unchecked: a pass holds `lock` from its begin to its end.
    private let lock = NSLock()
    private var probers: [StandingProber]
    private var shell: (any HostShell)?
    private var timeline: HostTimeline
    /// Runs that the ledger has not taken yet.
    private var pending: [ProbeRun] = []
    private var isTidy = false

    let host: String
    private let workspace: String
    private let reach: any HostReaching
    private let clockPath: String
    private let time: TimeSource

    init(
        host: String, workspace: String, probers: [StandingProber], reach: any HostReaching,
        clockPath: String, time: TimeSource
    ) {
        self.host = host
        self.workspace = workspace
        self.probers = probers
        self.reach = reach
        self.clockPath = clockPath
        self.time = time
        let data = FileManager.default.contents(atPath: clockPath)
        // Without the file the clock is measured anew: instants may move by its bound.
        timeline = data.flatMap { try? CanonicalJSON.decode(HostTimeline.self, from: $0) } ?? HostTimeline()
    }

    var newest: [String: ProbeSample] {
        lock.withLock {
            Dictionary(
                uniqueKeysWithValues: probers.compactMap { prober in
                    prober.newest.map { (prober.prober.key, $0) }
                })
        }
    }

    /// Begins what is missing at the host, brings in what is there, has it written, and then removes it there.
    ///
    /// `isEnd` says that open runs are to be closed too; `write` puts runs into the ledger.
    func pass(isEnd: Bool, _ write: ([ProbeRun]) throws -> Void) throws {
        try lock.withLock {
            defer { saveClock() }
            let reached = Result { try bringIn() }
            let hourAgo = time.now() - .minutes(2)
            for place in probers.indices { pending += probers[place].finish(at: isEnd ? nil : hourAgo) }
            if !pending.isEmpty { try write(pending) }
            pending = []
            let current = try reached.get()
            for place in probers.indices { try probers[place].drop(current) }
        }
    }

    private func bringIn() throws -> any HostShell {
        do {
            let current = try shell ?? reach.shell(at: host)
            shell = current
            if !isTidy { try removeStrangers(current) }
            for place in probers.indices {
                pending += try probers[place].pass(current, &timeline, time)
            }
            return current
        } catch {
            shell = nil
            throw error
        }
    }

    /// Ends the loops of probes that have left the plan.
    private func removeStrangers(_ shell: any HostShell) throws {
        let known = Set(probers.map(\.prober.probe))
        let found = try shell.run(StandingScripts.list, [workspace]).text
        for probe in found.split(separator: "\n").map(String.init) where !known.contains(probe) {
            _ = try shell.run(StandingScripts.remove, [workspace, probe])
        }
        isTidy = true
    }

    func removeAll() throws {
        try lock.withLock {
            let current = try reach.shell(at: host)
            for prober in probers {
                _ = try current.demand(
                    "remove \(prober.prober.key)", StandingScripts.remove, [workspace, prober.prober.probe])
            }
        }
    }

    private func saveClock() {
        guard let data = try? CanonicalJSON.encode(timeline),
            data != FileManager.default.contents(atPath: clockPath)
        else { return }
        // Best effort, as it is read: see `init`.
        try? data.write(to: URL(fileURLWithPath: clockPath), options: .atomic)
    }
}
