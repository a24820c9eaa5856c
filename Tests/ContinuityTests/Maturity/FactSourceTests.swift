// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("Facts")
struct FactSourceTests {
    private static let page: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = root.path + "/Sources/Continuity/Continuity.docc/TheMaturityModel.md"
        return (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }()

    @Test(arguments: Fact.allCases)
    func `have a source each, and the page says which`(fact: Fact) {
        #expect(!fact.sources.isEmpty)
        let row = Self.page.split(separator: "\n").first { $0.hasPrefix("| `\(fact.rawValue)` |") }
        for source in fact.sources {
            #expect(
                row?.contains(source.text) == true,
                "the page does not say that \(fact.rawValue) is \(source.text)")
        }
    }

    @Test func `feed every metric`() {
        for metric in MetricRegistry.all { #expect(!metric.facts.isEmpty && !metric.meaning.isEmpty) }
        #expect(Set(MetricRegistry.names).count == MetricRegistry.names.count)
    }

    @Test func `are named for every measured criterion of the model`() {
        for criterion in BuiltInModel.model.dimensions.flatMap(\.criteria) where criterion.kind == .measured {
            for check in criterion.checks { #expect(MetricRegistry.metric(check.metric) != nil) }
        }
    }
}
