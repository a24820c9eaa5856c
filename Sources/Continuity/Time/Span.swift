// SPDX-License-Identifier: Apache-2.0

/// A measured length of time with its bounds: the truth lies between `lower` and `upper`, both included.
///
/// `upper` is `nil` when it is not bounded above: the service had not come back when the run ended, or
/// nothing was recovered.
package struct Span: Hashable, Sendable {
    package var lower: Duration
    package var upper: Duration?

    package init(lower: Duration, upper: Duration?) {
        self.lower = lower
        self.upper = upper
    }

    /// Both bounds as a person reads them, such as `41s to 43.2s` or `at least 5m`; never narrower than they are.
    package var text: String { text(to: " to ", atLeast: "at least ") }

    /// The same with the words of another language.
    package func text(to: String, atLeast: String) -> String {
        let low = lower.text(.down)
        guard let upper else { return atLeast + low }
        return lower == upper ? lower.text : low + to + upper.text(.up)
    }
}

/// An instant known within bounds, both included.
package struct MomentRange: Hashable, Sendable, Codable {
    package var earliest: Moment
    package var latest: Moment

    package init(earliest: Moment, latest: Moment) {
        self.earliest = earliest
        self.latest = latest
    }
}

extension Span: Codable {
    private enum Key: String, CodingKey {
        case lowerSeconds, upperSeconds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let lower = try container.decode(Double.self, forKey: .lowerSeconds)
        let upper = try container.decodeIfPresent(Double.self, forKey: .upperSeconds)
        self.init(lower: Duration(roundedSeconds: lower), upper: upper.map(Duration.init(roundedSeconds:)))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(lower.inSeconds, forKey: .lowerSeconds)
        try container.encodeIfPresent(upper?.inSeconds, forKey: .upperSeconds)
    }
}

extension Duration {
    /// Rounds to whole nanoseconds, so that a length survives its way through JSON.
    package init(roundedSeconds seconds: Double) {
        self = .nanoseconds(Int64((seconds * 1e9).rounded()))
    }
}
