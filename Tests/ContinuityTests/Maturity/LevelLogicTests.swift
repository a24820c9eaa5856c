// SPDX-License-Identifier: Apache-2.0
import Continuity
import Testing

@Suite("Level logic")
struct LevelLogicTests {
    @Test(
        "knows three values",
        arguments: [
            ([], .met, .notMet), ([.met], .met, .met), ([.met, .unknown], .unknown, .met),
            ([.unknown, .notMet], .notMet, .unknown), ([.met, .notMet], .notMet, .met),
            ([.unknown], .unknown, .unknown),
        ] as [([CriterionState], CriterionState, CriterionState)])
    func kleene(states: [CriterionState], all: CriterionState, any: CriterionState) {
        #expect(CriterionState.all(states) == all)
        #expect(CriterionState.any(states) == any)
    }

    @Test func `lets a lower level hold by a higher one where cells restate the whole`() throws {
        let dimension = try #require(BuiltInModel.model.dimension("t01-method"))
        let logic = LevelLogic(dimension, profile: .literal)
        let third = logic.outcome(["t01-method-protocols": .met, "t01-method-os-tools": .notMet])
        #expect(third.confirmed == 3)
        #expect(third.possible == 5)
    }

    @Test func `keeps a lower requirement where levels accumulate`() throws {
        let dimension = try #require(BuiltInModel.model.dimension("t14-culture"))
        let logic = LevelLogic(dimension, profile: .literal)
        var states = Dictionary(uniqueKeysWithValues: dimension.criteria.map { ($0.id, CriterionState.met) })
        states["t14-culture-monthly"] = .notMet
        #expect(logic.outcome(states).confirmed == 2)
        states["t14-culture-monthly"] = .met
        states["t14-culture-quarterly"] = .notMet
        #expect(logic.outcome(states).confirmed == 5)
    }

    /// A small generator, so that a failure can be repeated.
    private struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    private func draw(_ dimension: ModelDimension, _ random: inout Random) -> [String: CriterionState] {
        let states: [CriterionState] = [.met, .notMet, .unknown, .waived]
        return Dictionary(
            uniqueKeysWithValues: dimension.criteria.map {
                ($0.id, states.randomElement(using: &random) ?? .met)
            })
    }

    @Test(arguments: [GradeProfile.literal, .strict])
    func `never falls by more evidence nor rises by a failure`(profile: GradeProfile) {
        var random = Random(state: 4_711)
        for dimension in BuiltInModel.model.dimensions {
            let logic = LevelLogic(dimension, profile: profile)
            for _ in 0..<10 {
                let states = draw(dimension, &random)
                let before = logic.outcome(states)
                #expect(before.confirmed <= before.possible)
                #expect(before.confirmed >= (profile == .literal ? dimension.floor : 0))
                for (id, state) in states where state == .unknown {
                    let better = logic.outcome(states.merging([id: .met]) { $1 })
                    #expect(better.confirmed >= before.confirmed, "\(id)")
                    #expect(better.possible >= before.possible, "\(id)")
                    let worse = logic.outcome(states.merging([id: .notMet]) { $1 })
                    #expect(worse.possible <= before.possible, "\(id)")
                    #expect(worse.confirmed <= before.confirmed, "\(id)")
                    // What is settled later lies between what was confirmed and what was possible.
                    for settled in [better, worse] {
                        #expect(settled.confirmed <= before.possible)
                        #expect(settled.possible >= before.confirmed)
                    }
                }
            }
        }
    }

    @Test func `grants the whole group where levels are worded alike`() {
        for dimension in BuiltInModel.model.dimensions where !dimension.alike.isEmpty {
            let logic = LevelLogic(dimension, profile: .literal)
            for group in dimension.alike {
                guard let lowest = group.first, let highest = group.last else { continue }
                var states: [String: CriterionState] = [:]
                for level in 1...lowest {
                    for criterion in dimension.required(at: level, profile: .literal) {
                        states[criterion.id] = .met
                    }
                }
                #expect(logic.outcome(states).confirmed >= highest, "\(dimension.id) \(group)")
            }
        }
    }

    @Test func `names what keeps the next level, failures first`() throws {
        let dimension = try #require(BuiltInModel.model.dimension("t14-plans"))
        let logic = LevelLogic(dimension, profile: .literal)
        #expect(
            logic.blockers(of: 1, ["t14-plans-it-drp": .notMet]) == ["t14-plans-it-drp", "t14-plans-process"])
        #expect(logic.blockers(of: 6, [:]).isEmpty)
    }
}
