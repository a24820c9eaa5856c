// SPDX-License-Identifier: Apache-2.0

/// Proof that the recovered data are the right ones.
package enum Verification: Hashable, Sendable {
    case tree(TreeCheck)
    case canary(CanaryCheck)
    case writes(WriteCheck)

    /// Every file at the host against the point's index.
    package struct TreeCheck: Hashable, Sendable {
        package var host: String
        package var path: String
        package var against: Against
        package var spoils: [Spoil]

        package init(host: String, path: String, against: Against, spoils: [Spoil]) {
            self.host = host
            self.path = path
            self.against = against
            self.spoils = spoils
        }
    }

    /// Which point a tree should be.
    package enum Against: Hashable, Sendable {
        /// The point that a restore step brought back.
        case step(String)
        /// A point by name, as a text to be filled.
        case point(String)
    }

    /// A way to spoil a copy, on which the check must go red.
    package enum Spoil: Hashable, Sendable {
        case flipByte(Int)
        case dropFile(Int)

        package var text: String {
            switch self {
            case .flipByte(let count): "flip_byte: \(count)"
            case .dropFile(let count): "drop_file: \(count)"
            }
        }
    }

    /// The canary's file against the acknowledged records.
    package struct CanaryCheck: Hashable, Sendable {
        package var canary: String
        package var host: String
        package var path: String
        package var allowsHoles: Bool

        package init(canary: String, host: String, path: String, allowsHoles: Bool) {
            self.canary = canary
            self.host = host
            self.path = path
            self.allowsHoles = allowsHoles
        }
    }

    /// The writes that a probe made and was answered, against the rows that the recovered service holds.
    package struct WriteCheck: Hashable, Sendable {
        /// A `sql` probe whose statement writes `:number`.
        package var probe: String
        /// Gives one number a row.
        package var query: SQLQuery
        package var allowsHoles: Bool

        package init(probe: String, query: SQLQuery, allowsHoles: Bool) {
            self.probe = probe
            self.query = query
            self.allowsHoles = allowsHoles
        }
    }
}
