// SPDX-License-Identifier: Apache-2.0

/// The end of an index: where its directory is.
struct IndexFooter {
    let directory: Range<Int>
    let directoryRawSize: Int
    let blockCount: Int
    let recordCount: Int
    let dataFrameCount: Int

    init(of source: any RangedBytes) throws {
        guard source.size >= IndexFormat.footerSize else {
            throw ArchiveError(.truncated, "read the index", detail: "it has \(source.size) bytes")
        }
        let start = source.size - IndexFormat.footerSize
        var decoder = IndexDecoder(try source.bytes(in: start..<source.size))
        guard try decoder.fixed32() == IndexFormat.skippableMagic,
            try decoder.fixed32() == UInt32(IndexFormat.footerSize - 8),
            try decoder.raw(IndexFormat.footerMark.count).elementsEqual(IndexFormat.footerMark)
        else {
            throw IndexFormat.malformed("it does not end as an index does")
        }
        let version = try decoder.fixed32()
        guard version == IndexFormat.version else {
            throw ArchiveError(.unsupported, "read the index", detail: "its version is \(version)")
        }
        blockCount = Int(try decoder.fixed32())
        func number(_ limit: Int) throws -> Int {
            let value = try decoder.fixed64()
            guard value <= UInt64(limit) else { throw IndexFormat.malformed("its footer names \(value)") }
            return Int(value)
        }
        let offset = try number(start)
        let size = try number(start - offset)
        directory = offset..<offset + size
        directoryRawSize = try number(IndexFormat.directoryLimit)
        recordCount = try number(IndexFormat.countLimit)
        dataFrameCount = try number(IndexFormat.countLimit)
        guard directory.upperBound == start else {
            throw IndexFormat.malformed("there is something between directory and footer")
        }
    }
}

/// The table of blocks: where each lies, and for records its first path.
enum IndexDirectory {
    /// Reads the directory; blocks must follow each other without gaps, records before data frames.
    static func blocks(in raw: [UInt8], _ footer: IndexFooter) throws -> [IndexBlock] {
        var decoder = IndexDecoder(raw)
        var blocks: [IndexBlock] = []
        var offset = 0
        var counts: [IndexBlock.Kind: Int] = [.records: 0, .dataFrames: 0]
        // A count that is a lie ends at the last byte; nothing is reserved for it.
        for _ in 0..<footer.blockCount {
            guard let kind = IndexBlock.Kind(rawValue: try decoder.byte()) else {
                throw IndexFormat.malformed("a block is of an unknown kind")
            }
            let place = try decoder.count(upTo: footer.directory.lowerBound)
            let size = try decoder.count(upTo: ZstdCompressor.bound(IndexFormat.blockLimit))
            let rawSize = try decoder.count(upTo: IndexFormat.blockLimit)
            let count = try decoder.count(upTo: IndexFormat.blockLimit)
            let block = IndexBlock(
                kind: kind, offset: place, compressedSize: size, rawSize: rawSize, count: count,
                first: counts[kind, default: 0], firstPath: Array(try decoder.string(upTo: MemberPath.limit)))
            try check(block, after: blocks.last, at: offset)
            counts[kind, default: 0] += count
            offset += size
            blocks.append(block)
        }
        guard decoder.isAtEnd, offset == footer.directory.lowerBound,
            counts[.records] == footer.recordCount, counts[.dataFrames] == footer.dataFrameCount
        else { throw IndexFormat.malformed("directory and footer do not fit together") }
        return blocks
    }

    private static func check(_ block: IndexBlock, after last: IndexBlock?, at offset: Int) throws {
        guard block.offset == offset, block.compressedSize > 0, block.count > 0 else {
            throw IndexFormat.malformed("a block does not follow the one before")
        }
        switch block.kind {
        case .records:
            try MemberPath.check(block.firstPath)
            guard
                last.map({ $0.kind == .records && MemberPath.compare($0.firstPath, block.firstPath) < 0 })
                    ?? true
            else { throw IndexFormat.malformed("the first paths are not in order") }
        case .dataFrames:
            let isWhole = last?.kind != .dataFrames || last?.count == IndexFormat.dataFramesPerBlock
            guard block.firstPath.isEmpty, isWhole, block.count <= IndexFormat.dataFramesPerBlock,
                block.rawSize == block.count * IndexFormat.dataFrameSize
            else { throw IndexFormat.malformed("a table of data frames breaks its form") }
        }
    }
}
