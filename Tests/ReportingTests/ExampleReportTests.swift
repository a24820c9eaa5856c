// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Reporting
import Testing

@Suite("The example reports")
struct ExampleReportTests {
    static func audit(_ language: ReportLanguage) throws -> AuditReport {
        let history = try ExampleHistory()
        let evidence = try ExampleDrill(canaries: history.canaries).evidence()
        return AuditSource(
            plan: try ExamplePlan.plan(), events: history.events,
            evidence: ["20261123t021000z-0b7f31d9": evidence], begin: ExampleHistory.begin,
            end: ExampleHistory.end, generatedAt: ExampleHistory.end, language: language,
            toolVersion: "0.1.0", isLedgerWhole: true
        ).report()
    }

    static func drill(_ language: ReportLanguage) throws -> AfterAction {
        let history = try ExampleHistory()
        let runs = history.events.compactMap { event in
            if case .drillRun(let run) = event.body { (event.sequence, run) } else { nil }
        }
        return try #require(
            AfterActionSource(
                evidence: try ExampleDrill(canaries: history.canaries).evidence(),
                plan: try ExamplePlan.plan(), generatedAt: ExampleHistory.end, language: language,
                earlier: runs.map(\.1), ledgerEvent: runs.last?.0
            ).report())
    }

    @Test func `are written where they are asked for`() throws {
        let folder = "/tmp/report-look"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for language in ReportLanguage.allCases {
            let report = try Self.audit(language)
            try report.html().write(
                toFile: "\(folder)/audit.\(language.rawValue).html", atomically: true, encoding: .utf8)
            try CanonicalJSON.encodePretty(report).write(
                to: URL(fileURLWithPath: "\(folder)/audit.\(language.rawValue).json"))
            try report.markdown().write(
                toFile: "\(folder)/audit.\(language.rawValue).md", atomically: true, encoding: .utf8)
            let drill = try Self.drill(language)
            try drill.html().write(
                toFile: "\(folder)/drill.\(language.rawValue).html", atomically: true, encoding: .utf8)
            try drill.markdown().write(
                toFile: "\(folder)/drill.\(language.rawValue).md", atomically: true, encoding: .utf8)
            try CanonicalJSON.encodePretty(drill).write(
                to: URL(fileURLWithPath: "\(folder)/drill.\(language.rawValue).json"))
        }
    }
}
