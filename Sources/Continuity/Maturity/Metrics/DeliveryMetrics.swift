// SPDX-License-Identifier: Apache-2.0

extension MetricRegistry {
    private static func changeShare(
        _ name: String, _ meaning: String, best: Double = 1,
        of population: @escaping @Sendable (Change) -> Bool = { _ in true },
        where holds: @escaping @Sendable (Change) -> Bool
    ) -> Metric {
        Metric(name, .ratio, from: [.changes], meaning) { query in
            [query.changes().share(best: best, of: population, where: holds)]
        }
    }

    /// Tables 8 and 9: changes.
    static let changes: [Metric] = {
        var all: [Metric] = []
        all.append(
            changeShare("change_first_fail_rate", "changes that failed at the first attempt", best: 0) {
                $0.hasFailedFirst
            })
        all.append(
            changeShare(
                "rollback_fail_rate", "rollbacks that failed", best: 0, of: { $0.rollback != .none },
                where: { $0.rollback == .failed }))
        all.append(
            changeShare("change_in_window_share", "changes made inside an approved window") { change in
                guard let from = change.windowBegunAt, let to = change.windowEndedAt else { return false }
                return change.implementedAt >= from && change.implementedAt <= to
            })
        all.append(
            changeShare("change_automated_share", "changes made by automation") { $0.isAutomated == true })
        all.append(
            changeShare("change_unattended_share", "changes made by automation with nobody attending") {
                $0.isAutomated == true && $0.isAttended == false
            })
        all.append(
            changeShare("change_approved_before_share", "changes approved before they were made") { change in
                change.approvedAt.map { $0 <= change.implementedAt } ?? false
            })
        all.append(
            changeShare(
                "auto_rollback_share", "failed changes rolled back automatically without user impact",
                of: \.hasFailedFirst
            ) { $0.rollback == .succeeded && $0.isRollbackAutomatic == true && $0.userImpactSeconds == 0 })
        all.append(
            Metric(
                "rollout_modes", .count("modes"), from: [.changes],
                "different modes of rollout among automated changes"
            ) { query in
                let measured = query.changes()
                let modes = Set(
                    measured.all.filter { $0.value.isAutomated == true }.compactMap(\.value.rolloutMode))
                return [
                    Reading(
                        "changes", from: Double(modes.count),
                        to: measured.isComplete ? Double(modes.count) : .infinity,
                        detail: .names(modes.sorted()),
                        settledBy: measured.settledBy,
                        hasNoSource: measured.all.isEmpty && !measured.isComplete,
                        population: measured.all.count, evidence: measured.all.map(\.number))
                ]
            })
        return all
    }()

    /// Tables 13, 15 and 23: builds, deployments and the platform.
    static let pipelines: [Metric] = {
        var all: [Metric] = []
        all.append(
            Metric(
                "mttr_ci", .seconds, from: [.pipelineRuns],
                "mean time from a red build of a main branch to the next green one"
            ) { query in [RepairMeasurement(query).pipelines(.build, enough: "min_ci_runs")] })
        all.append(
            Metric(
                "mttr_cd", .seconds, from: [.pipelineRuns],
                "mean time from a failed deployment to the next good one or finished rollback"
            ) { query in [RepairMeasurement(query).pipelines(.deployment, enough: "min_cd_runs")] })
        all.append(
            Metric(
                "mttr_platform", .seconds, from: [.incidents, .services],
                "mean time to restore services of kind devops_platform"
            ) { query in [RepairMeasurement(query).platform()] })
        all.append(
            Metric(
                "delivery_lead_time", .seconds, from: [.pipelineRuns],
                "median time from commit or request to running in production"
            ) { query in [RepairMeasurement(query).leadTime()] })
        all.append(
            Metric("ci_run_count", .count("runs"), from: [.pipelineRuns], "builds in the window") { query in
                [RepairMeasurement(query).count(.build)]
            })
        all.append(
            Metric("cd_run_count", .count("runs"), from: [.pipelineRuns], "deployments in the window") {
                query in
                [RepairMeasurement(query).count(.deployment)]
            })
        return all
    }()
}

/// Times to repair, from pipelines and incidents.
struct RepairMeasurement {
    private let query: MetricQuery

    init(_ query: MetricQuery) {
        self.query = query
    }

    /// Outside a grade, over a window of any length.
    init(_ facts: GradeFacts, begin: Moment) {
        query = MetricQuery(
            facts: facts, check: Check(metric: "", comparison: .atMost, bar: .number(0)),
            parameters: GradeParameters(BuiltInModel.model), from: begin)
    }

    /// Runs of a main branch, or into production, in the window.
    func population(_ kind: PipelineRun.Kind) -> Int {
        runs(kind).count { query.within($0.value.endedAt) && $0.value.isMain }
    }

    func platformMeasure() -> RepairMeasure {
        let services = Set(query.facts.plan.services.filter { $0.kind == .devopsPlatform }.map(\.id))
        let all = query.incidents { services.contains($0.service ?? "") }.all
        let open = all.filter { $0.value.restoredAt == nil }.map { query.end - $0.value.begunAt }
        return RepairMeasure(
            kind: .platform, population: all.count,
            timeToRepair: Spread(all.compactMap(\.value.outage), open: open), events: all.map(\.number))
    }

