// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("The program")
struct VersionTests {
    @Test func `says its version`() throws {
        let result = try Command.run(Program.path, "--version")
        #expect(result.status == 0)
        #expect(result.text.split(separator: ".").count == 3)
    }
}
