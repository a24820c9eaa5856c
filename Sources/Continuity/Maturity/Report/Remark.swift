// SPDX-License-Identifier: Apache-2.0

/// A remark in both languages.
package struct Remark: Hashable, Sendable {
    package let english: String
    package let chinese: String

    package init(_ english: String, _ chinese: String) {
        self.english = english
        self.chinese = chinese
    }

    /// Neither above nor below: such a value is not met (maturity/notes.md, D8).
    static let atTheBar = Remark(
        "exactly at the bar, which the standard assigns to no level", "恰在界限上，标准未将其归入任何一级")

    /// The result stands, flagged (maturity/notes.md, section 3).
    static let lowSample = Remark(
        "a low sample: the figure stands and says little", "样本过少：数值照列，说明力有限")
}
