// SPDX-License-Identifier: Apache-2.0

extension RecoveryMeasurement {
    /// What stands ready for the service, as far as it is proven: 1 by any recovery; 3 by one that restored
    /// nothing, while the probes of the standby were good; 4 when several places answer besides.
    func standby() -> Reading {
        let declared = query.facts.plan.service(service)?.standby ?? .none
        let wanted = Double(Self.rank(of: declared))
        let proofs = recoveries.filter { $0.recovery.serviceVerifiedAt != nil }
        let probed = standbyShare
        let proven = rank(provenBy: proofs.last?.drill.run, probed, declared)
        var upper = declared == .none ? Double.infinity : max(wanted, proven)
        var detail = Detail.standby(
            proofs.last.map {
                .broughtBack(
                    service: service, run: $0.drill.run.run,
                    restored: Self.isRestored($0.drill.run, datasets), promised: declared)
            } ?? .notBroughtBack(service: service, promised: declared))
        if let probed {
            detail = detail + .standby(.standbyProbes(atLeast: probed.low))
            if probed.high < hotShare { upper = max(proven, min(upper, 2)) }
        }
        return Reading(
            service, from: proven, to: upper, detail: detail,
            settledBy: wanted >= 3
                ? "a drill that brings \(service) back without a restore, and standby_probes of it in the plan"
                : "a drill that brings \(service) back at its standby",
            declared: wanted, hasNoSource: proofs.isEmpty, population: proofs.count,
            evidence: proofs.map(\.drill.number))
    }

    static func rank(of standby: Standby) -> Int {
        Standby.allCases.firstIndex(of: standby) ?? 0
    }

    private var datasets: [String] { query.facts.plan.service(service)?.datasets ?? [] }

    private var hotShare: Double { query.parameters.number("hot_standby_ok") }

    /// The share of the window in which the standby answered; `nil` when the plan has no probe of it.
    private var standbyShare: (low: Double, high: Double)? {
        guard let service = query.facts.plan.service(service), !service.standbyProbes.isEmpty else {
            return nil
        }
        let track = query.facts.availability.standbyTrack(of: service, from: query.begin, to: query.end)
        let length = (query.end - query.begin).inSeconds
        guard length > 0 else { return nil }
        return (track.length(of: .up).inSeconds / length, 1 - track.length(of: .down).inSeconds / length)
    }

    private func rank(
        provenBy run: DrillRun?, _ probed: (low: Double, high: Double)?, _ declared: Standby
    ) -> Double {
        guard let run else { return 0 }
        guard let probed, probed.low >= hotShare, let steps = run.steps,
            !steps.contains(where: { $0.restores(datasets) })
        else { return 1 }
        let places = query.facts.plan.service(service).map { ActivePlaces(query, $0).answering.count } ?? 0
        return declared == .activeActive && places > 1 ? 4 : 3
    }

    /// Whether one of the datasets was brought back from a store; `nil` for a run without steps.
    private static func isRestored(_ run: DrillRun, _ datasets: [String]) -> Bool? {
        run.steps.map { steps in steps.contains { $0.restores(datasets) } }
    }
}

extension DrillRun.StepRun {
    /// Whether it brought one of these datasets back from a store.
    func restores(_ datasets: [String]) -> Bool { dataset.map(datasets.contains) ?? false }
}

/// The facilities at which a service has instances, and which of them answered in the last day.
struct ActivePlaces {
    let named: Set<String>
    let answering: Set<String>
    let isProbed: Bool

    init(_ query: MetricQuery, _ service: Service) {
        let plan = query.facts.plan
        var named: Set<String> = []
        var answering: Set<String> = []
        var isProbed = false
        let probes = (service.probes + service.standbyProbes).compactMap(plan.probe)
        for host in service.instances.compactMap(plan.host) {
            guard let facility = plan.site(host.site)?.facility ?? plan.site(host.site)?.id else { continue }
            named.insert(facility)
            let mine = probes.filter { $0.asks(host) }
            if !mine.isEmpty { isProbed = true }
            let track = query.facts.availability.track(of: mine, from: query.end - .days(1), to: query.end)
            if track.length(of: .up) > .zero, track.pieces.last(where: { $0.state != .unknown })?.state == .up
            {
                answering.insert(facility)
            }
        }
        self.named = named
        self.answering = answering
        self.isProbed = isProbed
    }
}

extension Probe {
    /// Whether it asks a host by the name or address under which the plan reaches it.
    fileprivate func asks(_ host: Host) -> Bool {
        switch kind {
        case .http(let url):
            let rest = url.components(after: "://")
            return rest == host.ssh.host || rest == host.id
        case .tcp(let address):
            let name = address.prefix(upTo: address.lastIndex(of: ":") ?? address.endIndex)
                .filter { $0 != "[" && $0 != "]" }
            return name == host.ssh.host || name == host.id
        case .command, .sql, .fileHash: return false
        }
    }
}

extension String {
    /// The host of a URL: what stands behind a mark, up to the port or the path.
    fileprivate func components(after mark: String) -> String {
        guard let range = range(of: mark) else { return self }
        return String(self[range.upperBound...].prefix { $0 != "/" && $0 != ":" && $0 != "?" })
    }

    private func range(of mark: String) -> Range<String.Index>? {
        var at = startIndex
        while at < endIndex {
            if self[at...].hasPrefix(mark) { return at..<index(at, offsetBy: mark.count) }
            at = index(after: at)
        }
        return nil
    }
}
