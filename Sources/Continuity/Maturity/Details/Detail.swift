// SPDX-License-Identifier: Apache-2.0

/// What is behind a measured value, in both languages: when, where, which.
package indirect enum Detail: Hashable, Sendable {
    /// Names, or that there are none.
    case names([String])
    /// Of those that are wanted these are missing; all are there when it names nothing.
    case missing([String])
    /// A value was taken over so many.
    case over(Int, Counted)
    case registerIsOpen
    case books(OfBooks)
    case copies(OfCopies)
    case drills(OfDrills)
    case exposure(OfExposure)
    case pipelines(OfPipelines)
    case plan(OfPlan)
    case probes(OfProbes)
    case recovery(OfRecovery)
    case standby(OfStandby)
    case trends(OfTrends)
    case all([Detail])

    /// One thing after the other.
    static func + (left: Detail, right: Detail) -> Detail {
        if case .all(let parts) = left { return .all(parts + [right]) }
        return .all([left, right])
    }

    /// The words for it.
    package var words: Remark {
        switch self {
        case .names(let names): names.isEmpty ? Remark("none", "无") : Self.list(names)
        case .missing(let names):
            names.isEmpty
                ? Remark("all of them", "全部") : Self.list(names).within("not {}", "缺 {}")
        case .over(let count, let noun): Remark("of \(count) \(noun.rawValue)", "取自 \(noun.chinese(count))")
        case .registerIsOpen: Remark("nobody says that the register is complete", "无人声明登记完整")
        case .books(let detail): detail.words
        case .copies(let detail): detail.words
        case .drills(let detail): detail.words
        case .exposure(let detail): detail.words
        case .pipelines(let detail): detail.words
        case .plan(let detail): detail.words
        case .probes(let detail): detail.words
        case .recovery(let detail): detail.words
        case .standby(let detail): detail.words
        case .trends(let detail): detail.words
        case .all(let details):
            Remark(
                details.map(\.words.english).joined(separator: "; "),
                details.map(\.words.chinese).joined(separator: "；"))
        }
    }

    /// Names one after the other.
    static func list(_ names: [String]) -> Remark {
        Remark(names.joined(separator: ", "), names.joined(separator: "、"))
    }
}

/// Things of which some are counted.
package enum Counted: String, Hashable, Sendable, CaseIterable {
    case alerts
    case changes
    case incidents
    case readings

    var chinese: String {
        switch self {
        case .alerts: "告警"
        case .changes: "变更"
        case .incidents: "事件"
        case .readings: "读数"
        }
    }

    func chinese(_ count: Int) -> String {
        switch self {
        case .alerts: "\(count) 条告警"
        case .changes: "\(count) 项变更"
        case .incidents: "\(count) 起事件"
        case .readings: "\(count) 个读数"
        }
    }
}

extension Remark {
    /// These words in the place of `{}` of others.
    func within(_ english: String, _ chinese: String) -> Remark {
        Remark(english.replacing("{}", with: self.english), chinese.replacing("{}", with: self.chinese))
    }
}
