// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("An interview")
struct InterviewTests {
    private func interview(_ change: (inout GradeScene) -> Void = { _ in }) throws -> (Interview, GradeReport)
    {
        var scene = GradeScene(try GradeScene.plan())
        scene.adopt(at: GradeScene.begin - .days(3))
        change(&scene)
        let grade = try scene.grade(.literal, tables: [14])
        return (Interview(grade, model: BuiltInModel.model), grade)
    }

    private let roles = ["continuity manager"]

    @Test func `asks first what a yes alone lifts, and what is lower before what is higher`() throws {
        // The process stands; the plan is the only thing that level 1 of plans lacks.
        let (interview, grade) = try interview { $0.attest("t14-plans-process") }
        let first = try #require(interview.questions(for: roles).first)
        #expect(first.withYes > first.confirmed)
        let gains = interview.questions(for: roles).map { $0.withYes - $0.confirmed }
        #expect(gains == gains.sorted(by: >))
        #expect(grade.dimension("t14-plans")?.confirmed == 0)
        let plan = try #require(
            interview.questions(for: roles).first { $0.criterion.id == "t14-plans-it-drp" })
        #expect(plan.confirmed == 0 && plan.withYes == 1)
    }

    @Test func `reckons anew after each answer, as the grade itself would`() throws {
        var (interview, _) = try interview()
        #expect(interview.questions(for: roles).first { $0.criterion.id == "t14-plans-it-drp" }?.withYes == 0)
        interview.answer("t14-plans-process", .met)
        #expect(interview.questions(for: roles).first { $0.criterion.id == "t14-plans-it-drp" }?.withYes == 1)
        interview.answer("t14-plans-it-drp", .met)
        let (_, grade) = try self.interview {
            $0.attest("t14-plans-process")
            $0.attest("t14-plans-it-drp")
        }
        let next = try #require(interview.questions(for: roles).first { $0.dimension.id == "t14-plans" })
        #expect(next.confirmed == grade.dimension("t14-plans")?.confirmed && next.confirmed == 1)
    }

    @Test func `never asks what is answered, measured alone, or not for that role to say`() throws {
        var (interview, _) = try interview()
        let all = interview.questions(for: nil)
        #expect(all.allSatisfy { $0.criterion.takesAttestations && $0.criterion.kind != .descriptor })
        #expect(interview.questions(for: ["cook"]).isEmpty)
        #expect(interview.rolesAsked.contains("continuity manager"))
        for question in all { interview.answer(question.criterion.id, nil) }
        #expect(interview.questions(for: nil).isEmpty)
    }

    @Test func `asks last what the person did not know the last time`() throws {
        let (interview, _) = try interview()
        let first = try #require(interview.questions(for: roles).first?.criterion.id)
        let again = interview.questions(for: roles, later: [first])
        #expect(again.last?.criterion.id == first && again.count == interview.questions(for: roles).count)
    }
}
