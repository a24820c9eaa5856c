// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
import Ledger

/// A run that is kept here, as a list shows it.
package struct RunSummary: Hashable, Sendable, Codable {
    package var run: String
    package var scenario: String
    package var title: String
    package var mode: DrillMode
    package var begunAt: Moment
    package var endedAt: Moment?
    package var outcome: DrillOutcome?
    package var aftermath: Aftermath?
    /// Whether a controller holds it now.
    package var isRunning: Bool
}

extension DrillRunner {
    /// All runs that are kept here, oldest first; one whose journal cannot be read is left out.
    package func runs() -> [RunSummary] {
        RunFolder.all(in: runsFolder).compactMap { folder in
            guard let reading = try? JournalReading(contentsOf: folder.journalPath),
                let first = reading.records.first, let last = reading.records.last,
                case .runOpen(let opened) = first.fact
            else { return nil }
            let closed = RunState(folding: reading.records).closed
            return RunSummary(
                run: folder.run, scenario: opened.scenario, title: opened.title, mode: opened.mode,
                begunAt: first.utc, endedAt: closed == nil ? nil : last.utc, outcome: closed?.outcome,
                aftermath: closed?.aftermath, isRunning: Journal.isHeld(folder.journalPath))
        }
    }

    /// Whether a run is kept here and a controller holds it now; reads no journal.
    package func isRunning(_ run: String) -> Bool {
        RunFolder.all(in: runsFolder).contains { $0.run == run && Journal.isHeld($0.journalPath) }
    }

    /// A number that changes whenever a run begins or a journal grows; reads no journal.
    package func revision() -> Int {
        RunFolder.all(in: runsFolder).reduce(0) { sum, folder in
            let attributes = try? FileManager.default.attributesOfItem(atPath: folder.journalPath)
            return sum &+ 1 &+ (attributes?[.size] as? Int ?? 0)
        }
    }

    /// The run that a command without a name means: the one that is going on, else the newest.
    ///
    /// - Throws: `OperationError` when there is none, or several are going on.
    package func currentRun() throws -> String {
        let all = runs()
        let open = all.filter { $0.endedAt == nil }
        if open.count > 1 {
            throw OperationError(
                .ambiguous, "several runs are open: \(open.map(\.run).joined(separator: ", "))",
                hint: "name one")
        }
        guard let run = open.first ?? all.last else {
            throw OperationError(.unknownName, "no drill was ever begun here")
        }
        return run.run
    }

    /// The board of a run as it is now: only reads, and takes no lock.
    package func board(of run: String, exposure: [String: String] = [:]) throws -> DrillBoard {
        let drill = try PreparedDrill.ofRun(run, runsFolder: runsFolder, toolVersion: "")
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        let reading = try JournalReading(contentsOf: folder.journalPath)
        let evidence = DrillEvidence(
            scenario: drill.scenario, records: reading.records,
            // A running drill's samples grow; only those of a closed one are bound by hash.
            tracks: try Self.tracks(try drill.probers(run: run), in: folder, bound: []),
            acknowledged: [:], services: drill.plan.services, journalSha256: reading.headSha256)
        let isOneBoot = reading.records.last?.bootID == clock.bootID
        return DrillBoard(
            evidence, now: isOneBoot ? time.sinceBoot() : reading.records.last?.monotonic ?? .zero,
            timeline: DrillTimeline(drill.scenario, history: history(of: drill.scenario)),
            exposure: exposure)
    }

    /// Every question that waits for a person now, in written order.
    ///
    /// Steps run side by side, so there may be several. A failed step that its `on_fail` asks about and the
    /// role that must say the same are questions, too.
    package func openQuestions(of run: String) throws -> [(step: Step, question: Question)] {
        let drill = try PreparedDrill.ofRun(run, runsFolder: runsFolder, toolVersion: "")
        let folder = RunFolder(run: run, runsFolder: runsFolder)
        let state = RunState(folding: try JournalReading(contentsOf: folder.journalPath).records)
        guard state.stopped == nil, state.closed == nil else { return [] }
        let values = DrillValues(drill.scenario, run: run, saved: state.saved, isLenient: true)
        return drill.scenario.steps.compactMap { step in
            guard let known = state.steps[step.id],
                var question = step.openQuestion(known, pace: drill.scenario.pace)
            else { return nil }
            question.ask = (try? values.fill(question.ask)) ?? question.ask
            return (step, question)
        }
    }

    /// What two runs differ in.
    package func diff(_ before: String, _ after: String) throws -> DrillDiff {
        func side(_ run: String) throws -> (run: DrillRun, records: [DrillRecord]) {
            let end = try judge(run, try PreparedDrill.ofRun(run, runsFolder: runsFolder, toolVersion: ""))
            return (end.run, end.records)
        }
        return DrillDiff(try side(before), try side(after))
    }
}

extension Step {
    /// What the step asks people now; `nil` when it waits for nobody.
    fileprivate func openQuestion(_ known: RunState.StepState, pace: StoryPace?) -> Question? {
        if let end = known.finished {
            guard isCritical, !end.result.allowsGoingOn, known.waivedBy == nil else { return nil }
            return onFail.map(Self.question)
        }
        guard !known.started.isEmpty else { return nil }
        if case .approve(let approval) = verb { return Self.question(approval) }
        if case .inject(let inject) = verb, let driver = pace?.driver {
            return Question(
                role: driver, ask: inject.cue, choices: [Question.Choice(id: Inject.told)],
                expect: .zero, giveUp: .zero)
        }
        guard var question else { return nil }
        if let second = question.second,
            let first = known.answers.first(where: { $0.role == question.role })
        {
            question.role = second
            question.choices = [Question.Choice(id: first.answer)]
        }
        return question
    }

    private static func question(_ approval: Approval) -> Question {
        Question(
            role: approval.from.joined(separator: ", "), ask: approval.ask,
            choices: [Question.Choice(id: "approve"), Question.Choice(id: "refuse", passes: false)],
            expect: approval.giveUp, giveUp: approval.giveUp)
    }
}
