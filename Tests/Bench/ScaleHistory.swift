// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger

/// A made-up year: every dataset gets a point each week in three stores, verified weekly, expired in time;
/// every service is probed each five seconds.
enum ScaleHistory {
    static let begin = Moment(seconds: 1_767_225_600)
    static let stores = ["metro", "north", "west"]
    static let lastPoint = 51
    /// Receipts, verifications, marks and removals of one point.
    static let eventsPerPoint = 11

    static func dataset(_ number: Int) -> String { String(format: "dataset-%05d-files", number) }

    static func point(_ dataset: Int, _ number: Int, at moment: Moment) -> String {
        "\(moment.compact)-\(number % 4 == 0 ? "full" : "incr")-\(String(dataset &* 2_654_435_761 % 0xFFFFFF, radix: 16))"
    }

    static func instant(_ dataset: Int, _ number: Int) -> Moment {
        begin + .days(7 * number) + .seconds(dataset * 37 % 86_400)
    }

    /// A point's receipts and its run.
    static func backup(of dataset: Int, point number: Int, at moment: Moment? = nil) -> [EventBody] {
        let instant = moment ?? instant(dataset, number)
        let name = point(dataset, number, at: instant)
        let parent = number % 4 == 0 ? nil : point(dataset, number - 1, at: Self.instant(dataset, number - 1))
        let manifest = String(format: "%064x", dataset &* 1_000_003 &+ number)
        let receipts = stores.map { store in
            EventBody.copyReceipt(
                CopyReceipt(
                    dataset: Self.dataset(dataset), point: name, kind: parent == nil ? .full : .incremental,
                    parent: parent, consistencyAt: instant, store: store, site: "site-" + store,
                    provenAt: instant + .minutes(4), method: .hashAtSite, bytes: 1_234_567 + number, parts: 3,
                    manifestSha256: manifest, isAppendOnly: store == "west"))
        }
        let run = BackupRun(
            run: "run-\(name)", dataset: Self.dataset(dataset), kind: parent == nil ? .full : .incremental,
            outcome: .complete, begunAt: instant, endedAt: instant + .minutes(5), point: name, parent: parent,
            consistencyAt: instant, manifestSha256: manifest, sequence: number + 1,
            stores: stores.map { StoreResult(store: $0, state: .verified) })
        return receipts + [.backupRun(run)]
    }

    /// Proofs of the last chain's points, and the end of the points of a quarter ago.
    static func care(of dataset: Int, week: Int) -> [EventBody] {
        let now = instant(dataset, week) + .hours(2)
        var bodies: [EventBody] = []
        let full = week - week % 4
        for number in Set([full, max(full, week - 1)]).sorted() {
            bodies.append(
                .copyVerification(
                    CopyVerification(
                        dataset: Self.dataset(dataset),
                        point: point(dataset, number, at: instant(dataset, number)),
                        store: stores[(week + number) % 3], checkedAt: now, method: .readBack,
                        result: .passed,
                        bytesRead: 1_234_567)))
        }
        let old = week - 16
        guard old >= 0 else { return bodies }
        for store in stores {
            for step in [CopyExpiry.Step.marked, .removed] {
                bodies.append(
                    .copyExpiry(
                        CopyExpiry(
                            dataset: Self.dataset(dataset),
                            point: point(dataset, old, at: instant(dataset, old)),
                            store: store, step: step, happenedAt: now, removableAt: now, reason: "retention",
                            lease: 7)))
            }
        }
        return bodies
    }

    /// One hour of one service: up, with an outage now and then.
    static func hour(_ hour: Int, service: Int) -> [EventBody] {
        let first = begin + .hours(hour)
        func run(_ state: ProbeRun.State, from: Int, to: Int) -> EventBody {
            .probeRun(
                ProbeRun(
                    probe: probe(service), vantage: "north-dr", state: state,
                    firstAt: first + .seconds(from * 5), periodNs: 5_000_000_000, count: to - from,
                    boundNs: 2_000_000, firstBegunNs: 1_000_000, firstEndedNs: 31_000_000,
                    lastBegunNs: 1_000_000, lastEndedNs: 28_000_000, slowestNs: 120_000_000,
                    word: state == .up ? "200" : "timeout"))
        }
        guard (hour &* 31 &+ service &* 17) % 400 == 0 else { return [run(.up, from: 0, to: 720)] }
        return [run(.up, from: 0, to: 300), run(.down, from: 300, to: 340), run(.up, from: 340, to: 720)]
    }

