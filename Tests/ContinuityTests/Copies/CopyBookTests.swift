// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("The book of copies")
struct CopyBookTests {
    private let plan: Plan
    private let dataset: Dataset

    init() throws {
        plan = try CopyPlan.plan()
        dataset = try #require(plan.dataset("documents"))
    }

    private func judge(_ history: History, at hour: Double) -> DatasetCopies {
        history.book.judge(dataset, in: plan, at: History.hour(hour))
    }

    private var whole: History {
        var history = History()
        history.backup("f1", at: 0, in: ["metro", "north", "west"])
        history.backup("i1", at: 1, parent: "f1", in: ["metro", "north", "west"])
        return history
    }

    private func hours(_ number: Double) -> Double { number * 3_600 }

    // MARK: - States

    @Test func `counts three copies when every chain is proven`() {
        let copies = judge(whole, at: 2)
        #expect(copies.newestPoint == "i1")
        #expect(copies.effective.map(\.store) == ["metro", "north", "west"])
        #expect(copies.violations == [])
        #expect(copies.exposureSeconds == 3_600)
    }

    @Test func `counts a copy only with its whole chain in the same store`() {
        var history = History()
        history.backup("f1", at: 0, in: ["metro"])
        history.backup("i1", at: 1, parent: "f1", in: ["north"])
        let copies = judge(history, at: 2)
        #expect(copies.newestPoint == "i1")
        #expect(copies.newestRecoverable == "f1")
        #expect(copies.effective == [])
        #expect(copies.exposureSeconds == 7_200)
    }

    @Test(
        "gives a copy the state its history deserves",
        arguments: [
            (title: "proven", hour: 2.0, step: "", state: Copy.State.verified),
            (title: "too old", hour: 24 * 8.0, step: "", state: .stale),
            (title: "corrupt", hour: 3.0, step: "corrupt", state: .corrupt),
            (title: "lost", hour: 3.0, step: "lost", state: .lost),
            (title: "unreachable says nothing", hour: 3.0, step: "unreachable", state: .verified),
            (title: "proven again", hour: 24 * 8.0, step: "passed", state: .verified),
        ])
    func states(title: String, hour: Double, step: String, state: Copy.State) throws {
        var history = whole
        if let result = CopyVerification.Result(rawValue: step) {
            history.verify("f1", in: "metro", at: hour - 0.5, result)
        }
        let point = try #require(judge(history, at: hour).points.first)
        #expect(point.copies.first { $0.receipt.store == "metro" }?.state == state)
    }

    @Test func `claims what no proof came with until it is verified part by part`() throws {
        var history = History()
        history.backup("f1", at: 0, in: ["metro"], method: .none)
        #expect(judge(history, at: 1).points[0].copies[0].state == .claimed)
        history.verify("f1", in: "metro", at: 1, parts: [1])
        #expect(judge(history, at: 2).points[0].copies[0].state == .claimed)
        history.verify("f1", in: "metro", at: 2, parts: [2])
        let copy = judge(history, at: 3).points[0].copies[0]
        #expect(copy.state == .verified)
        #expect(copy.verifiedAt == History.hour(1), "the oldest part counts")
    }

    @Test func `stays corrupt when only other parts pass, and is healed by a receipt`() {
        var history = whole
        history.verify("f1", in: "metro", at: 2, .corrupt, parts: [1])
        history.verify("f1", in: "metro", at: 3, parts: [2])
        #expect(judge(history, at: 4).points[0].copies[0].state == .corrupt)
        var passed = history
        passed.verify("f1", in: "metro", at: 4, parts: [1])
        #expect(judge(passed, at: 5).points[0].copies[0].state == .verified)
        history.receipt("f1", at: 0, in: "metro", provenAt: History.hour(4))
        #expect(judge(history, at: 5).points[0].copies[0].state == .verified)
    }

