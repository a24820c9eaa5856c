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
