// SPDX-License-Identifier: Apache-2.0

/// Markdown in the making: every text is escaped, every row stays one row.
struct MarkdownText {
    private(set) var source = ""

    mutating func heading(_ level: Int, _ text: String) {
        block(String(repeating: "#", count: level) + " " + Escaping.markdown(text))
    }

    mutating func paragraph(_ text: String) {
        guard !text.isEmpty else { return }
        block(Escaping.markdown(text))
    }

    mutating func code(_ lines: [String]) {
        block("```\n" + lines.map { Escaping.visible($0) }.joined(separator: "\n") + "\n```")
    }

    mutating func list(_ items: [String], none: String) {
        guard !items.isEmpty else { return paragraph(none) }
        block(items.map { "- " + Escaping.markdown($0) }.joined(separator: "\n"))
    }

    /// Rows below their heads; `right` names the columns of numbers.
    mutating func table(_ heads: [String], right: Set<Int> = [], _ rows: [[String]]) {
        let rule = heads.indices.map { right.contains($0) ? "---:" : "---" }
        let lines = [heads.map(Escaping.markdown), rule] + rows.map { $0.map(Escaping.markdown) }
        block(lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))
    }

    private mutating func block(_ text: String) {
        source += (source.isEmpty ? "" : "\n") + text + "\n"
    }
}
