// SPDX-License-Identifier: Apache-2.0

/// A statement for a host's own `psql`.
package struct SQLQuery: Hashable, Sendable {
    package var host: String
    package var query: String
    /// The account that runs psql; `nil` is the one that the host is entered with.
    package var account: String?
    /// As psql takes it: a name or a connection string, without a password.
    package var database: String?
    /// The secret that holds the password; psql reads it from a file of its own.
    package var password: String?
    /// psql variables, for `:'name'` in the statement; values are never pasted into it.
    package var variables: [String: String]
    /// The one row that must come back.
    package var expectedRow: [String]?

    /// Why a password is not for another account.
    package static let passwordRule = "the account that psql runs as could not read the password's file"

    package init(
        host: String, query: String, account: String? = nil, database: String? = nil,
        password: String? = nil, variables: [String: String] = [:], expectedRow: [String]? = nil
    ) {
        self.host = host
        self.query = query
        self.account = account
        self.database = database
        self.password = password
        self.variables = variables
        self.expectedRow = expectedRow
    }
}

/// A script text that a shell reads, with its values as `$1`, `$2` and so on.
package struct ShellText: Hashable, Sendable {
    package var text: String
    package var arguments: [String]

    package init(_ text: String, arguments: [String] = []) {
        self.text = text
        self.arguments = arguments
    }
}

/// Steps of which all, or one, must pass.
package struct Group: Hashable, Sendable {
    package enum Need: String, Hashable, Sendable, CaseIterable {
        case all
        case any
    }

    package enum Order: String, Hashable, Sendable, CaseIterable {
        case together
        case inTurn = "in_turn"
    }

    /// The ids of its steps, which stand before it.
    package var members: [String]
    package var need: Need
    /// The file whose steps these are, for a `call`.
    package var file: String?

    package init(members: [String], need: Need, file: String? = nil) {
        self.members = members
        self.need = need
        self.file = file
    }
}
