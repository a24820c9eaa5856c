// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("Moment")
struct MomentTests {
    @Test(
        "is read from RFC 3339 and its compact form",
        arguments: [
            ("1970-01-01T00:00:00Z", 0),
            ("2026-11-22T03:15:00Z", 1_795_317_300),
            ("20261122T031500Z", 1_795_317_300),
            ("2026-11-22T11:15:00+08:00", 1_795_317_300),
            ("1969-12-31T23:59:59Z", -1),
            ("2024-02-29T12:00:00Z", 1_709_208_000),
        ])
    func reading(text: String, seconds: Int64) {
        #expect(Moment(text) == Moment(seconds: seconds))
    }

    @Test(
        "refuses what is no instant",
        arguments: [
            "", "2026-11-22", "2026-13-01T00:00:00Z", "2023-02-29T00:00:00Z", "2026-11-22T24:00:00Z",
            "2026-11-22T03:15:00", "2026-11-22T03:15:00.Z", "2026-11-22T03:15:00Zx",
        ])
    func refusing(text: String) {
        #expect(Moment(text) == nil)
    }

    @Test(arguments: [Int64(0), -1, 1, 1_795_317_300_123_456_789, -86_400_000_000_001])
    func `survives its own text`(nanoseconds: Int64) {
        let moment = Moment(nanoseconds: nanoseconds)
        #expect(Moment(moment.description) == moment)
    }

    @Test func `has a text whose order is the order of instants`() {
        let moments = [
            Moment(nanoseconds: 5), Moment(seconds: 3), Moment(seconds: 1_700_000_000), Moment(seconds: 9),
        ]
        #expect(moments.sorted().map(\.description) == moments.map(\.description).sorted())
    }
}

@Suite("Duration text")
struct DurationTextTests {
    @Test(
        "is read with units only",
        arguments: [("90s", 90.0), ("500ms", 0.5), ("1h30m", 5_400), ("7d", 604_800), ("1.5h", 5_400)])
    func reading(text: String, seconds: Double) {
        #expect(Duration(text: text) == .seconds(seconds))
    }

    @Test("refuses a bare number and unknown units", arguments: ["", "90", "5x", "h", "1 h", "-5s"])
    func refusing(text: String) {
        #expect(Duration(text: text) == nil)
    }

    @Test(
        "is written with its two leading units",
        arguments: [
            (0.0, "0s"), (0.35, "350ms"), (12.44, "12.4s"), (2_467, "41m 7s"), (3_600, "1h"),
            (90_000, "1d 1h"),
        ])
    func writing(seconds: Double, text: String) {
        #expect(Duration.seconds(seconds).text == text)
    }

    @Test(
        "is never written narrower than it is measured",
        arguments: [
            (5.86, 6.83, "5.8s to 6.9s"), (5.8, 6.9, "5.8s to 6.9s"), (0.9991, 0.9992, "999ms to 1s"),
            (59.94, 59.96, "59.9s to 1m"), (61.9, 62.1, "1m 1s to 1m 3s"),
            (5_459.0, 5_459.5, "1h 30m to 1h 31m"), (7_199.5, 7_199.6, "1h 59m to 2h"),
            (89_999.0, 90_001.0, "1d to 1d 2h"), (-1.26, 1.24, "-1.3s to 1.3s"), (3.0, 3.0, "3s"),
            (0.000_2, 0.000_3, "0ms to 1ms"),
        ])
    func bounds(lower: Double, upper: Double, text: String) {
        #expect(Span(lower: .seconds(lower), upper: .seconds(upper)).text == text)
        #expect(Span(lower: .seconds(5.86), upper: nil).text == "at least 5.8s")
    }
}

@Suite("Event bodies")
struct EventBodyTests {
    struct Reader: EventReader {
        let data: Data
        func read<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try CanonicalJSON.decode(type, from: data)
        }
    }

    @Test func `survive their canonical JSON`() throws {
        let bodies: [EventBody] = [
            .canaryRecord(
                CanaryRecord(
                    canary: "c", dataset: "d", sequence: 3, writtenAt: Moment(seconds: 5),
                    acknowledgedAt: Moment(seconds: 6), sha256: "ab")),
            .backupRun(
                BackupRun(
                    run: "r", dataset: "d", kind: .full, outcome: .completeWithChanges,
                    begunAt: Moment(seconds: 1),
                    endedAt: Moment(seconds: 2), manifestSha256: "ff",
                    stores: [StoreResult(store: "s", state: .behind, detail: "full")])),
        ]
        for body in bodies {
            let data = try CanonicalJSON.encode(body.value)
            #expect(try EventBody(kind: body.kind, reading: Reader(data: data)) == body)
        }
    }
}
