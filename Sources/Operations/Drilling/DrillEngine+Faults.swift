// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

extension DrillEngine {
    /// Arms the heal timer at the target, makes the fault, and proves that it is in force.
    func performFault(_ step: Step, _ fault: Fault) throws {
        let inject = try injection(of: fault)
        let heal = try healing(of: fault)
        let limit = step.timeout ?? Self.undoTimeout
        if state.steps[step.id]?.intent == nil {
            try record(
                .intent(
                    DrillFact.Intent(
                        verb: "fault", hosts: [fault.host], commands: [inject.line], sha256: inject.sha256,
                        undo: "heal: \(heal.line)", because: nil, ttlSeconds: fault.ttl.inSeconds)),
                step: step.id)
        }
        let timer = try persistently { try place(at: fault.host).timer(step.id + ".heal") }
        if let fired = try persistently({ try timer.fired() }) {
            return try finish(
                step,
                DrillFact.Finished(
                    result: .failed, expected: fault.kindName,
                    actual: "the timer healed it already, with status \(fired.status)"))
        }
        try persistently { try timer.arm(heal.line, script: heal.script, after: fault.ttl) }
        let numbers = fleet.nextNumbers()
        var end = try execute(inject, unit: step.id, at: fault.host, step: step, limit: limit)
        if end.result == .passed, try !confirm(step, from: numbers, within: limit) {
            end.result = .failed
            end.actual = "made, but it could not be seen to be in force"
        }
        end.expected = "\(fault.kindName) in force, healing itself after \(fault.ttl.text)"
        try finish(step, end)
    }

    /// Heals a fault, then ends its timer and proves that it is gone.
    ///
    /// In this order: a crash between the two must leave the timer.
    func heal(_ step: Step, _ fault: Fault, attempt: Int) throws -> String {
        let place = try place(at: fault.host)
        let timer = place.timer(step.id + ".heal")
        let command = try healing(of: fault)
        let fired = try timer.fired()
        // Where the timer was never armed nothing was injected; healing is still harmless.
        let isArmed = try place.shell.run("[ -e \"$1/armed\" ]", [timer.folder]).status == 0
        let line = isArmed ? timer.healCommand : command.line
        let detail = try runUndo(
            PreparedCommand(line: line, script: isArmed ? [] : command.script), step: step, at: fault.host,
            attempt: attempt, limit: Self.undoTimeout)
        try timer.disarm()
        guard let fired else { return "\(detail), timer disarmed" }
        return "\(detail); the timer had healed it before, with status \(fired.status)"
    }

    private func injection(of fault: Fault) throws -> PreparedCommand {
        switch fault.kind {
        case .siteBlock(let site):
            let addresses = context.plan.hosts.filter { $0.site == site }.map(\.ssh.host)
            return PreparedCommand(
                line: shellQuoted(["sh", "-c", HostScripts.block, "block", table] + addresses))
        case .serviceStop(let stop, _):
            return PreparedCommand(line: shellQuoted(try values.fill(stop)))
        }
    }

    private func healing(of fault: Fault) throws -> PreparedCommand {
        switch (fault.heal, fault.kind) {
        case (.run(let arguments), _): PreparedCommand(line: shellQuoted(try values.fill(arguments)))
        case (.script(let path, let arguments), _):
            PreparedCommand(
                line: "./script " + shellQuoted(try values.fill(arguments)), script: try script(path))
        case (.auto, .siteBlock):
            PreparedCommand(line: shellQuoted(["sh", "-c", HostScripts.unblock, "unblock", table]))
        case (.auto, .serviceStop(_, let start)): PreparedCommand(line: shellQuoted(try values.fill(start)))
        }
    }

    /// The run's own table; nft names take no dash.
    var table: String {
        "drill_" + run.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }
}
