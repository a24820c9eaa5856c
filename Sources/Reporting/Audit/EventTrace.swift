// SPDX-License-Identifier: Apache-2.0

/// The numbers of the ledger's events that a figure rests on, written as `12, 14-19`.
package struct EventTrace: Hashable, Sendable, Codable {
    /// Ascending, each once.
    package let events: [Int]

    package init(_ events: some Sequence<Int>) {
        self.events = Set(events).sorted()
    }

    package static let none = EventTrace([])

    package var isEmpty: Bool { events.isEmpty }

    /// Such as `12, 14-19`; empty when there is none.
    package var text: String {
        var ranges: [(first: Int, last: Int)] = []
        for event in events {
            if let last = ranges.last, last.last + 1 == event {
                ranges[ranges.count - 1].last = event
            } else {
                ranges.append((event, event))
            }
        }
        return ranges.map { $0.first == $0.last ? "\($0.first)" : "\($0.first)-\($0.last)" }
            .joined(separator: ", ")
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        var events: [Int] = []
        for range in text.split(separator: ",") {
            let ends = range.split(separator: "-").compactMap { Int($0.filter { $0 != " " }) }
            guard let first = ends.first, let last = ends.last, first <= last, last - first < 10_000_000
            else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "not a list of event numbers: \(text)")
            }
            events += first...last
        }
        self.init(events)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
