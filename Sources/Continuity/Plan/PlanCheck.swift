// SPDX-License-Identifier: Apache-2.0

extension Plan {
    /// What a well-formed plan promises and cannot keep (product.md, "What bad input gets").
    ///
    /// - Parameter node: the document, for the places.
    /// - Returns: errors for what can never be met, warnings for what weakens the proof.
    package func promises(in node: Node) -> [Problem] {
        PlanCheck(plan: self, node: node).problems()
    }
}

private struct PlanCheck {
    let plan: Plan
    let node: Node

    func problems() -> [Problem] {
        let own = plan.datasets.filter { !$0.isKeptElsewhere }
        let copies = own.flatMap {
            copyPolicy($0) + sampled($0) + appendOnly($0) + offsite($0) + onePlace($0)
        }
        let services = plan.services.flatMap { recoveryPoint($0) + probes($0) + vantage($0) }
        return (copies + services + drillHosts() + ownSite()).sorted { $0.place.line < $1.place.line }
    }

    private func problem(
        _ severity: Problem.Severity, _ keys: [String], _ message: String, hint: String? = nil
    ) -> Problem {
        Problem(severity, at: node.place(of: keys), key: keys.joined(separator: "."), message, hint: hint)
    }

    // MARK: - Copies

    private func copyPolicy(_ dataset: Dataset) -> [Problem] {
        let named = Set(dataset.copies.to).count
        guard dataset.copies.atLeast > named else { return [] }
        return [
            problem(
                .error, ["datasets", dataset.id, "copies", "at_least"],
                "\(dataset.copies.atLeast) copies are asked for, and \(named) stores are named",
                hint: "name more stores in 'to', or ask for fewer")
        ]
    }

    /// A sampled copy is claimed, and a claimed copy does not count, until the verification budget has read it.
    private func sampled(_ dataset: Dataset) -> [Problem] {
        let stores = dataset.copies.to.compactMap(plan.store)
        let proven = stores.count { $0.proof != .sampled }
        guard stores.count > proven, dataset.copies.atLeast > proven else { return [] }
        return [
            problem(
                .warning, ["datasets", dataset.id, "copies", "at_least"],
                "\(dataset.copies.atLeast) copies are asked for, and only \(proven) of its stores prove them as they are written",
                hint: "each run ends with status 2 until 'lifeboat verify' has read the sampled copies")
        ]
    }

    private func appendOnly(_ dataset: Dataset) -> [Problem] {
        let count = dataset.copies.to.compactMap(plan.store).filter(\.isAppendOnly).count
        guard dataset.copies.appendOnly > count else { return [] }
        return [
            problem(
                .error, ["datasets", dataset.id, "copies", "append_only"],
                "\(dataset.copies.appendOnly) append-only copies are asked for, and \(count) of its stores are append-only",
                hint: "mark the vault's store 'append_only: true', once 'lifeboat site check' has proven it")
        ]
    }

    private func offsite(_ dataset: Dataset) -> [Problem] {
        let home = plan.productionSite(of: dataset)
        let count = dataset.copies.to.compactMap(plan.store).filter { plan.site(of: $0)?.id != home?.id }
            .count
        guard dataset.copies.offsite > count else { return [] }
        return [
            problem(
                .error, ["datasets", dataset.id, "copies", "offsite"],
                "\(dataset.copies.offsite) copies away from the production site are asked for, and \(count) stores lie elsewhere"
            )
        ]
    }

    /// Two stores in one building burn together.
    private func onePlace(_ dataset: Dataset) -> [Problem] {
        var seen: [String: String] = [:]
        return dataset.copies.to.compactMap { name in
            guard let store = plan.store(name), let site = plan.site(of: store) else { return nil }
            let place = site.facility ?? site.id
            if let other = seen[place], other != name {
                return problem(
                    .warning, ["datasets", dataset.id, "copies", "to"],
                    "stores \(other) and \(name) lie in one building, so they are lost together")
            }
            seen[place] = name
            return nil
        }
    }

    // MARK: - Objectives

    /// Worst exposure is the longest gap between runs; what the run and the proof take comes on top.
    private func recoveryPoint(_ service: Service) -> [Problem] {
        guard let objective = service.objectives.recoveryPoint else { return [] }
        return service.datasets.compactMap(plan.dataset).compactMap { dataset in
            let gaps = [dataset.schedule?.full, dataset.schedule?.incremental].compactMap { $0?.longestGap }
            guard let gap = gaps.min() else { return nil }
            guard gap >= objective else { return nil }
            return problem(
                .error, ["services", service.id, "objectives", "rpo"],
                "backups of \(dataset.id) every \(gap.text) cannot meet a recovery point of \(objective.text)",
                hint: "run them more often, or ask for less")
        }
    }

    /// A recovery time is known to within twice a probe's period and timeout (measurement.md, pitfall 1).
    private func probes(_ service: Service) -> [Problem] {
        guard let objective = service.objectives.recoveryTime else { return [] }
        return service.probes.compactMap(plan.probe).compactMap { probe in
            let width = (probe.every + probe.timeout) * 2
            guard width > objective / 10 else { return nil }
            return problem(
                .error, ["probes", probe.id, "every"],
                "a probe every \(probe.every.text) knows a recovery time to within \(width.text), too coarse to prove \(objective.text)",
                hint: "2 × (every + timeout) must be at most a tenth of the objective")
        }
    }

    private func vantage(_ service: Service) -> [Problem] {
        let instances = Set(service.instances)
        return service.probes.compactMap(plan.probe).flatMap { probe in
            probe.from.filter(instances.contains).map { name in
                problem(
                    .error, ["probes", probe.id, "from"],
                    "\(name) runs \(service.id) itself, so it is no vantage point for it",
                    hint: "probe from another site, as a client would")
            }
        }
    }

    // MARK: - Drills

    private func drillHosts() -> [Problem] {
        plan.hosts.filter { host in !host.drills.isEmpty && plan.site(host.site)?.isProduction == true }.map {
            host in
            problem(
                .warning, ["hosts", host.id, "drills"],
                "drills may run on \(host.id), which stands at a production site")
        }
    }

    private func ownSite() -> [Problem] {
        guard let own = plan.orchestrator, plan.site(own.site)?.isProduction == true else { return [] }
        return [
            problem(
                .warning, ["orchestrator", "site"],
                "Lifeboat stands at a production site and would be lost with it",
                hint: "let it stand elsewhere, with its ledger and keys")
        ]
    }
}
