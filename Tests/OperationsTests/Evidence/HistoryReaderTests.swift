// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations
import Reporting
import TestSupport
import Testing

/// What is read piece by piece from the ledger says the same as all events at once.
@Suite("Reading a history piece by piece")
struct HistoryReaderTests {
    private static let now = Moment(seconds: 1_795_521_600)

    private static let planText = """
        lifeboat: 1
        workspace: shop
        zone: UTC
        orchestrator: {site: ops}
        sites:
          hq: {facility: A, city: CNSHA, production: true}
          ops: {facility: B, city: CNSHA}
          north: {facility: D, city: CNBJS}
          west: {facility: E, city: CNCTU}
        hosts:
          dr: {site: north, ssh: {host: b, user: u, identity: keys/north}, host_key: "ssh-ed25519 SHA256:x"}
          vault: {site: west, ssh: {host: c, user: u, identity: keys/west}, host_key: "ssh-ed25519 SHA256:x"}
        stores:
          north: {host: dr, path: /srv}
          west: {host: vault, path: /srv, append_only: true}
        datasets:
          orders: {source: {site: hq, path: /o}, copies: {to: [north, west], verified_within: 35d}}
          files: {source: {site: hq, path: /f}, copies: {to: [north, west], verified_within: 35d}}
          scratch: {source: {site: hq, path: /s}, copies: {to: [north]}}
        probes:
          p: {from: [dr, vault], every: 60s, timeout: 2s, tcp: "a:80"}
        maintenance: [{service: shop, window: "02:00-04:00", announced: 1h}]
        services:
          shop: {tier: core, datasets: [orders, files], probes: [p], objectives: {rpo: 1d, rto: 2h, availability: 99.9%}}
          wiki: {tier: standard, datasets: [scratch], depends_on: [shop]}
        """

    private func plan() throws -> Plan {
        let read = Plan.decode(try DocumentLoader.parse(Self.planText, file: "plan.yaml"))
        return try #require(read.plan, "\(read.problems)")
    }

