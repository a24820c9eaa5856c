// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

/// What was decided where the standard contradicts itself, as far as it stands in the model (ModelDecisions.md).
@Suite("The tables of the model")
struct ModelDecisionTests {
    private let model = BuiltInModel.model

    private func dimension(_ id: String) throws -> ModelDimension {
        try #require(model.dimension(id), "no \(id)")
    }

    private func criterion(_ id: String) throws -> Criterion {
        try #require(model.find(id)?.2, "no \(id)")
    }

    private func check(_ id: String) throws -> Check { try #require(try criterion(id).checks.first, "\(id)") }

    // MARK: - D1 to D6

    @Test func `are known by the numbers of their captions, each with the dimensions of its caption`() {
        let expected: [(Int, String, Int)] = [
            (1, "1.1", 4), (2, "1.2", 4), (3, "1.3", 4), (4, "1.4", 4), (5, "2.1", 3), (6, "2.2", 2),
            (7, "2.3", 3), (8, "3.1", 5), (9, "3.2", 5), (10, "4.2.1", 3), (11, "4.2.2", 3), (12, "5.3", 5),
            (13, "5.4", 5), (14, "6.1", 6), (15, "6.2", 5), (16, "6.3", 4), (17, "7.1", 4), (18, "7.2", 5),
            (19, "7.3", 6), (20, "8.2", 4), (21, "8.3", 5), (22, "8.4", 2), (23, "8.5", 4),
        ]
        #expect(model.tables.map(\.number) == expected.map(\.0))
        #expect(model.tables.map(\.section) == expected.map(\.1))
        #expect(model.tables.map(\.dimensions.count) == expected.map(\.2))
    }

    @Test(
        "are named by what they hold",
        arguments: [(6, "Incident handling", "事件处理"), (12, "Budget management", "预算管理")])
    func names(table: Int, english: String, chinese: String) {
        #expect(model.table(table)?.nameEn == english && model.table(table)?.nameZh == chinese)
    }

    @Test func `call the last column of planned changes what it holds`() throws {
        #expect(try dimension("t08-metrics").nameEn == "Change indicators")
    }

    /// Level by level as the file has it: what is stated there, and whether it says the same as above.
    private func written() throws -> [(dimension: String, inherits: [[String]])] {
        let file = try JSONSerialization.jsonObject(with: BuiltInModel.canonicalBytes) as? [String: Any]
        let tables = try #require(file?["tables"] as? [[String: Any]])
        return try tables.flatMap { try #require($0["dimensions"] as? [[String: Any]]) }.map { dimension in
            let levels = try #require(dimension["levels"] as? [String: [[String: Any]]])
            return (
                try #require(dimension["id"] as? String),
                (1...5).map { (levels["\($0)"] ?? []).compactMap { $0["inherits"] as? String } }
            )
        }
    }

    @Test func `take over the whole cell below where they say the same as above`() throws {
        var cells = 0
        for (id, inherits) in try written() {
            let dimension = try dimension(id)
            for level in 2...5 where !inherits[level - 1].isEmpty {
                cells += 1
                let here = dimension.stated[level - 1]
                let stands = Set(here.compactMap(dimension.criterion).flatMap(\.supersedes))
                for below in dimension.stated[level - 2] where dimension.criterion(below)?.kind != .descriptor
                {
                    #expect(here.contains(below) || stands.contains(below), "\(id) \(level): \(below)")
                }
            }
        }
        #expect(cells > 30)
    }

    // MARK: - D7 to D15

    @Test func `require no description of a weak state, and let nothing supersede one`() {
        var descriptors = 0
        for dimension in model.dimensions {
            let weak = Set(dimension.criteria.filter { $0.kind == .descriptor }.map(\.id))
            descriptors += weak.count
            for level in MaturityModel.levels {
                let required = dimension.required(at: level, profile: .strict).map(\.id)
                #expect(weak.isDisjoint(with: required))
            }
            #expect(weak.isDisjoint(with: dimension.criteria.flatMap(\.supersedes)))
        }
        #expect(descriptors == 64)
    }

    @Test(
        "take a value at the bar only where the words are at least, at most or within",
        arguments: [
            (Comparison.atLeast, CriterionState.met), (.atMost, .met), (.equal, .met), (.above, .notMet),
            (.below, .notMet),
        ])
    func bars(comparison: Comparison, state: CriterionState) {
        #expect(comparison.judge(lower: 2, upper: 2, bar: 2) == state)
    }

    @Test func `ask for more than two and three copies strictly, for everything else as it is printed`()
        throws
    {
        #expect(try check("t14-backup-copies-gt2").comparison == .above)
        #expect(try check("t14-backup-copies-gt3").comparison == .above)
        #expect(try check("t03-delay-within-3min").comparison == .atMost)
        #expect(try check("t14-dr-rpo-lt24h").comparison == .below)
    }

    @Test func `hold recovery against core services, teams and availability against critical ones`() throws {
        for id in ["t14-dr-rpo-lt24h", "t14-dr-rto-lt72h", "t14-dr-cold"] {
            #expect(try check(id).scope == .core)
        }
        for id in ["t14-people-covers-all", "t15-indicators-avail-gt99", "t15-architecture-ha-some"] {
            #expect(try check(id).scope == .critical)
        }
        var scene = GradeScene(try GradeScene.plan())
        scene.plan.services[1].tier = .critical
        let facts = GradeFacts(scene.events, plan: scene.plan, asOf: GradeScene.asOf)
        #expect(facts.members(of: .core) == ["shop"])
        #expect(facts.members(of: .critical) == ["shop", "wiki"])
    }

    @Test func `do not become harder where the delay of alerts becomes weaker`() throws {
        #expect(try criterion("t03-delay-within-3min").supersedes == ["t03-delay-immediate"])
        #expect(try criterion("t03-delay-important-3min").supersedes.isEmpty)
        #expect(try dimension("t03-delay").alike == [[2, 3], [4, 5]])
    }

    @Test("let three of a hundred ways back fail at level 1", arguments: ["t08", "t09"])
    func rollbacks(table: String) throws {
        let first = try check("\(table)-metrics-rollback-fail-3")
        #expect(first.comparison == .atMost && first.bar == .number(0.03))
        let second = try check("\(table)-metrics-rollback-fail-lt1")
        #expect(second.comparison == .below && second.bar == .number(0.01))
    }

    @Test(
        "take what is listed by its place, whatever its label",
        arguments: [
            ("t08-reporting", [1, 3, 4, 2, 3]), ("t14-people", [1, 2, 4, 6, 6]),
            ("t15-management", [1, 2, 2, 4, 5]),
        ])
    func places(id: String, counts: [Int]) throws {
        #expect(try dimension(id).stated.map(\.count) == counts)
    }

    @Test("let a later way to attend a change stand in for an earlier one", arguments: ["t08", "t09"])
    func attendance(table: String) throws {
        let unattended = try criterion("\(table)-people-unattended").supersedes
        for way in ["ops-attends", "on-site", "remote"] {
            #expect(unattended.contains("\(table)-people-\(way)"))
        }
        #expect(try criterion("\(table)-people-remote").supersedes == ["\(table)-people-on-site"])
    }

    // MARK: - Table 14

    @Test func `let a tabletop stand in for a desk check, and nothing stand in where kinds are named`() throws
    {
        #expect(Exercise.allCases.sorted() == Exercise.allCases)
        #expect(
            try check("t14-drills-paper").types == [.deskCheck, .walkthrough, .tabletop, .sandTable])
        #expect(try check("t14-drills-q-tabletop").types == [.tabletop])
        #expect(try check("t14-drills-q-full").types == [.full])
    }

