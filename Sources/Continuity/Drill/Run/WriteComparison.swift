// SPDX-License-Identifier: Apache-2.0

/// The writes that a probe made against the rows that are there now.
///
/// Only an answered write counts: one whose answer was lost may be there or not (measurement.md, pitfall 10).
package struct WriteComparison: Hashable, Sendable {
    package let track: ProbeTrack
    package let rows: Set<Int>

    package init(track: ProbeTrack, rows: Set<Int>) {
        self.track = track
        self.rows = rows
    }

    /// Answered writes without a refusal between them.
    ///
    /// What is missing at the end of such a stretch was lost with the service; what is missing before one
    /// that is there is a hole.
    private var stretches: [ArraySlice<DrillSample>] {
        track.samples.split { $0.state != .up }
    }

    package func read(probe: String, host: String) -> DrillFact.WritesRead {
        var (lost, holes): ([DrillSample], [Int]) = ([], [])
        var (last, window): (DrillSample?, Duration) = (nil, .zero)
        var answered = 0
        for stretch in stretches {
            answered += stretch.count
            let newest = stretch.last { rows.contains($0.number) }
            let behind = stretch.filter { $0.number > (newest?.number ?? -1) }
            holes += stretch.filter { $0.number < (newest?.number ?? 0) && !rows.contains($0.number) }
                .map(\.number)
            // The first loss is the disaster's; the recovery point lies before it.
            if lost.isEmpty, let newest { last = newest }
            if lost.isEmpty, let end = behind.last, let last { window = end.ended - last.begun }
            lost += behind
        }
        return DrillFact.WritesRead(
            probe: probe, host: host, acknowledged: answered, recovered: answered - lost.count - holes.count,
            lastNumber: last?.number, lost: lost.count, holes: Array(holes.prefix(1_000)),
            lostWindowNs: last == nil ? nil : window.wholeNanoseconds)
    }
}
