// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The share of a stretch of time in which a service was up, twice: by agreement and by the standard.
package struct Availability: Hashable, Sendable, Codable {
    package var service: String
    package var begunAt: Moment
    package var endedAt: Moment
    package var upSeconds: Double
    /// Down outside announced maintenance.
    package var downSeconds: Double
    /// Announced maintenance by the plan's rule.
    package var excludedSeconds: Double
    package var unknownSeconds: Double
    /// Down at all, maintenance or not.
    package var allDownSeconds: Double
    /// Unknown at all.
    package var allUnknownSeconds: Double
    package var outages: Int
    /// About how short an outage can be seen; `nil` without a probe.
    package var resolutionSeconds: Double?
    package var probes: [String]

    /// 1 - down / (time - excluded - unknown); `nil` when nothing is known.
    package var agreed: Double? {
        let known = upSeconds + downSeconds
        return known > 0 ? upSeconds / known : nil
    }

    /// Unknown counted as down.
    package var agreedLow: Double { ratio(upSeconds, upSeconds + downSeconds + unknownSeconds) ?? 0 }

    /// Unknown counted as up.
    package var agreedHigh: Double {
        ratio(upSeconds + unknownSeconds, upSeconds + downSeconds + unknownSeconds) ?? 1
    }

    /// Maintenance counted as it was, unknown as down (table 15).
    package var standardLow: Double { 1 - (ratio(allDownSeconds + allUnknownSeconds, length) ?? 1) }

    package var standardHigh: Double { 1 - (ratio(allDownSeconds, length) ?? 0) }

    /// The share of the time outside maintenance of which anything is known.
    package var coverage: Double {
        ratio(upSeconds + downSeconds, upSeconds + downSeconds + unknownSeconds) ?? 0
    }

    private var length: Double { (endedAt - begunAt).inSeconds }

    private func ratio(_ part: Double, _ whole: Double) -> Double? { whole > 0 ? part / whole : nil }

    init(
        service: String, raw: StateTrack, excluded: [(from: Moment, to: Moment)], resolution: Duration?,
        probes: [String]
    ) {
        self.service = service
        begunAt = raw.begin
        endedAt = raw.end
        let track = raw.excluding(excluded)
        upSeconds = track.length(of: .up).inSeconds
        downSeconds = track.length(of: .down).inSeconds
        excludedSeconds = track.length(of: .excluded).inSeconds
        unknownSeconds = track.length(of: .unknown).inSeconds
        allDownSeconds = raw.length(of: .down).inSeconds
        allUnknownSeconds = raw.length(of: .unknown).inSeconds
        outages = track.pieces.count { $0.state == .down }
        resolutionSeconds = resolution?.inSeconds
        self.probes = probes
    }
}

extension StateTrack {
    /// The same with stretches of announced maintenance laid over it.
    package func excluding(_ spans: [(from: Moment, to: Moment)]) -> StateTrack {
        guard !spans.isEmpty else { return self }
        var cover = StateTrack(from: begin, to: end)
        for span in spans {
            cover.extend(to: span.from, .up)
            cover.extend(to: span.to, .excluded)
        }
        cover.close(.up)
        return .combining([self, cover], from: begin, to: end) { $0[1] == .excluded ? .excluded : $0[0] }
    }
}

