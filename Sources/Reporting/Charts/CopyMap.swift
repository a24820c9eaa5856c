// SPDX-License-Identifier: Apache-2.0
import Continuity

extension PageParts {
    /// Where the copies of a dataset lie: cities, the sites in them, the stores in those.
    func copyMap(_ dataset: AuditReport.DatasetPart, _ report: AuditReport) -> Markup {
        let named = Set(dataset.policy.stores)
        let shown = report.sites.filter { site in
            site.site == dataset.productionSite || site.stores.contains { named.contains($0.store) }
        }
        var cities: [(String, [AuditReport.SitePart])] = []
        for site in shown {
            let city = site.city ?? site.site
            if let index = cities.firstIndex(where: { $0.0 == city }) {
                cities[index].1.append(site)
            } else {
                cities.append((city, [site]))
            }
        }
        return tag("div", class: "map") {
            for (city, sites) in cities {
                tag("div", class: "city") {
                    tag("p") { say("city \(city)", "城市 \(city)") }
                    for site in sites { place(site, dataset, named) }
                }
            }
        }
    }

    private func place(
        _ site: AuditReport.SitePart, _ dataset: AuditReport.DatasetPart, _ named: Set<String>
    ) -> Markup {
        let isHome = site.site == dataset.productionSite
        return tag("div", class: isHome ? "place home" : "place") {
            tag("p") {
                tag("strong") { site.site }
                tag("small", class: "soft") { " \(site.name)" }
            }
            if isHome {
                tag("p", class: "store") {
                    say("◆ production: ", "◆ 生产：")
                    dataset.copies.dataset
                }
            }
            for store in site.stores where named.contains(store.store) {
                tag("p", class: "store") { storeLine(store, dataset) }
            }
        }
    }

    @MarkupBuilder
    private func storeLine(
        _ store: AuditReport.SitePart.StorePart, _ dataset: AuditReport.DatasetPart
    ) -> Markup {
        let copy = dataset.copies.effective.first { $0.store == store.store }
        sign(
            copy == nil ? .bad : .good,
            copy == nil ? say("no copy that counts", "无有效副本") : say("a copy that counts", "有效副本"))
        " \(store.store)"
        if store.isAppendOnly { tag("small", class: "soft") { say(", append-only", "，只增") } }
        if let copy {
            tag("small", class: "soft") {
                say(", proven ", "，验证于")
                time(copy.verifiedAt, words.ago(copy.verifiedAt))
            }
        }
    }

    /// Which loss leaves which copies: stores down, losses across.
    func lossTable(_ dataset: AuditReport.DatasetPart) -> Markup {
        let losses = dataset.copies.losses
        let columns =
            [Column(say("if this is lost", "若失去"))]
            + dataset.policy.stores.map { Column($0, "c") }
            + [
                Column(say("copies left", "剩余副本"), "r"), Column(say("would be lost", "将丢失"), "r"),
            ]
        let rows = losses.map { outcome in
            [Markup(words.loss(outcome.loss))]
                + dataset.policy.stores.map { store in
                    let isLeft = outcome.storesLeft.contains(store)
                    return isLeft
                        ? sign(.good, say("survives", "存活"))
                        : tag("span", ["class": "soft", "title": say("gone", "失去")]) { "–" }
                }
                + [
                    Markup("\(outcome.copiesLeft)"),
                    outcome.exposureSeconds.map { Markup(words.seconds($0)) }
                        ?? badge(say("everything", "全部"), .bad),
                ]
        }
        return table(
            columns,
            caption: say(
                "What each loss would leave of the newest point, at \(words.time.text(dataset.copies.judgedAt))",
                "各种失去之后最新恢复点的剩余情况，\(words.time.text(dataset.copies.judgedAt))"), stacks: false, rows)
    }
}
