// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

extension DrillEngine {
    /// Arms the heal timer at the target, makes the fault, and proves that it is in force.
    func performFault(_ step: Step, _ fault: Fault) throws {
        guard let host = fault.host else { return try performPeopleFault(step, fault) }
        let inject = try commands.injection(of: fault, step: step)
        let heal = try commands.healing(of: fault, step: step)
        let limit = step.timeout ?? Self.undoTimeout
        if state.steps[step.id]?.intent == nil {
            try record(
                .intent(
                    DrillFact.Intent(
                        verb: "fault", hosts: [host], commands: [inject.line], sha256: inject.sha256,
                        undo: "heal: \(heal.line)", because: step.because,
                        ttlSeconds: fault.ttl?.inSeconds)),
                step: step.id)
        }
        let timer = try persistently { try place(at: host).timer(step.id + ".heal") }
        if let fired = try persistently({ try timer.fired() }) {
            return try finish(
                step,
                DrillFact.Finished(
                    result: .failed, expected: fault.kindName,
                    actual: "the timer healed it already, with status \(fired.status)"))
        }
        try persistently { try timer.arm(heal.line, script: heal.script, after: fault.ttl) }
        let numbers = fleet.nextNumbers()
        var end = try execute(inject, unit: step.id, at: host, step: step, limit: limit)
        if end.result == .passed, try !confirm(step, from: numbers, within: limit) {
            end.result = .failed
            end.actual = "made, but it could not be seen to be in force"
        }
        end.expected =
            "\(fault.kindName) in force, "
            + (fault.ttl.map { "healing itself after \($0.text)" } ?? "never healing by itself")
        try finish(step, end)
    }

    /// Heals a fault, then ends its timer and proves that it is gone.
    ///
    /// In this order: a crash between the two must leave the timer.
    func heal(_ step: Step, _ fault: Fault, at host: String, attempt: Int) throws -> String {
        let place = try place(at: host)
        let timer = place.timer(step.id + ".heal")
        let command = try commands.healing(of: fault, step: step)
        // Where the timer was never armed nothing was injected; healing is still harmless.
        let isArmed = try place.shell.run("[ -e \"$1/armed\" ]", [timer.folder]).status == 0
        let line = isArmed ? timer.healCommand : command.line
        let detail = try runUndo(
            PreparedCommand(line: line, script: isArmed ? [] : command.script), step: step, at: host,
            attempt: attempt, limit: Self.undoTimeout)
        // Both heals take one lock, so a timer that came first has written its end by now.
        let fired = try timer.fired()
        try timer.disarm()
        guard let fired else { return "\(detail), timer disarmed" }
        return "\(detail); the timer had healed it before, with status \(fired.status)"
    }

    /// A fault of people: what the engine itself takes out of their reach.
    private func performPeopleFault(_ step: Step, _ fault: Fault) throws {
        let text: String
        switch fault.kind {
        case .personAbsent(let person, let role):
            text = "\(person)\(role.map { ", the \($0)," } ?? "") cannot be reached"
        case .documentAbsent(let document): text = "\(document) cannot be read"
        case .vaultAbsent(let store): text = "\(store) may not be used"
        default: throw OperationError(.failed, "the fault \(fault.kindName) needs a host")
        }
        if state.steps[step.id]?.intent == nil {
            try record(
                .intent(
                    DrillFact.Intent(
                        verb: "fault", hosts: [], commands: [text], sha256: Hex.sha256(Array(text.utf8)),
                        undo: "heal: it is over when the drill ends", because: step.because)), step: step.id)
        }
        try finish(step, DrillFact.Finished(result: .passed, expected: fault.kindName, actual: text))
    }

    /// Who cannot be reached because a fault is in force.
    var absentPeople: Set<String> {
        state.absentPeople(scenario)
    }

    /// The stores that may not be used because a fault is in force.
    var absentStores: Set<String> {
        Set(
            state.faultsInForce(scenario).compactMap {
                if case .vaultAbsent(let store) = $0.kind { store } else { nil }
            })
    }

    /// The documents that nobody can read because a fault is in force.
    var absentDocuments: Set<String> {
        Set(
            state.faultsInForce(scenario).compactMap {
                if case .documentAbsent(let name) = $0.kind { name } else { nil }
            })
    }
}
