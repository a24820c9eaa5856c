// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// A plan of a core, a critical and a standard service, and a ledger that is written by hand.
struct GradeScene {
    static let asOf = Moment(seconds: 1_795_521_600)  // 2026-11-24T12:00:00Z
    static let begin = asOf - .days(365)

    static let planText = """
        {"lifeboat": "1", "workspace": "shop", "zone": "UTC", "orchestrator": {"site": "ops"},
         "sites": {
           "hq": {"facility": "A", "city": "CNSHA", "region": "CN-SH", "production": "true"},
           "ops": {"facility": "B", "city": "CNSHA", "region": "CN-SH"},
           "metro": {"facility": "C", "city": "CNSHA", "region": "CN-SH"},
           "north": {"facility": "D", "city": "CNBJS", "region": "CN-BJ"},
           "west": {"facility": "E", "city": "CNCTU", "region": "CN-SC"}},
         "hosts": {
           "nas": {"site": "metro", "ssh": {"host": "a", "user": "u", "identity": "keys/metro"}, "host_key": "ssh-ed25519 SHA256:x"},
           "dr": {"site": "north", "ssh": {"host": "b", "user": "u", "identity": "keys/north"}, "host_key": "ssh-ed25519 SHA256:x"},
           "vault": {"site": "west", "ssh": {"host": "c", "user": "u", "identity": "keys/west"}, "host_key": "ssh-ed25519 SHA256:x"}},
         "stores": {
           "metro": {"host": "nas", "path": "/srv"},
           "north": {"host": "dr", "path": "/srv"},
           "west": {"host": "vault", "path": "/srv", "append_only": "true"}},
         "datasets": {
           "orders": {"source": {"site": "hq", "path": "/srv/orders"},
             "copies": {"to": ["metro", "north", "west"], "at_least": "3", "verified_within": "35d"}},
           "scratch": {"source": {"site": "hq", "path": "/srv/scratch"}, "copies": {"to": ["metro"]}}},
         "services": {
           "shop": {"tier": "core", "standby": "cold", "datasets": ["orders"],
             "objectives": {"rpo": "1h", "rto": "2h", "availability": "99.9%"}},
           "wiki": {"tier": "standard", "datasets": ["scratch"]}}}
        """

    /// The same plan with a probe of the shop every ten seconds, and a window for its maintenance.
    static func probedPlan() throws -> Plan {
        let probed = planText.replacingOccurrences(
            of: "\"standby\": \"cold\",", with: "\"standby\": \"cold\", \"probes\": [\"p\"],"
        )
        .replacingOccurrences(
            of: "\"services\": {",
            with: """
                "probes": {"p": {"from": ["nas"], "every": "10s", "timeout": "2s", "http": "http://x"}},
                "maintenance": [
                  {"service": "shop", "window": "Sun 02:00-04:00", "announced": "72h", "cap": "3h/month"}],
                "services": {
                """)
        return try plan(probed)
    }

    static func plan(_ text: String = planText, _ change: (inout Plan) -> Void = { _ in }) throws -> Plan {
        let read = Plan.decode(try Node(json: Data(text.utf8), file: "plan.yaml"))
        var plan = try #require(read.plan, "\(read.problems)")
        change(&plan)
        return plan
    }

    var plan: Plan
    private(set) var events: [Event] = []

    init(_ plan: Plan) {
        self.plan = plan
    }

    mutating func add(_ body: EventBody, at moment: Moment) {
        events.append(
            Event(sequence: events.count + 1, recordedAt: moment, body: body, sha256: "\(events.count)"))
    }

    mutating func adopt(at moment: Moment, datasets: [String] = ["orders", "scratch"]) {
        add(
            .planAdopted(
                PlanAdoption(
                    workspace: "shop", sha256: "p", datasets: datasets, services: ["shop", "wiki"],
                    stores: ["metro", "north", "west"])), at: moment)
    }

