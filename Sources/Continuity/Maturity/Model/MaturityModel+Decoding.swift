// SPDX-License-Identifier: Apache-2.0

extension MaturityModel {
    /// Reads a model, or a user's own tables in the same form, naming everything that is wrong with it.
    ///
    /// Tables that will be added to another model, `base`, may use its parameters.
    ///
    /// - Returns: the model, or `nil` when a problem is an error; the problems in the order of the file.
    package static func decode(
        _ node: Node, addedTo base: MaturityModel? = nil
    ) -> (model: MaturityModel?, problems: [Problem]) {
        let list = ProblemList()
        let top = Fields(node, path: "", list: list)
        if let version = top.require("lifeboat_model", top.integer("lifeboat_model")), version != 1 {
            top.complain("lifeboat_model", "this program reads models of form 1, not \(version)")
        }
        var reader = ModelReader(list: list)
        let model = MaturityModel(
            id: top.requiredText("id"), version: top.integer("version") ?? 1,
            parameters: reader.parameters(top),
            tables: top.items("tables").map { reader.table(Fields($0, path: "tables", list: list)) })
        top.end()
        ModelLint(model: model, base: base, places: reader.places, list: list, node: node).check()
        let problems = list.problems.sorted {
            ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column)
        }
        return (problems.errors.isEmpty ? model : nil, problems)
    }

    /// The model with a user's own tables and parameters behind it.
    package func adding(_ other: MaturityModel) -> MaturityModel {
        MaturityModel(
            id: "\(id)+\(other.id)", version: version, parameters: parameters + other.parameters,
            tables: tables + other.tables)
    }
}

/// Reads the parts of a model and remembers where each criterion stands.
struct ModelReader {
    let list: ProblemList
    var places: [String: Place] = [:]

    init(list: ProblemList) {
        self.list = list
    }

    func parameters(_ top: Fields) -> [ModelParameter] {
        guard let fields = top.fields("parameters") else { return [] }
        return fields.entries.sorted { $0.key < $1.key }.map { entry in
            let each = Fields(entry.value, path: fields.full(entry.key), list: list)
            let value = ParameterValue(text: each.requiredText("default"))
            let parameter = ModelParameter(name: entry.key, value: value, textEn: each.requiredText("en"))
            each.end()
            return parameter
        }
    }

    mutating func table(_ fields: Fields) -> ModelTable {
        let name = names(fields)
        let number = fields.require("table", fields.integer("table")) ?? 0
        let table = ModelTable(
            number: number, id: fields.requiredText("id"), section: fields.text("section") ?? "",
            nameEn: name.en, nameZh: name.zh, attestedBy: fields.texts("attested_by"),
            attestedByZh: fields.texts("attested_by_zh"), evidence: fields.text("evidence") ?? "",
            evidenceZh: fields.text("evidence_zh") ?? "",
            dimensions: fields.items("dimensions").map {
                dimension(Fields($0, path: "tables.\(number).dimensions", list: list))
            })
        if table.attestedBy.isEmpty { fields.complain("attested_by", "names nobody whose word counts") }
        if !table.attestedByZh.isEmpty, table.attestedByZh.count != table.attestedBy.count {
            fields.complain("attested_by_zh", "names as many as 'attested_by', in the same order")
        }
        fields.end()
        return table
    }

    private func names(_ fields: Fields) -> (en: String, zh: String) {
        guard let name = fields.fields("name") else {
            fields.complain("name", "is missing")
            return ("", "")
        }
        let names = (en: name.requiredText("en"), zh: name.requiredText("zh"))
        name.end()
        return names
    }

    private mutating func dimension(_ fields: Fields) -> ModelDimension {
        let name = names(fields)
        let id = fields.requiredText("id")
        var criteria: [Criterion] = []
        let stated = levels(fields, "levels", isExtension: false, &criteria)
        let strict = levels(fields, "strict", isExtension: true, &criteria)
        let dimension = ModelDimension(
            id: id, nameEn: name.en, nameZh: name.zh,
            mode: fields.require("mode", fields.word("mode", LevelMode.self)) ?? .additive,
            floor: fields.require("floor", fields.integer("floor")) ?? 0,
            alike: fields.items("alike").map { node in
                guard case .sequence(let items) = node.value else { return [] }
                return items.compactMap { item in
                    guard case .scalar(let text, _) = item.value else { return nil }
                    return Int(text)
                }
            },
            note: fields.text("note"), stated: stated, strict: strict, criteria: criteria)
        places[id] = fields.node.place
        fields.end()
        return dimension
    }

    /// The ids that each level states; what is defined here for the first time goes into `criteria`.
    private mutating func levels(
        _ fields: Fields, _ key: String, isExtension: Bool, _ criteria: inout [Criterion]
    ) -> [[String]] {
        let levels = fields.fields(key)
        var result: [[String]] = []
        for level in MaturityModel.levels {
            var ids: [String] = []
            for node in levels?.items("\(level)") ?? [] {
                let each = Fields(node, path: "\(fields.full(key)).\(level)", list: list)
                if let old = each.text("inherits") ?? each.text("repeats") {
                    if !criteria.contains(where: { $0.id == old && $0.level < level }) {
                        each.complain("inherits", "no lower level states '\(old)'")
                    }
                    ids.append(old)
                } else {
                    let new = criterion(each, level: level, isExtension: isExtension)
                    criteria.append(new)
                    ids.append(new.id)
                }
                each.end()
            }
            result.append(ids)
        }
        if !isExtension, levels == nil { fields.complain(key, "is missing") }
        levels?.end()
        return result
    }

    private mutating func criterion(_ fields: Fields, level: Int, isExtension: Bool) -> Criterion {
        let id = fields.requiredText("id")
        if places[id] != nil { fields.complain("id", "'\(id)' stands twice") }
        places[id] = fields.node.place
        return Criterion(
            id: id, level: level, textEn: fields.requiredText("en"), textZh: fields.text("zh") ?? "",
            kind: fields.require("kind", fields.word("kind", CriterionKind.self)) ?? .attested,
            isExtension: isExtension, isNotApplicable: fields.bool("not_applicable") ?? false,
            checks: checks(fields, "check"), corroboration: checks(fields, "corroborated_by"),
            isAttestable: fields.bool("attestable") ?? false, supersedes: fields.texts("supersedes"),
            note: fields.text("note"))
    }

    private func checks(_ fields: Fields, _ key: String) -> [Check] {
        fields.items(key).compactMap { node in
            let each = Fields(node, path: fields.full(key), list: list)
            let comparison = each.require("op", each.word("op", Comparison.self))
            let bar = each.require("bar", each.scalar("bar", Self.expectedBar, Bar.init(text:)))
            let metric = each.requiredText("metric")
            let scope = each.word("scope", CheckScope.self)
            let grace = each.scalar("grace", Self.expectedBar, Bar.init(text:))
            let staleness = each.texts("staleness").compactMap(Bar.init(text:))
            let types = each.words("types", Exercise.self)
            let kind = each.text("kind")
            let pattern = each.text("pattern")
            let dedication = each.text("dedication")
            each.end()
            guard let comparison, let bar else { return nil }
            return Check(
                metric: metric, scope: scope, comparison: comparison, bar: bar, grace: grace,
                staleness: staleness, types: types, kind: kind, pattern: pattern, dedication: dedication)
        }
    }

    private static let expectedBar = "a number, a length of time or a parameter such as $day"
}
