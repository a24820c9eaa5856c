// SPDX-License-Identifier: Apache-2.0

/// Why a file, or one record of it, was not taken.
package struct ImportFault: Error, Hashable, Sendable, CustomStringConvertible {
    /// From 1; 0 when the whole file is meant.
    package var line: Int
    package var reason: String

    package init(line: Int, _ reason: String) {
        self.line = line
        self.reason = reason
    }

    package var description: String { line > 0 ? "line \(line): \(reason)" : reason }
}
