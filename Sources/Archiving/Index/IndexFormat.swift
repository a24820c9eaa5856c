// SPDX-License-Identifier: Apache-2.0

// The bytes of an index, before encryption:
//
//     blocks of records       zstd frames of at most 1 MiB raw, records in component order
//     blocks of data frames   zstd frames, 24 bytes for each data frame: part, compressed and raw size, reserved
//                             (UInt32 each), offset (UInt64); all numbers are little-endian
//     directory               one zstd frame: kind, offset, sizes, count and first path of each block
//     footer                  a zstd skippable frame of fixed size: where the directory is, how much there is
//
// All of it is valid zstd: `zstd -d` writes the blocks one after the other. A reader takes the footer from the
// end, then the directory, then the one block it needs. Within a block a path is written as the number of bytes
// it shares with the path before it, then the rest; numbers are LEB128.

/// Sizes and marks of the index format.
enum IndexFormat {
    static let version: UInt32 = 1
    /// The most raw bytes of a block.
    static let blockLimit = 1 << 20
    /// Where a block of records is closed: the longest record still fits below the limit.
    static let blockTarget = blockLimit - recordLimit
    /// The most bytes of one record: two paths and everything else.
    static let recordLimit = 2 * MemberPath.limit + 4096
    static let directoryLimit = 64 << 20
    static let nameLimit = 255
    static let dataFrameSize = 24
    static let dataFramesPerBlock = 32_768
    static let countLimit = 1 << 40

    static let skippableMagic: UInt32 = 0x184D_2A5B
    static let footerMark = Array("lifeboat".utf8)
    static let footerSize = 8 + 8 + 4 + 4 + 5 * 8

    /// What an index may not be, said alike everywhere.
    static func malformed(_ detail: String) -> ArchiveError {
        ArchiveError(.malformed, "read the index", detail: detail)
    }
}

/// One entry of the directory.
struct IndexBlock: Hashable, Sendable {
    enum Kind: UInt8 {
        case records = 0
        case dataFrames = 1
    }

    var kind: Kind
    var offset: Int
    var compressedSize: Int
    var rawSize: Int
    /// Records or data frames in it.
    var count: Int
    /// The number of the first of them in the whole index.
    var first: Int
    var firstPath: [UInt8]
}

// MARK: - Bytes

/// Puts numbers and byte strings one after the other.
struct IndexEncoder {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func append(count: Int) {
        append(number: UInt64(count))
    }

    mutating func append(raw: some Collection<UInt8>) {
        bytes.append(contentsOf: raw)
    }

    mutating func append(string: [UInt8]) {
        append(count: string.count)
        bytes.append(contentsOf: string)
    }

    mutating func append(fixed32 value: UInt32) {
        for shift in stride(from: 0, to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(shift)))
        }
    }

    mutating func append(fixed64 value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
        }
    }
}

/// Takes them out again, never beyond the end and never more than the limit given.
struct IndexDecoder {
    private let bytes: [UInt8]
    private(set) var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() throws(ArchiveError) -> UInt8 {
        guard place < bytes.count else { throw IndexFormat.malformed("it ends within a record") }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number() throws(ArchiveError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            let bits = UInt64(next & 0x7f)
            guard shift < 64, (bits << shift) >> shift == bits else {
                throw IndexFormat.malformed("a number has more than 64 bits")
            }
            value |= bits << shift
            if next & 0x80 == 0 {
                guard next != 0 || shift == 0 else { throw IndexFormat.malformed("a number is padded") }
                return value
            }
            shift += 7
        }
    }

    mutating func count(upTo limit: Int) throws(ArchiveError) -> Int {
        let value = try number()
        guard value <= UInt64(limit) else {
            throw IndexFormat.malformed("a number is \(value), more than \(limit)")
        }
        return Int(value)
    }

    mutating func narrow<Value: FixedWidthInteger>(_ type: Value.Type) throws(ArchiveError) -> Value {
        let value = try number()
        guard let result = Value(exactly: value) else {
            throw IndexFormat.malformed("a number is \(value), more than \(Value.max)")
        }
        return result
    }

    mutating func raw(_ count: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - place else { throw IndexFormat.malformed("it ends within a record") }
        defer { place += count }
        return bytes[place..<place + count]
    }

    mutating func string(upTo limit: Int) throws(ArchiveError) -> ArraySlice<UInt8> {
        try raw(count(upTo: limit))
    }

    mutating func fixed32() throws(ArchiveError) -> UInt32 {
        try raw(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func fixed64() throws(ArchiveError) -> UInt64 {
        try raw(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
