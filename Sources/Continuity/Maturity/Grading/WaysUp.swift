// SPDX-License-Identifier: Apache-2.0

/// The cheapest way from the confirmed level of a dimension to the next one.
package struct WayUp: Hashable, Sendable, Codable {
    package var table: Int
    package var dimension: String
    package var nameEn: String
    package var nameZh: String
    package var from: Int
    /// What would be confirmed when every step is done; more than one level, where levels build on the same.
    package var to: Int
    package var steps: [Step]
    /// The sum of what the steps cost, in no unit: it only puts ways in an order.
    package var cost: Int
    /// Whether the dimension is the lowest of its table, so that the table rises with it.
    package var isLowest: Bool

    package struct Step: Hashable, Sendable, Codable {
        package var criterion: String
        package var textEn: String
        package var textZh: String
        package var state: CriterionState
        package var effort: Effort
        /// What would settle or repair it.
        package var settledBy: String?
        package var settledByZh: String?
    }

    /// What a step takes, the cheapest first.
    package enum Effort: String, Hashable, Sendable, Codable, CaseIterable {
        /// Somebody says so, with evidence.
        case attest
        /// The plan says it.
        case plan
        /// It is entered, or read in from where it is kept.
        case record
        /// Probes run for a while.
        case probe
        /// A drill is held.
        case drill
        /// What is done has to change.
        case repair

        package var cost: Int {
            switch self {
            case .attest: 1
            case .plan: 1
            case .record: 2
            case .probe: 3
            case .drill: 5
            case .repair: 8
            }
        }
    }
}

/// Finds the cheapest ways up.
package enum WaysUp {
    /// One way for each dimension in scope that is not at level 5: those of the lowest dimensions first, then
    /// the cheapest.
    package static func ways(in report: GradeReport, model: MaturityModel) -> [WayUp] {
        report.tables.flatMap { table in
            let inScope = table.dimensions.filter { $0.outOfScope == nil }
            let lowest = inScope.map(\.confirmed).min()
            return inScope.compactMap { grade in
                model.dimension(grade.id).flatMap { dimension in
                    DimensionClimb(dimension: dimension, grade: grade, profile: report.profile)
                        .way(in: table.table, isLowest: grade.confirmed == lowest)
                }
            }
        }.sorted {
            ($0.isLowest ? 0 : 1, $0.cost, $0.table, $0.dimension)
                < ($1.isLowest ? 0 : 1, $1.cost, $1.table, $1.dimension)
        }
    }
}

/// The way up of one dimension.
private struct DimensionClimb {
    let dimension: ModelDimension
    let grade: DimensionGrade
    let profile: GradeProfile

    func way(in table: Int, isLowest: Bool) -> WayUp? {
        let next = grade.confirmed + 1
        guard MaturityModel.levels.contains(next) else { return nil }
        // Where a level restates the whole, any higher one will do as well.
        let goals = dimension.mode == .restating ? Array(next...5) : [next]
        let best = goals.map(steps).min { cost($0) < cost($1) } ?? []
        var states = Dictionary(grade.criteria.map { ($0.id, $0.state) }) { first, _ in first }
        for step in best { states[step.criterion] = .met }
        let to = LevelLogic(dimension, profile: profile).outcome(states).confirmed
        guard !best.isEmpty, to > grade.confirmed else { return nil }
        return WayUp(
            table: table, dimension: dimension.id, nameEn: dimension.nameEn, nameZh: dimension.nameZh,
            from: grade.confirmed, to: to, steps: best, cost: cost(best), isLowest: isLowest)
    }

    private func cost(_ steps: [WayUp.Step]) -> Int { steps.map(\.effort.cost).reduce(0, +) }

    /// For each criterion of a level that is not met, the cheaper of it and of those that stand in for it.
    private func steps(to level: Int) -> [WayUp.Step] {
        var taken: [WayUp.Step] = []
        for criterion in dimension.required(at: level, profile: profile) {
            guard let result = grade.criterion(criterion.id), result.effective != .met,
                !taken.contains(where: { covers($0.criterion, criterion.id) })
            else { continue }
            let candidates = dimension.criteria.filter {
                $0.id == criterion.id || covers($0.id, criterion.id)
            }
            .filter { profile == .strict || !$0.isExtension }.compactMap(step)
            if let best = candidates.min(by: { $0.effort.cost < $1.effort.cost }) { taken.append(best) }
        }
        return taken
    }

    private func covers(_ upper: String, _ lower: String) -> Bool {
        guard let criterion = dimension.criterion(upper) else { return false }
        return criterion.supersedes.contains { $0 == lower || covers($0, lower) }
    }

    private func step(_ criterion: Criterion) -> WayUp.Step? {
        guard let result = grade.criterion(criterion.id), criterion.kind != .descriptor else { return nil }
        return WayUp.Step(
            criterion: criterion.id, textEn: criterion.textEn, textZh: criterion.textZh, state: result.state,
            effort: effort(criterion, result), settledBy: result.settledBy,
            settledByZh: result.settledByZh)
    }

    private func effort(_ criterion: Criterion, _ result: CriterionResult) -> WayUp.Effort {
        if result.state == .notMet || result.state == .waived { return .repair }
        if criterion.takesAttestations { return .attest }
        let facts = Set(criterion.checks.compactMap { MetricRegistry.metric($0.metric) }.flatMap(\.facts))
        if facts.contains(.drills) { return .drill }
        if facts.contains(.probeSamples) { return .probe }
        if !facts.isDisjoint(with: [.backupRuns, .copies]) { return .record }
        let kept: Set<Fact> = [.incidents, .changes, .pipelineRuns, .alerts, .registerEntries]
        return facts.isDisjoint(with: kept) ? .plan : .record
    }
}
