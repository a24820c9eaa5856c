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
    package private(set) var stopped: DrillFact.Stop?
    package private(set) var holds: [String] = []
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
        package var undo: UndoState = .none
        package var undoDetail = ""
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
        case .runOpen(let fact): opened = fact
        case .runClosed(let fact): closed = fact
        case .stop(let fact): stopped = fact
        case .hold(let fact): holds.append(fact.text)
        case .release: if !holds.isEmpty { holds.removeLast() }
        case .mark(let fact): marks[fact.name] = record
        case .clockSample, .guardChecked, .output, .probe, .note: break
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
        case .undoIntent: step.undo = .begun
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
}
