// SPDX-License-Identifier: Apache-2.0

/// Reads an index from its bytes after decryption: an `AgeSeekableReader`, a file, or memory.
///
/// Opening costs two reads at the end; finding a path one block; the place of its data frame one more block.
/// Everything is checked as it is read, and whatever is not as a writer writes it is `malformed`, `damaged` or
/// `hostile`, so that a reader may believe what it gets: paths are safe and in order, numbers in bounds.
/// Not `Sendable`: it keeps the blocks it read last; use it from one thread a time.
package final class IndexReader {
    /// How many records there are.
    package let recordCount: Int
    /// How many data frames the point's stream has.
    package let dataFrameCount: Int

    private let source: any RangedBytes
    private let decompressor: ZstdDecompressor
    private let recordBlocks: [IndexBlock]
    private let frameBlocks: [IndexBlock]
    private var keptFrames: (number: Int, frames: [DataFrame])?

    /// Reads footer and directory.
    package init(_ source: any RangedBytes) throws {
        self.source = source
        decompressor = try ZstdDecompressor()
        let footer = try IndexFooter(of: source)
        let bytes = try source.bytes(in: footer.directory)
        let raw = try decompressor.bytes(of: bytes, count: footer.directoryRawSize)
        let blocks = try IndexDirectory.blocks(in: raw, footer)
        recordBlocks = blocks.filter { $0.kind == .records }
        frameBlocks = blocks.filter { $0.kind == .dataFrames }
        recordCount = footer.recordCount
        dataFrameCount = footer.dataFrameCount
    }

    /// Where a frame of the stream lies.
    package func dataFrame(_ number: Int) throws -> DataFrame {
        guard (0..<dataFrameCount).contains(number) else {
            throw IndexFormat.malformed("data frame \(number) is named, and there are \(dataFrameCount)")
        }
        let position = number / IndexFormat.dataFramesPerBlock
        if keptFrames?.number != position { keptFrames = (position, try dataFrames(ofBlock: position)) }
        guard let frames = keptFrames?.frames else {
            throw IndexFormat.malformed("a table of frames is empty")
        }
        return frames[number - position * IndexFormat.dataFramesPerBlock]
    }

    /// The record of one path; `nil` if the index has none.
    package func record(at path: [UInt8]) throws -> IndexRecord? {
        let stream = records(from: path)
        guard let record = try stream.next(), record.path == path else { return nil }
        return record
    }

    /// All records in component order, one block in memory a time.
    package func records() -> IndexRecordStream {
        records(from: [])
    }

    /// The records at and after a path, in component order.
    ///
    /// What lies below a folder follows it at once: take records while `MemberPath.isBelow` holds.
    package func records(from path: [UInt8]) -> IndexRecordStream {
        // The last block that begins at or before the path may hold it.
        var low = 0
        var high = recordBlocks.count
        while low < high {
            let middle = (low + high) / 2
            if MemberPath.compare(recordBlocks[middle].firstPath, path) <= 0 {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return IndexRecordStream(self, block: max(0, low - 1), from: path)
    }

    fileprivate var recordBlockCount: Int { recordBlocks.count }

    fileprivate func recordBlock(_ position: Int) throws -> (IndexRecordDecoder, firstPath: [UInt8]) {
        let block = recordBlocks[position]
        return (IndexRecordDecoder(try bytes(of: block), count: block.count), block.firstPath)
    }

    private func bytes(of block: IndexBlock) throws -> [UInt8] {
        let frame = try source.bytes(in: block.offset..<block.offset + block.compressedSize)
        return try decompressor.bytes(of: frame, count: block.rawSize)
    }

    private func dataFrames(ofBlock position: Int) throws -> [DataFrame] {
        let block = frameBlocks[position]
        var decoder = IndexDecoder(try bytes(of: block))
        var frames: [DataFrame] = []
        frames.reserveCapacity(block.count)
        for _ in 0..<block.count {
            let part = Int(try decoder.fixed32())
            let compressedSize = Int(try decoder.fixed32())
            let rawSize = Int(try decoder.fixed32())
            let reserved = try decoder.fixed32()
            let offset = try decoder.fixed64()
            guard (1...Manifest.partLimit).contains(part), (1...DataFrame.rawLimit).contains(rawSize),
                (1...ZstdCompressor.bound(rawSize)).contains(compressedSize), reserved == 0,
                offset <= UInt64(Manifest.partSizeLimit)
            else { throw IndexFormat.malformed("data frame \(block.first + frames.count) is absurd") }
            let frame = DataFrame(
                part: part, offset: Int(offset), compressedSize: compressedSize, rawSize: rawSize)
            if let last = frames.last {
                let follows = frame.part == last.part && frame.offset == last.offset + last.compressedSize
                guard follows || (frame.part == last.part + 1 && frame.offset == 0) else {
                    throw IndexFormat.malformed("data frame \(block.first + frames.count) does not follow")
                }
            }
            frames.append(frame)
        }
        return frames
    }
}

/// Records of an index, in order, once.
package final class IndexRecordStream {
    private let reader: IndexReader
    private let start: [UInt8]
    private var position: Int
    private var block: IndexRecordDecoder?
    private var lastPath: [UInt8]?

    fileprivate init(_ reader: IndexReader, block position: Int, from start: [UInt8]) {
        self.reader = reader
        self.position = position
        self.start = start
    }

    /// The next record; `nil` after the last.
    package func next() throws -> IndexRecord? {
        while true {
            if let record = try block?.next() {
                lastPath = record.path
                if MemberPath.compare(record.path, start) >= 0 { return record }
                continue
            }
            guard position < reader.recordBlockCount else { return nil }
            let (next, firstPath) = try reader.recordBlock(position)
            if let lastPath, MemberPath.compare(lastPath, firstPath) >= 0 {
                throw IndexFormat.malformed("a block holds a path of the next one")
            }
            var probe = next
            guard try probe.next()?.path == firstPath else {
                throw IndexFormat.malformed("a block does not begin with the path that the directory names")
            }
            block = next
            position += 1
        }
    }
}
