// SPDX-License-Identifier: Apache-2.0

/// Brings a dataset's point back from a store into an empty folder at a host.
package struct Restore: Hashable, Sendable {
    package enum Instant: Hashable, Sendable {
        case newest
        /// The newest point that was complete when the mark was set.
        case mark(String)
        case moment(Moment)
    }

    /// The question that a restored point must pass before it counts, and how far back one may go for it.
    package struct Acceptance: Hashable, Sendable {
        package enum Question: Hashable, Sendable {
            case run([String])
            case script(path: String, arguments: [String])
        }

        /// Asked at the host, with the restored folder as its last argument.
        package var question: Question
        /// How many points are tried, the newest first.
        package var points: Int

        package init(question: Question, points: Int) {
            self.question = question
            self.points = points
        }
    }

    package var dataset: String
    /// A store, or a site whose stores may be used; `nil` leaves the choice to the restore.
    package var from: String?
    package var at: Instant
    package var host: String
    package var path: String
    /// Only chooses the point, and restores nothing.
    package var planOnly: Bool
    /// `nil` takes the newest point as it is.
    package var acceptance: Acceptance?

    package init(
        dataset: String, from: String? = nil, at: Instant = .newest, host: String, path: String,
        planOnly: Bool = false, acceptance: Acceptance? = nil
    ) {
        self.dataset = dataset
        self.from = from
        self.at = at
        self.host = host
        self.path = path
        self.planOnly = planOnly
        self.acceptance = acceptance
    }
}
