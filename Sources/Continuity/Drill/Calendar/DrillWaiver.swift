// SPDX-License-Identifier: Apache-2.0

/// A named person's word that a drill need not be held until a day; a later one of the same id replaces it.
package struct DrillWaiver: Hashable, Sendable, Codable {
    package var id: String
    package var scenario: String
    package var person: String
    package var reason: String
    package var madeAt: Moment
    package var until: Moment
    package var revokedAt: Moment?
    /// SSHSIG in namespace `lifeboat-approval` over ``statement``; `nil` when unsigned.
    package var signature: String?

    package init(
        id: String, scenario: String, person: String, reason: String, madeAt: Moment, until: Moment,
        revokedAt: Moment? = nil, signature: String? = nil
    ) {
        self.id = id
        self.scenario = scenario
        self.person = person
        self.reason = reason
        self.madeAt = madeAt
        self.until = until
        self.revokedAt = revokedAt
        self.signature = signature
    }

    /// What a signature binds.
    package var statement: [UInt8] {
        let lines = ["lifeboat-drill-waiver", id, scenario, person, "\(madeAt)", "\(until)", reason]
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }

    /// As the calendar says it.
    var text: String {
        "\(person) until \(until): \(reason)\(signature == nil ? " (unsigned)" : "")"
    }
}
