// SPDX-License-Identifier: Apache-2.0

/// A text with `{{name}}` in it; there is nothing more to the language.
package struct Template: Hashable, Sendable {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    private enum Piece {
        case plain(Substring)
        case name(String)
    }

    /// The names it asks for, in order.
    package var names: [String] {
        pieces.compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    /// The text with every name filled in.
    ///
    /// - Returns: `nil` when a name has no value; the values are not looked into for further names.
    package func filled(_ values: [String: String]) -> String? {
        var result = ""
        for piece in pieces {
            switch piece {
            case .plain(let text): result += text
            case .name(let name):
                guard let value = values[name] else { return nil }
                result += value
            }
        }
        return result
    }

    private var pieces: [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}")
        {
            pieces.append(.plain(rest[..<open.lowerBound]))
            pieces.append(.name(String(rest[open.upperBound..<close.lowerBound]).trimmed))
            rest = rest[close.upperBound...]
        }
        return pieces + [.plain(rest)]
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
