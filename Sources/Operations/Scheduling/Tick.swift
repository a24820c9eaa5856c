// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// One pass over everything that falls due: what `lifeboat tick` does once and `lifeboat run` every minute.
///
/// A pass never lets one failure keep the rest from being done. It blocks until the last piece is through.
package struct Tick: Sendable {
    /// The work that a pass can do; each throws what kept it from being done.
    package struct Actions: Sendable {
        /// Writes down what became of runs whose process was killed.
        package var settle: @Sendable () throws -> [BackupRun]
        package var backup: @Sendable (_ dataset: String, _ kind: PointKind) throws -> BackupRun
        package var canary: @Sendable (_ canary: String) throws -> Void
        /// Verifies the oldest proofs within the budget, and heals; gives what it did, in words.
        package var care: @Sendable () throws -> [String]

        package init(
            settle: @escaping @Sendable () throws -> [BackupRun] = { [] },
            backup: @escaping @Sendable (String, PointKind) throws -> BackupRun,
            canary: @escaping @Sendable (String) throws -> Void,
            care: @escaping @Sendable () throws -> [String]
        ) {
            self.settle = settle
            self.backup = backup
            self.canary = canary
            self.care = care
        }
    }

    /// One thing that a pass did or could not do.
    package struct Done: Hashable, Sendable, Codable {
        package enum Result: String, Hashable, Sendable, Codable, CaseIterable {
            case done
            case warnings
            case partial
            case failed
            case refused
            /// Instants that passed without a run are written down; nothing could be done any more.
            case missed
        }

        package var work: String
        package var subject: String
        package var result: Result
        package var detail: String

        package init(work: String, subject: String, result: Result, detail: String) {
            self.work = work
            self.subject = subject
            self.result = result
            self.detail = detail
        }
    }

    private let plan: Plan
    private let ledger: Ledger
    private let time: TimeSource
    private let actions: Actions

    package init(plan: Plan, ledger: Ledger, time: TimeSource = .system, actions: Actions) {
        self.plan = plan
        self.ledger = ledger
        self.time = time
        self.actions = actions
    }

    /// Does what is due now: settles runs that were killed, since the timetable counts from the last run; then
    /// canaries, so that a backup takes the newest record with it; then backups, and care for the copies.
    ///
    /// - Parameter isCancelled: asked between two pieces of work.
    /// - Returns: what was done, in its order; empty when nothing was due.
    /// - Throws: `LedgerError` when the ledger cannot be read or written; whatever else goes wrong is in
    ///   the result.
    package func perform(isCancelled: @Sendable () -> Bool = { false }) throws -> [Done] {
        var done = settle()
        let events = try ledger.newestEvents()
        let due = Timetable(plan: plan, events: events).items(at: time.now()).filter(\.isNow)
        for item in due where item.work == .canary && !isCancelled() {
            done.append(attempt("canary", item.subject) { try actions.canary(item.subject) })
        }
        for item in due where item.work != .canary && !isCancelled() {
            if item.missed > 0 { done.append(try writeDown(item)) }
            done.append(backup(item))
        }
        guard !isCancelled() else { return done }
        do {
            done += try actions.care().map {
                Done(work: "care", subject: "copies", result: .done, detail: $0)
            }
        } catch {
            done.append(failure("care", "copies", error))
        }
        return done
    }

    private func settle() -> [Done] {
        do {
            return try actions.settle().map { run in
                Done(
                    work: "settle", subject: run.dataset, result: run.point == nil ? .missed : .done,
                    detail: run.detail ?? run.outcome.rawValue)
            }
        } catch {
            return [failure("settle", "runs", error)]
        }
    }

    /// Runs that never began are history too: the grade counts them as gaps.
    private func writeDown(_ item: DueItem) throws -> Done {
        let text = "\(item.missed) runs were due and did not run: lifeboat was not running"
        let run = BackupRun(
            run: "missed-\(item.dueAt.compact)", dataset: item.subject, kind: item.kind, outcome: .didNotRun,
            begunAt: item.dueAt, endedAt: time.now(), detail: text)
        try ledger.append([.backupRun(run)], at: time.now())
        return Done(work: item.work.rawValue, subject: item.subject, result: .missed, detail: text)
    }

    private func backup(_ item: DueItem) -> Done {
        do {
            let run = try actions.backup(item.subject, item.kind)
            let point = run.point.map { "point \($0)" } ?? run.detail ?? "no point"
            return Done(
                work: item.work.rawValue, subject: item.subject,
                result: Done.Result(run.standing(atLeast: plan.dataset(item.subject)?.copies.atLeast ?? 1)),
                detail: "\(run.outcome.rawValue): \(point)" + words(run))
        } catch {
            return failure(item.work.rawValue, item.subject, error)
        }
    }

    /// What keeps a run from being good, beside its outcome.
    private func words(_ run: BackupRun) -> String {
        let behind = run.stores.filter { $0.state == .behind }.map(\.store)
        return (behind.isEmpty ? "" : ", behind: \(behind.joined(separator: ", "))")
            + (run.hookTrouble.map { ", \($0)" } ?? "")
    }

    private func attempt(_ work: String, _ subject: String, _ action: () throws -> Void) -> Done {
        do {
            try action()
            return Done(work: work, subject: subject, result: .done, detail: "written and acknowledged")
        } catch {
            return failure(work, subject, error)
        }
    }

    private func failure(_ work: String, _ subject: String, _ error: any Error) -> Done {
        let failure = OperationError(describing: error)
        let hint = failure.hint.map { " (\($0))" } ?? ""
        return Done(
            work: work, subject: subject, result: failure.code == .refused ? .refused : .failed,
            detail: failure.detail + hint)
    }
}

extension DueItem {
    fileprivate var kind: PointKind { work == .full ? .full : .incremental }
}

extension Tick.Done.Result {
    init(_ standing: BackupRun.Standing) {
        self =
            switch standing {
            case .good: .done
            case .warnings: .warnings
            case .partial: .partial
            case .failed: .failed
            case .refused: .refused
            }
    }
}
