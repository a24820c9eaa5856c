// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Ledger
import Operations

struct PlanNextCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "next", abstract: "What is due, late or missed, and what comes next.")

    @OptionGroup var common: CommonOptions

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let events = try place.ledger.newestEvents()
        let now = place.time.now()
        let items = Timetable(plan: place.plan, events: events).items(at: now)
        let zone = ZonedTime(place.plan)
        try console.print(PlanNextOutput(now: now, items: items)) {
            items.isEmpty
                ? "nothing has a schedule"
                : items.map { item in
                    let missed = item.missed > 0 ? ", \(item.missed) earlier runs missed" : ""
                    let when = item.isNow ? "since" : "at"
                    return "\(item.state.rawValue)  \(item.subject) \(item.work.rawValue), \(when) "
                        + zone.text(item.dueAt) + missed
                }.joined(separator: "\n")
        }
        return items.contains { $0.state == .late } ? .partial : .success
    }
}

private struct PlanNextOutput: Encodable {
    var now: Moment
    var items: [DueItem]
}

/// Times as the plan's people read them.
struct ZonedTime {
    private let formatter: DateFormatter

    init(_ plan: Plan) {
        formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: plan.zone) ?? .gmt
        formatter.dateFormat = "yyyy-MM-dd HH:mm:ss zzz"
    }

    func text(_ moment: Moment) -> String {
        formatter.string(from: Date(timeIntervalSince1970: Double(moment.seconds)))
    }
}
