// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The titles of tests that a page of the documentation names, looked up below `Tests`.
package struct NamedTests {
    private let page: [Substring]
    private let sources: [String]

    /// - Parameter page: the file's name in the documentation, such as `SafetyRules.md`.
    /// - Throws: when the page or the tests cannot be read.
    package init(page: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        self.page = try String(
            contentsOfFile: "\(root)/Sources/Continuity/Continuity.docc/\(page)", encoding: .utf8
        ).split(separator: "\n")
        let tests = "\(root)/Tests"
        sources = try FileManager.default.subpathsOfDirectory(atPath: tests)
            .filter { $0.hasSuffix("Tests.swift") }
            .map { try String(contentsOfFile: "\(tests)/\($0)", encoding: .utf8) }
    }

    /// The titles in the last column of a table's row; empty when there is no such row.
    package func titles(in row: String) -> [String] {
        let found = page.first { $0.hasPrefix("| \(row) |") }
        let last = found?.split(separator: "|").last { $0.contains("`") } ?? ""
        return last.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// Whether a test of that title is there.
    package func has(_ title: String) -> Bool {
        sources.contains { $0.contains("`\(title)`") || $0.contains("\"\(title)\"") }
    }
}
