// SPDX-License-Identifier: Apache-2.0

extension DrillEvidence {
    /// How one service came back, with its verdicts.
    package func recovery(of service: String) -> ServiceRecovery {
        let objective = services.first { $0.id == service }?.objectives
        let outage = outageBegin(of: service)
        let condition = scenario.restoredWhen[service]
        let valid = outage.flatMap { outage in condition.flatMap { begin(of: $0, after: outage) } }
        let time = recoveryTime(service, outage, valid, objective?.recoveryTime)
        let canary = canaryRead(of: service)
        let writes = canary == nil ? writesRead(of: service) : nil
        let point =
            writes.map { recoveryPoint($0, objective?.recoveryPoint) }
            ?? recoveryPoint(canary, outage, objective?.recoveryPoint)
        return ServiceRecovery(
            service: service, dataset: canary?.dataset ?? services.first { $0.id == service }?.datasets.first,
            recoveryTime: time.span, recoveryTimeObjective: objective?.recoveryTime,
            recoveryTimeVerdict: time.verdict,
            recoveryPoint: point.span, recoveryPointObjective: objective?.recoveryPoint,
            recoveryPointVerdict: point.verdict,
            lostRecords: writes.map { $0.lost + $0.holes.count } ?? lostRecords(canary, outage),
            reasons: time.reasons + point.reasons, disasterAt: moments(outage),
            recoveredPointAt: recoveredRecord(canary)?.writtenAt ?? writes.flatMap(recoveredWrite),
            serviceVerifiedAt: moments(valid),
            evidence: evidence, parts: outage.map { parts(service, $0, valid) } ?? [])
    }

    /// A measured length, what it means for its objective, and why.
    private struct Judged {
        var span: Span?
        var verdict: MetricVerdict
        var reasons: [String]
    }

    // MARK: - Recovery time

    private func recoveryTime(
        _ service: String, _ outage: Instant?, _ valid: Instant?, _ target: Duration?
    ) -> Judged {
        guard let outage else {
            return Judged(
                span: nil, verdict: .unproven,
                reasons: ["when the outage of \(service) began was not measured"])
        }
        guard isOfOneBoot else {
            return Judged(
                span: nil, verdict: .unproven,
                reasons: ["the controller was started anew during the run; its clock is not one"])
        }
        guard let valid else {
            let end = records.last?.monotonic ?? outage.latest
            return Judged(
                span: Span(lower: max(.zero, end - outage.latest), upper: nil), verdict: .missed,
                reasons: ["\(service) was not restored when the run ended"])
        }
        let span = Span(
            lower: max(.zero, valid.earliest - outage.latest),
            upper: max(.zero, valid.latest - outage.earliest))
        guard let target else {
            return Judged(
                span: span, verdict: .unproven, reasons: ["the plan sets no recovery time for \(service)"])
        }
        let bound = clockBound(of: service)
        guard bound <= target / 100 else {
            return Judged(
                span: span, verdict: .unproven,
                reasons: ["the clocks are known to \(bound.text) only, more than 1 % of \(target.text)"])
        }
        return Self.judge(span, against: target, "recovery time of \(service)")
    }

    private static func judge(_ span: Span, against target: Duration, _ what: String) -> Judged {
        if let upper = span.upper, upper <= target { return Judged(span: span, verdict: .met, reasons: []) }
        if span.lower > target {
            return Judged(
                span: span, verdict: .missed, reasons: ["\(what): \(span.text), target \(target.text)"])
        }
        return Judged(
            span: span, verdict: .unproven,
            reasons: ["\(what): \(span.text) does not settle whether \(target.text) was kept"])
    }

    // MARK: - Recovery point

    /// What the run read of the canary in the service's data.
    package func canaryRead(of service: String) -> DrillFact.CanaryRead? {
        let datasets = services.first { $0.id == service }?.datasets ?? []
        let reads = scenario.steps.compactMap { step -> DrillFact.CanaryRead? in
            guard case .canary(let read)? = state.steps[step.id]?.finished?.proof else { return nil }
            return read
        }
        return reads.first { datasets.contains($0.dataset) }
    }

    private func recoveredRecord(_ read: DrillFact.CanaryRead?) -> CanaryRecord? {
        guard let read, let last = read.lastSequence else { return nil }
        return acknowledged[read.canary]?.first { $0.sequence == last }
    }

