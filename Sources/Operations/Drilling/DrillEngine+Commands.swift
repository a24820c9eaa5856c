// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

extension DrillEngine {
    /// Ten minutes: longer than any command that was not given a time of its own should take.
    static let commandTimeout = Duration.minutes(10)
    /// Two minutes for an undo: it must be quick, and an unreachable host is tried for so long.
    static let undoTimeout = Duration.minutes(2)
    /// So long a lost connection is taken up again before the end of a step counts as unknown.
    static let reconnectPatience = Duration.minutes(1)

    // MARK: - run, script, shell, sql, notify and clean

    func performCommand(_ step: Step) throws {
        let command = try commands.command(of: step)
        let limit = step.timeout ?? Self.commandTimeout
        let hosts = step.touchedHosts
        if state.steps[step.id]?.intent == nil {
            try guardClean(step)
            try record(
                .intent(
                    DrillFact.Intent(
                        verb: step.verb.name, hosts: hosts, commands: [command.line], sha256: command.sha256,
                        undo: try commands.undoText(of: step), because: step.because)), step: step.id)
        }
        let numbers = fleet.nextNumbers()
        for host in step.undoHosts where !hosts.contains(host) { try registerUndo(of: step, at: host) }
        for host in hosts {
            try registerUndo(of: step, at: host)
            var run = try execute(command, unit: step.id, at: host, step: step, limit: limit)
            if run.result == .unknown { run = try settle(run, command, at: host, step: step, limit: limit) }
            if case .sql(let query) = step.verb { try compareRow(&run, query) }
            guard run.result == .passed, host == hosts.last else {
                if run.result == .passed { continue }
                return try finish(step, run)
            }
            guard try confirm(step, from: numbers, within: limit) else {
                return try finish(
                    step, DrillFact.Finished(result: .failed, expected: step.name, actual: "not confirmed"))
            }
            try finish(step, run)
        }
    }

    /// What a clean-up may remove later must not be there before.
    private func guardClean(_ step: Step) throws {
        guard case .clean(let path, let host)? = step.undo else { return }
        let folder = try values.fill(path)
        for host in host.map({ [$0] }) ?? step.hosts {
            let result = try persistently { try shell(at: host).run(HostScripts.absent, [folder]) }
            try record(
                .guardChecked(
                    DrillFact.GuardResult(
                        name: "not_there_before", host: host, passed: result.status == 0,
                        detail: result.status == 0 ? folder : result.reason)), step: step.id)
            guard result.status == 0 else {
                throw OperationError(
                    .refused, "\(result.reason); nothing was done", hint: "is it from an older run?")
            }
        }
    }

    /// Leaves the undo at the host, where a sweep finds it when every journal is lost.
    func registerUndo(of step: Step, at host: String) throws {
        guard step.undoHosts.contains(host), let undo = try commands.registeredUndo(of: step) else {
            return
        }
        let limit = Int((step.undo?.timeout ?? Self.undoTimeout).inSeconds.rounded(.up))
        _ = try persistently {
            let place = try place(at: host)
            return try place.shell.demand(
                "register the undo", HostScripts.registerUndo,
                [place.folder, step.id, undo.line, String(undo.script.count), String(limit)],
                input: undo.script)
        }
    }

