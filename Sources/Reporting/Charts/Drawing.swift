// SPDX-License-Identifier: Apache-2.0

/// What goes into an SVG, without its frame.
protocol Drawing {
    /// A few words, for those who do not see it too.
    var title: String { get }
    /// What the drawing says, in words.
    var description: String { get }
    var size: (width: Int, height: Int) { get }
    var content: Markup { get }
}

extension Drawing {
    /// The SVG: as a file of its own with a ground of its own, or as part of a page whose width it takes.
    func markup(isAlone: Bool = false) -> Markup {
        let (width, height) = size
        return tag(
            "svg",
            [
                "xmlns": isAlone ? "http://www.w3.org/2000/svg" : nil, "viewBox": "0 0 \(width) \(height)",
                "width": isAlone ? "\(width)" : "100%", "role": "img", "aria-label": title,
                "font-family": isAlone ? "sans-serif" : nil, "font-size": isAlone ? "11" : nil,
            ]
        ) {
            tag("title") { title }
            tag("desc") { description }
            if isAlone { tag("rect", ["width": "\(width)", "height": "\(height)", "fill": "#ffffff"]) }
            content
        }
    }

    /// The text of a file.
    var file: String { markup(isAlone: true).source + "\n" }
}