    @Test func `read hourly as sixty minutes, and let that be changed`() throws {
        #expect(try check("t14-backup-incr-hourly").bar == .parameter("hour"))
        #expect(model.parameters.first { $0.name == "hour" }?.value == .duration(.hours(1)))
    }

    @Test func `let the recovery team grow from some to all`() throws {
        let (some, all) = (try check("t14-people-covers-some"), try check("t14-people-covers-all"))
        #expect(some.comparison == .above && some.bar == .number(0))
        #expect(all.comparison == .equal && all.bar == .parameter("quant.all"))
        #expect(try criterion("t14-people-covers-all").supersedes == ["t14-people-covers-some"])
    }

    // MARK: - Tables 15 and 16

    @Test(
        "widen from critical services to all",
        arguments: [
            ("t15-architecture-ha-few", CheckScope.critical), ("t15-architecture-ha-some", .critical),
            ("t15-architecture-ha-most", .services), ("t15-architecture-ha-all", .services),
            ("t15-management-monitor-e2e", .critical), ("t15-management-monitor-e2e-all", .services),
        ])
    func scopes(id: String, scope: CheckScope) throws {
        #expect(try check(id).scope == scope)
    }

    @Test(
        "leave how many are a few, some, most and all to parameters",
        arguments: [
            ("t15-architecture-ha-few", "few"), ("t15-architecture-ha-some", "some"),
            ("t15-architecture-ha-most", "most"), ("t15-architecture-distributed", "most"),
            ("t15-architecture-ha-all", "all"), ("t15-architecture-ft-few", "few"),
            ("t15-architecture-ft-most", "most"), ("t15-architecture-ft-all", "all"),
        ])
    func quantities(id: String, word: String) throws {
        #expect(try check(id).bar == .parameter("quant.\(word)"))
    }

