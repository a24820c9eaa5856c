// SPDX-License-Identifier: Apache-2.0

/// Where a drill run stands: a fold over its journal and nothing else.
package struct RunState: Hashable, Sendable {
    package private(set) var opened: DrillFact.RunOpened?
    package private(set) var closed: DrillFact.RunClosed?
    /// By step id; a step nobody has touched is not in it.
    package private(set) var steps: [String: StepState] = [:]
    /// The steps with an intent, in that order: the undo goes backwards through it.
    package private(set) var intended: [String] = []
    /// What steps and people said, by the names under which it was saved.
    package private(set) var saved: [String: String] = [:]
    package private(set) var marks: [String: DrillRecord] = [:]
    /// What the company's own monitoring raised and the run has seen, in the order of the journal.
    package private(set) var alerts: [DrillFact.AlertRaised] = []
    private var openedAt: Moment?
    package private(set) var stopped: DrillFact.Stop?
    private var held: [Hold] = []
    package private(set) var run = ""

    package init() {}

    package init(folding records: some Sequence<DrillRecord>) {
        for record in records { apply(record) }
    }

    /// What is known of one step.
    package struct StepState: Hashable, Sendable {
        /// The first record of the step.
        package var begunAt: DrillRecord?
        package var intent: DrillFact.Intent?
        package var intentAt: DrillRecord?
        package var started: [DrillFact.Started] = []
        package var confirmed: DrillFact.Confirmed?
        package var finished: DrillFact.Finished?
        package var finishedAt: DrillRecord?
        package var answers: [DrillFact.Answer] = []
        /// What was said about the step on the way, such as a reminder.
        package var notes: [String] = []
        package var undo: UndoState = .none
        package var undoDetail = ""
        /// How often an undo was begun.
        package var undoIntents = 0
        /// How often an undo was tried and failed.
        package var failedUndos = 0
        /// The people who let the run go on although the step failed.
        package var waivedBy: String?

        /// Whether the step was left between its intent and its end.
        package var isOpen: Bool {
            finished == nil && (intent != nil || !started.isEmpty)
        }
    }

    package enum UndoState: Hashable, Sendable {
        /// There is nothing to undo.
        case none
        case registered
        case begun
        case done
        case failed
    }

    package mutating func apply(_ record: DrillRecord) {
        run = record.run
        switch record.fact {
        case .runOpen(let fact):
            opened = fact
            openedAt = record.utc
        case .runClosed(let fact): closed = fact
        case .stop(let fact): stopped = fact
        case .hold(let fact): hold(Hold(step: record.step, text: fact.text))
        case .release: release(record.step)
        case .mark(let fact): marks[fact.name] = record
        case .alert(let fact): alerts.append(fact)
        case .note(let fact): if let id = record.step { steps[id]?.notes.append(fact.text) }
        case .clockSample, .guardChecked, .output, .probe: break
        default:
            guard let id = record.step else { return }
            var step = steps[id] ?? StepState()
            if step.begunAt == nil { step.begunAt = record }
            apply(record, to: &step, id)
            steps[id] = step
        }
    }

    private mutating func apply(_ record: DrillRecord, to step: inout StepState, _ id: String) {
        switch record.fact {
        case .intent(let fact):
            if step.intent == nil { intended.append(id) }
            step.intent = fact
            step.intentAt = record
            if fact.undo != nil, step.undo == .none { step.undo = .registered }
        case .started(let fact): step.started.append(fact)
        case .confirmed(let fact): step.confirmed = fact
        case .answer(let fact): step.answers.append(fact)
        case .finished(let fact):
            step.finished = fact
            step.finishedAt = record
            saved.merge(fact.saved) { _, new in new }
        case .correction(let fact): step.waivedBy = fact.person
        case .undoIntent:
            step.undo = .begun
            step.undoIntents += 1
        case .undoDone(let fact):
            step.undo = .done
            step.undoDetail = fact.detail
        case .undoFailed(let fact):
            step.undo = .failed
            step.failedUndos += 1
            step.undoDetail = fact.detail
        default: break
        }
    }

    /// A reason not to begin anything new.
    private struct Hold: Hashable, Sendable {
        /// The step that cannot go on without an answer; `nil` for a hold by people.
        var step: String?
        var text: String
    }

    /// Why nothing new may begin, oldest first; empty when the run is not held.
    package var holds: [String] { held.map(\.text) }

    /// A step holds the run once, also when a new controller has to ask again.
    private mutating func hold(_ hold: Hold) {
        if hold.step != nil { held.removeAll { $0.step == hold.step } }
        held.append(hold)
    }

    /// A step releases what it held; people release the newest of theirs, else the newest of any.
    private mutating func release(_ step: String?) {
        guard let index = held.lastIndex(where: { $0.step == step }) ?? held.indices.last else { return }
        held.remove(at: index)
    }

    /// From when on an alert may tell of what the drill has disturbed, by the wall clock.
    ///
    /// The first record of a step of phase `disrupt`, or the mark at which an outage begins, whichever came first; the
    /// run's opening while there is neither.
    package func disturbedAt(_ scenario: Scenario) -> Moment? {
        let steps = scenario.steps.filter { $0.phase == .disrupt && result(of: $0.id) != .skipped }
        let marks = scenario.clocks.compactMap { clock -> DrillRecord? in
            if case .mark(let name) = clock.outageBegins { self.marks[name] } else { nil }
        }
        let begins = steps.compactMap { self.steps[$0.id]?.begunAt } + marks
        return begins.min { $0.sequence < $1.sequence }?.utc ?? openedAt
    }

    /// The alert of a rule that the run has seen and that was raised at an instant or later.
    package func alert(of rule: String, since moment: Moment) -> DrillFact.AlertRaised? {
        alerts.first { $0.rule == rule && $0.raisedAt >= moment }
    }

    /// How a step ended; `nil` when it has not.
    package func result(of step: String) -> DrillFact.Result? {
        steps[step]?.finished?.result
    }

    /// Whether the point of no return was reached: from its intent on nobody knows better.
    package func hasPassedPivot(_ scenario: Scenario) -> Bool {
        scenario.steps.contains { $0.isPivot && steps[$0.id]?.intent != nil }
    }

    /// The steps whose undo is still owed, newest first.
    package var owedUndos: [String] {
        intended.reversed().filter {
            switch steps[$0]?.undo ?? .none {
            case .registered, .begun, .failed: true
            case .none, .done: false
            }
        }
    }

    /// The steps that a dead controller left in the middle, in the order of their intents.
    package var openSteps: [String] {
        intended.filter { steps[$0]?.isOpen == true }
    }

    /// The faults that were made and not healed yet.
    package func faultsInForce(_ scenario: Scenario) -> [Fault] {
        scenario.steps.compactMap { step in
            guard case .fault(let fault) = step.verb, let known = steps[step.id], known.intent != nil,
                known.undo != .done
            else { return nil }
            return fault
        }
    }

    /// Who cannot be reached because a fault is in force.
    package func absentPeople(_ scenario: Scenario) -> Set<String> {
        Set(
            faultsInForce(scenario).compactMap {
                if case .personAbsent(let person, _) = $0.kind { person } else { nil }
            })
    }
}
