// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// What a `before` hook has said on descriptor 3.
struct HookNotes: Hashable, Sendable {
    /// The instant of the snapshot it has made.
    var consistencyAt: Moment?
    /// Where the snapshot is to be read.
    var path: String?

    /// Reads lines of `key=value`; others are refused, since a misspelt key would be passed over in silence.
    init(_ text: String) throws {
        for line in text.split(separator: "\n") {
            let pair = line.split(separator: "=", maxSplits: 1).map(String.init)
            switch (pair.first, pair.last) {
            case ("consistency_time", let value?) where pair.count == 2:
                guard let moment = Moment(value) else {
                    throw OperationError(
                        .failed,
                        "the before hook says consistency_time=\(value.prefix(60)), which is no time",
                        hint: "write RFC 3339, such as $(date -u +%Y-%m-%dT%H:%M:%SZ)")
                }
                consistencyAt = moment
            case ("path", let value?) where pair.count == 2 && value.hasPrefix("/"):
                path = value
            default:
                throw OperationError(
                    .failed, "the before hook says '\(line.prefix(80))' on descriptor 3",
                    hint: "it may say consistency_time=… and path=/…")
            }
        }
    }

    init() {}
}

/// Runs the hooks of a source.
struct BackupHooks: Sendable {
    let source: Source
    let dataset: String
    let run: String

    /// Runs the `before` hook, if there is one.
    func before(isCancelled: @escaping @Sendable () -> Bool) throws -> HookNotes {
        guard !source.before.isEmpty else { return HookNotes() }
        let child = try ChildProcess(
            source.before, output: .dropped, notes: .piped, environment: environment(outcome: nil))
        let notes = child.notes
        let reader = Worker("hook notes") { try notes?.all(limit: 64 << 10) ?? [] }
        let exit = try child.wait(within: source.hookTimeout, isCancelled: isCancelled)
        guard exit.status == 0 else {
            throw OperationError(.failed, "the before hook of \(dataset) failed: \(exit.reason)")
        }
        return try HookNotes(String(decoding: reader.join(), as: UTF8.self))
    }

    /// Runs the `after` hook, whatever came of the run, and also when it was cancelled.
    ///
    /// - Returns: what went wrong with it, in words; `nil` when nothing did.
    func after(outcome: BackupOutcome) -> String? {
        guard !source.after.isEmpty else { return nil }
        do {
            let child = try ChildProcess(
                source.after, output: .dropped, notes: .dropped, environment: environment(outcome: outcome))
            let exit = try child.wait(within: source.hookTimeout)
            return exit.status == 0 ? nil : "the after hook failed: \(exit.reason)"
        } catch {
            return "the after hook failed: \(OperationError(describing: error).detail)"
        }
    }

    private func environment(outcome: BackupOutcome?) -> [String: String] {
        var variables = ["LIFEBOAT_DATASET": dataset, "LIFEBOAT_RUN": run]
        if let outcome { variables["LIFEBOAT_OUTCOME"] = outcome.rawValue }
        return variables
    }
}
