// SPDX-License-Identifier: Apache-2.0

/// HTML or SVG that is safe by the way it is built: texts are escaped, only literals of this program are not.
package struct Markup: Hashable, Sendable {
    package private(set) var source: String

    /// Nothing.
    package init() {
        source = ""
    }

    /// A text from anywhere.
    package init(_ text: String) {
        source = Escaping.html(text)
    }

    /// A text of several lines that shall stay lines, for preformatted text.
    package init(_ text: String, keepingLines: Bool) {
        source =
            keepingLines
            ? text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { Escaping.html(String($0)) }.joined(separator: "\n")
            : Escaping.html(text)
    }

    /// Markup written in this program; it cannot hold a value.
    package init(literal: StaticString) {
        source = "\(literal)"
    }

    fileprivate init(source: String) {
        self.source = source
    }

    package static func + (left: Markup, right: Markup) -> Markup {
        Markup(source: left.source + right.source)
    }

    package var isEmpty: Bool { source.isEmpty }
}

/// Puts texts and markup one after the other.
@resultBuilder
package enum MarkupBuilder {
    package static func buildExpression(_ text: String) -> Markup { Markup(text) }
    package static func buildExpression(_ markup: Markup) -> Markup { markup }
    package static func buildExpression(_ markup: Markup?) -> Markup { markup ?? Markup() }
    package static func buildBlock(_ parts: Markup...) -> Markup {
        Markup(source: parts.map(\.source).joined())
    }
    package static func buildArray(_ parts: [Markup]) -> Markup {
        Markup(source: parts.map(\.source).joined())
    }
    package static func buildOptional(_ part: Markup?) -> Markup { part ?? Markup() }
    package static func buildEither(first part: Markup) -> Markup { part }
    package static func buildEither(second part: Markup) -> Markup { part }
}

/// One element with its attributes, whose values are escaped; an attribute that is `nil` is left out.
package func tag(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String?> = [:],
    @MarkupBuilder _ content: () -> Markup = { Markup() }
) -> Markup {
    let written = attributes.map { pair in
        pair.value.map { " \(pair.key)=\"\(Escaping.html($0))\"" } ?? ""
    }.joined()
    let word = "\(name)"
    let isVoid = voidElements.contains(word)
    let end = isVoid ? "" : "</\(word)>"
    return Markup(
        source: "<\(word)\(written)>\(content().source)\(end)\(inlineElements.contains(word) ? "" : "\n")")
}

/// An element of one class, which is most of them.
package func tag(
    _ name: StaticString, class style: String, @MarkupBuilder _ content: () -> Markup = { Markup() }
) -> Markup {
    tag(name, ["class": style], content)
}

private let voidElements: Set<String> = ["meta", "br", "hr", "col", "input"]
private let inlineElements: Set<String> = [
    "span", "strong", "em", "code", "time", "a", "abbr", "small", "text", "title", "button", "rect", "line",
    "b", "sup",
]
