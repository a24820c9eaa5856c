// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The time on a wall clock")
struct LocalTimeTests {
    @Test(
        "is an instant by the rules of its zone",
        arguments: [
            (text: "2026-03-01T12:00:00 Europe/Berlin", instant: "2026-03-01T11:00:00Z"),
            (text: "2026-07-01T12:00 Europe/Berlin", instant: "2026-07-01T10:00:00Z"),
            (text: "2026-07-01 12:00:30 Asia/Shanghai", instant: "2026-07-01T04:00:30Z"),
            (text: "2026-07-01T12:00:00 Asia/Kathmandu", instant: "2026-07-01T06:15:00Z"),
            (text: "2026-07-01T12:00:00 UTC", instant: "2026-07-01T12:00:00Z"),
            // The last second before a change and the first one after it.
            (text: "2026-03-29T01:59:59 Europe/Berlin", instant: "2026-03-29T00:59:59Z"),
            (text: "2026-03-29T03:00:00 Europe/Berlin", instant: "2026-03-29T01:00:00Z"),
            (text: "2026-10-25T01:59:59 Europe/Berlin", instant: "2026-10-24T23:59:59Z"),
            (text: "2026-10-25T03:00:00 Europe/Berlin", instant: "2026-10-25T02:00:00Z"),
            // Clocks of Lord Howe are moved by half an hour.
            (text: "2026-04-05T02:00:00 Australia/Lord_Howe", instant: "2026-04-04T15:30:00Z"),
        ])
    func instants(text: String, instant: String) throws {
        #expect(LocalTime(text)?.meaning == .moment(try #require(Moment(instant))))
    }

    @Test(
        "never was where clocks were put forward over it",
        arguments: [
            "2026-03-29T02:00:00 Europe/Berlin", "2026-03-29T02:59:59 Europe/Berlin",
            "2026-03-08T02:30:00 America/New_York", "2026-10-04T02:15:00 Australia/Lord_Howe",
        ])
    func skipped(text: String) {
        #expect(LocalTime(text)?.meaning == .skipped)
    }

    @Test func `was twice where clocks were put back over it`() throws {
        let first = try #require(Moment("2026-10-25T00:30:00Z"))
        #expect(
            LocalTime("2026-10-25T02:30:00 Europe/Berlin")?.meaning == .doubled(first, first + .hours(1)))
        #expect(
            LocalTime("2026-10-25T02:00:00 Europe/Berlin")?.meaning
                == .doubled(first - .minutes(30), first + .minutes(30)))
    }

    @Test(
        "is none without a zone, or with what is no zone",
        arguments: [
            "2026-03-01T12:00:00", "2026-03-01T12:00:00 CET", "2026-03-01T12:00:00 Europe/Berlim",
            "2026-03-01 Europe/Berlin", "12:00 Europe/Berlin", "2026-02-30T12:00:00 Europe/Berlin",
            "2026-03-01T25:00:00 Europe/Berlin", "2026-03-01T12:00:00Z Europe/Berlin", "Europe/Berlin", "",
        ])
    func none(text: String) {
        #expect(LocalTime(text) == nil)
    }
}
