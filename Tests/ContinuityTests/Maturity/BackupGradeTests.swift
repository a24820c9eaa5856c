// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The grade of data backup")
struct BackupGradeTests {
    /// A year and more of daily full points, adopted before the window.
    private func year(
        every gap: Duration = .days(1), in stores: [String] = ["metro", "north", "west"],
        without missing: (Moment) -> Bool = { _ in false }
    ) throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        var at = GradeScene.begin - .days(2)
        while at <= GradeScene.asOf - .hours(1) {
            if !missing(at) { scene.backup(at: at, in: stores) }
            at = at + gap
        }
        return scene
    }

    @Test func `names the one gap that fails a level, as in the worked example`() throws {
        let hole = GradeScene.begin + .days(100)
        let scene = try year { $0 > hole && $0 < hole + .hours(25) }
        let grade = try scene.grade(of: "t14-backup")
        #expect(grade.confirmed == 2)
        #expect(grade.possible == 2)
        #expect(grade.verdictEn == "level 2")
        let daily = try #require(grade.criterion("t14-backup-full-daily"))
        #expect(daily.state == .notMet)
        #expect(daily.bar == "at most 1d + 2h grace")
        #expect(daily.offenders.first?.member == "orders")
        #expect(daily.offenders.first?.value == "2d")
        #expect(daily.offenders.first?.evidence.count == 8)
        #expect(grade.criterion("t14-backup-same-city")?.effective == .met)
        #expect(grade.criterion("t14-backup-full-monthly")?.state == .met)
        #expect(grade.blockers == ["t14-backup-full-daily"])
    }

    @Test func `reaches level 3 with daily full points at a remote place`() throws {
        let grade = try year().grade(of: "t14-backup")
        #expect(grade.confirmed == 3)
        #expect(grade.possible == 3)
        #expect(grade.blockers == ["t14-backup-incr-hourly"])
        #expect(grade.criterion("t14-backup-copies-gt2")?.state == .met)
        #expect(grade.criterion("t14-backup-copies-gt3")?.state == .notMet)
    }

    @Test(
        "asks for the place that the level names",
        arguments: [
            (stores: ["metro"], confirmed: 2), (stores: ["metro", "north"], confirmed: 3),
            (stores: ["north"], confirmed: 3),
        ])
    func places(stores: [String], confirmed: Int) throws {
        #expect(try year(in: stores).grade(of: "t14-backup").confirmed == confirmed)
    }

    @Test func `lets a remote copy not stand in for one in the city when asked`() throws {
        let scene = try year(in: ["north"])
        let grade = try scene.grade(of: "t14-backup", ["require_both_city_and_remote": "true"])
        #expect(grade.confirmed == 1)
        #expect(grade.blockers == ["t14-backup-same-city"])
    }

    @Test func `does not confirm what only part of the window shows`() throws {
        var scene = GradeScene(try GradeScene.plan())
        let first = GradeScene.asOf - .days(10)
        scene.adopt(at: first)
        for day in 0..<10 { scene.backup(at: first + .hours(1) + .days(day)) }
        let grade = try scene.grade(of: "t14-backup")
        #expect(grade.confirmed == 0)
        #expect(grade.possible == 3)
        #expect(grade.criterion("t14-backup-full-daily")?.basis == .gap)
        let shorter = try scene.grade(of: "t14-backup", ["window": "7d"])
        #expect(shorter.confirmed == 3)
        #expect(try scene.grade(.literal, ["window": "7d"]).changedParameters.map(\.name) == ["window"])
    }

    @Test func `confirms it when somebody declares the register complete and the runs are there`() throws {
        var scene = try year()
        let all = scene.events.filter { if case .planAdopted = $0.body { false } else { true } }
        var late = GradeScene(scene.plan)
        late.adopt(at: GradeScene.asOf - .days(1))
        for event in all { late.add(event.body, at: max(event.recordedAt, GradeScene.asOf - .days(1))) }
        // The points themselves leave no gap, whoever wrote them down when.
        #expect(try late.grade(of: "t14-backup").criterion("t14-backup-full-daily")?.state == .met)
        scene.claim(.backups, from: GradeScene.begin - .days(1), to: GradeScene.asOf)
        #expect(try scene.grade(of: "t14-backup").confirmed == 3)
    }

    @Test func `fails inside a partly known window`() throws {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.asOf - .days(60))
        scene.backup(at: GradeScene.asOf - .days(59))
        let grade = try scene.grade(of: "t14-backup")
        #expect(grade.criterion("t14-backup-full-monthly")?.state == .notMet)
        #expect(grade.possible == 0)
        #expect(grade.verdictEn == "below level 1")
    }

    @Test func `takes a new dataset from its creation`() throws {
        var scene = try year()
        scene.plan.services[0].datasets.append("scratch")
        scene.plan.datasets[1].copies.to = ["north"]
        scene.adopt(at: GradeScene.begin - .days(3), datasets: ["orders"])
        var later = GradeScene(scene.plan)
        later.adopt(at: GradeScene.begin - .days(3), datasets: ["orders"])
        for event in scene.events {
            if case .planAdopted = event.body { continue }
            later.add(event.body, at: event.recordedAt)
        }
        let created = GradeScene.asOf - .days(20)
        later.adopt(at: created, datasets: ["orders", "scratch"])
        for day in 0..<20 { later.backup("scratch", at: created + .hours(2) + .days(day), in: ["north"]) }
        let grade = try later.grade(of: "t14-backup")
        #expect(grade.criterion("t14-backup-full-daily")?.state == .met)
        #expect(grade.criterion("t14-backup-remote")?.state == .met)
    }

    @Test func `counts no point that was partial, unproven or found broken`() throws {
        let scene = try year()
        func state(_ change: (inout GradeScene) -> Void) throws -> CriterionState? {
            var copy = scene
            change(&copy)
            return try copy.grade(of: "t14-backup").criterion("t14-backup-full-daily")?.state
        }
        #expect(try state { _ in } == .met)
        let last = GradeScene.asOf - .hours(24)
        #expect(
            try state { scene in
                for store in ["metro", "north", "west"] {
                    for day in 0...2 {
                        scene.add(
                            .copyVerification(
                                CopyVerification(
                                    dataset: "orders", point: (last - .days(day)).compact, store: store,
                                    checkedAt: GradeScene.asOf - .hours(1), method: .readBack,
                                    result: .corrupt, bytesRead: 1, faults: ["x"])),
                            at: GradeScene.asOf - .hours(1))
                    }
                }
            } == .notMet)
    }

    @Test func `says unknown where nothing is in scope`() throws {
        let scene = GradeScene(try GradeScene.plan { $0.services[0].tier = .standard })
        let grade = try scene.grade(of: "t14-backup")
        #expect(!grade.hasEvidence)
        #expect(grade.confirmed == 0)
        #expect(grade.possible == 5)
        #expect(grade.verdictEn == "no evidence, up to level 5 possible")
    }

    @Test func `reads the calendar instead of the longest gap when asked`() throws {
        // The first Sunday of a month leaves gaps of 35 days and still hits every month.
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(60))
        for text in [
            "2025-11-02", "2025-12-07", "2026-01-04", "2026-02-01", "2026-03-01", "2026-04-05", "2026-05-03",
            "2026-06-07", "2026-07-05", "2026-08-02", "2026-09-06", "2026-10-04", "2026-11-01",
        ] {
            scene.backup(at: try #require(Moment("\(text)T02:00:00Z")))
        }
        let monthly = "t14-backup-full-monthly"
        #expect(try scene.grade(of: "t14-backup").criterion(monthly)?.state == .notMet)
        #expect(
            try scene.grade(of: "t14-backup", ["cadence_mode": "bucket"]).criterion(monthly)?.state == .met)
    }
}
