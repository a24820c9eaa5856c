// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation

/// A UUID that is always the same for the same name: of version 8 (RFC 9562), with bits of our own making.
enum NamedUUID {
    /// Two FNV-1a sums of 64 bits; they tell names apart and prove nothing.
    static func text(_ name: String) -> String {
        let high = sum(name, basis: 0xcbf2_9ce4_8422_2325)
        let low = sum(name, basis: 0x9e37_79b9_7f4a_7c15)
        let hex =
            padded((high & 0xffff_ffff_ffff_0fff) | 0x8000) + padded((low & 0x3fff_ffff_ffff_ffff) | 1 << 63)
        let cuts = [8, 4, 4, 4, 12]
        var rest = Substring(hex)
        return cuts.map { length -> String in
            defer { rest = rest.dropFirst(length) }
            return String(rest.prefix(length))
        }.joined(separator: "-")
    }

    private static func sum(_ name: String, basis: UInt64) -> UInt64 {
        name.utf8.reduce(basis) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func padded(_ value: UInt64) -> String {
        let hex = String(value, radix: 16)
        return String(repeating: "0", count: 16 - hex.count) + hex
    }
}
