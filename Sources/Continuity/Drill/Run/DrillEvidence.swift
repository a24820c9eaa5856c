// SPDX-License-Identifier: Apache-2.0

/// All that a run left behind, from which its verdict follows: the same evidence always gives the same.
package struct DrillEvidence: Hashable, Sendable {
    package var scenario: Scenario
    package var records: [DrillRecord]
    /// The pulled samples, by probe and by the host that asked.
    package var tracks: [String: [String: ProbeTrack]]
    /// The acknowledged records of each canary.
    package var acknowledged: [String: [CanaryRecord]]
    package var services: [Service]
    package var journalSha256: String

    package init(
        scenario: Scenario, records: [DrillRecord], tracks: [String: [String: ProbeTrack]],
        acknowledged: [String: [CanaryRecord]], services: [Service], journalSha256: String
    ) {
        self.scenario = scenario
        self.records = records
        self.tracks = tracks
        self.acknowledged = acknowledged
        self.services = services
        self.journalSha256 = journalSha256
    }

    package var state: RunState {
        RunState(folding: records)
    }

    // MARK: - Instants on the controller's clock

    package var clock: ClockMap {
        ClockMap(records.compactMap { if case .clockSample(let sample) = $0.fact { sample } else { nil } })
    }

    /// Whether all records were written in one boot of the controller, so that its clock is one.
    package var isOfOneBoot: Bool {
        Set(records.map(\.bootID)).count == 1 && records.first?.bootID.isEmpty == false
    }

    /// When the first disturbance was about to be made; no outage of this drill is older.
    private var disruptedAt: Duration? {
        let disrupting = Set(scenario.steps.filter { $0.phase == .disrupt }.map(\.id))
        return records.first { record in
            guard let step = record.step, disrupting.contains(step) else { return false }
            return [.intent, .mark, .started].contains(record.fact.kind)
        }?.monotonic
    }

    /// When a service's outage began.
    package func outageBegin(of service: String) -> Instant? {
        switch scenario.clock(of: service)?.outageBegins {
        case .mark(let name):
            return state.marks[name].map { Instant(earliest: $0.monotonic, latest: $0.monotonic) }
        case .probe(let name):
            return (tracks[name] ?? [:]).compactMap { host, track in
                let bound = disruptedAt.flatMap { onHost(host, $0) } ?? .zero
                return track.firstDown(after: bound).flatMap { clock.carry($0, from: host) }
            }.min { $0.latest < $1.latest }
        case nil:
            return nil
        }
    }

    /// How long people took over an objective: from its mark, else from its first question, to the last answer.
    ///
    /// - Returns: `nil` while nobody has answered, or when the controller's clock is not one.
    package func time(over objective: DrillObjective) -> Duration? {
        ends(of: objective).map { max(.zero, $0.last.monotonic - $0.first.monotonic) }
    }

    /// The same in the time of the story, which is what an objective's target speaks of; `nil` where the
    /// story has no pace of its own.
    package func storyTime(over objective: DrillObjective) -> Duration? {
        guard let clock = StoryClock(scenario, state), let ends = ends(of: objective) else { return nil }
        return clock.elapsed(from: .init(ends.first), to: .init(ends.last))
    }

    private func ends(of objective: DrillObjective) -> (first: DrillRecord, last: DrillRecord)? {
        let state = state
        let steps = scenario.steps.filter { $0.question?.objective == objective.id }
        let marks = steps.compactMap { $0.question?.clockFrom }.compactMap { state.marks[$0] }
        let begun = (marks.isEmpty ? steps.compactMap { state.steps[$0.id]?.begunAt } : marks)
            .min { $0.sequence < $1.sequence }
        let ended = steps.compactMap { state.steps[$0.id]?.finishedAt }.max { $0.sequence < $1.sequence }
        guard let begun, let ended, begun.bootID == ended.bootID else { return nil }
        return (begun, ended)
    }

    /// What of the run stands beside a question: saved values, and how its probes answer now.
    package func shown(beside question: Question) -> [String] {
        let saved = state.saved
        return question.shows.map { name in
            if let value = saved[name] { return "\(name): \(value)" }
            let last = (tracks[name] ?? [:]).sorted { $0.key < $1.key }.map { host, track in
                "\(track.samples.last?.state.rawValue ?? "not asked yet") at \(host)"
            }
            return "\(name): \(last.isEmpty ? "not known yet" : last.joined(separator: ", "))"
        }
    }

    /// When a condition came to hold for good, after the outage had begun.
    package func begin(of condition: Condition, after outage: Instant) -> Instant? {
        switch condition {
        case .probe(let probe):
            let seen = (tracks[probe.probe] ?? [:]).compactMap { host, track -> Instant? in
                let bound = onHost(host, outage.earliest) ?? .zero
                let found =
                    probe.state == .up
                    ? track.stableUp(for: probe.window, minimum: probe.minimum, after: bound)
                    : track.firstDown(after: bound)
                return found.flatMap { clock.carry($0, from: host) }
            }.sorted { $0.latest < $1.latest }
            return seen.count >= probe.fromAtLeast ? seen[probe.fromAtLeast - 1] : nil
        case .step(let id):
            guard let step = state.steps[id], step.finished?.result == .passed else { return nil }
            return step.finishedAt.map { Instant(earliest: $0.monotonic, latest: $0.monotonic) }
        case .answer(let name, let value):
            let record = records.last {
                guard case .finished(let end) = $0.fact else { return false }
                return end.saved[name] == value
            }
            return record.map { Instant(earliest: $0.monotonic, latest: $0.monotonic) }
        case .all(let parts):
            let begins = parts.map { begin(of: $0, after: outage) }
            guard !begins.contains(nil) else { return nil }
            return latest(of: begins.compactMap { $0 })
        case .any(let parts):
            let begins = parts.compactMap { begin(of: $0, after: outage) }
            guard let earliest = begins.map(\.earliest).min(), let latest = begins.map(\.latest).min() else {
                return nil
            }
            return Instant(earliest: earliest, latest: latest)
        // An alert does not say that a service is back, and may not stand in `restored_when` (Decision 0114).
        case .alert, .not:
            return nil
        }
    }

    func latest(of begins: [Instant]) -> Instant? {
        guard let earliest = begins.map(\.earliest).max(), let latest = begins.map(\.latest).max() else {
            return nil
        }
        return Instant(earliest: earliest, latest: latest)
    }

    /// An instant of the controller on a host's clock, as early as it may be.
    private func onHost(_ host: String, _ instant: Duration) -> Duration? {
        guard let rough = clock.offset(of: host, at: instant) else { return nil }
        guard let offset = clock.offset(of: host, at: instant - rough.earliest) else { return nil }
        return instant - offset.latest
    }

    /// An instant of the controller's clock as wall time, by the record nearest to it.
    package func moment(_ instant: Duration) -> Moment? {
        records.min { abs(($0.monotonic - instant).inSeconds) < abs(($1.monotonic - instant).inSeconds) }
            .map { $0.utc + (instant - $0.monotonic) }
    }

    package func moments(_ instant: Instant?) -> MomentRange? {
        guard let instant, let earliest = moment(instant.earliest), let latest = moment(instant.latest) else {
            return nil
        }
        return MomentRange(earliest: earliest, latest: latest)
    }

    /// How wide the offsets of all probers are known, at worst.
    package var clockWidth: Duration {
        services.map { clockBound(of: $0.id) }.max() ?? .zero
    }

    /// How wide the offsets of the probers that a service's condition rests on are known, at worst.
    package func clockBound(of service: String) -> Duration {
        var names = Set(
            (scenario.restoredWhen[service]?.leaves ?? []).compactMap {
                if case .probe(let probe) = $0 { probe.probe } else { nil }
            })
        if case .probe(let name)? = scenario.clock(of: service)?.outageBegins { names.insert(name) }
        let hosts = Set(names.flatMap { tracks[$0]?.keys.map { $0 } ?? [] })
        return hosts.compactMap { host in
            let instants = tracks.values.compactMap { $0[host]?.samples.last?.ended }
            guard let last = instants.max(), let offset = clock.offset(of: host, at: last) else { return nil }
            return offset.latest - offset.earliest
        }.max() ?? .zero
    }
}
