// SPDX-License-Identifier: Apache-2.0

/// What is asked at each level, as data: tables of dimensions, their criteria, and the parameters they use.
package struct MaturityModel: Hashable, Sendable {
    package var id: String
    package var version: Int
    package var parameters: [ModelParameter]
    package var tables: [ModelTable]

    package init(id: String, version: Int, parameters: [ModelParameter], tables: [ModelTable]) {
        self.id = id
        self.version = version
        self.parameters = parameters
        self.tables = tables
    }

    /// The levels of every table.
    package static let levels = 1...5

    package var dimensions: [ModelDimension] { tables.flatMap(\.dimensions) }

    package func table(_ number: Int) -> ModelTable? { tables.first { $0.number == number } }

    package func dimension(_ id: String) -> ModelDimension? { dimensions.first { $0.id == id } }

    /// A criterion with its dimension and its table; `nil` when the model has none of that id.
    package func find(_ criterion: String) -> (table: ModelTable, dimension: ModelDimension, Criterion)? {
        for table in tables {
            for dimension in table.dimensions {
                if let found = dimension.criterion(criterion) { return (table, dimension, found) }
            }
        }
        return nil
    }

    /// The same with only the given tables; an unknown number is left out.
    package func only(tables numbers: Set<Int>) -> MaturityModel {
        var model = self
        model.tables.removeAll { !numbers.contains($0.number) }
        return model
    }
}

/// A number or word that the model uses and an organisation may change; each change is printed.
package struct ModelParameter: Hashable, Sendable {
    package var name: String
    package var value: ParameterValue
    package var textEn: String

    package init(name: String, value: ParameterValue, textEn: String) {
        self.name = name
        self.value = value
        self.textEn = textEn
    }
}

/// One table of the standard, or one of the user's own.
package struct ModelTable: Hashable, Sendable {
    package var number: Int
    package var id: String
    package var section: String
    package var nameEn: String
    package var nameZh: String
    /// The roles whose word counts here.
    package var attestedBy: [String]
    /// The same roles in Chinese, in the same order; empty where nobody wrote them.
    package var attestedByZh: [String]
    /// What usually proves it, for the person who asks.
    package var evidence: String
    /// The same in Chinese; the English text where nobody wrote it.
    package var evidenceZh: String
    package var dimensions: [ModelDimension]

    package init(
        number: Int, id: String, section: String, nameEn: String, nameZh: String, attestedBy: [String],
        attestedByZh: [String] = [], evidence: String, evidenceZh: String = "", dimensions: [ModelDimension]
    ) {
        self.number = number
        self.id = id
        self.section = section
        self.nameEn = nameEn
        self.nameZh = nameZh
        self.attestedBy = attestedBy
        self.attestedByZh = attestedByZh
        self.evidence = evidence
        self.evidenceZh = evidenceZh.isEmpty ? evidence : evidenceZh
        self.dimensions = dimensions
    }
}

extension ModelTable {
    /// Whose word counts, as a sentence names them.
    var speakersEn: String { attestedBy.joined(separator: " or ") }

    /// The same as the Chinese head of a sentence, each with the word by which the plan and `attest --role` know it.
    func speakersZh(_ verb: String) -> String {
        let names = attestedBy.enumerated().map { place, role in
            place < attestedByZh.count ? "\(attestedByZh[place])（\(role)）" : role
        }
        return names.count == 1
            ? "由\(names[0])\(verb)" : "由下列角色之一\(verb)：\(names.joined(separator: "、"))"
    }
}

/// One ladder of five levels.
package struct ModelDimension: Hashable, Sendable {
    package var id: String
    package var nameEn: String
    package var nameZh: String
    package var mode: LevelMode
    /// The highest level that descriptors alone reach.
    package var floor: Int
    /// Groups of levels that the standard words alike.
    package var alike: [[Int]]
    package var note: String?
    /// The criteria that each level states, level 1 first; repeated ones stand again.
    package var stated: [[String]]
    /// What the strict profile adds, level 1 first.
    package var strict: [[String]]
    /// Every criterion once, in the order of the levels.
    package var criteria: [Criterion]

    package init(
        id: String, nameEn: String, nameZh: String, mode: LevelMode, floor: Int, alike: [[Int]],
        note: String?, stated: [[String]], strict: [[String]], criteria: [Criterion]
    ) {
        self.id = id
        self.nameEn = nameEn
        self.nameZh = nameZh
        self.mode = mode
        self.floor = floor
        self.alike = alike
        self.note = note
        self.stated = stated
        self.strict = strict
        self.criteria = criteria
    }

    package func criterion(_ id: String) -> Criterion? { criteria.first { $0.id == id } }

    /// What a level asks under a profile, descriptors aside.
    package func required(at level: Int, profile: GradeProfile) -> [Criterion] {
        let ids = stated[level - 1] + (profile == .strict ? strict[level - 1] : [])
        return ids.compactMap(criterion).filter { $0.kind != .descriptor }
    }
}

/// One thing that is asked, or that describes a weak state.
package struct Criterion: Hashable, Sendable {
    package var id: String
    /// The level that states it first.
    package var level: Int
    package var textEn: String
    package var textZh: String
    package var kind: CriterionKind
    /// Added by this tool for the strict profile.
    package var isExtension: Bool
    /// Where the standard says that nothing is asked.
    package var isNotApplicable: Bool
    /// How it is measured; all must hold.
    package var checks: [Check]
    /// What facts can say for or against an attestation; never turns a yes into a no.
    package var corroboration: [Check]
    /// Whether an attestation may stand in while nothing is measured.
    package var isAttestable: Bool
    /// Lower criteria that count as met when this one is.
    package var supersedes: [String]
    package var note: String?

    package init(
        id: String, level: Int, textEn: String, textZh: String, kind: CriterionKind,
        isExtension: Bool = false, isNotApplicable: Bool = false, checks: [Check] = [],
        corroboration: [Check] = [], isAttestable: Bool = false, supersedes: [String] = [],
        note: String? = nil
    ) {
        self.id = id
        self.level = level
        self.textEn = textEn
        self.textZh = textZh
        self.kind = kind
        self.isExtension = isExtension
        self.isNotApplicable = isNotApplicable
        self.checks = checks
        self.corroboration = corroboration
        self.isAttestable = isAttestable
        self.supersedes = supersedes
        self.note = note
    }

    /// Whether a person's word can settle it.
    package var takesAttestations: Bool { kind == .attested || isAttestable }
}