    /// A point whose state is that of `moment`, proven ten minutes later in the stores.
    mutating func backup(
        _ dataset: String = "orders", at moment: Moment, parent: String? = nil,
        in stores: [String] = ["metro", "north", "west"], outcome: BackupOutcome = .complete
    ) {
        let name = moment.compact
        let kind: PointKind = parent == nil ? .full : .incremental
        let proven = moment + .minutes(10)
        for store in stores {
            add(
                .copyReceipt(
                    CopyReceipt(
                        dataset: dataset, point: name, kind: kind, parent: parent, consistencyAt: moment,
                        store: store, site: store, provenAt: proven, method: .hashAtSite, bytes: 1, parts: 1,
                        manifestSha256: name, isAppendOnly: store == "west")), at: proven)
        }
        add(
            .backupRun(
                BackupRun(
                    run: "run-\(name)", dataset: dataset, kind: kind, outcome: outcome, begunAt: moment,
                    endedAt: proven, point: name, parent: parent, consistencyAt: moment, manifestSha256: name)
            ),
            at: proven)
    }

    mutating func drill(
        _ run: String, _ exercise: Exercise, at moment: Moment, mode: DrillMode = .sandbox,
        outcome: DrillOutcome = .passed, time: Span? = Span(lower: .minutes(20), upper: .minutes(22)),
        point: Span? = Span(lower: .seconds(30), upper: .seconds(40)), services: [String] = ["shop"],
        isAnnounced: Bool = true, answeredBy: String = "present", isReported: Bool = true
    ) {
        let recoveries = services.map { service in
            ServiceRecovery(
                service: service, dataset: "orders", recoveryTime: time, recoveryTimeObjective: .hours(2),
                recoveryTimeVerdict: time?.upper.map { $0 <= .hours(2) ? .met : .missed } ?? .missed,
                recoveryPoint: point, recoveryPointObjective: .hours(1),
                recoveryPointVerdict: point?.upper.map { $0 <= .hours(1) ? .met : .missed } ?? .unproven,
                lostRecords: nil, reasons: [],
                disasterAt: MomentRange(earliest: moment - .hours(1), latest: moment - .hours(1)),
                recoveredPointAt: nil,
                serviceVerifiedAt: time?.upper == nil ? nil : MomentRange(earliest: moment, latest: moment),
                evidence: .componentRestore, parts: [])
        }
        add(
            .drillRun(
                DrillRun(
                    run: run, scenario: "s", title: "t", exercise: exercise, mode: mode,
                    isAnnounced: isAnnounced, begunAt: moment - .hours(1), endedAt: moment, outcome: outcome,
                    aftermath: .clean, services: recoveries,
                    participants: [.init(person: "dana", role: "conductor", answeredBy: answeredBy)],
                    findings: [], approvedSha256: "a", journalRecords: 1, journalSha256: "j")), at: moment)
        guard isReported else { return }
        add(
            .reportMade(ReportMade(kind: "drill", subject: run, file: "f", sha256: "r")),
            at: moment + .minutes(5))
    }

    mutating func claim(_ register: RegisterClaim.Register, from begin: Moment, to end: Moment) {
        add(
            .registerClaim(RegisterClaim(register: register, begunAt: begin, endedAt: end, person: "dana")),
            at: end)
    }

    mutating func attest(
        _ criterion: String, _ statement: Attestation.Statement = .met, role: String = "continuity manager",
        at moment: Moment = asOf - .days(30), for length: Duration = .days(300), id: String? = nil,
        revokedAt: Moment? = nil
    ) {
        add(
            .attestation(
                Attestation(
                    id: id ?? "att-\(criterion)-\(events.count)", criterion: criterion, statement: statement,
                    person: "petra", role: role,
                    evidence: [.init(title: "minutes", location: "m.pdf", sha256: nil)], madeAt: moment,
                    expiresAt: moment + length, revokedAt: revokedAt)), at: moment)
    }

    func grade(
        _ profile: GradeProfile = .literal, asOf: Moment = asOf, _ settings: [String: String] = [:],
        tables: Set<Int> = [14]
    ) throws -> GradeReport {
        var parameters = GradeParameters(BuiltInModel.model)
        for (name, value) in settings { try parameters.set(name, value) }
        return Grading.grade(
            events: events, plan: plan, model: BuiltInModel.model.only(tables: tables),
            parameters: parameters, profile: profile,
            asOf: asOf)
    }

    func grade(of dimension: String, _ settings: [String: String] = [:]) throws -> DimensionGrade {
        try #require(try grade(.literal, settings).dimension(dimension))
    }

    func grade(_ profile: GradeProfile, _ settings: [String: String]) throws -> GradeReport {
        try grade(profile, asOf: Self.asOf, settings)
    }
}