    private func runs(_ kind: PipelineRun.Kind) -> [Numbered<PipelineRun>] {
        query.facts.pipelineRuns.filter { $0.value.kind == kind && $0.value.endedAt <= query.end }
    }

    private func isComplete(_ kind: PipelineRun.Kind) -> Bool {
        query.facts.isComplete(kind == .build ? .builds : .deployments, from: query.begin, to: query.end)
    }

    private let settledBy = "pipeline runs imported with the time they cover"

    func count(_ kind: PipelineRun.Kind) -> Reading {
        let some = runs(kind).filter { query.within($0.value.endedAt) }
        return Reading(
            "runs", from: Double(some.count), to: isComplete(kind) ? Double(some.count) : .infinity,
            detail: .pipelines(.onRecord(some.count)), settledBy: settledBy,
            hasNoSource: some.isEmpty && !isComplete(kind), population: some.count,
            evidence: some.suffix(50).map(\.number))
    }

    /// The failures of each pipeline, from the end of the first red run to the end of the next green one.
    func episodes(_ kind: PipelineRun.Kind) -> (closed: [Duration], open: [Duration], numbers: [Int]) {
        var closed: [Duration] = []
        var open: [Duration] = []
        var numbers: [Int] = []
        for runs in Dictionary(grouping: runs(kind).filter(\.value.isMain), by: \.value.subject).values {
            var failed: Numbered<PipelineRun>?
            for run in runs.sorted(by: { ($0.value.endedAt, $0.number) < ($1.value.endedAt, $1.number) }) {
                if run.value.succeeded, let first = failed {
                    if run.value.endedAt >= query.begin {
                        closed.append(run.value.endedAt - first.value.endedAt)
                        numbers += [first.number, run.number]
                    }
                    failed = nil
                } else if !run.value.succeeded, failed == nil {
                    failed = run
                }
            }
            if let failed {
                open.append(query.end - failed.value.endedAt)
                numbers.append(failed.number)
            }
        }
        return (closed, open, numbers)
    }

    func pipelines(_ kind: PipelineRun.Kind, enough: String) -> Reading {
        let some = runs(kind).filter { query.within($0.value.endedAt) && $0.value.isMain }
        let episodes = episodes(kind)
        let isEnough = Double(some.count) >= query.parameters.number(enough)
        return reading(
            Spread(episodes.closed, open: episodes.open), "\(kind.rawValue)s", numbers: episodes.numbers,
            isVacuous: isComplete(kind) && isEnough, population: some.count, isLowSample: !isEnough)
    }

    func platform() -> Reading {
        let services = Set(query.facts.plan.services.filter { $0.kind == .devopsPlatform }.map(\.id))
        guard !services.isEmpty else {
            return .nothing(
                "platform", .plan(.noPlatform),
                settledBy: "a plan that names the development platform as a service")
        }
        let incidents = query.incidents { services.contains($0.service ?? "") }
        let open = incidents.all.filter { $0.value.restoredAt == nil }.map { query.end - $0.value.begunAt }
        return reading(
            Spread(incidents.all.compactMap(\.value.outage), open: open), "platform",
            numbers: incidents.all.map(\.number), isVacuous: incidents.isComplete,
            population: incidents.all.count, isLowSample: false)
    }

    private func reading(
        _ spread: Spread, _ member: String, numbers: [Int], isVacuous: Bool, population: Int,
        isLowSample: Bool
    ) -> Reading {
        guard let mean = spread.meanSeconds else {
            return isVacuous
                ? Reading(
                    member, from: 0, to: 0, detail: .pipelines(.noFailure(in: population)), isVacuous: true,
                    population: population)
                : .nothing(
                    member, .pipelines(.noFailureKnown),
                    settledBy: settledBy)
        }
        let median = Duration(roundedSeconds: spread.medianSeconds ?? 0)
        let most = Duration(roundedSeconds: spread.mostSeconds ?? 0)
        return Reading(
            member, from: mean, to: mean,
            detail: .pipelines(
                .repaired(spread.count, open: spread.open, median: median, longest: most)),
            settledBy: settledBy, population: spread.count + spread.open, isLowSample: isLowSample,
            evidence: numbers)
    }

    func leadTime() -> Reading {
        let some = runs(.deployment).filter {
            query.within($0.value.endedAt) && $0.value.isMain && $0.value.succeeded
        }
        let times = some.compactMap { run in run.value.requestedAt.map { run.value.endedAt - $0 } }
        guard let median = Spread(times).medianSeconds else {
            return .nothing(
                "deployments", .pipelines(.noRequestTime),
                settledBy: settledBy)
        }
        return .exactly(
            "deployments", median, detail: .pipelines(.medianOf(times.count)), settledBy: settledBy,
            population: times.count, evidence: some.map(\.number))
    }
}
