// SPDX-License-Identifier: Apache-2.0

/// How a check's bar and values are written.
struct BarWords {
    let check: Check
    let metric: Metric
    let parameters: GradeParameters

    private var bar: Double { parameters.value(of: check.bar) }

    private var grace: Double { check.grace.map(parameters.value) ?? 0 }

    /// Such as `at most 24h + 2h grace`.
    var text: String {
        let plain = "\(check.comparison.words) \(metric.unit.text(bar))"
        return grace > 0 ? "\(plain) + \(metric.unit.text(grace)) grace" : plain
    }

    /// The same in Chinese.
    var textZh: String {
        let plain = "\(check.comparison.wordsZh) \(metric.unit.chinese(bar))"
        return grace > 0 ? "\(plain)，另宽限 \(metric.unit.chinese(grace))" : plain
    }

    /// Of too few a rate is given as a count, never as a bare percentage.
    func value(_ reading: Reading) -> String {
        counted(reading) ?? metric.unit.text(from: reading.lower, to: reading.upper)
    }

    /// The same in Chinese.
    func valueZh(_ reading: Reading) -> String {
        counted(reading) ?? metric.unit.chinese(from: reading.lower, to: reading.upper)
    }

    private func counted(_ reading: Reading) -> String? {
        guard reading.isLowSample, metric.unit == .ratio, reading.lower == reading.upper,
            reading.population > 0
        else { return nil }
        return "\(Int((reading.lower * Double(reading.population)).rounded()))/\(reading.population)"
    }

    func margin(_ reading: Reading) -> String? {
        let value = check.comparison.wantsMore ? reading.lower : reading.upper
        guard value.isFinite, check.comparison != .equal else { return nil }
        let distance = check.comparison.wantsMore ? value - bar - grace : bar + grace - value
        return distance < 0 ? "-" + metric.unit.text(-distance) : metric.unit.text(distance)
    }

    /// Failures first, then the farther from the bar.
    func isWorse(
        _ one: (Reading, CriterionState), than other: (Reading, CriterionState)
    ) -> Bool {
        if one.1 != other.1 { return one.1 == .notMet }
        let left = check.comparison.wantsMore ? one.0.upper : -one.0.lower
        let right = check.comparison.wantsMore ? other.0.upper : -other.0.lower
        return (left, one.0.member) < (right, other.0.member)
    }
}
