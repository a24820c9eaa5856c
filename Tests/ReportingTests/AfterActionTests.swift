// SPDX-License-Identifier: Apache-2.0
import Continuity
import Reporting
import Testing

@Suite("An after-action report")
struct AfterActionTests {
    private func source() throws -> AfterActionSource {
        let history = try ExampleHistory()
        return AfterActionSource(
            evidence: try ExampleDrill(canaries: history.canaries).evidence(),
            plan: try ExamplePlan.plan(), generatedAt: ExampleHistory.end)
    }

    @Test func `is the same from the same journal`() throws {
        #expect(try source().report() == source().report())
    }

    @Test func `is none when the journal does not begin with an opening`() throws {
        var source = try source()
        source.evidence.records.removeFirst()
        #expect(source.report() == nil)
    }

    @Test func `rates an objective that was met late with an S, and one nobody can judge not at all`() throws
    {
        let report = try #require(try source().report())
        #expect(report.objectives.map(\.rating) == [.someChallenges, .someChallenges])
        var blind = try source()
        blind.evidence.tracks = [:]
        let unproven = try #require(blind.report())
        #expect(unproven.objectives.map(\.rating) == [nil, nil])
        #expect(unproven.services[0].figures.allSatisfy { $0.verdict == .unproven && $0.span == nil })
    }

    @Test func `rates a service that did not come back with a U`() throws {
        var source = try source()
        source.evidence.tracks["files_at_north"] = nil
        let report = try #require(source.report())
        #expect(report.objectives.first?.rating == .unable)
        #expect(report.strengths.allSatisfy { !$0.contains("valid again") })
    }

    @Test func `gives each finding an owner and a day`() throws {
        let report = try #require(try source().report())
        #expect(report.improvements.count == report.run.findings.count)
        #expect(report.improvements.allSatisfy { $0.owner == "petra" })
        #expect(report.improvements.allSatisfy { $0.dueAt == report.run.endedAt + .days(30) })
    }

    @Test func `lays the run out on one clock`() throws {
        let timeline = try #require(try source().report()).timeline
        let decide = try #require(timeline.rows.first { $0.step == "declare" })
        #expect(decide.kind == .person)
        #expect(abs(decide.beginSeconds - 9.4) < 0.001)
        #expect(abs((decide.endSeconds ?? 0) - 96.2) < 0.001)
        let outage = try #require(timeline.marks.first { $0.kind == .outage })
        // The last good sample began at 6.6 s, the first bad one ended at 8.5 s.
        #expect(outage.earliestSeconds <= 6.6 && outage.latestSeconds >= 7.6)
        #expect(timeline.strips.count == 2)
        #expect(timeline.strips.allSatisfy { $0.stretches.contains { $0.state == .unknown } })
    }

    @Test func `says what a second run changed, and what is not settled`() throws {
        let report = try Examples.drill(.en)
        let before = try #require(report.previous)
        let comparison = DrillComparison(before: before, after: report.run)
        #expect(comparison.rows.map(\.isShorter) == [true, nil])
        #expect(DrillComparison(before: report.run, after: before).rows[0].isShorter == false)
        #expect(comparison.closedFindings.contains { $0.hasPrefix("given_up") })
    }

    @Test func `says on its first page when answers came from a file`() throws {
        var drill = try Examples.drill(.en)
        let words = "the run says nothing about people"
        #expect(!drill.html().contains(words))
        drill.run.participants = [.init(person: "petra", role: "owner", answeredBy: "file")]
        #expect(drill.html().contains(words))
    }

    @Test func `has a runbook on paper with the exact commands, and who decides`() throws {
        let scenario = try source().evidence.scenario
        let steps = scenario.steps.map { step in
            DrillPlan.PlannedStep(
                step, commands: step.id == "room" ? ["'install' '-d' '<room>'"] : [],
                undo: step.id == "room" ? "rm room" : nil, skipped: nil, begin: .zero, length: .seconds(1))
        }
        let page = RunbookPage(
            scenario: scenario,
            resolved: DrillPlan(
                scenario: scenario.id, title: scenario.title, exercise: scenario.exercise,
                mode: scenario.mode, sha256: "0123abcd", services: scenario.services, hosts: [], steps: steps,
                probes: [], guards: [], expectedSeconds: 12, criticalPath: []),
            plan: try ExamplePlan.plan(), madeAt: ExampleHistory.end
        ).html()
        #expect(page.contains("&#39;install&#39; &#39;-d&#39; &#39;&lt;room&gt;&#39;"))
        #expect(page.contains("rm room"))
        #expect(page.contains("owner: ?"))
        #expect(page.contains("files: valid again in 2 h; at most lost: 8 h"))
        #expect(page.contains("files_at_north 0123abcd"))
    }
}
