// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The calendar of drills")
struct DrillCalendarTests {
    /// Before the first quarter of 2026 begins in Shanghai.
    static let since = Moment("2025-12-01T00:00:00Z") ?? Moment(seconds: 0)

    @Test(
        "cannot say that a drill was held that was not",
        arguments: [
            (runs: ["2026-02-10T10:00:00Z"], now: "2026-03-01T00:00:00Z", states: ["held"]),
            (runs: [], now: "2026-03-01T00:00:00Z", states: ["due"]),
            (runs: [], now: "2026-04-05T00:00:00Z", states: ["late", "due"]),
            (runs: [], now: "2026-05-05T00:00:00Z", states: ["missed", "due"]),
            // Within the grace it still counts for the quarter that it is late for, and only for that.
            (runs: ["2026-04-05T10:00:00Z"], now: "2026-05-05T00:00:00Z", states: ["held", "held"]),
            (runs: ["2026-06-01T10:00:00Z"], now: "2026-07-20T00:00:00Z", states: ["missed", "held", "due"]),
        ])
    func states(runs: [String], now: String, states: [String]) throws {
        let calendar = DrillCalendar(
            plan: try DrillSamples.plan(), runs: try runs.map { try DrillSamples.run(at: $0, .passed) },
            since: Self.since)
        #expect(calendar.entries(at: try moment(now)).map(\.state.rawValue) == states)
    }

    @Test func `counts an aborted drill as not held, and a failed one as held`() throws {
        for (outcome, state) in [(DrillOutcome.aborted, DrillDue.State.due), (.failed, .held)] {
            let calendar = DrillCalendar(
                plan: try DrillSamples.plan(),
                runs: [try DrillSamples.run(at: "2026-02-10T10:00:00Z", outcome)], since: Self.since)
            #expect(calendar.entries(at: try moment("2026-03-01T00:00:00Z")).map(\.state) == [state])
        }
    }

    @Test func `shows who waived it, why and until when`() throws {
        var waiver = DrillWaiver(
            id: "w-1", scenario: "files", person: "petra", reason: "year-end close",
            madeAt: try moment("2026-03-01T00:00:00Z"),
            until: try moment("2026-05-01T00:00:00Z"))
        let calendar = DrillCalendar(
            plan: try DrillSamples.plan(), runs: [], waivers: [waiver], since: Self.since)
        let entry = try #require(calendar.entries(at: try moment("2026-04-05T00:00:00Z")).first)
        #expect(entry.state == .waived)
        #expect(entry.detail == "petra until 2026-05-01T00:00:00.000000000Z: year-end close (unsigned)")
        // What was taken back counts no longer, and a period that is over cannot be waived: it was missed.
        for change in [\DrillWaiver.revokedAt, \.madeAtIfAny] {
            var other = waiver
            other[keyPath: change] = try moment("2026-04-02T00:00:00Z")
            let entries = DrillCalendar(
                plan: try DrillSamples.plan(), runs: [], waivers: [other], since: Self.since
            ).entries(at: try moment("2026-04-05T00:00:00Z"))
            #expect(entries.first?.state == .late)
        }
        waiver.until = try moment("2026-03-20T00:00:00Z")
        let ended = DrillCalendar(
            plan: try DrillSamples.plan(), runs: [], waivers: [waiver], since: Self.since)
        #expect(ended.entries(at: try moment("2026-03-25T00:00:00Z")).first?.state == .due)
    }

