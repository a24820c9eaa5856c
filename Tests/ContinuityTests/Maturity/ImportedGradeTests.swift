// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The grade from incidents, changes and pipelines")
struct ImportedGradeTests {
    private func scene() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        return scene
    }

    private func cover(
        _ scene: inout GradeScene, _ registers: [ImportBatch.Register], withdrawn: Bool = false
    ) {
        scene.add(
            .importBatch(
                ImportBatch(
                    id: "b", reader: "csv", file: "f.csv", sha256: "x", registers: registers,
                    coversFrom: GradeScene.begin - .days(1), coversTo: GradeScene.asOf, taken: 1,
                    withdrawnAt: withdrawn ? GradeScene.asOf : nil)), at: GradeScene.asOf)
    }

    private func state(_ scene: GradeScene, _ criterion: String) throws -> CriterionResult {
        let (table, dimension, _) = try #require(BuiltInModel.model.find(criterion))
        let report = try scene.grade(.literal, tables: [table.number])
        return try #require(report.dimension(dimension.id)?.criterion(criterion))
    }

    private mutating func pipeline(
        _ scene: inout GradeScene, _ id: String, _ kind: PipelineRun.Kind, day: Int, minutes: Int = 0,
        _ succeeded: Bool, isMain: Bool = true
    ) {
        let end = GradeScene.begin + .days(day) + .minutes(minutes)
        scene.add(
            .pipelineRun(
                PipelineRun(
                    id: id, kind: kind, subject: "shop/main", isMain: isMain, succeeded: succeeded,
                    begunAt: end - .minutes(5), endedAt: end, batch: "b")), at: end)
    }

    @Test func `takes the time from the first red build to the next green one`() throws {
        var scene = try scene()
        var own = self
        own.pipeline(&scene, "1", .build, day: 1, true)
        own.pipeline(&scene, "2", .build, day: 2, false)
        own.pipeline(&scene, "3", .build, day: 2, minutes: 30, false)
        own.pipeline(&scene, "x", .build, day: 2, minutes: 40, true, isMain: false)
        own.pipeline(&scene, "4", .build, day: 2, minutes: 90, true)
        let result = try state(scene, "t15-mttr-ci-lt2h")
        #expect(result.state == .met)
        #expect(result.value == "1h 30m")
        #expect(result.isLowSample)
        #expect(try state(scene, "t15-mttr-ci-lt30m").state == .notMet)
        #expect(try state(scene, "t15-mttr-cd-lt8h").state == .unknown)
    }

    @Test func `is met without a case when enough runs are known and none failed`() throws {
        var scene = try scene()
        var own = self
        for day in 0..<40 { own.pipeline(&scene, "\(day)", .build, day: day, true) }
        #expect(try state(scene, "t15-mttr-ci-lt30m").state == .unknown)
        cover(&scene, [.builds])
        let result = try state(scene, "t15-mttr-ci-lt30m")
        #expect(result.state == .met)
        #expect(result.basis == .vacuous)
        cover(&scene, [.builds], withdrawn: true)
        #expect(try state(scene, "t15-mttr-ci-lt30m").state == .unknown)
    }

    @Test func `holds change rates strictly against their bars`() throws {
        var scene = try scene()
        for number in 0..<100 {
            let at = GradeScene.begin + .days(number)
            scene.add(
                .change(
                    Change(
                        id: "\(number)", kind: .planned, implementedAt: at, hasFailedFirst: number < 3,
                        rollback: number < 2 ? .succeeded : .none)), at: at)
        }
        #expect(try state(scene, "t08-metrics-first-fail-5").state == .met)
        #expect(try state(scene, "t08-metrics-first-fail-lt3").state == .notMet)
        #expect(try state(scene, "t08-metrics-rollback-fail-lt005").state == .met)
        #expect(try state(scene, "t09-metrics-first-fail-5").basis == .noSource)
    }

    @Test func `knows no incident only where somebody says that all are known`() throws {
        var scene = try scene()
        #expect(try state(scene, "t07-trend-none-business").state == .unknown)
        cover(&scene, [.incidents])
        #expect(try state(scene, "t07-trend-none-business").state == .met)
        var bad = Incident(id: "i", service: "shop", begunAt: GradeScene.asOf - .days(9), detectedBy: .user)
        bad.userImpactSeconds = 60
        scene.add(.incident(bad), at: GradeScene.asOf - .days(9))
        let result = try state(scene, "t07-trend-none-business")
        #expect(result.state == .notMet)
        #expect(try state(scene, "t16-state-before-users").state == .notMet)
        #expect(try state(scene, "t16-state-before-users").value == "0 %")
    }
}