/// Everything that probes say of services over a stretch of time.
package struct AvailabilityBook: Sendable {
    private let plan: Plan
    private let runs: [String: [String: [ProbeStretch]]]
    private let notices: [MaintenanceNotice]
    private var timeline: ProbeTimeline
    private let zone: TimeZone

    package init(_ events: some Sequence<Event>, plan: Plan, timeline: ProbeTimeline = ProbeTimeline()) {
        var runs: [String: [String: [ProbeRun]]] = [:]
        for event in events {
            guard case .probeRun(let run) = event.body else { continue }
            runs[run.probe, default: [:]][run.vantage, default: []].append(run)
        }
        self.init(
            plan: plan, stretches: runs.mapValues { $0.mapValues { timeline.stretches($0) } },
            notices: events, timeline: timeline)
    }

    /// From stretches by probe and vantage point, and the notices among events.
    package init(
        plan: Plan, stretches: [String: [String: [ProbeStretch]]], notices events: some Sequence<Event>,
        timeline: ProbeTimeline = ProbeTimeline()
    ) {
        self.plan = plan
        self.timeline = timeline
        zone = TimeZone(identifier: plan.zone) ?? .gmt
        runs = stretches
        var newest: [String: Numbered<MaintenanceNotice>] = [:]
        for event in events {
            guard case .maintenanceNotice(let notice) = event.body,
                event.sequence >= newest[notice.id]?.number ?? 0
            else { continue }
            newest[notice.id] = Numbered(event.sequence, notice)
        }
        notices = newest.values.map(\.value)
    }

    /// The same samples, read by another rule for when an outage opens and when silence is unknown.
    package func read(by timeline: ProbeTimeline) -> AvailabilityBook {
        var book = self
        book.timeline = timeline
        return book
    }

    /// The probes that tell whether a service is up.
    package func probes(of service: Service) -> [Probe] {
        service.probes.compactMap(plan.probe).filter { !$0.expectsDown }
    }

    /// What is known of a service by its own probes at every instant; maintenance is not laid over it.
    package func track(of service: Service, from begin: Moment, to end: Moment) -> StateTrack {
        track(of: probes(of: service), from: begin, to: end)
    }

    /// What is known of what stands ready for a service at the other site.
    package func standbyTrack(of service: Service, from begin: Moment, to end: Moment) -> StateTrack {
        track(of: service.standbyProbes.compactMap(plan.probe), from: begin, to: end)
    }

    /// What some probes say together: down when half of their vantage points or more see it down.
    ///
    /// A vantage point has a say from its first sample on, and where the plan no longer names it up to its last: one
    /// that is new, or was given up, does not make unknown what the others saw without it.
    package func track(of probes: [Probe], from begin: Moment, to end: Moment) -> StateTrack {
        let voices = probes.flatMap { probe in
            (runs[probe.id] ?? [:]).compactMap { vantage, stretches -> Voice? in
                guard let first = stretches.first, let last = stretches.last else { return nil }
                return Voice(
                    from: first.firstAt, to: probe.from.contains(vantage) ? end : last.endsAt,
                    track: timeline.track(stretches, from: begin, to: end))
            }
        }
        var result = StateTrack(from: begin, to: end)
        let inside = voices.flatMap { [$0.from, $0.to] }.filter { $0 > begin && $0 < end }
        let edges = [begin] + Set(inside).sorted() + [end]
        for (from, to) in zip(edges, edges.dropFirst()) where from < to {
            let heard = voices.filter { $0.from <= from && $0.to >= to }.map {
                $0.track.clipped(from: from, to: to)
            }
            for piece in StateTrack.combining(heard, from: from, to: to, by: StateTrack.majority).pieces {
                result.extend(to: piece.to, piece.state)
            }
        }
        return result
    }

    /// What one vantage point saw, and when it had a say.
    private struct Voice {
        var from: Moment
        var to: Moment
        var track: StateTrack
    }

    /// The same with everything it depends on: down when one of them is.
    package func compositeTrack(of service: Service, from begin: Moment, to end: Moment) -> StateTrack {
        var seen: Set<String> = [service.id]
        var open = [service]
        var tracks: [StateTrack] = []
        while let next = open.popLast() {
            tracks.append(track(of: next, from: begin, to: end))
            open += next.dependsOn.filter { seen.insert($0).inserted }.compactMap(plan.service)
        }
        return .combining(tracks, from: begin, to: end, by: StateTrack.needingAll)
    }

    package func availability(
        of service: Service, from begin: Moment, to end: Moment, isComposite: Bool = false
    ) -> Availability {
        let raw =
            isComposite
            ? compositeTrack(of: service, from: begin, to: end) : track(of: service, from: begin, to: end)
        let mine = notices.filter { $0.service == service.id }
        let excluded = plan.maintenance.filter { $0.service == service.id }.compactMap(MaintenanceRule.init)
            .flatMap { $0.excluded(mine, zone: zone, from: begin, to: end) }
            .sorted { $0.from < $1.from }
        let probes = probes(of: service)
        return Availability(
            service: service.id, raw: raw, excluded: excluded,
            resolution: probes.map { Duration(roundedSeconds: 2 * ($0.every + $0.timeout).inSeconds) }.min(),
            probes: probes.map(\.id))
    }

    /// Whether a probe has a sample on each of the last days before an instant.
    package func isFed(_ probe: Probe, days: Int, before end: Moment) -> Bool {
        let all = (runs[probe.id] ?? [:]).values.flatMap { $0 }.filter { $0.state != .unknown }
        return (0..<days).allSatisfy { day in
            let to = end - .days(day)
            let from = to - .days(1)
            return all.contains { $0.firstAt < to && $0.endsAt > from }
        }
    }
}
