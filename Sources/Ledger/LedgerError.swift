// SPDX-License-Identifier: Apache-2.0
import GRDB

/// Why the ledger could not be read or written.
package struct LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, for code that decides what to do next.
    package enum Code: Hashable, Sendable {
        /// The file is no ledger, or its pages are broken.
        case damaged
        /// Another process holds it for longer than anyone should.
        case busy
        case diskFull
        case permissionDenied
        /// A later version of the program wrote it.
        case newer
        case unavailable
    }

    package let code: Code
    package let path: String
    /// SQLite's own words, or ours.
    package let detail: String
    package let hint: String?

    package init(code: Code, path: String, detail: String, hint: String? = nil) {
        self.code = code
        self.path = path
        self.detail = detail
        self.hint = hint
    }

    package var description: String {
        "ledger \(path): \(detail)"
    }

    init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            self.init(
                code: .damaged, path: path, detail: detail,
                hint: "keep the file, and rebuild from the newest image with 'lifeboat ledger rebuild'")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                code: .busy, path: path, detail: detail, hint: "is another lifeboat stopped in the middle?")
        case .SQLITE_FULL:
            self.init(code: .diskFull, path: path, detail: detail, hint: "free some space and run it again")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(
                code: .permissionDenied, path: path, detail: detail, hint: "does the file belong to you?")
        default:
            self.init(code: .unavailable, path: path, detail: detail)
        }
    }
}
