// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

extension DrillEngine {
    /// Undoes what was intended; one that fails never keeps another from being tried.
    func undoEverything() {
        endLeftUnits()
        let owed = state.owedUndos.compactMap { scenario.step($0) }
        guard state.stopped?.cause == .real else { return undoSideBySide(owed) }
        // A real incident cannot wait for a clean-up: what disturbs goes first.
        let isFault = { (step: Step) in if case .fault = step.verb { true } else { false } }
        undoSideBySide(owed.filter(isFault))
        undoSideBySide(owed.filter { !isFault($0) })
    }

    /// Undoes each step as soon as the undo of every step that needed it has ended, well or not.
    ///
    /// Steps of which neither needed the other are undone side by side, as they may have run.
    ///
    /// `owed`: newest first, in which order those that are ready together begin.
    private func undoSideBySide(_ owed: [Step]) {
        let ancestors = scenario.ancestors
        var left = owed
        while !left.isEmpty || !lanes.isEmpty {
            for (id, lane) in lanes where lane.isOver { lanes[id] = nil }
            let unfinished = Set(left.map(\.id)).union(lanes.keys)
            let ready = left.firstIndex { step in
                !unfinished.contains { ancestors[$0]?.contains(step.id) == true }
            }
            if let ready {
                beginUndo(of: left.remove(at: ready))
            } else {
                // Whoever ends wakes this thread.
                baton.wait(atMost: .milliseconds(100))
            }
        }
    }

    /// Begins an undo, and waits until the journal has its first word, so that they stand there in order.
    private func beginUndo(of step: Step) {
        let lane = DrillLane(step)
        lanes[step.id] = lane
        let before = state.steps[step.id]?.undoIntents ?? 0
        // Joined by its end: nobody is let out of `undoSideBySide` while a lane is open.
        _ = Worker("undo \(step.id)") { [self] in
            baton.hold {
                undo(step)
                lane.isOver = true
                baton.sayChanged()
            }
        }
        while !lane.isOver, journalFailure == nil, state.steps[step.id]?.undoIntents == before {
            baton.wait(atMost: .milliseconds(100))
        }
    }

    /// Ends what a dead controller left running and nobody has taken up: it would go on beside its own undo.
    private func endLeftUnits() {
        for step in state.openSteps.compactMap({ scenario.step($0) }) {
            for host in step.touchedHosts {
                do {
                    try persistently {
                        let place = try place(at: host)
                        for name in [step.id, step.id + ".again"] { try place.unit(name).kill() }
                    }
                } catch {
                    note("\(step.id) may still be going on at \(host): \(error)", step: step.id)
                }
            }
        }
    }

    private func undo(_ step: Step) {
        let what = state.steps[step.id]?.intent?.undo ?? ""
        // An undo that a dead controller began is found again; only one that failed is tried anew.
        let attempt = (state.steps[step.id]?.failedUndos ?? 0) + 1
        if let left = leftAfterPivot(step) {
            return tryToRecord(
                .undoDone(DrillFact.Undo(host: nil, what: what, detail: left)), step: step.id)
        }
        if case .fault(let fault) = step.verb, fault.host == nil {
            tryToRecord(.undoIntent(DrillFact.Undo(host: nil, what: what)), step: step.id)
            return tryToRecord(
                .undoDone(DrillFact.Undo(host: nil, what: what, detail: "over")), step: step.id)
        }
        for host in step.undoHosts {
            tryToRecord(.undoIntent(DrillFact.Undo(host: host, what: what)), step: step.id)
            do {
                var detail = try persistently { try undo(step, at: host, attempt: attempt) }
                if host == step.undoHosts.last, let confirm = step.undoConfirm {
                    detail += ", confirmed: " + (try confirmUndo(of: step, confirm, attempt: attempt))
                }
                try persistently { try place(at: host).dropUndo(of: step.id) }
                tryToRecord(.undoDone(DrillFact.Undo(host: host, what: what, detail: detail)), step: step.id)
            } catch {
                tryToRecord(
                    .undoFailed(DrillFact.Undo(host: host, what: what, detail: "\(error)")), step: step.id)
                return
            }
        }
    }

