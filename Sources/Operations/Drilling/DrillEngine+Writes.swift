// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    // MARK: - backup

    func performBackup(_ step: Step, _ backup: Backup) throws {
        try record(.started(DrillFact.Started(host: nil, unit: nil, hostNs: nil)), step: step.id)
        let done = try baton.outside {
            try context.restorer.backUp(dataset: backup.dataset, isFull: backup.isFull)
        }
        try finish(
            step,
            DrillFact.Finished(
                result: done.isWhole ? .passed : .failed, expected: "one more point of \(backup.dataset)",
                actual: done.text, saved: ["point": done.point]))
    }

    // MARK: - verify writes

    /// Compares the writes that were answered with the rows that the recovered service holds.
    ///
    /// A write whose answer never came proves nothing, whether it is there or not.
    func performWriteCheck(_ step: Step, _ check: Verification.WriteCheck) throws {
        try record(.started(DrillFact.Started(host: check.query.host, unit: nil, hostNs: nil)), step: step.id)
        // Before the rows are read: what is answered later cannot be among them.
        let views = fleet.view(of: check.probe)
        let command = try commands.sql(check.query)
        let unit = try persistently { try place(at: check.query.host).unit(step.id) }
        let limit = step.timeout ?? Self.commandTimeout
        try persistently { try keepSecrets(of: step, in: unit) }
        _ = try persistently { try unit.begin(command.line, script: command.script, limit: limit) }
        let end = try waitForEnd(of: unit)
        try persistently { try dropSecrets(of: step, in: unit) }
        guard case .ended(let ending) = end, ending.status == 0, !ending.timedOut else {
            throw OperationError(.failed, "the rows could not be read")
        }
        // 64 MiB: five million numbers.
        let output = try persistently { try unit.output("stdout", atMost: 64 << 20) }.tail
        let rows = Set(output.split(separator: 10).compactMap { Int(String(decoding: $0, as: UTF8.self)) })
        guard let (host, track) = views.first, views.count == 1 else {
            throw OperationError(.failed, "\(check.probe) writes from \(views.count) places, not from one")
        }
        let read = WriteComparison(track: track, rows: rows).read(probe: check.probe, host: host)
        let isGood = read.lastNumber != nil && (check.allowsHoles || read.holes.isEmpty)
        try finish(
            step,
            DrillFact.Finished(
                result: isGood ? .passed : .failed,
                expected:
                    "the answered writes of \(check.probe)\(check.allowsHoles ? "" : " without a hole")",
                actual: "\(read.recovered) of \(read.acknowledged) answered writes are there, "
                    + "\(read.lost) lost at the end, \(read.holes.count) holes",
                host: check.query.host,
                saved: [
                    "last_seq": read.lastNumber.map(String.init) ?? "", "lost_count": String(read.lost),
                    "lost_window": read.lostWindow?.text ?? "unknown",
                ], proof: .writes(read)))
    }
}
