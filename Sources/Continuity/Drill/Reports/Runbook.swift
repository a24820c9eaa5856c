// SPDX-License-Identifier: Apache-2.0

/// A scenario as people would do it by hand: the same file that a drill runs, printed.
package struct Runbook: Sendable {
    private let scenario: Scenario
    private let plan: DrillPlan

    package init(_ scenario: Scenario, plan: DrillPlan) {
        self.scenario = scenario
        self.plan = plan
    }

    /// One Markdown document.
    package var markdown: String {
        var lines = ["# \(Self.plain(scenario.title))", ""]
        lines.append(
            "Scenario `\(scenario.id)`, mode \(scenario.mode.rawValue), exercise "
                + "\(scenario.exercise.rawValue). Hash `\(plan.sha256)`.")
        lines += ["", "Services: \(scenario.services.joined(separator: ", ")).", ""]
        lines += roles + restored
        var phase: Phase?
        for (number, step) in zip(1..., plan.steps) {
            if step.phase != phase {
                phase = step.phase
                lines += ["## \(step.phase.rawValue)", ""]
            }
            lines += self.lines(step, number)
        }
        return (lines + undo).joined(separator: "\n") + "\n"
    }

    private var roles: [String] {
        guard !scenario.roles.isEmpty else { return [] }
        return ["## Who", "", "| Role | People | Deputies | May act |", "|---|---|---|---|"]
            + scenario.roles.map {
                "| \($0.id) | \($0.people.joined(separator: ", ")) | \($0.deputies.joined(separator: ", ")) | "
                    + "\($0.mayAct ? "yes" : "no") |"
            } + [""]
    }

    private var restored: [String] {
        guard !scenario.restoredWhen.isEmpty else { return [] }
        return ["## Restored when", ""]
            + scenario.restoredWhen.sorted { $0.key < $1.key }.map { "* **\($0.key)**: \($0.value.text)" }
            + [""]
    }

    private func lines(_ step: DrillPlan.PlannedStep, _ number: Int) -> [String] {
        var lines = ["\(number). **\(Self.plain(step.title))** (`\(step.id)`)"]
        if !step.hosts.isEmpty { lines.append("   At \(step.hosts.joined(separator: ", ")).") }
        if step.isPivot { lines.append("   **Point of no return.**") }
        if let skipped = step.skipped { lines.append("   Left out: \(skipped).") }
        if let when = scenario.step(step.id)?.when { lines.append("   Only when \(when.text).") }
        for command in step.commands {
            lines +=
                ["", "   ```"]
                + command.split(separator: "\n", omittingEmptySubsequences: false).map {
                    "   \($0)"
                } + ["   ```"]
        }
        if let ttl = step.healsAfterSeconds {
            lines.append("   Heals itself after \(Duration(roundedSeconds: ttl).text).")
        }
        if let because = step.because { lines.append("   No undo: \(because).") }
        return lines + [""]
    }

    private var undo: [String] {
        ["## Undo, newest first", ""]
            + plan.steps.reversed().compactMap { step in
                step.undo.map {
                    "* `\(step.id)`: \(Self.plain($0.split(separator: "\n").first.map(String.init) ?? ""))"
                }
            }
    }

    private static func plain(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "*_`|<>".contains(character) { result.append("\\") }
            result.append(character == "\n" ? " " : character)
        }
    }
}
