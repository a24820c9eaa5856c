// SPDX-License-Identifier: Apache-2.0
import Continuity

extension DrillEngine {
    /// Reads the counters of every cut that is in force, after the recovery and before the first heal.
    ///
    /// What cannot be read proves nothing and is said so; the run goes on to its undos in any case.
    func proveCuts() throws {
        guard context.rehearsal == nil else { return }
        for step in scenario.steps {
            guard case .fault(let fault) = step.verb, case .siteBlock(let site) = fault.kind,
                let host = fault.host, state.result(of: step.id) == .passed,
                state.steps[step.id]?.undo == .registered
            else { continue }
            try record(.guardChecked(proof(of: step, site: site, host: host)), step: step.id)
        }
    }

    private func proof(of step: Step, site: String, host: String) -> DrillFact.GuardResult {
        let name = DrillFact.Isolation.guardName
        do {
            let words = try persistently {
                let place = try place(at: host)
                return try place.shell.demand(
                    "read the counters of the cut", HostScripts.proveBlock,
                    [commands.table(of: step), place.folder + "/\(step.id)/rules"])
            }.split(separator: " ").map(String.init)
            guard words.count == 4, let kind = DrillFact.Isolation.Kind(rawValue: words[0]),
                let dropped = Int(words[1]), let passed = Int(words[2])
            else {
                throw OperationError(.failed, "it said '\(words.joined(separator: " ").prefix(200))'")
            }
            let isolation = DrillFact.Isolation(
                step: step.id, host: host, site: site, kind: kind, dropped: dropped, passed: passed,
                isWhole: words[3] == "whole")
            return DrillFact.GuardResult(
                name: name, host: host, passed: isolation.isProven, detail: isolation.text,
                isolation: isolation)
        } catch {
            return DrillFact.GuardResult(
                name: name, host: host, passed: false, detail: "\(site) may have been used: \(error)",
                isolation: DrillFact.Isolation(
                    step: step.id, host: host, site: site, kind: .address, dropped: 0, passed: 0,
                    isWhole: false))
        }
    }
}

extension DrillFact.Isolation {
    /// As the report says it.
    var text: String {
        guard isWhole else { return "\(site) may have been used: the cut was changed or healed meanwhile" }
        let way = kind == .netns ? "in a network namespace of its own" : "by its addresses"
        let through = passed == 0 ? "none was let through" : "\(passed) were let through to the controller"
        return "\(site) cut off \(way): \(dropped) packets dropped, \(through)"
    }
}
