// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// One probe at one host, followed for ever: what was pulled, what is settled, and what may be removed there.
struct StandingProber {
    let workspace: String
    let prober: Prober
    private(set) var builder: ProbeRunBuilder
    private var epoch = 0
    private var segment = -1
    private var offset = 0
    /// Samples that one with a lower number may still follow.
    private var waiting: [Int: DrillSample] = [:]
    /// The lowest number that has not been handed on.
    private var nextNumber = 0
    private var anchor: HostTimeline.Anchor?
    /// Segments and epochs that are read to their end, with the last instant in each.
    private var read: [(epoch: Int, segment: String, last: Moment?)] = []
    private(set) var newest: ProbeSample?

    init(workspace: String, prober: Prober, after last: ProbeRun?) {
        self.workspace = workspace
        self.prober = prober
        builder = ProbeRunBuilder(
            probe: prober.probe, vantage: prober.host, period: prober.every, after: last)
    }

    /// What tells one loop from another: all that it was begun with.
    var id: String {
        String(Hex.sha256(Data((words + [StandingScripts.loop]).joined(separator: "\n").utf8)).prefix(16))
    }

    private var words: [String] {
        [
            String(prober.every.wholeNanoseconds / 1_000_000),
            String(prober.timeout.wholeNanoseconds / 1_000_000),
        ] + prober.question
    }

    // MARK: - At the host

    /// Begins the loop if it is not there, and brings in what it has.
    ///
    /// - Returns: the runs that are over.
    mutating func pass(_ shell: any HostShell, _ timeline: inout HostTimeline, _ time: TimeSource) throws
        -> [ProbeRun]
    {
        var closed: [ProbeRun] = []
        while true {
            let asked = time.now()
            let result = try shell.run(StandingScripts.pull, position)
            guard result.status == 0 else {
                throw OperationError(.failed, "pull \(prober.key): \(result.reason)")
            }
            let answer = try PulledSamples(result.output, prober)
            if let clock = answer.clock {
                timeline.take(
                    boot: clock.boot, up: clock.up, wall: clock.wall, asked: asked, received: time.now())
            }
            let hasMore = take(answer, &timeline, &closed)
            guard !hasMore else { continue }
            if answer.running != id { try begin(shell) }
            return closed
        }
    }

    private var position: [String] {
        let slack = Int(prober.timeout.inSeconds / prober.every.inSeconds) + 20
        return [workspace, prober.probe, String(epoch), String(segment), String(offset), String(slack)]
    }

    private func begin(_ shell: any HostShell) throws {
        let script = Array((StandingScripts.loop + "\n").utf8)
        _ = try shell.demand(
            "begin \(prober.key)", StandingScripts.begin,
            [workspace, prober.probe, id, String(script.count)] + words, input: script)
    }

    /// Removes at the host what is in the ledger; call it after the runs are there.
    mutating func drop(_ shell: any HostShell) throws {
        while let first = read.first {
            if let last = first.last, let open = builder.open, open.firstAt <= last { return }
            if let last = first.last, builder.nextAt.map({ $0 <= last }) ?? true { return }
            _ = try shell.demand(
                "tidy \(prober.key)", StandingScripts.drop,
                [workspace, prober.probe, String(first.epoch), first.segment])
            read.removeFirst()
        }
    }

    // MARK: - What was pulled

    /// - Returns: true when there is more to ask for at once.
    private mutating func take(
        _ answer: PulledSamples, _ timeline: inout HostTimeline, _ closed: inout [ProbeRun]
    ) -> Bool {
        guard let place = answer.place else { return false }
        if place.epoch != epoch {
            closed += settle(before: nil)
            waiting = [:]
            nextNumber = max(0, place.segment) * StandingScripts.segmentLength
        }
        let known =
            timeline.anchor(of: place.boot)
            ?? timeline.assume(boot: place.boot, up: place.firstUp, wall: place.firstWall)
        anchor = known
        (epoch, segment, offset) = (place.epoch, place.segment, place.offset + answer.bytes)
        for sample in answer.samples { waiting[sample.number] = sample }
        // A sample ends within its time-out, and 5 s is patience with a busy host.
        let horizon = answer.clock.flatMap { clock in
            clock.boot == place.boot ? clock.up - prober.timeout - .seconds(5) : nil
        }
        switch place.state {
        case .open:
            closed += settle(before: horizon)
            return false
        case .next:
            guard answer.samples.isEmpty else { return true }
            read.append((epoch, String(segment), lastSeen))
            (segment, offset) = (segment + 1, 0)
            return true
        case .over:
            guard answer.samples.isEmpty else { return true }
            read.append((epoch, "all", lastSeen))
            closed += settle(before: nil)
            (epoch, segment, offset, nextNumber) = (epoch + 1, -1, 0, 0)
            return true
        }
    }

    /// The newest planned instant that was pulled.
    private var lastSeen: Moment? {
        let latest = waiting.values.map(\.planned).max()
        return anchor.flatMap { anchor in latest.map { anchor.at + $0 } } ?? newest?.plannedAt
    }

    /// Hands on, in their order, the samples that none can come before any more.
    ///
    /// There is no number missing below them, or what is missing was planned before the horizon and is lost.
    /// All of them without a horizon.
    private mutating func settle(before horizon: Duration?) -> [ProbeRun] {
        guard let anchor else { return [] }
        var closed: [ProbeRun] = []
        for sample in waiting.values.sorted(by: { $0.number < $1.number }) {
            if sample.number > nextNumber, let horizon, sample.planned > horizon { break }
            waiting[sample.number] = nil
            nextNumber = max(nextNumber, sample.number + 1)
            let carried = ProbeSample(
                plannedAt: anchor.at + sample.planned, begunAt: anchor.at + sample.begun,
                endedAt: anchor.at + sample.ended, state: sample.state, word: sample.word,
                boundNs: Int(anchor.boundNs))
            newest = carried
            closed += builder.take(carried)
        }
        return closed
    }

    /// Ends the open run, at a full hour or when the service ends; samples that wait stay at the host.
    mutating func finish(at moment: Moment?) -> [ProbeRun] {
        moment.map { builder.finish(at: $0) } ?? builder.finish()
    }
}
