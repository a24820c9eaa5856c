// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Something that the plan asks for at a certain instant.
package struct DueItem: Hashable, Sendable, Codable {
    package enum Work: String, Hashable, Sendable, Codable, CaseIterable {
        case full
        case incremental
        case canary
    }

    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Its instant lies ahead.
        case upcoming
        /// Its instant has come and the work has not begun.
        case due
        /// Due, and the next instant has passed too.
        case late
        /// The last try ended without a point; the next one is at `dueAt`.
        case retry
    }

    package var work: Work
    /// The dataset, or the canary.
    package var subject: String
    package var dueAt: Moment
    package var state: State
    /// Earlier instants that passed without a run.
    package var missed: Int

    package init(work: Work, subject: String, dueAt: Moment, state: State, missed: Int) {
        self.work = work
        self.subject = subject
        self.dueAt = dueAt
        self.state = state
        self.missed = missed
    }

    package var isNow: Bool { state != .upcoming }
}

/// What is due when, folded from the plan and from what has happened.
///
/// A schedule's instants are counted from the begin of the last run, so that several that passed while
/// nothing ran are caught up by one run; the others stay missed and are said.
package struct Timetable: Sendable {
    /// How long after a failed run the next try waits.
    package static let retryDelay = Duration.minutes(5)
    /// More missed instants than this are not counted out: the machine was off for long.
    package static let missedLimit = 10_000

    private let plan: Plan
    private let zone: TimeZone
    private var adoptedAt: [String: Moment] = [:]
    private var lastFull: [String: Moment] = [:]
    private var lastAny: [String: Moment] = [:]
    private var failedAt: [String: Moment] = [:]
    private var lastCanary: [String: Moment] = [:]
    /// Up to where missed instants stand in the ledger already.
    private var writtenDown: [String: Moment] = [:]

    /// `events`: at least all plan adoptions, backup runs and canary records, in their order.
    package init(plan: Plan, events: some Sequence<Event>) {
        self.plan = plan
        zone = TimeZone(identifier: plan.zone) ?? .gmt
        for event in events { note(event) }
    }

    private mutating func note(_ event: Event) {
        switch event.body {
        case .planAdopted(let adoption):
            for dataset in adoption.datasets where adoptedAt[dataset] == nil {
                adoptedAt[dataset] = event.recordedAt
            }
        case .backupRun(let run): note(run)
        case .canaryRecord(let record):
            lastCanary[record.canary] = max(lastCanary[record.canary] ?? record.writtenAt, record.writtenAt)
        default: break
        }
    }

    private mutating func note(_ run: BackupRun) {
        guard run.outcome != .didNotRun else {
            writtenDown[run.dataset] = run.begunAt
            return
        }
        guard run.point != nil else {
            failedAt[run.dataset] = run.endedAt
            return
        }
        failedAt[run.dataset] = nil
        lastAny[run.dataset] = max(lastAny[run.dataset] ?? run.begunAt, run.begunAt)
        if run.kind == .full {
            lastFull[run.dataset] = max(lastFull[run.dataset] ?? run.begunAt, run.begunAt)
        }
    }

    /// Everything with a schedule, the soonest first.
    package func items(at now: Moment) -> [DueItem] {
        (plan.datasets.compactMap { backup($0, now) } + plan.canaries.map { canary($0, now) })
            .sorted { ($0.dueAt, $0.subject) < ($1.dueAt, $1.subject) }
    }

    /// A full that is due stands for the incremental that is due beside it.
    private func backup(_ dataset: Dataset, _ now: Moment) -> DueItem? {
        guard let schedule = dataset.schedule else { return nil }
        let full = schedule.full.map { item(.full, dataset.id, $0, since: lastFull[dataset.id], now) }
        let incremental = schedule.incremental.map {
            item(.incremental, dataset.id, $0, since: lastAny[dataset.id], now)
        }
        guard let full else { return incremental.map { delayed($0, now) } }
        guard let incremental, !full.isNow, lastFull[dataset.id] != nil else { return delayed(full, now) }
        return delayed(incremental.dueAt <= full.dueAt ? incremental : full, now)
    }

    private func item(
        _ work: DueItem.Work, _ dataset: String, _ schedule: Schedule, since last: Moment?, _ now: Moment
    ) -> DueItem {
        guard let last else {
            // Nothing has ever been kept: that cannot wait for tonight.
            let since = adoptedAt[dataset] ?? now
            return DueItem(work: work, subject: dataset, dueAt: min(since, now), state: .due, missed: 0)
        }
        var due = schedule.next(after: last, in: zone)
        guard due <= now else {
            return DueItem(work: work, subject: dataset, dueAt: due, state: .upcoming, missed: 0)
        }
        var (missed, counted) = (0, 0)
        var next = schedule.next(after: due, in: zone)
        while next <= now, counted < Self.missedLimit {
            counted += 1
            if writtenDown[dataset].map({ due > $0 }) ?? true { missed += 1 }
            due = next
            next = schedule.next(after: due, in: zone)
        }
        return DueItem(
            work: work, subject: dataset, dueAt: due, state: missed > 0 ? .late : .due, missed: missed)
    }

    private func delayed(_ item: DueItem, _ now: Moment) -> DueItem {
        guard item.isNow, let failed = failedAt[item.subject] else { return item }
        let again = failed + Self.retryDelay
        guard again > now else { return item }
        return DueItem(
            work: item.work, subject: item.subject, dueAt: again, state: .upcoming, missed: item.missed)
    }

    private func canary(_ canary: Canary, _ now: Moment) -> DueItem {
        guard let last = lastCanary[canary.id] else {
            return DueItem(work: .canary, subject: canary.id, dueAt: now, state: .due, missed: 0)
        }
        let due = last + canary.every
        return DueItem(
            work: .canary, subject: canary.id, dueAt: due, state: due <= now ? .due : .upcoming, missed: 0)
    }
}
