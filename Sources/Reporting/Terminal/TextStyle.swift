// SPDX-License-Identifier: Apache-2.0

/// What a word means for the person who reads it; it never stands for the word itself.
package enum Tone: String, Hashable, Sendable, CaseIterable {
    case plain
    case good
    case bad
    /// Unproven, late, stale: neither good nor known to be bad.
    case doubtful
    case faint
    case strong

    /// The ANSI attribute.
    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .good: "32"
        case .bad: "1;31"
        case .doubtful: "33"
        case .faint: "2"
        case .strong: "1"
        }
    }
}

/// How text is laid out for where it goes.
package struct TextStyle: Hashable, Sendable {
    /// Columns there are; `nil` when nothing needs to fit.
    package var width: Int?
    package var usesColour: Bool

    package init(width: Int? = nil, usesColour: Bool = false) {
        self.width = width
        self.usesColour = usesColour
    }

    /// For files and pipes.
    package static let plain = TextStyle()

    package func paint(_ text: String, _ tone: Tone) -> String {
        guard usesColour, let code = tone.code, !text.isEmpty else { return text }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}
