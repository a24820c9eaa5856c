// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The cross-reference")
struct CrossReferenceTests {
    private func report(_ change: (inout GradeScene) -> Void = { _ in }) throws -> CrossReferenceReport {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        change(&scene)
        let grade = Grading.grade(
            events: scene.events, plan: scene.plan, model: BuiltInModel.model, asOf: GradeScene.asOf)
        return CrossReferenceReport(
            events: scene.events, plan: scene.plan, grade: grade,
            parameters: GradeParameters(BuiltInModel.model))
    }

    @Test(arguments: Framework.all)
    func `says of each framework its edition, its caution, and what serves each control`(framework: Framework)
    {
        #expect(!framework.edition.isEmpty && !framework.cautionEn.isEmpty && !framework.cautionZh.isEmpty)
        #expect(Set(framework.controls.map(\.clause)).count == framework.controls.count)
        for control in framework.controls {
            #expect(
                !control.textEn.isEmpty && !control.textZh.isEmpty && !control.facts.isEmpty, "\(control)")
        }
    }

    @Test func `uses every fact, and each is judged in the model`() {
        let used = Set(Framework.all.flatMap(\.controls).flatMap(\.facts))
        #expect(used == Set(FactFamily.allCases))
        for fact in FactFamily.allCases {
            for id in fact.dimensions { #expect(BuiltInModel.model.dimension(id) != nil, "\(id)") }
        }
    }

    @Test func `notes that another edition of GB/T 20988 is in force`() throws {
        let framework = try #require(Framework.named("gbt20988"))
        #expect(framework.cautionEn.contains("2025") && framework.cautionZh.contains("2025"))
    }

    @Test func `shows beside each control what the grade says of its facts`() throws {
        let report = try report()
        let parts = report.frameworks.flatMap(\.controls).flatMap(\.facts)
        #expect(parts.allSatisfy { !$0.judged.isEmpty })
        #expect(report.frameworks.count == Framework.all.count)
    }

    @Test func `marks the clauses whose numbers nobody has held against the text`() throws {
        let open = Framework.all.flatMap { framework in
            framework.controls.filter { !$0.isConfirmed }.map { "\(framework.id) \($0.clause)" }
        }
        #expect(open == ["nist80084 2, 3"])
        for part in try report().frameworks {
            let framework = try #require(Framework.named(part.id))
            #expect(part.controls.map(\.isConfirmed) == framework.controls.map(\.isConfirmed))
        }
    }

    @Test func `needs no table that no framework asks for`() {
        let model = BuiltInModel.model
        #expect(CrossReferenceReport.tables(of: Framework.all, in: model) == [8, 9, 14, 15, 16])
        #expect(CrossReferenceReport.tables(of: Framework.all.filter { $0.id == "32110" }, in: model) == [14])
    }

    @Test func `counts 3-2-1-1-0, and takes what was never restored for unknown`() throws {
        let none = try #require(try report().backupRule.first { $0.dataset == "orders" })
        #expect(
            [none.three, none.two, none.offsite, none.immutable] == [.notMet, .notMet, .notMet, .notMet])
        let kept = try report { $0.backup(at: GradeScene.asOf - .hours(3)) }
        let rule = try #require(kept.backupRule.first { $0.dataset == "orders" })
        #expect([rule.three, rule.two, rule.offsite, rule.immutable] == [.met, .met, .met, .met])
        #expect(rule.zero == .unknown && rule.copies == 3)
        #expect(rule.detail == "nothing was restored within a year" && rule.detailZh == "一年内未作恢复")
        let restored = try report { scene in
            scene.backup(at: GradeScene.asOf - .hours(3))
            scene.add(.restoreRun(restore(succeeded: true)), at: GradeScene.asOf - .hours(1))
        }
        let passed = try #require(restored.backupRule.first { $0.dataset == "orders" })
        #expect(passed.zero == .met && passed.detailZh == "一年内恢复 1 次，最近一次成功")
        let failed = try report { scene in
            scene.backup(at: GradeScene.asOf - .hours(3))
            scene.add(.restoreRun(restore(succeeded: false)), at: GradeScene.asOf - .hours(1))
        }
        let last = try #require(failed.backupRule.first { $0.dataset == "orders" })
        #expect(last.zero == .notMet && last.detailZh == "最近一次恢复失败")
    }

    private func restore(succeeded: Bool) -> RestoreRun {
        RestoreRun(
            run: "r", dataset: "orders", point: "p", store: "west", host: nil, target: "/t", paths: [],
            begunAt: GradeScene.asOf - .hours(2), endedAt: GradeScene.asOf - .hours(1), succeeded: succeeded,
            members: 1, bytes: 1, membersVerified: 1, leftOut: 0)
    }

    @Test(
        "agrees with a level of GB/T 20988-2007 only as far as both numbers do",
        arguments: [
            (point: Double?.none, time: Double?(60), level: Int?.none), (60, nil, nil), (0, 1_800, 6),
            (0, 7_200, 5), (1_800, 100_000, 5), (1_801, 100_000, 4), (86_400, 200_000, 3),
            (86_401, 60, 2), (700_000, 60, nil),
        ])
    func level(point: Double?, time: Double?, level: Int?) {
        #expect(RecoveryMatch.level(point: point, time: time) == level)
    }
}
