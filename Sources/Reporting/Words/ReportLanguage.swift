// SPDX-License-Identifier: Apache-2.0

/// The language of a report's own words; texts from plans, hosts and people stay as they are.
package enum ReportLanguage: String, Hashable, Sendable, Codable, CaseIterable {
    case en
    case zh

    /// The phrase in this language: both stand side by side where they are used, so none is forgotten.
    package func callAsFunction(_ english: String, _ chinese: String) -> String {
        switch self {
        case .en: english
        case .zh: chinese
        }
    }
}
