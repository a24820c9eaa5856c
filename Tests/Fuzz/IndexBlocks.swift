// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Frames of zstd that hold their bytes as they are, so that what lies inside can be damaged.
enum StoredZstd {
    /// One frame with its size and without a checksum (RFC 8878).
    static func frame(of bytes: [UInt8]) -> [UInt8] {
        // Single segment, a content size of four bytes.
        var frame: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD, 0xA0] + littleEndian(bytes.count, 4)
        let limit = 128 << 10
        var place = 0
        repeat {
            let count = min(limit, bytes.count - place)
            let isLast = place + count == bytes.count
            frame += littleEndian(count << 3 | (isLast ? 1 : 0), 3) + bytes[place..<place + count]
            place += count
        } while place < bytes.count
        return frame
    }

    static func littleEndian(_ number: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// An index taken apart: the raw bytes of its one block of records, of its one table of frames, and its counts.
struct IndexBlocks {
    private let records: [UInt8]
    private let frames: [UInt8]
    private let recordCount: Int
    private let frameCount: Int
    private let firstPath: [UInt8]
    private let version: [UInt8]

    /// Decompresses with the zstd program: the blocks come out one after the other, the directory last.
    init(_ index: [UInt8]) throws {
        let footer = Array(index.suffix(64))
        func number(_ place: Int) -> Int {
            footer[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        version = Array(footer[16..<20])
        let directorySize = number(40)
        recordCount = number(48)
        frameCount = number(56)
        let path = "/tmp/lifeboat-fuzz-index-\(getpid())"
        try Data(index).write(to: URL(fileURLWithPath: path))
        defer { unlink(path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/zstd")
        process.arguments = ["-q", "-d", "-c", path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let raw = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        let cut = raw.count - directorySize - frameCount * 24
        records = Array(raw[..<cut])
        frames = Array(raw[cut..<cut + frameCount * 24])
        firstPath = Array("f0".utf8)
    }

    /// The index with damage in one of its blocks or in its directory, and everything around in order.
    func index(damagedBy random: inout Random) -> [UInt8] {
        let place = Int.random(in: 0..<4, using: &random)
        let records = place <= 1 ? random.damage(records) : records
        let frames = place == 2 ? random.damage(frames) : frames
        let blocks = [StoredZstd.frame(of: records), StoredZstd.frame(of: frames)]
        var directory: [UInt8] = [0]
        for number in [0, blocks[0].count, records.count, recordCount, firstPath.count] {
            directory += leb(number)
        }
        directory += firstPath + [1]
        for number in [blocks[0].count, blocks[1].count, frames.count, frameCount, 0] {
            directory += leb(number)
        }
        if place == 3 { directory = random.damage(directory) }
        let tail = StoredZstd.frame(of: directory)
        var index = blocks[0] + blocks[1]
        let offset = index.count
        index +=
            tail + [0x5B, 0x2A, 0x4D, 0x18] + StoredZstd.littleEndian(56, 4) + Array("lifeboat".utf8)
            + version
        index += StoredZstd.littleEndian(2, 4)
        for number in [offset, tail.count, directory.count, recordCount, frameCount] {
            index += StoredZstd.littleEndian(number, 8)
        }
        return index
    }

    private func leb(_ number: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
