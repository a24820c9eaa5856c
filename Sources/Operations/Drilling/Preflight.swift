// SPDX-License-Identifier: Apache-2.0
import Continuity

/// The guards before a drill: they only look, and they fail closed.
struct Preflight {
    let drill: PreparedDrill
    let probers: [Prober]
    let reach: any HostReaching
    let world: DrillWorld
    let time: TimeSource

    /// Every guard, in an order that a person can follow; one that did not pass forbids the start.
    func check() -> [DrillFact.GuardResult] {
        let scenario = drill.scenario
        var results = [orchestrator()] + order()
        let executed = scenario.steps.filter { $0.isIn(scenario.mode) }
        let mutated = Set(executed.flatMap(\.changedHosts))
        if [.sandbox, .live].contains(scenario.mode) {
            let hosts = mutated.union(executed.flatMap(\.reachedHosts)).union(probers.map(\.host))
            for host in hosts.sorted() { results += look(at: host, isMutated: mutated.contains(host)) }
        }
        return results + secrets() + scenario.safety.requires.map(requirement)
    }

    /// What may have changed while a run had no controller: an incident, and a blackout that the rest of the
    /// run, of which so much is left, might run into.
    func checkAgain(left: Duration) -> [DrillFact.GuardResult] {
        guard [.sandbox, .live].contains(drill.scenario.mode) else { return [] }
        return drill.scenario.services.map { incident($0, world.openIncidents) } + [blackout(left)]
    }

    /// Every secret must be readable before anything is touched.
    private func secrets() -> [DrillFact.GuardResult] {
        guard [.sandbox, .live].contains(drill.scenario.mode) else { return [] }
        let values = DrillValues(drill.scenario, run: "preflight", saved: [:])
        return drill.scenario.secrets.map { secret in
            do {
                let size = try SecretReader.read(secret, values).count
                return guardResult(
                    "secret \(secret.id)", size > 0, size > 0 ? "readable here, and only here" : "it is empty"
                )
            } catch {
                return guardResult("secret \(secret.id)", false, "\(error)")
            }
        }
    }

    /// Another drill, an incident, a blackout, a missing approval: what forbids any drill now.
    private func order() -> [DrillFact.GuardResult] {
        let scenario = drill.scenario
        guard [.sandbox, .live].contains(scenario.mode) else { return [] }
        var results: [DrillFact.GuardResult] = []
        for service in scenario.services {
            let others = world.openRuns(service)
            results.append(
                guardResult(
                    "no_second_drill", others.isEmpty,
                    others.isEmpty
                        ? "no other drill of \(service)"
                        : "run \(others.joined(separator: ", ")) of \(service) is not closed: resume or abort it"
                ))
            results.append(incident(service, world.openIncidents))
        }
        if let announcement = scenario.safety.announcement {
            results += scenario.services.map { announced($0, announcement) }
        }
        results.append(blackout(scenario.safety.maxDuration))
        if scenario.mode == .live { results += liveRules() }
        if let rule = scenario.safety.approvals {
            results.append(world.approvals(rule, drill, time.now()))
        }
        return results
    }

    /// What a live drill needs, asked again here: `--mode live` turns a scenario live that was read as another.
    private func liveRules() -> [DrillFact.GuardResult] {
        let scenario = drill.scenario
        let roles = scenario.roles.filter { $0.heartbeat != nil }.map(\.id)
        return [
            guardResult(
                "live_hosts", scenario.safety.hosts != nil,
                "safety.hosts names the only hosts that may be changed"),
            guardResult(
                "live_approvals", scenario.safety.approvals != nil, "safety.approvals says who must agree"),
            guardResult(
                "live_presence", !roles.isEmpty,
                roles.isEmpty
                    ? "no role is present: required" : "must be there: \(roles.joined(separator: ", "))"),
            guardResult(
                "live_answers", drill.answers.isEmpty,
                "live, people decide and sign; answers from a file do not count"),
        ]
    }

    /// Nothing begins in a blackout, nor what might still run when one begins.
    private func blackout(_ length: Duration) -> DrillFact.GuardResult {
        let (now, scenario) = (time.now(), drill.scenario)
        let found = drill.plan.blackouts.first {
            $0.touches(scenario.services, from: now, to: now + length)
        }
        let text = found.map { blackout in
            let words = "from \(blackout.begunAt) to \(blackout.endsAt): \(blackout.because)"
            return blackout.begunAt > now
                ? "the drill may last \(length.text), and a blackout begins before that, \(words)"
                : "blackout \(words)"
        }
        return guardResult("no_blackout", found == nil, text ?? "none until the drill's last moment")
    }

