// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// A drill run laid out over time, in seconds since its first journal record.
package struct Timeline: Hashable, Sendable, Codable {
    package var begunAt: Moment
    package var lengthSeconds: Double
    package var rows: [Row]
    package var strips: [Strip]
    package var marks: [Mark]
    /// Stretches in which no controller ran; numbers of its own probers are wider over them.
    package var gaps: [Stretch]
    package var holds: [Stretch]

    /// One step.
    package struct Row: Hashable, Sendable, Codable {
        package enum Kind: String, Hashable, Sendable, Codable {
            case machine
            /// A person was asked; the bar is the wait for the answer.
            case person
            case fault
            /// Nothing but waiting for a condition.
            case wait
            case mark
        }

        package var step: String
        package var name: String
        package var phase: Phase
        package var kind: Kind
        package var beginSeconds: Double
        /// `nil` = it had not ended when the run did.
        package var endSeconds: Double?
        package var result: DrillFact.Result?
        /// When it was taken back; `nil` = it was not, or there was nothing to take back.
        package var undo: Stretch?
    }

    /// What one prober saw.
    package struct Strip: Hashable, Sendable, Codable {
        package var probe: String
        package var host: String
        package var stretches: [Seen]

        package struct Seen: Hashable, Sendable, Codable {
            package var state: DrillSample.State
            package var beginSeconds: Double
            package var endSeconds: Double
            package var samples: Int
        }
    }

    /// A named instant, known within bounds.
    package struct Mark: Hashable, Sendable, Codable {
        package enum Kind: String, Hashable, Sendable, Codable {
            case outage
            case valid
            case named
        }

        package var kind: Kind
        package var name: String
        package var earliestSeconds: Double
        package var latestSeconds: Double
    }

    package struct Stretch: Hashable, Sendable, Codable {
        package var beginSeconds: Double
        package var endSeconds: Double
        package var text: String
    }
}

extension Timeline {
    /// Lays out what a run left behind.
    package init(_ evidence: DrillEvidence) {
        let layout = TimelineLayout(evidence)
        begunAt = evidence.records.first?.utc ?? Moment(nanoseconds: 0)
        lengthSeconds = max(0.001, evidence.records.last.map(layout.seconds) ?? 0)
        rows = layout.rows
        strips = layout.strips
        marks = layout.marks
        gaps = layout.gaps
        holds = layout.holds
    }
}

/// Works out where everything lies.
private struct TimelineLayout {
    let evidence: DrillEvidence
    let state: RunState
    let clock: ClockMap

    init(_ evidence: DrillEvidence) {
        self.evidence = evidence
        state = evidence.state
        clock = evidence.clock
    }

    /// Seconds since the first record; by wall time only where the controller was started anew meanwhile.
    func seconds(_ record: DrillRecord) -> Double {
        guard let first = evidence.records.first else { return 0 }
        return record.bootID == first.bootID
            ? (record.monotonic - first.monotonic).inSeconds : (record.utc - first.utc).inSeconds
    }

    private func seconds(_ instant: Duration) -> Double {
        (instant - (evidence.records.first?.monotonic ?? .zero)).inSeconds
    }

    var rows: [Timeline.Row] {
        evidence.scenario.steps.compactMap { step in
            let own = evidence.records.filter { $0.step == step.id }
            let acts = own.filter { ![.undoIntent, .undoDone, .undoFailed].contains($0.fact.kind) }
            guard let first = acts.first else { return nil }
            let known = state.steps[step.id]
            return Timeline.Row(
                step: step.id, name: step.name, phase: step.phase, kind: kind(step.verb),
                beginSeconds: seconds(first), endSeconds: known?.finishedAt.map(seconds),
                result: known?.finished?.result, undo: undo(own))
        }.sorted { $0.beginSeconds < $1.beginSeconds }
    }

