// SPDX-License-Identifier: Apache-2.0

/// The name of a recovery point and of its folder in a store, such as `20261122T031500Z-full-4f9c1a`.
///
/// It says when the point's content stood in the source, how much it holds, and six random digits that keep
/// two runs apart. No name can lead out of a folder: nothing else is let in.
package struct PointName: Hashable, Sendable {
    /// Whether a point stands alone or builds on another.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case full
        case incremental
    }

    package let text: String
    package let kind: Kind
    /// The consistency time, to the second.
    package let time: ArchiveTime

    /// Makes the name of a new point from its consistency time, of which what is below a second is cut.
    package init(time: ArchiveTime, kind: Kind) {
        let random = (0..<3).map { _ in UInt8.random(in: .min ... .max) }
        self.init(time: time, kind: kind, suffix: random.lowercaseHex)
    }

    private init(time: ArchiveTime, kind: Kind, suffix: String) {
        self.time = time.wholeSeconds
        self.kind = kind
        text = "\(time.compact)-\(kind.rawValue)-\(suffix)"
    }

    /// Reads a name, or fails if the text is of any other form.
    package init?(_ text: String) {
        let words = text.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count == 3, let time = ArchiveTime(compact: String(words[0])),
            let kind = Kind(rawValue: String(words[1])), words[2].utf8.count == 6,
            [UInt8](lowercaseHex: words[2].utf8) != nil
        else { return nil }
        self.init(time: time, kind: kind, suffix: String(words[2]))
        guard self.text == text else { return nil }
    }
}

extension PointName: Comparable, CustomStringConvertible, Codable {
    /// Older first; names of the same second in the order of their text.
    package static func < (left: PointName, right: PointName) -> Bool { left.text < right.text }

    package var description: String { text }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let name = PointName(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "'\(text.prefix(80))' is not the name of a point")
        }
        self = name
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
