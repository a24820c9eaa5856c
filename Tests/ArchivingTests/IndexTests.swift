// SPDX-License-Identifier: Apache-2.0
import Archiving
import Synchronization
import Testing

/// The bytes of an index.
private func index(_ records: [IndexRecord], frames: [DataFrame] = []) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let writer = try IndexWriter { bytes += $0 }
    for record in records { try writer.append(record) }
    for frame in frames { writer.append(frame) }
    try writer.finish()
    return bytes
}

private func path(_ text: String) -> [UInt8] { Array(text.utf8) }

private let everyKind: [IndexRecord] = [
    IndexRecord(
        path: [], kind: .folder, modified: FileTime(seconds: -5, nanoseconds: 1), permissions: 0o1777),
    IndexRecord(
        path: path("a"), kind: .file, size: 9_000_000_000, modified: FileTime(seconds: .min, nanoseconds: 0),
        changed: FileTime(seconds: .max, nanoseconds: 999_999_999), inode: .max, permissions: 0o4755,
        user: .max,
        group: 12, userName: path("anna"), groupName: path("staff"), attributes: .of([1]), digest: .of([2]),
        holes: 4096,
        location: .init(frame: 3, offset: 77, length: 9_000_001_024),
        superseded: .init(frame: 2, offset: 5, length: 1024), changedWhileRead: true, isIncomplete: true,
        isRecent: true),
    IndexRecord(path: path("a/b"), kind: .hardLink, linkTarget: path("a")),
    IndexRecord(path: path("a.txt"), kind: .symbolicLink, linkTarget: path("../../etc/passwd")),
    IndexRecord(path: [98, 255, 10, 1], kind: .fifo, userName: path("anna"), groupName: path("staff")),
    IndexRecord(path: path("c"), kind: .characterDevice, device: .init(major: 1, minor: .max)),
    IndexRecord(path: path("d"), kind: .blockDevice, device: .init(major: 8, minor: 0)),
]

/// Counts reads.
private final class CountingBytes: RangedBytes {
    let bytes: MemoryBytes
    let reads = Mutex(0)

    init(_ bytes: [UInt8]) {
        self.bytes = MemoryBytes(bytes)
    }

    var size: Int { bytes.size }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        reads.withLock { $0 += 1 }
        return try bytes.read(at: offset, into: buffer)
    }
}

private func manyRecords(_ count: Int) -> [IndexRecord] {
    (0..<count).map { number in
        IndexRecord(
            path: path("folder/\(String(number + 1_000_000))"), kind: .file, size: number,
            digest: .of([UInt8(number & 255), UInt8(number >> 8 & 255)]),
            location: .init(frame: number, offset: 0, length: 512))
    }
}

private func manyFrames(_ count: Int) -> [DataFrame] {
    (0..<count).map {
        DataFrame(part: $0 / 10 + 1, offset: $0 % 10 * 100, compressedSize: 100, rawSize: 1000)
    }
}

@Suite("An index")
struct IndexTests {
    @Test func `gives back every kind of record in order`() throws {
        let reader = try IndexReader(MemoryBytes(index(everyKind)))
        #expect(reader.recordCount == everyKind.count)
        let stream = reader.records()
        for record in everyKind { #expect(try stream.next() == record) }
        #expect(try stream.next() == nil)
    }

    @Test func `without any record is an index`() throws {
        let reader = try IndexReader(MemoryBytes(index([])))
        #expect(try reader.records().next() == nil)
        #expect(try reader.record(at: path("a")) == nil)
        #expect(throws: ArchiveError.self) { try reader.dataFrame(0) }
    }

    @Test func `finds one of many with a handful of reads`() throws {
        let count = 70_000
        let source = CountingBytes(try index(manyRecords(count), frames: manyFrames(count)))
        let reader = try IndexReader(source)
        let record = try #require(try reader.record(at: path("folder/1054321")))
        let frame = try reader.dataFrame(try #require(record.location).frame)
        #expect(frame == manyFrames(count)[54_321])
        #expect(source.reads.withLock(\.self) <= 4)
        for missing in ["folder/1054321x", "folder", "z", "folder/105432"] {
            #expect(try reader.record(at: path(missing)) == nil)
        }
        let rest = reader.records(from: path("folder/1069998"))
        #expect(try rest.next()?.size == 69_998)
        #expect(try rest.next()?.size == 69_999)
        #expect(try rest.next() == nil)
        #expect(try reader.dataFrame(0).part == 1)
        #expect(throws: ArchiveError.self) { try reader.dataFrame(count) }
    }

    @Test(
        "refuses to be written out of order",
        arguments: [("b", "a"), ("a", "a"), ("a.txt", "a/b"), ("a", "")])
    func order(first: String, second: String) throws {
        #expect(throws: ArchiveError.self) {
            try index([first, second].map { IndexRecord(path: path($0), kind: .folder) })
        }
    }

    @Test(
        "refuses records that would lead a reader astray",
        arguments: [
            IndexRecord(path: path("../a"), kind: .file), IndexRecord(path: path("/a"), kind: .file),
            IndexRecord(path: path("a//b"), kind: .file), IndexRecord(path: path("a/./b"), kind: .file),
            IndexRecord(path: path("a/"), kind: .file), IndexRecord(path: [97, 0], kind: .file),
            IndexRecord(path: [], kind: .file), IndexRecord(path: path("a"), kind: .folder, size: 1),
            IndexRecord(path: path("a"), kind: .hardLink, linkTarget: path("../../etc/passwd")),
            IndexRecord(path: path("a"), kind: .hardLink, linkTarget: path("a")),
            IndexRecord(path: path("a"), kind: .symbolicLink),
            IndexRecord(path: path("a"), kind: .fifo, digest: .of([])),
            IndexRecord(path: path("a"), kind: .blockDevice),
            IndexRecord(path: path("a"), kind: .file, permissions: 0o10000),
        ])
    func hostile(record: IndexRecord) throws {
        let reader = try IndexReader(MemoryBytes(index([IndexRecord(path: path("+"), kind: .file)])))
        #expect(try reader.records().next() != nil)
        let error = try #require(throws: ArchiveError.self) {
            let stream = try IndexReader(MemoryBytes(index([record]))).records()
            while try stream.next() != nil {}
        }
        #expect(error.code == .hostile || error.code == .malformed, "\(error)")
    }

