// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import SecureShell

/// A probe at one host.
struct Prober: Hashable, Sendable {
    let probe: String
    let host: String
    let every: Duration
    let timeout: Duration
    /// `http URL`, `tcp HOST PORT` or `command ARGV…`.
    let question: [String]
    /// The file with the password of a database, beside the prober.
    var passFile: String?

    var key: String { "\(probe)@\(host)" }
    var unit: String { "probe-\(probe)" }
}

/// The probers of one drill: begun at their hosts, followed while the drill runs, emptied at its end.
///
/// Each host has a thread of its own that pulls the samples and exchanges times. A host that cannot be
/// reached loses nothing: its samples wait there.
final class ProberFleet: @unchecked Sendable {
    // Unchecked: what the threads share is only touched while `condition` is held.
    private let condition = NSCondition()
    private var tracks: [String: [DrillSample]] = [:]
    private var isStopping = false
    private var threads: [Worker<[DrillFact.ProbeBatch]>] = []

    private let run: String
    private let probers: [Prober]
    private let reach: any HostReaching
    private let files: SampleFiles
    private let time: TimeSource
    private let onClock: @Sendable (DrillFact.ClockSample) -> Void

    /// Begins nothing yet.
    ///
    /// `folder`: where the samples are kept, a file for each prober.
    /// `onClock`: hears of each exchange of times; called on the threads of the hosts.
    init(
        run: String, probers: [Prober], reach: any HostReaching, folder: String, time: TimeSource,
        onClock: @escaping @Sendable (DrillFact.ClockSample) -> Void
    ) {
        self.run = run
        self.probers = probers
        self.reach = reach
        files = SampleFiles(folder: folder)
        self.time = time
        self.onClock = onClock
    }

    /// Begins every prober and follows it; those that an earlier controller began go on.
    ///
    /// `limit`: after which a prober ends by itself, so that a dead controller leaves none behind.
    ///
    /// `prepare`: lays what a prober needs into its folder, before it is begun.
    func begin(limit: Duration, prepare: (Prober, RemoteUnit) throws -> Void = { _, _ in }) throws {
        for prober in probers { tracks[prober.key] = try files.samples(of: prober) }
        let hosts = Dictionary(grouping: probers, by: \.host)
        let places = try hosts.keys.sorted().map { host in
            let place = try RunPlace(at: reach.shell(at: host), run: run)
            for prober in hosts[host] ?? [] {
                try prepare(prober, place.unit(prober.unit))
                try begin(prober, at: place, limit: limit)
            }
            return host
        }
        threads = places.map { host in
            let mine = hosts[host] ?? []
            return Worker("prober \(host)") { [self] in follow(mine, at: host) }
        }
    }

    private func begin(_ prober: Prober, at place: RunPlace, limit: Duration) throws {
        let unit = place.unit(prober.unit)
        let question = prober.question.map { $0.replacing(DrillValues.unit, with: unit.folder) }
        let words =
            ["sh", "./script", unit.folder, String(prober.every.wholeNanoseconds / 1_000_000)]
            + [String(prober.timeout.wholeNanoseconds / 1_000_000)] + question
        let environment =
            prober.passFile.map { "PGPASSFILE=\(shellQuoted(["\(unit.folder)/\($0)"]))\nexport PGPASSFILE\n" }
            ?? ""
        _ = try unit.begin(
            environment + "exec " + shellQuoted(words), script: Array((ProberScript.text + "\n").utf8),
            limit: limit)
    }

    /// What is known so far of a probe, by host.
    func view(of probe: String) -> [String: ProbeTrack] {
        condition.withLock {
            var view: [String: ProbeTrack] = [:]
            for prober in probers where prober.probe == probe {
                view[prober.host] = ProbeTrack(tracks[prober.key] ?? [])
            }
            return view
        }
    }

    /// The number behind the newest sample of every prober: what is asked from now on.
    func nextNumbers() -> [String: Int] {
        condition.withLock { tracks.mapValues { ($0.map(\.number).max() ?? -1) + 1 } }
    }

    /// Ends the probers and brings in what they still hold.
    func stop() -> [DrillFact.ProbeBatch] {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
        return threads.flatMap { (try? $0.join()) ?? [] }
    }

    // MARK: - The thread of one host

    private func follow(_ mine: [Prober], at host: String) -> [DrillFact.ProbeBatch] {
        var shell: (any HostShell)?
        var clockAt = Duration.zero
        while true {
            do {
                let current = try shell ?? reach.shell(at: host)
                shell = current
                let place = try RunPlace(at: current, run: run)
                if try pullUntilStopping(mine, place, &clockAt) { return try empty(mine, place) }
            } catch {
                // What could not be pulled now is pulled later; only at the end does it count as missing.
                shell = nil
                if waitForStop(.seconds(2)) {
                    return mine.compactMap { files.batch(of: $0, isComplete: false) }
                }
            }
        }
    }

    /// - Returns: true when the fleet stops.
    private func pullUntilStopping(_ mine: [Prober], _ place: RunPlace, _ clockAt: inout Duration) throws
        -> Bool
    {
        while true {
            if time.sinceBoot() >= clockAt {
                onClock(try HostClock.exchange(with: place.shell, time: time))
                clockAt = time.sinceBoot() + .seconds(60)
            }
            for prober in mine { try pull(prober, place) }
            if waitForStop(.milliseconds(400)) { return true }
        }
    }

    private func pull(_ prober: Prober, _ place: RunPlace) throws {
        let folder = place.unit(prober.unit).folder
        let offset = files.size(of: prober)
        let result = try place.shell.run(ProberScript.pull, [folder, String(offset)])
        let added = try files.append(result.output, to: prober)
        condition.withLock { tracks[prober.key, default: []] += added }
    }

    private func empty(_ mine: [Prober], _ place: RunPlace) throws -> [DrillFact.ProbeBatch] {
        for prober in mine { _ = try place.shell.run(ProberScript.stop, [place.unit(prober.unit).folder]) }
        return try mine.compactMap { prober in
            let patience = prober.timeout + prober.every + .seconds(3)
            let state = try place.unit(prober.unit).look(patience: patience)
            try pull(prober, place)
            onClock(try HostClock.exchange(with: place.shell, time: time))
            if case .ended = state { return files.batch(of: prober, isComplete: true) }
            return files.batch(of: prober, isComplete: false)
        }
    }

    private func waitForStop(_ length: Duration) -> Bool {
        let end = Date(timeIntervalSinceNow: length.inSeconds)
        return condition.withLock {
            while !isStopping, condition.wait(until: end) {}
            return isStopping
        }
    }
}
