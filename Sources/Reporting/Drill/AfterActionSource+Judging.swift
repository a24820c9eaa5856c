// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AfterActionSource {
    /// What did not go as written, in the order of the journal.
    func deviations(_ state: RunState) -> [AfterAction.Deviation] {
        let timeline = Timeline(evidence)
        var all = timeline.holds.map { hold in
            AfterAction.Deviation(
                kind: .hold, step: nil, text: hold.text, lengthSeconds: hold.endSeconds - hold.beginSeconds,
                journal: .none)
        }
        all += evidence.records.compactMap(deviation)
        for step in evidence.scenario.steps {
            let finished = state.steps[step.id]?.finished
            if let people = state.steps[step.id]?.waivedBy {
                all.append(
                    AfterAction.Deviation(
                        kind: .waived, step: step.id, text: people, lengthSeconds: nil,
                        journal: journal(of: step.id)))
            }
            let kind: AfterAction.Deviation.Kind? =
                switch finished?.result {
                case .passed: nil
                case .skipped: .skipped
                case nil: .notRun
                default: .failed
                }
            guard let kind else { continue }
            all.append(
                AfterAction.Deviation(
                    kind: kind, step: step.id, text: finished?.actual ?? step.name, lengthSeconds: nil,
                    journal: journal(of: step.id)))
        }
        return all
    }

    private func deviation(_ record: DrillRecord) -> AfterAction.Deviation? {
        let found: (AfterAction.Deviation.Kind, String)? =
            switch record.fact {
            case .note(let note) where note.text.hasPrefix("took "): (.late, note.text)
            case .note(let note) where note.text.hasPrefix("controller away"): (.controllerAway, note.text)
            case .correction(let correction): (.correction, "\(correction.of): \(correction.text)")
            case .answer(let answer) where answer.by == "file":
                (.preparedAnswer, "\(answer.person): \(answer.answer)")
            case .answer(let answer) where !answer.isAuthenticated:
                (.unauthenticated, "\(answer.person): \(answer.answer)")
            case .guardChecked(let check) where !check.passed:
                (.guardFailed, "\(check.name): \(check.detail)")
            default: nil
            }
        return found.map { kind, text in
            AfterAction.Deviation(
                kind: kind, step: record.step, text: text, lengthSeconds: nil,
                journal: EventTrace([record.sequence]))
        }
    }

    /// Ratings that follow from the record alone; an evaluator overrules them.
    private func ratings(
        _ recovery: ServiceRecovery, _ run: DrillRun, _ deviations: [AfterAction.Deviation]
    ) -> [AfterAction.ObjectiveRating] {
        let hard = deviations.filter { [.failed, .notRun, .guardFailed].contains($0.kind) }.count
        let soft = deviations.filter { [.hold, .late, .controllerAway, .correction].contains($0.kind) }.count
        func rate(
            _ name: String, _ verdict: MetricVerdict, _ span: Span?, _ objective: Double?
        ) -> AfterAction.ObjectiveRating {
            let target = objective.map { words.seconds($0) } ?? language("nothing promised", "未作承诺")
            let value = span.map(words.length.text) ?? words.unknown
            let rating: AfterAction.ObjectiveRating.Rating? =
                switch verdict {
                case .met: hard > 0 ? .majorChallenges : soft > 0 ? .someChallenges : .performed
                case .missed: span?.upper == nil ? .unable : .majorChallenges
                case .unproven: nil
                }
            return AfterAction.ObjectiveRating(
                objective: "\(recovery.service): \(name)", rating: rating,
                because: "\(value) / \(target): \(words.verdict(verdict))"
                    + (hard + soft > 0
                        ? language(
                            "; \(hard) steps not as written, \(soft) delays",
                            "；\(hard) 个步骤未按计划，\(soft) 次延误") : ""))
        }
        return [
            rate(
                language("recovery time", "恢复时间"), recovery.recoveryTimeVerdict, recovery.recoveryTime,
                recovery.recoveryTimeObjective),
            rate(
                language("data loss", "数据丢失"), recovery.recoveryPointVerdict, recovery.recoveryPoint,
                recovery.recoveryPointObjective),
        ]
    }

    /// The scenario's own objectives: what people were to do, and in what time.
    private func personalRatings(_ state: RunState) -> [AfterAction.ObjectiveRating] {
        evidence.scenario.objectives.map { objective in
            let steps = evidence.scenario.steps.filter { $0.question?.objective == objective.id }
            let ends = steps.map { state.steps[$0.id]?.finished?.result }
            let (atTable, inStory) = (evidence.time(over: objective), evidence.storyTime(over: objective))
            let took = inStory ?? atTable
            let isLate = took.flatMap { took in objective.target.map { took > $0 } } ?? false
            let rating: AfterAction.ObjectiveRating.Rating? =
                ends.isEmpty || ends.contains(nil)
                ? nil
                : ends.contains(.gaveUp) || ends.contains(.failed)
                    ? .unable : isLate ? .majorChallenges : .performed
            let target = objective.target.map { " / \(words.length.text($0))" } ?? ""
            return AfterAction.ObjectiveRating(
                objective: "\(objective.id): \(objective.text)", rating: rating,
                because: (took.map { words.length.text($0) } ?? words.unknown) + target
                    + (inStory == nil ? "" : atTable.map(besideStory) ?? ""))
        }
    }

    private func besideStory(_ atTable: Duration) -> String {
        let length = words.length.text(atTable)
        return language(" of the story; \(length) at the table", "（情景时间）；桌面用时 \(length)")
    }

    /// Every objective's rating: an evaluator's where one was given, else what the record shows.
    func ratings(
        _ run: DrillRun, _ state: RunState, _ deviations: [AfterAction.Deviation]
    ) -> [AfterAction.ObjectiveRating] {
        let services = run.services.flatMap { recovery in
            zip(
                DrillObservation.keys(of: recovery.service), ratings(recovery, run, deviations))
        }
        let own = zip(evidence.scenario.objectives.map(\.id), personalRatings(state))
        return (services + own).map { key, rating in
            guard let said = observations.last(where: { $0.run == run.run && $0.objective == key }) else {
                return rating
            }
            var rating = rating
            rating.rating = said.rating
            rating.ratedBy = said.person
            rating.because = "\(said.text) - \(words(for: said)); \(rating.because)"
            return rating
        }
    }

    private func words(for said: DrillObservation) -> String {
        let late = said.lateSeconds.map {
            language(", \(words.seconds($0)) late", "，迟交 \(words.seconds($0))")
        }
        let unsigned = said.signature == nil ? language(", unsigned", "，未签名") : ""
        return "\(said.person) (\(said.role)\(unsigned)\(late ?? ""))"
    }

    /// What an evaluator saw go badly is an area for improvement, in the evaluator's own words.
    func observedAreas(_ run: DrillRun) -> [String] {
        var newest: [String: DrillObservation] = [:]
        for said in observations where said.run == run.run {
            newest["\(said.objective) \(said.person)"] = said
        }
        return newest.values.filter { [.majorChallenges, .unable].contains($0.rating) }
            .sorted { ($0.objective, $0.person) < ($1.objective, $1.person) }
            .map { "\($0.objective): \($0.rating.rawValue), \($0.text) - \(words(for: $0))" }
    }

    /// What the record shows to have gone well; nothing is praised that was not proven.
    func strengths(_ run: DrillRun, _ state: RunState) -> [String] {
        var strengths: [String] = []
        for recovery in run.services {
            if recovery.recoveryTimeVerdict == .met, let span = recovery.recoveryTime {
                strengths.append(
                    language(
                        "\(recovery.service) was valid again in \(words.length.text(span))",
                        "\(recovery.service) 在 \(words.length.text(span))内恢复有效"))
            }
            if recovery.recoveryPointVerdict == .met, recovery.lostRecords == 0 {
                strengths.append(
                    language(
                        "no acknowledged record of \(recovery.service) was lost",
                        "\(recovery.service) 未丢失任何已确认记录"))
            }
        }
        for case .tree(let tree)? in state.steps.values.map({ $0.finished?.proof })
        where tree.isWhole && !tree.wentRedOn.isEmpty {
            strengths.append(
                language(
                    "all \(tree.files) files matched, by a check that was seen to fail on a spoiled copy",
                    "全部 \(tree.files) 个文件一致，且该检查在被破坏的副本上曾正确报错"))
        }
        if run.aftermath == .clean {
            strengths.append(language("every host was left as it was found", "所有主机均已恢复原状"))
        }
        return strengths
    }

    /// One action for each finding; nobody's name is invented.
    func improvements(_ run: DrillRun) -> [AfterAction.Improvement] {
        let after = evidence.scenario.after
        let owner = after.findingsOwner ?? run.services.first.flatMap { plan.service($0.service)?.owner }
        return run.findings.map { finding in
            AfterAction.Improvement(
                finding: finding, action: action(for: finding), owner: owner,
                dueAt: run.endedAt + after.findingsDue,
                redrill: run.scenario,
                redrillBy: after.retest?.end(for: run.scenario, endedAt: run.endedAt, plan: plan))
        }
    }

    private func action(for finding: String) -> String {
        switch finding.prefix(while: { $0 != ":" }) {
        case "missed_target":
            language("shorten the recovery or change the objective", "缩短恢复过程，或调整目标")
        case "unproven": language("make the number measurable, then drill again", "补齐测量条件后重新演练")
        case "data_lost":
            language("enter the lost records again, or accept the loss in writing", "补录丢失记录，或书面接受损失")
        case "no_evidence": language("answer with the document that says so", "答复时附上依据文件")
        case "late_decision": language("find what the answer waited for", "查明答复迟延的原因")
        case "hint_used": language("teach what the hint had to say", "补训提示所涉内容")
        case "manual_override": language("make the step pass without a waiver", "使该步骤无需豁免即可通过")
        case "late_step": language("find what took longer than expected", "查明超时原因")
        case "skipped_step", "not_run":
            language("run the step, or take it out of the scenario", "执行该步骤，或从场景中移除")
        case "undo_failed":
            language("clean up by hand, then 'lifeboat drill sweep'", "手工清理，再执行 lifeboat drill sweep")
        default: language("find the cause and mend it", "查明原因并修复")
        }
    }
}
