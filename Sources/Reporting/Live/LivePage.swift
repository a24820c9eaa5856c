// SPDX-License-Identifier: Apache-2.0

/// What a page in a browser needs beside its content to follow what happens.
///
/// The pages work without script, too: then they are loaded again every few seconds. With it, `live.js` follows the
/// stream that the page names and puts the new content in the old one's place.
struct LivePage {
    let words: Wording
    let title: String
    /// Where the stream of changes is.
    let stream: String
    /// Which of the places in the head this page is.
    let place: String

    private static let places = [
        ("/", "Status"), ("/drills", "Drills"), ("/report", "Report"),
    ]

    func html(style: String? = nil, @MarkupBuilder _ content: () -> Markup) -> String {
        let head = tag("head") {
            tag("meta", ["charset": "utf-8"])
            tag("meta", ["name": "viewport", "content": "width=device-width,initial-scale=1"])
            tag("meta", ["name": "generator", "content": "lifeboat"])
            tag("title") { title }
            tag("noscript") { tag("meta", ["http-equiv": "refresh", "content": "5"]) }
            PageStyle.sheet
            Self.sheet
            tag("script", ["src": "/live.js", "defer": ""])
        }
        let body = tag("body", ["data-stream": stream, "class": style]) {
            PageStyle.patterns
            tag("main", ["id": "live"]) {
                navigation
                content()
                tag("footer") { "as of \(words.time.text(words.now))" }
            }
            tag("p", ["id": "lost", "role": "status", "hidden": ""]) {
                "The connection is lost: what you see is old."
            }
        }
        return "<!DOCTYPE html>\n" + tag("html", ["lang": "en"], { head + body }).source
    }

    private var navigation: Markup {
        tag("p", class: "eyebrow places") {
            for (path, name) in Self.places {
                if path == place {
                    tag("strong") { name }
                } else {
                    tag("a", ["href": path]) { name }
                }
            }
        }
    }

    static let sheet = Markup(
        literal: """
            <style>
            .places{display:flex;gap:1.2rem;margin-bottom:.8rem}
            #lost{position:fixed;inset:auto 0 0 0;margin:0;padding:.6rem 1rem;background:var(--bad-bg);color:var(--bad);font-weight:600;text-align:center;max-width:none}
            .wall main{max-width:none;min-height:100vh}
            .wall .board{font-size:clamp(.7rem,1.55vw,2rem);line-height:1.35;white-space:pre;border:0;background:none;padding:0}
            .board{margin:.4rem 0 1rem}
            form{margin:.8rem 0;display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
            input,button,select{font:inherit;color:inherit;background:var(--ground);border:1px solid var(--rule);border-radius:6px;padding:.35rem .7rem}
            input[type=text]{flex:1 1 18rem}
            </style>
            """)
}
