// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import TestSupport
import Testing

@Suite("An import into the ledger")
struct ImportDeskTests {
    private static let now = Moment(seconds: 1_795_521_600)

    private struct Place {
        let scratch: Scratch
        let plan: Plan
        let ledger: Ledger
        let desk: ImportDesk

        init(_ scratch: Scratch) throws {
            self.scratch = scratch
            plan = try ExampleFiles.plan()
            ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            desk = ImportDesk(plan: plan, ledger: ledger)
        }

        func file(_ text: String, _ name: String = "f") throws -> ImportFile {
            try ImportFile.read(try scratch.write(text, to: name))
        }

        func take(_ text: String, _ kind: ImportKind = .incidents, at moment: Moment = ImportDeskTests.now)
            throws
            -> ImportDesk.Outcome
        {
            try desk.take(file(text), as: kind, rules: ImportRules(), coverage: nil, at: moment)
        }

        /// What a grade would be read from, without the names of batches.
        func facts() throws -> [String] {
            let facts = GradeFacts(try ledger.events(), plan: plan, asOf: .init(seconds: 1_900_000_000))
            return facts.incidents.map {
                "\($0.value.id) \($0.value.title ?? "") \($0.value.restoredAt as Any)"
            }
            .sorted()
        }
    }

    private func incident(_ id: Int, title: String = "t", restored: String? = nil) -> String {
        let end = restored.map { ",\"restored_at\":\"\($0)\"" } ?? ""
        return "{\"id\":\"i\(id)\",\"title\":\"\(title)\",\"begun_at\":\"2026-10-01T10:00:00Z\"\(end)}"
    }

    @Test func `of the same file twice is one import, and nothing is written`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            let first = try place.take("[\(incident(1)),\(incident(2))]")
            let count = try place.ledger.count()
            let again = try place.take("[\(incident(1)),\(incident(2))]", at: Self.now + .days(1))
            #expect(again.isRepeated && again.batch.id == first.batch.id)
            #expect(try place.ledger.count() == count)
            let hash = String(decoding: try Command.output("sha256sum", scratch.path("f")), as: UTF8.self)
            #expect(hash.hasPrefix(first.batch.sha256))
        }
    }

    /// Files that overlap at random, each taken, some withdrawn: what is left is what the others alone give.
    @Test(arguments: 1...12)
    func `withdrawn is as if it had never come`(seed: UInt64) throws {
        var dice = SystemlessDice(seed)
        let files = (0..<5).map { _ in
            "["
                + (0..<6).map { _ in
                    let id = Int(dice.next() % 8)
                    let isOver = dice.next() % 2 == 0
                    return incident(
                        id, title: "t\(dice.next() % 3)", restored: isOver ? "2026-10-01T11:00:00Z" : nil)
                }.joined(separator: ",") + "]"
        }
        let gone = Set((0..<5).filter { _ in dice.next() % 2 == 0 })
        let left = try Scratch.with { scratch in
            let place = try Place(scratch)
            var batches: [String] = []
            for (number, text) in files.enumerated() {
                batches.append(try place.take(text, at: Self.now + .minutes(number)).batch.id)
                // Taken again: the same facts.
                let before = try place.facts()
                _ = try place.take(text, at: Self.now + .minutes(number))
                #expect(try place.facts() == before)
            }
            for number in gone { _ = try place.desk.withdraw(batches[number], at: Self.now + .hours(1)) }
            return try place.facts()
        }
        let never = try Scratch.with { scratch in
            let place = try Place(scratch)
            for (number, text) in files.enumerated() where !gone.contains(number) {
                _ = try place.take(text, at: Self.now + .minutes(number))
            }
            return try place.facts()
        }
        #expect(left == never)
    }

    @Test func `keeps the reasons of what it left out, and counts what was known or replaced`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            _ = try place.take("[\(incident(1)),\(incident(2))]")
            let second = try place.take(
                "[\(incident(1)),\(incident(2, restored: "2026-10-01T11:00:00Z")),\(incident(3)),{\"id\":\"x\"}]"
            )
            #expect(second.batch.taken == 2 && second.updated == 1 && second.batch.known == 1)
            #expect(second.batch.skipped == ["line 1: 'begun_at' is missing"])
            #expect(try place.facts().count == 3)
            #expect(try place.desk.all().map(\.skippedCount) == [0, 1])
        }
    }

    @Test func `of an alert told twice keeps the first telling and the end`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            func body(_ at: String, _ status: String) -> String {
                """
                {"received_at":"\(at)","body":{"version":"4","alerts":[{"status":"\(status)",
                "labels":{"alertname":"Down"},"startsAt":"2026-10-01T10:00:00Z",
                "endsAt":"2026-10-01T10:30:00Z","fingerprint":"f"}]}}
                """
            }
            _ = try place.take(body("2026-10-01T10:00:05Z", "firing"), .alertmanager)
            _ = try place.take(body("2026-10-01T10:30:05Z", "resolved"), .alertmanager)
            let facts = GradeFacts(try place.ledger.events(), plan: place.plan, asOf: Self.now + .days(1))
            let alert = try #require(facts.alerts.first?.value)
            #expect(facts.alerts.count == 1 && alert.deliveredAt.text(decimals: 0) == "2026-10-01T10:00:05Z")
            #expect(alert.resolvedAt?.text(decimals: 0) == "2026-10-01T10:30:00Z")
        }
    }

    @Test func `makes absence a fact only with a person's word, until it is withdrawn`() throws {
        try Scratch.with { scratch in
            let place = try Place(scratch)
            let coverage = ImportDesk.Coverage(
                from: Self.now - .days(400), to: Self.now, person: "petra")
            let made = try place.desk.take(
                place.file("[]"), as: .incidents, rules: ImportRules(), coverage: coverage, at: Self.now)
            func isComplete() throws -> Bool {
                let report = Grading.grade(
                    events: try place.ledger.events(), plan: place.plan,
                    model: BuiltInModel.model.only(tables: [7]), asOf: Self.now)
                return report.dimension("t07-trend")?.criterion("t07-trend-none-business")?.state == .met
            }
            #expect(try isComplete())
            _ = try place.desk.withdraw(made.batch.id, at: Self.now)
            #expect(try !isComplete())
            #expect(throws: OperationError.self) { try place.desk.withdraw(made.batch.id, at: Self.now) }
            #expect(throws: OperationError.self) { try place.desk.withdraw("b-none", at: Self.now) }
        }
    }
}

/// Random numbers that are the same for the same seed (SplitMix64).
struct SystemlessDice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