    @Test(
        "refuses frames that are absurd",
        arguments: [
            [DataFrame(part: 0, offset: 0, compressedSize: 1, rawSize: 1)],
            [DataFrame(part: 1, offset: 0, compressedSize: 1, rawSize: DataFrame.rawLimit + 1)],
            [DataFrame(part: 1, offset: 0, compressedSize: 0, rawSize: 1)],
            [
                DataFrame(part: 1, offset: 0, compressedSize: 9, rawSize: 9),
                DataFrame(part: 1, offset: 8, compressedSize: 9, rawSize: 9),
            ],
            [
                DataFrame(part: 1, offset: 0, compressedSize: 9, rawSize: 9),
                DataFrame(part: 3, offset: 0, compressedSize: 9, rawSize: 9),
            ],
        ])
    func frames(frames: [DataFrame]) throws {
        let reader = try IndexReader(MemoryBytes(index([], frames: frames)))
        #expect(throws: ArchiveError.self) { try reader.dataFrame(0) }
    }

    @Test func `that is cut anywhere, or has a byte flipped anywhere, is an error and never a crash`() throws
    {
        let bytes = try index(everyKind, frames: manyFrames(3))
        func readAll(_ bytes: [UInt8]) throws -> [IndexRecord] {
            let reader = try IndexReader(MemoryBytes(bytes))
            let stream = reader.records()
            var records: [IndexRecord] = []
            while let record = try stream.next() { records.append(record) }
            for number in 0..<reader.dataFrameCount { _ = try reader.dataFrame(number) }
            return records
        }
        #expect(try readAll(bytes) == everyKind)
        for cut in stride(from: 0, to: bytes.count, by: 3) {
            #expect(throws: ArchiveError.self) { try readAll(Array(bytes[..<cut])) }
        }
        for place in stride(from: 0, to: bytes.count, by: 2) {
            var flipped = bytes
            flipped[place] ^= 0x41
            // A bit that zstd does not use may pass; what comes out is then what was written.
            if let records = try? readAll(flipped) { #expect(records == everyKind) }
        }
    }
}

@Suite("Component order")
struct MemberPathTests {
    @Test func `is the order of a sorted walk`() {
        let walked = ["", "a", "a/b", "a/b/c", "a/b.c", "a!", "a.txt", "aa", "b"].map(path)
        #expect(walked.reversed().sorted { MemberPath.compare($0, $1) < 0 } == walked)
    }

    @Test(
        "knows what lies below",
        arguments: [
            ("a", "", true), ("", "", false), ("a/b", "a", true), ("a", "a", false), ("ab", "a", false),
            ("a/b/c", "a/b", true),
        ])
    func below(inner: String, folder: String, expected: Bool) {
        #expect(MemberPath.isBelow(path(inner), path(folder)) == expected)
    }

    @Test func `shows any path on one line`() {
        #expect(MemberPath.shown([]) == ".")
        #expect(MemberPath.shown(path("grün/a b")) == "grün/a b")
        #expect(MemberPath.shown([97, 10, 27, 255, 92]) == "a\\012\\033\\377\\\\")
    }

    @Test func `lets dots be names and not steps`() {
        #expect(["...", ".a", "a..", "a/.../b", "..a"].allSatisfy { MemberPath.isSafe(path($0)) })
        #expect(["..", ".", "a/..", "./a", "a/", "/"].allSatisfy { !MemberPath.isSafe(path($0)) })
    }
}
