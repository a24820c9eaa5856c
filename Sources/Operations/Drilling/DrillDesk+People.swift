// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Ledger

extension DrillRunner {
    /// An evaluator's rating before it is taken down.
    package struct Remark: Hashable, Sendable {
        package var objective: String
        package var rating: PerformanceRating
        package var text: String
        package var person: String
        /// The file of the person's private key; `nil` leaves it unsigned.
        package var key: String?

        package init(
            objective: String, rating: PerformanceRating, text: String, person: String, key: String? = nil
        ) {
            self.objective = objective
            self.rating = rating
            self.text = text
            self.person = person
            self.key = key
        }
    }

    /// Takes down what an evaluator saw in a closed run, into the ledger.
    ///
    /// - Throws: `OperationError`: `.refused` while the run goes on, for a person who did not watch, or for
    ///   a key that is not the person's; `.unknownName` for an objective that the drill did not have.
    @discardableResult
    package func observe(run: String, _ drill: PreparedDrill, _ remark: Remark) throws -> DrillObservation {
        let scenario = drill.scenario
        guard let closed = runs().first(where: { $0.run == run }), let endedAt = closed.endedAt else {
            throw OperationError(.refused, "run \(run) is not closed; rate what was seen when it is")
        }
        let objectives =
            scenario.objectives.map(\.id) + scenario.services.flatMap { DrillObservation.keys(of: $0) }
        guard objectives.contains(remark.objective) else {
            throw OperationError(
                .unknownName, "\(scenario.id) has no objective '\(remark.objective)'",
                hint: Spelling.suggestion(for: remark.objective, among: objectives)
                    ?? "it has \(objectives.joined(separator: ", "))")
        }
        let watching = scenario.roles.filter {
            scenario.after.observers.isEmpty || scenario.after.observers.contains($0.id)
        }
        guard let role = watching.first(where: { ($0.people + $0.deputies).contains(remark.person) }) else {
            throw OperationError(
                .refused, "\(remark.person) does not watch in \(scenario.id)",
                hint: "these do: \(watching.flatMap(\.people).joined(separator: ", "))")
        }
        let now = time.now()
        let late = scenario.after.observationsWithin.map { now - (endedAt + $0) } ?? .zero
        var said = DrillObservation(
            run: run, objective: remark.objective, rating: remark.rating, text: remark.text,
            person: remark.person, role: role.id, madeAt: now,
            lateSeconds: late > .zero ? late.inSeconds : nil)
        if let key = remark.key {
            said.signature = try sign(said.statement, by: remark.person, key, drill.plan)
        }
        try ledger.append([.drillObservation(said)], at: now)
        return said
    }

    /// What evaluators have said, oldest first.
    package func observations() throws -> [DrillObservation] {
        try ledger.events(of: [.drillObservation]).compactMap { event in
            if case .drillObservation(let said) = event.body { said } else { nil }
        }
    }

    /// Who has still to rate what they saw in the closed runs that are kept here, the oldest run first.
    package func owedRatings(at now: Moment) throws -> [OwedRating] {
        let said = try observations()
        return runs().flatMap { summary -> [OwedRating] in
            // A run whose copies cannot be read any more asks nobody; its report says why.
            guard let endedAt = summary.endedAt,
                let drill = try? PreparedDrill.ofRun(summary.run, runsFolder: runsFolder, toolVersion: "")
            else { return [] }
            return OwedRating.all(of: (summary.run, endedAt), drill.scenario, said: said, at: now)
        }
    }

    /// Takes down a person's word that a drill need not be held until a day.
    ///
    /// - Throws: `OperationError`: `.unknownName` when the calendar has no such scenario or the plan no such
    ///   person, `.refused` for an end in the past or a key that is not the person's.
    @discardableResult
    package func waive(
        _ scenario: String, plan: Plan, by person: String, because reason: String, until: Moment, key: String?
    ) throws -> DrillWaiver {
        guard plan.calendar.contains(where: { $0.scenario == scenario }) else {
            throw OperationError(
                .unknownName, "the plan's calendar has no drill '\(scenario)'",
                hint: Spelling.suggestion(for: scenario, among: plan.calendar.map(\.scenario)))
        }
        guard plan.person(person) != nil else {
            throw OperationError(
                .unknownName, "the plan has no person '\(person)'",
                hint: Spelling.suggestion(for: person, among: plan.people.map(\.id)))
        }
        let now = time.now()
        guard until > now else { throw OperationError(.refused, "the waiver would end before it begins") }
        let suffix = String(UInt16.random(in: 0 ... .max), radix: 16)
        var waiver = DrillWaiver(
            id: "w-\(now.compact.lowercased())-\(suffix)", scenario: scenario, person: person,
            reason: reason, madeAt: now, until: until)
        if let key { waiver.signature = try sign(waiver.statement, by: person, key, plan) }
        try ledger.append([.drillWaiver(waiver)], at: now)
        return waiver
    }

    /// Takes a waiver back; it stays in history.
    package func revokeWaiver(_ id: String) throws -> DrillWaiver {
        guard var known = try waivers().last(where: { $0.id == id }) else {
            throw OperationError(.unknownName, "there is no waiver '\(id)'")
        }
        guard known.revokedAt == nil else { throw OperationError(.refused, "'\(id)' is revoked already") }
        known.revokedAt = time.now()
        try ledger.append([.drillWaiver(known)], at: time.now())
        return known
    }

    /// Every waiver with its newest state, oldest first.
    package func waivers() throws -> [DrillWaiver] {
        var order: [String] = []
        var newest: [String: DrillWaiver] = [:]
        for event in try ledger.events(of: [.drillWaiver]) {
            guard case .drillWaiver(let waiver) = event.body else { continue }
            if newest.updateValue(waiver, forKey: waiver.id) == nil { order.append(waiver.id) }
        }
        return order.compactMap { newest[$0] }
    }

    /// Signs for a person, with a key that is the one in the plan.
    private func sign(_ statement: [UInt8], by person: String, _ path: String, _ plan: Plan) throws -> String
    {
        guard let line = plan.person(person)?.key else {
            throw OperationError(
                .refused, "the plan has no key for \(person), so a signature would prove nothing",
                hint: "put the public key into people.\(person).key")
        }
        let key = try SSHSigningKey(openSSHPrivateKey: PrivateFile.read(path))
        let armored = key.sign(statement, namespace: SignaturePurpose.approval.namespace)
        guard try SSHSignature(armored: armored).key == SSHPublicKey(parsing: line) else {
            throw OperationError(.refused, "\(path) is not the key of \(person) in the plan")
        }
        return armored
    }
}
