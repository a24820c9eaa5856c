// SPDX-License-Identifier: Apache-2.0

/// A table as RFC 4180 writes it: a line of names, then one record a line.
package struct CSVText: Hashable, Sendable {
    package struct Row: Hashable, Sendable {
        /// The line it begins on, from 1.
        package var line: Int
        package var cells: [String]
    }

    package var header: [String]
    package var rows: [Row]

    /// Reads a table; the separator is the comma, semicolon or tab that the first line has most of.
    ///
    /// - Throws: `ImportFault` with the line, for an empty file, a name that stands twice, and a quote that
    ///   is not closed or stands in the middle of a cell.
    package init(_ text: String) throws(ImportFault) {
        var reader = CSVReader(text)
        var rows = try reader.rows()
        guard !rows.isEmpty else { throw ImportFault(line: 1, "the file is empty") }
        header = rows.removeFirst().cells.map { name in
            String(name.trimmingBlanks)
        }
        for (place, name) in header.enumerated() where !name.isEmpty {
            guard header.firstIndex(of: name) == place else {
                throw ImportFault(line: 1, "the column '\(name)' stands twice")
            }
        }
        self.rows = rows
    }
}

private struct CSVReader {
    private let scalars: [Unicode.Scalar]
    private let separator: Unicode.Scalar
    private var place = 0
    private var line = 1

    init(_ text: String) {
        var scalars = Array(text.unicodeScalars)
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        self.scalars = scalars
        let first = scalars.prefix { $0 != "\n" }
        separator =
            ([",", ";", "\t"] as [Unicode.Scalar]).max { left, right in
                first.count { $0 == left } < first.count { $0 == right }
            } ?? ","
    }

    mutating func rows() throws(ImportFault) -> [CSVText.Row] {
        var rows: [CSVText.Row] = []
        while place < scalars.count {
            let start = line
            let cells = try row()
            if cells != [""] { rows.append(CSVText.Row(line: start, cells: cells)) }
        }
        return rows
    }

    private mutating func row() throws(ImportFault) -> [String] {
        var cells: [String] = []
        while true {
            cells.append(place < scalars.count && scalars[place] == "\"" ? try quoted() : bare())
            guard place < scalars.count else { return cells }
            switch scalars[place] {
            case separator: place += 1
            case "\r", "\n":
                endLine()
                return cells
            default: throw ImportFault(line: line, "something stands behind a closing quote")
            }
        }
    }

    private mutating func endLine() {
        if scalars[place] == "\r", place + 1 < scalars.count, scalars[place + 1] == "\n" { place += 1 }
        place += 1
        line += 1
    }

    private mutating func bare() -> String {
        var cell = String.UnicodeScalarView()
        while place < scalars.count, scalars[place] != separator, scalars[place] != "\n",
            scalars[place] != "\r"
        {
            cell.append(scalars[place])
            place += 1
        }
        return String(cell)
    }

    private mutating func quoted() throws(ImportFault) -> String {
        let start = line
        var cell = String.UnicodeScalarView()
        place += 1
        while place < scalars.count {
            let scalar = scalars[place]
            place += 1
            if scalar == "\"" {
                guard place < scalars.count, scalars[place] == "\"" else { return String(cell) }
                place += 1
            } else if scalar == "\n" {
                line += 1
            }
            cell.append(scalar)
        }
        throw ImportFault(line: start, "a quote is not closed")
    }
}

extension StringProtocol {
    /// Without blanks and tabs at its ends.
    var trimmingBlanks: SubSequence {
        let head = drop { $0 == " " || $0 == "\t" }
        guard let last = head.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return head.prefix(0) }
        return head[...last]
    }
}
