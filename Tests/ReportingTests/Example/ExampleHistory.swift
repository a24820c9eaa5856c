// SPDX-License-Identifier: Apache-2.0
import Continuity

/// A week of backups, checks, canaries and two drills, as a ledger would hold them.
struct ExampleHistory {
    /// Midnight in Shanghai of the first day.
    static let begin = Moment("2026-11-16T16:00:00Z") ?? Moment(seconds: 0)
    static let end = Moment("2026-11-23T10:00:00Z") ?? Moment(seconds: 0)
    /// When the drill's journal begins.
    static let drillAt = Moment("2026-11-23T03:12:00Z") ?? Moment(seconds: 0)

    private(set) var events: [Event] = []
    private(set) var canaries: [CanaryRecord] = []
    private var numbers: [String: Int] = [:]

    init() throws {
        var drafts: [(Moment, EventBody)] = [
            (
                Self.begin,
                .planAdopted(
                    PlanAdoption(
                        workspace: "example-shop", sha256: Self.hash("plan"),
                        datasets: ["documents", "handbook", "orders_dump"],
                        services: ["files", "orders", "wiki"], stores: ["metro", "north", "west"]))
            )
        ]
        drafts += Self.siteChecks + backups()
        canaries = Self.canaryRecords()
        drafts += canaries.map { ($0.acknowledgedAt, .canaryRecord($0)) }
        drafts += Self.earlierDrill
        let evidence = try ExampleDrill(canaries: canaries).evidence()
        if let run = evidence.drillRun() { drafts.append((run.endedAt + .seconds(1), .drillRun(run))) }
        for (offset, draft) in drafts.enumerated().sorted(by: {
            ($0.element.0, $0.offset) < ($1.element.0, $1.offset)
        }).map(\.element).enumerated() {
            events.append(
                Event(
                    sequence: offset + 1, recordedAt: draft.0, body: draft.1,
                    sha256: Self.hash("event \(offset + 1)")))
        }
    }

    /// Looks like a hash, and is always the same for the same text.
    static func hash(_ text: String) -> String {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325
        var hex = ""
        for round in 0..<4 {
            for byte in (text + "\(round)").utf8 { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }
            let part = String(state, radix: 16)
            hex += String(repeating: "0", count: 16 - part.count) + part
        }
        return hex
    }

    private static var siteChecks: [(Moment, EventBody)] {
        [("metro", "metro-nas", 0.004, 0.0021), ("north", "north-dr", 0.031, -0.018)].map {
            site, host, trip, offset in
            (
                end - .hours(5),
                .siteChecked(
                    SiteCheck(
                        site: site, host: host, succeeded: true, roundTripSeconds: trip,
                        bytesPerSecondUp: 41e6, bytesPerSecondDown: 63e6, freeBytes: 812_000_000_000,
                        clockOffsetSeconds: offset, clockBoundSeconds: trip / 2))
            )
        } + [
            (
                end - .hours(5),
                .siteChecked(
                    SiteCheck(
                        site: "west", host: "west-vault", succeeded: false,
                        detail: "no route to host"))
            )
        ]
    }

    // MARK: - Backups

    private mutating func backups() -> [(Moment, EventBody)] {
        var drafts: [(Moment, EventBody)] = []
        for day in 0..<7 {
            let full = Self.begin + .hours(24 * day + 1)
            var parent = name(full, .full)
            // The vault is out of reach from the fifth day on: it lags, and is said to.
            let stores = day < 5 ? ["metro", "north", "west"] : ["metro", "north"]
            drafts += backup("documents", parent, .full, nil, at: full, in: stores)
            for step in 1...4 where !(day == 6 && step > 2) {
                let instant = full + .hours(5 * step)
                let point = name(instant, .incremental)
                drafts += backup("documents", point, .incremental, parent, at: instant, in: stores)
                parent = point
            }
            drafts += backup(
                "orders_dump", name(full, .full), .full, nil, at: full + .minutes(30), in: ["metro", "west"])
            drafts += backup(
                "handbook", name(full, .full), .full, nil, at: full + .minutes(40), in: ["metro", "north"])
        }
        return drafts
    }

