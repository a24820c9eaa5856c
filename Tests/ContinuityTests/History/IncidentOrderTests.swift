// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The times of an incident")
struct IncidentOrderTests {
    private static let begun = Moment(seconds: 1_795_000_000)
    private static let now = begun + .hours(10)

    private static func at(_ minutes: Int) -> Moment { begun + .minutes(minutes) }

    private func good() -> Incident {
        var incident = Incident(
            id: "i", begunAt: Self.begun, detectedAt: Self.at(3), registeredAt: Self.at(5),
            acknowledgedAt: Self.at(6), restoredAt: Self.at(40), closedAt: Self.at(90),
            escalations: [.init(kind: .call, at: Self.at(4))])
        incident.warnedAt = Self.at(-20)
        incident.causeFoundAt = Self.at(400)
        return incident
    }

    @Test func `may all be true, a warning before and a cause after`() {
        #expect(good().problems(at: Self.now) == [])
        #expect(good().response == .minutes(37))
        #expect(good().resolution == .minutes(90))
    }

    @Test func `may have an end before anybody noticed`() {
        var incident = good()
        incident.restoredAt = Self.at(1)
        #expect(incident.problems(at: Self.now) == [])
    }

    @Test(
        "cannot all be true",
        arguments: [
            ("detected", -1, "detected"), ("acknowledged", 2, "acknowledged"),
            ("acknowledged", -2, "acknowledged"), ("registered", 1, "registered"),
            ("restored", -5, "restored"),
            ("closed", 39, "closed"), ("user", -1, "reported by a user"), ("cause", 601, "yet to come"),
        ])
    func wrong(time: String, minutes: Int, words: String) {
        let paths: [String: WritableKeyPath<Incident, Moment?>] = [
            "detected": \.detectedAt, "acknowledged": \.acknowledgedAt, "registered": \.registeredAt,
            "restored": \.restoredAt, "closed": \.closedAt, "user": \.firstUserReportAt,
            "cause": \.causeFoundAt,
        ]
        var incident = good()
        if let path = paths[time] { incident[keyPath: path] = Self.at(minutes) }
        let problems = incident.problems(at: Self.now)
        #expect(problems.contains { $0.contains(words) }, "\(time): \(problems)")
    }

    @Test func `cannot end with a close alone, nor with a call before the begin`() {
        var incident = good()
        incident.restoredAt = nil
        #expect(!incident.problems(at: Self.now).isEmpty)
        incident = good()
        incident.escalations[0].at = Self.at(-1)
        #expect(!incident.problems(at: Self.now).isEmpty)
    }

    @Test func `are those of the last word, and none of a withdrawn import`() {
        var second = good()
        second.title = "corrected"
        var imported = good()
        imported.id = "j"
        imported.batch = "b"
        let batch = ImportBatch(
            id: "b", reader: "csv", file: "f", sha256: "0", registers: [.incidents], taken: 1,
            withdrawnAt: Self.now)
        let bodies: [EventBody] = [
            .incident(good()), .incident(imported), .incident(second), .importBatch(batch),
        ]
        let events = bodies.enumerated().map {
            Event(sequence: $0.offset + 1, recordedAt: Self.now, body: $0.element, sha256: "")
        }
        #expect(IncidentRegister.incidents(in: events.reversed()).map(\.title) == ["corrected"])
    }
}
