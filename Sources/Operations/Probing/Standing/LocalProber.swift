// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// The probes that the orchestrator asks by itself: one thread keeps the schedule, each sample has its own.
///
/// Samples that are not yet in the ledger are kept in a file each, so that a crash loses none.
final class LocalProber: @unchecked Sendable {
    // Unchecked: what the threads share is only touched while `condition` is held.
    private let condition = NSCondition()
    private var tracks: [String: Track] = [:]
    private var isStopping = false
    private var asking = 0
    private var keeper: Worker<Void>?

    private let probers: [Prober]
    private let folder: String
    private let time: TimeSource
    private let ask: @Sendable ([String], Duration) -> ProbeAnswer

    fileprivate struct Track {
        var builder: ProbeRunBuilder
        var timeline = HostTimeline()
        /// Not yet handed on, by planned instant since boot.
        var waiting: [Duration: ProbeSample] = [:]
        /// Handed on, and not yet in a closed run.
        var open: [ProbeSample] = []
        var closed: [ProbeRun] = []
        var newest: (sample: ProbeSample, phases: ProbeAnswer.Phases?)?
    }

    init(
        probers: [Prober], folder: String, time: TimeSource,
        ask: @escaping @Sendable ([String], Duration) -> ProbeAnswer, last: (Prober) throws -> ProbeRun?
    ) throws {
        self.probers = probers
        self.folder = folder
        self.time = time
        self.ask = ask
        for prober in probers {
            var track = Track(
                builder: ProbeRunBuilder(
                    probe: prober.probe, vantage: ProbeRun.orchestrator, period: prober.every,
                    after: try last(prober)))
            for sample in SpooledSamples.read(path(of: prober)) { track.hand(sample) }
            tracks[prober.key] = track
        }
    }

    private func path(of prober: Prober) -> String { "\(folder)/\(prober.key).samples" }

    func start() {
        guard !probers.isEmpty, keeper == nil else { return }
        keeper = Worker("probes") { [self] in keepSchedule() }
    }

    /// Ends the schedule and waits for the samples under way.
    func stop() {
        condition.withLock {
            isStopping = true
            condition.broadcast()
        }
        _ = try? keeper?.join()
        keeper = nil
        condition.withLock {
            while asking > 0 { condition.wait() }
        }
    }

    var newest: [String: (sample: ProbeSample, phases: ProbeAnswer.Phases?)] {
        condition.withLock { tracks.compactMapValues(\.newest) }
    }

    // MARK: - The ledger's side

    /// The runs that are over; they are kept here until `forget` is called.
    func closedRuns(isEnd: Bool) -> [ProbeRun] {
        condition.withLock {
            for prober in probers { tracks[prober.key]?.settle(before: isEnd ? nil : horizon(of: prober)) }
            if isEnd { for prober in probers { tracks[prober.key]?.finish() } }
            return probers.flatMap { tracks[$0.key]?.closed ?? [] }
        }
    }

    /// Lets go of the runs that are in the ledger now.
    func forget() throws {
        try condition.withLock {
            for prober in probers {
                guard var track = tracks[prober.key], !track.closed.isEmpty else { continue }
                track.closed = []
                track.open.removeAll { sample in
                    track.builder.open.map { sample.plannedAt < $0.firstAt } ?? true
                }
                tracks[prober.key] = track
                let kept = track.open + track.waiting.values.sorted { $0.plannedAt < $1.plannedAt }
                try SpooledSamples.write(kept, to: path(of: prober))
            }
        }
    }

    /// A sample ends within its time-out; 5 s is patience with a busy machine.
    private func horizon(of prober: Prober) -> Duration {
        time.sinceBoot() - prober.timeout - .seconds(5)
    }

    // MARK: - The schedule

