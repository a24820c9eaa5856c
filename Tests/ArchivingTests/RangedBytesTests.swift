// SPDX-License-Identifier: Apache-2.0
import Archiving
import TestSupport
import Testing

@Suite("Ranges of bytes")
struct RangedBytesTests {
    private static let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }

    private func withSources(_ check: (any RangedBytes) throws -> Void) throws {
        try check(MemoryBytes(Self.bytes))
        try Scratch.with { folder in
            try check(FileBytes(path: folder.write(Self.bytes, to: "file")))
        }
    }

    @Test func `are read from the middle and are short only at the end`() throws {
        try withSources { source in
            #expect(source.size == 1000)
            #expect(try source.bytes(in: 300..<310) == Array(Self.bytes[300..<310]))
            #expect(try source.allBytes() == Self.bytes)
            var buffer = [UInt8](repeating: 0, count: 50)
            let counts = try [950, 990, 1000, 2000].map { offset in
                try buffer.withUnsafeMutableBytes { try source.read(at: offset, into: $0) }
            }
            #expect(counts == [50, 10, 0, 0])
        }
    }

    @Test func `that are not there are an error`() throws {
        try withSources { source in
            let error = try #require(throws: ArchiveError.self) { try source.bytes(in: 990..<1001) }
            #expect(error.code == .truncated)
        }
    }

    @Test func `of a file that is missing or is a folder are refused`() throws {
        try Scratch.with { folder in
            let missing = try #require(throws: ArchiveError.self) { try FileBytes(path: folder.path("no")) }
            #expect(missing.code == .ioFailed(errno: 2))
            #expect(missing.description == "open \(folder.path("no")): No such file or directory")
            let other = try #require(throws: ArchiveError.self) { try FileBytes(path: folder.path) }
            #expect(other.code == .unsupported)
        }
    }
}