    @Test func `set no bar on the word comprehensive`() throws {
        for criterion in try dimension("t15-organisation").criteria where criterion.kind != .descriptor {
            #expect(criterion.kind == .attested && criterion.checks.isEmpty)
        }
    }

    @Test func `do not let two active halls of one city stand in for a remote place`() throws {
        #expect(try criterion("t15-architecture-active-active").supersedes.isEmpty)
        #expect(try criterion("t15-architecture-dr-remote").supersedes == ["t15-architecture-dr-same-city"])
    }

    @Test func `put every number that table 16 does not print into a parameter`() throws {
        for criterion in try #require(model.table(16)).dimensions.flatMap(\.criteria) {
            for check in criterion.checks {
                switch check.bar {
                case .parameter: continue
                // None, at least one, all of them: words of the standard.
                case .number(let number): #expect([0, 1].contains(number), "\(criterion.id)")
                case .duration(let duration): #expect(duration == .zero, "\(criterion.id)")
                }
            }
        }
        let limits = ["register_limit", "first_action", "before_users_share", "mostly", "nearly_all"]
        #expect(Set(limits).isSubset(of: model.parameters.map(\.name)))
    }

    @Test func `keep asking at level 5 what level 4 of the people asks`() throws {
        let people = try dimension("t16-people")
        #expect(people.mode == .additive)
        #expect(people.stated[4].contains("t16-people-pro-24x7"))
        #expect(try criterion("t16-people-one-touch").supersedes.isEmpty)
    }

    @Test(
        "know which levels are worded alike",
        arguments: [
            ("t12-tools", [[1, 2]]), ("t12-people", [[4, 5]]), ("t13-people", [[4, 5]]),
            ("t14-drills", [[2, 3], [4, 5]]), ("t14-culture", [[4, 5]]), ("t15-indicators", [[3, 4, 5]]),
            ("t17-people", [[1, 2]]), ("t18-people", [[2, 3]]), ("t19-people", [[1, 2]]),
        ])
    func alike(id: String, groups: [[Int]]) throws {
        #expect(try dimension(id).alike == groups)
    }

    @Test func `print the level that no evidence at all leaves, where the standard asks for none`() throws {
        #expect(try dimension("t18-tools").floor == 2)
        #expect(try dimension("t14-dr").floor == 0)
    }

    @Test func `restate the whole state where a platform is described anew at each level`() throws {
        let modes = try #require(model.table(20)).dimensions.map(\.mode)
        #expect(modes == [.restating, .restating, .additive, .restating])
    }

    @Test func `are restated in both languages, with nothing left open`() {
        for criterion in model.dimensions.flatMap(\.criteria) {
            #expect(!criterion.textEn.isEmpty && !criterion.textZh.isEmpty, "\(criterion.id)")
        }
        for table in model.tables {
            #expect(table.attestedByZh.count == table.attestedBy.count, "\(table.number)")
            #expect(table.evidenceZh != table.evidence, "\(table.number)")
        }
    }
}
