// SPDX-License-Identifier: Apache-2.0

/// The drill day on one screen: a picture of the journal at one moment, for 80 columns and 24 lines.
///
/// It knows nothing but its evidence and the time, so any machine that can read the journal can draw it.
package struct DrillBoard: Sendable {
    package let evidence: DrillEvidence
    /// The controller's clock now; in a closed run that of the last record.
    package let now: Duration
    /// Expected lengths, for the time left.
    package let timeline: DrillTimeline
    /// What would be lost now, by service, in words; empty when nobody says.
    package let exposure: [String: String]

    /// `now`: on the controller's clock since its boot.
    package init(
        _ evidence: DrillEvidence, now: Duration, timeline: DrillTimeline? = nil,
        exposure: [String: String] = [:]
    ) {
        self.evidence = evidence
        let last = evidence.records.last?.monotonic ?? now
        self.now = evidence.state.closed == nil ? max(now, last) : last
        self.timeline = timeline ?? DrillTimeline(evidence.scenario)
        self.exposure = exposure
    }

    /// The screen, each line no wider than `width`, no more lines than `height`.
    package func lines(width: Int = 80, height: Int = 24) -> [String] {
        let state = evidence.state
        var lines = head(state)
        lines += evidence.scenario.services.map(service)
        lines += [""] + balls(state)
        lines += [next(state), path(state)].compactMap { $0 }
        if let hold = state.holds.last { lines.append("HELD: \(hold)") }
        if let stopped = state.stopped, stopped.cause != .completed {
            lines.append("STOPPED (\(stopped.cause.rawValue)): \(stopped.text)")
        }
        lines.append("undo: \(state.owedUndos.count) owed\(undoNames(state))")
        lines += strips(width: width, room: max(2, height - lines.count - 4))
        lines += log(room: max(0, height - lines.count))
        return lines.prefix(height).map { String(Self.printable($0).prefix(width)) }
    }

    // MARK: - Head

    private func head(_ state: RunState) -> [String] {
        let scenario = evidence.scenario
        let word =
            state.closed.map { "ENDED: \($0.outcome.rawValue.uppercased()), \($0.aftermath.rawValue)" }
            ?? (state.holds.isEmpty ? (state.stopped == nil ? "RUNNING" : "UNDOING") : "ON HOLD")
        let begun = evidence.records.first?.monotonic ?? now
        let pivot =
            story(state)
            ?? (scenario.steps.contains(where: \.isPivot)
                ? (state.hasPassedPivot(scenario)
                    ? "POINT OF NO RETURN PASSED" : "point of no return not reached")
                : "no point of no return")
        return [
            "\(scenario.mode.rawValue.uppercased())  \(word)  \(Self.clock(now - begun))  \(state.run)",
            scenario.title, pivot,
        ]
    }

    /// What time it is in the story; `nil` where it has no time of its own.
    private func story(_ state: RunState) -> String? {
        guard let pace = evidence.scenario.pace, let last = evidence.records.last else { return nil }
        guard let clock = StoryClock(evidence.scenario, state) else { return "STORY not begun, \(pace.text)" }
        var instant = StoryClock.Instant(last)
        instant.utc = instant.utc + (now - instant.monotonic)
        instant.monotonic = now
        return "STORY \(clock.time(at: instant).text), \(pace.text)"
    }

    private func service(_ id: String) -> String {
        let target = evidence.services.first { $0.id == id }?.objectives.recoveryTime
        let exposed = exposure[id].map { "  if lost now: \($0)" } ?? ""
        guard let outage = evidence.outageBegin(of: id) else { return "\(id): no outage yet\(exposed)" }
        let recovery = evidence.recovery(of: id)
        if recovery.serviceVerifiedAt != nil, let time = recovery.recoveryTime {
            return "\(id): RESTORED in \(time.text)\(target.map { ", target \($0.text)" } ?? "")"
        }
        let away = now - outage.earliest
        guard let target else { return "\(id): AWAY \(Self.clock(away)), no target\(exposed)" }
        let left = target - away
        let rest = left >= .zero ? "left \(Self.clock(left))" : "OVER by \(Self.clock(.zero - left))"
        return "\(id): AWAY \(Self.clock(away)) \(Self.bar(away, of: target, cells: 20)) \(rest)\(exposed)"
    }

    static func bar(_ part: Duration, of whole: Duration, cells: Int) -> String {
        let share = whole > .zero ? min(1, max(0, part.inSeconds / whole.inSeconds)) : 1
        let full = Int((share * Double(cells)).rounded(.down))
        return "[" + String(repeating: "#", count: full) + String(repeating: "-", count: cells - full) + "]"
    }

    // MARK: - Who does what

    private func next(_ state: RunState) -> String? {
        let steps = evidence.scenario.steps
        let open = steps.filter { state.steps[$0.id] == nil && $0.isIn(evidence.scenario.mode) }
        let done = steps.count { state.result(of: $0.id) != nil }
        guard let next = open.first, state.closed == nil else { return "steps: \(done) of \(steps.count)" }
        return "steps: \(done) of \(steps.count), next \(next.id): \(next.name)"
    }

    private func path(_ state: RunState) -> String? {
        guard state.closed == nil else { return nil }
        let ended = Set(evidence.scenario.steps.map(\.id).filter { state.result(of: $0) != nil })
        let elapsed = state.steps.compactMapValues { step in
            step.isGoingOn ? step.begunAt.map { now - $0.monotonic } : nil
        }
        let left = timeline.left(ended: ended, elapsed: elapsed)
        guard !left.path.isEmpty else { return nil }
        return "ETA \(Self.clock(left.length)), decided by \(left.path.joined(separator: " > "))"
    }

    private func undoNames(_ state: RunState) -> String {
        state.owedUndos.isEmpty ? "" : " (\(state.owedUndos.joined(separator: ", ")))"
    }

    // MARK: - Probes and log

    private func strips(width: Int, room: Int) -> [String] {
        let keys = evidence.tracks.flatMap { probe, hosts in hosts.keys.map { (probe, $0) } }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        let label = min(28, (keys.map { $0.0.count + $0.1.count + 1 }.max() ?? 0))
        return keys.prefix(room).map { probe, host in
            let samples = evidence.tracks[probe]?[host]?.samples ?? []
            let strip = samples.suffix(max(0, width - label - 2)).map { sample in
                switch sample.state {
                case .up: "#"
                case .down: "x"
                case .unknown: "?"
                }
            }.joined()
            let name = String("\(probe)@\(host)".prefix(label))
            return name + String(repeating: " ", count: label - name.count + 2) + strip
        }
    }

    private func log(room: Int) -> [String] {
        guard room > 1 else { return [] }
        let begun = evidence.records.first?.monotonic ?? now
        let words = evidence.records.compactMap { record in
            Self.words(of: record).map { "\(Self.clock(record.monotonic - begun)) \($0)" }
        }
        return [""] + words.suffix(room - 1)
    }

    /// What of the journal people want to see roll by.
    private static func words(of record: DrillRecord) -> String? {
        let step = record.step ?? ""
        switch record.fact {
        case .finished(let end): return "\(step) \(end.result.rawValue): \(end.actual)"
        case .mark(let mark): return "mark \(mark.name)"
        case .answer(let answer): return "\(answer.person) answers \(step): \(answer.answer)"
        case .alert(let raised): return raised.text
        case .note(let note): return "note: \(note.text)"
        case .hold(let hold): return "hold: \(hold.text)"
        case .release(let release): return "released: \(release.text)"
        case .undoDone: return "\(step) undone"
        case .undoFailed(let undo): return "\(step) UNDO FAILED: \(undo.detail)"
        case .guardChecked(let check): return check.passed ? nil : "guard \(check.name): \(check.detail)"
        default: return nil
        }
    }

    /// Hours, minutes and seconds, such as `01:02:03`.
    package static func clock(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    }

    /// A text from hosts and people, with nothing in it that a terminal would obey.
    static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let isControl = scalar.value < 32 || (127..<160).contains(scalar.value)
                    let isSteering =
                        (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
                    return isControl || isSteering ? "\u{FFFD}" : scalar
                }))
    }
}

extension RunState.StepState {
    /// Whether something of the step is on record and its end is not.
    var isGoingOn: Bool {
        finished == nil && begunAt != nil
    }
}
