// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Reporting
import Testing

@Suite("A page")
struct PageTests {
    private static let hostile = "</title><script>alert(1)</script>\"'><img src=x onerror=y>\u{1b}[2J\u{202e}"

    /// The example with every free text turned against the page.
    private static func hostilePages() throws -> [String] {
        var source = try Examples.source(.en)
        source.plan.organisation = hostile
        for index in source.plan.sites.indices { source.plan.sites[index].name = hostile }
        source.events = source.events.map { event in
            var event = event
            if case .drillRun(var run) = event.body {
                run.title = hostile
                run.findings = [hostile]
                event.body = .drillRun(run)
            }
            return event
        }
        var drill = try Examples.drill(.en)
        drill.run.title = hostile
        for index in drill.validation.indices { drill.validation[index].actual = hostile }
        for index in drill.timeline.rows.indices { drill.timeline.rows[index].name = hostile }
        let report = source.report()
        return [report.html(), drill.html()]
    }

    @Test func `runs no script and calls no network, whatever the texts say`() throws {
        for page in try Self.hostilePages() {
            #expect(page.contains("alert(1)"))
            for forbidden in ["<script", "<img", "onerror=y>", "\u{1b}", "\u{202e}", "http://", "url(http"] {
                #expect(!page.contains(forbidden), "\(forbidden)")
            }
        }
    }

    @Test func `is well-formed: every element ends where it should`() throws {
        for page in try Self.hostilePages() + [Examples.audit(.zh).html(), Examples.drill(.zh).html()] {
            #expect(Self.faults(page).isEmpty, "\(Self.faults(page).prefix(3))")
        }
    }

    @Test func `leaves the colours of its drawings to its own light or dark ground`() throws {
        let page = try Examples.audit(.en).html()
        #expect(page.contains("class=\"d-promise\"") && page.contains("class=\"wide\""))
        #expect(!page.contains("fill=\"#") && !page.contains("stroke=\"#"))
        // Every class that a drawing may have stands in the sheet of a page, and in that of a file by itself.
        let alone = try ExposureChart(#require(Examples.audit(.en).measures), zone: "UTC").svg()
        let names = alone.matches(of: /\.(d-[a-z-]+)\{/).map { String($0.output.1) }
        #expect(names.count >= 9)
        for name in names { #expect(page.contains(".\(name){"), "\(name)") }
        for match in alone.matches(of: /class="(d-[a-z-]+)/) {
            #expect(names.contains(String(match.output.1)))
        }
    }

    @Test func `never draws what is unknown as a number`() throws {
        let page = try Examples.audit(.en).html()
        let orders = try #require(page.components(separatedBy: "<h3>orders</h3>").dropFirst().first)
        let card = try #require(orders.components(separatedBy: "</section>").first)
        #expect(card.contains("unproven"))
        #expect(card.contains("class=\"f-unknown\""))
        #expect(!card.contains(">0 s<"))
    }

    @Test func `is one Markdown table row for each row, whatever the texts say`() throws {
        var drill = try Examples.drill(.en)
        for index in drill.validation.indices { drill.validation[index].actual = "a | b\n# c\n<b>" }
        let lines = drill.markdown().split(separator: "\n")
        let rows = lines.filter { $0.contains("a \\| b") }
        #expect(rows.count == drill.validation.count)
        #expect(!lines.contains("# c"))
    }

    /// Elements that are not closed, or closed out of turn.
    private static func faults(_ page: String) -> [String] {
        let void: Set<String> = ["meta", "br", "hr", "col", "!DOCTYPE"]
        var open: [String] = []
        var faults: [String] = []
        for piece in page.split(separator: "<").dropFirst(page.hasPrefix("<") ? 0 : 1) {
            let name = piece.prefix { !" />\n".contains($0) }
            if piece.hasPrefix("/") {
                let closed = String(piece.dropFirst().prefix { !" >".contains($0) })
                if open.popLast() != closed { faults.append("</\(closed)> near \(piece.prefix(60))") }
            } else if !void.contains(String(name)),
                !(piece.prefix { $0 != ">" }).hasSuffix("/")
            {
                open.append(String(name))
            }
        }
        return faults + open.map { "<\($0)> is not closed" }
    }
}
