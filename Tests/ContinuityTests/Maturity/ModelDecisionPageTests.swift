// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("What was decided where the standard is not clear")
struct ModelDecisionPageTests {
    private static let page = Result { try NamedTests(page: "ModelDecisions.md") }

    @Test("is shown by tests that are there", arguments: 1...41)
    func shown(number: Int) throws {
        let page = try Self.page.get()
        let titles = page.titles(in: "D\(number)")
        #expect(!titles.isEmpty)
        for title in titles { #expect(page.has(title), "no test: \(title)") }
    }

    @Test func `has no row that no decision stands behind`() throws {
        #expect(try Self.page.get().titles(in: "D42").isEmpty)
        #expect(try !Self.page.get().has("a test that nobody wrote" + " yet"))
    }
}
