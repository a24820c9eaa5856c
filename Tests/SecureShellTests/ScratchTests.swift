// SPDX-License-Identifier: Apache-2.0
import TestSupport
import Testing

@Suite("A scratch folder")
struct ScratchTests {
    private struct Stop: Error {}

    @Test func `is gone when its closure ends`() throws {
        let left = try Scratch.with { folder in
            try folder.write("x", to: "a/b.txt")
            #expect(folder.contains("a/b.txt"))
            return folder
        }
        #expect(!left.contains("a/b.txt"))
        #expect(!left.contains(""))
    }

    @Test func `is gone when its closure throws`() async {
        var left: Scratch?
        await #expect(throws: Stop.self) {
            try await Scratch.with { folder in
                left = folder
                try folder.write("x", to: "locked/b.txt", mode: 0)
                await Task.yield()
                throw Stop()
            }
        }
        #expect(left?.contains("") == false)
    }
}
