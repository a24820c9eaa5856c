// SPDX-License-Identifier: Apache-2.0
package import Continuity
import Ledger

extension DrillRunner {
    /// Resolves everything that a start would do, and asks every guard; nothing is changed anywhere.
    package func plan(_ drill: PreparedDrill) throws -> DrillPlan {
        let run = "{{run.id}}"
        let probers = try drill.probers(run: run)
        let scenario = drill.scenario
        let timeline = DrillTimeline(scenario, history: history(of: scenario))
        let commands = StepCommands(
            run: run, plan: drill.plan,
            values: DrillValues(scenario, run: run, saved: [:], isLenient: true), scripts: drill.scripts)
        let executed = scenario.steps.filter { $0.isIn(scenario.mode) }
        let changed = Set(executed.flatMap(\.changedHosts))
        let touched = changed.union(executed.flatMap(\.reachedHosts)).union(probers.map(\.host))
        return DrillPlan(
            scenario: scenario.id, title: scenario.title, exercise: scenario.exercise, mode: scenario.mode,
            sha256: drill.sha256, services: scenario.services,
            hosts: drill.plan.hosts.filter { touched.contains($0.id) }.map {
                DrillPlan.TouchedHost($0, isChanged: changed.contains($0.id))
            },
            steps: try scenario.steps.indices.map { try planned($0, scenario, commands, timeline) },
            probes: probers.map {
                DrillPlan.PlannedProbe(
                    probe: $0.probe, host: $0.host, every: $0.every, timeout: $0.timeout,
                    question: $0.question.joined(separator: " ").replacing(DrillValues.unit, with: "."))
            }, reports: drill.scenario.after.report.map(\.lines) ?? [],
            guards: preflight(drill, probers).check(), expectedSeconds: timeline.length.inSeconds,
            criticalPath: timeline.criticalPath)
    }

    private func planned(
        _ index: Int, _ scenario: Scenario, _ commands: StepCommands, _ timeline: DrillTimeline
    ) throws -> DrillPlan.PlannedStep {
        let step = scenario.steps[index]
        let slot = timeline.slots.first { $0.step == step.id }
        return DrillPlan.PlannedStep(
            step, commands: try commands.lines(of: step), undo: try commands.undoLine(of: step),
            skipped: step.isIn(scenario.mode) ? nil : "not in mode \(scenario.mode.rawValue)",
            begin: slot?.begin ?? .zero, length: slot?.length ?? .zero,
            needs: scenario.needs(of: index), beside: scenario.concurrent[step.id] ?? [])
    }

    /// How long each step took in earlier runs of the scenario that are kept here.
    package func history(of scenario: Scenario) -> [String: [Duration]] {
        var lengths: [String: [Duration]] = [:]
        for folder in RunFolder.all(in: runsFolder) {
            // A run that cannot be read is no history; `ledger check` is where it is found.
            guard let reading = try? JournalReading(contentsOf: folder.journalPath),
                case .runOpen(let opened)? = reading.records.first?.fact, opened.scenario == scenario.id
            else { continue }
            for (id, step) in RunState(folding: reading.records).steps {
                guard let begin = step.begunAt, let end = step.finishedAt, begin.bootID == end.bootID,
                    step.finished?.result == .passed
                else { continue }
                lengths[id, default: []].append(end.monotonic - begin.monotonic)
            }
        }
        return lengths
    }
}

extension StepCommands {
    /// The exact command lines of a step, or in words what the engine does itself.
    func lines(of step: Step) throws -> [String] {
        switch step.verb {
        case .run, .script, .shell, .sql, .notify, .clean: [try command(of: step).line]
        case .check(let check): [try line(check.arguments).line]
        case .fault(let fault):
            fault.host == nil ? [fault.kindName] : [try injection(of: fault, step: step).line]
        case .restore(let restore):
            [
                "restore \(restore.dataset) from \(restore.from ?? "the best store")"
                    + (restore.planOnly ? "" : " to \(restore.host):\(try values.fill(restore.path))")
                    + (restore.acceptance.map { ", up to \($0.points) points until one is accepted" } ?? "")
            ]
        case .backup(let backup): ["back up \(backup.dataset)\(backup.isFull ? ", full" : "")"]
        case .waitFor(let condition, let deadline): ["wait for \(condition.text), up to \(deadline.text)"]
        case .verify(.tree(let check)): ["hash every file below \(try values.fill(check.path))"]
        case .verify(.canary(let check)): ["read \(check.canary) in \(try values.fill(check.path))"]
        case .verify(.writes(let check)): ["compare the writes of \(check.probe)", try sql(check.query).line]
        case .mark(let name): ["mark \(name)"]
        case .human(let question), .decision(let question): ["ask \(question.role): \(question.ask)"]
        case .approve(let approval): ["ask \(approval.from.joined(separator: ", ")): \(approval.ask)"]
        case .inject(let inject): ["tell \(inject.to.joined(separator: ", ")): \(inject.text)"]
        case .group(let group): ["\(group.need.rawValue) of \(group.members.joined(separator: ", "))"]
        }
    }

    func undoLine(of step: Step) throws -> String? {
        if case .fault(let fault) = step.verb {
            return fault.host == nil ? "over when the drill ends" : try healing(of: fault, step: step).line
        }
        return try undoText(of: step)
    }
}
