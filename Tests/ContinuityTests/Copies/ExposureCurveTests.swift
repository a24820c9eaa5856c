// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("Exposure over time")
struct ExposureCurveTests {
    private let plan: Plan
    private let dataset: Dataset

    init() throws {
        plan = try CopyPlan.plan()
        dataset = try #require(plan.dataset("documents"))
    }

    private func curve(_ history: History, losing site: String, _ from: Double, _ to: Double) -> ExposureCurve
    {
        history.book.exposureCurve(
            of: dataset, in: plan, losing: CopyLoss(kind: .site, name: site), from: History.hour(from),
            to: History.hour(to))
    }

    @Test func `climbs with the clock and falls at each new proof`() {
        var history = History()
        for hour in [0.0, 4, 8] { history.backup("f\(Int(hour))", at: hour, in: ["metro", "north"]) }
        let curve = curve(history, losing: "hq", 1, 10)
        #expect(curve.steps.map(\.point) == ["f0", "f4", "f8"])
        #expect(curve.exposure(at: History.hour(4)) == .seconds(4 * 3_600))
        // Proven six minutes after four o'clock: from then on only those six minutes are lost.
        let proven = History.hour(4) + .minutes(6)
        #expect(curve.exposure(at: proven) == .seconds(360))
        #expect(curve.exposure(at: History.hour(11)) == nil)
        let worst = curve.worst(of: "documents")
        #expect(worst.worstAt == proven && worst.worstSeconds == 14_760 && worst.point == "f0")
        #expect(worst.nowSeconds == 7_200.0)
    }

    /// Points with and without parents, in some of the stores, proven again, marked and removed.
    private func random(_ dice: inout Dice) -> History {
        var history = History()
        var names: [(name: String, stores: [String])] = []
        for step in 1...40 {
            let hour = Double(step) * 5 + Double(dice.roll(0...9)) / 4
            let stores = ["metro", "north", "west"].filter { _ in dice.coin() }
            switch dice.roll(0...5) {
            case 0...2:
                history.backup("p\(step)", at: hour, in: stores)
                names.append(("p\(step)", stores))
            case 3:
                let parent = names.last?.name
                history.backup("p\(step)", at: hour, parent: parent, in: stores)
                names.append(("p\(step)", stores))
            default:
                guard let known = names.isEmpty ? nil : names[dice.roll(0...names.count - 1)],
                    let store = known.stores.first
                else { continue }
                if dice.coin() {
                    history.verify(known.name, in: store, at: hour)
                } else {
                    history.expiry(known.name, in: store, at: hour, dice.coin() ? .marked : .removed)
                }
            }
        }
        return history
    }

    @Test(arguments: Array<UInt64>(1...12))
    func `is at every instant what a look at the copies of that instant finds`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let history = random(&dice)
        for site in ["hq", "metro", "north"] {
            let curve = curve(history, losing: site, 0, 230)
            let survivors = plan.stores(of: dataset, surviving: CopyLoss(kind: .site, name: site))
            var most: Exposure = .seconds(0)
            for minute in stride(from: 1, to: 230 * 60, by: 37) {
                // Off the round minutes, so that no instant falls on a change.
                let now = History.hour(0) + .minutes(minute) + .seconds(7)
                let known = CopyBook(history.events.filter { $0.recordedAt <= now })
                let slow = known.newest(of: dataset, in: survivors, at: now).map {
                    Exposure.seconds((now - $0.consistencyAt).inSeconds)
                }
                #expect(curve.exposure(at: now) == slow ?? .everything, "\(site) at minute \(minute)")
                most = max(most, slow ?? .everything)
            }
            let worst = curve.worst(of: "documents").worstSeconds.map(Exposure.seconds) ?? .everything
            #expect(worst >= most, "\(site)")
        }
    }

    private func steps(_ dice: inout Dice, _ name: String) -> ExposureCurve {
        var at = Double(dice.roll(0...20))
        let begun = at
        var steps: [ExposureCurve.Step] = []
        while at < 100 {
            let newest = dice.roll(0...6) == 0 ? nil : History.hour(at - Double(dice.roll(0...30)))
            steps.append(
                ExposureCurve.Step(
                    at: History.hour(at), recoverableAt: newest, dataset: name, point: newest.map { "\($0)" })
            )
            at += Double(dice.roll(1...60)) / 4
        }
        return ExposureCurve(
            loss: CopyLoss(kind: .site, name: "hq"), begunAt: History.hour(begun), endedAt: History.hour(100),
            steps: steps)
    }

    @Test(arguments: Array<UInt64>(1...20))
    func `of several datasets is that of the weakest`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let curves = (0..<dice.roll(1...5)).map { steps(&dice, "d\($0)") }
        let weakest = try #require(ExposureCurve.weakest(curves))
        for quarter in 0...400 {
            let now = History.hour(Double(quarter) / 4) + .seconds(quarter == 400 ? 0 : 11)
            #expect(
                weakest.exposure(at: now) == curves.compactMap { $0.exposure(at: now) }.max(), "\(quarter)")
        }
        let worst = curves.map { $0.worst(of: "d") }
        let most = worst.contains { $0.worstSeconds == nil } ? nil : worst.compactMap(\.worstSeconds).max()
        #expect(weakest.worst(of: "d").worstSeconds == most)
    }

    @Test(arguments: Array<UInt64>(1...20))
    func `is told in stretches, each by its worst instant`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let curve = steps(&dice, "d")
        let count = dice.roll(1...30)
        let slices = curve.slices(count, from: History.hour(0)).worst
        #expect(slices.count == count)
        for (place, slice) in slices.enumerated() {
            let from = 100 * Double(place) / Double(count)
            var slow: Exposure?
            for part in 0...999 {
                let at = History.hour(from + 100 / Double(count) * (Double(part) + 0.5) / 1_000)
                guard let found = curve.exposure(at: at) else { continue }
                slow = max(slow ?? found, found)
            }
            switch (slice, slow) {
            case (.seconds(let fast)?, .seconds(let looked)?):
                // A thousand looks miss the last moment of a climb by at most one of them.
                #expect(fast >= looked - 0.001 && fast - looked <= 360_000 / Double(count) / 1_000 + 0.001)
            default: #expect(slice == slow, "stretch \(place)")
            }
        }
    }

    @Test func `comes back from its JSON, what is not known and everything included`() throws {
        let slices = ExposureSlices(worst: [nil, .seconds(1.5), .everything])
        let data = try CanonicalJSON.encode(slices)
        #expect(String(decoding: data, as: UTF8.self) == #"[null,1.5,"everything"]"#)
        #expect(try CanonicalJSON.decode(ExposureSlices.self, from: data) == slices)
    }
}
