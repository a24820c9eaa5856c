// SPDX-License-Identifier: Apache-2.0

/// Whether a criterion or a level holds: three truth values, and the exception.
package enum CriterionState: String, Hashable, Sendable, Codable, CaseIterable {
    case met
    case notMet = "not_met"
    case unknown
    /// Accepted as an exception; counts as met in the column with waivers only, and as not met elsewhere.
    case waived
}

/// On what a criterion's state rests (maturity/notes.md, section 3).
package enum CriterionBasis: String, Hashable, Sendable, Codable, CaseIterable {
    /// Facts cover the window and decide.
    case measured
    /// A named person says so, with evidence and an end.
    case attested
    /// The plan says so and nothing has proven it yet; counts like an attestation.
    case declared
    /// Nothing happened that could be measured, and the records are complete.
    case vacuous
    /// Nothing is connected that could tell.
    case noSource = "no_source"
    /// Facts exist and do not cover the window, or their bounds lie on both sides of the bar.
    case gap
    /// The statement has lapsed or was revoked.
    case expired
    /// Attested yes, measured no.
    case contradicted
    /// Tells what a weak state looks like; never required.
    case descriptor
}

extension CriterionState {
    /// The English words for a state with its ground; colour alone never carries the meaning.
    package func words(_ basis: CriterionBasis) -> String {
        switch (self, basis) {
        case (.met, .measured): "met (measured)"
        case (.met, .attested): "met (attested)"
        case (.met, .declared): "met (declared in the plan, not proven)"
        case (.met, .vacuous): "met (vacuous)"
        case (.met, .contradicted): "met (attested, contradicted by facts)"
        case (.met, _): "met"
        case (.notMet, .attested): "not met (stated)"
        case (.notMet, _): "not met"
        case (.unknown, .noSource): "unknown - no source"
        case (.unknown, .gap): "unknown - gap"
        case (.unknown, .expired): "unknown - expired"
        case (.unknown, .contradicted): "unknown - contradicted"
        case (.unknown, _): "unknown"
        case (.waived, _): "waived"
        }
    }

    /// The same in Chinese.
    package func wordsInChinese(_ basis: CriterionBasis) -> String {
        switch (self, basis) {
        case (.met, .measured): "满足（实测）"
        case (.met, .attested): "满足（声明）"
        case (.met, .declared): "满足（计划所载，尚未证实）"
        case (.met, .vacuous): "满足（无事件可测）"
        case (.met, .contradicted): "满足（声明，与实测矛盾）"
        case (.met, _): "满足"
        case (.notMet, .attested): "不满足（声明）"
        case (.notMet, _): "不满足"
        case (.unknown, .noSource): "未知：无数据来源"
        case (.unknown, .gap): "未知：数据有缺口"
        case (.unknown, .expired): "未知：声明已过期"
        case (.unknown, .contradicted): "未知：声明与实测矛盾"
        case (.unknown, _): "未知"
        case (.waived, _): "已豁免"
        }
    }
}
