// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Operations
import Reporting

struct ExpireCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "expire", abstract: "Let go of what the keep rules no longer hold, in two steps.",
        discussion: """
            First a point is marked; it is removed when its quarantine is over. The last verified copy, and
            whatever a kept point builds on, always stays.
            """)

    @OptionGroup var common: CommonOptions

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @Option(help: "How long a marked point stays.", transform: durationArgument)
    var quarantine: Duration = .days(7)

    @Argument(help: "Datasets; without any, all of the plan.")
    var datasets: [String] = []

    func perform(_ console: Console) throws -> ExitStatus {
        let place = try common.open(console)
        let expirer = Expirer(
            workspace: place.workspace, plan: place.plan, ledger: place.ledger, quarantine: quarantine)
        let reports = try place.plan.chosenOwn(datasets).flatMap {
            try expirer.expire(dataset: $0.id, dryRun: dryRun, supervision: console.supervision)
        }
        try console.print(ExpireOutput(isDryRun: dryRun, reports: reports)) {
            reports.isEmpty ? "nothing has keep rules" : reports.map(Self.text).joined(separator: "\n")
        }
        return reports.contains { $0.decision.refusal != nil } ? .refused : .success
    }

    static func text(_ report: ExpiryReport) -> String {
        if let refusal = report.decision.refusal {
            return Escaping.visible("\(report.dataset) in \(report.store): nothing expires, \(refusal)")
        }
        let detail = report.detail.map { ", \($0)" } ?? ""
        return Escaping.visible(
            "\(report.dataset) in \(report.store): \(report.decision.kept.count) kept, "
                + "\(report.marked.count) marked, \(report.removed.count) removed, \(report.spared.count) spared"
                + detail)
    }
}

private struct ExpireOutput: Encodable {
    var isDryRun: Bool
    var reports: [ExpiryReport]
}