    private func recoveryPoint(
        _ read: DrillFact.CanaryRead?, _ outage: Instant?, _ target: Duration?
    ) -> Judged {
        guard let read else {
            return Judged(
                span: nil, verdict: .unproven, reasons: ["no canary was read in the recovered data"])
        }
        guard let lost = moments(outage) else {
            return Judged(
                span: nil, verdict: .unproven, reasons: ["when the outage began was not measured"])
        }
        guard let last = recoveredRecord(read) else {
            return Judged(
                span: Span(lower: .zero, upper: nil), verdict: .missed,
                reasons: ["no acknowledged record of \(read.canary) came back"])
        }
        let next = (acknowledged[read.canary] ?? []).filter { $0.sequence > last.sequence }
            .min { $0.sequence < $1.sequence }
        // Between the last record that came back and the next one lies all that may have come back too.
        let reached = min(next?.acknowledgedAt ?? lost.earliest, lost.earliest)
        let span = Span(
            lower: max(.zero, lost.earliest - reached), upper: max(.zero, lost.latest - last.writtenAt))
        guard read.holes.isEmpty else {
            return Judged(
                span: span, verdict: .missed,
                reasons: ["\(read.holes.count) acknowledged records of \(read.canary) are missing in between"]
            )
        }
        guard let target else {
            return Judged(span: span, verdict: .unproven, reasons: ["the plan sets no recovery point"])
        }
        return Self.judge(span, against: target, "recovery point of \(read.dataset)")
    }

    // MARK: - Recovery point by writes

    /// What the run read of the writes that a probe of the service made.
    private func writesRead(of service: String) -> DrillFact.WritesRead? {
        let probes = Set(services.first { $0.id == service }?.probes ?? []).union(scenario.probes.map(\.id))
        return scenario.steps.compactMap { step -> DrillFact.WritesRead? in
            guard case .writes(let read)? = state.steps[step.id]?.finished?.proof else { return nil }
            return probes.contains(read.probe) ? read : nil
        }.first
    }

    /// Both ends on the clock of the host that wrote, which is the prober.
    private func recoveryPoint(_ read: DrillFact.WritesRead, _ target: Duration?) -> Judged {
        let samples = tracks[read.probe]?[read.host]?.samples ?? []
        guard let number = read.lastNumber, let last = samples.first(where: { $0.number == number }) else {
            return Judged(
                span: Span(lower: .zero, upper: nil), verdict: .missed,
                reasons: ["no answered write of \(read.probe) came back"])
        }
        // The outage lies between the last write that was answered and the first one that was not.
        let down = samples.first { $0.number > number && $0.state == .down }
        let answered = samples.last { $0.state == .up && $0.number < (down?.number ?? .max) } ?? last
        let next = samples.first { $0.number > number && $0.state == .up }
        let reached = next.map { min($0.ended, answered.ended) } ?? last.ended
        let span = Span(
            lower: read.lost == 0 ? .zero : max(.zero, answered.begun - reached),
            upper: max(.zero, (down?.ended ?? answered.ended) - last.begun))
        guard read.holes.isEmpty else {
            return Judged(
                span: span, verdict: .missed,
                reasons: ["\(read.holes.count) answered writes of \(read.probe) are missing in between"])
        }
        guard let target else {
            return Judged(span: span, verdict: .unproven, reasons: ["the plan sets no recovery point"])
        }
        return Self.judge(span, against: target, "recovery point by \(read.probe)")
    }

    private func recoveredWrite(_ read: DrillFact.WritesRead) -> Moment? {
        guard let number = read.lastNumber,
            let sample = tracks[read.probe]?[read.host]?.samples.first(where: { $0.number == number }),
            let instant = clock.carry(
                Instant(earliest: sample.begun, latest: sample.ended), from: read.host)
        else { return nil }
        return moment(instant.earliest)
    }

    /// Acknowledged before the outage and not recovered; `nil` when unknown.
    private func lostRecords(_ read: DrillFact.CanaryRead?, _ outage: Instant?) -> Int? {
        guard let read, let lost = moments(outage) else { return nil }
        let before = (acknowledged[read.canary] ?? []).filter { $0.acknowledgedAt <= lost.latest }
        guard let last = read.lastSequence else { return before.count }
        return before.filter { $0.sequence > last }.count + read.holes.count
    }

    // MARK: - Parts

