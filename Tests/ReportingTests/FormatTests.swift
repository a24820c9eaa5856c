// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Reporting
import TestSupport
import Testing

@Suite("The formats for other programs")
struct FormatTests {
    @Test func `JUnit counts an unproven promise as an error and a missed one as a failure`() throws {
        var drill = try Examples.drill(.en)
        drill.validation[0].successful = .failed
        drill.validation[1].successful = nil
        drill.validation[2].successful = .skipped
        drill.services[0].figures[0].verdict = .unproven
        let xml = drill.junit()
        #expect(xml.contains("tests=\"14\" failures=\"1\" errors=\"2\" skipped=\"1\""))
        #expect(xml.contains("name=\"files.recovery_time\"><error"))
        #expect(xml.contains("name=\"room\" time=\"0.800\"><failure"))
    }

    @Test func `JUnit stays XML whatever a host answers`() throws {
        var drill = try Examples.drill(.en)
        drill.validation[0].successful = .failed
        drill.validation[0].actual = "]]></failure><x a=\"\u{0}&\u{fffe}"
        let parse = "import sys,xml.dom.minidom as m; m.parse(sys.stdin.buffer); print('well-formed')"
        let result = try Command.run("/usr/bin/python3", "-c", parse, input: Array(drill.junit().utf8))
        #expect(result.text.contains("well-formed"), "\(result.error)")
    }

    @Test func `OpenMetrics leaves out what is unknown and ends as it must`() throws {
        let text = try Examples.audit(.en).openMetrics()
        #expect(text.hasSuffix("# EOF\n"))
        #expect(text.contains("lifeboat_recovery_time_seconds{service=\"files\",bound=\"upper\"}"))
        #expect(!text.contains("lifeboat_recovery_time_seconds{service=\"orders\""))
        #expect(text.contains("# TYPE lifeboat_recovery_time_seconds gauge"))
    }

    @Test func `a label's quotes and line ends cannot forge a sample`() {
        var metrics = OpenMetricsText()
        metrics.gauge("a", "b", [(labels: [("x", "1\"} 9\nforged 1\\")], value: 2)])
        #expect(
            metrics.text == "# TYPE a gauge\n# HELP a b\na{x=\"1\\\"} 9\\\\u{a}forged 1\\\\\"} 2\n# EOF\n")
    }

    @Test func `a calendar folds its lines at 75 bytes and keeps characters whole`() throws {
        let at = try #require(Moment("2026-11-23T03:12:00Z"))
        let calendar = CalendarText(
            name: "Drills", madeAt: at,
            entries: [
                .init(
                    id: "run-1", title: String(repeating: "恢复", count: 30), detail: "a, b; c", beginsAt: at,
                    endsAt: at + .minutes(5), isTentative: true)
            ])
        let lines = calendar.text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        #expect(calendar.text.replacing("\r\n ", with: "").contains(String(repeating: "恢复", count: 30)))
        #expect(lines.contains("DESCRIPTION:a\\, b\\; c"))
        #expect(lines.contains("DTSTART:20261123T031200Z"))
    }

    @Test func `OSCAL names every criterion once, and points only at what it names`() throws {
        let audit = try Examples.audit(.en)
        let document = try #require(OSCALDocument(audit))
        let text = String(decoding: try CanonicalJSON.encode(document), as: UTF8.self)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]])
        let results = try #require(object["assessment-results"]?["results"] as? [[String: Any]])
        let observations = try #require(results.first?["observations"] as? [[String: Any]])
        let findings = try #require(results.first?["findings"] as? [[String: Any]])
        let names = Set(observations.compactMap { $0["uuid"] as? String })
        #expect(names.count == audit.grade?.tables.flatMap(\.dimensions).flatMap(\.criteria).count)
        let pointed = findings.flatMap { $0["related-observations"] as? [[String: String]] ?? [] }
            .compactMap { $0["observation-uuid"] }
        #expect(!pointed.isEmpty)
        #expect(names.isSuperset(of: pointed))
        #expect(names.allSatisfy { UUID(uuidString: $0) != nil })
        #expect(!text.contains("convert_to_snake"))
    }
}
