// SPDX-License-Identifier: Apache-2.0
import Continuity
import Reporting
import Testing

@Suite("The words for numbers")
struct WordsTests {
    @Test(
        "round no interval narrower than it is",
        arguments: [
            (41.04, 43.26, "41 s to 43.3 s"), (0.0, 0.35, "0 s to 350 ms"), (59.91, 59.99, "59.9 s to 1 min"),
            (160.2, 162.9, "2 min 40 s to 2 min 43 s"), (7_229, 7_229, "2 h 29 s"),
            (90_000.5, 90_061, "1 d 1 h to 1 d 1 h 2 min"),
        ])
    func spans(lower: Double, upper: Double, expected: String) {
        let span = Span(lower: Duration(roundedSeconds: lower), upper: Duration(roundedSeconds: upper))
        #expect(LengthText(.en).text(span) == expected)
    }

    @Test func `say that what is not bounded is not`() {
        let span = Span(lower: .seconds(2_741), upper: nil)
        #expect(LengthText(.en).text(span) == "at least 45 min 41 s")
        #expect(LengthText(.zh).text(span) == "至少 45 分 41 秒")
    }

    @Test(
        "judge by the whole interval",
        arguments: [
            (Span(lower: .seconds(1), upper: .seconds(10)), MetricVerdict.met),
            (Span(lower: .seconds(1), upper: .seconds(11)), .unproven),
            (Span(lower: .seconds(11), upper: .seconds(12)), .missed),
            (Span(lower: .seconds(11), upper: nil), .missed),
            (Span(lower: .seconds(1), upper: nil), .unproven),
        ])
    func verdicts(span: Span, verdict: MetricVerdict) {
        #expect(Figure.verdict(span, objective: .seconds(10)) == verdict)
    }

    @Test func `judge nothing where nothing is known or promised`() {
        #expect(Figure.verdict(nil, objective: .seconds(10)) == .unproven)
        #expect(Figure.verdict(Span(lower: .zero, upper: .zero), objective: nil) == .unproven)
    }

    @Test(
        "write event numbers as ranges, and read them back",
        arguments: [
            ([Int](), ""), ([7], "7"), ([19, 12, 14, 15, 15, 16], "12, 14-16, 19"), ([1, 2], "1-2"),
        ])
    func traces(events: [Int], text: String) throws {
        let trace = EventTrace(events)
        #expect(trace.text == text)
        #expect(try CanonicalJSON.decode(EventTrace.self, from: CanonicalJSON.encode(trace)) == trace)
    }

    @Test func `show times in the plan's zone with its offset, through a change of the clocks`() throws {
        let before = try #require(Moment("2026-10-25T00:30:00Z"))
        let time = LocalTime(zone: "Europe/Berlin")
        #expect(time.text(before) == "2026-10-25 02:30:00 +02:00")
        #expect(time.text(before + .hours(1)) == "2026-10-25 02:30:00 +01:00")
        #expect(LocalTime(zone: "Nowhere/At_All").text(before) == "2026-10-25 00:30:00 UTC")
        #expect(LocalTime(zone: "America/St_Johns").text(before) == "2026-10-24 22:00:00 -02:30")
    }
}
