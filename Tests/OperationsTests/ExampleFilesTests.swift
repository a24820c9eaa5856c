// SPDX-License-Identifier: Apache-2.0
import Foundation
import Operations
import Testing

@Suite("The examples in the program")
struct ExampleFilesTests {
    @Test func `are the files of the source tree`() throws {
        let here = URL(fileURLWithPath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        #expect(ExampleFiles.all.contains { $0.name == "Plans/example.yaml" })
        for (name, text) in ExampleFiles.all {
            let file = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            #expect(text == file, "\(name) has changed: run 'make examples'")
        }
        let drills = try FileManager.default.subpathsOfDirectory(atPath: root.path + "/Drills")
            .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".sh") || $0.hasSuffix(".sql") }
        for name in drills { #expect(ExampleFiles.all.contains { $0.name == "Drills/\(name)" }) }
    }
}
