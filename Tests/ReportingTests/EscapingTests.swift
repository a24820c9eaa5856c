// SPDX-License-Identifier: Apache-2.0
import Reporting
import Testing

@Suite("Escaping")
struct EscapingTests {
    @Test(
        "lets no text become markup",
        arguments: [
            ("<b a='1'>&\"", "&lt;b a=&#39;1&#39;&gt;&amp;&quot;"),
            ("line\nline", "line\\u{a}line"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("abc\u{202e}def", "abc\\u{202e}def"),
            ("机房", "机房"),
        ])
    func html(text: String, expected: String) {
        #expect(Escaping.html(text) == expected)
    }

    @Test func `keeps a Markdown cell one cell`() {
        #expect(Escaping.markdown("a|b\n*c*") == "a\\|b\\\\u\\{a\\}\\*c\\*")
    }

    @Test func `says how much it has cut`() {
        #expect(Escaping.visible("abcdef", limit: 4) == "abcd… (2 more characters)")
    }
}
