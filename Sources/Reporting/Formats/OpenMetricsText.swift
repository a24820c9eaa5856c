// SPDX-License-Identifier: Apache-2.0
import Continuity

/// Numbers for a monitoring system, in OpenMetrics 1.0 text.
///
/// What is not known is left out and never written as zero; a family without a sample is left out whole.
package struct OpenMetricsText: Hashable, Sendable {
    private var families: [Family] = []

    private struct Family: Hashable {
        var name: String
        var unit: String?
        var help: String
        var samples: [String]
    }

    package init() {}

    /// Adds the samples of one gauge.
    ///
    /// - Parameters:
    ///   - name: the metric's name, with its unit at the end where it has one.
    ///   - unit: such as `seconds`.
    ///   - help: what it says, in a sentence without a stop.
    ///   - samples: labels with values; those without a value are left out.
    package mutating func gauge(
        _ name: String, unit: String? = nil, _ help: String,
        _ samples: [(labels: [(String, String)], value: Double?)]
    ) {
        let lines = samples.compactMap { sample -> String? in
            guard let value = sample.value, value.isFinite else { return nil }
            let labels = sample.labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }.joined(separator: ",")
            return "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.number(value))"
        }
        guard !lines.isEmpty else { return }
        families.append(Family(name: name, unit: unit, help: help, samples: lines))
    }

    package var text: String {
        families.map { family in
            let unit = family.unit.map { "# UNIT \(family.name) \($0)\n" } ?? ""
            return "# TYPE \(family.name) gauge\n\(unit)# HELP \(family.name) \(Self.escaped(family.help))\n"
                + family.samples.map { $0 + "\n" }.joined()
        }.joined() + "# EOF\n"
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    private static func escaped(_ text: String) -> String {
        Escaping.visible(text).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }
}

extension AfterAction {
    /// The run's numbers for monitoring.
    package func openMetrics() -> String {
        var metrics = OpenMetricsText()
        let base = [("scenario", run.scenario), ("run", run.run)]
        func samples(
            _ value: (ServicePart) -> [(String, Double?)]
        ) -> [(labels: [(String, String)], value: Double?)] {
            services.flatMap { service in
                value(service).map { bound, number in
                    (base + [("service", service.recovery.service), ("bound", bound)], number)
                }
            }
        }
        metrics.gauge(
            "lifeboat_drill_recovery_time_seconds", unit: "seconds", "outage to valid service",
            samples { bounds($0.recovery.recoveryTime) })
        metrics.gauge(
            "lifeboat_drill_recovery_point_seconds", unit: "seconds", "newest recovered record to outage",
            samples { bounds($0.recovery.recoveryPoint) })
        metrics.gauge(
            "lifeboat_drill_lost_records", "acknowledged records that did not come back",
            services.map { service in
                (
                    base + [("service", service.recovery.service)],
                    service.recovery.lostRecords.map(Double.init)
                )
            })
        metrics.gauge(
            "lifeboat_drill_outcome", "1 for the outcome that the run came to",
            DrillOutcome.allCases.map { (base + [("outcome", $0.rawValue)], run.outcome == $0 ? 1 : 0) })
        metrics.gauge(
            "lifeboat_drill_ended_timestamp_seconds", unit: "seconds", "when the run ended",
            [(base, Double(run.endedAt.seconds))])
        return metrics.text
    }

    private func bounds(_ span: Span?) -> [(String, Double?)] {
        [("lower", span?.lower.inSeconds), ("upper", span?.upper?.inSeconds)]
    }
}

extension AuditReport {
    /// The report's numbers for monitoring.
    package func openMetrics() -> String {
        var metrics = OpenMetricsText()
        for kind in Figure.Kind.allCases {
            let figures = services.flatMap { service in
                service.figures.filter { $0.kind == kind }.map { (service.service, $0) }
            }
            metrics.gauge(
                "lifeboat_\(kind.rawValue)_seconds", unit: "seconds", "see the audit report",
                figures.flatMap { service, figure in
                    [
                        ([("service", service), ("bound", "lower")], figure.span?.lower.inSeconds),
                        ([("service", service), ("bound", "upper")], figure.span?.upper?.inSeconds),
                    ]
                })
        }
        metrics.gauge(
            "lifeboat_objective_met", "1 met, 0 missed; unproven is left out",
            services.map {
                ([("service", $0.service)], $0.verdict == .unproven ? nil : $0.verdict == .met ? 1 : 0)
            })
        metrics.gauge(
            "lifeboat_verified_copies", "verified whole copies of the newest point",
            datasets.map { ([("dataset", $0.copies.dataset)], Double($0.copies.effective.count)) })
        metrics.gauge(
            "lifeboat_copies_left", "copies of the newest point that a loss would leave",
            datasets.flatMap { dataset in
                dataset.copies.losses.map { outcome in
                    (
                        [
                            ("dataset", dataset.copies.dataset), ("loss", outcome.loss.kind.rawValue),
                            ("name", outcome.loss.name),
                        ], Double(outcome.copiesLeft)
                    )
                }
            })
        metrics.gauge(
            "lifeboat_ledger_events", "events in the ledger", [([], Double(ledger.events))])
        return metrics.text
    }
}
