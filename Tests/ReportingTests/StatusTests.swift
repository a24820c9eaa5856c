// SPDX-License-Identifier: Apache-2.0
import Continuity
import Reporting
import Testing

@Suite("The status")
struct StatusTests {
    private func status(at now: Moment = ExampleHistory.end) throws -> StatusReport {
        let history = try ExampleHistory()
        let known = history.events.filter { $0.recordedAt <= now }
        let drills = known.compactMap { event in
            if case .drillRun(let run) = event.body { run } else { nil }
        }
        return StatusReport(
            plan: try ExamplePlan.plan(), book: CopyBook(known), drills: drills, at: now)
    }

    @Test func `is that of the worst service`() throws {
        let status = try status()
        #expect(status.services.map(\.state) == [.warning, .critical, .ok])
        #expect(status.state == .critical)
        #expect(status.state.exitStatus == 2)
    }

    @Test func `says in one line for Nagios what would be lost`() throws {
        #expect(
            try status().nagiosLine
                == "LIFEBOAT CRITICAL - files would lose 7 h, orders would lose 16 h 30 min | "
                + "'files_exposure'=25200s;23040;28800;0 'orders_exposure'=59400s;720;900;0 "
                + "'wiki_exposure'=58800s;69120;86400;0")
    }

    @Test func `says everything, and not a number, when no copy would survive`() throws {
        let status = try status(at: ExampleHistory.begin + .seconds(1))
        #expect(status.services.allSatisfy { $0.exposureSeconds == nil && $0.state == .critical })
        #expect(status.nagiosLine.contains("'files_exposure'=U;"))
        #expect(status.text(.plain, zone: "UTC").contains("everything"))
    }

    @Test func `is the same from the heads that the ledger keeps`() throws {
        let history = try ExampleHistory()
        let plan = try ExamplePlan.plan()
        for now in [ExampleHistory.begin + .days(3), ExampleHistory.end] {
            let known = history.events.filter { $0.recordedAt <= now }
            let book = CopyBook(known)
            let heads = Dictionary(
                uniqueKeysWithValues: book.datasets.map { ($0, CopyHead(of: $0, in: book)) })
            let drills = known.compactMap { event in
                if case .drillRun(let run) = event.body { run } else { nil }
            }
            var fromHeads = StatusReport(plan: plan, heads: heads, drills: drills, at: now)
            var fromBook = StatusReport(plan: plan, book: book, drills: drills, at: now)
            // A head says in other words why a store is behind.
            for place in fromHeads.services.indices {
                #expect(fromHeads.services[place].reasons.count == fromBook.services[place].reasons.count)
                fromHeads.services[place].reasons = []
                fromBook.services[place].reasons = []
            }
            #expect(fromHeads == fromBook)
        }
    }

    @Test func `says what the loss of each site would cost`() throws {
        let status = try status()
        let files = try #require(status.services.first { $0.service == "files" })
        #expect(!files.losses.isEmpty)
        let home = try #require(files.losses.first { $0.site == "hq" })
        #expect(home.exposureSeconds == files.exposureSeconds)
        #expect(status.text(.plain, zone: "UTC").contains("lost if gone now"))
        let empty = try self.status(at: ExampleHistory.begin + .seconds(1))
        #expect(empty.services.flatMap(\.losses).allSatisfy { $0.exposureSeconds == nil })
    }

    @Test func `fits a narrow terminal`() throws {
        let text = try status().text(TextStyle(width: 80), zone: "Asia/Shanghai")
        let table = text.split(separator: "\n").prefix(5)
        #expect(table.allSatisfy { DisplayWidth.of($0) <= 80 })
    }

    @Test(
        "is critical before unknown before warning",
        arguments: [
            ([StatusReport.State.ok, .warning], StatusReport.State.warning),
            ([.warning, .unknown], .unknown), ([.unknown, .critical], .critical), ([.ok], .ok),
            ([], .unknown),
        ])
    func worst(states: [StatusReport.State], expected: StatusReport.State) {
        #expect(StatusReport.State.worst(states) == expected)
    }
}
