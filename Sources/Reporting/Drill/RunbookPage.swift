// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// A runbook on paper: what to do, in which order, who decides, how it is undone.
///
/// Printed from the same file that is rehearsed, so the paper cannot say something else than the drill.
package struct RunbookPage: Hashable, Sendable {
    package var scenario: Scenario
    /// The same with everything resolved: exact commands, hosts, undo.
    package var resolved: DrillPlan
    package var plan: Plan
    package var language: ReportLanguage
    package var madeAt: Moment

    package init(
        scenario: Scenario, resolved: DrillPlan, plan: Plan, language: ReportLanguage = .en, madeAt: Moment
    ) {
        self.scenario = scenario
        self.resolved = resolved
        self.plan = plan
        self.language = language
        self.madeAt = madeAt
    }

    private var words: Wording { Wording(language, zone: plan.zone, now: madeAt) }

    /// One self-contained page; what it says as Markdown is `Runbook.markdown`.
    package func html() -> String {
        let parts = PageParts(words: words)
        let say = language
        return parts.page(title: scenario.title) {
            tag("p", class: "eyebrow") {
                plan.organisation
                say(" · runbook · printed ", " · 手册 · 打印于 ")
                parts.time(madeAt)
            }
            tag("h1") { scenario.title }
            tag("h2") { say("Who", "人员") }
            parts.list(
                scenario.roles.map { "\($0.id): \($0.people.joined(separator: ", "))" },
                none: say("No role is named.", "未指定角色。"))
            tag("h2") { say("Promises", "承诺") }
            parts.list(promises, none: say("Nothing is promised.", "未作承诺。"))
            tag("h2") { say("Steps", "步骤") }
            steps(parts)
            tag("h2") { say("It counts as restored when", "恢复判定") }
            parts.list(
                scenario.restoredWhen.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" },
                none: say("Nothing is said.", "未规定。"))
            tag("footer") { parts.hash("\(scenario.id) \(resolved.sha256)") }
        }
    }

    private func steps(_ parts: PageParts) -> Markup {
        let say = language
        return parts.table(
            [
                .init("", "r"), .init(say("step", "步骤")), .init(say("do", "操作")), .init(say("undo", "撤销")),
                .init(say("done at, by", "完成时刻与人")),
            ],
            resolved.steps.enumerated().map { index, step in
                [
                    Markup("\(index + 1)"), title(step), commands(step), Markup(undo(step)),
                    Markup("\u{2610}"),
                ]
            })
    }

    @MarkupBuilder
    private func title(_ step: DrillPlan.PlannedStep) -> Markup {
        step.title
        if step.isPivot {
            tag("br")
            tag("strong", class: "bad") { language("POINT OF NO RETURN", "不可回退点") }
        }
        tag("br")
        tag("small", class: "soft") {
            "\(step.id) · \(words.phase(step.phase))"
                + (step.hosts.isEmpty ? "" : " · \(step.hosts.joined(separator: ", "))")
        }
    }

    @MarkupBuilder
    private func commands(_ step: DrillPlan.PlannedStep) -> Markup {
        for act in acts(step) {
            tag("code") { act }
            tag("br")
        }
    }

    // MARK: - Words

    private var promises: [String] {
        scenario.services.compactMap { plan.service($0) }.map { service in
            let objectives = service.objectives
            return [
                objectives.recoveryTime.map { language("valid again in ", "恢复时限 ") + words.length.text($0) },
                objectives.recoveryPoint.map { language("at most lost: ", "最多丢失 ") + words.length.text($0) },
                objectives.minimumService.map { language("counts as working: ", "最低可用：") + $0 },
            ].compactMap { $0 }.joined(separator: "; ").prepended("\(service.id): ")
        }
    }

    /// What is done, in words where there is nothing to type.
    private func acts(_ step: DrillPlan.PlannedStep) -> [String] {
        if let skipped = step.skipped { return [language("left out: ", "不执行：") + skipped] }
        switch scenario.step(step.id)?.verb {
        case .human(let question), .decision(let question): return ["\(question.role): \(question.ask)"]
        case .approve(let approval):
            return [
                language("\(approval.need) of ", "\(approval.need) 人，")
                    + "\(approval.from.joined(separator: ", ")): \(approval.ask)"
            ]
        case .inject(let inject): return ["\(inject.to.joined(separator: ", ")): \(inject.text)"]
        case .waitFor(let condition, let deadline):
            return [
                language("wait until ", "等待 ") + condition.text + language(", at most ", "，至多 ")
                    + words.length.text(deadline)
            ]
        default: return step.commands.isEmpty ? [step.verb] : step.commands.map(Self.short)
        }
    }

    /// Our own long scripts are named by their first line; the hash binds all of it.
    private static func short(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.count > 1 ? "\(lines[0]) … (\(lines.count) lines)" : text
    }

    private func undo(_ step: DrillPlan.PlannedStep) -> String {
        step.undo.map(Self.short) ?? step.because ?? "-"
    }
}

extension String {
    fileprivate func prepended(_ head: String) -> String {
        head + self
    }
}
