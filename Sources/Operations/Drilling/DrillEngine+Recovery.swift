// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    // MARK: - restore

    func performRestore(_ step: Step, _ restore: Restore) throws {
        let path = try values.fill(restore.path)
        // A store that a fault takes away is as good as lost: the next best one is used.
        let rules = PointRules(
            source: restore.from, instant: try bound(of: restore.at), absent: absentStores)
        let point = try baton.outside {
            try context.restorer.choosePoint(dataset: restore.dataset, by: rules)
        }
        if restore.planOnly {
            return try finish(
                step,
                DrillFact.Finished(
                    result: .passed, expected: "a whole point of \(restore.dataset)",
                    actual: "\(point.point) in \(point.store)", saved: Self.saves(of: point)))
        }
        if state.steps[step.id]?.isOpen == true { try askBeforeAgain(step, host: restore.host, path: path) }
        try record(
            .intent(
                DrillFact.Intent(
                    verb: "restore", hosts: [restore.host],
                    commands: ["\(point.dataset) \(point.point) from \(point.store) to \(path)"],
                    sha256: Hex.sha256(Array("\(point.point)\n\(path)".utf8)),
                    undo: try commands.undoText(of: step),
                    because: step.because)), step: step.id)
        for host in step.undoHosts { try registerUndo(of: step, at: host) }
        try record(.started(DrillFact.Started(host: restore.host, unit: nil, hostNs: nil)), step: step.id)
        try finish(step, try restoreAccepted(step, restore, point, to: path, by: rules))
    }

    /// Restores the point, and older ones until one is accepted.
    private func restoreAccepted(
        _ step: Step, _ restore: Restore, _ newest: ChosenPoint, to path: String, by rules: PointRules
    ) throws -> DrillFact.Finished {
        var point = newest
        var number = 1
        while true {
            let begun = context.time.sinceBoot()
            var end: DrillFact.Finished
            do {
                let done = try restoreOne(step, restore, point, to: path, since: begun)
                end = restored(done, point, restore, path, took: context.time.sinceBoot() - begun)
            } catch let error as OperationError where error.code == .damaged {
                // What is damaged is known not to have come back; it is no open question.
                end = DrillFact.Finished(
                    result: .failed, expected: "\(point.dataset) from \(point.site), every hash checked",
                    actual: error.detail, host: restore.host)
            }
            guard let acceptance = restore.acceptance, context.control.stopReason == nil else { return end }
            var objection = end.result == .passed ? nil : end.actual
            if end.result == .passed {
                objection = try self.objection(to: path, acceptance, step, restore, number)
            }
            guard let objection else {
                if number > 1 { end.actual += ", the \(number - 1) newer were not accepted" }
                return end
            }
            note("\(point.point) is not accepted: \(objection)", step: step.id)
            let older = try baton.outside {
                try context.restorer.pointBefore(point, by: rules)
            }
            guard number < acceptance.points, let older else {
                end.result = .failed
                end.actual = "none of \(number) points was accepted; the last: \(objection)"
                end.proof = nil
                return end
            }
            _ = try shell(at: restore.host).demand("empty \(path)", HostScripts.empty, [path, run])
            (point, number) = (older, number + 1)
        }
    }

    private func restoreOne(
        _ step: Step, _ restore: Restore, _ point: ChosenPoint, to path: String, since begun: Duration
    ) throws -> RestoreRun {
        let limit = step.timeout
        let (control, time) = (context.control, context.time)
        return try baton.outside {
            try context.restorer.restore(point, to: restore.host, path: path) {
                control.stopReason != nil || limit.map { time.sinceBoot() - begun > $0 } == true
            }
        }
    }

    /// Why a restored folder is not accepted; `nil` when it is.
    private func objection(
        to path: String, _ acceptance: Restore.Acceptance, _ step: Step, _ restore: Restore, _ number: Int
    ) throws -> String? {
        let command =
            switch acceptance.question {
            case .run(let arguments): try commands.line(arguments + [path])
            case .script(let script, let arguments): try commands.script(script, arguments + [path])
            }
        let (passed, words) = try meets(
            command, of: step, at: restore.host, unit: "\(step.id).accept-\(number)",
            limit: step.timeout ?? Self.commandTimeout
        ) { status, output in
            (status == 0, output.isEmpty ? "exit status \(status)" : String(output.prefix(300)))
        }
        return passed ? nil : words
    }

    private func restored(
        _ done: RestoreRun, _ point: ChosenPoint, _ restore: Restore, _ path: String, took: Duration
    ) -> DrillFact.Finished {
        let expected = "\(point.dataset) from \(point.site), every hash checked"
        guard done.succeeded else {
            return DrillFact.Finished(
                result: .failed, expected: expected, actual: done.detail ?? "not restored", host: restore.host
            )
        }
        let proof = DrillFact.Restored(
            dataset: point.dataset, point: point.point, store: point.store, site: point.site,
            host: restore.host, path: path, consistencyAt: point.consistencyAt, members: done.members,
            bytes: done.bytes)
        return DrillFact.Finished(
            result: .passed, expected: expected,
            actual: "\(point.point): \(done.members) members, \(done.bytes) bytes in \(took.text)",
            host: restore.host, saved: Self.saves(of: point), proof: .restored(proof))
    }

    private static func saves(of point: ChosenPoint) -> [String: String] {
        [
            "point": point.point, "chain_id": point.point, "store": point.store,
            "consistency_time": point.consistencyAt.description,
        ]
    }

    private func bound(of instant: Restore.Instant) throws -> Moment? {
        switch instant {
        case .newest: return nil
        case .moment(let moment): return moment
        case .mark(let name):
            guard let mark = state.marks[name] else {
                throw OperationError(.failed, "the mark \(name) was never set")
            }
            return mark.utc
        }
    }

    /// After a crash nobody knows how far the restore came; a person says whether to begin it again.
    private func askBeforeAgain(_ step: Step, host: String, path: String) throws {
        let result = try persistently {
            try shell(at: host).run("[ -z \"$(ls -A \"$1\" 2>/dev/null)\" ]", [path])
        }
        if result.status == 0 { return }
        let answer = try holdAndAsk(
            step, because: "\(path) at \(host) is half restored",
            ask: "the controller died while it restored; empty \(path) at \(host) and begin again?",
            [Question.Choice(id: "again"), Question.Choice(id: "give_up", passes: false)])
        guard answer?.answer == "again" else {
            throw OperationError(.failed, "the restore was left half done by a dead controller")
        }
        _ = try shell(at: host).demand("empty the half restored folder", HostScripts.empty, [path, run])
    }

    // MARK: - verify

    func performTreeCheck(_ step: Step, _ check: Verification.TreeCheck) throws {
        let path = try values.fill(check.path)
        try record(.started(DrillFact.Started(host: check.host, unit: nil, hostNs: nil)), step: step.id)
        let point = try point(of: check.against)
        let expected = try baton.outside { try context.restorer.files(of: point) }
        let scratch = try persistently { try place(at: check.host) }.folder + "/\(step.id).red"
        let red = try persistently {
            try shell(at: check.host).lend {
                try TreeHashing.proveRed(check.spoils, of: path, in: scratch, at: $0, expected: expected)
            }
        }
        let found = try TreeHashing.compare(
            path, at: SupervisedShell(self, step, host: check.host, limit: step.timeout), with: expected)
        let proof = DrillFact.TreeVerified(
            host: check.host, path: path, point: point.point, files: found.files,
            mismatched: found.mismatched,
            missing: found.missing, unexpected: found.unexpected, wentRedOn: red, faults: found.faults)
        let wrong = found.faults.isEmpty ? "" : "; \(found.faults.prefix(3).joined(separator: ", "))"
        try finish(
            step,
            DrillFact.Finished(
                result: found.isGood ? .passed : .failed,
                expected: "\(expected.count) files as in \(point.point)",
                actual: "\(found.files) files hashed, \(found.mismatched) changed, \(found.missing) missing, "
                    + "\(found.unexpected) unexpected\(wrong)",
                host: check.host, proof: .tree(proof)))
    }

    private func point(of against: Verification.Against) throws -> ChosenPoint {
        let name: String? = if case .point(let text) = against { try values.fill(text) } else { nil }
        for (id, step) in state.steps {
            guard case .restored(let restored)? = step.finished?.proof else { continue }
            if case .step(let wanted) = against, wanted != id { continue }
            if let name, name != restored.point { continue }
            return ChosenPoint(
                dataset: restored.dataset, point: restored.point, store: restored.store, site: restored.site,
                consistencyAt: restored.consistencyAt)
        }
        throw OperationError(.failed, "no step of this run has restored what is to be verified")
    }

    func performCanaryCheck(_ step: Step, _ check: Verification.CanaryCheck) throws {
        let path = try values.fill(check.path)
        try record(.started(DrillFact.Started(host: check.host, unit: nil, hostNs: nil)), step: step.id)
        let shell = SupervisedShell(self, step, host: check.host, limit: step.timeout)
        let result = try shell.run("cat -- \"$1\"", [path])
        guard result.status == 0 else {
            return try finish(
                step,
                DrillFact.Finished(
                    result: .failed, expected: "the canary \(check.canary)", actual: result.reason,
                    host: check.host))
        }
        let read = CanaryReading.read(
            result.output, canary: check.canary, acknowledged: try context.acknowledged(check.canary),
            dataset: context.plan.canaries.first { $0.id == check.canary }?.dataset ?? "")
        let isGood = read.lastSequence != nil && (check.allowsHoles || read.holes.isEmpty)
        try finish(
            step,
            DrillFact.Finished(
                result: isGood ? .passed : .failed,
                expected:
                    "acknowledged records of \(check.canary)\(check.allowsHoles ? "" : " without a hole")",
                actual: read.lastSequence.map {
                    "\(read.records) records up to number \($0), \(read.holes.count) holes"
                } ?? "no acknowledged record among \(read.unknownLines) lines",
                host: check.host, saved: read.lastSequence.map { ["last_seq": String($0)] } ?? [:],
                proof: .canary(read)))
    }
}

/// Recognises acknowledged canary records by their hash, whatever else the file holds.
enum CanaryReading {
    static func read(
        _ bytes: [UInt8], canary: String, acknowledged: [CanaryRecord], dataset: String
    ) -> DrillFact.CanaryRead {
        let sequences = Dictionary(acknowledged.map { ($0.sha256, $0.sequence) }) { first, _ in first }
        var found: Set<Int> = []
        var unknown = 0
        for line in bytes.split(separator: 10) {
            if let sequence = sequences[Hex.sha256(Array(line))] {
                found.insert(sequence)
            } else {
                unknown += 1
            }
        }
        let known = Set(acknowledged.map(\.sequence))
        let first = found.min()
        let last = found.max()
        let holes =
            if let first, let last {
                known.filter { $0 > first && $0 < last && !found.contains($0) }.sorted()
            } else {
                [Int]()
            }
        return DrillFact.CanaryRead(
            canary: canary, dataset: dataset, firstSequence: first, lastSequence: last, records: found.count,
            holes: Array(holes.prefix(1_000)), unknownLines: unknown)
    }
}
