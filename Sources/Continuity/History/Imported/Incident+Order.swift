// SPDX-License-Identifier: Apache-2.0

extension Incident {
    /// Why its times cannot all be true; empty when they can.
    ///
    /// What happens to an incident happens after its begin; it is taken after it was detected, and closed after
    /// the service was back. A service may be back before anybody noticed or took it, a warning may come before
    /// the begin, and the cause and the report may come after the close.
    package func problems(at now: Moment) -> [String] {
        var problems: [String] = []
        for (early, late) in orders {
            guard let first = early.at, let second = late.at, second < first else { continue }
            problems.append(
                "\(late.name) at \(second.text(decimals: 0)), before it was \(early.name) at \(first.text(decimals: 0))"
            )
        }
        problems += times.compactMap { time in
            time.at.flatMap {
                $0 > now ? "\(time.name) at \($0.text(decimals: 0)), which is yet to come" : nil
            }
        }
        if closedAt != nil, restoredAt == nil {
            problems.append("closed, and nobody said when the service was back")
        }
        if let impact = userImpactSeconds, impact < 0 {
            problems.append("felt by users for less than nothing")
        }
        return problems
    }

    private typealias Time = (name: String, at: Moment?)

    private var times: [Time] {
        [
            ("begun", begunAt), ("warned of", warnedAt), ("detected", detectedAt),
            ("reported by a user", firstUserReportAt), ("registered", registeredAt),
            ("acknowledged", acknowledgedAt), ("first acted on", firstActionAt),
            ("told to users", usersToldAt), ("reported", reportedAt), ("restored", restoredAt),
            ("understood", causeFoundAt), ("closed", closedAt),
        ] + escalations.map { ("escalated", $0.at) }
    }

    private var orders: [(Time, Time)] {
        let begun: Time = ("begun", begunAt)
        let detected: Time = ("detected", detectedAt)
        let restored: Time = ("restored", restoredAt)
        let closed: Time = ("closed", closedAt)
        let after = times.filter { $0.name != "begun" && $0.name != "warned of" }.map { (begun, $0) }
        return after + [
            (detected, ("registered", registeredAt)), (detected, ("acknowledged", acknowledgedAt)),
            (detected, closed), (("acknowledged", acknowledgedAt), closed), (restored, closed),
        ]
    }

    /// From its detection until the service was back; `nil` while either is not known.
    package var response: Duration? {
        guard let detectedAt, let restoredAt else { return nil }
        return restoredAt - detectedAt
    }

    /// From its begin until nothing was left to do; `nil` while it is open.
    package var resolution: Duration? { closedAt.map { $0 - begunAt } }
}

/// The incidents among events.
package enum IncidentRegister {
    /// The last word on each incident, in the order in which they were first written down; those of withdrawn
    /// imports are left out.
    package static func incidents(in events: some Sequence<Event>) -> [Incident] {
        ImportedFacts(events.sorted { $0.sequence < $1.sequence }).incidents.map(\.value)
    }
}
