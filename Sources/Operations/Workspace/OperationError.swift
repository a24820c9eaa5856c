// SPDX-License-Identifier: Apache-2.0

/// Why an operation could not do what was asked.
package struct OperationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides on an exit status.
    package enum Code: Hashable, Sendable {
        case noWorkspace
        case noSuchFile
        case ambiguous
        /// A plan, scenario or answers file with problems that were listed.
        case badInput
        /// A name on the command line that the plan does not know.
        case unknownName
        /// A gate or guard said no; nothing was changed.
        case refused
        /// No site could be reached that could have done it.
        case unreachable
        /// The bytes are not what they should be.
        case damaged
        case permissionDenied
        case ioFailed
        case cancelled
        case failed
    }

    package let code: Code
    package let detail: String
    package let hint: String?

    package init(_ code: Code, _ detail: String, hint: String? = nil) {
        self.code = code
        self.detail = detail
        self.hint = hint
    }

    package var description: String { detail }
}
