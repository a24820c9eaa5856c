// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import TestSupport
import Testing

@Suite("A command's output as a source")
struct OutputSpoolTests {
    /// Gives the bytes in pieces.
    private func reader(_ bytes: [UInt8]) -> (UnsafeMutableRawBufferPointer) throws -> Int {
        var place = 0
        return { buffer in
            let count = min(buffer.count, bytes.count - place, 100_000)
            buffer.copyBytes(from: bytes[place..<place + count])
            place += count
            return count
        }
    }

    @Test("becomes one member", arguments: [0, 1, 3_000_000])
    func member(size: Int) throws {
        try Scratch.with { scratch in
            let bytes = patternBytes(size)
            let fixture = try PointFixture(scratch)
            for round in 1...2 {
                let spool = try OutputSpool(folder: scratch.path("spool-\(round)"), name: "accounts.dump")
                try spool.fill(from: reader(bytes))
                let written = try fixture.write(spool.source)
                #expect(written.outcome == .complete && written.counts.totalBytes == size)
            }
            #expect(try fixture.records(ofPoint: 1).map(\.text) == [".", "accounts.dump"])
            #expect(!FileManager.default.fileExists(atPath: scratch.path("spool-2")))
            try fixture.writeCards()
            #expect(try fixture.runCard(into: scratch.path("out")).status == 0)
            #expect(try FileBytes(path: scratch.path("out/accounts.dump")).allBytes() == bytes)
        }
    }

    @Test func `that fails is an error and leaves nothing`() throws {
        try Scratch.with { scratch in
            let ended = ArchiveError(.truncated, "dump", detail: "status 1")
            #expect(throws: ended) {
                let spool = try OutputSpool(folder: scratch.path("spool"), name: "x")
                try spool.fill { _ in throw ended }
            }
            #expect(!FileManager.default.fileExists(atPath: scratch.path("spool")))
        }
    }

    @Test("has a name that is one", arguments: ["", "..", "a/b", "/a", "."])
    func names(name: String) throws {
        try Scratch.with { scratch in
            let folder = scratch.path("spool")
            #expect(throws: ArchiveError.self) { _ = try OutputSpool(folder: folder, name: name) }
        }
    }
}
