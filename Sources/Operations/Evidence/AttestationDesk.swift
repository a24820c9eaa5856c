// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation
package import Ledger

/// Takes down what no machine can see: who says so, on what evidence, until when.
package struct AttestationDesk: Sendable {
    private let plan: Plan
    private let ledger: Ledger
    private let model: MaturityModel

    package init(plan: Plan, ledger: Ledger, model: MaturityModel = BuiltInModel.model) {
        self.plan = plan
        self.ledger = ledger
        self.model = model
    }

    /// A statement before it is taken down.
    package struct Statement: Hashable, Sendable {
        package var criterion: String
        package var scope: String
        package var statement: Attestation.Statement
        package var person: String
        package var role: String
        /// Files, whose bytes are hashed, or links; each may have a title before `=`.
        package var evidence: [String]
        package var expiresAt: Moment
        /// The person's private key, an OpenSSH ed25519 file; `nil` leaves the statement unsigned.
        package var keyPath: String?

        package init(
            criterion: String, scope: String, statement: Attestation.Statement, person: String, role: String,
            evidence: [String], expiresAt: Moment, keyPath: String?
        ) {
            self.criterion = criterion
            self.scope = scope
            self.statement = statement
            self.person = person
            self.role = role
            self.evidence = evidence
            self.expiresAt = expiresAt
            self.keyPath = keyPath
        }
    }

    /// Checks a statement and writes it into the ledger.
    ///
    /// - Returns: the attestation as it stands there, with the number of its event.
    /// - Throws: `OperationError`: `.unknownName` for a person or scope the plan does not know, `.refused`
    ///   for a role the person does not have, an end in the past, or a key that is not the person's.
    package func record(_ said: Statement, at now: Moment) throws -> (attestation: Attestation, event: Int) {
        let person = try person(said)
        try checkScope(said.scope)
        guard said.expiresAt > now else {
            throw OperationError(
                .refused, "the statement would end before it begins", hint: "give --until a later day")
        }
        var attestation = Attestation(
            id: "a-\(now.compact.lowercased())-\(String(UInt16.random(in: 0 ... .max), radix: 16))",
            criterion: said.criterion, scope: said.scope, statement: said.statement, person: person.id,
            role: said.role, evidence: try said.evidence.map(evidence), madeAt: now, expiresAt: said.expiresAt
        )
        if let problem = attestation.problems(in: model, parameters: GradeParameters(model)).first {
            throw OperationError(.refused, problem.message, hint: problem.hint)
        }
        if let path = said.keyPath {
            attestation.signature = try signature(of: attestation, by: person, path)
        }
        let events = try ledger.append([.attestation(attestation)], at: now)
        return (attestation, events.last?.sequence ?? 0)
    }

    /// Takes a statement back; it stays in history and counts no longer.
    ///
    /// - Throws: `OperationError` with `.unknownName` when there is no such statement, `.refused` when it is
    ///   taken back already.
    package func revoke(_ id: String, at now: Moment) throws -> Attestation {
        guard var known = try all().last(where: { $0.id == id }) else {
            throw OperationError(
                .unknownName, "there is no attestation '\(id)'", hint: "'lifeboat attest --list' names them")
        }
        guard known.revokedAt == nil else { throw OperationError(.refused, "'\(id)' is revoked already") }
        known.revokedAt = now
        try ledger.append([.attestation(known)], at: now)
        return known
    }

    /// The statements that end before an instant or have ended, the first to end first; what was said anew in
    /// the meantime is left out.
    package func renewals(before limit: Moment, at now: Moment) throws -> [Attestation] {
        let all = try all().filter { $0.revokedAt == nil }
        let parameters = GradeParameters(model)
        let book = AttestationBook([], asOf: now, parameters: parameters)
        return all.filter { one in
            book.end(of: one) <= limit
                && !all.contains { other in
                    other.criterion == one.criterion && other.scope == one.scope && other.madeAt > one.madeAt
                        && book.end(of: other) > limit
                }
        }.sorted { (book.end(of: $0), $0.id) < (book.end(of: $1), $1.id) }
    }

    /// Every statement with its newest state, oldest first.
    package func all() throws -> [Attestation] {
        var order: [String] = []
        var newest: [String: Attestation] = [:]
        for event in try ledger.events(of: [.attestation]) {
            guard case .attestation(let attestation) = event.body else { continue }
            if newest.updateValue(attestation, forKey: attestation.id) == nil { order.append(attestation.id) }
        }
        return order.compactMap { newest[$0] }
    }

    // MARK: - Parts

    private func person(_ said: Statement) throws -> Person {
        guard let person = plan.person(said.person) else {
            throw OperationError(
                .unknownName, "the plan has no person '\(said.person)'",
                hint: Spelling.suggestion(for: said.person, among: plan.people.map(\.id)))
        }
        guard person.roles.contains(said.role) else {
            throw OperationError(
                .refused, "\(person.id) has no role '\(said.role)' in the plan",
                hint: "it lists \(person.roles.joined(separator: ", "))")
        }
        return person
    }

    private func checkScope(_ scope: String) throws {
        guard scope != "organisation", plan.service(scope) == nil, plan.dataset(scope) == nil else { return }
        throw OperationError(
            .unknownName, "'\(scope)' is neither 'organisation' nor a service or dataset of the plan",
            hint: Spelling.suggestion(for: scope, among: plan.services.map(\.id) + plan.datasets.map(\.id)))
    }

    private func evidence(_ text: String) throws -> Attestation.Evidence {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        let isTitled = parts.count == 2 && !parts[0].contains("/")
        let location = isTitled ? parts[1] : text
        let title = isTitled ? parts[0] : location.split(separator: "/").last.map(String.init) ?? location
        if location.contains("://") {
            return Attestation.Evidence(title: title, location: location, sha256: nil)
        }
        guard let data = FileManager.default.contents(atPath: location) else {
            throw OperationError(.noSuchFile, "cannot read the evidence \(location)")
        }
        return Attestation.Evidence(
            title: title, location: location, sha256: SHA256Digest.of([UInt8](data)).hex)
    }

    /// SSHSIG over the canonical bytes of the statement without its signature.
    private func signature(of attestation: Attestation, by person: Person, _ path: String) throws -> String {
        let key = try SSHSigningKey(openSSHPrivateKey: PrivateFile.read(path))
        guard let text = person.key else {
            throw OperationError(
                .refused, "the plan has no key for \(person.id), so a signature would prove nothing",
                hint: "put the public key into people.\(person.id).key")
        }
        guard try SSHPublicKey(parsing: text) == key.publicKey else {
            throw OperationError(.refused, "\(path) is not the key that the plan names for \(person.id)")
        }
        return key.sign(
            [UInt8](try CanonicalJSON.encode(attestation)),
            namespace: SignaturePurpose.attestation.namespace)
    }
}
