// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

/// A shell at a host whose every script is a unit of a step: it outlives the connection and the controller,
/// and ends with the step's limit and with an abort of the run.
///
/// Only for a thread that holds the engine's baton, which is away while a script runs.
final class SupervisedShell: HostShell {
    let host: String
    private let engine: DrillEngine
    private let step: Step
    private let end: Duration?
    private let limit: Duration?
    /// A new controller that asks the same in the same order finds the units of the dead one again.
    private var number = 0

    /// `limit`: how long all that is run here may take together; `nil` sets none.
    init(_ engine: DrillEngine, _ step: Step, host: String, limit: Duration?) {
        self.engine = engine
        self.step = step
        self.host = host
        self.limit = limit
        end = limit.map { engine.context.time.sinceBoot() + $0 }
    }

    /// - Throws: `OperationError` when it was not done in time, or the run was stopped meanwhile.
    func run(_ script: String, _ arguments: [String], input: [UInt8]) throws -> ShellResult {
        precondition(input.isEmpty, "a unit has no standard input")
        number += 1
        let unit = try engine.persistently { try engine.place(at: host).unit("\(step.id).read-\(number)") }
        let left = end.map { max(.seconds(1), $0 - engine.context.time.sinceBoot()) }
        _ = try engine.persistently {
            try unit.begin(
                "exec sh ./script " + shellQuoted(arguments), script: Array((script + "\n").utf8), limit: left
            )
        }
        guard case .ended(let ending) = try engine.waitForEnd(of: unit) else {
            throw OperationError(.failed, "its end at \(host) is not known")
        }
        if ending.timedOut { throw OperationError(.failed, "not done within \(limit?.text ?? "its time")") }
        if let stop = engine.context.control.stopReason, ending.status != 0 {
            throw OperationError(.failed, "ended with the run: \(stop.text)")
        }
        return ShellResult(
            status: ending.status, output: try words(of: unit, "stdout"), error: try words(of: unit, "stderr")
        )
    }

    /// A gigabyte: the hashes of some eight million files.
    private func words(of unit: RemoteUnit, _ stream: String) throws -> [UInt8] {
        try engine.persistently { try unit.output(stream, atMost: 1 << 30) }.tail
    }
}
