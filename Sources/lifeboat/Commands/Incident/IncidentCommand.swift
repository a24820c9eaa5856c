// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct IncidentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incident", abstract: "What went wrong outside drills, and when each thing happened.",
        discussion: """
            The times are those of measurement: begun (the service went away), detected (the first verdict or
            the first person who noticed), acknowledged (a named person took it), restored (the service was
            back), closed (nothing was left to do). Give each with --at, or as a length of time ago.
            """,
        subcommands: [
            IncidentOpenCommand.self, IncidentAckCommand.self, IncidentRecoverCommand.self,
            IncidentCloseCommand.self, IncidentNoteCommand.self, IncidentListCommand.self,
            IncidentShowCommand.self,
        ])
}

struct IncidentOpenCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Enter a new incident.",
        discussion: "What nobody knows yet is left out, and never guessed; later words add to it.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var details: IncidentDetails

    @Argument(help: "What happened, in a few words.")
    var title: String

    @Option(help: "When the service went away: a time, or a length of time ago such as 25m.")
    var begun: AgoOrMoment

    @Option(help: "An id of your own, such as INC-1042.")
    var id: String?

    @Option(help: "The service it hit.")
    var service: String?

    @Flag(help: "It was entered by a program.")
    var automated = false

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let begun = begun.moment(before: now)
        var incident = Incident(
            id: id ?? IncidentDesk.newID(at: begun), service: service, title: title, begunAt: begun,
            registeredAt: now, openedBy: automated ? .automation : .person)
        try details.apply(to: &incident, now: now)
        try IncidentDesk(plan: place.plan, ledger: place.ledger).open(incident, at: now)
        try console.print(incident) { IncidentText.line(incident, now: now) }
        return .success
    }
}

/// One word on an incident that is there.
protocol IncidentWord: Action {
    var id: String { get }
    func say(_ incident: inout Incident, now: Moment) throws
}

extension IncidentWord {
    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let desk = IncidentDesk(plan: place.plan, ledger: place.ledger)
        let (incident, _) = try desk.change(id, at: now) { try say(&$0, now: now) }
        try console.print(incident) { IncidentText.line(incident, now: now) }
        return .success
    }

    /// - Throws: `OperationError` with `.refused` when it was said before.
    func once(_ at: Moment?, _ what: String) throws {
        guard let at else { return }
        throw OperationError(
            .refused, "\(id) was \(what) at \(at.text(decimals: 0)) already",
            hint: "correct it with 'lifeboat incident note \(id)'")
    }
}

struct IncidentAckCommand: IncidentWord {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "A named person takes it.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The incident.")
    var id: String

    @Option(name: .customLong("as"), help: "Who takes it, a person of the plan.")
    var person: String

    @Option(help: "When, a time or a length of time ago; without it, now.")
    var at: AgoOrMoment?

    func say(_ incident: inout Incident, now: Moment) throws {
        try once(incident.acknowledgedAt, "acknowledged")
        incident.acknowledgedAt = at?.moment(before: now) ?? now
        incident.acknowledgedBy = person
    }
}

struct IncidentRecoverCommand: IncidentWord {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "The service is back for its users, whatever the cause.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var details: IncidentDetails

    @Argument(help: "The incident.")
    var id: String

    @Option(help: "When, a time or a length of time ago; without it, now.")
    var at: AgoOrMoment?

    @Option(help: "person or automation.")
    var by: Incident.Actor = .person

    func say(_ incident: inout Incident, now: Moment) throws {
        try once(incident.restoredAt, "restored")
        incident.restoredAt = at?.moment(before: now) ?? now
        incident.restoredBy = by
        try details.apply(to: &incident, now: now)
    }
}

struct IncidentCloseCommand: IncidentWord {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Nothing is left to do about it.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var details: IncidentDetails

    @Argument(help: "The incident.")
    var id: String

    @Option(help: "When, a time or a length of time ago; without it, now.")
    var at: AgoOrMoment?

    func say(_ incident: inout Incident, now: Moment) throws {
        try once(incident.closedAt, "closed")
        try details.apply(to: &incident, now: now)
        incident.closedAt = at?.moment(before: now) ?? now
    }
}

struct IncidentNoteCommand: IncidentWord {
    static let configuration = CommandConfiguration(
        commandName: "note",
        abstract: "Add to what is known, or correct it; what was said before stays in history.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var details: IncidentDetails

    @Argument(help: "The incident.")
    var id: String

    @Argument(help: "Words for those who come after.")
    var text: String?

    @Option(name: .customLong("as"), help: "Who writes, a person of the plan.")
    var person: String?

    @Option(help: "Correct the begin.")
    var begun: AgoOrMoment?

    @Option(help: "Correct when it was acknowledged.")
    var acknowledged: AgoOrMoment?

    @Option(help: "Correct when the service was back.")
    var restored: AgoOrMoment?

    func validate() throws {
        if text == nil, begun == nil, acknowledged == nil, restored == nil, details.isEmpty {
            throw ValidationError("say what is to be noted")
        }
    }

    func say(_ incident: inout Incident, now: Moment) throws {
        if let text {
            incident.notes = (incident.notes ?? []) + [.init(at: now, person: person, text: text)]
        }
        if let begun { incident.begunAt = begun.moment(before: now) }
        if let acknowledged { incident.acknowledgedAt = acknowledged.moment(before: now) }
        if let restored { incident.restoredAt = restored.moment(before: now) }
        try details.apply(to: &incident, now: now)
    }
}
