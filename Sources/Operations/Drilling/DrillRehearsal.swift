// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Ledger
import Synchronization

/// A drill run through with a clock that only the steps move, and nobody who carries anything out.
package struct Rehearsal: Sendable {
    package let records: [DrillRecord]
    package let timeline: DrillTimeline
    /// From the disturbance to the last step that a service waits for, as expected.
    package let expectedRecoveryTime: [String: Duration]
    package let criticalPath: [String]
    package let length: Duration

    /// As a person reads it.
    package var text: String {
        var lines = timeline.slotsByBegin.map { slot in
            let at = DrillBoard.clock(slot.begin)
            return "\(at)  \(slot.step)  \(slot.length.text) (\(slot.source.rawValue))"
        }
        lines.append("expected length \(length.text), decided by \(criticalPath.joined(separator: " > "))")
        lines += expectedRecoveryTime.sorted { $0.key < $1.key }.map {
            "expected recovery time of \($0.key): \($0.value.text)"
        }
        return lines.joined(separator: "\n")
    }
}

extension DrillRunner {
    /// Runs a drill's own engine over the drill with a virtual clock and a fake executor.
    ///
    /// Every text is filled, every script is looked up, every condition is asked and every undo is
    /// registered; no host is reached. Lengths come from earlier runs, else from the scenario.
    package func rehearse(_ drill: PreparedDrill) throws -> Rehearsal {
        var drill = drill
        drill.scenario.mode = .rehearse
        let folder = NSTemporaryDirectory() + "/lifeboat-rehearsal-\(UInt64.random(in: 0 ... .max))"
        try Workspace.makeFolder(folder, mode: 0o700)
        // A rehearsal leaves nothing behind; what cannot be removed lies in the machine's own scratch.
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let timeline = DrillTimeline(drill.scenario, history: history(of: drill.scenario))
        let clock = VirtualClock(from: time.now())
        let runner = DrillRunner(
            runsFolder: folder, reach: NowhereReach(), restorer: restorer, ledger: ledger, time: clock.source)
        let records = try runner.performRehearsal(drill, clock, timeline)
        return Rehearsal(
            records: records, timeline: timeline,
            expectedRecoveryTime: Self.recoveryTimes(drill.scenario, records),
            criticalPath: timeline.criticalPath, length: clock.elapsed)
    }

    private func performRehearsal(
        _ drill: PreparedDrill, _ clock: VirtualClock, _ timeline: DrillTimeline
    ) throws -> [DrillRecord] {
        let folder = RunFolder(run: "rehearsal", runsFolder: runsFolder)
        try folder.make()
        let journal = try Journal.create(at: folder.journalPath, run: folder.run, clock: self.clock)
        let opened = try journal.append(.runOpen(opening(of: drill)))
        var context = context(
            of: drill, folder, records: [opened], probers: [], control: DrillControl(), progress: { _ in })
        context.rehearsal = RehearsalPace(
            length: { step in timeline.slots.first { $0.step == step.id }?.length ?? .zero },
            advance: { clock.advance($0) })
        DrillEngine(context, journal: journal, records: [opened]).perform()
        return try JournalReading(contentsOf: folder.journalPath).records
    }

    /// From the first step that disturbs to the end of the last step that the condition names.
    private static func recoveryTimes(_ scenario: Scenario, _ records: [DrillRecord]) -> [String: Duration] {
        let state = RunState(folding: records)
        let first = scenario.steps.first { $0.phase == .disrupt }?.id
        guard let begin = first.flatMap({ state.steps[$0]?.begunAt?.monotonic }) else { return [:] }
        return scenario.restoredWhen.compactMapValues { condition in
            let probes = Set(
                condition.leaves.compactMap { leaf -> String? in
                    if case .probe(let probe) = leaf { probe.probe } else { nil }
                })
            let names = scenario.steps.filter { step in
                if condition.leaves.contains(.step(step.id)) { return true }
                guard case .waitFor(let waited, _) = step.verb else { return false }
                return waited.leaves.contains {
                    if case .probe(let probe) = $0 { probes.contains(probe.probe) } else { false }
                }
            }.map(\.id)
            return names.compactMap { state.steps[$0]?.finishedAt?.monotonic }.max().map { $0 - begin }
        }
    }
}

/// How time passes in a rehearsal.
struct RehearsalPace: Sendable {
    /// How long a step is expected to take.
    let length: @Sendable (Step) -> Duration
    /// Lets so much time pass.
    let advance: @Sendable (Duration) -> Void
}

