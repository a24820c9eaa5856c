// SPDX-License-Identifier: Apache-2.0

/// Names of extended attributes as pax headers have them.
///
/// A header is `keyword=value`, so GNU tar writes `=` in a name as `%3D` and `%` as `%25`; libarchive writes every byte
/// so that is not a visible letter of ASCII. Neither ever leaves a `%` that is not the begin of such a code
/// (Decisions/0043).
enum AttributeNames {
    /// The name from a header; whatever is no code stays.
    static func decoded(_ text: [UInt8]) -> [UInt8] {
        guard text.contains(UInt8(ascii: "%")) else { return text }
        var name: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ isHexDigit($0) }),
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                name.append(code)
                rest = rest.dropFirst(2)
            } else {
                name.append(byte)
            }
        }
        return name
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }
}
