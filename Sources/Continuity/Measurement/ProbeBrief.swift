// SPDX-License-Identifier: Apache-2.0

/// Writes what several runs of one probe at one vantage point say, without when each sample was taken, in few bytes.
package struct ProbeBriefWriter {
    private var writer = BriefWriter()

    package init() {}

    /// How many bytes it takes until now.
    package var count: Int { writer.count }

    package var bytes: [UInt8] { writer.sealed }

    /// Takes the next event; those of other kinds are passed over.
    package mutating func take(_ event: Event) {
        guard case .probeRun(let run) = event.body else { return }
        writer.moment(event.recordedAt)
        writer.byte(run.state.brief)
        writer.moment(run.firstAt)
        writer.number(run.periodNs)
        writer.number(run.count)
    }
}

/// Gathers what briefs say of one probe at one vantage point.
package struct ProbeBriefReader {
    private let asOf: Moment
    private var found: [ProbeStretch] = []

    /// What was written down later than `asOf` is passed over.
    package init(asOf: Moment) { self.asOf = asOf }

    /// - Throws: `DamagedBrief` when the bytes are none.
    package mutating func take(brief: UnsafeRawBufferPointer) throws {
        var reader = try BriefReader(brief)
        while !reader.isAtEnd {
            let recordedAt = try reader.moment()
            let state = try ProbeRun.State(brief: try reader.byte())
            let stretch = ProbeStretch(
                state: state, firstAt: try reader.moment(), periodNs: try reader.number(),
                samples: try reader.number())
            if recordedAt <= asOf { found.append(stretch) }
        }
    }

    /// In order, what belongs together in one.
    package func stretches(_ timeline: ProbeTimeline) -> [ProbeStretch] { timeline.stretches(of: found) }
}

extension ProbeRun.State: BriefWord {
    static let briefWords: [ProbeRun.State] = [.up, .down, .unknown]
}
