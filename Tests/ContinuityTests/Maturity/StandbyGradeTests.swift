// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("The grade of what stands ready")
struct StandbyGradeTests {
    /// The shop stands hot at two places; `s` asks the standby, `p` the shop itself.
    private func scene(standby: String = "hot") throws -> GradeScene {
        let text = GradeScene.planText
            .replacingOccurrences(
                of: "\"standby\": \"cold\",",
                with: """
                    "standby": "\(standby)", "probes": ["p"], "standby_probes": ["s"], "instances": ["nas", "dr"],
                    """
            )
            .replacingOccurrences(
                of: "\"services\": {",
                with: """
                    "probes": {"p": {"from": ["nas"], "every": "60s", "timeout": "2s", "tcp": "a:80"},
                               "s": {"from": ["nas"], "every": "60s", "timeout": "2s", "http": "http://b/health"}},
                    "services": {
                    """)
        var scene = GradeScene(try GradeScene.plan(text))
        scene.adopt(at: GradeScene.begin - .days(3))
        return scene
    }

    private func probe(
        _ id: String, _ state: ProbeRun.State, from begin: Moment, to end: Moment, in scene: inout GradeScene
    ) {
        let count = Int((end - begin).inSeconds / 60)
        scene.add(
            .probeRun(
                ProbeRun(
                    probe: id, vantage: "nas", state: state, firstAt: begin, periodNs: 60_000_000_000,
                    count: count, word: "200")), at: end)
    }

    private func drill(
        _ run: String, at moment: Moment, steps: [DrillRun.StepRun]?, in scene: inout GradeScene
    ) {
        scene.drill(run, .full, at: moment, isReported: false)
        guard case .drillRun(var held)? = scene.events.last?.body else { return }
        held.steps = steps
        scene.add(.drillRun(held), at: moment)
    }

    private func step(_ verb: String, host: String = "nas", dataset: String? = nil, at moment: Moment)
        -> DrillRun.StepRun
    {
        DrillRun.StepRun(
            step: verb, verb: verb, phase: "recover", hosts: [host], dataset: dataset, begunAt: moment,
            endedAt: moment, result: "passed")
    }

    private let drilled = GradeScene.asOf - .days(10)

    private func hot(_ scene: GradeScene) throws -> CriterionResult {
        try #require(try scene.grade(of: "t14-dr").criterion("t14-dr-hot"))
    }

    @Test func `is hot by a recovery without a restore and a standby that answered`() throws {
        var scene = try scene()
        probe("s", .up, from: GradeScene.begin - .hours(1), to: GradeScene.asOf, in: &scene)
        drill("d", at: drilled, steps: [step("run", at: drilled)], in: &scene)
        let result = try hot(scene)
        #expect(result.state == .met)
        #expect(result.basis == .measured)
    }

    @Test(
        "is hot by the plan's word alone",
        arguments: ["no drill", "a restore of its data", "a run of an older program", "no samples"])
    func declared(missing: String) throws {
        var scene = try scene()
        if missing != "no samples" {
            probe("s", .up, from: GradeScene.begin - .hours(1), to: GradeScene.asOf, in: &scene)
        }
        switch missing {
        case "no drill": break
        case "a restore of its data":
            drill("d", at: drilled, steps: [step("restore", dataset: "orders", at: drilled)], in: &scene)
        case "a run of an older program": drill("d", at: drilled, steps: nil, in: &scene)
        default: drill("d", at: drilled, steps: [], in: &scene)
        }
        let result = try hot(scene)
        #expect(result.basis == .declared, "\(result)")
    }

    @Test func `is not hot when the standby did not answer for two hundredths of the window`() throws {
        var scene = try scene()
        probe("s", .up, from: GradeScene.begin - .hours(1), to: GradeScene.asOf - .days(8), in: &scene)
        probe("s", .down, from: GradeScene.asOf - .days(8), to: GradeScene.asOf, in: &scene)
        drill("d", at: drilled, steps: [], in: &scene)
        #expect(try hot(scene).state == .notMet)
    }

    @Test func `does not mind a restore of another dataset`() throws {
        var scene = try scene()
        probe("s", .up, from: GradeScene.begin - .hours(1), to: GradeScene.asOf, in: &scene)
        drill("d", at: drilled, steps: [step("restore", dataset: "scratch", at: drilled)], in: &scene)
        #expect(try hot(scene).basis == .measured)
    }

    // MARK: - Faults

    private func result(_ metric: String, _ scene: GradeScene) throws -> CriterionResult {
        let all = BuiltInModel.model.dimensions.flatMap(\.criteria)
        let id = try #require(all.first { $0.checks.contains { $0.metric == metric } }?.id)
        let report = try scene.grade(.literal, asOf: GradeScene.asOf, tables: [15])
        return try #require(report.tables.flatMap(\.dimensions).flatMap(\.criteria).first { $0.id == id })
    }

    private func faulted(down minutes: Int, restores: Bool = false) throws -> GradeScene {
        var scene = try scene()
        let fault = drilled - .minutes(50)
        probe("p", .up, from: drilled - .hours(2), to: fault, in: &scene)
        if minutes > 0 { probe("p", .down, from: fault, to: fault + .minutes(minutes), in: &scene) }
        probe("p", .up, from: fault + .minutes(minutes), to: drilled + .hours(1), in: &scene)
        var steps = [step("fault", at: fault)]
        if restores { steps.append(step("restore", dataset: "orders", at: fault + .minutes(1))) }
        drill("d", at: drilled, steps: steps, in: &scene)
        return scene
    }

    @Test func `is fault tolerant when no sample was bad`() throws {
        #expect(try result("ft_count", faulted(down: 0)).state == .met)
        #expect(try result("ha_count", faulted(down: 0)).state == .met)
    }

    @Test func `is highly available and not fault tolerant when it came back by itself`() throws {
        #expect(try result("ft_count", faulted(down: 10)).state == .notMet)
        #expect(try result("ha_count", faulted(down: 10)).state == .met)
    }

    @Test func `is neither when it had to be restored`() throws {
        #expect(try result("ha_count", faulted(down: 10, restores: true)).state == .notMet)
    }

    @Test func `counts the facilities that answered in the last day`() throws {
        var scene = try scene(standby: "active_active")
        probe("p", .up, from: GradeScene.asOf - .hours(20), to: GradeScene.asOf, in: &scene)
        let one = try result("active_facilities", scene)
        #expect(one.offenders.first?.detail == "1 of 2 facilities answered")
        probe("s", .up, from: GradeScene.asOf - .hours(20), to: GradeScene.asOf, in: &scene)
        #expect(try result("active_facilities", scene).state == .met)
    }
}
