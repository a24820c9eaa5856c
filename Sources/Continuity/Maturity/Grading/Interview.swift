// SPDX-License-Identifier: Apache-2.0

/// What a person should be asked next: what is unknown and a word can settle, most valuable first.
///
/// Value is what a yes would lift by itself: levels of its dimension at once, then how near the next level
/// comes. It is reckoned anew after each answer.
package struct Interview: Sendable {
    package struct Question: Hashable, Sendable {
        package var criterion: Criterion
        package var table: ModelTable
        package var dimension: ModelDimension
        /// The confirmed level now, and with a yes to this alone.
        package var confirmed: Int
        package var withYes: Int
        /// What the next level lacks beside this; 0 when a yes is all it takes.
        package var others: Int
    }

    private let tables: [ModelTable]
    private let profile: GradeProfile
    private var states: [String: CriterionState]
    private var asked: Set<String> = []

    /// Begins with the grade as it stands; only its tables are asked about.
    package init(_ grade: GradeReport, model: MaturityModel) {
        tables = model.tables.filter { grade.table($0.number) != nil }
        profile = grade.profile
        let results = grade.tables.flatMap(\.dimensions).filter { $0.outOfScope == nil }.flatMap(\.criteria)
        states = Dictionary(results.filter { $0.kind != .descriptor }.map { ($0.id, $0.state) }) { first, _ in
            first
        }
    }

    /// Takes down an answer: met, not met, or `nil` for one who does not know.
    package mutating func answer(_ criterion: String, _ state: CriterionState?) {
        asked.insert(criterion)
        if let state { states[criterion] = state }
    }

    /// The open questions that one of the given roles may answer, most valuable first; `nil` = any role.
    ///
    /// What a person did not know the last time comes after all others.
    package func questions(for roles: [String]?, later: Set<String> = []) -> [Question] {
        var open: [Question] = []
        for table in tables {
            if let roles, !roles.contains(where: { Attestation.isRole($0, among: table.attestedBy) }) {
                continue
            }
            for dimension in table.dimensions { open += questions(dimension, table) }
        }
        return open.enumerated().sorted { left, right in
            let (one, other) = (left.element, right.element)
            let isLater = (later.contains(one.criterion.id), later.contains(other.criterion.id))
            if isLater.0 != isLater.1 { return isLater.1 }
            let gain = (one.withYes - one.confirmed, other.withYes - other.confirmed)
            if gain.0 != gain.1 { return gain.0 > gain.1 }
            if one.others != other.others { return one.others < other.others }
            if one.criterion.level != other.criterion.level {
                return one.criterion.level < other.criterion.level
            }
            return left.offset < right.offset
        }.map(\.element)
    }

    private func questions(_ dimension: ModelDimension, _ table: ModelTable) -> [Question] {
        let logic = LevelLogic(dimension, profile: profile)
        let known = states
        let confirmed = logic.outcome(known).confirmed
        let blockers = Set(logic.blockers(of: confirmed + 1, known))
        return dimension.criteria.compactMap { criterion in
            guard criterion.takesAttestations, known[criterion.id] == .unknown, !asked.contains(criterion.id),
                logic.effective(criterion.id, known).state == .unknown
            else { return nil }
            var hoped = known
            hoped[criterion.id] = .met
            return Question(
                criterion: criterion, table: table, dimension: dimension, confirmed: confirmed,
                withYes: logic.outcome(hoped).confirmed,
                others: blockers.contains(criterion.id)
                    ? blockers.count - 1 : blockers.count + criterion.level)
        }
    }

    /// The roles whose word would settle what is still open.
    package var rolesAsked: [String] {
        var seen: Set<String> = []
        return questions(for: nil).flatMap(\.table.attestedBy).filter { seen.insert($0).inserted }
    }
}
