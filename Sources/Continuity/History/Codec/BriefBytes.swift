// SPDX-License-Identifier: Apache-2.0

/// Writes numbers, instants and texts of a brief.
///
/// Whole numbers are written seven bits at a time, the lowest first; instants as eight bytes, the lowest first. A text is
/// written once: its number in the brief plus one, or 0 and then its length and bytes when it is new.
struct BriefWriter {
    private var bytes: [UInt8] = []
    /// By the number of a text its number in the brief plus one, 0 where it was not written yet.
    private var places: [Int] = []
    private var written = 0

    var count: Int { bytes.count }

    /// What was written, with eight bytes at its end by which damage is seen.
    var sealed: [UInt8] {
        var sealed = bytes
        let hash = bytes.withUnsafeBytes(\.quickHash)
        withUnsafeBytes(of: hash.littleEndian) { sealed.append(contentsOf: $0) }
        return sealed
    }

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func number(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func moment(_ value: Moment) {
        withUnsafeBytes(of: value.nanoseconds.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes the text that has a number among names; they must be the same for the whole brief.
    mutating func text(_ name: Int, of names: ByteNames) {
        while places.count < names.count { places.append(0) }
        guard places[name] == 0 else { return number(places[name]) }
        written += 1
        places[name] = written
        let text = names.text(name)
        number(0)
        number(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }
}

/// The bytes of a brief are not those that a `BriefWriter` wrote.
package struct DamagedBrief: Error {
    package init() {}
}

/// Reads what a `BriefWriter` wrote; its texts as numbers of somebody's names.
struct BriefReader {
    private let bytes: UnsafeRawBufferPointer
    private var place = 0
    /// The reader's numbers of the brief's texts.
    private var texts: [Int] = []

    init(_ sealed: UnsafeRawBufferPointer) throws(DamagedBrief) {
        guard sealed.count >= 8 else { throw DamagedBrief() }
        bytes = UnsafeRawBufferPointer(rebasing: sealed.dropLast(8))
        let stated = sealed.loadUnaligned(fromByteOffset: bytes.count, as: UInt64.self)
        guard UInt64(littleEndian: stated) == bytes.quickHash else { throw DamagedBrief() }
    }

    var isAtEnd: Bool { place >= bytes.count }

    mutating func byte() throws(DamagedBrief) -> UInt8 {
        guard place < bytes.count else { throw DamagedBrief() }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func number() throws(DamagedBrief) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 64 else { throw DamagedBrief() }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return Int(Int64(bitPattern: value)) }
            shift += 7
        }
    }

    /// A number that counts something that follows, so that no damaged one asks for more than there is.
    mutating func count() throws(DamagedBrief) -> Int {
        let count = try number()
        guard count >= 0, count <= bytes.count - place else { throw DamagedBrief() }
        return count
    }

    mutating func moment() throws(DamagedBrief) -> Moment {
        guard place + 8 <= bytes.count else { throw DamagedBrief() }
        defer { place += 8 }
        return Moment(
            nanoseconds: Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int64.self)))
    }

    mutating func text(_ names: inout ByteNames) throws(DamagedBrief) -> Int {
        let known = try number()
        if known > 0 {
            guard known <= texts.count else { throw DamagedBrief() }
            return texts[known - 1]
        }
        let length = try count()
        let number = names.number(UnsafeRawBufferPointer(rebasing: bytes[place..<place + length]))
        place += length
        texts.append(number)
        return number
    }
}

/// A word that a brief holds as one byte, by its place in a list that is only ever added to.
protocol BriefWord: Equatable {
    static var briefWords: [Self] { get }
}

extension BriefWord {
    var brief: UInt8 { UInt8(Self.briefWords.firstIndex(of: self) ?? 255) }

    init(brief: UInt8) throws(DamagedBrief) {
        guard Int(brief) < Self.briefWords.count else { throw DamagedBrief() }
        self = Self.briefWords[Int(brief)]
    }
}
