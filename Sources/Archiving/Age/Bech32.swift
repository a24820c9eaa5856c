// SPDX-License-Identifier: Apache-2.0

/// The text form of age's keys: a prefix, `1`, five-bit digits, and a checksum that catches typing errors.
///
/// BIP 173 without its limit of 90 characters, as age has it.
enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let checksumLength = 6

    /// The lower-case text of some bytes under a lower-case prefix.
    static func text(of bytes: [UInt8], prefix: String) -> String {
        var digits = regroup(bytes, from: 8, to: 5, pads: true) ?? []
        let sum = checksum(of: expanded(prefix) + digits + [UInt8](repeating: 0, count: checksumLength)) ^ 1
        digits += (0..<checksumLength).map { UInt8(truncatingIfNeeded: sum >> UInt32(5 * (5 - $0)) & 31) }
        return prefix + "1" + String(decoding: digits.map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// The bytes of a lower-case text under this prefix; fails at a wrong prefix, digit or checksum.
    static func bytes(of text: String, prefix: String) -> [UInt8]? {
        let head = prefix + "1"
        guard text.hasPrefix(head) else { return nil }
        var digits: [UInt8] = []
        for character in text.utf8.dropFirst(head.utf8.count) {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            digits.append(UInt8(value))
        }
        guard digits.count >= checksumLength, checksum(of: expanded(prefix) + digits) == 1 else { return nil }
        return regroup(Array(digits.dropLast(checksumLength)), from: 5, to: 8, pads: false)
    }

    private static func expanded(_ prefix: String) -> [UInt8] {
        prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 }
    }

    private static func checksum(of digits: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        return digits.reduce(1) { sum, digit in
            let top = sum >> 25
            var next = (sum & 0x1ff_ffff) << 5 ^ UInt32(digit)
            for bit in 0..<5 where top >> UInt32(bit) & 1 == 1 { next ^= generator[bit] }
            return next
        }
    }

    /// Cuts the same bits into groups of another width; bits left over must be zero and fewer than a group.
    private static func regroup(_ values: [UInt8], from: Int, to: Int, pads: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        var word: UInt32 = 0
        var bits = 0
        for value in values {
            word = (word << UInt32(from) | UInt32(value)) & 0xffff
            bits += from
            while bits >= to {
                bits -= to
                result.append(UInt8(truncatingIfNeeded: word >> UInt32(bits) & (1 << UInt32(to) - 1)))
            }
        }
        let rest = word & (1 << UInt32(bits) - 1)
        if pads {
            if bits > 0 { result.append(UInt8(truncatingIfNeeded: rest << UInt32(to - bits))) }
        } else if bits >= from || rest != 0 {
            return nil
        }
        return result
    }
}
