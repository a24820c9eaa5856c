// SPDX-License-Identifier: Apache-2.0

/// One answer of a probe, on the prober's own clock since its boot.
package struct DrillSample: Hashable, Sendable {
    package enum State: String, Hashable, Sendable, Codable {
        case up
        case down
        /// The prober itself broke; says nothing about what it asked.
        case unknown
    }

    /// Its place in the schedule, from 0 on.
    package var number: Int
    package var planned: Duration
    /// Not before this.
    package var begun: Duration
    /// Not after this.
    package var ended: Duration
    package var state: State
    package var word: String

    package init(
        number: Int, planned: Duration, begun: Duration, ended: Duration, state: State, word: String
    ) {
        self.number = number
        self.planned = planned
        self.begun = begun
        self.ended = ended
        self.state = state
        self.word = word
    }

    /// Reads a prober's line: number, planned, begun, ended in hundredths of a second, state, word.
    ///
    /// The end is moved up by the clock's resolution, since the prober's clock cuts and does not round.
    package init?(line: some StringProtocol) {
        let words = line.split(separator: " ")
        guard words.count == 6, let number = Int(words[0]), let planned = Int64(words[1]),
            let begun = Int64(words[2]), let ended = Int64(words[3]), number >= 0, ended >= begun,
            let state = State(rawValue: String(words[4]))
        else { return nil }
        self.init(
            number: number, planned: Self.duration(planned), begun: Self.duration(begun),
            ended: Self.duration(ended + 1), state: state, word: String(words[5]))
    }

    private static func duration(_ hundredths: Int64) -> Duration {
        .milliseconds(hundredths * 10)
    }
}

/// A length of time since some boot, known within bounds.
package struct Instant: Hashable, Sendable {
    package var earliest: Duration
    package var latest: Duration

    package init(earliest: Duration, latest: Duration) {
        self.earliest = earliest
        self.latest = latest
    }
}

/// All that one prober saw, in the order of its schedule.
package struct ProbeTrack: Hashable, Sendable {
    package private(set) var samples: [DrillSample]

    /// - Parameter samples: in any order; a sample that hung is written later than the next one.
    package init(_ samples: [DrillSample]) {
        var seen: Set<Int> = []
        self.samples = samples.sorted { $0.number < $1.number }.filter { seen.insert($0.number).inserted }
    }

    /// Samples of one state without a gap or another state between them.
    package struct Stretch: Hashable, Sendable {
        package var state: DrillSample.State
        package var samples: ArraySlice<DrillSample>

        /// From the end of the first sample to the begin of the last: it was surely so for this long.
        package var certainLength: Duration {
            guard let first = samples.first, let last = samples.last else { return .zero }
            return max(.zero, last.begun - first.ended)
        }

        /// From planned instant to planned instant.
        package var plannedLength: Duration {
            guard let first = samples.first, let last = samples.last else { return .zero }
            return last.planned - first.planned
        }
    }

    /// The stretches in order; a missing number ends a stretch as another state does.
    package var stretches: [Stretch] {
        var stretches: [Stretch] = []
        var begin = samples.startIndex
        for index in samples.indices {
            let next = index + 1
            let goesOn =
                next < samples.endIndex && samples[next].state == samples[index].state
                && samples[next].number == samples[index].number + 1
            if !goesOn {
                stretches.append(Stretch(state: samples[index].state, samples: samples[begin...index]))
                begin = next
            }
        }
        return stretches
    }

    /// Whether it is so now: the newest stretch has the state, is long enough and holds enough samples.
    ///
    /// `number`: only samples from this number on are looked at.
    package func isNow(
        _ state: DrillSample.State, for window: Duration, minimum: Int, from number: Int = 0
    ) -> Bool {
        let recent = ProbeTrack(samples.filter { $0.number >= number })
        guard let last = recent.stretches.last, last.state == state else { return false }
        return last.plannedLength >= window && last.samples.count >= minimum
    }

    /// When it first went down, not before `bound`: after the last good sample began, before the first bad
    /// one ended.
    package func firstDown(after bound: Duration = .zero) -> Instant? {
        guard let bad = samples.firstIndex(where: { $0.state == .down && $0.ended >= bound }) else {
            return nil
        }
        let good = samples[..<bad].last { $0.state == .up }
        return Instant(earliest: max(good?.begun ?? bound, bound), latest: samples[bad].ended)
    }

    /// When the first stable window after `bound` began: after the last sample that was not good began,
    /// before its first good one ended.
    package func stableUp(for window: Duration, minimum: Int, after bound: Duration = .zero) -> Instant? {
        for stretch in stretches where stretch.state == .up {
            let good = stretch.samples.drop { $0.begun < bound }
            guard let first = good.first, let last = good.last, good.count >= minimum,
                last.planned - first.planned >= window
            else { continue }
            let before = samples.last { $0.number < first.number }
            return Instant(earliest: max(before?.begun ?? bound, bound), latest: first.ended)
        }
        return nil
    }
}
