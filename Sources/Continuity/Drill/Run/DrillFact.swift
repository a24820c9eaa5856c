// SPDX-License-Identifier: Apache-2.0

/// What a journal record says.
///
/// The case is its kind, in snake_case.
package enum DrillFact: Hashable, Sendable {
    case runOpen(RunOpened)
    case clockSample(ClockSample)
    case guardChecked(GuardResult)
    /// On disk before the first byte goes to a target.
    case intent(Intent)
    case started(Started)
    case output(Output)
    case confirmed(Confirmed)
    case finished(Finished)
    case mark(Mark)
    case probe(ProbeBatch)
    case answer(Answer)
    case alert(AlertRaised)
    case hold(Reason)
    case release(Reason)
    case undoIntent(Undo)
    case undoDone(Undo)
    case undoFailed(Undo)
    case note(Reason)
    case correction(Correction)
    /// No further step begins; what follows is undone.
    case stop(Stop)
    case runClosed(RunClosed)

    /// The name of a kind in the journal.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case runOpen = "run_open"
        case clockSample = "clock_sample"
        case guardChecked = "guard"
        case intent
        case started
        case output
        case confirmed
        case finished
        case mark
        case probe
        case answer
        case alert
        case hold
        case release
        case undoIntent = "undo_intent"
        case undoDone = "undo_done"
        case undoFailed = "undo_failed"
        case note
        case correction
        case stop
        case runClosed = "run_closed"
    }

    package var kind: Kind {
        switch self {
        case .runOpen: .runOpen
        case .clockSample: .clockSample
        case .guardChecked: .guardChecked
        case .intent: .intent
        case .started: .started
        case .output: .output
        case .confirmed: .confirmed
        case .finished: .finished
        case .mark: .mark
        case .probe: .probe
        case .answer: .answer
        case .alert: .alert
        case .hold: .hold
        case .release: .release
        case .undoIntent: .undoIntent
        case .undoDone: .undoDone
        case .undoFailed: .undoFailed
        case .note: .note
        case .correction: .correction
        case .stop: .stop
        case .runClosed: .runClosed
        }
    }

    /// The value that stands under `data`.
    package var value: any Encodable & Sendable {
        switch self {
        case .runOpen(let value): value
        case .clockSample(let value): value
        case .guardChecked(let value): value
        case .intent(let value): value
        case .started(let value): value
        case .output(let value): value
        case .confirmed(let value): value
        case .finished(let value): value
        case .mark(let value): value
        case .probe(let value): value
        case .answer(let value): value
        case .alert(let value): value
        case .hold(let value), .release(let value), .note(let value): value
        case .undoIntent(let value), .undoDone(let value), .undoFailed(let value): value
        case .correction(let value): value
        case .stop(let value): value
        case .runClosed(let value): value
        }
    }

    init(kind: Kind, from decoder: any Decoder) throws {
        switch kind {
        case .runOpen: self = .runOpen(try RunOpened(from: decoder))
        case .clockSample: self = .clockSample(try ClockSample(from: decoder))
        case .guardChecked: self = .guardChecked(try GuardResult(from: decoder))
        case .intent: self = .intent(try Intent(from: decoder))
        case .started: self = .started(try Started(from: decoder))
        case .output: self = .output(try Output(from: decoder))
        case .confirmed: self = .confirmed(try Confirmed(from: decoder))
        case .finished: self = .finished(try Finished(from: decoder))
        case .mark: self = .mark(try Mark(from: decoder))
        case .probe: self = .probe(try ProbeBatch(from: decoder))
        case .answer: self = .answer(try Answer(from: decoder))
        case .alert: self = .alert(try AlertRaised(from: decoder))
        case .hold: self = .hold(try Reason(from: decoder))
        case .release: self = .release(try Reason(from: decoder))
        case .undoIntent: self = .undoIntent(try Undo(from: decoder))
        case .undoDone: self = .undoDone(try Undo(from: decoder))
        case .undoFailed: self = .undoFailed(try Undo(from: decoder))
        case .note: self = .note(try Reason(from: decoder))
        case .correction: self = .correction(try Correction(from: decoder))
        case .stop: self = .stop(try Stop(from: decoder))
        case .runClosed: self = .runClosed(try RunClosed(from: decoder))
        }
    }
}
