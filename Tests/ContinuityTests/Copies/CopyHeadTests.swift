// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("Head of a dataset's copies")
struct CopyHeadTests {
    /// Backups, verifications, faults, healings and removals at random, hour by hour.
    static func history(seed: Int) -> (history: History, end: Double) {
        var dice = Dice(seed: UInt64(seed))
        var history = History()
        var points: [(name: String, hour: Double)] = []
        let stores = ["metro", "north", "west"]
        var hour = 0.0
        for number in 0..<dice.roll(1...14) {
            hour += Double(dice.roll(1...40))
            let isFull = points.isEmpty || dice.roll(0...3) == 0
            let reached = stores.filter { _ in dice.roll(0...4) > 0 }
            history.backup(
                "p\(number)", at: hour, parent: isFull ? nil : points[points.count - 1].name, in: reached,
                outcome: dice.roll(0...5) == 0 ? .partial : .complete,
                method: dice.roll(0...7) == 0 ? .none : .hashAtSite)
            points.append(("p\(number)", hour))
            if dice.roll(0...3) == 0 {
                hour += 0.25
                let keys = ["k1", "k2", "k3", "k4"]
                if dice.coin() {
                    history.recipients(keys.filter { _ in dice.coin() }, at: hour)
                } else {
                    history.keyDrill(keys[dice.roll(0...3)], at: hour, passed: dice.roll(0...3) > 0)
                }
            }
            for _ in 0..<dice.roll(0...4) {
                let point = points[dice.roll(0...points.count - 1)]
                let store = stores[dice.roll(0...2)]
                hour += 0.25
                switch dice.roll(0...9) {
                case 0...4: history.verify(point.name, in: store, at: hour)
                case 5: history.verify(point.name, in: store, at: hour, parts: [dice.roll(1...2)])
                case 6: history.verify(point.name, in: store, at: hour, dice.coin() ? .lost : .corrupt)
                case 7:
                    let proven = History.hour(hour)
                    history.receipt(point.name, at: point.hour, in: store, provenAt: proven)
                case 8: history.expiry(point.name, in: store, at: hour, dice.coin() ? .marked : .spared)
                default: for store in stores { history.expiry(point.name, in: store, at: hour, .removed) }
                }
            }
        }
        return (history, hour)
    }

    @Test("judges as the whole book does", arguments: 0..<300)
    func same(seed: Int) throws {
        let plan = try CopyPlan.plan()
        let dataset = plan.datasets[0]
        let (history, end) = Self.history(seed: seed)
        let head = CopyHead(of: dataset.id, in: history.book)
        for later in [0.0, 1, 30, 100, 167, 169, 300] {
            let now = History.hour(end + later)
            var whole = history.book.judge(dataset, in: plan, at: now)
            var quick = head.judge(dataset, in: plan, at: now)
            #expect(Self.kinds(quick) == Self.kinds(whole), "\(later)")
            (whole.points, whole.violations, quick.violations) = ([], [], [])
            #expect(quick == whole, "\(later)")
        }
    }

    /// Stale, unproven and untried are told apart by the order of the links, which a head does not keep.
    private static func kinds(_ copies: DatasetCopies) -> [String] {
        copies.violations.map { violation in
            let kind = [.unproven, .keyUntried].contains(violation.kind) ? .stale : violation.kind
            return "\(kind) \(violation.store ?? "")"
        }
    }

    @Test("says the same without the events of what is gone", arguments: 0..<300)
    func gone(seed: Int) throws {
        let (history, _) = Self.history(seed: seed)
        let gone = Set(history.book.eventsOfGonePoints("documents", among: history.events))
        let left = CopyBook(history.events.filter { !gone.contains($0.sequence) })
        #expect(CopyHead(of: "documents", in: left) == CopyHead(of: "documents", in: history.book))
    }

    @Test func `lets go of a point once every copy of it was removed`() {
        var history = History()
        history.backup("a", at: 0, in: ["metro", "north"])
        history.backup("b", at: 1, in: ["metro", "north"])
        history.expiry("a", in: "metro", at: 2, .removed)
        #expect(history.book.eventsOfGonePoints("documents", among: history.events) == [])
        history.expiry("a", in: "north", at: 2, .removed)
        #expect(history.book.eventsOfGonePoints("documents", among: history.events) == [1, 2, 3, 7, 8])
    }

    @Test("survives its way through JSON, in the canonical bytes", arguments: 0..<60)
    func coded(seed: Int) throws {
        let head = CopyHead(of: "documents", in: Self.history(seed: seed).history.book)
        let codec = CopyHeadCodec()
        let bytes = try codec.encode(head)
        #expect(bytes == (try CanonicalJSON.encode(head)))
        #expect(try bytes.withUnsafeBytes { try codec.decode($0) } == head)
    }
}
