// SPDX-License-Identifier: Apache-2.0

/// Numbers for texts that come again and again, found by their bytes: a `String` is made once for each.
struct ByteNames {
    private var bytes: [UInt8] = []
    /// Where each text ends in `bytes`.
    private var ends: [Int] = []
    private var hashes: [UInt64] = []
    private var texts: [String] = []
    /// Numbers by hash, -1 where there is none; a power of two, never more than half full.
    private var slots = [Int32](repeating: -1, count: 256)

    var count: Int { texts.count }

    func text(_ number: Int) -> String { texts[number] }

    /// The number of a text, a new one for a new text.
    ///
    /// Bytes that are no UTF-8 are kept apart from others, and read with a replacement character.
    mutating func number(_ text: UnsafeRawBufferPointer) -> Int {
        let hash = text.quickHash
        var slot = Int(truncatingIfNeeded: hash & UInt64(slots.count - 1))
        while slots[slot] >= 0 {
            let number = Int(slots[slot])
            if hashes[number] == hash, isSame(number, text) { return number }
            slot = (slot + 1) & (slots.count - 1)
        }
        let number = texts.count
        slots[slot] = Int32(number)
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
        hashes.append(hash)
        texts.append(String(decoding: text, as: UTF8.self))
        if texts.count * 2 > slots.count { grow() }
        return number
    }

    mutating func number(_ text: String) -> Int {
        var text = text
        return text.withUTF8 { number(UnsafeRawBufferPointer($0)) }
    }

    private func isSame(_ number: Int, _ text: UnsafeRawBufferPointer) -> Bool {
        let start = number == 0 ? 0 : ends[number - 1]
        guard ends[number] - start == text.count else { return false }
        return bytes.withUnsafeBytes { $0[start..<start + text.count].elementsEqual(text) }
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        for (number, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash & UInt64(slots.count - 1))
            while slots[slot] >= 0 { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = Int32(number)
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Sixty-four bits of these bytes: a change within any eight of them changes it.
    ///
    /// Not for secrets, nor against somebody who means to deceive.
    var quickHash: UInt64 {
        var hash = UInt64(count) &* 0x9E37_79B9_7F4A_7C15
        var place = 0
        while place + 8 <= count {
            hash = (hash ^ loadUnaligned(fromByteOffset: place, as: UInt64.self)) &* 0xFF51_AFD7_ED55_8CCD
            hash ^= hash >> 32
            place += 8
        }
        while place < count {
            hash = (hash ^ UInt64(self[place])) &* 0x100_0000_01B3
            place += 1
        }
        return hash ^ (hash >> 29)
    }
}
