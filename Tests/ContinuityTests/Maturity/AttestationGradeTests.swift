// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("What people state")
struct AttestationGradeTests {
    private func scene() throws -> GradeScene {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        return scene
    }

    private func process(_ scene: GradeScene, asOf: Moment = GradeScene.asOf) throws -> CriterionResult {
        try #require(
            try scene.grade(.literal, asOf: asOf).dimension("t14-plans")?.criterion("t14-plans-process"))
    }

    @Test func `carries a level and is shown with its person`() throws {
        var scene = try scene()
        scene.attest("t14-plans-process")
        scene.attest("t14-plans-it-drp")
        let grade = try scene.grade(of: "t14-plans")
        #expect(grade.confirmed == 1)
        #expect(grade.possible == 5)
        let result = try process(scene)
        #expect(result.wordsEn == "met (attested)")
        #expect(result.attestation?.person == "petra")
        #expect(result.evidence == [2])
    }

    @Test(
        "does not count",
        arguments: [
            "when it lapsed", "when it was withdrawn", "in a role that has no say", "before it is made",
            "beyond the longest age",
        ])
    func lapses(name: String) throws {
        var scene = try scene()
        switch name {
        case "when it lapsed": scene.attest("t14-plans-process", for: .days(10))
        case "when it was withdrawn":
            scene.attest("t14-plans-process", id: "a")
            scene.attest("t14-plans-process", id: "a", revokedAt: GradeScene.asOf - .days(1))
        case "in a role that has no say": scene.attest("t14-plans-process", role: "intern")
        case "before it is made": scene.attest("t14-plans-process", at: GradeScene.asOf + .days(1))
        default: scene.attest("t14-plans-process", at: GradeScene.asOf - .days(370), for: .days(900))
        }
        let result = try process(scene)
        #expect(result.state == .unknown)
        #expect(result.settledBy?.contains("attestation") == true)
    }

    @Test func `falls by itself when it lapses`() throws {
        var scene = try scene()
        scene.attest("t14-plans-process", at: GradeScene.asOf - .days(10), for: .days(30))
        #expect(try process(scene).state == .met)
        #expect(try process(scene, asOf: GradeScene.asOf + .days(21)).basis == .expired)
    }

    @Test func `is the newest word, and a no is a no`() throws {
        var scene = try scene()
        scene.attest("t14-plans-process", .met, at: GradeScene.asOf - .days(20))
        scene.attest("t14-plans-process", .notMet, at: GradeScene.asOf - .days(10))
        #expect(try process(scene).state == .notMet)
        #expect(try scene.grade(of: "t14-plans").possible == 0)
    }

    @Test func `is beaten by a measurement`() throws {
        var scene = try scene()
        scene.plan.services[0].standby = .none
        scene.attest("t14-dr-cold", .notMet)
        scene.drill("d", .full, at: GradeScene.asOf - .days(3))
        let result = try #require(try scene.grade(of: "t14-dr").criterion("t14-dr-cold"))
        #expect(result.state == .met)
        #expect(result.basis == .measured)
        #expect(result.notes == ["petra states not met; the measurement counts"])
    }

    @Test(
        "is refused with a reason",
        arguments: [
            (criterion: "t14-plans-proces", role: "continuity manager", days: 30, "did you mean"),
            (criterion: "t14-backup-remote", role: "continuity manager", days: 30, "is measured"),
            (criterion: "t14-drills-floor", role: "continuity manager", days: 30, "weak state"),
            (criterion: "t14-plans-process", role: "intern", days: 30, "cannot speak for table 14"),
            (criterion: "t14-plans-process", role: "continuity manager", days: 400, "365d at most"),
            (criterion: "t14-plans-process", role: "continuity manager", days: -1, "ends before"),
        ])
    func refusing(criterion: String, role: String, days: Int, words: String) {
        let made = GradeScene.asOf
        let attestation = Attestation(
            id: "a", criterion: criterion, statement: .met, person: "petra", role: role,
            evidence: [.init(title: "t", location: "l", sha256: nil)], madeAt: made,
            expiresAt: made + .days(days))
        let model = BuiltInModel.model
        let problems = attestation.problems(in: model, parameters: GradeParameters(model))
        let text = problems.map(\.description).joined(separator: "\n")
        #expect(text.contains(words), "\(text)")
    }

    @Test func `is taken when nothing is wrong with it`() {
        let made = GradeScene.asOf
        let attestation = Attestation(
            id: "a", criterion: "t14-plans-process", statement: .met, person: "petra",
            role: "Continuity_Manager", evidence: [.init(title: "t", location: "l", sha256: nil)],
            madeAt: made,
            expiresAt: made + .days(365))
        let model = BuiltInModel.model
        #expect(attestation.problems(in: model, parameters: GradeParameters(model)).isEmpty)
    }

    @Test func `can waive a criterion, in the column with waivers alone`() throws {
        var scene = try scene()
        scene.attest("t14-plans-process")
        func exempt(_ kind: Exemption.Kind, _ subject: String, days: Int) {
            scene.add(
                .exemption(
                    Exemption(
                        id: "e-\(subject)", kind: kind, subject: subject, reason: "small shop",
                        person: "petra",
                        role: "head of IT", madeAt: GradeScene.asOf - .days(10),
                        expiresAt: GradeScene.asOf + .days(days))), at: GradeScene.asOf - .days(10))
        }
        exempt(.waiver, "t14-plans-it-drp", days: 5)
        exempt(.outOfScope, "t14-culture", days: 5)
        let report = try scene.grade()
        let plans = try #require(report.dimension("t14-plans"))
        #expect(plans.confirmed == 0)
        #expect(plans.confirmedWithWaivers == 1)
        #expect(plans.criterion("t14-plans-it-drp")?.wordsEn == "waived")
        #expect(report.dimension("t14-culture")?.outOfScope == "small shop (petra, head of IT)")
        #expect(report.table(14)?.confirmed == 0)
        let later = try scene.grade(.literal, asOf: GradeScene.asOf + .days(6))
        #expect(later.dimension("t14-plans")?.confirmedWithWaivers == 0)
    }

    @Test func `leaves no table level when too much is out of scope`() throws {
        var scene = try scene()
        for subject in ["t14-culture", "t14-people", "t14-plans"] {
            scene.add(
                .exemption(
                    Exemption(
                        id: subject, kind: .outOfScope, subject: subject, reason: "r", person: "p", role: "q",
                        madeAt: GradeScene.begin, expiresAt: GradeScene.asOf + .days(1))),
                at: GradeScene.begin)
        }
        #expect(try scene.grade().table(14)?.confirmed == nil)
    }
}
