// SPDX-License-Identifier: Apache-2.0

/// Rows in aligned columns for a terminal.
///
/// Where the width does not suffice the flexible columns are cut with `…`, the widest first; where even that
/// does not suffice each row is written as a block of named lines, so that no number is ever cut.
/// Texts may come from anywhere: control characters are made visible.
package struct Table: Hashable, Sendable {
    package enum Alignment: Hashable, Sendable {
        case left
        /// For numbers.
        case right
    }

    package struct Column: Hashable, Sendable {
        package var title: String
        package var alignment: Alignment
        /// Whether its cells may be cut.
        package var isFlexible: Bool

        package init(_ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.isFlexible = isFlexible
        }
    }

    package struct Cell: Hashable, Sendable, ExpressibleByStringLiteral {
        package var text: String
        package var tone: Tone

        package init(_ text: String, _ tone: Tone = .plain) {
            self.text = Escaping.visible(text)
            self.tone = tone
        }

        package init(stringLiteral text: String) {
            self.init(text)
        }
    }

    package var columns: [Column]
    package private(set) var rows: [[Cell]] = []
    /// What is said when there is no row.
    package var empty: String

    /// The fewest columns a flexible column keeps.
    private static let narrowest = 8
    private static let gap = "  "

    package init(_ columns: [Column], empty: String = "nothing") {
        self.columns = columns
        self.empty = empty
    }

    /// Adds a row; missing cells stay empty.
    package mutating func add(_ cells: [Cell]) {
        rows.append(cells + Array(repeating: "", count: max(0, columns.count - cells.count)))
    }

    package func text(_ style: TextStyle = .plain) -> String {
        guard !rows.isEmpty else { return style.paint(empty, .faint) }
        let natural = columns.indices.map { column in
            (rows.map { DisplayWidth.of($0[column].text) } + [DisplayWidth.of(columns[column].title)]).max()
                ?? 0
        }
        guard let widths = fitted(natural, in: style.width) else { return blocks(style) }
        let heads = columns.map { Cell($0.title, .faint) }
        return ([heads] + rows).map { line($0, widths, style) }.joined(separator: "\n")
    }

    // MARK: - Widths

    /// The widths as they fit; `nil` when they cannot.
    private func fitted(_ natural: [Int], in available: Int?) -> [Int]? {
        var widths = natural
        guard let available else { return widths }
        let room = available - Self.gap.count * (columns.count - 1)
        while widths.reduce(0, +) > room {
            let candidates = columns.indices.filter {
                columns[$0].isFlexible && widths[$0] > Self.narrowest
            }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[widest] -= 1
        }
        return widths
    }

    // MARK: - Lines

    private func line(_ cells: [Cell], _ widths: [Int], _ style: TextStyle) -> String {
        var parts: [String] = []
        for column in columns.indices {
            let text = DisplayWidth.fit(cells[column].text, in: widths[column])
            let padding = String(repeating: " ", count: widths[column] - DisplayWidth.of(text))
            let painted = style.paint(text, cells[column].tone)
            let isLast = column == columns.count - 1
            switch columns[column].alignment {
            case .right: parts.append(padding + painted)
            case .left: parts.append(isLast ? painted : painted + padding)
            }
        }
        let line = parts.joined(separator: Self.gap)
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private func blocks(_ style: TextStyle) -> String {
        let width = columns.map { DisplayWidth.of($0.title) }.max() ?? 0
        return rows.map { cells in
            columns.indices.filter { !cells[$0].text.isEmpty }.map { column in
                let title = columns[column].title
                let padding = String(repeating: " ", count: max(0, width - DisplayWidth.of(title)))
                return style.paint(title, .faint) + padding + Self.gap
                    + style.paint(cells[column].text, cells[column].tone)
            }.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }
}
