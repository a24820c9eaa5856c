// SPDX-License-Identifier: Apache-2.0
import Continuity
import Operations
import Testing

@Suite("The timetable")
struct TimetableTests {
    private static let adopted = Moment("2026-11-20T00:00:00Z") ?? Moment(seconds: 0)

    private func plan(full: String?, incremental: String?, zone: String = "Asia/Shanghai") throws -> Plan {
        let times = [full.map { "full: \"\($0)\"" }, incremental.map { "incremental: \"\($0)\"" }]
            .compactMap { $0 }.joined(separator: ", ")
        let text = """
            lifeboat: 1
            workspace: w
            organisation: O
            zone: \(zone)
            sites: {hq: {name: HQ}}
            hosts: {nas: {site: hq, ssh: {host: nas, user: u}}}
            stores: {metro: {host: nas, path: /srv/store}}
            datasets:
              documents: {source: {path: /srv}, copies: {to: [metro], at_least: 1}, schedule: {\(times)}}
            """
        let (plan, problems) = Plan.decode(try DocumentLoader.parse(text, file: "plan.yaml"))
        return try #require(plan, "\(problems)")
    }

    private func run(_ begun: String, _ kind: PointKind, committed: Bool = true) throws -> EventBody {
        let moment = try #require(Moment(begun))
        return .backupRun(
            BackupRun(
                run: "r", dataset: "documents", kind: kind, outcome: committed ? .complete : .failed,
                begunAt: moment, endedAt: moment + .minutes(1), point: committed ? "p" : nil))
    }

    private func item(
        _ bodies: [EventBody], at now: String, full: String? = "daily 01:00",
        incremental: String? = "every 15m"
    ) throws -> DueItem {
        let adoption = EventBody.planAdopted(
            PlanAdoption(workspace: "w", sha256: "", datasets: ["documents"], services: [], stores: []))
        let events = ([adoption] + bodies).enumerated().map {
            Event(sequence: $0.offset + 1, recordedAt: Self.adopted, body: $0.element, sha256: "")
        }
        let table = Timetable(plan: try plan(full: full, incremental: incremental), events: events)
        let moment = try #require(Moment(now))
        return try #require(table.items(at: moment).first)
    }

    @Test func `wants a full at once when nothing was ever kept`() throws {
        let item = try item([], at: "2026-11-20T03:00:00Z")
        #expect(item.work == .full && item.state == .due && item.dueAt == Self.adopted)
    }

    @Test func `waits for the next quarter of an hour after a run`() throws {
        let item = try item([run("2026-11-21T17:00:10Z", .full)], at: "2026-11-21T17:10:00Z")
        #expect(item.work == .incremental && item.state == .upcoming)
        #expect(item.dueAt == Moment("2026-11-21T17:15:00Z"))
    }

    @Test func `catches up many missed instants by one run and counts the others`() throws {
        let item = try item([run("2026-11-21T17:00:10Z", .full)], at: "2026-11-21T18:01:00Z")
        #expect(item.work == .incremental && item.state == .late && item.missed == 3)
        #expect(item.dueAt == Moment("2026-11-21T18:00:00Z"))
    }

    @Test func `prefers the full that is due to the incremental`() throws {
        // 01:00 in Shanghai is 17:00 UTC.
        let item = try item([run("2026-11-20T17:00:10Z", .full)], at: "2026-11-21T17:00:00Z")
        #expect(item.work == .full && item.state == .due)
    }

    @Test func `tries a failed run again after five minutes, not at once`() throws {
        let runs = try [
            run("2026-11-21T17:00:10Z", .full), run("2026-11-21T17:15:00Z", .incremental, committed: false),
        ]
        let early = try item(runs, at: "2026-11-21T17:17:00Z")
        #expect(early.state == .upcoming && early.dueAt == Moment("2026-11-21T17:21:00Z"))
        let later = try item(runs, at: "2026-11-21T17:21:00Z")
        #expect(later.state == .due && later.work == .incremental)
    }

    @Test func `knows a dataset with increments alone`() throws {
        let item = try item(
            [run("2026-11-21T17:00:10Z", .incremental)], at: "2026-11-21T17:15:00Z", full: nil)
        #expect(item.work == .incremental && item.state == .due)
    }

    @Test func `is due once an hour when the clocks go back`() throws {
        let plan = try plan(full: "daily 02:30", incremental: nil, zone: "Europe/Berlin")
        // 02:30 comes twice on 2026-10-25; the first is 00:30 UTC.
        let event = Event(
            sequence: 1, recordedAt: Self.adopted, body: try run("2026-10-25T00:30:05Z", .full), sha256: "")
        let table = Timetable(plan: plan, events: [event])
        let moment = try #require(Moment("2026-10-25T02:00:00Z"))
        let item = try #require(table.items(at: moment).first)
        #expect(item.state == .upcoming && item.dueAt == Moment("2026-10-26T01:30:00Z"))
    }
}
