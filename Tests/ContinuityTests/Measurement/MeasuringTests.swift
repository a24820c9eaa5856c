// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("What was achieved")
struct MeasuringTests {
    private func scene() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.asOf - .days(3))
        var at = GradeScene.asOf - .days(2)
        while at <= GradeScene.asOf - .minutes(10) {
            scene.backup(at: at)
            at = at + .minutes(30)
        }
        return scene
    }

    private func shop(_ scene: GradeScene) throws -> ServiceMeasure {
        let report = Measuring.report(
            events: scene.events, plan: scene.plan, asOf: GradeScene.asOf, window: .days(1))
        let data = try CanonicalJSON.encode(report)
        #expect(try CanonicalJSON.decode(MeasureReport.self, from: data) == report)
        return try #require(report.services.first { $0.service == "shop" })
    }

    @Test func `is met when drill and exposure both keep the objective`() throws {
        var scene = try scene()
        scene.drill("d", .full, at: GradeScene.asOf - .hours(3))
        let shop = try shop(scene)
        #expect(shop.recoveryTime.verdict == .met)
        #expect(shop.recoveryTime.worst == Span(lower: .minutes(20), upper: .minutes(22)))
        #expect(shop.recoveryTime.evidence == .componentRestore)
        #expect(shop.recoveryTime.ageSeconds == 10_800)
        #expect(shop.recoveryPoint.verdict == .met)
        #expect(shop.exposures.first { $0.loss.name == "hq" }?.worstSeconds == 2_400)
        #expect(shop.lossNowSeconds == 1_800)
        #expect(shop.verdict == .unproven)
    }

    @Test func `says service by service what the loss of each site would have cost, over time and now`()
        throws
    {
        var scene = try scene()
        scene.plan.services[0].datasets = ["orders", "scratch"]
        scene.backup("scratch", at: GradeScene.asOf - .hours(20), in: ["metro"])
        let shop = try shop(scene)
        let hq = try #require(shop.siteExposures.first { $0.site == "hq" })
        // Scratch was proven once, twenty hours ago, and is the weaker from then on.
        #expect(hq.worst.dataset == "scratch" && hq.worst.worstSeconds == 72_000)
        #expect(hq.worst.worstAt == GradeScene.asOf && hq.nowSeconds == 72_000)
        #expect(hq.overTime.worst.count == 24 && hq.overTime.worst.last == .seconds(72_000))
        #expect(hq.overTime.worst[0] == .seconds(2_400) && hq.curve == nil)
        let metro = try #require(shop.siteExposures.first { $0.site == "metro" })
        #expect(metro.nowSeconds == nil && metro.worst.worstSeconds == nil)
        #expect(metro.overTime.worst.last == .everything)
        let asked = Measuring.report(
            events: scene.events, plan: scene.plan, asOf: GradeScene.asOf, window: .days(1),
            asking: MeasureQuestion(slices: 3, curvesOf: ["shop"]))
        let curve = asked.services.first { $0.service == "shop" }?.siteExposures.first { $0.site == "hq" }?
            .curve
        #expect(curve?.exposure(at: GradeScene.asOf) == .seconds(72_000))
        #expect(curve?.steps.last?.dataset == "scratch")
    }

    @Test func `is unproven without a drill, and missed when the exposure is too large`() throws {
        var scene = try scene()
        #expect(try shop(scene).recoveryTime.verdict == .unproven)
        #expect(try shop(scene).recoveryPoint.verdict == .unproven)
        scene.plan.services[0].objectives.recoveryPoint = .minutes(35)
        scene.drill("d", .full, at: GradeScene.asOf - .hours(3))
        let after = try shop(scene)
        #expect(after.recoveryPoint.verdict == .missed)
        #expect(after.recoveryPoint.reasons.first?.contains("the loss of hq would have cost 40m") == true)
    }

    @Test func `keeps a failed drill in sight`() throws {
        var scene = try scene()
        scene.drill("good", .full, at: GradeScene.asOf - .hours(3))
        scene.drill(
            "bad", .partial, at: GradeScene.asOf - .hours(5), outcome: .failed,
            time: Span(lower: .hours(1), upper: nil), isReported: false)
        let shop = try shop(scene)
        #expect(shop.recoveryTime.verdict == .missed)
        #expect(shop.recoveryTime.runs == 2)
        #expect(shop.recoveryTime.failedRuns == 1)
        #expect(shop.recoveryTime.worst?.upper == nil)
    }

    @Test func `counts an open incident with its age when that raises the mean`() throws {
        var scene = try scene()
        func incident(_ id: String, hoursAgo: Int, minutes: Int?) {
            let begun = GradeScene.asOf - .hours(hoursAgo)
            scene.add(
                .incident(
                    Incident(
                        id: id, service: "shop", begunAt: begun, detectedAt: begun + .minutes(2),
                        acknowledgedAt: begun + .minutes(5), restoredAt: minutes.map { begun + .minutes($0) })
                ),
                at: GradeScene.asOf - .minutes(1))
        }
        incident("a", hoursAgo: 20, minutes: 10)
        incident("b", hoursAgo: 10, minutes: 30)
        incident("c", hoursAgo: 2, minutes: nil)
        let spread = try shop(scene).timeToRestore
        #expect(spread.count == 2)
        #expect(spread.open == 1)
        #expect(spread.meanSeconds == Double((10 + 30 + 120) * 20))
        #expect(spread.medianSeconds == 1_800)
        #expect(spread.p90Seconds == 7_200)
        #expect(spread.isTooFew)
        #expect(try shop(scene).timeToDetect.meanSeconds == 120)
    }

    @Test(
        "states a set of lengths",
        arguments: [
            (lengths: [1, 2, 3, 4, 100], mean: 22.0, median: 3.0, p90: 100.0), ([10], 10, 10, 10),
            ([2, 4], 3, 3, 4),
        ])
    func spread(lengths: [Int], mean: Double, median: Double, p90: Double) {
        let spread = Spread(lengths.map { .seconds($0) })
        #expect(spread.meanSeconds == mean)
        #expect(spread.medianSeconds == median)
        #expect(spread.p90Seconds == p90)
        #expect(Spread([]).meanSeconds == nil)
    }
}