    private func kind(_ verb: Verb) -> Timeline.Row.Kind {
        switch verb {
        case .human, .decision, .approve: .person
        case .fault: .fault
        case .waitFor: .wait
        case .mark, .inject: .mark
        default: .machine
        }
    }

    private func undo(_ records: [DrillRecord]) -> Timeline.Stretch? {
        guard let begin = records.first(where: { $0.fact.kind == .undoIntent }) else { return nil }
        let end = records.last { [.undoDone, .undoFailed].contains($0.fact.kind) }
        let text = end?.fact.kind == .undoDone ? "undone" : "undo failed"
        return Timeline.Stretch(
            beginSeconds: seconds(begin), endSeconds: end.map(seconds) ?? seconds(begin), text: text)
    }

    var strips: [Timeline.Strip] {
        evidence.tracks.sorted { $0.key < $1.key }.flatMap { probe, hosts in
            hosts.sorted { $0.key < $1.key }.compactMap { host, track in
                let seen = track.stretches.compactMap { stretch -> Timeline.Strip.Seen? in
                    guard let first = stretch.samples.first, let last = stretch.samples.last,
                        let begin = carried(first.begun, host), let end = carried(last.ended, host)
                    else { return nil }
                    return Timeline.Strip.Seen(
                        state: stretch.state, beginSeconds: begin, endSeconds: end,
                        samples: stretch.samples.count)
                }
                return seen.isEmpty ? nil : Timeline.Strip(probe: probe, host: host, stretches: seen)
            }
        }
    }

    /// The middle of what the exchanges of times allow; a drawing needs no better.
    private func carried(_ instant: Duration, _ host: String) -> Double? {
        clock.carry(Instant(earliest: instant, latest: instant), from: host).map {
            (seconds($0.earliest) + seconds($0.latest)) / 2
        }
    }

    var marks: [Timeline.Mark] {
        var marks = state.marks.sorted { $0.value.sequence < $1.value.sequence }.map { name, record in
            Timeline.Mark(
                kind: .named, name: name, earliestSeconds: seconds(record), latestSeconds: seconds(record))
        }
        for service in evidence.scenario.services {
            guard let outage = evidence.outageBegin(of: service) else { continue }
            marks.append(mark(.outage, service, outage))
            let valid = evidence.scenario.restoredWhen[service].flatMap {
                evidence.begin(of: $0, after: outage)
            }
            if let valid { marks.append(mark(.valid, service, valid)) }
        }
        return marks
    }

    private func mark(_ kind: Timeline.Mark.Kind, _ name: String, _ instant: Instant) -> Timeline.Mark {
        Timeline.Mark(
            kind: kind, name: name, earliestSeconds: seconds(instant.earliest),
            latestSeconds: seconds(instant.latest))
    }

    var gaps: [Timeline.Stretch] {
        zip(evidence.records, evidence.records.dropFirst()).compactMap { before, record in
            guard case .note(let note) = record.fact, note.text.hasPrefix("controller away") else {
                return nil
            }
            return Timeline.Stretch(
                beginSeconds: seconds(before), endSeconds: seconds(record), text: note.text)
        }
    }

    var holds: [Timeline.Stretch] {
        var open: [(step: String?, begin: Double, text: String)] = []
        var holds: [Timeline.Stretch] = []
        for record in evidence.records {
            if case .hold(let reason) = record.fact {
                open.append((record.step, seconds(record), reason.text))
            }
            // As the run's state has it: a step releases what it held, people the newest of theirs.
            guard case .release = record.fact,
                let index = open.lastIndex(where: { $0.step == record.step }) ?? open.indices.last
            else { continue }
            let (_, begin, text) = open.remove(at: index)
            holds.append(.init(beginSeconds: begin, endSeconds: seconds(record), text: text))
        }
        let end = evidence.records.last.map(seconds) ?? 0
        return holds + open.map { .init(beginSeconds: $0.begin, endSeconds: end, text: $0.text) }
    }
}
