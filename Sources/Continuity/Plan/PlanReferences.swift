// SPDX-License-Identifier: Apache-2.0

/// Looks up every name that one part of a plan uses for another.
struct PlanReferences {
    let plan: Plan
    let top: Fields
    private let sites: Set<String>
    private let hosts: Set<String>
    private let stores: Set<String>
    private let datasets: Set<String>
    private let services: Set<String>
    private let probes: Set<String>
    private let people: Set<String>

    init(plan: Plan, top: Fields) {
        self.plan = plan
        self.top = top
        sites = Set(plan.sites.map(\.id))
        hosts = Set(plan.hosts.map(\.id))
        stores = Set(plan.stores.map(\.id))
        datasets = Set(plan.datasets.map(\.id))
        services = Set(plan.services.map(\.id))
        probes = Set(plan.probes.map(\.id))
        people = Set(plan.people.map(\.id))
    }

    func check() {
        checkHosts()
        checkData()
        checkServices()
        checkProbes()
        checkTeams()
        if let orchestrator = plan.orchestrator {
            look(["orchestrator", "site"], orchestrator.site, "site", sites)
            look(["orchestrator", "witness"], orchestrator.witness, "host", hosts)
        }
    }

    private func checkHosts() {
        for host in plan.hosts {
            look(["hosts", host.id, "site"], host.site, "site", sites)
            look(["hosts", host.id, "ssh", "jump"], host.ssh.jump, "host", hosts)
        }
        for store in plan.stores { look(["stores", store.id, "host"], store.host, "host", hosts) }
    }

    private func checkData() {
        for dataset in plan.datasets {
            let path = ["datasets", dataset.id]
            look(path + ["source", "host"], dataset.source.host, "host", hosts)
            look(path + ["source", "site"], dataset.source.site, "site", sites)
            for name in dataset.copies.to {
                look(path + ["copies", "to"], name, "store", stores)
            }
        }
        for canary in plan.canaries {
            look(["canaries", canary.id, "dataset"], canary.dataset, "dataset", datasets)
        }
    }

    private func checkServices() {
        for service in plan.services {
            let path = ["services", service.id]
            for name in service.datasets {
                look(path + ["datasets"], name, "dataset", datasets)
            }
            for name in service.dependsOn {
                look(path + ["depends_on"], name, "service", services)
            }
            for name in service.probes { look(path + ["probes"], name, "probe", probes) }
            for name in service.standbyProbes {
                look(path + ["standby_probes"], name, "probe", probes)
            }
            for name in service.instances { look(path + ["instances"], name, "host", hosts) }
            look(path + ["owner"], service.owner, "person", people)
        }
        for name in plan.blackouts.flatMap(\.services) {
            look(["blackout"], name, "service", services)
        }
        for window in plan.maintenance {
            look(["maintenance"], window.service, "service", services)
        }
    }

    private func checkTeams() {
        for team in plan.teams {
            let path = ["teams", team.id]
            for name in team.members { look(path + ["members"], name, "person", people) }
            for name in team.services { look(path + ["services"], name, "service", services) }
        }
    }

    private func checkProbes() {
        for probe in plan.probes {
            for name in probe.from where name != ProbeRun.orchestrator {
                look(["probes", probe.id, "from"], name, "host", hosts)
            }
        }
    }

    /// Complains when `name` is not among those that exist.
    ///
    /// A missing name was complained about already.
    private func look(_ path: [String], _ name: String?, _ kind: String, _ known: Set<String>) {
        guard let name, !name.isEmpty, !known.contains(name) else { return }
        let hint =
            Spelling.suggestion(for: name, among: known.sorted())
            ?? (known.isEmpty
                ? "the plan has no \(kind)" : "there is \(known.sorted().joined(separator: ", "))")
        top.list.add(
            Problem(
                at: top.node.place(of: path, holding: name), key: path.joined(separator: "."),
                "there is no \(kind) '\(name)'", hint: hint))
    }
}

extension Node {
    /// Where the value under the given keys stands, or the item of it that is `text`; else the nearest place
    /// above.
    package func place(of keys: [String], holding text: String? = nil) -> Place {
        if let key = keys.first, case .mapping(let entries) = value,
            let entry = entries.first(where: { $0.key == key })
        {
            return entry.value.place(of: Array(keys.dropFirst()), holding: text)
        }
        if case .sequence(let items) = value {
            for item in items {
                if case .scalar(let found, _) = item.value, found == text { return item.place }
                if case .mapping(let entries) = item.value,
                    entries.contains(where: { $0.value.value == .scalar(text ?? "", isPlain: true) })
                {
                    return item.place
                }
            }
        }
        return place
    }
}
