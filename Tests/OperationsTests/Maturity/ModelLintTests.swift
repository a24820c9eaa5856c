// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import Testing

@Suite("A table of one's own")
struct ModelLintTests {
    private static let good = """
        lifeboat_model: 1
        id: our-own
        parameters:
          own_day: {default: 20h, en: what we call a day}
        tables:
        - table: 101
          id: cash
          section: "A"
          name: {en: Cash desks, zh: 收银}
          attested_by: [head of sales]
          evidence: minutes
          dimensions:
          - id: own-cash
            name: {en: Cash, zh: 现金}
            mode: additive
            floor: 1
            levels:
              1:
              - {id: own-none, en: Nothing., zh: 无。, kind: descriptor}
              2:
              - {id: own-book, en: A book is kept., zh: 有账本。, kind: attested}
              3:
              - {inherits: own-book}
              - id: own-weekly
                en: Backups weekly.
                zh: 每周备份。
                kind: measured
                check: {metric: full_backup_max_gap, scope: datasets, op: <=, bar: $week}
              4:
              - {repeats: own-book}
              - id: own-daily
                en: Backups daily.
                zh: 每天备份。
                kind: measured
                check: {metric: full_backup_max_gap, scope: datasets, op: <=, bar: $own_day}
                supersedes: [own-weekly]
              5:
              - {repeats: own-book}

        """

    private func problems(_ text: String) throws -> [String] {
        MaturityModel.decode(try DocumentLoader.parse(text, file: "own.yaml"), addedTo: BuiltInModel.model)
            .problems.errors.map(\.description)
    }

    @Test func `is read, added and graded like the shipped ones`() throws {
        let read = MaturityModel.decode(
            try DocumentLoader.parse(Self.good, file: "own.yaml"), addedTo: BuiltInModel.model)
        #expect(read.problems.map(\.description) == [])
        let model = BuiltInModel.model.adding(try #require(read.model))
        #expect(model.tables.count == 24)
        #expect(GradeParameters(model).duration("own_day") == .hours(20))
        #expect(model.dimension("own-cash")?.stated[3] == ["own-book", "own-daily"])
    }

    @Test(
        "is refused with file and line",
        arguments: [
            (
                "metric: full_backup_max_gap, scope: datasets, op: <=, bar: $week",
                "metric: full_backup_gap, scope: datasets, op: <=, bar: $week", "no metric 'full_backup_gap'"
            ),
            ("bar: $own_day", "bar: $our_day", "no parameter 'our_day'"),
            ("bar: $own_day", "bar: 3", "needs a unit"),
            ("bar: $own_day", "bar: 40d", "with a bar that is easier"),
            ("scope: datasets, op: <=, bar: $week", "op: <=, bar: $week", "needs a scope"),
            ("supersedes: [own-weekly]", "supersedes: [own-weakly]", "supersedes 'own-weakly'"),
            ("supersedes: [own-weekly]", "supersedes: [own-none]", "never required"),
            ("{inherits: own-book}", "{inherits: own-bok}", "no lower level states 'own-bok'"),
            ("floor: 1", "floor: 2", "descriptors alone reach level 1"),
            ("table: 101", "table: 14", "table '14' stands twice"),
            ("id: own-weekly", "id: t14-backup-remote", "stands twice"),
            ("evidence: minutes", "evidence:", "says nothing"),
            ("kind: attested", "kind: attest", "must be one of measured, attested, descriptor"),
            (
                "check: {metric: full_backup_max_gap, scope: datasets, op: <=, bar: $week}", "note: none",
                "has no check"
            ),
            ("evidence: minutes", "evidence: minutes\\n  owner: me", "unknown key"),
            ("attested_by: [head of sales]", "attested_by: []", "names nobody"),
        ])
    func faults(old: String, new: String, words: String) throws {
        let text = Self.good.replacingOccurrences(
            of: old, with: new.replacingOccurrences(of: "\\n", with: "\n"))
        #expect(text != Self.good)
        let found = try problems(text)
        #expect(found.contains { $0.contains(words) && $0.hasPrefix("own.yaml:") }, "\(found)")
    }

    @Test func `finds a circle`() throws {
        let text = Self.good.replacingOccurrences(
            of: "bar: $week}", with: "bar: $week}\n        supersedes: [own-weekly]")
        #expect(try problems(text).contains { $0.contains("circle") })
    }
}
