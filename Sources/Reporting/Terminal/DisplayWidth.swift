// SPDX-License-Identifier: Apache-2.0

/// How many columns of a terminal a text takes.
///
/// Wide are the characters that Unicode calls Wide or Fullwidth (UAX #11) and emoji; combining marks take
/// no column of their own. What depends on the terminal's own setting (Ambiguous) counts as one.
package enum DisplayWidth {
    package static func of(_ text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    /// The columns of one character as it is seen, whatever scalars it is made of.
    package static func of(_ character: Character) -> Int {
        guard !character.isASCII else { return 1 }
        guard let first = character.unicodeScalars.first else { return 0 }
        switch first.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        let isEmoji = first.properties.isEmojiPresentation
        let asksForEmoji = character.unicodeScalars.contains { $0.value == 0xFE0F }
        return isEmoji || asksForEmoji || isWide(first.value) ? 2 : 1
    }

    /// The text, or as much of it as fits with `…` at its end.
    package static func fit(_ text: String, in columns: Int) -> String {
        guard of(text) > columns else { return text }
        var result = ""
        var used = 1
        for character in text {
            let width = of(character)
            guard used + width <= columns else { break }
            result.append(character)
            used += width
        }
        return columns > 0 ? result + "…" : ""
    }

    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
        0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
        0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1B000...0x1B2FF, 0x1F200...0x1F2FF,
        0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
    ]

    private static func isWide(_ value: UInt32) -> Bool {
        value >= 0x1100 && wideRanges.contains { $0.contains(value) }
    }
}
