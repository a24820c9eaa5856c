// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// Lengths of time in words, rounded so that no interval is shown narrower than it is.
package struct LengthText: Hashable, Sendable {
    package var language: ReportLanguage
    /// Between a number and its unit; a page binds them together.
    package var space: String

    package init(_ language: ReportLanguage, space: String = " ") {
        self.language = language
        self.space = space
    }

    /// Such as `350 ms`, `12.4 s`, `41 min 7 s`, `1 h 40 min 7 s`, `2 d 3 h`.
    package func text(_ length: Duration, _ rounding: TextRounding = .nearest) -> String {
        guard length >= .zero else { return "−" + text(.zero - length, rounding.opposite) }
        let seconds = length.inSeconds
        if seconds == 0 { return unit(0, "s", "秒") }
        if seconds < 1 { return unit(rounding.whole(seconds * 1_000), "ms", "毫秒") }
        if seconds < 60 {
            let tenths = rounding.whole(seconds * 10)
            let text = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
            return tenths < 600 ? joined(text, "s", "秒") : unit(1, "min", "分")
        }
        if seconds < 86_400 { return parts(rounding.whole(seconds)) }
        return parts(rounding.whole(seconds / 60) * 60)
    }

    /// Both bounds, such as `41 s to 43.2 s`, or `at least 5 min` when it is not bounded above.
    package func text(_ span: Span) -> String {
        if span.lower == span.upper { return text(span.lower) }
        let lower = text(span.lower, .down)
        guard let upper = span.upper else { return language("at least \(lower)", "至少 \(lower)") }
        let high = text(upper, .up)
        return lower == high ? lower : language("\(lower) to \(high)", "\(lower)至 \(high)")
    }

    /// How old something is, such as `3 h 12 min`; the finer part is dropped.
    package func age(_ age: Duration) -> String {
        let seconds = Int(max(.zero, age).inSeconds)
        if seconds < 60 { return unit(seconds, "s", "秒") }
        if seconds < 3_600 { return unit(seconds / 60, "min", "分钟") }
        if seconds < 86_400 { return parts(seconds / 60 * 60) }
        if seconds < 30 * 86_400 { return parts(seconds / 3_600 * 3_600) }
        return unit(seconds / 86_400, "d", "天")
    }

    private func parts(_ seconds: Int) -> String {
        let units = [(86_400, "d", "天"), (3_600, "h", "小时"), (60, "min", "分"), (1, "s", "秒")]
        var rest = seconds
        var parts: [String] = []
        for (size, english, chinese) in units {
            let (count, left) = rest.quotientAndRemainder(dividingBy: size)
            if count > 0 { parts.append(unit(count, english, chinese)) }
            rest = left
        }
        return parts.joined(separator: space)
    }

    private func unit(_ count: Int, _ english: String, _ chinese: String) -> String {
        joined("\(count)", english, chinese)
    }

    private func joined(_ count: String, _ english: String, _ chinese: String) -> String {
        count + space + language(english, chinese)
    }
}
