// SPDX-License-Identifier: Apache-2.0

/// Sizes as people read them: powers of 1024, two or three leading digits.
package enum ByteText {
    private static let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]

    /// Such as `0 B`, `1.5 KiB`, `37 MiB`, `8.0 EiB`.
    package static func of(_ bytes: Int) -> String {
        guard bytes >= 1_024 else { return "\(bytes) B" }
        var value = Double(bytes)
        var unit = 0
        while value >= 1_023.5, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        guard value < 9.95 else { return "\(Int(value.rounded())) \(units[unit])" }
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
