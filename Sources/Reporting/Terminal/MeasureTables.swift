// SPDX-License-Identifier: Apache-2.0
package import Continuity

/// What `measure` prints: recovery, exposure, availability, incidents and repair, each with what it rests on.
package struct MeasureText {
    let report: MeasureReport
    let words: Wording

    package init(_ report: MeasureReport, zone: String, now: Moment) {
        self.report = report
        words = Wording(.en, zone: zone, now: now)
    }

    package func text(_ style: TextStyle) -> String {
        let head =
            "\(words.time.text(report.windowBegunAt)) to \(words.time.text(report.asOf))"
            + (report.watchedSince.map {
                $0 > report.windowBegunAt ? ", watched since \(words.time.text($0))" : ""
            }
                ?? ", nothing is on record")
        var blocks = [head, recoveries.text(style)]
        let rest: [(String, Table?)] = [
            ("Worst that could have been lost, and what would be lost now", exposures),
            ("Availability: agreed leaves announced maintenance out, standard counts it", availability),
            ("Incidents; drills stand apart", incidents), ("Repair, by table 15", repairs),
        ]
        for (title, table) in rest {
            guard let table else { continue }
            blocks += ["", style.paint(title, .strong), table.text(style)]
        }
        if exposures != nil { blocks += ["", "over time: \(ExposureSlices.legend)"] }
        if report.services.contains(where: { !$0.months.isEmpty }) {
            blocks += ["", "months: \(Self.legend)"]
        }
        let reasons = report.services.flatMap { service in
            (service.recoveryTime.reasons + service.recoveryPoint.reasons).map {
                "  \(service.service): \($0)"
            }
        }
        if !reasons.isEmpty { blocks += [""] + reasons.map { Escaping.visible($0) } }
        return blocks.joined(separator: "\n")
    }

    // MARK: - Recovery

    private var recoveries: Table {
        var table = Table(
            [
                .init("service", isFlexible: true), .init("number"), .init("worst of the window", .right),
                .init("last", .right), .init("promised", .right), .init("verdict"), .init("evidence"),
                .init("age", .right), .init("drills", .right),
            ], empty: "the plan names no service")
        for service in report.services {
            add("recovery time", service.service, service.recoveryTime, to: &table)
            add("recovery point", service.service, service.recoveryPoint, to: &table)
        }
        return table
    }

    private func add(_ name: String, _ service: String, _ value: Achieved, to table: inout Table) {
        table.add([
            .init(service), .init(name), .init(value.worst.map(words.length.text) ?? "unknown"),
            .init(value.latest.map(words.length.text) ?? "-"),
            .init(value.objectiveSeconds.map(words.seconds) ?? "-"),
            .init(words.verdict(value.verdict), value.verdict.tone), .init(value.evidence.rawValue),
            .init(value.ageSeconds.map(age) ?? "-"),
            .init(value.failedRuns > 0 ? "\(value.runs), \(value.failedRuns) failed" : "\(value.runs)"),
        ])
    }

    /// Service by service and site by site, by the weakest dataset.
    private var exposures: Table? {
        var table = Table(
            [
                .init("service", isFlexible: true), .init("if gone"), .init("worst", .right), .init("at"),
                .init("of dataset", isFlexible: true), .init("now", .right), .init("over time"),
            ], empty: "")
        for service in report.services {
            for exposure in service.siteExposures {
                let most = service.recoveryPoint.objectiveSeconds ?? exposure.overTime.most ?? 0
                table.add([
                    .init(service.service), .init(exposure.site),
                    exposure.worst.worstSeconds.map { .init(age($0)) } ?? .init("everything", .bad),
                    .init(words.time.short(exposure.worst.worstAt)), .init(exposure.worst.dataset),
                    exposure.nowSeconds.map { .init(age($0)) } ?? .init("everything", .bad),
                    .init(exposure.overTime.sparkline(to: most)),
                ])
            }
        }
        return table.rows.isEmpty ? nil : table
    }

    // MARK: - Availability

    private var availability: Table? {
        var table = Table(
            [
                .init("service", isFlexible: true), .init("agreed", .right), .init("promised", .right),
                .init("verdict"), .init("standard", .right), .init("down", .right), .init("excluded", .right),
                .init("known", .right), .init("outages", .right), .init("between failures", .right),
                .init("sees from", .right), .init("months"),
            ], empty: "")
        for service in report.services {
            for (name, value, isOwn) in [
                (service.service, service.availability, true),
                ("\(service.service) with all it needs", service.composite, false),
            ] {
                guard let value else { continue }
                table.add(row(name, value, service, isOwn: isOwn))
            }
        }
        return table.rows.isEmpty ? nil : table
    }

    private func row(
        _ name: String, _ value: Availability, _ service: ServiceMeasure, isOwn: Bool
    ) -> [Table.Cell] {
        let promised = isOwn ? service.availabilityObjective.map { Self.percent($0) } ?? "-" : "-"
        let between =
            isOwn
            ? service.timeBetweenFailuresSeconds.map { (service.failures == 0 ? "at least " : "") + age($0) }
            : nil
        return [
            .init(name), .init(Self.range(value.agreedLow, value.agreedHigh)), .init(promised),
            isOwn && service.availabilityObjective != nil
                ? .init(words.verdict(service.availabilityVerdict), service.availabilityVerdict.tone)
                : .init("-"),
            .init(Self.range(value.standardLow, value.standardHigh)), .init(length(value.downSeconds)),
            .init(length(value.excludedSeconds)), .init(Self.percent(value.coverage)),
            .init("\(value.outages)"), .init(between ?? "-"),
            .init(value.resolutionSeconds.map(length) ?? "-"),
            .init(isOwn ? Self.sparkline(service.months) : ""),
        ]
    }

    /// A month a sign; what is not known is a dot and never a low bar.
    static func sparkline(_ months: [Availability]) -> String {
        months.map { month in
            guard let agreed = month.agreed, month.coverage >= 0.5 else { return "·" }
            return steps.first { agreed >= $0.from }?.sign ?? "▁"
        }.joined()
    }

    private static let steps: [(from: Double, sign: String)] = [
        (0.99999, "█"), (0.9999, "▇"), (0.999, "▆"), (0.995, "▅"), (0.99, "▄"), (0.95, "▃"), (0.5, "▂"),
    ]

    static let legend =
        "█ 99.999 % ▇ 99.99 % ▆ 99.9 % ▅ 99.5 % ▄ 99 % ▃ 95 % ▂ 50 % ▁ less; · less than half of it known"

    static func range(_ low: Double, _ high: Double, _ say: ReportLanguage = .en) -> String {
        let (left, right) = (percent(low, .down), percent(high, .up))
        return left == right ? left : say("\(left) to \(right)", "\(left) 至 \(right)")
    }

    /// With as many digits as tell it apart from all and from nothing.
    static func percent(_ share: Double, _ rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero)
        -> String
    {
        // A share that came out of sums of seconds may be a hair beside its value.
        let value = ((share * 1e9).rounded() / 1e9) * 100
        for digits in [1.0, 10, 100, 1_000, 10_000] {
            let rounded = (value * digits).rounded(rule) / digits
            if digits >= 1_000 || (value == rounded) {
                let isWhole = rounded == rounded.rounded()
                return (isWhole ? String(Int(rounded)) : String(rounded)) + " %"
            }
        }
        return "\(value) %"
    }

    // MARK: - Incidents

    private var incidents: Table? {
        var table = Self.spreads("service")
        for service in report.services {
            for (name, spread) in [
                ("to restore", service.timeToRestore), ("to detect", service.timeToDetect),
                ("to acknowledge", service.timeToAcknowledge), ("to respond", service.timeToRespond),
                ("to resolve", service.timeToResolve), ("unannounced drills", service.drills),
                ("announced drills", service.announcedDrills),
            ] where spread.count + spread.open > 0 {
                table.add([.init(service.service), .init(name)] + cells(spread))
            }
        }
        return table.rows.isEmpty ? nil : table
    }

    private var repairs: Table? {
        var table = Self.spreads("kind")
        for repair in report.repairs where repair.population > 0 || repair.timeToRepair.open > 0 {
            table.add(
                [.init(repair.kind.rawValue), .init("of \(repair.population) on record")]
                    + cells(repair.timeToRepair))
        }
        return table.rows.isEmpty ? nil : table
    }

    private static func spreads(_ first: String) -> Table {
        Table(
            [
                .init(first, isFlexible: true), .init("time"), .init("n", .right), .init("open", .right),
                .init("mean", .right), .init("median", .right), .init("p90", .right), .init("range", .right),
                .init(""),
            ], empty: "")
    }

    private func cells(_ spread: Spread) -> [Table.Cell] {
        let range = spread.leastSeconds.map { "\(length($0)) to \(length(spread.mostSeconds ?? $0))" } ?? "-"
        return [
            .init("\(spread.count)"), .init("\(spread.open)", spread.open > 0 ? .doubtful : .plain),
            .init(spread.meanSeconds.map(length) ?? "-"), .init(spread.medianSeconds.map(length) ?? "-"),
            .init(spread.p90Seconds.map(length) ?? "-"), .init(range),
            .init(spread.isTooFew ? "too few for a trend" : "", .faint),
        ]
    }

    private func length(_ seconds: Double) -> String {
        words.length.text(Duration(roundedSeconds: seconds.rounded()))
    }

    private func age(_ seconds: Double) -> String { words.length.age(Duration(roundedSeconds: seconds)) }
}