    private func parts(_ service: String, _ outage: Instant, _ valid: Instant?) -> [RecoveryPart] {
        let assumed = (scenario.clock(of: service)?.notMeasured ?? []).map {
            RecoveryPart(
                name: $0.part, span: Span(lower: $0.assume, upper: $0.assume), isAssumed: true,
                because: $0.because)
        }
        let detected = end(of: .detect)
        let declared = end(of: .decide)
        let answered = scenario.restoredWhen[service].flatMap { firstAnswer(in: $0, after: outage) }
        var measured: [RecoveryPart] = []
        var from = outage
        for (name, to) in [
            ("detect", detected), ("decide", declared), ("recover", answered), ("validate", valid),
        ] {
            guard let to else { continue }
            let span = Span(
                lower: max(.zero, to.earliest - from.latest), upper: max(.zero, to.latest - from.earliest))
            measured.append(RecoveryPart(name: name, span: span, isAssumed: false))
            from = to
        }
        return measured + assumed
    }

    /// The end of the last passed step of a phase.
    private func end(of phase: Phase) -> Instant? {
        let ends = scenario.steps.filter { $0.phase == phase }.compactMap { step -> Duration? in
            guard let known = state.steps[step.id], known.finished?.result == .passed else { return nil }
            return known.finishedAt?.monotonic
        }
        return ends.max().map { Instant(earliest: $0, latest: $0) }
    }

    /// When the service first answered stably, whether its data were proven or not.
    package func firstAnswer(in condition: Condition, after outage: Instant) -> Instant? {
        let probes = condition.leaves.filter { if case .probe = $0 { true } else { false } }
        return latest(of: probes.compactMap { begin(of: $0, after: outage) })
    }

    // MARK: - Evidence

    /// How strong the run's numbers are (measurement.md; drills.md, rules 17 and 18).
    ///
    /// A tree check that was not seen to go red counts as a readiness check.
    package var evidence: EvidenceClass {
        let proofs = state.steps.values.compactMap { $0.finished?.proof }
        // Another program may have brought the data back; canary records read where they should be show it.
        let hasRestored = proofs.contains { proof in
            switch proof {
            case .restored: true
            case .canary(let read): read.lastSequence != nil
            default: false
            }
        }
        let isProven = proofs.contains {
            if case .tree(let tree) = $0 { tree.isWhole && !tree.wentRedOn.isEmpty } else { false }
        }
        switch scenario.mode {
        case .talk: return .talk
        case .rehearse: return .none
        case .sandbox, .live:
            if provesSwitch { return isOfUnannouncedSwitch ? .unannouncedSwitch : .announcedSwitch }
            guard hasRestored else { return .talk }
            guard isProven else { return .readiness }
            return isRecoveredInIsolation ? .isolatedRecovery : .componentRestore
        }
    }

    /// What the cuts of the run have proven, in the order of the journal.
    package var isolations: [DrillFact.Isolation] {
        records.compactMap { if case .guardChecked(let check) = $0.fact { check.isolation } else { nil } }
    }

    /// A service answered from restored data while its old site was proven not to be used, each restoring
    /// host in a network of its own.
    ///
    /// The cap of rule 17: with the orchestrator's own site declared lost, it must have come back first.
    private var isRecoveredInIsolation: Bool {
        let cuts = isolations.filter { $0.isProven && $0.kind == .netns }
        let restoring = Set(
            state.steps.values.compactMap { step -> String? in
                if case .restored(let restored)? = step.finished?.proof { restored.host } else { nil }
            })
        guard restoring.allSatisfy({ host in cuts.contains { $0.host == host } }),
            !isolations.contains(where: { !$0.isProven || $0.site == state.opened?.orchestratorSite })
        else { return false }
        return scenario.services.contains { service in
            guard let condition = scenario.restoredWhen[service], let outage = outageBegin(of: service) else {
                return false
            }
            return firstAnswer(in: condition, after: outage) != nil
                && begin(of: condition, after: outage) != nil
        }
    }

    /// A live run whose point of no return passed, with the data proven behind it.
    private var provesSwitch: Bool {
        scenario.mode == .live
            && scenario.steps.contains { $0.isPivot && state.result(of: $0.id) == .passed }
            && state.steps.values.contains {
                if case .writes? = $0.finished?.proof { $0.finished?.result == .passed } else { false }
            }
    }

    /// Unannounced counts only with the way back (measurement.md, evidence class).
    private var isOfUnannouncedSwitch: Bool {
        !scenario.isAnnounced
            && scenario.steps.contains { $0.phase == .wayBack && state.result(of: $0.id) == .passed }
    }
}
