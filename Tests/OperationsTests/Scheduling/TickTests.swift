// SPDX-License-Identifier: Apache-2.0
import Continuity
import Ledger
import Operations
import Synchronization
import TestSupport
import Testing

@Suite("One pass over what is due")
struct TickTests {
    private static let now = Moment("2026-11-22T03:00:30Z") ?? Moment(seconds: 0)

    private final class Calls: Sendable {
        let all = Mutex<[String]>([])
    }

    private func plan() throws -> Plan {
        let text = """
            lifeboat: 1
            workspace: w
            organisation: O
            zone: UTC
            sites: {hq: {name: HQ}}
            hosts: {nas: {site: hq, ssh: {host: nas, user: u}}}
            stores: {metro: {host: nas, path: /srv/store}}
            datasets:
              a: {source: {path: /a}, copies: {to: [metro], at_least: 1}, schedule: {full: "daily 01:00", incremental: "every 15m"}}
              b: {source: {path: /b}, copies: {to: [metro], at_least: 1}, schedule: {full: "daily 01:00"}}
            canaries: {seq: {dataset: a, path: .canary, every: 60s}}
            """
        let (plan, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
        return try #require(plan, "\(problems)")
    }

    /// Performs one pass; backups of `failing` throw.
    private func perform(
        _ ledger: Ledger, failing: String? = nil, stopAfter limit: Int = .max, killed: [BackupRun] = [],
        stores: [StoreResult] = [StoreResult(store: "metro", state: .verified)], trouble: String? = nil
    ) throws -> (done: [Tick.Done], calls: [String]) {
        let calls = Calls()
        let actions = Tick.Actions(
            settle: {
                calls.all.withLock { $0 += killed.map { "settle \($0.dataset)" } }
                return killed
            },
            backup: { dataset, kind in
                calls.all.withLock { $0.append("\(dataset) \(kind.rawValue)") }
                if dataset == failing { throw OperationError(.unreachable, "no store answers") }
                return BackupRun(
                    run: "r", dataset: dataset, kind: kind, outcome: .complete, begunAt: Self.now,
                    endedAt: Self.now, point: "p", stores: stores, hookTrouble: trouble)
            },
            canary: { name in calls.all.withLock { $0.append(name) } },
            care: {
                calls.all.withLock { $0.append("care") }
                return ["verified 2 copies"]
            })
        let time = TimeSource(now: { Self.now }, sinceBoot: { .zero })
        let tick = Tick(plan: try plan(), ledger: ledger, time: time, actions: actions)
        let done = try tick.perform { calls.all.withLock { $0.count >= limit } }
        return (done, calls.all.withLock { $0 })
    }

    @Test func `writes canaries, then backs up, then cares for the copies`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            let (done, calls) = try perform(ledger)
            #expect(calls == ["seq", "a full", "b full", "care"])
            #expect(done.map(\.result) == [.done, .done, .done, .done])
        }
    }

    @Test func `first settles the runs that were killed`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            let killed = ["a": nil, "b": "p"].map { dataset, point in
                BackupRun(
                    run: "k", dataset: dataset, kind: .full, outcome: point == nil ? .didNotRun : .complete,
                    begunAt: Self.now, endedAt: Self.now, point: point, detail: "it was interrupted")
            }.sorted { $0.dataset < $1.dataset }
            let (done, calls) = try perform(ledger, killed: killed)
            #expect(calls == ["settle a", "settle b", "seq", "a full", "b full", "care"])
            #expect(done.map(\.result) == [.missed, .done, .done, .done, .done, .done])
            #expect(done[0].work == "settle" && done[0].detail == "it was interrupted")
        }
    }

    @Test(
        "judges a backup as the command does",
        arguments: [
            (stores: [StoreResult.State.verified], trouble: nil, result: .done),
            (stores: [.verified, .behind], trouble: nil, result: .warnings),
            (stores: [.behind], trouble: nil, result: .partial),
            (stores: [.verified], trouble: "the after hook failed", result: .warnings),
        ] as [(stores: [StoreResult.State], trouble: String?, result: Tick.Done.Result)])
    func judged(stores: [StoreResult.State], trouble: String?, result: Tick.Done.Result) throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            let results = stores.map { StoreResult(store: "metro", state: $0) }
            let (done, _) = try perform(ledger, stores: results, trouble: trouble)
            #expect(done.filter { $0.work == "full" }.map(\.result) == [result, result])
        }
    }

    @Test func `goes on when one dataset fails`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            let (done, calls) = try perform(ledger, failing: "a")
            #expect(calls == ["seq", "a full", "b full", "care"])
            #expect(done.map(\.result) == [.done, .failed, .done, .done])
            #expect(done[1].detail == "no store answers")
        }
    }

    @Test func `writes down what was missed, once`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            let begun = Self.now - .hours(1)
            let earlier = ["a", "b"].map { dataset in
                EventBody.backupRun(
                    BackupRun(
                        run: "r", dataset: dataset, kind: .full, outcome: .complete, begunAt: begun,
                        endedAt: begun, point: "p"))
            }
            try ledger.append(earlier, at: begun)
            let (done, calls) = try perform(ledger)
            // The fake backup writes nothing into the ledger, so that the same run stays due.
            let (again, _) = try perform(ledger)
            #expect(!again.contains { $0.result == .missed })
            #expect(calls == ["seq", "a incremental", "care"])
            #expect(done.map(\.result) == [.done, .missed, .done, .done])
            let missed = try ledger.events(of: [.backupRun]).filter {
                if case .backupRun(let run) = $0.body { run.outcome == .didNotRun } else { false }
            }
            #expect(missed.count == 1)
        }
    }

    @Test func `begins nothing new after it was asked to stop`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            let (_, calls) = try perform(ledger, stopAfter: 2)
            #expect(calls == ["seq", "a full"])
        }
    }
}
