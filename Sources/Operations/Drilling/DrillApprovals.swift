// SPDX-License-Identifier: Apache-2.0
import Archiving
package import Continuity
import Foundation

/// The approvals of resolved drills: each binds one person, one role and one hash until an hour.
///
/// An approval of another scenario, plan, script, answers file, mode or program version does not count,
/// because the hash is another.
package struct DrillApprovals: Sendable {
    package let folder: String

    /// - Parameter folder: such as `.lifeboat/approvals`; made when it is missing.
    package init(folder: String) {
        self.folder = folder
    }

    package struct Approval: Hashable, Sendable, Codable {
        package var sha256: String
        package var person: String
        package var role: String
        package var madeAt: Moment
        package var expiresAt: Moment
        /// SSHSIG over ``statement``; `nil` counts only in mode sandbox and is printed as unauthenticated.
        package var signature: String?

        var statement: [UInt8] {
            let lines = ["lifeboat-drill-approval", sha256, person, role, "\(madeAt)", "\(expiresAt)"]
            return Array(lines.map { $0 + "\n" }.joined().utf8)
        }
    }

    /// Approves a resolved drill.
    ///
    /// `key`: the file of the person's private key; `nil` for an unauthenticated approval.
    /// Throws `OperationError` when the person does not hold the role, or live without a key.
    @discardableResult
    package func approve(
        _ drill: PreparedDrill, as person: String, role: String, key: String?, at now: Moment
    ) throws -> Approval {
        let scenario = drill.scenario
        guard scenario.role(role)?.people.contains(person) == true else {
            throw OperationError(
                .refused, "\(person) does not hold the role \(role) in \(scenario.id)")
        }
        guard key != nil || scenario.mode != .live else {
            throw OperationError(
                .refused, "a live drill is approved with a signature", hint: "--key FILE")
        }
        let valid = scenario.safety.approvals?.valid ?? .days(7)
        var approval = Approval(
            sha256: drill.sha256, person: person, role: role, madeAt: now, expiresAt: now + valid)
        if let key {
            let signer = try SSHSigningKey(openSSHPrivateKey: PrivateFile.read(key))
            approval.signature = signer.sign(
                approval.statement, namespace: SignaturePurpose.approval.namespace)
        }
        try Workspace.makeFolder(folder, mode: 0o700)
        let path = "\(folder)/\(drill.sha256.prefix(32))-\(person)-\(role).json"
        try PrivateFile.replace(
            path, String(decoding: try CanonicalJSON.encode(approval), as: UTF8.self), mode: 0o600)
        return approval
    }

    /// The approvals of one hash that can be read.
    package func approvals(of sha256: String) -> [Approval] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(sha256.prefix(32) + "-") }.sorted().compactMap { name in
            guard let data = FileManager.default.contents(atPath: "\(folder)/\(name)") else { return nil }
            // What cannot be read approves nothing.
            return try? CanonicalJSON.decode(Approval.self, from: data)
        }
    }

    /// Whether enough different people have approved exactly this drill, and why the others do not count.
    package func check(_ rule: ApprovalRule, _ drill: PreparedDrill, _ now: Moment) -> DrillFact.GuardResult {
        var people: Set<String> = []
        var words: [String] = []
        for approval in approvals(of: drill.sha256) {
            if let objection = objection(to: approval, rule, drill, now) {
                words.append("\(approval.person): \(objection)")
            } else if people.insert(approval.person).inserted {
                words.append(
                    "\(approval.person) as \(approval.role)"
                        + (approval.signature == nil ? " (unauthenticated)" : ""))
            }
        }
        let text =
            words.isEmpty ? "nobody has approved \(drill.sha256.prefix(16))" : words.joined(separator: "; ")
        return DrillFact.GuardResult(
            name: "approvals", host: nil, passed: people.count >= rule.need,
            detail: "\(people.count) of \(rule.need): \(text)")
    }

    private func objection(
        to approval: Approval, _ rule: ApprovalRule, _ drill: PreparedDrill, _ now: Moment
    ) -> String? {
        guard approval.sha256 == drill.sha256 else { return "of another drill" }
        guard rule.from.contains(approval.role) else { return "the role \(approval.role) does not count" }
        guard drill.scenario.role(approval.role)?.people.contains(approval.person) == true else {
            return "does not hold the role \(approval.role)"
        }
        if rule.excludesAuthor, approval.person == drill.scenario.author { return "wrote the scenario" }
        guard approval.madeAt <= now, now < approval.expiresAt,
            approval.expiresAt <= approval.madeAt + rule.valid
        else { return "no longer valid" }
        guard let armored = approval.signature else {
            return drill.scenario.mode == .live ? "is not signed" : nil
        }
        guard let line = drill.plan.person(approval.person)?.key else { return "the plan has no key" }
        do {
            let signature = try SSHSignature(armored: armored)
            guard try signature.key == SSHPublicKey(parsing: line) else { return "signed with another key" }
            try signature.check(approval.statement, namespace: SignaturePurpose.approval.namespace)
            return nil
        } catch {
            return "the signature does not hold: \(error)"
        }
    }
}
