// SPDX-License-Identifier: Apache-2.0
import Continuity

extension AuditPage {
    /// Which fact serves which control; nothing where it was not asked for.
    @MarkupBuilder var crossReference: Markup {
        if let cross = report.crossReference { crossReference(cross) }
    }

    private func crossReference(_ cross: CrossReferenceReport) -> Markup {
        let text = CrossReferenceWords(cross, language: words.say)
        return section("crossref", page: true) {
            tag("p") { text.caution }
            tag("h3") { text.ruleTitle }
            table(text.ruleHeads, text.ruleRows)
            tag("h3") { text.recoveryTitle }
            table(text.recoveryHeads, text.recoveryRows)
            for framework in cross.frameworks {
                tag("h3") { text.name(framework) }
                tag("p", class: "soft") { text.caution(framework) }
                table(text.controlHeads, text.rows(framework))
            }
        }
    }

    private func table(_ heads: [String], _ rows: [[String]]) -> Markup {
        parts.table(heads.map { .init($0) }, rows.map { $0.map { Markup($0) } })
    }
}
