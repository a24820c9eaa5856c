// SPDX-License-Identifier: Apache-2.0

/// How well something was performed, by HSEEP's letters.
package enum PerformanceRating: String, Hashable, Sendable, Codable, CaseIterable {
    /// Performed without challenges.
    case performed = "P"
    /// Performed with some challenges.
    case someChallenges = "S"
    /// Performed with major challenges.
    case majorChallenges = "M"
    case unable = "U"
}

/// What an evaluator saw in a drill run; a later one of the same person and objective replaces it.
package struct DrillObservation: Hashable, Sendable, Codable {
    package var run: String
    /// An objective of the scenario, or `SERVICE/recovery_time`, `SERVICE/data_loss`.
    package var objective: String
    package var rating: PerformanceRating
    package var text: String
    package var person: String
    /// The role of the scenario in which the person watched.
    package var role: String
    package var madeAt: Moment
    /// By how much it came after the scenario's `observations.deadline`; `nil` when in time.
    package var lateSeconds: Double?
    /// SSHSIG in namespace `lifeboat-approval` over ``statement``; `nil` when unsigned.
    package var signature: String?

    package init(
        run: String, objective: String, rating: PerformanceRating, text: String, person: String,
        role: String, madeAt: Moment, lateSeconds: Double? = nil, signature: String? = nil
    ) {
        self.run = run
        self.objective = objective
        self.rating = rating
        self.text = text
        self.person = person
        self.role = role
        self.madeAt = madeAt
        self.lateSeconds = lateSeconds
        self.signature = signature
    }

    /// What can be rated of a service, in the order of the report.
    package static func keys(of service: String) -> [String] {
        ["\(service)/recovery_time", "\(service)/data_loss"]
    }

    /// What a signature binds.
    package var statement: [UInt8] {
        let lines = [
            "lifeboat-drill-observation", run, objective, rating.rawValue, person, role, "\(madeAt)", text,
        ]
        return Array(lines.map { $0 + "\n" }.joined().utf8)
    }
}
