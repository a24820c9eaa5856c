// SPDX-License-Identifier: Apache-2.0

/// What changed between two runs, most often of the same scenario.
package struct DrillDiff: Hashable, Sendable, Codable {
    package struct Change: Hashable, Sendable, Codable {
        /// What is compared, such as `outcome`, `recovery_time files` or `step extract`.
        package var what: String
        package var before: String
        package var after: String

        package init(what: String, before: String, after: String) {
            self.what = what
            self.before = before
            self.after = after
        }
    }

    package var before: String
    package var after: String
    package var changes: [Change]
    package var newFindings: [String]
    package var goneFindings: [String]

    /// - Parameters:
    ///   - old: the earlier run with the records of its journal.
    ///   - new: the later one.
    package init(
        _ old: (run: DrillRun, records: [DrillRecord]), _ new: (run: DrillRun, records: [DrillRecord])
    ) {
        before = old.run.run
        after = new.run.run
        var changes: [Change] = []
        func compare(_ what: String, _ left: String?, _ right: String?) {
            if left != right { changes.append(Change(what: what, before: left ?? "-", after: right ?? "-")) }
        }
        compare("scenario", old.run.scenario, new.run.scenario)
        compare("approved_sha256", old.run.approvedSha256, new.run.approvedSha256)
        compare("mode", old.run.mode.rawValue, new.run.mode.rawValue)
        compare("outcome", old.run.outcome.rawValue, new.run.outcome.rawValue)
        compare("aftermath", old.run.aftermath.rawValue, new.run.aftermath.rawValue)
        for service in Set((old.run.services + new.run.services).map(\.service)).sorted() {
            let left = old.run.services.first { $0.service == service }
            let right = new.run.services.first { $0.service == service }
            compare("recovery_time \(service)", left?.recoveryTime?.text, right?.recoveryTime?.text)
            compare(
                "recovery_time_verdict \(service)", left?.recoveryTimeVerdict.rawValue,
                right?.recoveryTimeVerdict.rawValue)
            compare("recovery_point \(service)", left?.recoveryPoint?.text, right?.recoveryPoint?.text)
            compare(
                "recovery_point_verdict \(service)", left?.recoveryPointVerdict.rawValue,
                right?.recoveryPointVerdict.rawValue)
            compare(
                "lost_records \(service)", left?.lostRecords.map(String.init),
                right?.lostRecords.map(String.init))
            compare("evidence \(service)", left?.evidence.rawValue, right?.evidence.rawValue)
        }
        let steps = (Self.steps(old.records), Self.steps(new.records))
        for step in Set(steps.0.keys).union(steps.1.keys).sorted() {
            compare("step \(step)", steps.0[step], steps.1[step])
        }
        self.changes = changes
        newFindings = new.run.findings.filter { !old.run.findings.contains($0) }
        goneFindings = old.run.findings.filter { !new.run.findings.contains($0) }
    }

    /// How each step ended and how long it took, to the second: what is finer is noise.
    private static func steps(_ records: [DrillRecord]) -> [String: String] {
        RunState(folding: records).steps.compactMapValues { step in
            guard let end = step.finished else { return nil }
            guard let begun = step.begunAt, let ended = step.finishedAt, begun.bootID == ended.bootID else {
                return end.result.rawValue
            }
            let seconds = (ended.monotonic - begun.monotonic).inSeconds.rounded()
            return "\(end.result.rawValue) in \(Duration.seconds(Int64(seconds)).text)"
        }
    }

    package var text: String {
        var lines = ["\(before) -> \(after)"]
        lines += changes.map { "  \($0.what): \($0.before) -> \($0.after)" }
        lines += newFindings.map { "  new: \($0)" } + goneFindings.map { "  gone: \($0)" }
        if lines.count == 1 { lines.append("  nothing changed") }
        return lines.joined(separator: "\n")
    }
}
