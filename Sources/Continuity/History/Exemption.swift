// SPDX-License-Identifier: Apache-2.0

/// A named person's decision that something is not asked here, or not for now.
package struct Exemption: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        /// A criterion is not met and that is accepted until the exemption ends.
        case waiver
        /// A dimension does not apply; it is left out of its table's minimum and listed.
        case outOfScope = "out_of_scope"
    }

    package var id: String
    package var kind: Kind
    /// A criterion for a waiver, a dimension for what is out of scope.
    package var subject: String
    package var reason: String
    package var person: String
    package var role: String
    package var madeAt: Moment
    package var expiresAt: Moment
    package var revokedAt: Moment?

    package init(
        id: String, kind: Kind, subject: String, reason: String, person: String, role: String,
        madeAt: Moment, expiresAt: Moment, revokedAt: Moment? = nil
    ) {
        self.id = id
        self.kind = kind
        self.subject = subject
        self.reason = reason
        self.person = person
        self.role = role
        self.madeAt = madeAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
    }
}
