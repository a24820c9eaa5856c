// SPDX-License-Identifier: Apache-2.0

/// A standard, law or rule of thumb, and which facts serve which of its controls.
///
/// Everything is restated in few words of this tool's own. To serve a control is not to fulfil it: only its
/// owner, or an auditor, can say that.
package struct Framework: Hashable, Sendable {
    package struct Control: Hashable, Sendable {
        /// The clause, article or level, as the framework numbers it.
        package var clause: String
        package var textEn: String
        package var textZh: String
        package var facts: [FactFamily]
        /// Whether the clause's number was held against a published text, or against published lists that agree;
        /// the others are for the reader to confirm.
        package var isConfirmed: Bool

        init(
            _ clause: String, _ textEn: String, _ textZh: String, _ facts: [FactFamily],
            isConfirmed: Bool = true
        ) {
            self.clause = clause
            self.textEn = textEn
            self.textZh = textZh
            self.facts = facts
            self.isConfirmed = isConfirmed
        }
    }

    package var id: String
    package var name: String
    package var edition: String
    package var cautionEn: String
    package var cautionZh: String
    package var controls: [Control]

    package static let all: [Framework] = [
        gbt20988, share, iso22301, nist80034, nist80084, soc2, dora, backupRule,
    ]

    package static func named(_ id: String) -> Framework? { all.first { $0.id == id } }
}
