// SPDX-License-Identifier: Apache-2.0

/// What is different between two grades: of two dates, or of what is and what might be.
package struct GradeDifference: Hashable, Sendable, Codable {
    package var before: Moment
    package var after: Moment
    /// Only what differs, in the order of the tables.
    package var dimensions: [DimensionChange]

    package struct DimensionChange: Hashable, Sendable, Codable {
        package var table: Int
        package var dimension: String
        package var nameEn: String
        package var nameZh: String
        package var confirmedBefore: Int
        package var confirmedAfter: Int
        package var possibleBefore: Int
        package var possibleAfter: Int
        package var verdictBefore: String
        package var verdictAfter: String
        package var verdictBeforeZh: String?
        package var verdictAfterZh: String?
        package var criteria: [CriterionChange]
    }

    package struct CriterionChange: Hashable, Sendable, Codable {
        package var criterion: String
        package var textEn: String
        package var before: String
        package var after: String
        package var beforeZh: String?
        package var afterZh: String?
        /// Better, worse, or neither: what became known and does not help is `worse`.
        package var direction: Direction
    }

    package enum Direction: String, Hashable, Sendable, Codable {
        case better, worse, same
    }

    /// Compares what stands in both.
    package init(from before: GradeReport, to after: GradeReport) {
        self.before = before.asOf
        self.after = after.asOf
        dimensions = after.tables.flatMap { table in
            table.dimensions.compactMap { new in
                before.dimension(new.id).flatMap { Self.change(from: $0, to: new, in: table.table) }
            }
        }
    }

    private static func change(
        from old: DimensionGrade, to new: DimensionGrade, in table: Int
    ) -> DimensionChange? {
        let criteria = new.criteria.compactMap { result -> CriterionChange? in
            guard let was = old.criterion(result.id), result.kind != .descriptor,
                was.state != result.state || was.basis != result.basis
            else { return nil }
            return CriterionChange(
                criterion: result.id, textEn: result.textEn, before: was.wordsEn, after: result.wordsEn,
                beforeZh: was.wordsZh, afterZh: result.wordsZh,
                direction: direction(was.state, result.state))
        }
        let isSame =
            old.confirmed == new.confirmed && old.possible == new.possible && old.outOfScope == new.outOfScope
        if isSame, criteria.isEmpty { return nil }
        return DimensionChange(
            table: table, dimension: new.id, nameEn: new.nameEn, nameZh: new.nameZh,
            confirmedBefore: old.confirmed, confirmedAfter: new.confirmed, possibleBefore: old.possible,
            possibleAfter: new.possible, verdictBefore: old.verdictEn, verdictAfter: new.verdictEn,
            verdictBeforeZh: old.verdictZh, verdictAfterZh: new.verdictZh,
            criteria: criteria)
    }

    private static func direction(_ old: CriterionState, _ new: CriterionState) -> Direction {
        let rank: (CriterionState) -> Int = { state in
            switch state {
            case .met: 3
            case .waived: 2
            case .unknown: 1
            case .notMet: 0
            }
        }
        return rank(new) == rank(old) ? .same : rank(new) > rank(old) ? .better : .worse
    }
}
