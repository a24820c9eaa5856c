// SPDX-License-Identifier: Apache-2.0
package import Continuity
package import Ledger

/// Takes down what went wrong outside drills, word by word as it becomes known.
package struct IncidentDesk: Sendable {
    private let plan: Plan
    private let ledger: Ledger

    package init(plan: Plan, ledger: Ledger) {
        self.plan = plan
        self.ledger = ledger
    }

    /// An id for an incident that has none: the begin, and a few random digits.
    package static func newID(at moment: Moment) -> String {
        "i-\(moment.compact.lowercased())-\(String(UInt16.random(in: 0 ... .max), radix: 16))"
    }

    /// Every incident with the last word on it, those of withdrawn imports left out.
    package func all() throws -> [Incident] {
        IncidentRegister.incidents(in: try ledger.events(of: [.incident, .importBatch]))
    }

    /// - Throws: `OperationError` with `.unknownName` when there is none of that id.
    package func incident(_ id: String) throws -> Incident {
        let all = try all()
        guard let found = all.first(where: { $0.id == id }) else {
            throw OperationError(
                .unknownName, "there is no incident '\(id)'",
                hint: Spelling.suggestion(for: id, among: all.map(\.id))
                    ?? "'lifeboat incident list' names them")
        }
        return found
    }

    /// Enters a new incident.
    ///
    /// - Throws: `OperationError`: `.refused` when there is one of that id or its times cannot be true,
    ///   `.unknownName` for a service or severity that the plan does not know.
    @discardableResult
    package func open(_ incident: Incident, at now: Moment) throws -> Int {
        guard try !all().contains(where: { $0.id == incident.id }) else {
            throw OperationError(
                .refused, "there is an incident '\(incident.id)' already",
                hint: "'lifeboat incident note \(incident.id)' adds to it")
        }
        return try write(incident, at: now)
    }

    /// Changes an incident; what is said replaces what was known, and both stay in history.
    ///
    /// - Throws: as `open`, or what `change` throws.
    @discardableResult
    package func change(
        _ id: String, at now: Moment, _ change: (inout Incident) throws -> Void
    ) throws -> (incident: Incident, event: Int) {
        var incident = try incident(id)
        try change(&incident)
        return (incident, try write(incident, at: now))
    }

    private func write(_ incident: Incident, at now: Moment) throws -> Int {
        try look(incident.service, "service", plan.services.map(\.id))
        if !plan.severities.isEmpty { try look(incident.severity, "severity", plan.severities.map(\.id)) }
        try look(incident.acknowledgedBy, "person", plan.people.map(\.id))
        if let problem = incident.problems(at: now).first {
            throw OperationError(
                .refused, "\(incident.id) cannot be \(problem)",
                hint: "times are of the incident, not of the entry; give each its own")
        }
        return try ledger.append([.incident(incident)], at: now).last?.sequence ?? 0
    }

    private func look(_ name: String?, _ kind: String, _ known: [String]) throws {
        guard let name, !known.contains(name) else { return }
        throw OperationError(
            .unknownName, "the plan has no \(kind) '\(name)'",
            hint: Spelling.suggestion(for: name, among: known)
                ?? (known.isEmpty ? nil : "there is \(known.sorted().joined(separator: ", "))"))
    }
}