    /// Why a fault stays as it is: behind the point of no return healing it would make two writers.
    private func leftAfterPivot(_ step: Step) -> String? {
        guard case .fault(let fault) = step.verb, fault.isForbiddenAfterPivot, state.hasPassedPivot(scenario)
        else { return nil }
        return "left as it is: behind the point of no return this heal is forbidden"
    }

    private func undo(_ step: Step, at host: String, attempt: Int) throws -> String {
        if case .fault(let fault) = step.verb {
            return try heal(step, fault, at: host, attempt: attempt)
        }
        switch step.undo {
        case .run(_, _, let timeout), .script(_, _, _, let timeout):
            guard let command = try commands.undo(of: step) else { return "nothing to undo" }
            return try runUndo(
                command, step: step, at: host, attempt: attempt, limit: timeout ?? Self.undoTimeout)
        case .clean(let path, _):
            let folder = try values.fill(path)
            return try shell(at: host).demand("clean up", HostScripts.clean, [folder, run])
        case nil, .some(.none): return "nothing to undo"
        }
    }

    /// Proves an undo, whose own exit status did not say enough.
    private func confirmUndo(of step: Step, _ confirm: Expectation, attempt: Int) throws -> String {
        let (passed, detail) = try meets(
            confirm, of: step, unit: "\(step.id).undo-\(attempt).confirm",
            limit: step.undo?.timeout ?? Self.undoTimeout)
        guard passed else { throw OperationError(.failed, "undone, and not confirmed: \(detail)") }
        return detail
    }

    /// Runs an undo under the supervisor.
    func runUndo(
        _ command: PreparedCommand, step: Step, at host: String, attempt: Int, limit: Duration
    ) throws -> String {
        var unit = try place(at: host).unit("\(step.id).undo-\(attempt)")
        try keepUndoSecrets(of: step, in: unit)
        _ = try unit.begin(command.line, script: command.script, limit: limit)
        var end = try waitForEnd(of: unit)
        if case .lost = end {
            // The host was started anew meanwhile; an undo bears to be run twice.
            unit = try place(at: host).unit("\(step.id).undo-\(attempt)-again")
            try keepUndoSecrets(of: step, in: unit)
            _ = try unit.begin(command.line, script: command.script, limit: limit)
            end = try waitForEnd(of: unit)
        }
        guard case .ended(let ending) = end else {
            throw OperationError(.failed, "its end is not known")
        }
        guard ending.status == 0, !ending.timedOut else {
            let words = ShellResult.trimmed(try output(of: unit, "stderr", atMost: 500).tail)
            let end = ending.timedOut ? "killed after \(limit.text)" : "exit status \(ending.status)"
            throw OperationError(.failed, words.isEmpty ? end : "\(end): \(words)")
        }
        return "exit status 0 after \((ending.ended - ending.begun).text)"
    }

    // MARK: - The end

    /// Brings in the probers' samples and takes this run's folders off the hosts.
    func bringIn() {
        for batch in fleet.stop() { tryToRecord(.probe(batch)) }
        guard context.rehearsal == nil else { return }
        let isClean = state.owedUndos.isEmpty
        let places = Set(scenario.steps.flatMap(\.reachedHosts) + context.probers.map(\.host)).sorted()
        for host in places {
            do {
                // The folder of a host with leftovers holds what is needed to heal them.
                if isClean { try persistently { try place(at: host).remove() } }
            } catch {
                note("the run's folder is still at \(host): \(error)")
            }
        }
    }

    func close() {
        var leftovers = state.owedUndos.map { "\($0): \(state.steps[$0]?.undoDetail ?? "")" }
        if let journalFailure { leftovers.append("the journal: \(journalFailure)") }
        var outcome = DrillOutcome.failed
        do {
            outcome = try context.outcome()
        } catch {
            leftovers.append("no verdict: \(error)")
        }
        tryToRecord(
            .runClosed(
                DrillFact.RunClosed(
                    outcome: outcome, aftermath: leftovers.isEmpty ? .clean : .leftovers, leftovers: leftovers
                )))
    }
}
