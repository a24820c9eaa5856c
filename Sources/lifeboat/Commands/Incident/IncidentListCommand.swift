// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct IncidentListCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every incident, open ones first, with how long each part took.")

    @OptionGroup var common: CommonOptions

    @Flag(help: "Only those that are not closed.")
    var open = false

    @Option(help: "Only those of this service.")
    var service: String?

    @Option(help: "Only those that began in a year such as 2026, a month such as 2026-11, or FROM..TO.")
    var period: String?

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let now = place.time.now()
        let range = try period.map { try AuditPeriod($0, now: now) }
        let all = try IncidentDesk(plan: place.plan, ledger: place.ledger).all()
            .filter { incident in
                (!open || incident.closedAt == nil) && (service == nil || incident.service == service)
                    && (range.map { $0.begin <= incident.begunAt && incident.begunAt < $0.end } ?? true)
            }
            .sorted {
                ($0.closedAt == nil ? 0 : 1, $1.begunAt, $0.id) < (
                    $1.closedAt == nil ? 0 : 1, $0.begunAt, $1.id
                )
            }
        try console.print(IncidentsOutput(incidents: all)) {
            IncidentText.table(all, zone: place.plan.zone, now: now).text(console.style)
        }
        return .success
    }
}

private struct IncidentsOutput: Encodable {
    var incidents: [Incident]
}

struct IncidentShowCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Everything that is known of one incident, time by time.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The incident.")
    var id: String

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let incident = try IncidentDesk(plan: place.plan, ledger: place.ledger).incident(id)
        try console.print(incident) {
            IncidentText.page(incident, zone: ZonedTime(place.plan), now: place.time.now())
        }
        return .success
    }
}

/// An incident for a person.
enum IncidentText {
    static func state(_ incident: Incident) -> String {
        if incident.closedAt != nil { return "closed" }
        if incident.restoredAt != nil { return "restored" }
        return incident.acknowledgedAt != nil ? "taken" : "open"
    }

    static func line(_ incident: Incident, now: Moment) -> String {
        let away = incident.restoredAt ?? now
        return Escaping.visible(
            "\(incident.id): \(state(incident)), \(incident.service ?? "no service"), "
                + "\(incident.restoredAt == nil ? "away for" : "was away for") \((away - incident.begunAt).rounded.text)"
                + (incident.title.map { ": \($0)" } ?? ""))
    }

    static func table(_ all: [Incident], zone: String, now: Moment) -> Table {
        let words = Wording(.en, zone: zone, now: now)
        var table = Table(
            [
                .init("incident"), .init("state"), .init("service"), .init("severity"), .init("begun"),
                .init("to detect", .right), .init("to take", .right), .init("to restore", .right),
                .init("what", isFlexible: true),
            ], empty: "no incident is on record")
        for one in all {
            func length(_ value: Duration?) -> Table.Cell {
                value.map { .init($0.rounded.text) } ?? .init("-", .faint)
            }
            let detect = one.detectedAt.map { $0 - one.begunAt }
            let take = one.detectedAt.flatMap { found in one.acknowledgedAt.map { $0 - found } }
            table.add([
                .init(one.id), .init(state(one), one.closedAt == nil ? .doubtful : .plain),
                .init(one.service ?? "-"), .init(one.severity ?? "-"), .init(words.time.short(one.begunAt)),
                length(detect), length(take), length(one.outage), .init(one.title ?? ""),
            ])
        }
        return table
    }

    static func page(_ incident: Incident, zone: ZonedTime, now: Moment) -> String {
        let times: [(String, Moment?)] = [
            ("warned", incident.warnedAt), ("begun", incident.begunAt), ("detected", incident.detectedAt),
            ("first user report", incident.firstUserReportAt), ("registered", incident.registeredAt),
            ("acknowledged", incident.acknowledgedAt), ("first action", incident.firstActionAt),
            ("users told", incident.usersToldAt), ("restored", incident.restoredAt),
            ("cause found", incident.causeFoundAt), ("reported", incident.reportedAt),
            ("closed", incident.closedAt),
        ]
        let lines = times.filter { $0.1 != nil }.sorted { $0.1 ?? now < $1.1 ?? now }.map { name, at in
            let after = at.map { ($0 - incident.begunAt).rounded.text } ?? ""
            return "  \(at.map(zone.text) ?? "")  \(name)  \(name == "begun" ? "" : "+\(after)")"
        }
        let notes = (incident.notes ?? []).map {
            "  \(zone.text($0.at))  \($0.person ?? "somebody"): \($0.text)"
        }
        return ([line(incident, now: now)] + lines + notes).map { Escaping.visible($0) }
            .joined(separator: "\n")
    }
}

extension Duration {
    /// To the second: what people write down is no more exact.
    fileprivate var rounded: Duration { Duration(roundedSeconds: inSeconds.rounded()) }
}
