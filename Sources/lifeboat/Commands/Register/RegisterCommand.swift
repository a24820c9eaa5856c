// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct RegisterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "What people keep books on: documents, trainings, actions, duty, maintenance, waivers.",
        subcommands: [
            RegisterAddCommand.self, RegisterListCommand.self, RegisterWithdrawCommand.self,
            RegisterCompleteCommand.self, RegisterMaintenanceCommand.self, RegisterWaiveCommand.self,
            RegisterScopeCommand.self,
        ])
}

struct RegisterAddCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Enter what a file says; what is known already is left alone.",
        discussion: """
            A YAML or JSON file: lifeboat_register: 1, and entries: a mapping from ids to one of
              document: {kind: contingency_plan, title: …, approved_at: …, review_due: …, scenarios: […]}
              training: {title: …, at: …, attendees: […], assessed: true}
              action:   {source: drill, title: …, opened_at: …, due: …, closed_at: …}
              duty:     {team: …, person: …, from: …, to: …, full_time: true}
              reading:  {layer: application, metric: …, at: …, reported: 41, reference: 40}
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(name: .customLong("as"), help: "Who enters it, a person of the plan.")
    var person: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let desk = RegisterDesk(plan: place.plan, ledger: place.ledger)
        let result = try desk.add(file: file, person: person, at: place.time.now())
        try console.print(result) {
            "\(result.added.count) added, \(result.replaced.count) replaced, \(result.known.count) known already"
        }
        return .success
    }
}

struct RegisterListCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every entry and every announced maintenance.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let desk = RegisterDesk(plan: place.plan, ledger: place.ledger)
        let output = RegisterOutput(entries: try desk.entries(), maintenance: try desk.notices())
        try console.print(output) { output.table(ZonedTime(place.plan)).text(console.style) }
        return .success
    }
}

private struct RegisterOutput: Encodable {
    var entries: [RegisterEntry]
    var maintenance: [MaintenanceNotice]

    func table(_ zone: ZonedTime) -> Table {
        var table = Table(
            [
                .init("id"), .init("kind"), .init("what", isFlexible: true), .init("when"), .init("state"),
            ], empty: "the register is empty")
        for entry in entries {
            table.add(
                [
                    entry.id, entry.kind, entry.what, entry.at.map(zone.text) ?? "-",
                    entry.withdrawnAt == nil ? "counts" : "withdrawn",
                ].map { Table.Cell($0) })
        }
        for notice in maintenance {
            table.add(
                [
                    notice.id, "maintenance", notice.service,
                    "\(zone.text(notice.begunAt)) to \(zone.text(notice.endedAt))",
                    notice.withdrawnAt == nil ? "announced" : "withdrawn",
                ].map { Table.Cell($0) })
        }
        return table
    }
}

extension RegisterEntry {
    fileprivate var what: String {
        document?.title ?? training?.title ?? action?.title ?? duty.map { "\($0.team): \($0.person)" }
            ?? reading?.metric ?? ""
    }

    fileprivate var at: Moment? {
        document?.approvedAt ?? training?.at ?? action?.openedAt ?? duty?.begunAt ?? reading?.at
    }
}

struct RegisterWithdrawCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take an entry back; it stays in history.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The entry.")
    var id: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let entry = try RegisterDesk(plan: place.plan, ledger: place.ledger)
            .withdraw(id, at: place.time.now())
        try console.print(entry) { "\(entry.id) is withdrawn" }
        return .success
    }
}

struct RegisterCompleteCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "A person's word that a register is complete, so that absence becomes a fact.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "drills, backups, incidents, documents, trainings, actions or duty.")
    var register: RegisterClaim.Register

    @Option(help: "The begin, a time or a day.", transform: momentOrDayArgument)
    var from: Moment

    @Option(help: "The end; without it, now.", transform: momentOrDayArgument)
    var to: Moment?

    @Option(name: .customLong("as"), help: "Who says so, a person of the plan.")
    var person: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let claim = RegisterClaim(register: register, begunAt: from, endedAt: to ?? now, person: person)
        try RegisterDesk(plan: place.plan, ledger: place.ledger).claim(claim, at: now)
        try console.print(claim) {
            Escaping.visible(
                "\(register.rawValue) are complete from \(claim.begunAt.text(decimals: 0)) to "
                    + "\(claim.endedAt.text(decimals: 0)), says \(person)")
        }
        return .success
    }
}

struct RegisterMaintenanceCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Announce that a service may be down; it counts as the plan's rule says.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The service.")
    var service: String

    @Option(help: "The begin.", transform: momentArgument)
    var from: Moment?

    @Option(help: "The end.", transform: momentArgument)
    var to: Moment?

    @Option(name: .customLong("as"), help: "Who announces it, a person of the plan.")
    var person: String

    @Option(help: "Take a notice back, by its id.")
    var withdraw: String?

    func validate() throws {
        if withdraw == nil, from == nil || to == nil { throw ValidationError("give --from and --to") }
    }

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let desk = RegisterDesk(plan: place.plan, ledger: place.ledger)
        var notice = MaintenanceNotice(
            id: "m-\(now.compact.lowercased())-\(String(UInt16.random(in: 0 ... .max), radix: 16))",
            service: service, begunAt: from ?? now, endedAt: to ?? now, announcedAt: now, person: person)
        if let withdraw {
            guard let known = try desk.notices().first(where: { $0.id == withdraw && $0.service == service })
            else { throw OperationError(.unknownName, "\(service) has no notice '\(withdraw)'") }
            notice = known
            notice.withdrawnAt = now
        }
        try desk.announce(notice, at: now)
        try console.print(notice) {
            Escaping.visible(
                "\(notice.id): \(service) \(notice.withdrawnAt == nil ? "is announced" : "is taken back")")
        }
        return .success
    }
}

struct RegisterWaiveCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "waive",
        abstract: "Accept for a time that a criterion is not met; shown beside the grade.")

    @OptionGroup var exempt: ExemptOptions
    var common: CommonOptions { exempt.common }

    func perform(_ console: Console) throws -> ExitStatus { try exempt.record(.waiver, console) }
}

struct RegisterScopeCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "scope",
        abstract: "Leave a dimension out that does not apply; it is listed with its reason.")

    @OptionGroup var exempt: ExemptOptions
    var common: CommonOptions { exempt.common }

    func perform(_ console: Console) throws -> ExitStatus { try exempt.record(.outOfScope, console) }
}

struct ExemptOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions

    @Argument(help: "The criterion or dimension.")
    var subject: String

    @Option(help: "Why.")
    var reason: String

    @Option(name: .customLong("as"), help: "Who decides, a person of the plan.")
    var person: String

    @Option(help: "In which role.")
    var role: String

    @Option(help: "The last day.", transform: dayArgument)
    var until: Moment

    func record(_ kind: Exemption.Kind, _ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let exemption = Exemption(
            id: "x-\(now.compact.lowercased())-\(String(UInt16.random(in: 0 ... .max), radix: 16))",
            kind: kind, subject: subject, reason: reason, person: person, role: role, madeAt: now,
            expiresAt: until)
        try RegisterDesk(plan: place.plan, ledger: place.ledger)
            .exempt(exemption, in: BuiltInModel.model, at: now)
        try console.print(exemption) {
            Escaping.visible("\(exemption.id): \(subject) \(kind.rawValue), says \(person) as \(role)")
        }
        return .success
    }
}

extension RegisterClaim.Register: ExpressibleByArgument {}

/// A time, or a day, which is its first instant in UTC.
@Sendable func momentOrDayArgument(_ text: String) throws -> Moment {
    guard let moment = Moment(text) ?? Moment("\(text)T00:00:00Z") else {
        throw ValidationError("'\(text)' is not a time such as 2026-11-22T03:15:00Z, nor a day")
    }
    return moment
}
