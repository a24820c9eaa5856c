// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Foundation
package import Ledger

/// Takes down what people keep books on: entries, words that a register is complete, announced maintenance,
/// waivers and what is out of scope.
package struct RegisterDesk: Sendable {
    private let plan: Plan
    private let ledger: Ledger

    package init(plan: Plan, ledger: Ledger) {
        self.plan = plan
        self.ledger = ledger
    }

    // MARK: - Entries

    /// What became of a file of entries.
    package struct Added: Hashable, Sendable, Codable {
        package var added: [String]
        package var replaced: [String]
        /// Those that stand in the ledger as they are in the file.
        package var known: [String]
    }

    /// Every entry with the last word on it.
    package func entries() throws -> [RegisterEntry] {
        var order: [String] = []
        var newest: [String: RegisterEntry] = [:]
        for event in try ledger.events(of: [.registerEntry]) {
            guard case .registerEntry(let entry) = event.body else { continue }
            if newest.updateValue(entry, forKey: entry.id) == nil { order.append(entry.id) }
        }
        return order.compactMap { newest[$0] }
    }

    /// Reads a file of entries, YAML or JSON, and enters what is new or has changed.
    ///
    /// - Throws: `OperationError`: `.badInput` naming the first mistake, with nothing entered;
    ///   `.unknownName` for a person that the plan does not know.
    package func add(file path: String, person: String?, at now: Moment) throws -> Added {
        try checkPerson(person)
        let node = try DocumentLoader.load(path)
        let (entries, problems) = RegisterEntry.decode(node)
        if let first = problems.errors.first {
            throw OperationError(
                .badInput, "\(first.place.file):\(first.place.line): \(first.key): \(first.message)",
                hint: first.hint)
        }
        let known = Dictionary(try self.entries().map { ($0.id, $0) }) { $1 }
        var result = Added(added: [], replaced: [], known: [])
        var bodies: [EventBody] = []
        for var entry in entries {
            if let problem = entry.problems(at: now).first {
                throw OperationError(.badInput, "\(path): \(entry.id) is \(problem)")
            }
            let names = (entry.training?.attendees ?? []) + [entry.duty?.person].compactMap { $0 }
            for name in names { try checkPerson(name) }
            if let team = entry.duty?.team, !plan.teams.contains(where: { $0.id == team }) {
                throw OperationError(
                    .unknownName, "\(entry.id): the plan has no team '\(team)'",
                    hint: Spelling.suggestion(for: team, among: plan.teams.map(\.id)))
            }
            entry.person = person
            if let old = known[entry.id] {
                var same = old
                same.person = person
                if same == entry {
                    result.known.append(entry.id)
                    continue
                }
                result.replaced.append(entry.id)
            } else {
                result.added.append(entry.id)
            }
            bodies.append(.registerEntry(entry))
        }
        if !bodies.isEmpty { try ledger.append(bodies, at: now) }
        return result
    }

    /// Takes an entry back; it stays in history and counts no longer.
    package func withdraw(_ id: String, at now: Moment) throws -> RegisterEntry {
        guard var entry = try entries().last(where: { $0.id == id }) else {
            throw OperationError(
                .unknownName, "there is no entry '\(id)'", hint: "'lifeboat register list' names them")
        }
        guard entry.withdrawnAt == nil else {
            throw OperationError(.refused, "'\(id)' is withdrawn already")
        }
        entry.withdrawnAt = now
        try ledger.append([.registerEntry(entry)], at: now)
        return entry
    }

    // MARK: - Words of people

    /// Records a person's word that a register is complete for a time that is over.
    package func claim(_ claim: RegisterClaim, at now: Moment) throws {
        try checkPerson(claim.person)
        guard claim.begunAt < claim.endedAt, claim.endedAt <= now else {
            throw OperationError(
                .refused, "a register can be complete only for a time that is over",
                hint: "give --from before --to, and --to no later than now")
        }
        try ledger.append([.registerClaim(claim)], at: now)
    }

    /// Announces maintenance.
    ///
    /// - Throws: `.refused` when the plan has no rule for the service: it would be downtime all the same.
    package func announce(_ notice: MaintenanceNotice, at now: Moment) throws {
        try checkPerson(notice.person)
        guard plan.service(notice.service) != nil else {
            throw OperationError(
                .unknownName, "the plan has no service '\(notice.service)'",
                hint: Spelling.suggestion(for: notice.service, among: plan.services.map(\.id)))
        }
        guard plan.maintenance.contains(where: { $0.service == notice.service }) else {
            throw OperationError(
                .refused,
                "the plan has no maintenance window for \(notice.service), so this would be downtime",
                hint: "add one to 'maintenance' in the plan")
        }
        guard notice.begunAt < notice.endedAt else {
            throw OperationError(.refused, "the maintenance would end before it begins")
        }
        try ledger.append([.maintenanceNotice(notice)], at: now)
    }

    /// Every notice with the last word on it.
    package func notices() throws -> [MaintenanceNotice] {
        var newest: [String: MaintenanceNotice] = [:]
        for event in try ledger.events(of: [.maintenanceNotice]) {
            if case .maintenanceNotice(let notice) = event.body { newest[notice.id] = notice }
        }
        return newest.values.sorted { ($0.begunAt, $0.id) < ($1.begunAt, $1.id) }
    }

    /// Records a waiver, or what is out of scope.
    package func exempt(_ exemption: Exemption, in model: MaturityModel, at now: Moment) throws {
        try checkPerson(exemption.person)
        let names =
            exemption.kind == .waiver
            ? model.dimensions.flatMap(\.criteria).map(\.id) : model.dimensions.map(\.id)
        guard names.contains(exemption.subject) else {
            let what = exemption.kind == .waiver ? "criterion" : "dimension"
            throw OperationError(
                .unknownName, "the model has no \(what) '\(exemption.subject)'",
                hint: Spelling.suggestion(for: exemption.subject, among: names))
        }
        guard plan.person(exemption.person)?.roles.contains(exemption.role) == true else {
            throw OperationError(
                .refused, "\(exemption.person) has no role '\(exemption.role)' in the plan")
        }
        guard exemption.expiresAt > now else {
            throw OperationError(.refused, "it would end before it begins", hint: "give --until a later day")
        }
        try ledger.append([.exemption(exemption)], at: now)
    }

    private func checkPerson(_ name: String?) throws {
        guard let name, plan.person(name) == nil else { return }
        throw OperationError(
            .unknownName, "the plan has no person '\(name)'",
            hint: Spelling.suggestion(for: name, among: plan.people.map(\.id)))
    }
}