    @Test func `gives the next window in the plan's zone, and an iCalendar file of it`() throws {
        let calendar = DrillCalendar(plan: try DrillSamples.plan(), runs: [], since: Self.since)
        let entries = calendar.entries(at: try moment("2026-03-04T00:00:00Z"))
        // Saturday 7 March, 08:00 in Shanghai.
        #expect(entries.first?.nextAt == (try moment("2026-03-07T00:00:00Z")))
        #expect(entries.first?.nextEndsAt == (try moment("2026-03-07T05:00:00Z")))
        let ics = entries.iCalendar(organisation: "Example, Shop", madeAt: try moment("2026-03-04T00:00:00Z"))
        let lines = ics.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "BEGIN:VCALENDAR")
        #expect(lines.contains("DTSTART:20260307T000000Z"))
        #expect(lines.contains("SUMMARY:Drill: files"))
        #expect(lines.contains { $0.hasPrefix("DESCRIPTION:Example\\, Shop: to be held before ") })
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
    }

    private func moment(_ text: String) throws -> Moment {
        try #require(Moment(text))
    }
}

@Suite("The findings of drills")
struct DrillFindingTests {
    @Test func `close only by a passed run that does not find them again`() throws {
        let found = "failed: tree: 3 files changed"
        var runs = [
            try DrillSamples.run(at: "2026-01-10T00:00:00Z", .failed, [found, "late_step: a took 5s"])
        ]
        func all() throws -> [DrillFinding] {
            DrillFindings(runs, rules: ["files": After(findingsOwner: "petra", findingsDue: .days(30))])
                .all(at: try #require(Moment("2026-01-20T00:00:00Z")))
        }
        #expect(try all().map(\.state) == [.open, .open])
        #expect(try all().first?.owner == "petra")

        // A failed run that does not show it proves nothing; one that shows it again counts it.
        runs.append(try DrillSamples.run(at: "2026-01-11T00:00:00Z", .failed))
        runs.append(
            try DrillSamples.run(at: "2026-01-12T00:00:00Z", .failed, ["failed: tree: 9 files changed"]))
        #expect(try all().map(\.state) == [.open, .open])
        #expect(try all().first?.times == 2)

        runs.append(try DrillSamples.run(at: "2026-01-13T00:00:00Z", .passed, ["late_step: a took 7s"]))
        #expect(try all().map(\.state) == [.closed, .open])
        #expect(try all().first?.closedBy == "run-2026-01-13T00:00:00Z")
    }

    @Test func `are overdue after their day`() throws {
        let runs = [try DrillSamples.run(at: "2026-01-10T00:00:00Z", .failed, ["failed: x: y"])]
        let late = try #require(Moment("2026-03-01T00:00:00Z"))
        #expect(DrillFindings(runs).all(at: late).map(\.state) == [.overdue])
    }
}

extension DrillWaiver {
    /// For a table of changes.
    fileprivate var madeAtIfAny: Moment? {
        get { madeAt }
        set { madeAt = newValue ?? madeAt }
    }
}

enum DrillSamples {
    static func plan() throws -> Plan {
        func text(_ text: String) -> Node {
            Node(.scalar(text, isPlain: true), at: Place(file: "plan", line: 1))
        }
        func map(_ entries: [(String, Node)]) -> Node {
            let place = Place(file: "plan", line: 1)
            return Node(.mapping(entries.map { Node.Entry(key: $0.0, place: place, value: $0.1) }), at: place)
        }
        let entry = map([
            ("scenario", text("files")), ("every", text("quarter")), ("window", text("Sat 08:00-13:00")),
            ("grace", text("14d")),
        ])
        let node = map([
            ("lifeboat", text("1")), ("workspace", text("w")), ("zone", text("Asia/Shanghai")),
            ("calendar", Node(.sequence([entry]), at: Place(file: "plan", line: 1))),
        ])
        let (plan, problems) = Plan.decode(node)
        return try #require(plan, "\(problems)")
    }

    static func run(at text: String, _ outcome: DrillOutcome, _ findings: [String] = []) throws -> DrillRun {
        let begun = try #require(Moment(text))
        return DrillRun(
            run: "run-\(text)", scenario: "files", title: "", exercise: .simulation, mode: .sandbox,
            isAnnounced: true, begunAt: begun, endedAt: begun + .minutes(10), outcome: outcome,
            aftermath: .clean, services: [], participants: [], findings: findings, approvedSha256: "",
            journalRecords: 0, journalSha256: "")
    }
}
