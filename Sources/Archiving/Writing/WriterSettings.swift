// SPDX-License-Identifier: Apache-2.0
import Glibc

/// How a point is written.
package struct WriterSettings: Sendable {
    /// Where index and deletions lie until every store has them; a private folder of this run.
    package var workFolder: String
    /// The bytes at which a part is closed, before encryption; 32 to 256 MiB.
    package var partBytes = 64 << 20
    /// Asked before each frame, wins over ``partBytes``: what serves the stores best may only show on the way.
    package var advisedPartBytes: (@Sendable () -> Int)?
    /// The most raw bytes of a frame; members larger than this span frames.
    package var frameBytes = 8 << 20
    /// libzstd's level.
    package var compressionLevel = 3
    /// How many threads compress.
    package var workers = max(1, min(16, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    /// How many findings are kept with path and words; beyond that they are only counted.
    package var findingLimit = 1000

    package init(workFolder: String) {
        self.workFolder = workFolder
    }
}

/// A path that could not be kept as it was.
package struct Finding: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It could not be read, or not to its end.
        case unreadable
        /// It was listed and then gone.
        case vanished
        /// It changed while it was read.
        case changed
    }

    package let kind: Kind
    package let path: [UInt8]
    /// The system's words.
    package let detail: String

    package init(kind: Kind, path: [UInt8], detail: String) {
        self.kind = kind
        self.path = path
        self.detail = detail
    }
}

/// A point that was written and whose parts the sink has.
package struct WrittenPoint: Hashable, Sendable {
    package var parts: [PartSummary]
    /// `index.zst.age`, to be sent to every store.
    package var index: SealedFile
    /// `deleted.zst.age`; `nil` when nothing was deleted.
    package var deleted: SealedFile?
    package var counts: PointCounts
    package var outcome: Manifest.Outcome
    /// At most as many as the settings allow, in the order they were met.
    package var findings: [Finding]
    package var begunAt: ArchiveTime
    package var endedAt: ArchiveTime
}

/// How far a run is; given now and then from the thread that writes.
package struct PointProgress: Hashable, Sendable {
    /// Paths met so far.
    package var paths = 0
    package var bytesRead = 0
    package var bytesStored = 0
    package var parts = 0
}
