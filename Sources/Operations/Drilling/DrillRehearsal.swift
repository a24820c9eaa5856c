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
        var lines = timeline.slots.map { slot in
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
        context.rehearsal = { step in
            clock.advance(timeline.slots.first { $0.step == step.id }?.length ?? .zero)
        }
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
    /// What a rehearsal does with a step: everything but carrying it out.
    func rehearse(_ step: Step, _ advance: (Step) -> Void) throws {
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
        advance(step)
        if case .mark(let name) = step.verb { try record(.mark(DrillFact.Mark(name: name)), step: step.id) }
        let answer =
            context.answers[step.id] ?? step.question?.choices.first(where: \.passes)?.id ?? "rehearsed"
        var saved = Dictionary(uniqueKeysWithValues: step.save.values.map { ($0, "rehearsed") })
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
