// SPDX-License-Identifier: Apache-2.0
import Continuity

/// The small pieces that every page is put together from.
struct PageParts {
    let words: Wording

    var say: ReportLanguage { words.say }

    /// One whole page.
    func page(title: String, @MarkupBuilder _ content: () -> Markup) -> String {
        let body = tag("body") {
            PageStyle.patterns
            tag("main", [:], content)
        }
        let html = tag("html", ["lang": say("en", "zh-CN")]) {
            tag("head") {
                tag("meta", ["charset": "utf-8"])
                tag("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"])
                tag("meta", ["name": "generator", "content": "lifeboat"])
                tag("title") { title }
                PageStyle.sheet
            }
            body
        }
        return "<!DOCTYPE html>\n" + html.source
    }

    // MARK: - Words with a sign

    enum Sign {
        case good
        case bad
        case doubt

        init(_ verdict: MetricVerdict) {
            self =
                switch verdict {
                case .met: .good
                case .missed: .bad
                case .unproven: .doubt
                }
        }

        init(_ outcome: DrillOutcome) {
            self =
                switch outcome {
                case .passed: .good
                case .failed: .bad
                case .incomplete, .aborted: .doubt
                }
        }

        var style: String {
            switch self {
            case .good: "good"
            case .bad: "bad"
            case .doubt: "doubt"
            }
        }

        var mark: String {
            switch self {
            case .good: "✓"
            case .bad: "✗"
            case .doubt: "?"
            }
        }
    }

    func badge(_ text: String, _ sign: Sign) -> Markup {
        tag("span", class: "verdict \(sign.style)") {
            tag("span", ["aria-hidden": "true"]) { sign.mark }
            text
        }
    }

    func badge(_ verdict: MetricVerdict) -> Markup {
        badge(words.verdict(verdict), Sign(verdict))
    }

    /// A sign with its word for readers who cannot see it.
    func sign(_ sign: Sign, _ text: String) -> Markup {
        tag("span", ["class": sign.style, "title": text, "role": "img", "aria-label": text]) { sign.mark }
    }

    func evidence(_ evidence: EvidenceClass) -> Markup {
        tag("span", ["class": "verdict neutral", "title": words.evidence(evidence)]) {
            "\(evidence.rawValue) \(words.evidence(evidence))"
        }
    }

    // MARK: - Times and traces

    /// A time in the plan's zone, with UTC behind it.
    func time(_ moment: Moment, _ text: String? = nil) -> Markup {
        let utc = LocalTime.utc(moment)
        return tag("time", ["datetime": utc, "title": utc]) { text ?? words.time.text(moment) }
    }

    func clock(_ moment: Moment) -> Markup {
        time(moment, words.time.clock(moment))
    }

    /// The events that a figure rests on.
    func traced(_ trace: EventTrace) -> Markup {
        guard !trace.isEmpty else { return Markup() }
        return tag("span") {
            say("traced to ledger events ", "依据账本事件 ") + trace.text
        }
    }

    func hash(_ text: String) -> Markup {
        tag("span", class: "hash") { text }
    }

    /// The commands that check a report with stock programs.
    func verification(workspace: String) -> Markup {
        tag("pre") {
            for command in EvidenceBundle.commands(workspace: workspace) {
                tag("code") { command }
                Markup(literal: "\n")
            }
        }
    }

    // MARK: - Tables

    struct Column {
        var title: String
        var style: String?

        init(_ title: String, _ style: String? = nil) {
            self.title = title
            self.style = style
        }
    }

    /// A table whose first column names the row; on a narrow screen each row becomes a block.
    func table(
        _ columns: [Column], caption: String? = nil, stacks: Bool = true, _ rows: [[Markup]]
    ) -> Markup {
        let head = tag("thead") {
            tag("tr") {
                for column in columns {
                    tag("th", ["scope": "col", "class": column.style]) { column.title }
                }
            }
        }
        let body = tag("tbody") {
            for row in rows { tableRow(columns, row) }
        }
        let table = tag("table", ["class": stacks ? "stack" : nil]) {
            if let caption { tag("caption") { caption } }
            head
            body
        }
        return stacks ? table : scrolling(table, caption ?? columns.first?.title ?? "")
    }

    private func tableRow(_ columns: [Column], _ row: [Markup]) -> Markup {
        tag("tr") {
            for (index, cell) in row.enumerated() where index < columns.count {
                if index == 0 {
                    tag("th", ["scope": "row", "class": columns[0].style]) { cell }
                } else {
                    tag("td", ["class": columns[index].style, "data-label": columns[index].title]) { cell }
                }
            }
        }
    }

    /// What may be wider than the page; reachable with the keyboard.
    func scrolling(_ content: Markup, _ name: String) -> Markup {
        tag("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": name]) { content }
    }

    /// A list of sentences, or the sentence that there are none.
    func list(_ items: [String], none: String) -> Markup {
        guard !items.isEmpty else { return tag("p", class: "soft") { none } }
        return tag("ul") { for item in items { tag("li") { item } } }
    }
}
