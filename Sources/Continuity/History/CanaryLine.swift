// SPDX-License-Identifier: Apache-2.0

/// One line of a canary file: `<sequence> <written at> <nonce>`, such as
/// `17 2026-11-22T03:15:00.000000000Z 9f2c41d07ab35e66`.
///
/// The nonce is random, so that a line cannot be made up afterwards from what the ledger says in clear; the
/// ledger keeps the SHA-256 of the line.
package struct CanaryLine: Hashable, Sendable {
    package var sequence: Int
    package var writtenAt: Moment
    package var nonce: String

    package init(sequence: Int, writtenAt: Moment, nonce: String) {
        self.sequence = sequence
        self.writtenAt = writtenAt
        self.nonce = nonce
    }

    /// The line without its end.
    package var text: String {
        "\(sequence) \(writtenAt) \(nonce)"
    }

    /// Reads one line; `nil` when it is torn or was never a canary's.
    package init?(_ text: some StringProtocol) {
        let fields = text.split(separator: " ", omittingEmptySubsequences: false)
        guard fields.count == 3, let sequence = Int(fields[0]), sequence > 0, String(sequence) == fields[0],
            let moment = Moment(String(fields[1])), fields[2].count == 16,
            fields[2].allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else { return nil }
        self.init(sequence: sequence, writtenAt: moment, nonce: String(fields[2]))
    }
}
