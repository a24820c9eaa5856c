// SPDX-License-Identifier: Apache-2.0
import Foundation

extension MetricRegistry {
    /// Teams, trainings, duty and improvement actions.
    static let people: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "dr_team_coverage", .ratio, scoped: true, from: [.services, .teams],
                "the share of the services to which a recovery team with members is assigned"
            ) { query in [teamCoverage(query)] })
        all.append(
            Metric(
                "overdue_drill_actions", .count("actions"), from: [.registerEntries],
                "improvement actions from drills that are past their date"
            ) { query in
                let late = query.entries(\.action).filter {
                    $0.value.source == .drill && $0.value.isOverdue(at: query.end)
                }
                return [
                    query.counted(
                        late, "actions", .actions, late.map(\.value.title),
                        settledBy:
                            "actions from drills closed in time, and the word that the register is complete"
                    )
                ]
            })
        all.append(
            Metric(
                "trained_role_share", .ratio, from: [.registerEntries, .teams],
                "the share of those with a role who took part in a training of the window"
            ) { query in [trainedShare(query)] })
        all.append(
            Metric(
                "assessed_training_count", .count("trainings"), from: [.registerEntries],
                "trainings of the window whose effect was tested"
            ) { query in
                let held = query.entries(\.training).filter {
                    query.within($0.value.at) && $0.value.isAssessed
                }
                return [
                    query.counted(
                        held, "trainings", .trainings, held.map(\.value.title),
                        settledBy: "a training entered with 'lifeboat register add' and assessed")
                ]
            })
        all.append(
            Metric(
                "duty_coverage", .ratio, from: [.registerEntries],
                "covered share of the duty pattern: every hour, or eight hours of each workday by the plan"
            ) { query in [DutyMeasurement(query).coverage()] })
        return all
    }()

    private static func teamCoverage(_ query: MetricQuery) -> Reading {
        let teams = query.facts.plan.teams.filter { $0.kind == .disasterRecovery && !$0.members.isEmpty }
        guard !teams.isEmpty else {
            return .nothing(
                "services", .plan(.noRecoveryTeam), settledBy: "teams with members in the plan")
        }
        let all = query.members
        guard !all.isEmpty else {
            return .nothing("services", .plan(.noServiceInScope), settledBy: "services in the plan")
        }
        let covered = Set(teams.flatMap(\.services))
        let missing = all.filter { !covered.contains($0) }
        return .exactly(
            "services", Double(all.count - missing.count) / Double(all.count),
            detail: .missing(missing),
            settledBy: "services of the recovery team in the plan", population: all.count)
    }

    private static func trainedShare(_ query: MetricQuery) -> Reading {
        let people = query.facts.plan.people.filter { !$0.roles.isEmpty }.map(\.id)
        let held = query.entries(\.training).filter { query.within($0.value.at) }
        let isComplete = query.facts.isComplete(.trainings, from: query.begin, to: query.end)
        guard !people.isEmpty, !held.isEmpty || isComplete else {
            return .nothing(
                "people", .books(.noTraining),
                settledBy: "trainings entered with 'lifeboat register add'")
        }
        let trained = Set(held.flatMap(\.value.attendees))
        let missing = people.filter { !trained.contains($0) }
        let share = Double(people.count - missing.count) / Double(people.count)
        return Reading(
            "people", from: share, to: isComplete ? share : 1,
            detail: .missing(missing),
            settledBy: "trainings entered with 'lifeboat register add'", population: people.count,
            evidence: held.map(\.number))
    }
}

extension MetricQuery {
    /// One part of the register's entries.
    func entries<Value: Hashable & Sendable>(_ part: KeyPath<RegisterEntry, Value?>) -> [Numbered<Value>] {
        facts.entries.compactMap { entry in
            entry.value[keyPath: part].map { Numbered(entry.number, $0) }
        }
    }

    /// A count; more may be unknown while nobody says that the register is complete.
    func counted<Value>(
        _ some: [Numbered<Value>], _ noun: String, _ register: RegisterClaim.Register, _ names: [String],
        settledBy: String
    ) -> Reading {
        let count = Double(some.count)
        let isComplete = facts.isComplete(register, from: begin, to: end)
        let first = Detail.names(Array(names.prefix(5)))
        return Reading(
            noun, from: count, to: isComplete ? count : .infinity,
            detail: isComplete ? first : first + .registerIsOpen,
            settledBy: settledBy, hasNoSource: some.isEmpty && !isComplete, population: some.count,
            evidence: some.map(\.number))
    }
}

/// How much of a duty pattern was covered by shifts of the teams that handle incidents.
struct DutyMeasurement {
    let query: MetricQuery

    init(_ query: MetricQuery) {
        self.query = query
    }

    func coverage() -> Reading {
        let plan = query.facts.plan
        let teams = Set(
            plan.teams.filter { $0.kind == .incidentResponse || $0.kind == .serviceResponse }.map(\.id))
        let shifts = query.entries(\.duty).filter { shift in
            (teams.isEmpty || teams.contains(shift.value.team))
                && (query.check.dedication != "full_time" || shift.value.isFullTime)
                && shift.value.endedAt > query.begin && shift.value.begunAt < query.end
        }
        let isComplete = query.facts.isComplete(.duty, from: query.begin, to: query.end)
        guard !shifts.isEmpty || isComplete else {
            return .nothing(
                "duty", .books(.noShift),
                settledBy: "shifts entered with 'lifeboat register add'")
        }
        let covered = track(shifts.map(\.value))
        let share = query.check.pattern == "5x8" ? workingShare(covered) : allShare(covered)
        return Reading(
            "duty", from: share, to: isComplete ? share : 1, detail: .books(.shifts(shifts.count)),
            settledBy: "shifts of the whole window", population: shifts.count,
            evidence: shifts.suffix(50).map(\.number))
    }

    private func track(_ shifts: [DutyShift]) -> StateTrack {
        var track = StateTrack(from: query.begin, to: query.end)
        for shift in shifts.sorted(by: { $0.begunAt < $1.begunAt }) {
            track.extend(to: shift.begunAt, .down)
            track.extend(to: shift.endedAt, .up)
        }
        track.close(.down)
        return track
    }

    private func allShare(_ covered: StateTrack) -> Double {
        let length = (query.end - query.begin).inSeconds
        return length > 0 ? covered.length(of: .up).inSeconds / length : 0
    }

    private func workingShare(_ covered: StateTrack) -> Double {
        let days = Buckets(zone: query.facts.zone).complete(.day, from: query.begin, to: query.end)
            .filter { Self.isWorkday($0.from, query.facts.zone.secondsFromGMT(), query.facts.plan) }
        guard !days.isEmpty else { return 0 }
        let shares = days.map { day in
            min(1, covered.clipped(from: day.from, to: day.to).length(of: .up).inSeconds / 28_800)
        }
        return shares.reduce(0, +) / Double(days.count)
    }

    /// Monday to Friday, but for the plan's holidays, and with its extra workdays.
    ///
    /// Noon of the day is looked at, so that a shift of an hour does not matter; 1970-01-01 was a Thursday.
    private static func isWorkday(_ begin: Moment, _ offset: Int, _ plan: Plan) -> Bool {
        let noon = Moment(seconds: begin.seconds + Int64(offset) + 43_200)
        let name = String(noon.text(decimals: 0).prefix(10))
        if plan.extraWorkdays.contains(name) { return true }
        return (noon.seconds / 86_400 + 3) % 7 < 5 && !plan.holidays.contains(name)
    }
}