    static func plan(datasets: Int, services: Int) -> String {
        var lines = [
            "lifeboat: 1", "workspace: scale", "organisation: Scale", "zone: Asia/Shanghai",
            "orchestrator: {site: ops}", "sites:", "  hq: {production: true}", "  ops: {facility: O}",
        ]
        lines += stores.map { "  site-\($0): {facility: \($0), city: \($0)}" } + ["hosts:"]
        lines += stores.map {
            "  host-\($0): {site: site-\($0), ssh: {host: \($0).example, user: u, identity: keys/\($0)}, host_key: \"ssh-ed25519 SHA256:x\"}"
        }
        lines += ["stores:"]
        lines += stores.map {
            "  \($0): {host: host-\($0), path: /srv\($0 == "west" ? ", append_only: true" : "")}"
        }
        lines += ["datasets:"]
        lines += (0..<datasets).map {
            "  \(dataset($0)): {source: {site: hq, path: /srv/\($0)}, copies: {to: [metro, north, west], at_least: 3, offsite: 1, append_only: 1, verified_within: 30d}}"
        }
        lines += ["probes:"]
        lines += (0..<services).map {
            "  \(probe($0)): {from: [host-north], every: 5s, timeout: 2s, http: \"http://service-\($0).example/\"}"
        }
        lines += ["services:"]
        lines += (0..<services).map { service in
            let mine = stride(from: service, to: datasets, by: services).map(dataset).joined(separator: ", ")
            let needs = service > 0 && service % 10 != 0 ? "depends_on: [service-\(service / 10 * 10)], " : ""
            return
                "  service-\(service): {tier: \(service % 10 == 0 ? "core" : "critical"), \(needs)"
                + "datasets: [\(mine)], probes: [\(probe(service))], "
                + "objectives: {rpo: 8d, rto: 4h, availability: 99.9%}}"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func probe(_ service: Int) -> String { String(format: "service-%03d-http", service) }

    /// The plan is adopted before the year, so that all of it is known.
    static func adoption(datasets: Int, services: Int) -> EventBody {
        .planAdopted(
            PlanAdoption(
                workspace: "scale", sha256: "scale", datasets: (0..<datasets).map(dataset),
                services: (0..<services).map { "service-\($0)" }, stores: stores))
    }

    /// An incident of a service each day, a drill each week.
    static func day(_ day: Int, services: Int) -> [EventBody] {
        let begun = begin + .days(day) + .hours(7)
        let service = "service-\(day % services)"
        let incident = Incident(
            id: "i-\(day)", service: service, severity: "major", begunAt: begun,
            detectedAt: begun + .minutes(2),
            registeredAt: begun + .minutes(9), acknowledgedAt: begun + .minutes(5),
            restoredAt: begun + .minutes(20 + day % 90), closedAt: begun + .hours(9))
        guard day % 7 == 0 else { return [.incident(incident)] }
        let recovery = ServiceRecovery(
            service: service, dataset: dataset(day % services),
            recoveryTime: Span(lower: .minutes(40), upper: .minutes(42)), recoveryTimeObjective: .hours(4),
            recoveryTimeVerdict: .met, recoveryPoint: Span(lower: .minutes(1), upper: .minutes(3)),
            recoveryPointObjective: .days(8), recoveryPointVerdict: .met, lostRecords: 0, reasons: [],
            disasterAt: MomentRange(earliest: begun, latest: begun), recoveredPointAt: begun,
            serviceVerifiedAt: MomentRange(earliest: begun + .minutes(42), latest: begun + .minutes(42)),
            evidence: .isolatedRecovery, parts: [])
        let drill = DrillRun(
            run: "d-\(day)", scenario: "s", title: "t", exercise: .simulation, mode: .sandbox,
            isAnnounced: true,
            begunAt: begun, endedAt: begun + .hours(1), outcome: .passed, aftermath: .clean,
            services: [recovery],
            participants: [.init(person: "p", role: "conductor", answeredBy: "present")], findings: [],
            approvedSha256: "a", journalRecords: 1, journalSha256: "j", reportedAt: begun + .hours(2),
            steps: [])
        return [.incident(incident), .drillRun(drill)]
    }
}

extension ScaleBench {
    /// Writes the year in the order in which it would have happened.
    func make(datasets: Int, copyEvents: Int, services: Int) throws {
        for name in ["Plans", "Drills", "Reports", ".lifeboat"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true,
                attributes: [.posixPermissions: name == ".lifeboat" ? 0o700 : 0o755])
        }
        let ledger = try Ledger(path: ledgerPath)
        guard try ledger.count() == 0 else { fatalError("\(ledgerPath) is not empty") }
        let text = ScaleHistory.plan(datasets: datasets, services: services)
        try text.write(toFile: planPath, atomically: true, encoding: .utf8)
        var (made, pending) = (0, [EventBody]())
        let begun = ContinuousClock.now
        func flush(_ moment: Moment) throws {
            try ledger.append(pending, at: moment, keeping: .later)
            pending.removeAll(keepingCapacity: true)
        }
        try ledger.append(
            [ScaleHistory.adoption(datasets: datasets, services: services)],
            at: ScaleHistory.begin - .days(1), keeping: .later)
        for week in 0...ScaleHistory.lastPoint {
            for day in week * 7..<min((week + 1) * 7, 365) {
                pending += ScaleHistory.day(day, services: services)
            }
            for dataset in 0..<datasets {
                let events = ScaleHistory.backup(of: dataset, point: week)
                let care = made < copyEvents ? ScaleHistory.care(of: dataset, week: week) : []
                made += 3 + care.count
                pending += events + care
                if pending.count > 5_000 { try flush(ScaleHistory.instant(dataset, week)) }
            }
            for hour in week * 168..<min((week + 1) * 168, 8_760) {
                for service in 0..<services { pending += ScaleHistory.hour(hour, service: service) }
                if pending.count > 5_000 { try flush(ScaleHistory.begin + .hours(hour)) }
            }
        }
        try flush(year.end)
        let elapsed = (ContinuousClock.now - begun).inSeconds
        let count = try ledger.count()
        print(
            "made \(count) events, \(made) of copies, in \(Int(elapsed)) s: \(Int(Double(count) / elapsed)) a second"
        )
    }
}
