// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Reporting
import Testing

/// The example reports in `Reports/examples`: what a reader gets, held still.
///
/// `make goldens` (or `LIFEBOAT_RENEW_GOLDENS=1`) writes them anew; look at them before they are committed.
@Suite("The example reports")
struct ExampleReportTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Reports/examples")

    @Test(
        "are those that are committed",
        arguments: [
            "audit.en.html", "audit.zh.html", "audit.json", "audit.md", "drill.en.html", "drill.zh.html",
            "drill.json", "drill.md", "drill.junit.xml", "drill.metrics.txt", "audit.metrics.txt",
            "oscal-assessment-results.json",
        ])
    func golden(name: String) throws {
        let made = try Self.make(name)
        let file = Self.folder.appending(path: name)
        if ProcessInfo.processInfo.environment["LIFEBOAT_RENEW_GOLDENS"] != nil {
            try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
            try made.write(to: file, atomically: true, encoding: .utf8)
        }
        let kept = try String(contentsOf: file, encoding: .utf8)
        let difference = Self.firstDifference(kept, made)
        #expect(difference == nil, "\(name) differs: \(difference ?? "")")
    }

    private static func make(_ name: String) throws -> String {
        switch name {
        case "audit.en.html": try Examples.audit(.en).html()
        case "audit.zh.html": try Examples.audit(.zh).html()
        case "audit.md": try Examples.audit(.en).markdown()
        case "audit.json":
            String(decoding: try CanonicalJSON.encodePretty(Examples.audit(.en)), as: UTF8.self)
        case "audit.metrics.txt": try Examples.audit(.en).openMetrics()
        case "drill.en.html": try Examples.drill(.en).html()
        case "drill.zh.html": try Examples.drill(.zh).html()
        case "drill.md": try Examples.drill(.en).markdown()
        case "drill.json":
            String(decoding: try CanonicalJSON.encodePretty(Examples.drill(.en)), as: UTF8.self)
        case "drill.junit.xml": try Examples.drill(.en).junit()
        case "drill.metrics.txt": try Examples.drill(.en).openMetrics()
        default:
            String(
                decoding: try CanonicalJSON.encodePretty(
                    #require(OSCALDocument(Examples.audit(.en)))), as: UTF8.self)
        }
    }

    /// The first line in which two texts differ, from both.
    private static func firstDifference(_ kept: String, _ made: String) -> String? {
        guard kept != made else { return nil }
        let (old, new) = (kept.split(separator: "\n"), made.split(separator: "\n"))
        for (number, pair) in zip(old, new).enumerated() where pair.0 != pair.1 {
            return "line \(number + 1): was \(pair.0.prefix(300)) / is \(pair.1.prefix(300))"
        }
        return "\(old.count) lines, now \(new.count)"
    }

    @Test func `come back from their JSON as they were`() throws {
        let audit = try Examples.audit(.en)
        #expect(try CanonicalJSON.decode(AuditReport.self, from: CanonicalJSON.encode(audit)) == audit)
        let drill = try Examples.drill(.en)
        #expect(try CanonicalJSON.decode(AfterAction.self, from: CanonicalJSON.encode(drill)) == drill)
    }
}

/// The reports of the example history.
enum Examples {
    static let run = "20261123t031200z-0b7f31d9"

    static func audit(_ language: ReportLanguage) throws -> AuditReport {
        try source(language).report()
    }

    /// The whole history, or none of it, up to an end.
    static func source(
        _ language: ReportLanguage, isEmpty: Bool = false, end: Moment = ExampleHistory.end
    ) throws -> AuditSource {
        let history = try ExampleHistory()
        let evidence = try ExampleDrill(canaries: history.canaries).evidence()
        return AuditSource(
            plan: try ExamplePlan.plan(), events: isEmpty ? [] : history.events, grade: ExampleGrade.report(),
            evidence: isEmpty ? [:] : [run: evidence], begin: ExampleHistory.begin, end: end,
            generatedAt: ExampleHistory.end, language: language, toolVersion: "0.1.0", isLedgerWhole: true)
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
}
