// SPDX-License-Identifier: Apache-2.0

/// What people say about criteria, and whether it still counts.
package struct AttestationBook: Sendable {
    /// What is to be had for one criterion.
    package enum Standing: Hashable, Sendable {
        case valid(AttestationNote)
        /// The last statement no longer counts, and why.
        case lapsed(AttestationNote, Remark)
        case none
    }

    private var byCriterion: [String: [Numbered<Attestation>]] = [:]
    private let asOf: Moment
    private let longest: Duration

    package init(_ attestations: [Numbered<Attestation>], asOf: Moment, parameters: GradeParameters) {
        self.asOf = asOf
        longest = parameters.duration("attestation_max_age")
        // A later event of the same id is the last word on it, such as its withdrawal.
        var byID: [String: Numbered<Attestation>] = [:]
        for each in attestations where each.number >= byID[each.value.id]?.number ?? 0 {
            byID[each.value.id] = each
        }
        for each in byID.values { byCriterion[each.value.criterion, default: []].append(each) }
    }

    package func standing(_ criterion: String, roles: [String]) -> Standing {
        // The newest statement is asked first; of two at one instant the one that says no.
        let all = (byCriterion[criterion] ?? []).sorted {
            let left = ($0.value.madeAt, $0.value.statement == .notMet ? 1 : 0, $0.number)
            let right = ($1.value.madeAt, $1.value.statement == .notMet ? 1 : 0, $1.number)
            return left > right
        }
        var lapsed: Standing = .none
        for each in all {
            guard let fault = fault(of: each.value, roles: roles) else { return .valid(note(each)) }
            if case .none = lapsed { lapsed = .lapsed(note(each), fault) }
        }
        return lapsed
    }

    /// When a statement lapses: at its own end, and never later than the longest age allows.
    package func end(of attestation: Attestation) -> Moment {
        min(attestation.expiresAt, attestation.madeAt + longest)
    }

    private func fault(of attestation: Attestation, roles: [String]) -> Remark? {
        if let revoked = attestation.revokedAt, revoked <= asOf {
            return Remark("it was withdrawn", "已撤回")
        }
        if attestation.madeAt > asOf { return Remark("it is not made yet", "尚未作出") }
        let end = end(of: attestation)
        if end <= asOf {
            return Remark("it lapsed on \(end.text(decimals: 0))", "已于 \(end.text(decimals: 0)) 到期")
        }
        if !Attestation.isRole(attestation.role, among: roles) {
            return Remark(
                "the role '\(attestation.role)' does not count here", "角色 '\(attestation.role)' 在此无权声明")
        }
        if attestation.evidence.isEmpty, attestation.statement == .met {
            return Remark("it names no evidence", "未附依据")
        }
        return nil
    }

    private func note(_ each: Numbered<Attestation>) -> AttestationNote {
        AttestationNote(
            id: each.value.id, event: each.number, statement: each.value.statement, person: each.value.person,
            role: each.value.role, madeAt: each.value.madeAt, expiresAt: end(of: each.value),
            evidence: each.value.evidence, isSigned: each.value.signature != nil)
    }
}

extension Attestation {
    /// Whether a role is one of those listed; `_` and `-` are read as blanks, and case does not matter.
    package static func isRole(_ role: String, among roles: [String]) -> Bool {
        func plain(_ text: String) -> String {
            text.lowercased().split { $0 == "_" || $0 == "-" || $0 == " " }.joined(separator: " ")
        }
        return roles.contains { plain($0) == plain(role) }
    }

    /// Why it cannot be recorded; empty when it can.
    ///
    /// Asks that the criterion exists and takes a person's word, that the role may speak for its table, that
    /// it names evidence, and that its end lies after it was made and within the longest age.
    package func problems(in model: MaturityModel, parameters: GradeParameters) -> [ModelError] {
        guard let (table, _, found) = model.find(criterion) else {
            let all = model.dimensions.flatMap(\.criteria).map(\.id)
            return [
                ModelError(
                    "no criterion '\(criterion)'", hint: Spelling.suggestion(for: criterion, among: all))
            ]
        }
        var problems: [ModelError] = []
        if found.kind == .descriptor {
            problems.append(ModelError("'\(criterion)' only describes a weak state; nothing is asked"))
        } else if !found.takesAttestations {
            problems.append(ModelError("'\(criterion)' is measured; nobody's word counts for it"))
        }
        if !Self.isRole(role, among: table.attestedBy) {
            problems.append(
                ModelError(
                    "the role '\(role)' cannot speak for table \(table.number)",
                    hint: "one of: \(table.attestedBy.joined(separator: ", "))"))
        }
        if evidence.isEmpty, statement == .met {
            problems.append(ModelError("it names no evidence", hint: table.evidence))
        }
        if person.isEmpty { problems.append(ModelError("it names nobody")) }
        let longest = parameters.duration("attestation_max_age")
        if expiresAt <= madeAt { problems.append(ModelError("it ends before it begins")) }
        if expiresAt - madeAt > longest {
            problems.append(ModelError("it may last \(longest.text) at most"))
        }
        return problems
    }
}
