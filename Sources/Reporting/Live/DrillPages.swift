// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// One run in a list of runs.
package struct RunLine: Hashable, Sendable {
    package var run: String
    package var title: String
    package var mode: DrillMode
    package var begunAt: Moment
    package var outcome: DrillOutcome?
    package var isRunning: Bool

    package init(
        run: String, title: String, mode: DrillMode, begunAt: Moment, outcome: DrillOutcome?, isRunning: Bool
    ) {
        self.run = run
        self.title = title
        self.mode = mode
        self.begunAt = begunAt
        self.outcome = outcome
        self.isRunning = isRunning
    }

    /// Where its board is; names of runs have no character that would need escaping there.
    var path: String { "/drills/\(run)" }

    /// The list as a page that follows what happens, the newest on top.
    package static func page(_ runs: [RunLine], zone: String, now: Moment, stream: String) -> String {
        let words = Wording(.en, zone: zone, now: now, space: "\u{a0}")
        let parts = PageParts(words: words)
        let columns: [PageParts.Column] = [
            .init("run"), .init("what"), .init("mode"), .init("begun"), .init("outcome"),
        ]
        return LivePage(words: words, title: "Drills", stream: stream, place: "/drills").html {
            tag("h1") { "Drills" }
            if runs.isEmpty {
                tag("p", class: "soft") { "No drill was ever begun here." }
            } else {
                parts.table(
                    columns,
                    runs.reversed().map { run in
                        [
                            tag("a", ["href": run.path]) { run.run }, Markup(run.title),
                            Markup(run.mode.rawValue), parts.time(run.begunAt), run.outcome(parts),
                        ]
                    })
            }
        }
    }

    private func outcome(_ parts: PageParts) -> Markup {
        if let outcome { return parts.badge(outcome.rawValue, .init(outcome)) }
        return parts.badge(isRunning ? "going on" : "open", .doubt)
    }
}

/// The board of a drill on a wall: the same picture as in the terminal, and what is asked of people.
package struct BoardPage: Hashable, Sendable {
    /// A step that waits for a person.
    package struct Ask: Hashable, Sendable {
        package var step: String
        package var ask: String
        package var choices: [(id: String, label: String)] { zip(ids, labels).map { ($0, $1) } }
        private var ids: [String]
        private var labels: [String]

        package init(step: String, ask: String, choices: [(id: String, label: String)]) {
            self.step = step
            self.ask = ask
            ids = choices.map(\.id)
            labels = choices.map(\.label)
        }
    }

    package var run: String
    package var lines: [String]
    package var asks: [Ask]
    package var isClosed: Bool

    package init(run: String, lines: [String], asks: [Ask], isClosed: Bool) {
        self.run = run
        self.lines = lines
        self.asks = asks
        self.isClosed = isClosed
    }

    /// The page, with forms for answers, notes and holds where it takes requests, and what became of the one that
    /// led here.
    package func html(zone: String, now: Moment, stream: String, takesRequests: Bool, said: String? = nil)
        -> String
    {
        let words = Wording(.en, zone: zone, now: now, space: "\u{a0}")
        return LivePage(words: words, title: lines.first ?? run, stream: stream, place: "").html(
            style: "wall"
        ) {
            tag("pre", class: "board") {
                tag("code") { Markup(lines.joined(separator: "\n"), keepingLines: true) }
            }
            if let said { tag("p", ["role": "status"]) { said } }
            if takesRequests, !isClosed { forms }
        }
    }

    /// The same as one file that needs no server: a browser loads it again every two seconds.
    package func file(zone: String, now: Moment) -> String {
        let words = Wording(.en, zone: zone, now: now, space: "\u{a0}")
        let head = tag("head") {
            tag("meta", ["charset": "utf-8"])
            tag("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"])
            if !isClosed { tag("meta", ["http-equiv": "refresh", "content": "2"]) }
            tag("title") { lines.first ?? run }
            PageStyle.sheet
            LivePage.sheet
        }
        let body = tag("body", ["class": "wall"]) {
            tag("main") {
                tag("pre", class: "board") {
                    tag("code") { Markup(lines.joined(separator: "\n"), keepingLines: true) }
                }
                for ask in asks { tag("p") { "\(ask.step): \(ask.ask)" } }
                tag("footer") { "as of \(words.time.text(words.now))" }
            }
        }
        return "<!DOCTYPE html>\n" + tag("html", ["lang": "en"], { head + body }).source
    }

    @MarkupBuilder private var forms: Markup {
        for ask in asks {
            tag("form", ["method": "post", "action": "/drills/\(run)/answer", "data-keep": ""]) {
                tag("strong") { ask.ask }
                tag("input", ["type": "hidden", "name": "step", "value": ask.step])
                if ask.choices.isEmpty {
                    tag("input", ["type": "text", "name": "answer", "aria-label": "answer", "required": ""])
                    tag("button") { "Answer" }
                }
                for choice in ask.choices {
                    tag("button", ["name": "answer", "value": choice.id]) { choice.label }
                }
                person
            }
        }
        line("note", "Note", "a sentence for the journal")
        line("hold", "Hold", "why no further step may begin")
        line("release", "Release", "why it goes on")
    }

    private func line(_ action: String, _ name: String, _ hint: String) -> Markup {
        tag("form", ["method": "post", "action": "/drills/\(run)/\(action)", "data-keep": ""]) {
            tag(
                "input",
                ["type": "text", "name": "text", "placeholder": hint, "aria-label": hint, "required": ""])
            person
            tag("button") { name }
        }
    }

    private var person: Markup {
        tag(
            "input",
            ["name": "person", "placeholder": "your id in the plan", "aria-label": "your id in the plan"])
    }
}
