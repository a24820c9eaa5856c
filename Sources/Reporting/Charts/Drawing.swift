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
                "class": isAlone ? nil : "wide", "width": isAlone ? "\(width)" : "100%",
                "height": isAlone ? "\(height)" : nil, "role": "img",
                "aria-label": title,
                "font-family": isAlone ? "sans-serif" : nil, "font-size": isAlone ? "11" : nil,
            ]
        ) {
            tag("title") { title }
            tag("desc") { description }
            if isAlone {
                DrawingStyle.sheet
                tag("rect", ["width": "\(width)", "height": "\(height)", "fill": "#ffffff"])
            }
            content
        }
    }

    /// The title above, and below it how to read what is drawn; 32 high.
    func heading(_ caption: String) -> Markup {
        tag("text", ["x": "4", "y": "16", "class": "ink", "font-weight": "bold"]) { title }
            + tag("text", ["x": "4", "y": "32"]) { caption }
    }

    /// The text of a file.
    var file: String { markup(isAlone: true).source + "\n" }
}

/// The colours of a drawing that stands by itself, written out: not every viewer knows variables.
///
/// A page has the same classes in its own sheet, for its light and its dark ground.
enum DrawingStyle {
    static let sheet = Markup(
        literal: """
            <style>.d-axis{fill:none;stroke:#9aa5a8}.d-plain{fill:#23536e;fill-opacity:.6}.d-promise{stroke:#1d6b4f}.d-mark{stroke:#16232a}
            .d-all{fill:#a63420;fill-opacity:.45;stroke:#a63420}
            .d-ring{fill:none;stroke:#23536e;stroke-width:1.6}.d-ring.bad{stroke:#a63420}
            .d-good{fill:#1d6b4f;fill-opacity:.75}.d-bad{fill:#a63420;fill-opacity:.75}
            .d-doubt{fill:#c08a1a;fill-opacity:.75}.d-hatch{fill:url(#d-hatching);stroke:#9aa5a8}.d-stripe{fill:#9aa5a8}
            text{fill:#4a5a60}.ink{fill:#16232a}
            .d-good-text{fill:#1d6b4f}.d-bad-text{fill:#a63420}.d-plain-text{fill:#23536e}</style>
            """)
}
