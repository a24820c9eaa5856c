// SPDX-License-Identifier: Apache-2.0

/// Writes an index as its records come.
///
/// Holds one block, 24 bytes for each data frame, and the first path of each block: some 20 MB for a hundred
/// million files. Records must come in component order, each path once. Not `Sendable`: one thread a time.
@safe package final class IndexWriter {
    private let output: (UnsafeRawBufferPointer) throws -> Void
    private let compressor: ZstdCompressor
    private var block = IndexRecordEncoder()
    private var blockPath: [UInt8] = []
    private var lastPath: [UInt8]?
    private var dataFrames: [DataFrame] = []
    private var directory = IndexEncoder()
    private var blockCount = 0
    private var offset = 0
    /// How many records were added.
    package private(set) var recordCount = 0

    /// Takes where the bytes go; each piece is valid during its call only.
    package init(output: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        unsafe self.output = output
        compressor = try ZstdCompressor(level: 3)
    }

    /// Adds a record; its path must come after the one before.
    package func append(_ record: IndexRecord) throws {
        if let lastPath, MemberPath.compare(lastPath, record.path) >= 0 {
            throw ArchiveError(
                .malformed, "write the index", MemberPath.shown(record.path),
                detail: "it comes after \(MemberPath.shown(lastPath)), or is there twice")
        }
        if block.count == 0 { blockPath = record.path }
        block.append(record)
        lastPath = record.path
        recordCount += 1
        if block.encoder.bytes.count > IndexFormat.blockTarget { try closeBlock() }
    }

    /// Adds the next data frame of the stream, and gives its number, from 0.
    @discardableResult
    package func append(_ frame: DataFrame) -> Int {
        dataFrames.append(frame)
        return dataFrames.count - 1
    }

    /// Writes the tables; without them nobody can read the index.
    package func finish() throws {
        if block.count > 0 { try closeBlock() }
        for start in stride(from: 0, to: dataFrames.count, by: IndexFormat.dataFramesPerBlock) {
            let frames = dataFrames[start..<min(start + IndexFormat.dataFramesPerBlock, dataFrames.count)]
            try write(Self.table(of: frames), kind: .dataFrames, count: frames.count, firstPath: [])
        }
        guard directory.bytes.count <= IndexFormat.directoryLimit else {
            throw ArchiveError(
                .unsupported, "write the index", detail: "there are \(recordCount) paths, too many")
        }
        let frame = try compressor.frame(of: directory.bytes)
        let place = offset
        try put(frame)
        var footer = IndexEncoder()
        footer.append(fixed32: IndexFormat.skippableMagic)
        footer.append(fixed32: UInt32(IndexFormat.footerSize - 8))
        footer.append(raw: IndexFormat.footerMark)
        footer.append(fixed32: IndexFormat.version)
        footer.append(fixed32: UInt32(blockCount))
        for number in [place, frame.count, directory.bytes.count, recordCount, dataFrames.count] {
            footer.append(fixed64: UInt64(number))
        }
        try put(footer.bytes)
    }

    private func closeBlock() throws {
        try write(block.encoder.bytes, kind: .records, count: block.count, firstPath: blockPath)
        block.removeAll()
    }

    private func write(_ raw: [UInt8], kind: IndexBlock.Kind, count: Int, firstPath: [UInt8]) throws {
        let frame = try compressor.frame(of: raw)
        directory.append(kind.rawValue)
        for number in [offset, frame.count, raw.count, count] { directory.append(count: number) }
        directory.append(string: firstPath)
        blockCount += 1
        try put(frame)
    }

    private func put(_ bytes: [UInt8]) throws {
        unsafe try bytes.withUnsafeBytes { unsafe try output($0) }
        offset += bytes.count
    }

    private static func table(of frames: ArraySlice<DataFrame>) -> [UInt8] {
        var encoder = IndexEncoder(capacity: frames.count * IndexFormat.dataFrameSize)
        for frame in frames {
            encoder.append(fixed32: UInt32(frame.part))
            encoder.append(fixed32: UInt32(frame.compressedSize))
            encoder.append(fixed32: UInt32(frame.rawSize))
            encoder.append(fixed32: 0)
            encoder.append(fixed64: UInt64(frame.offset))
        }
        return encoder.bytes
    }
}
