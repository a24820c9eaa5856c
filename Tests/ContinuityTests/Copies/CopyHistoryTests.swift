// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

/// The quick fold of a dataset's history says what the book of its events says, whatever happened.
@Suite("The history of a dataset's copies")
struct CopyHistoryTests {
    private static let stores = ["metro", "north", "west"]

    /// Everything that may come about one dataset, sensible or not, in any order.
    private func random(_ dice: inout Dice) -> History {
        var history = History()
        var names: [String] = []
        for step in 1...dice.roll(5...90) {
            let hour = Double(step) * 5 + Double(dice.roll(0...9)) / 4
            let stores = Self.stores.filter { _ in dice.coin() }
            let known = names.isEmpty ? nil : names[dice.roll(0...names.count - 1)]
            let store = Self.stores[dice.roll(0...2)]
            switch dice.roll(0...11) {
            case 0...2:
                let outcome: BackupOutcome = dice.roll(0...4) == 0 ? .partial : .complete
                history.backup(
                    "p\(step)", at: hour, parent: dice.coin() ? known : nil, in: stores, outcome: outcome)
                names.append("p\(step)")
            case 3:
                // A receipt alone, as after a rebuild; its run may come later, or never.
                history.receipt(
                    "p\(step)", at: hour, parent: dice.coin() ? "p\(step + dice.roll(-3...3))" : nil,
                    in: store,
                    provenAt: History.hour(hour + 1), method: dice.coin() ? .none : .readBack)
                names.append("p\(step)")
            case 4: failure(&history, hour, point: dice.coin() ? known : nil)
            case 5: history.recipients(["a", "b", "c"].filter { _ in dice.coin() }, at: hour)
            case 6: history.keyDrill(["a", "b", "c"][dice.roll(0...2)], at: hour, passed: dice.coin())
            case 7: listing(&history, hour, &dice)
            case 8...9:
                let results: [CopyVerification.Result] = [.passed, .passed, .corrupt, .lost, .unreachable]
                history.verify(
                    known ?? "nobody", in: store, at: hour, results[dice.roll(0...4)],
                    parts: dice.coin() ? nil : [1, 2].filter { _ in dice.coin() })
            default:
                history.expiry(
                    known ?? "nobody", in: store, at: hour,
                    [CopyExpiry.Step.marked, .spared, .removed][dice.roll(0...2)])
            }
        }
        return history
    }

    /// A run that made no point, or says so of one that is there.
    private func failure(_ history: inout History, _ hour: Double, point: String?) {
        history.add(
            .backupRun(
                BackupRun(
                    run: "run-\(hour)", dataset: "documents", kind: .full, outcome: .failed,
                    begunAt: History.hour(hour), endedAt: History.hour(hour), point: point)),
            at: History.hour(hour))
    }

    private func listing(_ history: inout History, _ hour: Double, _ dice: inout Dice) {
        let at = History.hour(hour)
        if dice.roll(0...3) == 0 {
            history.add(
                .repositoryCheck(
                    RepositoryCheck(
                        id: "check-\(dice.roll(0...2))", tool: .restic, repository: "far",
                        dataset: "documents",
                        checkedAt: at, level: dice.coin() ? .bytes : .structure, passed: dice.coin())), at: at
            )
            return
        }
        let snapshots = (0...dice.roll(0...5)).map { place in
            RepositoryListing.Snapshot(
                id: "s\(place)", consistencyAt: History.hour(Double(place)),
                kind: place > 3 ? .incremental : .full, parent: place > 3 ? "s\(place - 1)" : nil)
        }
        var listing = RepositoryListing(
            id: "list-\(dice.roll(0...3))", tool: .restic, repository: "far", dataset: "documents",
            site: "west",
            isAppendOnly: false, listedAt: at, snapshots: snapshots.filter { _ in dice.roll(0...4) > 0 })
        listing.withdrawnAt = dice.roll(0...5) == 0 ? at : nil
        history.add(.repositoryListing(listing), at: at)
    }

