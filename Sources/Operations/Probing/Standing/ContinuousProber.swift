// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
package import Ledger

/// Keeps the plan's probes going at their vantage points and brings what they see into the ledger as runs.
///
/// At a host the probe is a shell loop of its own, so a lost connection or a stopped orchestrator loses
/// nothing: the samples wait there for up to a week. A restarted orchestrator finds its loops again; a host
/// that was started anew gets new ones, and the time between is unknown. A host is asked every minute, on a
/// thread of its own.
///
///     let probing = try ContinuousProber(plan: plan, ledger: ledger, folder: …, reach: SiteReach(…))
///     probing.start()       // lifeboat run
///     …
///     probing.stop()        // the loops at the hosts go on
///
/// `lifeboat tick` calls `pass()` instead: it begins what is missing and brings in what is there.
package final class ContinuousProber: @unchecked Sendable {
    // Unchecked: what the threads share is only touched while `condition` is held.
    private let condition = NSCondition()
    private var isStopping = false
    private var states: [String: String] = [:]
    private var seen: [String: ProbeSample] = [:]
    private var threads: [Worker<Void>] = []

    private let hosts: [HostProbing]
    private let local: LocalProber
    private let ledger: Ledger
    private let time: TimeSource
    private let every: Duration

    /// What a probe saw last at one vantage point.
    package struct View: Hashable, Sendable {
        package var probe: String
        package var vantage: String
        package var sample: ProbeSample
        /// Of an HTTP probe asked by the orchestrator itself.
        package var phases: ProbeAnswer.Phases?
    }

    /// Prepares; nothing is asked yet.
    ///
    /// `folder` lies below `.lifeboat` and holds the hosts' clocks and the samples that are not yet in the
    /// ledger. A host is left alone for `every` between two passes. `ask` asks one question from here; a test
    /// puts its own in.
    package init(
        plan: Plan, ledger: Ledger, folder: String, reach: any HostReaching, time: TimeSource = .system,
        every: Duration = .minutes(1),
        ask: @escaping @Sendable ([String], Duration) -> ProbeAnswer = ProbeAnswer.ask
    ) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let probers = try plan.probes.flatMap(Prober.standing)
        let last = { (prober: Prober) in try ledger.newestRun(of: prober.probe, vantage: prober.host) }
        self.ledger = ledger
        self.time = time
        self.every = every
        hosts = try Dictionary(grouping: probers.filter { $0.host != ProbeRun.orchestrator }, by: \.host)
            .sorted { $0.key < $1.key }.map { host, mine in
                HostProbing(
                    host: host, workspace: plan.workspace,
                    probers: try mine.map {
                        StandingProber(workspace: plan.workspace, prober: $0, after: try last($0))
                    }, reach: reach, clockPath: "\(folder)/\(host).clock", time: time)
            }
        local = try LocalProber(
            probers: probers.filter { $0.host == ProbeRun.orchestrator }, folder: folder, time: time,
            ask: ask, last: last)
    }

    /// Begins to probe and to follow, on threads of its own.
    package func start() {
        local.start()
        threads += hosts.map { host in
            Worker("probes at \(host.host)") { [self] in
                repeat { perform(host, isEnd: false) } while !wait()
                perform(host, isEnd: true)
            }
        }
        threads.append(
            Worker("probes here") { [self] in
                repeat { performLocal(isEnd: false) } while !wait()
            })
    }

    /// Brings in what there is and lets go; the loops at the hosts go on.
    ///
    /// Blocks until that is done.
    package func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
        for thread in threads { _ = try? thread.join() }
        threads = []
        local.stop()
        performLocal(isEnd: true)
    }

    /// One pass over all hosts, several at once; what is open is closed, so that all of it is in the ledger.
    package func pass() {
        _ = inParallel(hosts, "probes") { [self] in perform($0, isEnd: true) }
    }

    /// What went wrong last at each vantage point, in words; empty when all is well.
    package var problems: [String: String] { condition.withLock { states } }

    /// The newest answer of each probe at each vantage point.
    package var views: [View] {
        let here = local.newest.map { key, newest in
            View(
                probe: String(key.prefix { $0 != "@" }), vantage: ProbeRun.orchestrator,
                sample: newest.sample, phases: newest.phases)
        }
        let there = condition.withLock { seen }.map { key, sample in
            let words = key.split(separator: "@", maxSplits: 1)
            return View(probe: String(words[0]), vantage: String(words[1]), sample: sample, phases: nil)
        }
        return (here + there).sorted { ($0.probe, $0.vantage) < ($1.probe, $1.vantage) }
    }

    /// Ends the loops of this workspace at its hosts and removes all they have, pulled or not.
    package func removeLoops() throws {
        for host in hosts { try host.removeAll() }
    }

    // MARK: - Passes

    private func perform(_ host: HostProbing, isEnd: Bool) {
        do {
            try host.pass(isEnd: isEnd) { runs in
                try ledger.append(runs.map(EventBody.probeRun), at: time.now())
            }
            note(host.host, nil)
        } catch {
            // Nothing is lost: the samples wait at the host, and runs that could not be written wait here.
            note(host.host, OperationError(describing: error).detail)
        }
        condition.withLock { seen.merge(host.newest) { _, newer in newer } }
    }

    private func performLocal(isEnd: Bool) {
        do {
            let runs = local.closedRuns(isEnd: isEnd)
            guard !runs.isEmpty else { return }
            try ledger.append(runs.map(EventBody.probeRun), at: time.now())
            try local.forget()
            note(ProbeRun.orchestrator, nil)
        } catch {
            note(ProbeRun.orchestrator, OperationError(describing: error).detail)
        }
    }

    private func note(_ vantage: String, _ problem: String?) {
        condition.withLock { states[vantage] = problem }
    }

    /// - Returns: true when it is time to stop.
    private func wait() -> Bool {
        let end = Date(timeIntervalSinceNow: every.inSeconds)
        return condition.withLock {
            while !isStopping, condition.wait(until: end) {}
            return isStopping
        }
    }
}

extension Prober {
    /// A plan's probe at each of its vantage points.
    static func standing(_ probe: Probe) throws -> [Prober] {
        let question = try probe.question { $0 }
        return probe.from.map { host in
            Prober(
                probe: probe.id, host: host, every: probe.every, timeout: probe.timeout, question: question)
        }
    }

    /// `host:port`, an IPv6 address in brackets.
    static func split(_ address: String) throws -> [String] {
        guard let colon = address.lastIndex(of: ":"), Int(address[address.index(after: colon)...]) != nil
        else {
            throw OperationError(.badInput, "'\(address)' is not host:port")
        }
        let host = address[..<colon].filter { $0 != "[" && $0 != "]" }
        return [host, String(address[address.index(after: colon)...])]
    }
}

extension Probe {
    /// What the loop at a prober is asked: the kind, then its words.
    ///
    /// `fill` fills the texts that may hold names, such as those of a scenario.
    func question(_ fill: (String) throws -> String) throws -> [String] {
        switch kind {
        case .http(let url): ["http", try fill(url)]
        case .tcp(let address): ["tcp"] + (try Prober.split(fill(address)))
        case .command(let words): ["command"] + (try words.map(fill))
        case .fileHash(let path, let sha256): ["hash", try fill(path), sha256]
        case .sql(let query, let database, let account):
            ["sql", try account.map(fill) ?? "", try database.map(fill) ?? "", query]
        }
    }
}
