// SPDX-License-Identifier: Apache-2.0

/// How much an upload may keep, and how long it bears with a store.
package struct UploadSettings: Hashable, Sendable {
    /// Bytes of encrypted parts kept in memory, until every store has proven its part.
    package var memoryLimit = 128 << 20
    /// Bytes of encrypted parts kept on disk for stores that lag; at this bound the slowest leaves the run.
    package var spoolLimit = 2 << 30
    /// How far the source may be ahead of the fastest store before reading waits.
    ///
    /// Enough to keep four sessions busy with parts of 16 MiB.
    package var window = 64 << 20
    /// Sessions to each store; `nil` = by its round trip.
    package var sessions: Int?
    /// How often a store is reconnected, with doubling pauses, before it leaves the run.
    package var retries = 4
    /// The first of those pauses.
    package var pause: Duration = .seconds(1)

    package init() {}

    static let mostSessions = 4

    /// How many sessions make up for a round trip.
    ///
    /// The window of OpenSSH's server lets one session move 2 MiB a round trip, about 30 MB/s at 50 ms in practice; a
    /// second one on a short way uses the time in which the first waits for the disk.
    static func sessions(for roundTrip: Duration) -> Int {
        roundTrip < .milliseconds(15) ? 2 : mostSessions
    }
}

/// How one store fared in an upload.
package struct UploadResult: Sendable {
    package let store: String
    /// The parts that are proven there, by number; complete unless there is an ``error``.
    package let parts: [Int: StoredFile]
    /// Bytes that were sent, broken attempts included.
    package let bytesSent: Int
    /// From the first connection to the last proof.
    package let elapsed: Duration
    package let sessions: Int
    package let roundTrip: Duration?
    /// How often its connection was lost and made again.
    package let reconnects: Int
    /// Why it left the run; it is to be caught up from another store.
    package let error: (any Error)?

    package var isComplete: Bool { error == nil }

    /// The rate while it lasted, in bytes a second; `nil` when nothing was measured.
    package var bytesPerSecond: Double? {
        let seconds = elapsed / .seconds(1)
        return bytesSent > 0 && seconds > 0 ? Double(bytesSent) / seconds : nil
    }
}
