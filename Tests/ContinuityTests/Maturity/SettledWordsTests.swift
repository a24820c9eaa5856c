// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("What would settle a criterion, in Chinese")
struct SettledWordsTests {
    /// The texts that the sources hand to `settledBy`, what they fill in written as `X`.
    private static let phrases: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.path + "/Sources/Continuity/Maturity"
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasPrefix("Metrics/") && $0.hasSuffix(".swift") }.sorted().flatMap { file in
            texts((try? String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)) ?? "")
        }
    }()

    private static func texts(_ source: String) -> [String] {
        let calls = source.matches(
            of: /settledBy\s*[:=]\s*([^{]*?)(?:,\s*[a-zA-Z]+:|\)\)?\n|\n\n)/
        ).map { String($0.output.1) }
        let bodies = source.matches(of: /(?:settledBy|healWords)[^\n]*\{\n((?:        [^\n]*\n)+)    \}/)
            .map { String($0.output.1) }
        return (calls + bodies).flatMap(phrases)
    }

    /// The literals of an expression; what is put behind one is filled in like what stands within it.
    private static func phrases(_ expression: String) -> [String] {
        let whole = expression.replacing(/"\s*\+\s*"/, with: "").replacing(
            /"\s*\+\s*query[^\n]*/, with: "X\"")
        return whole.matches(of: /"((?:[^"\\]|\\.)*)"/).map {
            String($0.output.1.replacing(/\\\((?:[^()]|\([^()]*\))*\)/, with: "X"))
        }
    }

    @Test func `are found in the sources`() {
        #expect(Self.phrases.count > 45, "\(Self.phrases)")
        #expect(Self.phrases.contains("a drill that brings X back at its standby"))
        #expect(Self.phrases.contains("severities with targets in the plan"))
    }

    @Test(arguments: SettledWordsTests.phrases)
    func `has words for each phrase`(phrase: String) {
        let chinese = SettledWords.find(phrase)
        #expect(chinese != nil, "no Chinese for: \(phrase)")
        #expect(chinese?.contains("{}") == false)
        #expect(chinese?.contains("X") == phrase.contains("X"))
    }

    @Test(
        "puts names where they belong",
        arguments: [
            ("lifeboat backup orders", "执行 lifeboat backup orders"),
            (
                "'restic backup', then 'lifeboat import restic F'",
                "先执行 'restic backup'，再执行 'lifeboat import restic F'"
            ),
            (
                "run borg more often and read its listing in as often: 'borg create', then 'lifeboat import'",
                "提高 borg 的备份频度，并以同样频度读入其清单：先执行 'borg create'，再执行 'lifeboat import'"
            ),
            ("fewer incidents", "减少事件"), ("a wish of one's own", "a wish of one's own"),
        ])
    func filled(english: String, chinese: String) {
        #expect(SettledWords.chinese(english) == chinese)
    }

    @Test func `stand in every grade that is short of something`() throws {
        var scene = GradeScene(try GradeScene.plan())
        let empty = try scene.grade(tables: Set(1...23))
        scene.adopt(at: GradeScene.begin - .days(3))
        scene.backup(at: GradeScene.asOf - .days(2))
        scene.drill("d", .simulation, at: GradeScene.asOf - .days(1), outcome: .failed, point: nil)
        for report in [empty, try scene.grade(tables: Set(1...23))] {
            for result in report.tables.flatMap(\.dimensions).flatMap(\.criteria) {
                #expect((result.settledBy == nil) == (result.settledByZh == nil), "\(result.id)")
                #expect(result.notes.count == result.notesZh?.count ?? 0, "\(result.id)")
                let isChinese = result.settledByZh?.unicodeScalars.contains { $0.value > 0x4e00 } ?? true
                #expect(isChinese, "\(result.id): \(result.settledByZh ?? "")")
            }
        }
    }
}

@Suite("A measured value in Chinese")
struct MeasuredWordsTests {
    @Test func `has a counter for whatever is counted`() throws {
        let report = try GradeScene(try GradeScene.plan()).grade(tables: Set(1...23))
        for result in report.tables.flatMap(\.dimensions).flatMap(\.criteria) {
            #expect((result.value == nil) == (result.valueZh == nil), "\(result.id)")
            for text in [result.valueZh, result.barZh].compactMap({ $0 }) {
                let words = text.split { !$0.isLetter || !$0.isASCII }.filter { $0.count > 2 }
                #expect(words.isEmpty, "\(result.id): \(text)")
            }
        }
    }
}
