// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("A schedule")
struct ScheduleTests {
    @Test(
        "is next due at",
        arguments: [
            ("daily 01:00", "Asia/Shanghai", "2026-11-22T16:59:59Z", "2026-11-22T17:00:00Z"),
            ("daily 01:00", "Asia/Shanghai", "2026-11-22T17:00:00Z", "2026-11-23T17:00:00Z"),
            // Clocks go back on 2026-10-25: 02:30 comes twice and counts once.
            ("daily 02:30", "Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T00:30:00Z"),
            ("daily 02:30", "Europe/Berlin", "2026-10-25T00:30:05Z", "2026-10-26T01:30:00Z"),
            // Clocks go forward on 2026-03-29: 02:30 does not come, the first instant after it is 03:00.
            ("daily 02:30", "Europe/Berlin", "2026-03-28T23:30:00Z", "2026-03-29T01:00:00Z"),
            ("daily 02:30", "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"),
            ("every 15m", "Asia/Shanghai", "2026-11-22T16:59:59Z", "2026-11-22T17:00:00Z"),
            ("every 6h", "Europe/Berlin", "2026-10-25T22:30:00Z", "2026-10-25T23:00:00Z"),
            ("weekly sun 02:00", "UTC", "2026-11-22T02:00:00Z", "2026-11-29T02:00:00Z"),
            ("monthly 28 03:00", "UTC", "2027-02-28T03:00:00Z", "2027-03-28T03:00:00Z"),
            ("monthly 1 03:00", "UTC", "2028-02-29T12:00:00Z", "2028-03-01T03:00:00Z"),
        ])
    func next(text: String, zone: String, after: String, expected: String) throws {
        let schedule = try #require(Schedule(text: text))
        let moment = try #require(Moment(after))
        let zone = try #require(TimeZone(identifier: zone))
        #expect(schedule.next(after: moment, in: zone) == Moment(expected))
    }

    @Test(
        "is not guessed at",
        arguments: ["", "sometimes", "every 7m", "every 15", "daily 24:00", "daily 1:00", "monthly 31 03:00"])
    func refused(text: String) {
        #expect(Schedule(text: text) == nil)
    }
}
