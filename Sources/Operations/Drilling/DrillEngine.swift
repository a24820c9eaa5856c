// SPDX-License-Identifier: Apache-2.0
import Continuity
import Ledger

/// Runs one drill: steps in order, then everything undone, whatever happened.
///
/// All that it knows of the run is folded from the journal, so a new engine over the same journal goes on
/// where a dead one stopped. Not thread-safe; one thread drives it from its begin to its end.
final class DrillEngine {
    let context: DrillContext
    let journal: Journal
    var state: RunState
    let fleet: ProberFleet
    private var shells: [String: any HostShell] = [:]
    private var places: [String: RunPlace] = [:]
    /// The last error of the journal itself; the undo goes on without it.
    var journalFailure: (any Error)?

    init(_ context: DrillContext, journal: Journal, records: [DrillRecord]) {
        self.context = context
        self.journal = journal
        state = RunState(folding: records)
        let time = context.time
        fleet = ProberFleet(
            run: context.run, probers: context.probers, reach: context.reach,
            folder: context.folder.samplesFolder, time: time
        ) { sample in
            // A journal that takes no more records stops the engine itself at its next one.
            _ = try? journal.append(.clockSample(sample))
        }
    }

    var scenario: Scenario { context.scenario }
    var run: String { context.run }

    /// The whole drill, or what is left of it; errors end up in the journal and in the outcome.
    func perform() {
        do {
            try fleet.begin(limit: scenario.safety.maxDuration + .minutes(30))
            if state.stopped == nil { try performSteps() }
        } catch {
            if state.stopped == nil { stop(.failed, "\(error)") }
        }
        undoEverything()
        bringIn()
        close()
    }

    private func performSteps() throws {
        while let step = nextStep() {
            if let reason = reasonToStop() { return stop(reason.cause, reason.text) }
            try perform(step)
            if let result = state.result(of: step.id), step.isCritical, !result.allowsGoingOn {
                // A step that an abort has cut short did not fail.
                if let reason = reasonToStop() { return stop(reason.cause, reason.text) }
                return stop(.failed, "step \(step.id): \(result.rawValue)")
            }
        }
        stop(.completed, "every step has ended")
    }

    /// The first step in written order that has not ended and whose needs all have.
    private func nextStep() -> Step? {
        scenario.steps.indices.first { index in
            let step = scenario.steps[index]
            guard state.result(of: step.id) == nil else { return false }
            return needs(of: index).allSatisfy { state.result(of: $0) != nil }
        }.map { scenario.steps[$0] }
    }

    func needs(of index: Int) -> [String] {
        scenario.steps[index].needs ?? (index > 0 ? [scenario.steps[index - 1].id] : [])
    }

    /// Whether somebody, a safety rule or the clock forbids the next step.
    func reasonToStop() -> DrillFact.Stop? {
        takeRequests()
        if let reason = context.control.abortReason { return DrillFact.Stop(cause: .aborted, text: reason) }
        for rule in scenario.safety.stopIf where holds(rule.condition) == true {
            return DrillFact.Stop(cause: .guarded, text: rule.because)
        }
        if elapsed > scenario.safety.maxDuration {
            return DrillFact.Stop(
                cause: .guarded, text: "longer than max_duration, \(scenario.safety.maxDuration.text)")
        }
        return nil
    }

    /// Since the run was opened, by the wall clock: it must also count the time without a controller.
    private var elapsed: Duration {
        context.time.now() - context.openedAt
    }

    // MARK: - The journal

    /// Writes a record, and folds it in.
    @discardableResult
    func record(_ fact: DrillFact, step: String? = nil) throws -> DrillRecord {
        do {
            let record = try journal.append(fact, step: step)
            state.apply(record)
            context.progress(record)
            return record
        } catch {
            journalFailure = error
            throw error
        }
    }

    /// Writes a record if the journal still takes any: the undo must not end with the disk.
    func tryToRecord(_ fact: DrillFact, step: String? = nil) {
        guard journalFailure == nil else { return }
        _ = try? record(fact, step: step)
    }

    func note(_ text: String, step: String? = nil) {
        tryToRecord(.note(DrillFact.Reason(text: text)), step: step)
    }

    func stop(_ cause: DrillFact.Stop.Cause, _ text: String) {
        tryToRecord(.stop(DrillFact.Stop(cause: cause, text: text)))
    }

    // MARK: - Hosts

    func shell(at host: String) throws -> any HostShell {
        if let shell = shells[host] { return shell }
        let shell = try context.reach.shell(at: host)
        shells[host] = shell
        return shell
    }

    func place(at host: String) throws -> RunPlace {
        if let place = places[host] { return place }
        let place = try RunPlace(at: shell(at: host), run: run)
        places[host] = place
        return place
    }

    var values: DrillValues {
        DrillValues(scenario, run: run, saved: state.saved)
    }
}

extension DrillFact.Result {
    /// Whether the steps behind may begin.
    var allowsGoingOn: Bool {
        self == .passed || self == .skipped
    }
}

/// All that a drill is given; the engine has no other way out of its module.
struct DrillContext: Sendable {
    let run: String
    let folder: RunFolder
    let scenario: Scenario
    let plan: Plan
    let probers: [Prober]
    /// The bytes of each script, by the path in the scenario.
    let scripts: [String: [UInt8]]
    /// Answers given beforehand, by step.
    let answers: [String: String]
    let openedAt: Moment
    let reach: any HostReaching
    let restorer: any DrillRestorer
    /// The acknowledged records of a canary, oldest first.
    let acknowledged: @Sendable (String) throws -> [CanaryRecord]
    let control: DrillControl
    let time: TimeSource
    let progress: @Sendable (DrillRecord) -> Void
    /// Judges what is on disk so far.
    let outcome: @Sendable () throws -> DrillOutcome
}
