// SPDX-License-Identifier: Apache-2.0
import Continuity
import Reporting
import Testing

@Suite("An audit report")
struct AuditSourceTests {
    @Test func `proves nothing from an empty ledger, and says so`() throws {
        let report = try Examples.source(.en, isEmpty: true).report()
        let figures = report.services.flatMap(\.figures)
        #expect(figures.count == 12)
        #expect(figures.allSatisfy { $0.span == nil && $0.verdict != .met && $0.evidence == .none })
        #expect(report.ledger.headSequence == nil)
        #expect(report.services.allSatisfy { $0.verdict == .missed && $0.lostRecords == nil })
        #expect(report.html().contains("everything"))
    }

    @Test func `knows of the copies only what was known at the end of its period`() throws {
        let source = try Examples.source(.en, end: ExampleHistory.begin + .hours(30))
        let report = source.report()
        let documents = try #require(report.datasets.first { $0.copies.dataset == "documents" })
        let newest = try #require(documents.copies.points.last)
        #expect(newest.consistencyAt <= source.end)
        #expect(newest.consistencyAt > source.end - .hours(7))
        #expect(report.drills.isEmpty)
        #expect(report.services.first?.figures.first?.verdict == .unproven)
    }

    @Test func `holds the worst moment of the period against the promise, not the drill's luck`() throws {
        let report = try Examples.audit(.en)
        let wiki = try #require(report.services.first { $0.service == "wiki" })
        let now = try #require(wiki.figures.first { $0.kind == .exposureNow })
        let worst = try #require(wiki.figures.first { $0.kind == .worstExposure })
        #expect(now.verdict == .met)
        #expect(worst.verdict == .missed)
        #expect(wiki.verdict == .missed)
    }

    @Test func `traces the recovery point to the drill and the records around it`() throws {
        let history = try ExampleHistory()
        let report = try Examples.audit(.en)
        let figure = try #require(report.services.first?.figures.first { $0.kind == .recoveryPoint })
        let kinds = figure.trace.events.map { history.events[$0 - 1].body.kind }
        #expect(Set(kinds) == [.drillRun, .canaryRecord])
        // The last record that came back, and the thirteen that did not.
        #expect(kinds.count { $0 == .canaryRecord } == 14)
        #expect(report.services.first?.lostRecords == 13)
    }

    @Test func `speaks of no time before the ledger's first event, and says that it was asked to`() throws {
        var source = try Examples.source(.en)
        source.begin = ExampleHistory.begin - .days(365)
        let report = source.report()
        #expect(report.begunAt == ExampleHistory.begin)
        #expect(report.askedBegunAt == source.begin)
        #expect(report.html().contains("nothing is known of the time before 2026-11-17 00:00"))
        #expect(try !Examples.audit(.en).html().contains("nothing is known of the time before"))
    }

    @Test func `puts what is not kept before what nobody knows`() throws {
        let weights = try Examples.audit(.en).findings.map(\.weight)
        #expect(weights == weights.sorted())
        #expect(Set(weights) == [.violated, .unproven, .note])
    }

    @Test func `adds assumed parts once, and never turns an unproven time into a met one`() {
        let recovery = ServiceRecovery(
            service: "files", dataset: nil, recoveryTime: Span(lower: .seconds(100), upper: .seconds(110)),
            recoveryTimeObjective: .hours(1), recoveryTimeVerdict: .unproven, recoveryPoint: nil,
            recoveryPointObjective: nil, recoveryPointVerdict: .unproven, lostRecords: nil,
            reasons: ["the clocks are known to 9s only", "no canary was read in the recovered data"],
            disasterAt: nil, recoveredPointAt: nil, serviceVerifiedAt: nil, evidence: .readiness,
            parts: [
                RecoveryPart(
                    name: "detect", span: Span(lower: .seconds(2), upper: .seconds(4)), isAssumed: false),
                RecoveryPart(
                    name: "detect", span: Span(lower: .seconds(300), upper: .seconds(300)), isAssumed: true),
            ])
        #expect(recovery.projectedTime == Span(lower: .seconds(398), upper: .seconds(408)))
        let figures = recovery.figures(
            measuredAt: Moment(seconds: 0), now: Moment(seconds: 60), trace: .none)
        #expect(figures.map(\.verdict) == [.unproven, .unproven, .unproven])
        #expect(figures[0].reasons == ["the clocks are known to 9s only"])
        #expect(figures[2].reasons == ["no canary was read in the recovered data"])
    }
}
