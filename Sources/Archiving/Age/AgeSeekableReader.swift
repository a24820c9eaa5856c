// SPDX-License-Identifier: Apache-2.0
import Crypto
import FoundationEssentials

/// Reads an encrypted file from any place, without what lies before it.
///
/// Every chunk is authenticated as it is read. The last one is opened at once, because only it proves that
/// the size is true. Not `Sendable`: it keeps the last two chunks it read; use it from one thread a time.
@safe package final class AgeSeekableReader: RangedBytes {
    /// The number of bytes after decryption.
    package let size: Int

    /// What was learnt of a file when it was opened, for further readers of the same file.
    struct Opening: Sendable {
        fileprivate let size: Int
        fileprivate let chunks: AgeChunks
        fileprivate let chunkCount: Int
        fileprivate let payloadStart: Int
        fileprivate let last: Data
    }

    private let source: any RangedBytes
    private let chunks: AgeChunks
    private let chunkCount: Int
    private let payloadStart: Int
    private var kept: [(number: Int, bytes: Data)] = []

    /// The most chunks fetched by one read of the source: 4 MiB, enough to fill a long line.
    private static let fetchLimit = 64

    /// Reads the header and the last chunk of a file.
    package init(_ source: any RangedBytes, identities: [AgeIdentity]) throws {
        var parser = AgeHeaderParser()
        while parser.header == nil {
            let piece = try source.bytes(in: parser.count..<min(parser.count + 4096, source.size))
            guard !piece.isEmpty else { throw parser.endedEarly() }
            _ = unsafe try piece.withUnsafeBytes { unsafe try parser.take($0) }
        }
        guard let header = parser.header else { throw parser.endedEarly() }
        let fileKey = try header.fileKey(with: identities)
        payloadStart = parser.count + AgeChunks.nonceSize
        guard source.size >= payloadStart + AgeChunks.tagSize else {
            throw ArchiveError(.truncated, "decrypt", detail: "the file ends before its payload")
        }
        let nonce = try source.bytes(in: parser.count..<payloadStart)
        let sealed = source.size - payloadStart
        chunkCount = (sealed + AgeChunks.sealedSize - 1) / AgeChunks.sealedSize
        size = sealed - chunkCount * AgeChunks.tagSize
        chunks = AgeChunks(fileKey: fileKey, nonce: nonce)
        self.source = source
        kept = [(chunkCount - 1, try fetch(chunkCount - 1..<chunkCount)[0])]
    }

    /// Takes over what another reader of the same file has found out, and reads nothing.
    init(_ source: any RangedBytes, opened: Opening) {
        self.source = source
        size = opened.size
        chunks = opened.chunks
        chunkCount = opened.chunkCount
        payloadStart = opened.payloadStart
        kept = [(chunkCount - 1, opened.last)]
    }

    /// For further readers of the same file.
    var opening: Opening {
        Opening(
            size: size, chunks: chunks, chunkCount: chunkCount, payloadStart: payloadStart,
            last: kept[0].bytes)
    }

    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard offset >= 0, offset < size, unsafe !buffer.isEmpty else { return 0 }
        let end = min(size, offset + buffer.count)
        var place = offset
        while place < end {
            let first = place / AgeChunks.plainSize
            let last = (end - 1) / AgeChunks.plainSize
            for (number, bytes) in try chunks(from: first, through: last) {
                let start = number * AgeChunks.plainSize
                let range = place - start..<min(end - start, bytes.count)
                let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[(place - offset)...])
                unsafe bytes.copyBytes(
                    to: target,
                    from: bytes.startIndex + range.lowerBound..<bytes.startIndex + range.upperBound)
                place += range.count
            }
        }
        return end - offset
    }

    /// At least the first of the wanted chunks, in order: one that is kept, or as many as one fetch brings.
    private func chunks(from first: Int, through last: Int) throws -> [(number: Int, bytes: Data)] {
        if let known = kept.first(where: { $0.number == first }) { return [known] }
        var beyond = min(last + 1, first + Self.fetchLimit)
        if let known = kept.map(\.number).filter({ $0 > first }).min() { beyond = min(beyond, known) }
        let fetched = try fetch(first..<beyond).enumerated().map {
            (number: first + $0.offset, bytes: $0.element)
        }
        // The first chunk kept is the file's last, where an index has its tables.
        kept = [kept[0]] + fetched.suffix(1)
        return fetched
    }

    /// Reads and opens chunks that lie side by side.
    private func fetch(_ numbers: Range<Int>) throws -> [Data] {
        let start = payloadStart + numbers.lowerBound * AgeChunks.sealedSize
        let end = min(source.size, payloadStart + numbers.upperBound * AgeChunks.sealedSize)
        let sealed = try source.bytes(in: start..<end)
        return unsafe try sealed.withUnsafeBytes { sealed in
            try numbers.map { number in
                let low = (number - numbers.lowerBound) * AgeChunks.sealedSize
                let high = min(low + AgeChunks.sealedSize, sealed.count)
                return unsafe try chunks.openOrThrow(
                    UnsafeRawBufferPointer(rebasing: sealed[low..<high]), number: number,
                    isLast: number == chunkCount - 1)
            }
        }
    }
}
