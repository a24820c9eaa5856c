// SPDX-License-Identifier: Apache-2.0

/// How the program ends: one table for all commands (product.md).
///
/// The numbers never change.
enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case warnings = 1
    case partial = 2
    case failed = 3
    case refused = 4
    case unproven = 5
    case usage = 64
    case badInput = 65
    case unreachable = 69
    case ioFailed = 74
    case permissionDenied = 77
    case interrupted = 130

    var meaning: String {
        switch self {
        case .success: "as asked"
        case .warnings: "done with warnings, changed files, or a store still to be caught up"
        case .partial: "partial, missed or violated"
        case .failed: "failed"
        case .refused: "refused by a gate or guard"
        case .unproven: "unproven, or leftovers"
        case .usage: "usage"
        case .badInput: "a bad input file"
        case .unreachable: "a site unreachable"
        case .ioFailed: "input or output failed"
        case .permissionDenied: "permission denied"
        case .interrupted: "interrupted"
        }
    }

    /// The one that counts when there are several findings: the first of 130, 3, 4, 2, 5, 1.
    static func worst(of statuses: some Sequence<ExitStatus>) -> ExitStatus {
        let all = Set(statuses)
        let order: [ExitStatus] = [.interrupted, .failed, .refused, .partial, .unproven, .warnings]
        return order.first(where: all.contains)
            ?? all.filter { $0 != .success }.min { $0.rawValue < $1.rawValue } ?? .success
    }

    /// The table as `--help` shows it.
    static var table: String {
        "EXIT STATUS:\n"
            + allCases.map { status in
                let number = String(status.rawValue)
                return "  " + number + String(repeating: " ", count: 6 - number.count) + status.meaning
            }.joined(separator: "\n")
    }
}