    private func incident(
        _ service: String, _ incidents: @Sendable (String) throws -> [String]
    ) -> DrillFact.GuardResult {
        let name = "no_open_incident \(service)"
        do {
            let open = try incidents(service)
            return guardResult(
                name, open.isEmpty, open.isEmpty ? "none" : "open: \(open.joined(separator: ", "))")
        } catch {
            return guardResult(name, false, "\(error)")
        }
    }

    private func orchestrator() -> DrillFact.GuardResult {
        let lost = drill.scenario.steps.compactMap { step -> String? in
            guard case .fault(let fault) = step.verb, case .siteBlock(let site) = fault.kind else {
                return nil
            }
            return site
        }
        let site = drill.plan.orchestrator?.site
        let standsThere = site.map { lost.contains($0) } ?? false
        let text = site.map {
            "Lifeboat stands at \($0)\(standsThere ? ", which this drill declares lost" : "")"
        }
        return guardResult(
            "orchestrator_elsewhere", !(standsThere && drill.scenario.mode == .live),
            text ?? "the plan does not say where Lifeboat stands")
    }

    func guardResult(_ name: String, _ passed: Bool, _ detail: String, host: String? = nil)
        -> DrillFact.GuardResult
    {
        DrillFact.GuardResult(name: name, host: host, passed: passed, detail: detail)
    }

    // MARK: - Hosts

    private func look(at host: String, isMutated: Bool) -> [DrillFact.GuardResult] {
        guard let planned = drill.plan.host(host) else {
            return [guardResult("known", false, "the plan has no such host", host: host)]
        }
        let lines: [Substring]
        do {
            let text = try reach.shell(at: host).demand("look", HostScripts.inspect)
            lines = text.split(separator: "\n")
        } catch {
            return [guardResult("reached", false, "\(error)", host: host)]
        }
        let facts = Set(lines.map(String.init))
        var results = [guardResult("reached", true, "by its pinned host key", host: host)]
        if let expected = planned.machineID {
            let found = lines.first { $0.hasPrefix("machine_id ") }.map { $0.dropFirst(11) } ?? ""
            results.append(
                guardResult(
                    "machine_id", found == expected, "it says '\(found)', the plan '\(expected)'",
                    host: host))
        }
        if isMutated { results += scope(planned) }
        return results
            + HostNeeds(drill: drill, probers: probers).words(at: host).map { need in
                guardResult(
                    "can \(need)", facts.contains(need),
                    facts.contains(need) ? "yes" : "the host cannot: \(need)", host: host)
            }
    }

    private func scope(_ host: Host) -> [DrillFact.GuardResult] {
        let mode = drill.scenario.mode
        var results = [
            guardResult(
                "mode_allowed", host.drills.contains(mode), "drills in mode \(mode.rawValue)", host: host.id)
        ]
        if let allowed = drill.scenario.safety.hosts {
            results.append(
                guardResult("in_scope", allowed.contains(host.id), "listed under safety.hosts", host: host.id)
            )
        }
        return results
    }
}

/// What a drill needs of its hosts, in the words of the look.
struct HostNeeds {
    let drill: PreparedDrill
    let probers: [Prober]

    func words(at host: String) -> [String] {
        var needs: Set<String> = ["has setsid"]
        for prober in probers where prober.host == host {
            switch prober.question.first {
            case "http": needs.insert("has curl")
            case "tcp": needs.formUnion(["has timeout", "has bash"])
            case "sql": needs.formUnion(["has timeout", "has psql"])
            case "hash": needs.formUnion(["has timeout", "has sha256sum"])
            default: needs.insert("has timeout")
            }
        }
        for step in drill.scenario.steps where step.isIn(drill.scenario.mode) {
            if step.touchedHosts.contains(host) { needs.formUnion(words(of: step)) }
        }
        return needs.sorted()
    }

    private func words(of step: Step) -> [String] {
        switch step.verb {
        case .fault(let fault):
            switch fault.kind {
            case .siteBlock, .netBlock, .dnsBreak: ["has nft", "can nft"]
            case .netDelay, .netLoss: ["has tc", "can netem"]
            default: []
            }
        case .verify(.tree): ["has sha256sum", "has find"]
        case .sql(let query): ["has psql"] + (query.account == nil ? [] : ["has runuser"])
        case .verify(.writes(let check)):
            ["has psql"] + (check.query.account == nil ? [] : ["has runuser"])
        default: []
        }
    }
}
