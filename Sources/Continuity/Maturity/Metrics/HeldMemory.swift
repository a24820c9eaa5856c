// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// On which days which stores held a dataset, kept from one check to the next: several of table 14 ask for the same.
final class HeldMemory: Sendable {
    struct Key: Hashable {
        var within: Duration
        /// How old the newest point may be.
        var staleness: Duration
        var begin: Moment
        var end: Moment
    }

    struct Held: Sendable {
        /// One instant a day, the window's end first.
        var samples: [Moment]
        /// For each store of the history, on which samples it held a chain that counts; `nil` where it holds no copies.
        var stores: [[Bool]?]
        /// The samples at which other stores hold one than at the sample before, the first one too.
        var changes: [Int]

        /// Whether a store held a chain that counts on a sample.
        func holds(_ store: Int, _ sample: Int) -> Bool { stores[store]?[sample] ?? false }
    }

    private typealias Spans = [(from: Moment, to: Moment)]

    private let kept = Mutex<(held: [Key: Held], spans: [Duration: [[Spans]]])>((held: [:], spans: [:]))

    /// Of a history that is always the same; `counts` says whether what a store holds is a copy at all.
    func held(_ key: Key, in history: CopyHistory, where counts: (_ store: String) -> Bool) -> Held {
        kept.withLock { kept in
            if let known = kept.held[key] { return known }
            let spans =
                kept.spans[key.within]
                ?? history.stores.indices.map { history.presenceOfChains(within: key.within, in: $0) }
            kept.spans[key.within] = spans
            let made = Self.make(key, history, spans, where: counts)
            kept.held[key] = made
            return made
        }
    }

    private static func make(
        _ key: Key, _ history: CopyHistory, _ spans: [[Spans]], where counts: (String) -> Bool
    ) -> Held {
        let samples = samples(from: key.begin, to: key.end)
        let staleness = key.staleness.wholeNanoseconds
        let stores = history.stores.enumerated().map { place, store -> [Bool]? in
            guard counts(store) else { return nil }
            var marks = [Bool](repeating: false, count: samples.count)
            for (point, spans) in zip(history.points, spans[place]) where point.isWhole {
                let stale = Moment(nanoseconds: point.consistencyAt.nanoseconds + staleness)
                for span in spans {
                    let from = max(span.from, point.consistencyAt)
                    mark(&marks, key.end, from: from, to: min(span.to, stale))
                }
            }
            return marks
        }
        let changes = samples.indices.filter { sample in
            sample == 0 || stores.contains { $0.map { $0[sample] != $0[sample - 1] } ?? false }
        }
        return Held(samples: samples, stores: stores, changes: changes)
    }

    private static let day = Duration.days(1).wholeNanoseconds

    private static func samples(from begin: Moment, to end: Moment) -> [Moment] {
        var result = [end]
        var next = end.nanoseconds - day
        while next >= begin.nanoseconds {
            result.append(Moment(nanoseconds: next))
            next -= day
        }
        return result
    }

    /// Marks the samples, one a day back from `end`, that lie in a stretch of time.
    private static func mark(_ marks: inout [Bool], _ end: Moment, from: Moment, to: Moment) {
        let oldest = end.nanoseconds - from.nanoseconds
        guard from <= to, oldest >= 0 else { return }
        let newest = max(0, end.nanoseconds - to.nanoseconds)
        let first = Int((newest + day - 1) / day)
        let last = min(Int(oldest / day), marks.count - 1)
        guard first <= last else { return }
        for place in first...last { marks[place] = true }
    }
}
