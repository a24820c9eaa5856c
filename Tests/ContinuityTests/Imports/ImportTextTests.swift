// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("A text to be imported")
struct ImportTextTests {
    @Test func `is read as JSON with the line of each value`() throws {
        let found = try JSONText.all(
            in: "{\"a\": [1,\n  \"\\u00e9\\ud83d\\ude00\\n\"],\n \"b\": null}\n{\"a\": true}")
        try #require(found.count == 2)
        #expect(found[0]["a"]?.items?.map(\.scalar) == ["1", "é😀\n"])
        #expect(found[0]["a"]?.items?.map(\.line) == [1, 2])
        #expect(found[0]["b"] == nil)
        #expect(found[1].line == 4 && found[1]["a"]?.truth == true)
    }

    @Test(
        "is refused as JSON with the line",
        arguments: [
            ("{\"a\": 1,\n}", 2, "a key is missing"), ("[1\n2]", 2, "a ',' or ']' is missing"),
            ("{\"a\": 1, \"a\": 2}", 1, "stands twice"), ("[\"x", 1, "is not closed"),
            ("[tru]", 1, "is no JSON"), ("[1.]", 1, "is no JSON"), ("[\"\\q\"]", 1, "escape"),
            ("[\n", 2, "ends where a value should stand"),
            (String(repeating: "[", count: 100), 1, "nested too deeply"),
        ])
    func refused(text: String, line: Int, words: String) {
        do {
            _ = try JSONText.all(in: text)
            Issue.record("was read")
        } catch {
            #expect(error.line == line && error.reason.contains(words), "\(error)")
        }
    }

    @Test(
        "is read as a table",
        arguments: [
            "\u{FEFF}id,title\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,d\r\n",
            "id;title\n1;\"a, \"\"b\"\"\nc\"\n2;d",
            "id\ttitle\n1\t\"a, \"\"b\"\"\nc\"\n2\td\n",
        ])
    func table(text: String) throws {
        let table = try CSVText(text)
        #expect(table.header == ["id", "title"])
        #expect(table.rows.map(\.cells) == [["1", "a, \"b\"\nc"], ["2", "d"]])
        #expect(table.rows.first?.line == 2 && (table.rows.last?.line ?? 0) >= 4)
    }

    @Test(
        "is refused as a table with the line",
        arguments: [
            ("", 1, "is empty"), ("a,a\n1,2", 1, "stands twice"), ("a,b\n1,\"2\n3", 2, "not closed"),
            ("a,b\n\"1\"x,2", 2, "behind a closing quote"),
        ])
    func badTable(text: String, line: Int, words: String) {
        do {
            _ = try CSVText(text)
            Issue.record("was read")
        } catch {
            #expect(error.line == line && error.reason.contains(words), "\(error)")
        }
    }

    @Test(
        "has times in several forms",
        arguments: [
            ("2026-11-02T09:30:00+08:00", "Asia/Shanghai", "2026-11-02T01:30:00Z"),
            ("2026-11-02 09:30", "Asia/Shanghai", "2026-11-02T01:30:00Z"),
            ("2026/11/02 09:30:15", "UTC", "2026-11-02T09:30:15Z"),
            ("1793525400", "UTC", "2026-11-01T09:30:00Z"), ("1793525400000", "UTC", "2026-11-01T09:30:00Z"),
        ])
    func times(text: String, zone: String, meant: String) throws {
        var rules = ImportRules()
        rules.zone = zone
        #expect(try rules.moment(text).text(decimals: 0) == meant)
    }

    @Test(
        "has no time where the clock skips, repeats, or says nothing",
        arguments: [
            ("2026-03-29 02:30", "skip"), ("2026-10-25 02:30", "twice"), ("yesterday", "is no time"),
            ("12", "is no time"),
        ])
    func noTimes(text: String, words: String) {
        var rules = ImportRules()
        rules.zone = "Europe/Berlin"
        do {
            _ = try rules.moment(text)
            Issue.record("was read")
        } catch {
            #expect(error.reason.contains(words), "\(error.reason)")
        }
    }
}
