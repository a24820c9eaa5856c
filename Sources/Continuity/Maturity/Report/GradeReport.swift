// SPDX-License-Identifier: Apache-2.0

/// Whether levels worded alike are granted together, or told apart by this tool's additions.
package enum GradeProfile: String, Hashable, Sendable, Codable, CaseIterable {
    case literal
    case strict
}

/// The grade of an organisation at one instant: table by table, never one number.
package struct GradeReport: Hashable, Sendable, Codable {
    package var model: String
    /// SHA-256 of the model's canonical bytes as the caller computed it, in hex; empty when nobody did.
    package var modelSha256: String
    package var profile: GradeProfile
    package var windowBegunAt: Moment
    package var asOf: Moment
    /// Since when the ledger has been watching; `nil` when it is empty.
    package var watchedSince: Moment?
    /// Every parameter that differs from the model's default.
    package var changedParameters: [ChangedParameter]
    package var tables: [TableGrade]

    package init(
        model: String, modelSha256: String, profile: GradeProfile, windowBegunAt: Moment, asOf: Moment,
        watchedSince: Moment?, changedParameters: [ChangedParameter], tables: [TableGrade]
    ) {
        self.model = model
        self.modelSha256 = modelSha256
        self.profile = profile
        self.windowBegunAt = windowBegunAt
        self.asOf = asOf
        self.watchedSince = watchedSince
        self.changedParameters = changedParameters
        self.tables = tables
    }

    package func table(_ number: Int) -> TableGrade? { tables.first { $0.table == number } }

    package func dimension(_ id: String) -> DimensionGrade? {
        for table in tables {
            if let dimension = table.dimensions.first(where: { $0.id == id }) { return dimension }
        }
        return nil
    }
}

/// A parameter that is not what the model proposes.
package struct ChangedParameter: Hashable, Sendable, Codable {
    package var name: String
    package var value: String
    package var defaultValue: String

    package init(name: String, value: String, defaultValue: String) {
        self.name = name
        self.value = value
        self.defaultValue = defaultValue
    }
}

/// One table: the profile of its dimensions, and the weakest of them.
package struct TableGrade: Hashable, Sendable, Codable {
    /// The number of its caption.
    package var table: Int
    package var id: String
    package var section: String
    package var nameEn: String
    package var nameZh: String
    /// The lowest confirmed level among the dimensions; `nil` when more than a third are out of scope.
    package var confirmed: Int?
    package var possible: Int?
    package var confirmedWithWaivers: Int?
    package var dimensions: [DimensionGrade]

    package init(
        table: Int, id: String, section: String, nameEn: String, nameZh: String, confirmed: Int?,
        possible: Int?, confirmedWithWaivers: Int?, dimensions: [DimensionGrade]
    ) {
        self.table = table
        self.id = id
        self.section = section
        self.nameEn = nameEn
        self.nameZh = nameZh
        self.confirmed = confirmed
        self.possible = possible
        self.confirmedWithWaivers = confirmedWithWaivers
        self.dimensions = dimensions
    }
}

/// One dimension, from what is confirmed to what is possible.
package struct DimensionGrade: Hashable, Sendable, Codable {
    package var id: String
    package var nameEn: String
    package var nameZh: String
    package var mode: LevelMode
    /// The highest level proven; 0 is below level 1.
    package var confirmed: Int
    /// The highest level that nothing speaks against.
    package var possible: Int
    package var confirmedWithWaivers: Int
    /// The highest level that weak-state descriptions alone reach.
    package var floor: Int
    /// Whether any criterion is decided by evidence; without, print `no evidence (floor n)`, never a level.
    package var hasEvidence: Bool
    /// The levels that the standard words alike and `confirmed` is one of; empty when it stands alone.
    package var alike: [Int]
    /// The result in words, such as `level 2 confirmed, up to 4 possible`; never a bare number.
    package var verdictEn: String
    package var verdictZh: String
    /// Why the dimension is left out of the table's minimum; `nil` when it is in scope.
    package var outOfScope: String?
    /// Levels 1 to 5.
    package var levels: [LevelGrade]
    /// Every criterion once, by the level that states it first.
    package var criteria: [CriterionResult]
    /// The criteria that keep the next level from holding: those not met first, then those unknown.
    package var blockers: [String]

    package init(
        id: String, nameEn: String, nameZh: String, mode: LevelMode, confirmed: Int, possible: Int,
        confirmedWithWaivers: Int, floor: Int, hasEvidence: Bool, alike: [Int], verdictEn: String,
        verdictZh: String, outOfScope: String?, levels: [LevelGrade], criteria: [CriterionResult],
        blockers: [String]
    ) {
        self.id = id
        self.nameEn = nameEn
        self.nameZh = nameZh
        self.mode = mode
        self.confirmed = confirmed
        self.possible = possible
        self.confirmedWithWaivers = confirmedWithWaivers
        self.floor = floor
        self.hasEvidence = hasEvidence
        self.alike = alike
        self.verdictEn = verdictEn
        self.verdictZh = verdictZh
        self.outOfScope = outOfScope
        self.levels = levels
        self.criteria = criteria
        self.blockers = blockers
    }

    package func criterion(_ id: String) -> CriterionResult? { criteria.first { $0.id == id } }
}

/// How the levels of a dimension build on each other.
package enum LevelMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// What a lower level asks stays required.
    case additive
    /// Each level describes the whole state, so a higher one also meets the lower.
    case restating
}

/// Whether one level of a dimension holds, and what it asks.
package struct LevelGrade: Hashable, Sendable, Codable {
    package var level: Int
    package var state: CriterionState
    /// Every criterion that the level states, those repeated from lower levels too.
    package var criteria: [String]

    package init(level: Int, state: CriterionState, criteria: [String]) {
        self.level = level
        self.state = state
        self.criteria = criteria
    }
}
