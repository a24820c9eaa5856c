// SPDX-License-Identifier: Apache-2.0
import Archiving
import Synchronization
import Testing

@Suite("An age stream")
struct AgeStreamTests {
    private static let identity = AgeIdentity.generate()

    /// Encrypts in pieces of a given size.
    private func seal(_ plain: [UInt8], pieces size: Int) throws -> [UInt8] {
        var sealed: [UInt8] = []
        let encryptor = try AgeEncryptor(to: [Self.identity.recipient]) { sealed += $0 }
        for start in stride(from: 0, to: plain.count, by: size) {
            try plain[start..<min(start + size, plain.count)].withUnsafeBytes { try encryptor.write($0) }
        }
        try encryptor.finish()
        return sealed
    }

    @Test(
        "comes out the same whatever the pieces",
        arguments: [1000, 65_535, 65_536, 65_537, 65_552, 131_072, 200_001], [65_536, 131_072, 300_000])
    func pieces(size: Int, count: Int) throws {
        let plain = patternBytes(count)
        let sealed = try seal(plain, pieces: size)
        let chunks = (count + 65_535) / 65_536
        #expect(sealed.count == (try seal([], pieces: 1)).count - 16 + count + 16 * chunks)
        var opened: [UInt8] = []
        let decryptor = AgeDecryptor(with: [Self.identity]) { opened += $0 }
        for start in stride(from: 0, to: sealed.count, by: size) {
            try sealed[start..<min(start + size, sealed.count)].withUnsafeBytes { try decryptor.write($0) }
        }
        try decryptor.finish()
        #expect(opened == plain)
    }

    @Test func `hands on what its output throws`() throws {
        let full = ArchiveError(.ioFailed(errno: 28), "write", detail: "no space")
        var calls = 0
        let encryptor = try AgeEncryptor(to: [Self.identity.recipient]) { _ in
            calls += 1
            if calls > 1 { throw full }
        }
        let plain = patternBytes(65_537)
        #expect(throws: full) { try plain.withUnsafeBytes { try encryptor.write($0) } }
    }

    @Test func `never has the same bytes twice`() throws {
        #expect(try seal([1], pieces: 1) != seal([1], pieces: 1))
    }
}

/// Counts what is read of the bytes behind it.
private final class CountingBytes: RangedBytes {
    let bytes: MemoryBytes
    let reads = Mutex((count: 0, bytes: 0))

    init(_ bytes: [UInt8]) {
        self.bytes = MemoryBytes(bytes)
    }

    var size: Int { bytes.size }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try bytes.read(at: offset, into: buffer)
        reads.withLock { $0 = ($0.count + 1, $0.bytes + count) }
        return count
    }
}

@Suite("A seekable age reader")
struct AgeSeekableReaderTests {
    private static let identity = AgeIdentity.generate()

    @Test("gives any range", arguments: [0, 1, 65_536, 65_537, 5 * 65_536, 700_000])
    func ranges(size: Int) throws {
        let plain = patternBytes(size)
        let sealed = try ageEncrypt(plain, to: [Self.identity.recipient])
        let reader = try AgeSeekableReader(MemoryBytes(sealed), identities: [Self.identity])
        #expect(reader.size == size)
        let edges = [0, 1, 65_535, 65_536, 65_537, 131_072, size - 1, size].filter { (0...size).contains($0) }
        for low in edges {
            for high in edges where high >= low {
                #expect(try reader.bytes(in: low..<high) == Array(plain[low..<high]), "\(low)..<\(high)")
            }
        }
        #expect(throws: ArchiveError.self) { try reader.bytes(in: size..<size + 1) }
    }

    @Test func `reads little, and a long range at once`() throws {
        let plain = patternBytes(100 * 65_536)
        let source = CountingBytes(try ageEncrypt(plain, to: [Self.identity.recipient]))
        let reader = try AgeSeekableReader(source, identities: [Self.identity])
        _ = try reader.bytes(in: 3_000_000..<3_000_010)
        _ = try reader.bytes(in: 3_000_020..<3_000_030)
        _ = try reader.bytes(in: reader.size - 10..<reader.size)
        // The header, the nonce, the last chunk, and one chunk in the middle.
        #expect(source.reads.withLock { $0.count } == 4)
        #expect(source.reads.withLock { $0.bytes } < 140_000)
        #expect(try reader.allBytes() == plain)
        #expect(source.reads.withLock { $0.count } <= 8)
    }
}
