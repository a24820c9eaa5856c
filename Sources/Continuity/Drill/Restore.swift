// SPDX-License-Identifier: Apache-2.0

/// Brings a dataset's point back from a store into an empty folder at a host.
package struct Restore: Hashable, Sendable {
    package enum Instant: Hashable, Sendable {
        case newest
        /// The newest point that was complete when the mark was set.
        case mark(String)
        case moment(Moment)
    }

    package var dataset: String
    /// A store, or a site whose stores may be used; `nil` leaves the choice to the restore.
    package var from: String?
    package var at: Instant
    package var host: String
    package var path: String
    /// Only chooses the point, and restores nothing.
    package var planOnly: Bool

    package init(
        dataset: String, from: String? = nil, at: Instant = .newest, host: String, path: String,
        planOnly: Bool = false
    ) {
        self.dataset = dataset
        self.from = from
        self.at = at
        self.host = host
        self.path = path
        self.planOnly = planOnly
    }
}
