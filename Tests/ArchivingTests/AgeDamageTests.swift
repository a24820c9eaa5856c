// SPDX-License-Identifier: Apache-2.0
import Archiving
import Testing

@Suite("An age file that was changed")
struct AgeDamageTests {
    private static let identity = AgeIdentity.generate()
    private static let plain = patternBytes(3 * 65_536 + 100)
    private static let sealedSize = 65_552

    /// A file of four chunks, and where its chunks begin.
    private func sample() throws -> (file: [UInt8], payload: Int) {
        let file = try ageEncrypt(
            Self.plain, to: [Self.identity.recipient, AgeIdentity.generate().recipient])
        let header = try #require(lineStarts(file).last)
        return (file, header + 16)
    }

    /// Where each line of the header begins, and where its last one ends.
    private func lineStarts(_ file: [UInt8]) -> [Int] {
        var starts = [0]
        while true {
            let start = starts[starts.count - 1]
            guard let end = file[start...].firstIndex(of: 10) else { return starts }
            starts.append(end + 1)
            if file[start...].starts(with: "---".utf8) { return starts }
        }
    }

    /// How the whole and the seekable reader refuse a file; both must.
    private func refusals(_ file: [UInt8]) throws -> [ArchiveError.Code] {
        let whole = try #require(throws: ArchiveError.self) { try ageDecrypt(file, with: [Self.identity]) }
        let seekable = try #require(throws: ArchiveError.self) {
            try AgeSeekableReader(MemoryBytes(file), identities: [Self.identity]).allBytes()
        }
        return [whole.code, seekable.code]
    }

    @Test func `in any line of its header is refused`() throws {
        let (file, _) = try sample()
        let starts = lineStarts(file)
        #expect(starts.count == 7)
        // The first recipient's stanza is ours; the second's is under the MAC alone.
        let expected: [ArchiveError.Code] = [
            .notAgeFile, .malformed, .wrongKey, .malformed, .damaged, .malformed,
        ]
        for (line, code) in expected.enumerated() {
            var changed = file
            // The second character: letters of a body stay Base64, everything else loses its form.
            changed[starts[line] + 1] = changed[starts[line] + 1] == 65 ? 66 : 65
            #expect(try refusals(changed) == [code, code], "line \(line)")
        }
    }

    @Test func `in its MAC, nonce or any chunk is refused as damaged`() throws {
        let (file, payload) = try sample()
        let mac = payload - 16 - 30
        let chunks = (0..<4).flatMap {
            [payload + $0 * Self.sealedSize, payload + $0 * Self.sealedSize + 99]
        }
        for place in [mac, payload - 16, payload - 1] + chunks + [file.count - 1] {
            var changed = file
            changed[place] = place == mac ? (changed[place] == 65 ? 66 : 65) : changed[place] ^ 1
            #expect(try refusals(changed) == [.damaged, .damaged], "byte \(place)")
        }
    }

    @Test func `by cutting it short is refused`() throws {
        let (file, payload) = try sample()
        for count in [0, 5, 21, 22, 60, payload - 30, payload - 16, payload - 1, payload, payload + 15] {
            #expect(try refusals(Array(file.prefix(count))) == [.truncated, .truncated], "\(count) bytes")
        }
        for chunk in 1...3 {
            let end = payload + chunk * Self.sealedSize
            #expect(try refusals(Array(file.prefix(end))) == [.truncated, .truncated], "chunk \(chunk)")
            // Within a chunk nothing tells a missing byte from a changed one.
            #expect(try refusals(Array(file.prefix(end - 1))) == [.damaged, .damaged])
        }
        #expect(try refusals(Array(file.dropLast())) == [.damaged, .damaged])
    }

    @Test func `by bytes after its end is refused as damaged`() throws {
        let (file, payload) = try sample()
        #expect(try refusals(file + [0]) == [.damaged, .damaged])
        let full = try ageEncrypt(patternBytes(65_536), to: [Self.identity.recipient])
        for count in [17, Self.sealedSize, Self.sealedSize + 1] {
            let error = try #require(throws: ArchiveError.self) {
                try ageDecrypt(full + [UInt8](repeating: 7, count: count), with: [Self.identity])
            }
            #expect(error.code == .damaged)
            #expect(error.detail == "there are bytes after chunk 0, the last")
        }
        #expect(try refusals(file + Array(file[payload...])) == [.damaged, .damaged])
    }

    @Test func `by moving, repeating or dropping chunks is refused as damaged`() throws {
        let (file, payload) = try sample()
        let chunks = (0..<4).map { number in
            Array(file[(payload + number * Self.sealedSize)...].prefix(Self.sealedSize))
        }
        for order in [[1, 0, 2, 3], [0, 2, 1, 3], [0, 0, 1, 2, 3], [0, 2, 3], [3], [0, 1, 3]] {
            let changed = Array(file.prefix(payload)) + order.flatMap { chunks[$0] }
            #expect(try refusals(changed) == [.damaged, .damaged], "\(order)")
        }
    }

    @Test func `passes nothing on that was not authenticated`() throws {
        var (file, payload) = try sample()
        file[payload + 2 * Self.sealedSize + 5] ^= 1
        var received: [UInt8] = []
        let decryptor = AgeDecryptor(with: [Self.identity]) { received += $0 }
        #expect(throws: ArchiveError.self) { try file.withUnsafeBytes { try decryptor.write($0) } }
        #expect(received == Array(Self.plain.prefix(2 * 65_536)))
    }

    @Test func `is still read where it is whole`() throws {
        var (file, payload) = try sample()
        file[payload + Self.sealedSize + 5] ^= 1
        let reader = try AgeSeekableReader(MemoryBytes(file), identities: [Self.identity])
        #expect(try reader.bytes(in: 0..<65_536) == Array(Self.plain[..<65_536]))
        #expect(try reader.bytes(in: 131_072..<reader.size) == Array(Self.plain[131_072...]))
        let error = try #require(throws: ArchiveError.self) { try reader.bytes(in: 65_535..<65_537) }
        #expect(error.code == .damaged)
        #expect(error.description == "decrypt: chunk 1 is damaged")
    }
}
