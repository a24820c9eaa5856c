// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity

/// What may be said of an incident at any time.
struct IncidentDetails: ParsableArguments {
    @Option(help: "When it was first noticed, by a program or a person.")
    var detected: AgoOrMoment?

    @Option(name: .customLong("found-by"), help: "monitor, staff or user.")
    var foundBy: Incident.Finder?

    @Option(name: .customLong("user-report"), help: "When the first user complained.")
    var userReport: AgoOrMoment?

    @Option(help: "When something warned of it before it began.")
    var warned: AgoOrMoment?

    @Option(help: "A severity; one of the plan's where it names some.")
    var severity: String?

    @Option(help: "Its kind, in the organisation's own words.")
    var category: String?

    @Option(help: "The scenario it is a case of.")
    var scenario: String?

    @Option(name: .customLong("first-action"), help: "When somebody or something first acted on it.")
    var firstAction: AgoOrMoment?

    @Option(name: .customLong("first-action-by"), help: "person or automation.")
    var firstActionBy: Incident.Actor?

    @Option(name: .customLong("users-told"), help: "When users were told.")
    var usersTold: AgoOrMoment?

    @Option(name: .customLong("users-told-by"), help: "person or automation.")
    var usersToldBy: Incident.Actor?

    @Option(name: .customLong("cause-found"), help: "When its cause was understood.")
    var causeFound: AgoOrMoment?

    @Option(help: "When the report on it was made.")
    var reported: AgoOrMoment?

    @Option(help: "How long users felt it, such as 12m; 0s when they did not.", transform: durationArgument)
    var impact: Duration?

    @Flag(name: .customLong("auto-diagnosed"), help: "Its cause was named by a program.")
    var autoDiagnosed = false

    @Option(name: .customLong("contingency-plan"), help: "The contingency plan that was followed.")
    var contingencyPlan: String?

    @Option(help: "The runbook that was run.")
    var runbook: String?

    @Option(help: "Its number elsewhere.")
    var ticket: String?

    @Option(help: "The problem record behind it.")
    var problem: String?

    @Option(name: .customLong("recurrence-of"), help: "The incident it repeats.")
    var recurrenceOf: String?

    @Option(help: "call, deputy or manager, with its time: call=5m; may be given again.")
    var escalated: [EscalationArgument] = []

    var isEmpty: Bool {
        let times = [detected, userReport, warned, firstAction, usersTold, causeFound, reported]
        let texts = [
            severity, category, scenario, contingencyPlan, runbook, ticket, problem, recurrenceOf,
            foundBy?.rawValue, firstActionBy?.rawValue, usersToldBy?.rawValue,
        ]
        return times.allSatisfy { $0 == nil } && texts.allSatisfy { $0 == nil } && impact == nil
            && !autoDiagnosed && escalated.isEmpty
    }

    func apply(to incident: inout Incident, now: Moment) throws {
        func set(_ path: WritableKeyPath<Incident, Moment?>, _ said: AgoOrMoment?) {
            if let said { incident[keyPath: path] = said.moment(before: now) }
        }
        func put<Value>(_ path: WritableKeyPath<Incident, Value?>, _ said: Value?) {
            if let said { incident[keyPath: path] = said }
        }
        set(\.detectedAt, detected)
        set(\.firstUserReportAt, userReport)
        set(\.warnedAt, warned)
        set(\.firstActionAt, firstAction)
        set(\.usersToldAt, usersTold)
        set(\.causeFoundAt, causeFound)
        set(\.reportedAt, reported)
        put(\.detectedBy, foundBy)
        put(\.firstActionBy, firstActionBy)
        put(\.usersToldBy, usersToldBy)
        put(\.severity, severity)
        put(\.category, category)
        put(\.scenario, scenario)
        put(\.contingencyPlan, contingencyPlan)
        put(\.runbook, runbook)
        put(\.ticket, ticket)
        put(\.problem, problem)
        put(\.recurrenceOf, recurrenceOf)
        put(\.userImpactSeconds, impact?.inSeconds)
        if autoDiagnosed { incident.isAutoDiagnosed = true }
        incident.escalations += escalated.map {
            Incident.Escalation(kind: $0.kind, at: $0.at?.moment(before: now) ?? now)
        }
    }
}

/// A time, or how long ago it was.
enum AgoOrMoment: ExpressibleByArgument, Hashable {
    case at(Moment)
    case ago(Duration)

    init?(argument: String) {
        if let moment = Moment(argument) {
            self = .at(moment)
        } else if let length = Duration(text: argument) {
            self = .ago(length)
        } else {
            return nil
        }
    }

    func moment(before now: Moment) -> Moment {
        switch self {
        case .at(let moment): moment
        case .ago(let length): now - length
        }
    }
}

struct EscalationArgument: ExpressibleByArgument {
    var kind: Incident.Escalation.Kind
    /// `nil` is now.
    var at: AgoOrMoment?

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard let word = parts.first, let kind = Incident.Escalation.Kind(rawValue: word) else { return nil }
        self.kind = kind
        guard parts.count == 2 else { return }
        guard let at = AgoOrMoment(argument: parts[1]) else { return nil }
        self.at = at
    }
}

extension Incident.Finder: ExpressibleByArgument {}
extension Incident.Actor: ExpressibleByArgument {}
