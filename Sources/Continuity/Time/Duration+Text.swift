// SPDX-License-Identifier: Apache-2.0

extension Duration {
    package static func minutes(_ count: Int) -> Duration { .seconds(count * 60) }
    package static func hours(_ count: Int) -> Duration { .seconds(count * 3_600) }
    package static func days(_ count: Int) -> Duration { .seconds(count * 86_400) }

    /// Whole nanoseconds; what is finer is cut.
    ///
    /// Traps beyond 292 years.
    package var wholeNanoseconds: Int64 {
        components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000
    }

    /// Seconds as a number, for display and for JSON.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }

    /// Reads a number with its unit, such as `500ms`, `90s`, `15m`, `2h`, `7d`, `1.5h`, or a sum `1h30m`.
    ///
    /// Units: `ms s m h d w`. `nil` for anything else, so a bare number is never guessed at.
    package init?(text: String) {
        var total = Duration.zero
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(digits), let size = Self.unitSeconds[String(unit)], number * size < 9e9
            else { return nil }
            total += .nanoseconds(Int64((number * size * 1e9).rounded()))
        }
        self = total
    }

    private static let unitSeconds: [String: Double] = [
        "ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800,
    ]

    /// The plan's own notation with two leading units, such as `1h 30m`, `41m 7s`, `12.4s`, `350ms`.
    package var text: String { text(.nearest) }

    /// The same, rounded so that a bound stays one: a lower bound never up, an upper one never down.
    package func text(_ rounding: TextRounding) -> String {
        if self < .zero { return "-" + (Duration.zero - self).text(rounding.opposite) }
        let seconds = inSeconds
        if seconds == 0 { return "0s" }
        if seconds < 1 {
            let milliseconds = rounding.whole(seconds * 1_000)
            if milliseconds < 1_000 || rounding == .nearest { return "\(milliseconds)ms" }
        }
        if seconds < 60 {
            let tenths = rounding.whole(seconds * 10)
            if tenths < 600 || rounding == .nearest { return Self.trimmed(tenths) + "s" }
        }
        let whole = rounding.whole(seconds)
        for (size, name, lower, lowerName) in [
            (86_400, "d", 3_600, "h"), (3_600, "h", 60, "m"), (60, "m", 1, "s"),
        ] where whole >= size {
            let rounded = rounding == .up ? (whole + lower - 1) / lower * lower : whole
            let second = rounded % size / lower
            return second == 0 ? "\(rounded / size)\(name)" : "\(rounded / size)\(name) \(second)\(lowerName)"
        }
        return "\(whole)s"
    }

    private static func trimmed(_ tenths: Int) -> String {
        tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}

/// Where a length of time goes that its text cannot hold.
package enum TextRounding: Hashable, Sendable {
    case nearest
    case down
    case up

    /// For the length below zero.
    package var opposite: TextRounding {
        switch self {
        case .nearest: .nearest
        case .down: .up
        case .up: .down
        }
    }

    /// A whole number for a value; one that came through JSON may be a hair beside its whole number.
    package func whole(_ value: Double) -> Int {
        if abs(value - value.rounded()) < 1e-6 { return Int(value.rounded()) }
        switch self {
        case .nearest: return Int(value.rounded())
        case .down: return Int(value.rounded(.down))
        case .up: return Int(value.rounded(.up))
        }
    }
}