    /// The row that came back is saved, and compared when one is expected.
    private func compareRow(_ run: inout DrillFact.Finished, _ query: SQLQuery) throws {
        guard run.result == .passed else { return }
        let row = run.saved["stdout"] ?? ""
        run.saved = ["row": row]
        run.actual += ", it says '\(row.prefix(200))'"
        guard let expected = try query.expectedRow.map(values.fill)?.map(Self.psqlText) else { return }
        run.expected = "the row \(expected.joined(separator: ", "))"
        if row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) != expected {
            run.result = .failed
        }
    }

    /// A value as psql prints it.
    static func psqlText(_ text: String) -> String {
        text == "true" ? "t" : text == "false" ? "f" : text
    }

    /// Begins a unit, or finds it again, and waits for its end.
    func execute(
        _ command: PreparedCommand, unit name: String, at host: String, step: Step, limit: Duration
    ) throws -> DrillFact.Finished {
        let unit = try persistently { try place(at: host).unit(name) }
        try persistently { try keepSecrets(of: step, in: unit) }
        let begun = try persistently { try unit.begin(command.line, script: command.script, limit: limit) }
        if state.steps[step.id]?.started.contains(where: { $0.host == host }) != true {
            try record(
                .started(DrillFact.Started(host: host, unit: unit.folder, hostNs: begun.wholeNanoseconds)),
                step: step.id)
        }
        let end = try waitForEnd(of: unit)
        try persistently { try dropSecrets(of: step, in: unit) }
        let words = try keepOutput(of: unit, name: name, step: step)
        var finished = finished(end, command, at: host, limit: limit)
        // 4 KiB: what is saved is a name, a number or a path, not a document.
        if finished.result == .passed { finished.saved["stdout"] = String(words.prefix(4_096)) }
        return finished
    }

    private func finished(
        _ end: RemoteUnit.State, _ command: PreparedCommand, at host: String, limit: Duration
    ) -> DrillFact.Finished {
        let expected = "exit status 0 within \(limit.text)"
        guard case .ended(let ending) = end else {
            return DrillFact.Finished(
                result: .unknown, expected: expected, actual: "the host lost it; nobody knows its end",
                host: host)
        }
        let result: DrillFact.Result = ending.timedOut ? .timedOut : ending.status == 0 ? .passed : .failed
        let took = (ending.ended - ending.begun).text
        return DrillFact.Finished(
            result: result, expected: expected,
            actual: ending.timedOut ? "killed after \(took)" : "exit status \(ending.status) after \(took)",
            host: host, begunHostNs: ending.begun.wholeNanoseconds, endedHostNs: ending.ended.wholeNanoseconds
        )
    }

    /// Waits for the end of a unit; an abort or a safety rule kills it first.
    func waitForEnd(of unit: RemoteUnit) throws -> RemoteUnit.State {
        var isKilled = false
        while true {
            let state = try persistently { try unit.look(patience: .seconds(1)) }
            switch state {
            case .ended, .lost, .absent: return state
            case .waiting, .running: break
            }
            takeRequests()
            if self.state.stopped == nil, !isKilled, reasonToStop() != nil {
                try persistently { try unit.kill() }
                isKilled = true
            }
        }
    }

    /// Keeps what a unit printed in the run's folder, and its end in the journal.
    ///
    /// - Returns: its standard output, without white space at its end.
    private func keepOutput(of unit: RemoteUnit, name: String, step: Step) throws -> String {
        var words = ""
        for stream in ["stdout", "stderr"] {
            // A megabyte is more than anybody reads; the host keeps the whole until the run is closed.
            let (size, bytes) = try persistently { try output(of: unit, stream, atMost: 1 << 20) }
            guard size > 0 else { continue }
            if stream == "stdout" { words = ShellResult.trimmed(bytes) }
            let host = unit.shell.host
            try context.folder.keep(bytes, as: "\(context.folder.outputFolder)/\(name)@\(host).\(stream)")
            let tail = String(decoding: bytes.suffix(2_000), as: UTF8.self)
            try record(
                .output(DrillFact.Output(host: host, stream: stream, bytes: size, tail: tail)), step: step.id)
        }
        return words
    }

    /// Tries again what a lost connection broke; only for what bears to be tried again.
    func persistently<Value>(_ body: () throws -> Value) throws -> Value {
        let end = context.time.sinceBoot() + Self.reconnectPatience
        while true {
            do {
                return try body()
            } catch let error as RemoteError where error.isTransient && context.time.sinceBoot() < end {
                baton.outside { DrillControl.pauseAnyway(.milliseconds(500)) }
            }
        }
    }

    // MARK: - check

    func performCheck(_ step: Step, _ check: Expectation) throws {
        if state.steps[step.id]?.started.isEmpty != false {
            try record(.started(DrillFact.Started(host: check.host, unit: nil, hostNs: nil)), step: step.id)
        }
        let (passed, actual) = try meets(
            check, of: step, unit: step.id, limit: step.timeout ?? Self.commandTimeout)
        try finish(
            step,
            DrillFact.Finished(
                result: passed ? .passed : .failed, expected: check.text, actual: actual, host: check.host))
    }

    /// Runs the command of an expectation and compares.
    func meets(
        _ expectation: Expectation, of step: Step, unit name: String, limit: Duration
    ) throws -> (Bool, String) {
        let values = values
        var command = try commands.line(expectation.arguments)
        command.line = commands.withSecrets(command.line, of: step)
        return try meets(command, of: step, at: expectation.host, unit: name, limit: limit) {
            status, output in
            guard status == expectation.exit else {
                return (false, "exit status \(status), expected \(expectation.exit)")
            }
            if let wanted = try expectation.output.map(values.fill), wanted != output {
                return (false, "it said '\(output.prefix(200))', expected '\(wanted)'")
            }
            if let part = try expectation.outputContains.map(values.fill), !output.contains(part) {
                return (false, "it said '\(output.prefix(200))', which does not hold '\(part)'")
            }
            return (true, "exit status \(status)")
        }
    }

    /// Asks a database until its row is the expected one, or the time is over.
    func meets(
        _ query: SQLQuery, of step: Step, unit name: String, limit: Duration
    ) throws -> (Bool, String) {
        let command = try commands.sql(query)
        let expected = try query.expectedRow.map(values.fill)?.map(Self.psqlText)
        let end = context.time.sinceBoot() + limit
        var turn = 0
        while true {
            turn += 1
            let found = try meets(command, of: step, at: query.host, unit: "\(name)-\(turn)", limit: limit) {
                status, output in
                guard status == 0 else { return (false, "psql ended with \(status)") }
                let row = output.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
                guard let expected, row != expected else { return (true, "the row \(output.prefix(200))") }
                return (
                    false, "the row '\(output.prefix(200))', expected '\(expected.joined(separator: "\t"))'"
                )
            }
            guard !found.0, context.time.sinceBoot() < end, reasonToStop() == nil else { return found }
            pause(.milliseconds(500))
        }
    }

    /// Runs a command under the supervisor and judges its end and its words.
    func meets(
        _ command: PreparedCommand, of step: Step, at host: String, unit name: String, limit: Duration,
        judge: (Int, String) throws -> (Bool, String)
    ) throws -> (Bool, String) {
        let unit = try persistently { try place(at: host).unit(name) }
        try persistently { try keepSecrets(of: step, in: unit) }
        _ = try persistently { try unit.begin(command.line, script: command.script, limit: limit) }
        let end = try waitForEnd(of: unit)
        try persistently { try dropSecrets(of: step, in: unit) }
        guard case .ended(let ending) = end else {
            return (false, "its end is not known")
        }
        if ending.timedOut { return (false, "not done within \(limit.text)") }
        let output = ShellResult.trimmed(
            try persistently { try self.output(of: unit, "stdout", atMost: 1 << 20) }.tail)
        return try judge(ending.status, output)
    }
}

extension Expectation {
    /// What is expected, as the validation table says it.
    var text: String {
        var text = "\(arguments.first ?? "") ends with \(exit)"
        if let output { text += " and says '\(output)'" }
        if let outputContains { text += " and says something with '\(outputContains)'" }
        return text
    }
}
