// SPDX-License-Identifier: Apache-2.0

/// How a program on another host ended.
package enum ExitStatus: Hashable, Sendable {
    case exited(Int)
    /// Killed by a signal, named without `SIG`.
    case signalled(String)

    package var isSuccess: Bool { self == .exited(0) }
}

extension ExitStatus: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let name): "killed by SIG\(name)"
        }
    }
}

/// What a program left behind.
package struct Captured: Hashable, Sendable {
    package let status: ExitStatus
    package let output: [UInt8]
    package let error: [UInt8]

    package init(status: ExitStatus, output: [UInt8], error: [UInt8]) {
        self.status = status
        self.output = output
        self.error = error
    }

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: error, as: UTF8.self) }
}