    private struct Seed: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
    }

    /// A ledger with a random history of forty days, written in the order of its times.
    private func fill(_ ledger: Ledger, seed: UInt64) throws {
        var dice = Seed(state: seed)
        let begin = Self.now - .days(40)
        var last: [String: String] = [:]
        try ledger.append(
            [
                .planAdopted(
                    PlanAdoption(
                        workspace: "shop", sha256: "p", datasets: ["orders", "files"], services: ["shop"],
                        stores: ["north", "west"]))
            ], at: begin)
        for hour in 1..<(40 * 24) {
            let at = begin + .hours(hour)
            var bodies: [EventBody] = []
            for dataset in ["orders", "files", "scratch"] where Int.random(in: 0..<9, using: &dice) == 0 {
                bodies += backup(dataset, at: at, hour: hour, &dice, &last)
            }
            bodies += care(at: at, hour: hour, &dice)
            for vantage in ["dr", "vault"] where Int.random(in: 0..<12, using: &dice) > 0 {
                let state: ProbeRun.State = Int.random(in: 0..<15, using: &dice) == 0 ? .down : .up
                bodies.append(
                    .probeRun(
                        ProbeRun(
                            probe: "p", vantage: vantage, state: state, firstAt: at - .hours(1),
                            periodNs: 60_000_000_000, count: 60, word: "open")))
            }
            if hour % 97 == 0 { bodies.append(.incident(incident(hour, at: at, &dice))) }
            if hour % 200 == 0 { bodies.append(notice(hour, at: at)) }
            try ledger.append(bodies, at: at, keeping: .later)
        }
    }

    /// What happens to copies later, and what another program keeps.
    private func care(at: Moment, hour: Int, _ dice: inout Seed) -> [EventBody] {
        let point = "orders-\(hour - Int.random(in: 1...40, using: &dice))"
        let store = Bool.random(using: &dice) ? "north" : "west"
        switch Int.random(in: 0..<40, using: &dice) {
        case 0...3:
            let results: [CopyVerification.Result] = [.passed, .passed, .corrupt, .lost, .unreachable]
            return [
                .copyVerification(
                    CopyVerification(
                        dataset: "orders", point: point, store: store, checkedAt: at, method: .readBack,
                        result: results.randomElement(using: &dice) ?? .passed, bytesRead: 1))
            ]
        case 4...5:
            let steps: [CopyExpiry.Step] = [.marked, .spared, .removed]
            return [
                .copyExpiry(
                    CopyExpiry(
                        dataset: "orders", point: point, store: store,
                        step: steps.randomElement(using: &dice) ?? .marked, happenedAt: at, reason: "old"))
            ]
        case 6:
            let keys = ["a", "b", "c"].filter { _ in Bool.random(using: &dice) }
            return [.recipientSet(RecipientSet(dataset: "orders", recipients: keys, recordedAt: at))]
        case 7:
            return [
                .keyDrill(
                    KeyDrill(
                        recipient: "b", dataset: "orders", point: point, store: store, triedAt: at,
                        passed: true))
            ]
        case 8: return [.repositoryListing(listing(at: at, hour: hour))]
        case 9:
            return [
                .repositoryCheck(
                    RepositoryCheck(
                        id: "c\(hour)", tool: .restic, repository: "far", dataset: "files", checkedAt: at,
                        level: .bytes, passed: Bool.random(using: &dice)))
            ]
        case 10:
            return [
                .restoreRun(
                    RestoreRun(
                        run: "r\(hour)", dataset: "orders", point: point, store: store, host: nil,
                        target: "/restored", paths: [], begunAt: at - .minutes(9), endedAt: at,
                        succeeded: Int.random(in: 0..<4, using: &dice) > 0, members: 1, bytes: 1,
                        membersVerified: 1, leftOut: 0))
            ]
        default: return []
        }
    }

    private func listing(at: Moment, hour: Int) -> RepositoryListing {
        RepositoryListing(
            id: "l\(hour)", tool: .restic, repository: "far", dataset: "files", site: "west",
            isAppendOnly: false,
            listedAt: at,
            snapshots: (0...3).map {
                RepositoryListing.Snapshot(id: "s\(hour / 50 + $0)", consistencyAt: at - .hours(8 * $0 + 1))
            })
    }

    private func backup(
        _ dataset: String, at: Moment, hour: Int, _ dice: inout Seed, _ last: inout [String: String]
    ) -> [EventBody] {
        let name = "\(dataset)-\(hour)"
        let parent = Int.random(in: 0..<3, using: &dice) == 0 ? last[dataset] : nil
        last[dataset] = name
        let receipts = ["north", "west"].filter { _ in Bool.random(using: &dice) }.map { store in
            EventBody.copyReceipt(
                CopyReceipt(
                    dataset: dataset, point: name, kind: parent == nil ? .full : .incremental, parent: parent,
                    consistencyAt: at - .minutes(30),
                    store: store, site: store, provenAt: at, method: .hashAtSite, bytes: 1, parts: 1,
                    manifestSha256: name, isAppendOnly: store == "west"))
        }
        let run = BackupRun(
            run: "run-\(name)", dataset: dataset, kind: parent == nil ? .full : .incremental,
            outcome: .complete,
            begunAt: at - .minutes(30), endedAt: at, point: name, parent: parent,
            consistencyAt: at - .minutes(30), manifestSha256: name)
        return receipts + [.backupRun(run)]
    }

    private func incident(_ hour: Int, at: Moment, _ dice: inout Seed) -> Incident {
        let begun = at - .minutes(Int.random(in: 20...59, using: &dice))
        return Incident(
            id: "i-\(hour)", service: "shop", begunAt: begun, detectedAt: begun + .minutes(2),
            restoredAt: Bool.random(using: &dice) ? begun + .minutes(15) : nil)
    }

    private func notice(_ hour: Int, at: Moment) -> EventBody {
        .maintenanceNotice(
            MaintenanceNotice(
                id: "m-\(hour)", service: "shop", begunAt: at + .hours(5), endedAt: at + .hours(20),
                announcedAt: at, person: "petra"))
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `grades and measures as all events at once do`(seed: UInt64) throws {
        try Scratch.with { scratch in
            let plan = try plan()
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            try fill(ledger, seed: seed)
            let events = try ledger.events()
            let reader = HistoryReader(plan: plan, ledger: ledger)
            let model = BuiltInModel.model
            var parameters = GradeParameters(model)
            try parameters.set("window", "30d")
            for asOf in [Self.now, Self.now - .days(9)] {
                let whole = Grading.grade(
                    events: events, plan: plan, model: model, parameters: parameters, asOf: asOf)
                let isSameGrade = try reader.grade(model: model, parameters: parameters, asOf: asOf) == whole
                #expect(isSameGrade)
                let measured = Measuring.report(events: events, plan: plan, asOf: asOf, window: .days(30))
                let isSameMeasure = try reader.measure(from: asOf - .days(30), to: asOf) == measured
                #expect(isSameMeasure)
                #expect(measured.services[0].exposures.count > 1)
                #expect(measured.services[0].availability?.outages ?? 0 > 3)
            }
        }
    }

    @Test(arguments: [UInt64(5), 6])
    func `makes the audit and the cross-reference as all events at once do`(seed: UInt64) throws {
        try Scratch.with { scratch in
            let plan = try plan()
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            try fill(ledger, seed: seed)
            let events = try ledger.events()
            let reader = HistoryReader(plan: plan, ledger: ledger)
            let (begin, end) = (Self.now - .days(20), Self.now)
            let whole = AuditSource(
                plan: plan, events: events, begin: begin, end: end, generatedAt: end, toolVersion: "t")
            let datasets = AuditDatasetReader(plan: plan, begin: begin, end: end, generatedAt: end)
            let stage = try reader.stage { AuditSource.wantedRecords($0, plan: plan, begin: begin, end: end) }
            #expect(stage.count < events.count / 10)
            let pieces = AuditSource(
                plan: plan, events: stage, datasets: try reader.datasets { datasets.part($0, $1) },
                measures: try reader.measure(from: begin, to: end, asking: AuditSource.question),
                chain: whole.chain, begin: begin, end: end, generatedAt: end, toolVersion: "t")
            let isSameAudit = pieces.report() == whole.report()
            #expect(isSameAudit && whole.report().datasets.contains { !$0.trace.events.isEmpty })
            let parameters = GradeParameters(BuiltInModel.model)
            // By the present state of the copies, and of a day past by the history.
            for asOf in [end, end - .days(7), end + .days(30)] {
                let grade = Grading.grade(events: events, plan: plan, model: BuiltInModel.model, asOf: asOf)
                let cross = CrossReferenceReport(
                    events: events.filter { $0.recordedAt <= asOf }, plan: plan, grade: grade,
                    parameters: parameters)
                let read = try reader.crossReference(
                    model: BuiltInModel.model, parameters: parameters, asOf: asOf)
                let isSameCross = read.crossReference == cross && read.grade == grade
                #expect(isSameCross && cross.backupRule.count == 3)
            }
        }
    }

    @Test func `sees what is supposed and writes nothing down`() throws {
        try Scratch.with { scratch in
            let ledger = try Ledger(path: scratch.path("ledger.sqlite"))
            try fill(ledger, seed: 4)
            let count = try ledger.count()
            let reader = HistoryReader(plan: try plan(), ledger: ledger)
            let report = try reader.grade(
                model: BuiltInModel.model, parameters: GradeParameters(BuiltInModel.model), asOf: Self.now,
                supposing: [.attestation(criterion: "t14-plans-process")])
            #expect(report.dimension("t14-plans")?.criterion("t14-plans-process")?.state == .met)
            #expect(try ledger.count() == count)
        }
    }
}
