// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Operations
import Testing

@Suite("The shipped model")
struct ShippedModelTests {
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private var source: String { root.path + "/Sources/Continuity/Maturity/model.yaml" }
    private var literal: String { root.path + "/Sources/Continuity/Maturity/Model/ModelLiteral.swift" }

    /// `make model` sets the variable; then the literal is written, and compared like ever.
    @Test func `is the source file, word for word`() throws {
        let text = try literalText()
        if ProcessInfo.processInfo.environment["LIFEBOAT_RENEW_MODEL"] != nil {
            try text.write(toFile: literal, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: literal, encoding: .utf8) == text, "run 'make model'")
    }

    @Test func `is read without a problem from both forms`() throws {
        let fromSource = MaturityModel.decode(try DocumentLoader.load(source))
        #expect(fromSource.problems.errors.map(\.description) == [])
        let isSame = fromSource.model == BuiltInModel.model
        #expect(isSame)
    }

    private func literalText() throws -> String {
        let json = try DocumentLoader.load(source).json(linesTo: 7)
        return """
            // SPDX-License-Identifier: Apache-2.0
            // swift-format-ignore-file
            // Written by 'make model' from Sources/Continuity/Maturity/model.yaml; change that file.

            /// The shipped model as JSON, every scalar a text (see Decisions/0060).
            enum ModelLiteral {
                static let json = ###\"""
            \(json)
            \"""###
            }

            """
    }
}
