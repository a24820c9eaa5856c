// SPDX-License-Identifier: Apache-2.0
import Reporting
import Testing

@Suite("A table")
struct TableTests {
    private func table() -> Table {
        var table = Table([
            .init("store"), .init("place", isFlexible: true), .init("copies", .right),
        ])
        table.add(["metro", "Shanghai second hall", "12"])
        table.add(["north", "北京机房", "3"])
        return table
    }

    @Test func `aligns its columns, numbers to the right, wide characters as two`() {
        #expect(
            table().text() == """
                store  place                 copies
                metro  Shanghai second hall      12
                north  北京机房                   3
                """)
    }

    @Test func `cuts only flexible columns, and says so`() {
        #expect(
            table().text(TextStyle(width: 26)) == """
                store  place        copies
                metro  Shanghai s…      12
                north  北京机房          3
                """)
    }

    @Test func `becomes blocks where a number would have to be cut`() {
        #expect(
            table().text(TextStyle(width: 18)) == """
                store   metro
                place   Shanghai second hall
                copies  12

                store   north
                place   北京机房
                copies  3
                """)
    }

    @Test func `says what there is when there is nothing`() {
        #expect(Table([.init("store")], empty: "no store").text() == "no store")
    }

    @Test func `colours words only where colours are wanted`() {
        var table = Table([.init("state"), .init("note")])
        table.add([.init("missed", .bad), "late"])
        #expect(table.text() == "state   note\nmissed  late")
        #expect(
            table.text(TextStyle(usesColour: true))
                == "\u{1b}[2mstate\u{1b}[0m   \u{1b}[2mnote\u{1b}[0m\n\u{1b}[1;31mmissed\u{1b}[0m  late")
    }

    @Test func `lets no cell move the cursor or begin a line`() {
        var table = Table([.init("note")])
        table.add([.init("a\n\u{1b}[2Jb")])
        #expect(table.text() == "note\na\\u{a}\\u{1b}[2Jb")
    }

    @Test(
        "counts the columns that a terminal shows",
        arguments: [("abc", 3), ("机房", 4), ("é", 1), ("e\u{301}", 1), ("🛟", 2), ("…", 1), ("✓", 1)])
    func width(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }
}
