// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("An alert counts for a drill")
struct AlertBookTests {
    struct Scene: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var events: [EventBody]
        /// When each stood in the ledger, in seconds after the disturbance.
        var recordedAt: [Int]
        /// The number of the event that counts; `nil` when none does.
        var event: Int?

        init(_ name: String, _ events: [EventBody], at recordedAt: [Int] = [], event: Int?) {
            testDescription = name
            self.events = events
            self.recordedAt = recordedAt
            self.event = event
        }
    }

    private static let begin = Moment(seconds: 1_795_521_600)

    private static func at(_ seconds: Int?) -> Moment? {
        seconds.map { begin + .seconds($0) }
    }

    /// Instants in seconds after the disturbance.
    private static func alert(
        _ id: String = "a", rule: String = "db-down", held: Int? = nil, fired: Int? = nil, delivered: Int,
        over: Int? = nil, batch: String? = nil
    ) -> EventBody {
        .alert(
            Alert(
                id: id, rule: rule, trueAt: at(held), firedAt: at(fired),
                deliveredAt: begin + .seconds(delivered), resolvedAt: at(over), batch: batch))
    }

    private static func batch(_ id: String, withdrawn: Int? = nil) -> EventBody {
        .importBatch(
            ImportBatch(
                id: id, reader: "alerts", file: "f", sha256: "", registers: [.alerts], taken: 1,
                withdrawnAt: at(withdrawn)))
    }

    static let scenes = [
        Scene("fired and delivered behind the disturbance", [alert(fired: 5, delivered: 9)], event: 1),
        Scene("fired at its very instant", [alert(fired: 0, delivered: 9)], event: 1),
        Scene("fired before, and told again behind it", [alert(fired: -1, delivered: 9)], event: nil),
        Scene("without its own instant, told behind it", [alert(delivered: 9)], event: 1),
        Scene("without its own instant, told before", [alert(delivered: -1)], event: nil),
        Scene(
            "whose condition held before, fired behind it", [alert(held: -60, fired: 5, delivered: 9)],
            event: 1),
        Scene(
            "whose condition held before, and nobody says when it fired", [alert(held: -60, delivered: 9)],
            event: nil),
        Scene(
            "told before it fired, by a clock that goes wrong", [alert(fired: 5, delivered: -1)], event: nil),
        Scene("that the ledger held before", [alert(fired: 5, delivered: 9)], at: [-1], event: nil),
        Scene("of another rule", [alert(rule: "disk-full", fired: 5, delivered: 9)], event: nil),
        Scene("that is over already", [alert(fired: 5, delivered: 9, over: 30)], event: 1),
        Scene("that was over before", [alert(delivered: 9, over: -1)], event: nil),
        Scene(
            "of which an earlier record knows that it is older",
            [alert(delivered: -300), alert(delivered: 9)], at: [-300, 9], event: nil),
        Scene(
            "that fires again, as an episode of its own",
            [alert("a", fired: -300, delivered: -290), alert("b", fired: 5, delivered: 9)], at: [-290, 9],
            event: 2),
        Scene(
            "told twice, counts from the first time",
            [alert(fired: 5, delivered: 9), alert(fired: 5, delivered: 300)], event: 1),
        Scene(
            "the earliest of several",
            [alert("late", fired: 50, delivered: 51), alert("early", fired: 5, delivered: 60)], event: 2),
        Scene(
            "of a file that was withdrawn",
            [alert(fired: 5, delivered: 9, batch: "b"), batch("b"), batch("b", withdrawn: 20)], event: nil),
        Scene(
            "of two files of which one was withdrawn",
            [
                alert(fired: 5, delivered: 9, batch: "b"), batch("b"),
                alert(fired: 5, delivered: 9, batch: "c"),
                batch("c"), batch("b", withdrawn: 20),
            ], event: 3),
    ]

    @Test("when it was raised since the disturbance", arguments: scenes)
    func counts(scene: Scene) {
        var book = AlertBook(rules: ["db-down"])
        for (index, body) in scene.events.enumerated() {
            let seconds = index < scene.recordedAt.count ? scene.recordedAt[index] : 400
            book.take(
                Event(
                    sequence: index + 1, recordedAt: Self.begin + .seconds(seconds), body: body, sha256: ""))
        }
        let found = book.raised("db-down", since: Self.begin)
        #expect(found?.event == scene.event)
        if let found { #expect(found.raisedAt >= Self.begin && found.deliveredAt >= Self.begin) }
    }

    @Test func `and says when it fired and when somebody was told`() throws {
        var book = AlertBook(rules: ["db-down"])
        book.take(
            Event(
                sequence: 7, recordedAt: Self.begin + .seconds(10), body: Self.alert(fired: 5, delivered: 9),
                sha256: ""))
        let found = try #require(book.raised("db-down", since: Self.begin))
        #expect(
            found.firedAt == Self.at(5) && found.deliveredAt == Self.at(9) && found.raisedAt == Self.at(5))
        #expect(found.text.hasPrefix("alert db-down, event 7, fired 2026-"), "\(found.text)")
    }
}
