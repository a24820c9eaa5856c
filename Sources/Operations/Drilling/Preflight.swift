// SPDX-License-Identifier: Apache-2.0
import Continuity

/// The guards before a drill: they only look, and they fail closed.
struct Preflight {
    let drill: PreparedDrill
    let probers: [Prober]
    let reach: any HostReaching
    let copies: @Sendable (String) throws -> [CopyReceipt]

    /// Every guard, in an order that a person can follow; one that did not pass forbids the start.
    func check() -> [DrillFact.GuardResult] {
        let scenario = drill.scenario
        var results = [orchestrator()]
        let mutated = Set(scenario.steps.filter(\.isMutating).flatMap(\.touchedHosts))
        let hosts = mutated.union(scenario.steps.flatMap(\.touchedHosts)).union(probers.map(\.host))
        for host in hosts.sorted() { results += look(at: host, isMutated: mutated.contains(host)) }
        results += scenario.safety.requires.map(requirement)
        return results
    }

    private func orchestrator() -> DrillFact.GuardResult {
        let lost = drill.scenario.steps.compactMap { step -> String? in
            if case .fault(let fault) = step.verb, case .siteBlock(let site) = fault.kind {
                site
            } else {
                nil
            }
        }
        let site = drill.plan.orchestrator?.site
        let standsThere = site.map { lost.contains($0) } ?? false
        return DrillFact.GuardResult(
            name: "orchestrator_elsewhere", host: nil, passed: !(standsThere && drill.scenario.mode == .live),
            detail: site.map {
                "Lifeboat stands at \($0)\(standsThere ? ", which this drill declares lost" : "")"
            }
                ?? "the plan does not say where Lifeboat stands")
    }

    private func look(at host: String, isMutated: Bool) -> [DrillFact.GuardResult] {
        func result(_ name: String, _ passed: Bool, _ detail: String) -> DrillFact.GuardResult {
            DrillFact.GuardResult(name: name, host: host, passed: passed, detail: detail)
        }
        guard let planned = drill.plan.host(host) else {
            return [result("known", false, "the plan has no such host")]
        }
        let lines: [Substring]
        do {
            let text = try reach.shell(at: host).demand("look", HostScripts.inspect)
            lines = text.split(separator: "\n")
        } catch {
            return [result("reached", false, "\(error)")]
        }
        let facts = Set(lines.map(String.init))
        var results = [result("reached", true, "by its pinned host key")]
        if let expected = planned.machineID {
            let found = lines.first { $0.hasPrefix("machine_id ") }.map { $0.dropFirst(11) } ?? ""
            results.append(
                result("machine_id", found == expected, "it says '\(found)', the plan '\(expected)'"))
        }
        if isMutated {
            let mode = drill.scenario.mode
            results.append(
                result("mode_allowed", planned.drills.contains(mode), "drills in mode \(mode.rawValue)"))
            if let allowed = drill.scenario.safety.hosts {
                results.append(result("in_scope", allowed.contains(host), "listed under safety.hosts"))
            }
        }
        results += needs(at: host).map { need in
            result(
                "can \(need)", facts.contains(need), facts.contains(need) ? "yes" : "the host cannot: \(need)"
            )
        }
        return results
    }

    /// What the drill needs of a host, in the words of the look.
    private func needs(at host: String) -> [String] {
        var needs: Set<String> = ["has setsid"]
        for prober in probers where prober.host == host {
            switch prober.question.first {
            case "http": needs.insert("has curl")
            case "tcp": needs.formUnion(["has timeout", "has bash"])
            default: needs.insert("has timeout")
            }
        }
        for step in drill.scenario.steps where step.touchedHosts.contains(host) {
            switch step.verb {
            case .fault(let fault):
                if case .siteBlock = fault.kind { needs.formUnion(["has nft", "can nft"]) }
            case .verify(.tree): needs.formUnion(["has sha256sum", "has find"])
            default: break
            }
        }
        return needs.sorted()
    }

    private func requirement(_ requirement: Safety.Requirement) -> DrillFact.GuardResult {
        switch requirement {
        case .copies(let dataset, let atLeast, let sites):
            let name = "copies_of \(dataset)"
            do {
                let found = try copies(dataset).filter { sites.isEmpty || sites.contains($0.site) }
                let stores = Set(found.map(\.store)).sorted()
                return DrillFact.GuardResult(
                    name: name, host: nil, passed: stores.count >= atLeast,
                    detail: "\(stores.count) proven: \(stores.joined(separator: ", "))")
            } catch {
                return DrillFact.GuardResult(name: name, host: nil, passed: false, detail: "\(error)")
            }
        }
    }
}
