// SPDX-License-Identifier: Apache-2.0
import Continuity

/// A linear axis from zero to its end, in percent of the width there is: drawings need no fixed width.
struct Scale: Hashable {
    let end: Double

    init(_ values: [Double]) {
        end = max(values.max() ?? 0, 0.001)
    }

    init(to end: Double) {
        self.end = max(end, 0.001)
    }

    /// Within 0 and 100.
    func percent(_ value: Double) -> Double {
        min(100, max(0, value / end * 100))
    }

    func x(_ value: Double) -> String {
        Self.text(percent(value)) + "%"
    }

    /// A width in percent.
    func width(from begin: Double, to end: Double) -> String {
        Self.text(max(0, percent(end) - percent(begin))) + "%"
    }

    static func text(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        return rest == 0 ? "\(whole)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Round instants, at most about seven of them.
    var ticks: [Double] {
        let steps: [Double] = [
            0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600,
            43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000,
        ]
        let step = steps.first { end / $0 <= 7 } ?? (end / 5)
        return Array(stride(from: 0, through: end, by: step))
    }
}