/// Time that stands still until somebody moves it.
final class VirtualClock: Sendable {
    private let begin: Moment
    private let time = Mutex(Duration.zero)

    init(from begin: Moment) {
        self.begin = begin
    }

    var elapsed: Duration { time.withLock { $0 } }

    func advance(_ length: Duration) {
        time.withLock { $0 += length }
    }

    var source: TimeSource {
        TimeSource(now: { [self] in begin + elapsed }, sinceBoot: { [self] in elapsed })
    }
}

/// Reaches nothing: a rehearsal that tries to is a mistake of the program.
struct NowhereReach: HostReaching {
    func shell(at host: String) throws -> any HostShell {
        throw OperationError(.refused, "a rehearsal reaches no host, not even \(host)")
    }
}

extension DrillEngine {
    /// Plays every step in the order and side by side as ``performSideBySide()`` would run them, from one end
    /// to the next.
    ///
    /// - Returns: why the run would end before its last step.
    func rehearseSideBySide(_ pace: RehearsalPace) throws -> DrillFact.Stop? {
        var running: [(step: Step, end: Duration)] = []
        while true {
            while let step = readySteps.first {
                lanes[step.id] = DrillLane(step)
                if try beginRehearsal(of: step) {
                    running.append((step, context.time.sinceBoot() + pace.length(step)))
                } else {
                    lanes[step.id] = nil
                    if let failure = failure(of: step) { return failure }
                }
            }
            // Of those that end together the one that began first ends first.
            guard let next = running.indices.min(by: { running[$0].end < running[$1].end }) else {
                return nil
            }
            let (step, end) = running.remove(at: next)
            pace.advance(end - context.time.sinceBoot())
            try attempt(step) { try endRehearsal(of: step) }
            lanes[step.id] = nil
            if let failure = failure(of: step) { return failure }
        }
    }

    /// Nobody is asked in a rehearsal whether it may go on.
    private func failure(of step: Step) -> DrillFact.Stop? {
        guard step.isCritical, let result = state.result(of: step.id), !result.allowsGoingOn else {
            return nil
        }
        return DrillFact.Stop(cause: .failed, text: "step \(step.id): \(result.rawValue)")
    }

    /// - Returns: false when the step ended at once: left out, or not to be begun.
    private func beginRehearsal(of step: Step) throws -> Bool {
        if let reason = reasonToSkip(step) {
            try finish(step, DrillFact.Finished(result: .skipped, expected: "", actual: reason))
            return false
        }
        try attempt(step) { try announce(step) }
        return state.result(of: step.id) == nil
    }

    /// What cannot be rehearsed fails its step, and only its step.
    private func attempt(_ step: Step, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch {
            if journalFailure != nil { throw error }
            try finish(step, DrillFact.Finished(result: .failed, expected: step.name, actual: "\(error)"))
        }
    }

    private func announce(_ step: Step) throws {
        let lines = try commands.lines(of: step)
        if step.isMutating {
            try record(
                .intent(
                    DrillFact.Intent(
                        verb: step.verb.name, hosts: step.touchedHosts, commands: lines,
                        sha256: Hex.sha256(Array(lines.joined(separator: "\n").utf8)),
                        undo: try commands.undoLine(of: step), because: step.because)), step: step.id)
        } else {
            try record(.started(DrillFact.Started(host: nil, unit: nil, hostNs: nil)), step: step.id)
        }
    }

    /// The end of a step that nobody has carried out.
    private func endRehearsal(of step: Step) throws {
        let lines = try commands.lines(of: step)
        if case .mark(let name) = step.verb { try record(.mark(DrillFact.Mark(name: name)), step: step.id) }
        let answer =
            context.answers[step.id] ?? step.question?.choices.first(where: \.passes)?.id ?? "rehearsed"
        var saved = Dictionary(step.save.values.map { ($0, "rehearsed") }) { first, _ in first }
        saved["answer"] = answer
        let passes = step.question?.choices.first { $0.id == answer }?.passes ?? true
        try finish(
            step,
            DrillFact.Finished(
                result: passes ? .passed : .failed, expected: lines.first ?? step.name, actual: "rehearsed",
                performedBy: step.question?.role ?? "nobody", saved: saved))
    }

    /// A rehearsal's undos are only ticked off.
    func rehearseUndos() {
        for id in state.owedUndos {
            let what = state.steps[id]?.intent?.undo ?? ""
            tryToRecord(.undoDone(DrillFact.Undo(host: nil, what: what, detail: "rehearsed")), step: id)
        }
    }
}
