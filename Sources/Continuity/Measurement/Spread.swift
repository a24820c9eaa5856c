// SPDX-License-Identifier: Apache-2.0

/// A set of lengths of time, as they should be shown: never a bare mean.
package struct Spread: Hashable, Sendable, Codable {
    /// How many are complete.
    package var count: Int
    /// Still open: counted with their age when that raises the mean.
    package var open: Int
    package var meanSeconds: Double?
    package var medianSeconds: Double?
    /// The nearest-rank 90th percentile.
    package var p90Seconds: Double?
    package var leastSeconds: Double?
    package var mostSeconds: Double?

    package init(_ lengths: [Duration], open ages: [Duration] = []) {
        let done = lengths.map(\.inSeconds)
        var all = done
        for age in ages.map(\.inSeconds) {
            let mean = all.isEmpty ? 0 : all.reduce(0, +) / Double(all.count)
            if age > mean { all.append(age) }
        }
        all.sort()
        count = done.count
        open = ages.count
        guard let least = all.first, let most = all.last else { return }
        meanSeconds = all.reduce(0, +) / Double(all.count)
        let middle = all.count / 2
        medianSeconds = all.count % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2
        p90Seconds = all[(all.count * 9 + 9) / 10 - 1]
        leastSeconds = least
        mostSeconds = most
    }

    /// Too few for any statement about a trend (measurement.md).
    package var isTooFew: Bool { count < 5 }
}
