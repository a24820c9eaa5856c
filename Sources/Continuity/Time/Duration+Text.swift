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
    package var text: String {
        if self < .zero { return "-" + (Duration.zero - self).text }
        let seconds = inSeconds
        if seconds == 0 { return "0s" }
        if seconds < 1 { return "\(Int((seconds * 1_000).rounded()))ms" }
        if seconds < 60 { return Self.trimmed(seconds) + "s" }
        let whole = Int(seconds.rounded())
        for (size, name, lower, lowerName) in [
            (86_400, "d", 3_600, "h"), (3_600, "h", 60, "m"), (60, "m", 1, "s"),
        ] where whole >= size {
            let second = whole % size / lower
            return second == 0 ? "\(whole / size)\(name)" : "\(whole / size)\(name) \(second)\(lowerName)"
        }
        return "\(whole)s"
    }

    private static func trimmed(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