    @Test func `counts what is encrypted to new keys once a key drill has tried each of them`() throws {
        var history = History()
        history.recipients(["k1"], at: 0)
        history.backup("f1", at: 1, in: ["metro", "north", "west"])
        #expect(judge(history, at: 2).violations == [], "the keys of the first use need no drill")
        history.recipients(["k1", "k2", "k3"], at: 3)
        history.backup("f2", at: 4, in: ["metro", "north"])
        #expect(history.book.untriedRecipients(of: "documents") == ["k2", "k3"])
        #expect(history.book.point("f2", of: "documents")?.recipients == ["k1", "k2", "k3"])
        let before = judge(history, at: 5)
        #expect(before.newestRecoverable == "f1")
        #expect(
            before.violations.map(\.kind) == [
                .tooFewCopies, .tooFewOffsite, .tooFewAppendOnly, .keyUntried, .keyUntried, .storeBehind,
            ])
        #expect(before.violations[3].text.contains("k2, k3"))
        #expect(before.violations[3].repair == "lifeboat key drill documents --key KEYFILE")
        history.keyDrill("k2", at: 6)
        history.keyDrill("k3", at: 6, passed: false)
        #expect(judge(history, at: 7).newestRecoverable == "f1", "one is still untried")
        // An older point that is copied late has the old keys alone, and a healed new one still waits.
        history.receipt("f1", at: 1, in: "east", provenAt: History.hour(7))
        #expect(history.book.point("f1", of: "documents")?.copies["east"]?.untriedRecipients == [])
        history.receipt("f2", at: 4, in: "metro", provenAt: History.hour(7))
        #expect(judge(history, at: 8).newestRecoverable == "f1")
        history.keyDrill("k3", at: 9)
        let after = judge(history, at: 10)
        #expect(after.newestRecoverable == "f2" && after.effective.map(\.store) == ["metro", "north"])
        // What was lost at the ninth hour is what the old point lacks: the new one did not count yet.
        let loss = CopyLoss(kind: .site, name: "hq")
        let exposure = history.book.exposure(
            of: dataset, in: plan, losing: loss, from: History.hour(8), to: History.hour(10))
        #expect(exposure.worstSeconds == hours(8) && exposure.point == "f1")
        // A key that was tried once needs no second drill when it comes back.
        history.recipients(["k1"], at: 11)
        history.recipients(["k1", "k2"], at: 12)
        #expect(history.book.untriedRecipients(of: "documents") == [])
    }

    @Test func `does not count a copy that is marked for removal, and forgets a removed one`() {
        var history = whole
        history.expiry("f1", in: "metro", at: 2, .marked)
        #expect(judge(history, at: 3).effective.map(\.store) == ["north", "west"])
        #expect(judge(history, at: 3).points[0].markedStores == ["metro"])
        var spared = history
        spared.expiry("f1", in: "metro", at: 3, .spared)
        #expect(judge(spared, at: 4).effective.count == 3)
        history.expiry("f1", in: "metro", at: 3, .removed)
        #expect(judge(history, at: 4).points[0].copies.map(\.receipt.store) == ["north", "west"])
    }

    @Test func `takes no partial point for the whole`() {
        var history = whole
        history.backup("p1", at: 2, parent: "i1", in: ["metro", "north", "west"], outcome: .partial)
        #expect(judge(history, at: 3).newestPoint == "i1")
        #expect(judge(history, at: 3).exposureSeconds == 7_200)
    }

    @Test func `finds nothing in a chain that loops or begins nowhere`() {
        var history = History()
        history.backup("a", at: 0, parent: "b", in: ["metro"])
        history.backup("b", at: 1, parent: "a", in: ["metro"])
        history.backup("c", at: 2, parent: "nowhere", in: ["metro"])
        #expect(judge(history, at: 3).newestRecoverable == nil)
        #expect(history.book.chain(of: "a", in: "documents") == nil)
        #expect(history.book.chain(of: "c", in: "documents") == nil)
    }

    // MARK: - Losses

    @Test(
        "says how many copies survive each loss",
        arguments: [
            (kind: CopyLoss.Kind.site, name: "hq", left: ["metro", "north", "west"]),
            (kind: .site, name: "metro", left: ["north", "west"]),
            (kind: .site, name: "north", left: ["metro", "west"]),
            (kind: .city, name: "CNSHA", left: ["north", "west"]),
            (kind: .city, name: "CNCTU", left: ["metro", "north"]),
            // One key opens metro and north: who steals it deletes both.
            (kind: .credential, name: "keys/metro", left: ["west"]),
            // The vault takes new files and nothing else, whoever holds its key.
            (kind: .credential, name: "keys/west", left: ["metro", "north", "west"]),
        ])
    func losses(kind: CopyLoss.Kind, name: String, left: [String]) throws {
        let outcome = try #require(
            judge(whole, at: 2).losses.first { $0.loss == CopyLoss(kind: kind, name: name) })
        #expect(outcome.storesLeft == left)
        #expect(outcome.copiesLeft == left.count)
        #expect(outcome.newestLeft == "i1")
        #expect(outcome.exposureSeconds == 3_600)
    }

    @Test func `names what an older point in the only surviving store would cost`() throws {
        var history = History()
        history.backup("f1", at: 0, in: ["metro", "west"])
        history.backup("i1", at: 5, parent: "f1", in: ["metro"])
        let outcome = try #require(
            judge(history, at: 6).losses.first { $0.loss == CopyLoss(kind: .site, name: "metro") })
        #expect(outcome.copiesLeft == 0)
        #expect(outcome.newestLeft == "f1")
        #expect(outcome.exposureSeconds == hours(6))
    }

    // MARK: - Violations

    @Test func `names each violation with the one action that repairs it`() {
        var behind = History()
        behind.backup("f1", at: 0, in: ["metro", "north"])
        let found = judge(behind, at: 1).violations
        #expect(found.map(\.kind) == [.tooFewCopies, .tooFewAppendOnly, .storeBehind])
        #expect(Set(found.map(\.repair)) == ["lifeboat copies heal documents"])

        var rotten = whole
        rotten.verify("f1", in: "north", at: 2, .corrupt)
        let rot = judge(rotten, at: 3).violations
        #expect(rot.map(\.kind) == [.tooFewCopies, .corrupt])
        #expect(rot.last?.store == "north")
        #expect(rot.last?.repair == "lifeboat copies heal documents")

        let stale = judge(whole, at: 24 * 8).violations
        #expect(
            stale.map(\.kind) == [.tooFewCopies, .tooFewOffsite, .tooFewAppendOnly, .stale, .stale, .stale])
        #expect(Set(stale.map(\.repair)) == ["lifeboat verify documents"])

        #expect(judge(History(), at: 1).violations.map(\.repair) == ["lifeboat backup documents"])
        var lost = History()
        lost.backup("f1", at: 0, in: ["metro"])
        lost.verify("f1", in: "metro", at: 1, .lost)
        #expect(judge(lost, at: 2).violations.map(\.repair) == ["lifeboat backup documents --full"])
    }

    // MARK: - Exposure

    private func exposure(_ history: History, losing site: String, _ from: Double, _ to: Double)
        -> RecoveryExposure
    {
        history.book.exposure(
            of: dataset, in: plan, losing: CopyLoss(kind: .site, name: site), from: History.hour(from),
            to: History.hour(to))
    }

    @Test func `is worst just before the next proof, counted from the consistency time`() {
        var history = whole
        history.backup("i2", at: 4, parent: "i1", in: ["metro", "north", "west"])
        let worst = exposure(history, losing: "hq", 2, 5)
        // i2 was consistent at 4 h and proven six minutes later; until then i1 of 1 h was the newest.
        #expect(worst.worstSeconds == 11_160.0)
        #expect(worst.point == "i1")
    }

    @Test func `has no bound while nothing was there`() {
        #expect(exposure(whole, losing: "hq", -1, 2).worstSeconds == nil)
        #expect(exposure(whole, losing: "hq", 0.1, 2).worstSeconds == 3_960.0)
        #expect(exposure(History(), losing: "hq", 0, 2).worstSeconds == nil)
    }

    @Test func `does not count time after the last proof of a copy found broken`() {
        var history = History()
        history.backup("f1", at: 0, in: ["metro"])
        history.backup("f2", at: 10, in: ["metro"])
        #expect(exposure(history, losing: "hq", 11, 20).worstSeconds == hours(10))
        history.verify("f2", in: "metro", at: 20, .corrupt)
        // Nobody knows since when f2 was broken, so from its proof on only f1 counts.
        #expect(exposure(history, losing: "hq", 11, 20).worstSeconds == hours(20))
    }

    @Test func `looks only at stores that survive`() {
        var history = History()
        history.backup("f1", at: 0, in: ["metro", "north"])
        history.backup("f2", at: 10, in: ["metro"])
        #expect(exposure(history, losing: "metro", 11, 12).worstSeconds == hours(12))
        #expect(exposure(history, losing: "north", 11, 12).worstSeconds == hours(2))
    }

    @Test func `ends with a proof that is too old, and with a mark`() {
        var history = History()
        history.backup("f1", at: 0, in: ["metro"])
        #expect(exposure(history, losing: "hq", 1, 24 * 8).worstSeconds == nil)
        history.verify("f1", in: "metro", at: 24 * 6)
        #expect(exposure(history, losing: "hq", 1, 24 * 8).worstSeconds == hours(24 * 8))
        history.expiry("f1", in: "metro", at: 24 * 7, .marked)
        #expect(exposure(history, losing: "hq", 1, 24 * 8).worstSeconds == nil)
    }

    @Test func `agrees with a slow look at every instant`() {
        var history = whole
        history.backup("i2", at: 3, parent: "i1", in: ["metro"])
        history.backup("f2", at: 7, in: ["north"])
        history.verify("i1", in: "metro", at: 8, .lost)
        history.backup("i3", at: 9, parent: "f2", in: ["north", "west"])
        for site in ["hq", "metro", "north"] {
            let survivors = plan.stores(of: dataset, surviving: CopyLoss(kind: .site, name: site))
            var slow = 0.0
            for minute in 0...600 {
                let now = History.hour(1.2 + Double(minute) / 60)
                let known = history.events.filter {
                    $0.recordedAt <= now || $0.body.kind == .copyVerification
                }
                // A later finding counts back to the last proof, so it is known from the beginning here.
                let point = CopyBook(known).newest(of: dataset, in: survivors, at: now)
                slow = max(slow, point.map { (now - $0.consistencyAt).inSeconds } ?? .infinity)
            }
            let fast = exposure(history, losing: site, 1.2, 11.2).worstSeconds ?? .infinity
            #expect(abs(fast - slow) <= 60, "\(site): \(fast) and \(slow)")
        }
    }
}
