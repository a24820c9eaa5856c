// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import SecureShell

extension Preflight {
    /// Whether the drill was announced for a service, long enough ago and for now.
    func announced(_ service: String, _ rule: Announcement) -> DrillFact.GuardResult {
        let name = "announced \(service)"
        let now = time.now()
        do {
            let notices = try world.notices().filter {
                $0.service == service && $0.begunAt <= now && now < $0.endedAt
            }
            let told = rule.to.isEmpty ? "" : "tell \(rule.to.joined(separator: ", ")), then "
            guard let notice = notices.first(where: { $0.begunAt - $0.announcedAt >= rule.before }) else {
                let why =
                    notices.isEmpty
                    ? "no notice covers this moment"
                    : "no notice that covers this moment was given \(rule.before.text) before it begins"
                return guardResult(
                    name, false, "\(why): \(told)'lifeboat register maintenance \(service) --from … --to …'")
            }
            let words =
                "\(notice.id) by \(notice.person), \((notice.begunAt - notice.announcedAt).text) ahead"
            guard rule.countsAsMaintenance, !counts(notice, at: now) else {
                return guardResult(name, true, words)
            }
            return guardResult(
                name, false,
                "\(words), but now is outside the maintenance window of the plan, so it would be downtime")
        } catch {
            return guardResult(name, false, "\(error)")
        }
    }

    /// Whether the plan's rule takes this moment for maintenance.
    private func counts(_ notice: MaintenanceNotice, at now: Moment) -> Bool {
        let zone = TimeZone(identifier: drill.plan.zone) ?? .gmt
        return drill.plan.maintenance.filter { $0.service == notice.service }.compactMap(MaintenanceRule.init)
            .contains { !$0.excluded([notice], zone: zone, from: now, to: now + .seconds(1)).isEmpty }
    }

    /// One line of `safety.require`.
    func requirement(_ requirement: Safety.Requirement) -> DrillFact.GuardResult {
        let name = requirement.name
        do {
            let (passed, detail) = try judge(requirement)
            return guardResult(name, passed, detail)
        } catch {
            return guardResult(name, false, "\(error)")
        }
    }

    private func judge(_ requirement: Safety.Requirement) throws -> (Bool, String) {
        switch requirement {
        case .copies(let dataset, let atLeast, let sites):
            return try copies(of: dataset, atLeast, sites)
        case .backup(let dataset, let age, let isVerified):
            let points = try holdings(of: dataset, isVerified ? [.verified] : [.verified, .stale, .claimed])
            guard let newest = points.last(where: { !$0.stores.isEmpty })?.point else {
                return (false, "there is no \(isVerified ? "verified " : "")point of \(dataset)")
            }
            let found = time.now() - newest.consistencyAt
            return (found <= age, "the newest is \(found.text) old")
        case .noOpenIncident(let service):
            let open = try world.openIncidents(service)
            return (open.isEmpty, open.isEmpty ? "none" : "open: \(open.joined(separator: ", "))")
        case .clockBound(let bound, let hosts): return try clocks(hosts, within: bound)
        case .diskFree(let host, let path, let amount):
            let disk = try DiskLook.at(path, reach.shell(at: host))
            return (!disk.isBelow(amount), "\(disk.text) at \(host):\(path)")
        case .step(let id): return try ahead(of: id)
        }
    }

    /// One whole point must lie in so many stores, proven with all it builds on: copies that are stale, damaged,
    /// lost or about to expire do not count, nor do parts of different points.
    private func copies(of dataset: String, _ atLeast: Int, _ sites: [String]) throws -> (Bool, String) {
        let points = try holdings(of: dataset, [.verified]).map { point, stores in
            (point: point, stores: stores.filter { sites.isEmpty || sites.contains(site(of: $0)) })
        }
        guard let best = points.reversed().max(by: { $0.stores.count < $1.stores.count }),
            !best.stores.isEmpty
        else { return (false, "0 proven") }
        let good = points.last { $0.stores.count >= atLeast } ?? best
        return (
            good.stores.count >= atLeast,
            "\(good.stores.count) proven of \(good.point.name): \(good.stores.joined(separator: ", "))"
        )
    }

    private func site(of store: String) -> String {
        drill.plan.store(store).flatMap(drill.plan.site(of:))?.id ?? ""
    }

    /// The whole points of a dataset, oldest first, with the stores that hold each in one of the states.
    private func holdings(
        of dataset: String, _ states: Set<Copy.State>
    ) throws -> [(point: CopyBook.Point, stores: [String])] {
        let book = try world.book()
        let within = drill.plan.dataset(dataset)?.copies.verifiedWithin ?? .zero
        let now = time.now()
        return book.points(of: dataset).filter(\.isWhole).map { point in
            (
                point,
                book.stores(holding: point.name, of: dataset, at: now, within: within, states: states)
            )
        }
    }

    private func clocks(_ hosts: [String], within bound: Duration) throws -> (Bool, String) {
        let widths = try hosts.map { host -> (String, Duration) in
            let shell = try reach.shell(at: host)
            // The second exchange goes over a connection that is open already.
            let samples = try (0..<2).map { _ in try HostClock.exchange(with: shell, time: time) }
            let map = ClockMap(samples)
            let at = Duration.nanoseconds(samples[1].hostNs)
            guard let offset = map.offset(of: host, at: at) else {
                throw OperationError(.failed, "\(host) was started anew while its clock was read")
            }
            return (host, offset.latest - offset.earliest)
        }
        let text = widths.map { "\($0.0) to \($0.1.text)" }.joined(separator: ", ")
        return (widths.allSatisfy { $0.1 <= bound }, "known: \(text)")
    }

    /// Runs a read-only step now, as a guard.
    private func ahead(of id: String) throws -> (Bool, String) {
        guard let step = drill.scenario.step(id) else { return (false, "there is no step \(id)") }
        guard !step.isMutating else { return (false, "\(id) would change something") }
        guard step.secrets.isEmpty, step.stdin == nil, step.passwords.isEmpty else {
            return (false, "\(id) needs a secret, which lies at a host only while a drill runs")
        }
        let commands = StepCommands(
            run: "preflight", plan: drill.plan,
            values: DrillValues(drill.scenario, run: "preflight", saved: [:]), scripts: drill.scripts)
        let (command, expected): (PreparedCommand, Expectation?) =
            if case .check(let check) = step.verb {
                (try commands.line(check.arguments), check)
            } else {
                (try commands.command(of: step), nil)
            }
        for host in step.touchedHosts {
            let seconds = Int((step.timeout ?? .minutes(1)).inSeconds.rounded(.up))
            let result = try reach.shell(at: host).run(
                HostScripts.once, [String(seconds), command.line], input: command.script)
            guard result.status == expected?.exit ?? 0 else { return (false, "\(host): \(result.reason)") }
            if let wanted = expected?.output, wanted != result.text {
                return (false, "\(host) said '\(result.text.prefix(200))', expected '\(wanted)'")
            }
        }
        return (true, "passed at \(step.touchedHosts.joined(separator: ", "))")
    }
}

extension Safety.Requirement {
    var name: String {
        switch self {
        case .copies(let dataset, _, _): "copies_of \(dataset)"
        case .backup(let dataset, _, _): "backup_of \(dataset)"
        case .noOpenIncident(let service): "no_open_incident \(service)"
        case .clockBound(let bound, _): "clock_bound_below \(bound.text)"
        case .diskFree(let host, let path, _): "disk_free \(host):\(path)"
        case .step(let id): "step \(id)"
        }
    }
}