    private func name(_ moment: Moment, _ kind: PointKind) -> String {
        "\(moment.compact)-\(kind.rawValue)-\(Self.hash(moment.compact).prefix(6))"
    }

    private func backup(
        _ dataset: String, _ point: String, _ kind: PointKind, _ parent: String?, at begun: Moment,
        in stores: [String]
    ) -> [(Moment, EventBody)] {
        let end = begun + .minutes(kind == .full ? 14 : 2)
        var counts = BackupCounts()
        counts.totalFiles = 48_211
        counts.bytesStored = kind == .full ? 9_812_000_000 : 61_000_000
        let receipts = stores.enumerated().map { index, store -> (Moment, EventBody) in
            let proven = end + .seconds(20 * (index + 1))
            return (
                proven,
                .copyReceipt(
                    CopyReceipt(
                        dataset: dataset, point: point, kind: kind, parent: parent, consistencyAt: begun,
                        store: store, site: store, provenAt: proven,
                        method: store == "west" ? .readBack : .hashAtSite, bytes: counts.bytesStored,
                        parts: kind == .full ? 147 : 1, manifestSha256: Self.hash(point),
                        isAppendOnly: store == "west"))
            )
        }
        let results = stores.map { StoreResult(store: $0, state: .verified) }
        return receipts + [
            (
                end + .minutes(2),
                .backupRun(
                    BackupRun(
                        run: "run-\(dataset)-\(point)", dataset: dataset, kind: kind, outcome: .complete,
                        begunAt: begun, endedAt: end + .minutes(2), point: point, parent: parent,
                        consistencyAt: begun, manifestSha256: Self.hash(point), counts: counts,
                        stores: results))
            )
        ]
    }

    // MARK: - Canaries and drills

    /// One a minute, from an hour before the newest point until after the drill.
    private static func canaryRecords() -> [CanaryRecord] {
        let first = drillAt - .minutes(50)
        return (0..<56).map { number in
            let at = first + .seconds(60 * number)
            return CanaryRecord(
                canary: "files_seq", dataset: "documents", sequence: 9_001 + number, writtenAt: at,
                acknowledgedAt: at + .milliseconds(12), sha256: hash("canary \(number)"))
        }
    }

    /// Two days before: the owner did not answer in time.
    private static var earlierDrill: [(Moment, EventBody)] {
        let at = drillAt - .hours(49)
        let recovery = ServiceRecovery(
            service: "files", dataset: "documents",
            recoveryTime: Span(lower: .seconds(2_741), upper: nil), recoveryTimeObjective: .hours(2),
            recoveryTimeVerdict: .missed, recoveryPoint: nil, recoveryPointObjective: .hours(8),
            recoveryPointVerdict: .unproven, lostRecords: nil,
            reasons: [
                "files was not restored when the run ended", "no canary was read in the recovered data",
            ], disasterAt: nil, recoveredPointAt: nil, serviceVerifiedAt: nil, evidence: .talk, parts: [])
        let run = DrillRun(
            run: "20261121t021200z-5be0a1c2", scenario: "files_at_north",
            title: "The headquarters is lost, bring the file service back in Beijing from archives",
            exercise: .simulation, mode: .sandbox, isAnnounced: true, begunAt: at,
            endedAt: at + .minutes(46), outcome: .failed, aftermath: .clean, services: [recovery],
            participants: [.init(person: "dana", role: "conductor", answeredBy: "present")],
            findings: [
                "missed_target: files was not restored when the run ended",
                "given_up: declare: nobody answered within 45m",
            ], approvedSha256: hash("approved 1"), journalRecords: 31, journalSha256: hash("journal 1"))
        return [(run.endedAt + .seconds(1), .drillRun(run))]
    }
}