    private func keepSchedule() {
        let first = time.sinceBoot()
        var numbers = [Int](repeating: 0, count: probers.count)
        while true {
            let now = time.sinceBoot()
            var next = now + .seconds(1)
            for (place, prober) in probers.enumerated() {
                // Spread over the period, so that two hundred probes do not begin at once.
                let phase = prober.every * place / probers.count
                var planned = first + phase + prober.every * numbers[place]
                if now - planned > prober.every {
                    // Too late for these: they are gaps, never asked afterwards.
                    numbers[place] += Int((now - planned) / prober.every)
                    planned = first + phase + prober.every * numbers[place]
                }
                if planned <= now {
                    begin(prober, planned)
                    numbers[place] += 1
                    planned += prober.every
                }
                next = min(next, planned)
            }
            if pause(next - time.sinceBoot()) { return }
        }
    }

    /// - Returns: true when it is time to stop.
    private func pause(_ length: Duration) -> Bool {
        let end = Date(timeIntervalSinceNow: max(0, length.inSeconds))
        return condition.withLock {
            if !isStopping { _ = condition.wait(until: end) }
            return isStopping
        }
    }

    private func begin(_ prober: Prober, _ planned: Duration) {
        condition.withLock { asking += 1 }
        let thread = Thread { [self] in
            let begun = time.sinceBoot()
            let answer = ask(prober.question, prober.timeout)
            let ended = time.sinceBoot()
            note(prober, planned, begun, ended, answer)
        }
        thread.stackSize = 1 << 20
        thread.start()
    }

    private func note(
        _ prober: Prober, _ planned: Duration, _ begun: Duration, _ ended: Duration, _ answer: ProbeAnswer
    ) {
        condition.withLock {
            defer {
                asking -= 1
                condition.broadcast()
            }
            guard var track = tracks[prober.key] else { return }
            let (up, wall) = (time.sinceBoot(), time.now())
            track.timeline.take(boot: "here", up: up, wall: wall, asked: wall, received: wall)
            guard let anchor = track.timeline.anchor(of: "here") else { return }
            let sample = ProbeSample(
                plannedAt: anchor.at + planned, begunAt: anchor.at + begun, endedAt: anchor.at + ended,
                state: answer.state, word: answer.word, boundNs: Int(anchor.boundNs))
            track.waiting[planned] = sample
            track.newest = (sample, answer.phases)
            tracks[prober.key] = track
            SpooledSamples.append(sample, to: path(of: prober))
        }
    }
}

extension LocalProber.Track {
    fileprivate mutating func settle(before horizon: Duration?) {
        let ready = waiting.filter { entry in horizon.map { entry.key <= $0 } ?? true }
            .sorted { $0.key < $1.key }
        for (planned, sample) in ready {
            waiting[planned] = nil
            hand(sample)
        }
    }

    fileprivate mutating func hand(_ sample: ProbeSample) {
        open.append(sample)
        closed += builder.take(sample)
    }

    fileprivate mutating func finish() {
        closed += builder.finish()
    }
}

/// Samples in a file, a line each: instants in nanoseconds since the epoch, state, word, bound.
enum SpooledSamples {
    static func read(_ path: String) -> [ProbeSample] {
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        // A line torn by a crash does not parse and is left out: its instant becomes unknown.
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 6, let planned = Int64(words[0]), let begun = Int64(words[1]),
                let ended = Int64(words[2]), let state = ProbeRun.State(rawValue: String(words[3])),
                let bound = Int(words[5])
            else { return nil }
            return ProbeSample(
                plannedAt: Moment(nanoseconds: planned), begunAt: Moment(nanoseconds: begun),
                endedAt: Moment(nanoseconds: ended), state: state, word: String(words[4]), boundNs: bound)
        }.sorted { $0.plannedAt < $1.plannedAt }
    }

    /// Best effort: a disk that is full must not end the probing, and what is in memory still counts.
    static func append(_ sample: ProbeSample, to path: String) {
        guard let file = fopen(path, "ae") else { return }
        fputs(line(sample), file)
        fclose(file)
    }

    static func write(_ samples: [ProbeSample], to path: String) throws {
        try Data(samples.map(line).joined().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private static func line(_ sample: ProbeSample) -> String {
        "\(sample.plannedAt.nanoseconds) \(sample.begunAt.nanoseconds) \(sample.endedAt.nanoseconds) "
            + "\(sample.state.rawValue) \(sample.word) \(sample.boundNs)\n"
    }
}
