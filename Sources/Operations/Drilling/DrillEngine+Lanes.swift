// SPDX-License-Identifier: Apache-2.0
import Continuity

/// A step that is under way on a thread of its own.
final class DrillLane: @unchecked Sendable {
    // Unchecked: everything mutable is only touched by the thread that holds the engine's baton.
    let step: Step
    var isOver = false
    /// Why the run must end with this step; `nil` when it may go on.
    var ending: DrillFact.Stop?
    /// What the journal, and only the journal, could not bear.
    var error: (any Error)?

    init(_ step: Step) {
        self.step = step
    }
}

/// Steps whose needs are met run side by side.
extension DrillEngine {
    /// Runs every step that is left, each as soon as what it needs has ended.
    ///
    /// A hold lets nothing new begin. An abort, a safety rule or a failed step does so for good; what is
    /// under way then comes to its end, by itself, by its own limit, or killed by the abort.
    ///
    /// - Returns: why the run ends before its last step; `nil` when every step has ended.
    /// - Throws: what the journal said when it took no more records.
    func performSideBySide() throws -> DrillFact.Stop? {
        defer { ending = nil }
        while true {
            takeEnded()
            if ending == nil { ending = laneFailure == nil ? reasonToStop() : Self.journalLost }
            if ending == nil, let step = nextToBegin() {
                begin(step)
                continue
            }
            guard !lanes.isEmpty || (ending == nil && hasLeft) else { break }
            // Whoever ends wakes this thread; a hold that is released and an abort are looked for.
            baton.wait(atMost: .milliseconds(100))
        }
        if let laneFailure { throw laneFailure }
        return ending
    }

    /// Begins a step, and waits until the journal has its first word.
    ///
    /// So steps that become ready together are announced in written order, and undone in the reverse of it.
    private func begin(_ step: Step) {
        let lane = DrillLane(step)
        lanes[step.id] = lane
        // Joined by its end: nobody is let out of `performSideBySide` while a lane is open.
        _ = Worker("step \(step.id)") { [self] in
            baton.hold {
                carry(step, in: lane)
                lane.isOver = true
                baton.sayChanged()
            }
        }
        while !lane.isOver, state.steps[step.id]?.begunAt == nil { baton.wait(atMost: .milliseconds(100)) }
    }

    private func carry(_ step: Step, in lane: DrillLane) {
        do {
            if state.result(of: step.id) == nil { try perform(step) }
            if step.isPivot, state.hasPassedPivot(scenario) { context.control.passPivot() }
            lane.ending = try reasonToEnd(with: step)
        } catch {
            lane.error = error
        }
    }

    /// Why the run must end with a step that has ended; asks whoever may let it go on.
    private func reasonToEnd(with step: Step) throws -> DrillFact.Stop? {
        guard !isSettled(step), let result = state.result(of: step.id) else { return nil }
        // A step that an abort has cut short did not fail; what follows another's failure is no news.
        if let reason = ending ?? reasonToStop() { return reason }
        if try isWaived(step) { return nil }
        return ending ?? reasonToStop()
            ?? DrillFact.Stop(cause: .failed, text: "step \(step.id): \(result.rawValue)")
    }

    private func takeEnded() {
        for (id, lane) in lanes.sorted(by: { $0.key < $1.key }) where lane.isOver {
            lanes[id] = nil
            if ending == nil { ending = lane.ending }
            if laneFailure == nil { laneFailure = lane.error }
        }
    }

    private static let journalLost = DrillFact.Stop(
        cause: .failed, text: "the journal takes no more records")

    // MARK: - What is ready

    /// The next step to begin: first what a dead controller left, then in written order.
    ///
    /// While the run is held only the former: it is under way already.
    private func nextToBegin() -> Step? {
        let ready = readySteps
        if let open = ready.first(where: { state.steps[$0.id]?.begunAt != nil }) { return open }
        return state.holds.isEmpty ? ready.first : nil
    }

    /// The steps that may begin now, in written order.
    var readySteps: [Step] {
        scenario.steps.indices.filter { index in
            let step = scenario.steps[index]
            guard lanes[step.id] == nil, !isSettled(step) else { return false }
            return scenario.needs(of: index).allSatisfy { state.result(of: $0) != nil && lanes[$0] == nil }
        }.map { scenario.steps[$0] }
    }

    private var hasLeft: Bool { !readySteps.isEmpty }

    /// Whether nothing is left to do or to ask about a step.
    private func isSettled(_ step: Step) -> Bool {
        guard let result = state.result(of: step.id) else { return false }
        return result.allowsGoingOn || !step.isCritical || state.steps[step.id]?.waivedBy != nil
    }
}
