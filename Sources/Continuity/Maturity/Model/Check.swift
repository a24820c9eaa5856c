// SPDX-License-Identifier: Apache-2.0

/// A measured value and what it must be.
package struct Check: Hashable, Sendable {
    /// The name of a metric in ``MetricRegistry``.
    package var metric: String
    package var scope: CheckScope?
    package var comparison: Comparison
    package var bar: Bar
    /// Allowed on top of the bar.
    package var grace: Bar?
    /// How old the newest point in a store may be for the copy to count; the sum.
    package var staleness: [Bar]
    package var types: [Exercise]
    /// `planned` or `emergency`, for changes.
    package var kind: String?
    /// `5x8` or `24x7`, for duty.
    package var pattern: String?
    package var dedication: String?

    package init(
        metric: String, scope: CheckScope? = nil, comparison: Comparison, bar: Bar, grace: Bar? = nil,
        staleness: [Bar] = [], types: [Exercise] = [], kind: String? = nil, pattern: String? = nil,
        dedication: String? = nil
    ) {
        self.metric = metric
        self.scope = scope
        self.comparison = comparison
        self.bar = bar
        self.grace = grace
        self.staleness = staleness
        self.types = types
        self.kind = kind
        self.pattern = pattern
        self.dedication = dedication
    }

    /// The parameters it names.
    package var parameters: [String] {
        ([bar] + [grace].compactMap { $0 } + staleness).compactMap {
            if case .parameter(let name) = $0 { name } else { nil }
        }
    }
}

/// Whom a check looks at; the worst of them decides.
package enum CheckScope: String, Hashable, Sendable, CaseIterable {
    /// The datasets of core and critical services.
    case datasets
    case core
    /// Core services are critical too.
    case critical
    case services
}

/// A bar: a bare number, a length of time, or a parameter.
package enum Bar: Hashable, Sendable {
    case number(Double)
    case duration(Duration)
    case parameter(String)

    package init?(text: String) {
        if text.hasPrefix("$") {
            self = .parameter(String(text.dropFirst()))
        } else if let number = Double(text) {
            self = .number(number)
        } else if let duration = Duration(text: text) {
            self = .duration(duration)
        } else {
            return nil
        }
    }
}

/// How a value is held against its bar, strictly as printed.
package enum Comparison: String, Hashable, Sendable, CaseIterable {
    case below = "<"
    case atMost = "<="
    case above = ">"
    case atLeast = ">="
    case equal = "=="

    /// What a value known within bounds says: met or not met when every value between them says so.
    package func judge(lower: Double, upper: Double, bar: Double) -> CriterionState {
        switch self {
        case .below: upper < bar ? .met : lower >= bar ? .notMet : .unknown
        case .atMost: upper <= bar ? .met : lower > bar ? .notMet : .unknown
        case .above: lower > bar ? .met : upper <= bar ? .notMet : .unknown
        case .atLeast: lower >= bar ? .met : upper < bar ? .notMet : .unknown
        case .equal: lower == bar && upper == bar ? .met : upper < bar || lower > bar ? .notMet : .unknown
        }
    }

    /// The words before the bar.
    package var words: String {
        switch self {
        case .below: "less than"
        case .atMost: "at most"
        case .above: "more than"
        case .atLeast: "at least"
        case .equal: "exactly"
        }
    }

    /// The same in Chinese.
    package var wordsZh: String {
        switch self {
        case .below: "小于"
        case .atMost: "不超过"
        case .above: "大于"
        case .atLeast: "至少"
        case .equal: "恰为"
        }
    }

    /// Whether more is better.
    package var wantsMore: Bool { self == .above || self == .atLeast || self == .equal }
}