    private func fold(_ events: some Sequence<Event>, asOf: Moment) -> CopyHistory {
        var fold = CopyHistoryFold(dataset: "documents", asOf: asOf)
        for event in events { fold.take(event) }
        return fold.history()
    }

    @Test(arguments: Array<UInt64>(1...60))
    func `is that of the book`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let history = random(&dice)
        for asOf in [History.hour(1_000), History.hour(Double(dice.roll(0...450)))] {
            let known = history.events.filter { $0.recordedAt <= asOf }
            let found = fold(history.events, asOf: asOf)
            var bare = found
            bare.firstSeenAt = nil
            for place in bare.points.indices { bare.points[place].events = [] }
            #expect(bare == CopyBook(known).history(of: "documents"))
            for point in found.points { #expect(point.events == numbers(of: point.name, in: known)) }
            #expect(found.firstSeenAt == known.first { isFirstSight($0) }?.recordedAt)
        }
    }

    private func isFirstSight(_ event: Event) -> Bool {
        switch event.body {
        case .backupRun, .repositoryListing: true
        default: false
        }
    }

    /// The runs that committed the point and its receipts; of another program's the first listing that shows it.
    private func numbers(of point: String, in events: [Event]) -> [Int] {
        let all = events.filter { event in
            switch event.body {
            case .backupRun(let run): run.point == point && run.manifestSha256 != nil
            case .copyReceipt(let receipt): receipt.point == point
            case .repositoryListing(let listing):
                listing.snapshots.contains { "\(listing.store)/\($0.id)" == point }
            default: false
            }
        }
        return point.contains("/") ? all.prefix(1).map(\.sequence) : all.map(\.sequence)
    }

    // MARK: - Briefs

    /// The events in briefs of some at a time.
    private func briefs(_ events: [Event], _ dice: inout Dice) -> [[UInt8]] {
        var briefs: [[UInt8]] = []
        var writer = CopyBriefWriter()
        for event in events {
            writer.take(event)
            guard dice.roll(0...9) == 0 else { continue }
            briefs.append(writer.bytes)
            writer = CopyBriefWriter()
        }
        return briefs + [writer.bytes]
    }

    private func read(_ briefs: [[UInt8]], _ events: [Event], asOf: Moment) throws -> CopyHistory {
        var fold = CopyHistoryFold(dataset: "documents", asOf: asOf)
        for brief in briefs {
            try brief.withUnsafeBytes { bytes in
                try fold.take(brief: bytes) { number in events.first { $0.sequence == number } }
            }
        }
        return fold.history()
    }

    @Test(arguments: Array<UInt64>(1...40))
    func `is the same from briefs as from events`(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let history = random(&dice)
        let briefs = briefs(history.events, &dice)
        for asOf in [History.hour(1_000), History.hour(Double(dice.roll(0...450)))] {
            let found = try read(briefs, history.events, asOf: asOf)
            #expect(found == fold(history.events, asOf: asOf))
        }
    }

    @Test func `takes few bytes`() {
        var dice = Dice(seed: 3)
        var history = History()
        for step in 0..<200 { history.backup("point-\(step)", at: Double(step), in: Self.stores) }
        let bytes = briefs(history.events, &dice).map(\.count).reduce(0, +)
        #expect(bytes < history.events.count * 60)
    }

    @Test(arguments: Array<UInt64>(1...5))
    func `of a damaged brief is an error`(seed: UInt64) {
        var dice = Dice(seed: seed)
        let history = random(&dice)
        var writer = CopyBriefWriter()
        for event in history.events { writer.take(event) }
        for _ in 0..<100 {
            var bytes = writer.bytes
            if dice.coin() {
                bytes[dice.roll(0...bytes.count - 1)] ^= UInt8(dice.roll(1...255))
            } else {
                bytes.removeLast(dice.roll(1...bytes.count))
            }
            #expect(throws: DamagedBrief.self) {
                try read([bytes], history.events, asOf: History.hour(1_000))
            }
        }
    }
}
