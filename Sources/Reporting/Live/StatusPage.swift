// SPDX-License-Identifier: Apache-2.0
import Continuity

extension StatusReport {
    /// The screen as a page that follows what happens; the same words as in the terminal.
    ///
    /// Takes the drills that are kept here, oldest first, of which those that go on are shown on top, and where the
    /// stream of changes is.
    package func page(runs: [RunLine], zone: String, stream: String) -> String {
        let words = Wording(.en, zone: zone, now: judgedAt, space: "\u{a0}")
        let parts = PageParts(words: words)
        return LivePage(
            words: words, title: "\(state.rawValue): \(workspace)", stream: stream, place: "/"
        ).html {
            tag("h1") {
                workspace
                " "
                parts.badge(state.rawValue, state.sign)
            }
            tag("p", class: "lead") { headline }
            for run in runs where run.isRunning {
                tag("p") {
                    tag("a", ["href": run.path]) { "A drill is going on: \(run.title), \(run.mode.rawValue)" }
                }
            }
            for service in services { card(service, words, parts) }
            if services.isEmpty { tag("p") { "The plan names no service." } }
        }
    }

    private func card(_ service: ServiceStatus, _ words: Wording, _ parts: PageParts) -> Markup {
        tag("section", class: "card \(service.state.sign.style)") {
            tag("header") {
                tag("h3") { service.service }
                parts.badge(service.state.rawValue, service.state.sign)
            }
            tag("div", class: "glances") {
                glance("lost if it failed now", lost(service, words))
                glance("promised", service.objectiveSeconds.map(words.seconds) ?? "nothing")
                glance("verified whole copies", "\(service.copies) of \(service.copiesAskedFor)")
                glance("last drill", drill(service.lastDrill, words).text)
            }
            if !service.reasons.isEmpty {
                tag("ul") {
                    for reason in service.reasons { tag("li") { reason } }
                    for repair in service.repairs {
                        tag("li") {
                            "repair: "
                            tag("code") { repair }
                        }
                    }
                }
            }
        }
    }

    private func glance(_ what: String, _ value: String) -> Markup {
        tag("div", class: "glance") {
            tag("div", class: "what") { what }
            tag("div", class: "num") { value }
        }
    }

    /// The numbers for a monitoring system.
    package func openMetrics() -> String {
        var metrics = OpenMetricsText()
        let label = { (service: ServiceStatus) in [("service", service.service)] }
        metrics.gauge(
            "lifeboat_exposure_seconds", unit: "seconds",
            "What would be lost if the service failed now, absent when everything would be",
            services.map { (label($0), $0.exposureSeconds) })
        metrics.gauge(
            "lifeboat_recovery_point_objective_seconds", unit: "seconds", "What is promised",
            services.map { (label($0), $0.objectiveSeconds) })
        metrics.gauge(
            "lifeboat_verified_copies", "The fewest verified whole copies among the datasets of a service",
            services.map { (label($0), Double($0.copies)) })
        metrics.gauge(
            "lifeboat_service_state", "0 ok, 1 warning, 2 critical, 3 unknown",
            services.map { (label($0), Double($0.state.exitStatus)) })
        return metrics.text
    }
}

extension StatusReport.State {
    var sign: PageParts.Sign {
        switch self {
        case .ok: .good
        case .warning, .unknown: .doubt
        case .critical: .bad
        }
    }
}
