// SPDX-License-Identifier: Apache-2.0

/// Proves that a model can be graded by: every name resolves, every bound is ordered, nothing is left open.
struct ModelLint {
    let model: MaturityModel
    let base: MaturityModel?
    let places: [String: Place]
    let list: ProblemList
    let node: Node

    func check() {
        nullKeys(node, path: "")
        let parameters = (base?.parameters ?? []) + model.parameters
        let names = parameters.map(\.name)
        for name in Set(names) where names.filter({ $0 == name }).count > 1 {
            complain(name, "parameter '\(name)' stands twice")
        }
        unique((base?.tables ?? []) + model.tables, "table", \.number)
        unique((base?.dimensions ?? []) + model.dimensions, "dimension", \.id)
        unique(
            (base?.dimensions ?? []).flatMap(\.criteria) + model.dimensions.flatMap(\.criteria), "criterion",
            \.id)
        for dimension in model.dimensions {
            check(dimension)
            for criterion in dimension.criteria { check(criterion, of: dimension, parameters: names) }
        }
    }

    private func complain(_ id: String, _ message: String, hint: String? = nil) {
        list.add(Problem(at: places[id] ?? node.place, key: id, message, hint: hint))
    }

    private func unique<Value, Key: Hashable>(_ values: [Value], _ what: String, _ key: (Value) -> Key) {
        var seen: Set<Key> = []
        for value in values where !seen.insert(key(value)).inserted {
            complain("\(key(value))", "\(what) '\(key(value))' stands twice")
        }
    }

    private func nullKeys(_ node: Node, path: String) {
        switch node.value {
        case .scalar: return
        case .sequence(let items): items.forEach { nullKeys($0, path: path) }
        case .mapping(let entries):
            for entry in entries {
                let full = path.isEmpty ? entry.key : "\(path).\(entry.key)"
                if entry.value.isNull { list.add(Problem(at: entry.place, key: full, "says nothing")) }
                nullKeys(entry.value, path: full)
            }
        }
    }

    // MARK: - Dimensions

    private func check(_ dimension: ModelDimension) {
        for level in MaturityModel.levels where dimension.stated[level - 1].isEmpty {
            complain(dimension.id, "level \(level) states nothing")
        }
        let floor =
            MaturityModel.levels.prefix { dimension.required(at: $0, profile: .literal).isEmpty }.last ?? 0
        if floor != dimension.floor {
            complain(dimension.id, "descriptors alone reach level \(floor), not \(dimension.floor)")
        }
        for group in dimension.alike {
            let isRun = group.count > 1 && zip(group, group.dropFirst()).allSatisfy { $1 == $0 + 1 }
            if !isRun || !group.allSatisfy(MaturityModel.levels.contains) {
                complain(dimension.id, "alike levels are neighbours, such as [4, 5]")
            }
        }
        if hasLoop(dimension) { complain(dimension.id, "criteria supersede each other in a circle") }
        ordered(dimension)
    }

    private func hasLoop(_ dimension: ModelDimension) -> Bool {
        var done: Set<String> = []
        func visit(_ id: String, _ above: Set<String>) -> Bool {
            if above.contains(id) { return true }
            guard done.insert(id).inserted, let criterion = dimension.criterion(id) else { return false }
            return criterion.supersedes.contains { visit($0, above.union([id])) }
        }
        return dimension.criteria.contains { visit($0.id, []) }
    }

    /// What supersedes must not be easier than what it supersedes, where both measure the same.
    private func ordered(_ dimension: ModelDimension) {
        let parameters = GradeParameters(base.map { $0.adding(model) } ?? model)
        for criterion in dimension.criteria {
            for lower in criterion.supersedes.compactMap(dimension.criterion) {
                for (hard, easy) in zip(criterion.checks, lower.checks) where hard.isLike(easy) {
                    let harder = parameters.value(of: hard.bar)
                    let easier = parameters.value(of: easy.bar)
                    let isOrdered = hard.comparison.wantsMore ? harder >= easier : harder <= easier
                    if !isOrdered {
                        complain(criterion.id, "supersedes '\(lower.id)' with a bar that is easier")
                    }
                }
            }
        }
    }

    // MARK: - Criteria

    private func check(_ criterion: Criterion, of dimension: ModelDimension, parameters: [String]) {
        for lower in criterion.supersedes {
            guard let found = dimension.criterion(lower) else {
                let hint = Spelling.suggestion(for: lower, among: dimension.criteria.map(\.id))
                complain(
                    criterion.id, "supersedes '\(lower)', which this dimension does not have", hint: hint)
                continue
            }
            if found.level > criterion.level {
                complain(criterion.id, "supersedes '\(lower)' of a higher level")
            }
            if found.kind == .descriptor {
                complain(criterion.id, "supersedes '\(lower)', which is never required")
            }
        }
        if criterion.textZh.isEmpty {
            list.add(
                // A user's own tables may be in one language; the shipped ones are in both.
                Problem(
                    base == nil ? .error : .warning, at: places[criterion.id] ?? node.place,
                    key: criterion.id, "has no text 'zh'"))
        }
        if criterion.kind == .measured, criterion.checks.isEmpty {
            complain(criterion.id, "is measured and has no check")
        }
        if criterion.kind != .measured, !criterion.checks.isEmpty {
            complain(criterion.id, "has a check and is not measured", hint: "name it 'corroborated_by'")
        }
        for check in criterion.checks + criterion.corroboration {
            resolve(check, of: criterion, parameters: parameters)
        }
    }

    private func resolve(_ check: Check, of criterion: Criterion, parameters: [String]) {
        guard let metric = MetricRegistry.metric(check.metric) else {
            let hint = Spelling.suggestion(for: check.metric, among: MetricRegistry.names)
            complain(criterion.id, "no metric '\(check.metric)'", hint: hint)
            return
        }
        for name in check.parameters where !parameters.contains(name) {
            let hint = Spelling.suggestion(for: name, among: parameters)
            complain(criterion.id, "no parameter '\(name)'", hint: hint)
        }
        if metric.needsScope != (check.scope != nil) {
            complain(
                criterion.id,
                metric.needsScope ? "'\(check.metric)' needs a scope" : "'\(check.metric)' has no scope")
        }
        if case .duration = check.bar, metric.unit != .seconds {
            complain(criterion.id, "'\(check.metric)' is no length of time")
        }
        if case .number = check.bar, metric.unit == .seconds {
            complain(criterion.id, "'\(check.metric)' is a length of time and needs a unit")
        }
    }
}

extension Check {
    /// Whether two checks measure the same of the same, only against another bar.
    fileprivate func isLike(_ other: Check) -> Bool {
        metric == other.metric && scope == other.scope && types == other.types && kind == other.kind
            && comparison.wantsMore == other.comparison.wantsMore
    }
}
